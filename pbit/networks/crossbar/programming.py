"""Conductances written: put as they are wanted, by counted pulses, or pulsed and verified.

Pulses are the device's own. Those of devices with thresholds, whose ``ramp`` rises, grow in 64 even
steps for as long as they go in one direction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import Synapse
from pbit.devices.synapses.draws import IntArray, normals
from pbit.networks.crossbar.cells import Cells
from pbit.networks.crossbar.draws import ArrayDraw

_SAMPLE = 1024  # devices whose mean says what a pulse does to one
_RAMP = 64  # pulses from the first to the last of a ramp


@dataclass(frozen=True, eq=False)
class Programmed(ByValue):
    """What programming took, device by device.

    Parameters
    ----------
    pulses : int64, shape (lines, in)
        That each device got.
    errors_S : float64, shape (lines, in)
        Conductances less those that were wanted.
    failed : bool, shape (lines, in)
        Where the error is above the tolerance.
    """

    pulses: IntArray
    errors_S: FloatArray
    failed: npt.NDArray[np.bool_]

    @property
    def num_pulses(self) -> int:
        """All pulses together."""
        return int(self.pulses.sum())

    @property
    def num_failed(self) -> int:
        """How many devices failed."""
        return int(self.failed.sum())

    @property
    def rms_error_S(self) -> float:
        """Root of the mean square of the errors."""
        return float(np.sqrt((self.errors_S**2).mean()))

    def only(self, present: npt.NDArray[np.bool_]) -> Programmed:
        """The same, of the devices that are there."""
        return Programmed(self.pulses * present, self.errors_S * present, self.failed & present)

    def __str__(self) -> str:
        most = int(self.pulses.max(initial=0))
        return (
            f"{self.num_pulses} pulses, at most {most} a device; {self.num_failed} of "
            f"{self.failed.size} devices failed; rms error {self.rms_error_S:.3g} S"
        )


@dataclass(frozen=True)
class Programming(ABC):
    """A way to write conductances.

    Parameters
    ----------
    tolerance : float
        Of a conductance, as a share of the device's range: beyond it a device has failed.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.
    """

    tolerance: float = 0.01

    def __post_init__(self) -> None:
        number("tolerance", self.tolerance, (">", 0.0), ("<=", 1.0), remedy="1 % is 0.01")

    def write(self, cells: Cells, targets_S: FloatArray) -> Programmed:
        """Write all devices.

        Parameters
        ----------
        cells : Cells
        targets_S : float64, of the shape of the cells

        Returns
        -------
        Programmed
        """
        pulses = self._write(cells, targets_S)
        errors = cells.conductance() - targets_S
        return Programmed(pulses, errors, np.abs(errors) > self._within(cells.synapses.device))

    @abstractmethod
    def _write(self, cells: Cells, targets_S: FloatArray) -> IntArray:
        """Write, and say how many pulses each device got."""

    def _within(self, device: Synapse) -> float:
        """The tolerance, in siemens."""
        return self.tolerance * (device.highest_S - device.lowest_S)


@dataclass(frozen=True)
class Placed(Programming):
    """Devices are put next to what is wanted, within their own range, without a pulse.

    Parameters
    ----------
    tolerance
        As for :class:`Programming`.
    error : float
        Standard deviation of a normal error of each conductance, as a share of the range.
    """

    error: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        number("error", self.error, (">=", 0.0), ("<=", 1.0), remedy="1 % is 0.01")

    def _write(self, cells: Cells, targets_S: FloatArray) -> IntArray:
        synapses = cells.synapses
        if self.error:
            devices = np.arange(targets_S.size) + synapses.first_device
            luck = normals(ArrayDraw.PLACING, devices, seed=synapses.seed).reshape(targets_S.shape)
            span = synapses.device.highest_S - synapses.device.lowest_S
            targets_S = targets_S + self.error * span * luck
        shares = (targets_S - synapses.lowest) / (synapses.highest - synapses.lowest)
        synapses.reset(np.clip(shares, 0.0, 1.0))
        return np.zeros(targets_S.shape, np.int64)


@dataclass(frozen=True)
class _ByPulses(Programming):
    """Ways that give a device at most ``max_pulses`` pulses."""

    max_pulses: int = 1000

    def __post_init__(self) -> None:
        super().__post_init__()
        integer("max_pulses", self.max_pulses, 1)


@dataclass(frozen=True)
class OpenLoop(_ByPulses):
    """From the lowest conductance, as many pulses as a device without variation needs on average.

    Parameters
    ----------
    tolerance
        As for :class:`Programming`.
    max_pulses : int
        A device gets at most so many.
    """

    def _write(self, cells: Cells, targets_S: FloatArray) -> IntArray:
        synapses = cells.synapses
        curve = np.maximum.accumulate(mean_rise(synapses.device, self.max_pulses))
        counts = np.searchsorted((curve[1:] + curve[:-1]) / 2, targets_S)  # the nearest
        synapses.reset("low")
        for nth in range(int(counts.max())):
            synapses.pulse(amplitude(synapses.device, nth), where=counts > nth)
        return counts.astype(np.int64)


@dataclass(frozen=True)
class WriteVerify(_ByPulses):
    """Read, give a pulse towards what is wanted, and again, until it is within the tolerance.

    Reads take as long as they need to be free of noise. Devices that are stuck get all the pulses.

    Parameters
    ----------
    tolerance
        As for :class:`Programming`.
    max_pulses : int
        A device gets at most so many.
    """

    def _write(self, cells: Cells, targets_S: FloatArray) -> IntArray:
        synapses, pulses = cells.synapses, np.zeros(targets_S.shape, np.int64)
        synapses.reset("low")
        within = self._within(synapses.device)
        before, row = np.zeros(targets_S.shape), np.zeros(targets_S.shape, np.int64)
        for _ in range(self.max_pulses):
            missing = targets_S - cells.conductance()
            wanting = np.abs(missing) > within
            if not wanting.any():
                break
            way = np.sign(missing)
            row = np.where(way == before, row + 1, 0)
            synapses.pulse(way * amplitude(synapses.device, row), where=wanting)
            pulses += wanting
            before = way
        return pulses


def amplitude(device: Synapse, nth: Any) -> Any:
    """Of the nth own pulse in one direction, from 0 on; in the unit of the device's drive."""
    first, last = device.ramp
    return device.write_pulse * (first + (last - first) * np.minimum(nth / (_RAMP - 1), 1.0))


def mean_rise(device: Synapse, max_pulses: int) -> FloatArray:
    """Mean conductance after 0, 1, 2, ... own pulses from the lowest, without variation.

    It ends where it has come within 1e-3 of the highest, or after ``max_pulses``.

    Parameters
    ----------
    device : Synapse
    max_pulses : int

    Returns
    -------
    float64, shape (pulses + 1,)
        In siemens.

    Examples
    --------
    >>> from pbit.devices.synapses import LinearSynapse
    >>> (mean_rise(LinearSynapse(0.0, 1e-6, num_steps=4), 100) * 1e6).round(9).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    synapses = device.made(_SAMPLE, seed=0)
    curve = [device.lowest_S]
    enough = device.highest_S - 1e-3 * (device.highest_S - device.lowest_S)
    while len(curve) <= max_pulses and curve[-1] < enough:
        synapses.pulse(amplitude(device, len(curve) - 1))
        curve.append(float(synapses.conductance().mean()))
    return np.array(curve)


def mean_step(device: Synapse) -> float:
    """Mean change of the conductance by an own pulse, up or down, amid the range; siemens.

    Examples
    --------
    >>> from pbit.devices.synapses import LinearSynapse
    >>> f"{mean_step(LinearSynapse(0.0, 1e-6, num_steps=4)):.3g}"
    '2.5e-07'
    """
    synapses, changes = device.made(_SAMPLE, seed=0), []
    for sign in (1, -1):
        synapses.reset(np.full(synapses.shape, 0.5))
        before = synapses.conductance()
        synapses.pulse(sign * device.write_pulse)
        changes.append(sign * float((synapses.conductance() - before).mean()))
    return sum(changes) / 2
