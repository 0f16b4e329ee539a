"""The random stream: reference vectors of the generator and the counter layout."""

import numpy as np
import pytest

import naive
from pbit import IsingModel, Schedule, anneal
from pbit.kernels.random import philox
from pbit.kernels.sweeps import gibbs

# Known answers of Philox4x32-10: Random123 distribution, tests/kat_vectors.
KNOWN = [
    ([0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    (
        [0xFFFFFFFF] * 4,
        [0xFFFFFFFF] * 2,
        [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD],
    ),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]


def words(counters, key):
    return gibbs.philox_words(
        np.array(counters, dtype=np.uint32), np.uint64(key[0]), np.uint64(key[1])
    )


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_known_answers(counter, key, expected):
    assert words([counter], key)[0].tolist() == expected
    assert list(naive.philox4x32(counter, key)) == expected


def test_compiled_generator_equals_the_printed_algorithm():
    rng = np.random.default_rng(1)
    counters = rng.integers(0, 2**32, (1000, 4), dtype=np.uint32)
    key = (0x12345678, 0x9ABCDEF0)
    expected = [naive.philox4x32(tuple(map(int, c)), key) for c in counters]
    assert np.array_equal(words(counters, key), np.array(expected, dtype=np.uint32))


@pytest.mark.parametrize("seed", [0, 1, 2**32 + 5, 2**64 - 1])
def test_start_states_follow_layout_1(seed):
    free = IsingModel(np.zeros(9), np.zeros((9, 9)))
    spins = anneal(free, Schedule(np.empty(0)), num_reads=20, seed=seed).spins
    expected = [naive.start_spins(9, read, seed) for read in range(20)]
    assert philox.LAYOUT == 1
    assert np.array_equal(spins, expected)


def test_counters_of_different_purpose_never_meet():
    tags = {
        naive.PURPOSE[p] << 28 | (sweep >> 32 & 0xFFF) << 16
        for p in naive.PURPOSE
        for sweep in (0, 2**32, 2**43)
    }
    assert len(tags) == 3 * len(naive.PURPOSE)


def test_stored_stream_of_layout_1():
    """Golden values: if they change, raise LAYOUT and tell the CHANGELOG."""
    model = IsingModel.from_edges(range(11), range(1, 12), np.linspace(-1, 1, 11))
    reads = anneal(model, Schedule(np.full(5, 0.7)), num_reads=3, seed=2026, order="sequential")
    numbers = [int("".join("1" if s > 0 else "0" for s in row), 2) for row in reads.spins]
    assert numbers == GOLDEN


GOLDEN = [1603, 1708, 1624]
