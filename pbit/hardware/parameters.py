"""pbit.Hardware: everything in which a chip differs from the ideal network, by name."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pbit.hardware.chip_format import KNOWN
from pbit.hardware.contradictions import contradictions_between_groups
from pbit.hardware.correction import Correction, check_correction
from pbit.hardware.crossbar_weights import CrossbarWeights, check_crossbar
from pbit.hardware.departures import departures
from pbit.hardware.digital import Digital
from pbit.hardware.dynamics import DEFAULT_TAU_S, TIMES, Dynamics
from pbit.hardware.fabrication import Fabrication
from pbit.hardware.group import ParameterGroup, with_parameters_of_bases
from pbit.hardware.imperfections import Imperfections
from pbit.hardware.input import Input
from pbit.hardware.pbit_table import PBitTable, check_table
from pbit.hardware.prices import PRICES, Prices, check_prices
from pbit.hardware.ranges import Range
from pbit.hardware.synapses import Synapses
from pbit.hardware.transfer_curve import TransferCurve, never_below_zero
from pbit.hardware.weights import Weights


# The order of the parameters is that of the groups from the last to the first.
@with_parameters_of_bases
@dataclass(frozen=True, kw_only=True)
class Hardware(
    Digital, TransferCurve, Input, Weights, Synapses, Imperfections, Dynamics, Fabrication
):
    r"""A chip of p-bits: how it is clocked, how its p-bits and synapses differ from ideal ones.

    A p-bit's input is ``x_i = g_i Q(beta (sum_j J_ij s_j + h_i)) + o_i + noise`` with the couplings
    as programmed, the neighbours as they arrive through the synapses, Q the input's resolution; an
    ideal p-bit answers with the mean ``tanh(x_i)``. Times are in seconds. A sweep of a schedule
    lasts ``tau_s``. Which p-bit got what is drawn from ``seed``, the chip's own: the same chip
    runs every problem and every read, p-bit k is the same whatever the number of spins.

    Its parameters are those of its groups, each of which may be used without a chip.

    Parameters
    ----------
    prices : Prices
        Joules an operation, an assumption.
    correction : Correction, optional
        What :func:`pbit.calibrate` measured.
    table : PBitTable, optional
        Gain, offset, time constant of each p-bit as measured, in place of what would be drawn.
    crossbar : CrossbarWeights, optional
        The couplings, as ``weight_bits`` leave them, sit in an array of synapses.

    Raises
    ------
    TypeError, ValueError
        A value out of its range, parameters that exclude each other.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017), eqs. 1-2; Camsari, Sutton,
    Datta, Appl. Phys. Rev. 6, 011305 (2019), eqs. 1-4; Yang et al. (2026), eqs. 4-5.

    Examples
    --------
    >>> import pbit
    >>> chip = Hardware(tau_s=2e-9, delay_s=0.2e-9, gain_spread=0.1, seed=3)
    >>> chain = pbit.IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> reads = pbit.anneal(chain, pbit.Schedule([1.0] * 20), num_reads=100, hardware=chip, seed=1)
    >>> reads.info["hardware"]["seconds_per_read"]
    4e-08
    """

    prices: Prices = field(default=PRICES["z1-spice"], metadata={"check": check_prices})
    correction: Correction | None = field(default=None, metadata={"check": check_correction})

    table: PBitTable | None = field(default=None, metadata={"check": check_table})
    crossbar: CrossbarWeights | None = field(default=None, metadata={"check": check_crossbar})

    def __post_init__(self) -> None:
        super().__post_init__()
        if never_below_zero(self.transfer):
            warnings.warn(
                "transfer has means that are never below 0, so that these p-bits never favour -1; "
                "of probabilities P give 2 P - 1, or a transfer_file with a column P",
                stacklevel=3,
            )

    def _contradictions(self) -> Iterator[str]:
        for group in GROUPS:
            yield from group._contradictions(self)
        yield from contradictions_between_groups(self)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Hardware:
        """The chip in a TOML file, as ``pbit chip`` writes and describes it.

        Raises
        ------
        TypeError
            No name of a file.
        ValueError
            The file does not describe a chip: line, key, what was expected.
        OSError
            It cannot be read.
        """
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"path must be the name of a chip file, got {path!r:.60}")
        known = KNOWN.find("toml")
        assert known is not None  # it is a file of the package
        chip: Hardware = known.read(Path(path))
        return chip

    def with_values(self, **values: Any) -> Hardware:
        """A chip with some parameters changed; checked anew.

        Of ``tau_s``, ``correlation_time_s`` and ``dwell_time_s`` the one stays that was given.
        """
        if any(values.get(name) is not None for name in TIMES):
            values = {"correlation_time_s": None, "dwell_time_s": None, **values}
        if any(values.get(name, getattr(self, name)) is not None for name in TIMES[1:]):
            values.setdefault("tau_s", DEFAULT_TAU_S)
        return replace(self, **values)

    def departures(self) -> list[str]:
        """In which ways a long run differs from the Boltzmann law, in words; empty: in none."""
        return list(departures(self))

    @property
    def law(self) -> str:
        """What a long run at fixed beta samples, in words."""
        found = self.departures()
        return "Boltzmann" if not found else "not Boltzmann: " + "; ".join(found)


GROUPS: tuple[type[ParameterGroup], ...] = tuple(reversed(Hardware.__bases__))


def parameter_ranges() -> dict[str, Range]:
    """Range of each parameter of :class:`Hardware` that is a number or a word."""
    return {
        each.name: each.metadata["range"] for each in fields(Hardware) if "range" in each.metadata
    }
