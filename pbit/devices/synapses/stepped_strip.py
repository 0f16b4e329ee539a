r"""A strip whose width grows in steps: the current decides how far its domain wall gets.

The current density falls from segment to segment, and the wall stops where it is below depinning:
in segment k the threshold is :math:`I_k = J_{dep} w_k t`. Backwards the segments get narrower, so
that a wall that moves at all goes back to the start: up is a staircase, down one step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.ranged import RangedSynapse
from pbit.devices.synapses.synapse import SynapseArray


class SteppedStrips(SynapseArray["SteppedStrip"]):
    """The step that each wall is at, int64 (devices,)."""

    def _put(self, levels: FloatArray) -> None:
        self._step = np.rint(levels * (self.device.num_levels - 1)).astype(np.int64)

    def _levels(self) -> FloatArray:
        return self._step / (self.device.num_levels - 1)

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        thresholds = self.device.thresholds_A()
        step = self._step[chosen]
        reach = np.searchsorted(thresholds, drive)  # segments whose threshold is below the current
        loose = -drive > thresholds[np.maximum(step - 1, 0)]
        self._step[chosen] = np.where(loose, 0, np.maximum(step, reach))


@dataclass(frozen=True)
class SteppedStrip(RangedSynapse):
    """A strip and its segments.

    Parameters
    ----------
    widths_m : tuple of float
        Of the segments that the wall has to cross, rising: one level more than these.
    thickness_m : float
    depinning_A_m2 : float
    low_S, range_S : float
        Conductance with the wall at the start, and what it is more with the wall at the end.

    Raises
    ------
    TypeError, ValueError
        Widths that do not rise; numbers that are not > 0.

    References
    ----------
    Cai et al. (2017): a strip of stepped width with six states; T. Leonard et al., Adv. Electron.
    Mater. 8, 2200563 (2022), on shapes. Parameters are round numbers.

    Examples
    --------
    >>> device = SteppedStrip()
    >>> array = device.made(1, seed=1)
    >>> steps = []
    >>> for current_A in device.thresholds_A():
    ...     array.pulse(1.01 * current_A)
    ...     steps.append(float((array.conductance()[0] - array.lowest[0]) / 2e-5))
    >>> np.round(steps).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0]
    """

    drive_unit = "A"
    array = SteppedStrips

    widths_m: tuple[float, ...] = (1e-7, 1.2e-7, 1.4e-7, 1.6e-7, 1.8e-7)
    thickness_m: float = 3e-9
    depinning_A_m2: float = 1e11
    low_S: float = 1e-4
    range_S: float = 1e-4

    def __post_init__(self) -> None:
        for name in ("thickness_m", "depinning_A_m2", "low_S", "range_S"):
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        if not self.widths_m:
            raise ValueError("widths_m must have one entry or more, got none; five are six levels")
        for before, width in zip((0.0, *self.widths_m), self.widths_m, strict=False):
            number("widths_m", width, (">", before), remedy="each is wider than that before")

    @property
    def write_pulse(self) -> float:
        """Current through all steps, a tenth above the last threshold, in A."""
        return 1.1 * float(self.thresholds_A()[-1])

    @property
    def ramp(self) -> tuple[float, float]:
        """From below the first threshold to above the last, over the write pulse."""
        return 0.8 * self.widths_m[0] / self.widths_m[-1], 1.0

    @property
    def num_levels(self) -> int:
        """One more than segments."""
        return len(self.widths_m) + 1

    def thresholds_A(self) -> FloatArray:
        """Current that drives the wall through each segment, float64 (segments,)."""
        return np.array(self.widths_m) * (self.thickness_m * self.depinning_A_m2)


KIND = SynapseKind(
    name="stepped-strip",
    what="A domain wall in a strip of five widths: six levels.",
    device=SteppedStrip(),
    source="Cai et al. (2017)",
    rank=22,
)
