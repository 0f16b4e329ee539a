"""The digital p-bit: a table in place of tanh, a shift register in place of noise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

from pbit.checks import ArgumentError
from pbit.hardware.group import ParameterGroup
from pbit.hardware.input import WIDEST_BITS
from pbit.hardware.ranges import ranged

LFSR_TAPS = {8: (8, 6, 5, 4), 16: (16, 15, 13, 4), 24: (24, 23, 22, 17), 32: (32, 22, 2, 1)}
REGISTERS_NEED = "lfsr_bits needs lut_bits and dynamics 'heat-bath'"


def check_seeds(name: str, values: Any) -> tuple[int, ...]:
    """The registers as integers.

    Raises
    ------
    TypeError, ValueError
        No integers, registers that would stay at 0.
    """
    rule = f"{name} must be whole numbers, one a p-bit"
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{rule}, got {values!r:.60}")
    seeds = tuple(values)
    for seed in seeds:
        if not isinstance(seed, Integral) or isinstance(seed, bool):
            raise TypeError(f"{rule}, got {seed!r:.60}")
        if not 0 < int(seed) < 2**32:
            raise ArgumentError(
                name, "must be from 1 to 2**32 - 1", seed, remedy="a register of 0 stays 0"
            )
    return tuple(map(int, seeds))


@dataclass(frozen=True, kw_only=True)
class Digital(ParameterGroup):
    """Table and random numbers of a digital p-bit.

    Parameters
    ----------
    lut_bits : int, optional; lut_range : float
        The digital p-bit: tanh from a table of ``2**bits`` inputs (8 bits, range 16: s4.3).
    lfsr_bits : int, optional
        8, 16, 24 or 32: compared with a linear-feedback shift register of the p-bit's own, and the
        table rounded to as many bits, in place of a good random number: entry k, of the input
        ``(k / 2**(lut_bits - 1) - 1) range``, is ``floor(2**lfsr_bits (1 + tanh) / 2 + 1/2)``,
        ``2**lfsr_bits - 1`` at most, and the answer is +1 where the register is below it.
    lfsr_shifts : int
        Shifts between two decisions of a p-bit: before each, the register, of taps
        :data:`LFSR_TAPS` counted from 1, moves up by one bit, the parity of its taps coming in.
    lfsr_seeds : sequence of int
        Registers of p-bits 0 to n - 1 at the start of every read, as a bitstream sets them, for
        comparison with a trace of RTL; not given: drawn from the run's seed and the read.
    """

    lut_bits: int | None = ranged(
        None,
        "tanh from a table of 2^bits inputs, a digital p-bit. Not given: exact.",
        low=1,
        high=WIDEST_BITS,
        whole=True,
        optional=True,
    )
    lut_range: float = ranged(16.0, "Its range, -range to range.", low=0.0, open_low=True, high=1e6)
    lfsr_bits: int | None = ranged(
        None,
        "Random numbers from a shift register: 8, 16, 24 or 32. Not given: good ones.",
        low=8,
        high=32,
        whole=True,
        optional=True,
    )
    lfsr_shifts: int = ranged(
        1, "Shifts between two decisions of a p-bit.", low=1, high=64, whole=True
    )

    lfsr_seeds: tuple[int, ...] = field(
        default=(),
        metadata={
            "check": check_seeds,
            "meaning": "One a p-bit: registers at the start of a read. Not given: drawn.",
        },
    )

    def _contradictions(self) -> Iterator[str]:
        if self.lfsr_bits is not None and self.lut_bits is None:
            yield REGISTERS_NEED
        if self.lfsr_bits is not None and self.lfsr_bits not in LFSR_TAPS:
            known = ", ".join(map(str, LFSR_TAPS))
            yield f"lfsr_bits must be one of {known}, got {self.lfsr_bits}"
        if self.lfsr_seeds and self.lfsr_bits is None:
            yield "lfsr_seeds needs lfsr_bits"
        most = 2 ** (self.lfsr_bits or 32) - 1
        if max(self.lfsr_seeds, default=1) > most:
            yield (
                f"lfsr_seeds must be <= {most}, what {self.lfsr_bits} bits hold, got "
                f"{max(self.lfsr_seeds)}"
            )
