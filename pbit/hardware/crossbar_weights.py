"""Couplings in an array of synapses: the table ``[crossbar]`` of a chip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse

from pbit.hardware.group import ParameterGroup
from pbit.hardware.ranges import Range, ranged

if TYPE_CHECKING:
    from pbit.networks.crossbar import Crossbar, Programming


@dataclass(frozen=True, kw_only=True)
class CrossbarWeights(ParameterGroup):
    """A :class:`pbit.networks.crossbar.Crossbar` whose outputs and inputs are the p-bits.

    The largest coupling takes the whole range of conductances. There are cells where there are
    couplings, pairs of devices each; behind the others' transistors nothing flows. Which devices
    hold a coupling depends on the number of p-bits.

    Parameters
    ----------
    layout : {"differential", "balanced"}
    min_ohm, max_ohm : float
        Range of a device's resistance.
    num_steps : int
        Pulses from one end of the range to the other.
    programming : {"placed", "open-loop", "write-verify"}
    tolerance : float; max_pulses : int
        Of "write-verify" as a share of the range of conductances; of both that give pulses.
    placing_error : float
        Of "placed": standard deviation of each conductance, as a share of the range.
    conductance_d2d, window_d2d, drive_d2d, drive_c2c : float
        :class:`pbit.devices.synapses.SynapseVariation`.
    stuck_devices : float
        Share of devices stuck at either end of their range.
    segment_ohm, end_ohm : float; ir_drop : {"exact", "fast"}
        :class:`pbit.networks.crossbar.Wires`.
    """

    layout: Literal["differential", "balanced"] = ranged(
        "differential",
        "One of a pair at its lowest conductance, or both about the middle.",
        choices=("differential", "balanced"),
    )
    min_ohm: float = ranged(1e4, "Resistance of all pulses up.", low=1.0, high=1e12, unit="ohm")
    max_ohm: float = ranged(1e6, "Resistance of all pulses down.", low=1.0, high=1e15, unit="ohm")
    num_steps: int = ranged(
        1000, "Pulses from one end to the other.", low=1, high=10**6, whole=True
    )
    programming: Literal["placed", "open-loop", "write-verify"] = ranged(
        "placed",
        "Without pulses, by counted ones, or pulse by pulse with reads between.",
        choices=("placed", "open-loop", "write-verify"),
    )
    tolerance: float = ranged(
        0.01, "Of write-verify, a share of the range of conductances.", low=1e-6, high=1.0
    )
    max_pulses: int = ranged(1000, "Most pulses at one device.", low=1, high=10**6, whole=True)
    placing_error: float = ranged(
        0.0, "Of placed: standard deviation, a share of the range.", low=0.0, high=1.0
    )
    conductance_d2d: float = ranged(
        0.0, "Standard deviation of ln conductance, device to device.", low=0.0, high=1.0
    )
    window_d2d: float = ranged(0.0, "The same of the range alone.", low=0.0, high=1.0)
    drive_d2d: float = ranged(
        0.0, "Standard deviation of ln step, device to device.", low=0.0, high=1.0
    )
    drive_c2c: float = ranged(0.0, "The same from pulse to pulse.", low=0.0, high=1.0)
    stuck_devices: float = ranged(0.0, "Share of devices stuck at either end.", low=0.0, high=1.0)
    segment_ohm: float = ranged(0.0, "Of a wire from cell to cell.", low=0.0, high=1e6, unit="ohm")
    end_ohm: float = ranged(
        0.0, "Of a driver and a sense amplifier.", low=0.0, high=1e6, unit="ohm"
    )
    ir_drop: Literal["exact", "fast"] = ranged(
        "fast", "How wires are solved; exact takes up to 256 p-bits.", choices=("exact", "fast")
    )

    def _contradictions(self) -> Iterator[str]:
        if not self.max_ohm > self.min_ohm:
            yield f"max_ohm must be > min_ohm = {self.min_ohm:g}, got {self.max_ohm:g}"
        if self.placing_error > 0 and self.programming != "placed":
            yield "placing_error needs programming 'placed': pulses have errors of their own"
        if self.ir_drop == "exact" and self.segment_ohm == 0 < self.end_ohm:
            yield "end_ohm with ir_drop 'exact' needs segment_ohm > 0; use ir_drop 'fast'"

    @property
    def departures(self) -> list[str]:
        """How its weights differ from those that were wanted, in words."""
        pulsed = self.programming != "placed"
        worded = {
            f"written in steps, {self.programming}": pulsed,
            f"placed within {self.placing_error:g} of the range": self.placing_error > 0,
            "devices that differ": max(self.conductance_d2d, self.window_d2d) > 0,
            "steps that differ": pulsed and max(self.drive_d2d, self.drive_c2c) > 0,
            f"{self.stuck_devices:.3g} of the devices stuck": self.stuck_devices > 0,
            f"wires of {self.segment_ohm:g} ohm a cell": max(self.segment_ohm, self.end_ohm) > 0,
        }
        return [words for words, holds in worded.items() if holds]


def couplings_held(array: CrossbarWeights, J: sparse.csr_array, *, seed: int) -> sparse.csr_array:
    """Couplings as the array holds them, none where there were none.

    Parameters
    ----------
    array : CrossbarWeights
    J : scipy sparse array (n, n)
        Row: the p-bit that feels it.
    seed : int
        Of the fabrication.

    Returns
    -------
    scipy sparse array (n, n)
        The same places, in the unit of J.

    Raises
    ------
    ValueError
        More p-bits than ir_drop "exact" takes.
    TooLargeError
        More devices than the memory holds.

    Examples
    --------
    >>> J = sparse.csr_array(np.array([[0.0, 1.0], [-0.2, 0.0]]))
    >>> coarse = CrossbarWeights(num_steps=4, programming="open-loop")
    >>> couplings_held(coarse, J, seed=1).toarray().round(9).tolist()
    [[0.0, 1.0], [-0.25, 0.0]]
    """
    if J.nnz == 0:
        return J
    found = _crossbar(array, J, seed).weights
    rows = np.repeat(np.arange(J.shape[0]), np.diff(J.indptr))
    return sparse.csr_array((found[rows, J.indices], J.indices, J.indptr), shape=J.shape)


def _crossbar(array: CrossbarWeights, J: sparse.csr_array, seed: int) -> Crossbar:
    from pbit.devices.synapses import LinearSynapse, SynapseVariation  # not to describe a chip
    from pbit.networks.crossbar import Crossbar, Wires
    from pbit.networks.crossbar.arguments import check_devices

    check_devices(J.shape[0] * J.shape[1])
    present = np.zeros(J.shape, bool)
    present[np.repeat(np.arange(J.shape[0]), np.diff(J.indptr)), J.indices] = True
    spreads = {each.name: getattr(array, each.name) for each in fields(SynapseVariation)}
    return Crossbar(
        J.toarray(),
        LinearSynapse(1 / array.max_ohm, 1 / array.min_ohm, num_steps=array.num_steps),
        layout=array.layout,
        programming=_programming(array),
        variation=SynapseVariation(**spreads),
        stuck=array.stuck_devices,
        present=present,
        wires=Wires(array.segment_ohm, array.end_ohm, array.ir_drop),
        seed=seed,
    )


def _programming(array: CrossbarWeights) -> Programming:
    from pbit.networks.crossbar import OpenLoop, Placed, WriteVerify

    if array.programming == "placed":
        return Placed(array.tolerance, array.placing_error)
    kind = OpenLoop if array.programming == "open-loop" else WriteVerify
    return kind(array.tolerance, array.max_pulses)


def check_crossbar(name: str, value: Any) -> CrossbarWeights | None:
    """The array, if it is one.

    Raises
    ------
    TypeError
    """
    if not isinstance(value, CrossbarWeights | None):
        raise TypeError(
            f"{name} must be a pbit.hardware.crossbar_weights.CrossbarWeights, got {value!r:.60}"
        )
    return value


def array_ranges() -> dict[str, Range]:
    """Range of each parameter of :class:`CrossbarWeights`."""
    return {each.name: each.metadata["range"] for each in fields(CrossbarWeights)}
