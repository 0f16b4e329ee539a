"""The digital p-bit as a bitstream has it: registers, table and truncation in integers, bit by bit.

The reference knows integers alone: couplings of whole numbers, a right shift for the temperature, a
table in memory, Fibonacci registers that begin where the bitstream puts them.
"""

import numpy as np
import pytest

from pbit import Hardware, IsingModel, Schedule, anneal
from pbit.hardware.files.template import write_chip
from pbit.hardware.files.toml import read_chip

TAPS = (8, 6, 5, 4)  # x^8 + x^6 + x^5 + x^4 + 1
N, SWEEPS, SHIFTS = 7, 40, 3
J, H = [5, -3, 7, 2, -6, 4], [1, -2, 0, 3, 2, -1, 0]
SEEDS = (1, 0xFF, 0x2A, 0x80, 0x13, 0xC4, 0x55)
START = np.array([1, -1, -1, 1, 1, -1, 1], np.int8)
# Inputs are fields / 16 in a table of 64 entries, 1/8 apart: one shift to the right.
BETA, LUT_BITS, LUT_RANGE = 1 / 16, 6, 4.0
CHIP = Hardware(
    clock="chromatic", lut_bits=LUT_BITS, lut_range=LUT_RANGE, lfsr_bits=8, lfsr_shifts=SHIFTS,
    lfsr_seeds=SEEDS, rounding="truncate",
)  # fmt: skip
MODEL = IsingModel.from_edges(range(N - 1), range(1, N), np.array(J, float), h=np.array(H, float))


def by_rtl(seeds, *, half=0):
    """Spins after every sweep; ``half`` is added before the shift to round to the nearest."""
    table = [min(int(256 * (1 + np.tanh(k / 8)) / 2 + 0.5), 255) for k in range(-32, 32)]
    registers, spins, trace = list(seeds), [int(s) for s in START], []
    for _ in range(SWEEPS):
        for i in [*range(0, N, 2), *range(1, N, 2)]:
            for _ in range(SHIFTS):
                parity = sum(registers[i] >> (tap - 1) for tap in TAPS) & 1
                registers[i] = (registers[i] << 1) & 0xFF | parity
            field = H[i]
            field += J[i - 1] * spins[i - 1] if i else 0
            field += J[i] * spins[i + 1] if i < N - 1 else 0
            address = min(max((field + half) >> 1, -32), 31) + 32
            spins[i] = 1 if registers[i] < table[address] else -1
        trace.append(list(spins))
    return trace


def by_chip(chip):
    start = np.tile(START, (2, 1))
    runs = [
        anneal(MODEL, Schedule([BETA] * k), num_reads=2, seed=k, initial_spins=start, hardware=chip)
        for k in range(1, SWEEPS + 1)
    ]  # fmt: skip
    assert all((run.spins[0] == run.spins[1]).all() for run in runs)  # each from the same seeds
    return [run.spins[0].tolist() for run in runs]


def test_traces_are_those_of_the_bitstream():
    assert by_chip(CHIP) == by_rtl(SEEDS)
    assert by_chip(CHIP.with_values(rounding="nearest")) == by_rtl(SEEDS, half=1)


def test_control_other_seeds_or_rounding_give_another_trace():
    assert by_rtl(SEEDS) != by_rtl(SEEDS, half=1)
    assert by_rtl(SEEDS) != by_rtl((2, *SEEDS[1:]))


def test_seeds_are_written_and_read(tmp_path):
    path = tmp_path / "chip.toml"
    path.write_text(write_chip(CHIP))
    assert read_chip(path) == CHIP
    path.write_text("lut_bits = 8\nlfsr_bits = 8\nlfsr_seeds = [1, 2.5]\n")
    with pytest.raises(ValueError, match=r"lfsr_seeds must be whole numbers, one a p-bit, got 2.5"):
        read_chip(path)


def test_seeds_are_numbers_one_a_pbit():
    with pytest.raises(TypeError, match="lfsr_seeds must be whole numbers"):
        Hardware(lut_bits=8, lfsr_bits=8, lfsr_seeds=7)
    few = CHIP.with_values(lfsr_seeds=SEEDS[:3])
    with pytest.raises(ValueError, match="lfsr_seeds must be of at least 7 p-bits, got 3"):
        anneal(MODEL, Schedule([1.0]), hardware=few)
