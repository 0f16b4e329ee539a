"""The digital p-bit: a table in place of tanh, a shift register in place of noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pbit.hardware.group import ParameterGroup
from pbit.hardware.input import WIDEST_BITS
from pbit.hardware.ranges import ranged

LFSR_TAPS = {8: (8, 6, 5, 4), 16: (16, 15, 13, 4), 24: (24, 23, 22, 17), 32: (32, 22, 2, 1)}
REGISTERS_NEED = "lfsr_bits needs lut_bits and dynamics 'heat-bath'"


@dataclass(frozen=True, kw_only=True)
class Digital(ParameterGroup):
    """Table and random numbers of a digital p-bit.

    Parameters
    ----------
    lut_bits : int, optional; lut_range : float
        The digital p-bit: tanh from a table of ``2**bits`` inputs (8 bits, range 16: s4.3).
    lfsr_bits : int, optional
        8, 16, 24 or 32: compared with a linear-feedback shift register of the p-bit's own, and the
        table rounded to as many bits, in place of a good random number.
    lfsr_shifts : int
        Shifts between two decisions of a p-bit.
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

    def _contradictions(self) -> Iterator[str]:
        if self.lfsr_bits is not None and self.lut_bits is None:
            yield REGISTERS_NEED
        if self.lfsr_bits is not None and self.lfsr_bits not in LFSR_TAPS:
            known = ", ".join(map(str, LFSR_TAPS))
            yield f"lfsr_bits must be one of {known}, got {self.lfsr_bits}"
