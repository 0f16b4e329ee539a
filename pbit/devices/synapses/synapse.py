"""What every synapse device offers: :class:`Synapse` describes one, :class:`SynapseArray` are many.

A description is frozen and made of numbers in SI units. ``made`` gives an array of such devices,
whose conductances pulses change: an amplitude above 0 raises the conductance, one below 0 lowers
it, whatever the device. Devices are numbered, and device k does what the seed, its number and the
pulses that it got say, so that two arrays made of the halves of one do the same as the whole.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, instance, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import Draw, IntArray, normals, uniforms
from pbit.devices.synapses.variation import NO_VARIATION, SynapseVariation
from pbit.machine import check_memory
from pbit.seeds import seed_or_fresh

RESETS = ("low", "high", "random")
MOST_DEVICES = 2**32
_BYTES, _BYTES_A_PART = 64, 48  # of a device and of its parts, what a pulse draws included


@dataclass(frozen=True)
class Synapse(ABC):
    """One synapse device, described."""

    drive_unit: ClassVar[str]
    """Unit of a pulse's amplitude: "A", "V" or "A/m^2"."""

    array: ClassVar[type[SynapseArray[Any]]]
    """Class of many of them."""

    @property
    @abstractmethod
    def write_pulse(self) -> float:
        """Amplitude, > 0, of the device's own write pulse, in ``drive_unit``."""

    @property
    @abstractmethod
    def lowest_S(self) -> float:
        """Lowest conductance, of a device without variation."""

    @property
    @abstractmethod
    def highest_S(self) -> float:
        """Highest conductance, of a device without variation."""

    @property
    def num_levels(self) -> int | None:
        """How many conductances the device can be left at; None where they are continuous."""
        return None

    @property
    def num_parts(self) -> int:
        """Parts inside that have a state of their own."""
        return 1

    @property
    def ramp(self) -> tuple[float, float]:
        """First and last pulse of a train through all of the range, over ``write_pulse``.

        Equal where equal pulses go through it; devices with thresholds need rising ones.
        """
        return 1.0, 1.0

    def made(
        self,
        shape: int | tuple[int, ...],
        *,
        seed: int | None = None,
        first_device: int = 0,
        variation: SynapseVariation = NO_VARIATION,
    ) -> SynapseArray[Any]:
        """Devices of this kind, all at their lowest conductance.

        Parameters
        ----------
        shape : int or tuple of int
        seed : int, optional
            From 0 to ``2**64 - 1``; drawn when None and kept as ``seed`` of the array.
        first_device : int
            Number of the first device; the others follow in C order. Device k depends on seed and k
            alone.
        variation : SynapseVariation

        Returns
        -------
        SynapseArray

        Raises
        ------
        TypeError, ValueError
            A shape, seed, number or variation that is none.
        TooLargeError
            More devices than fit into the memory.
        """
        return self.array(self, shape, seed=seed, first_device=first_device, variation=variation)


D = TypeVar("D", bound=Synapse)


class SynapseArray(ABC, Generic[D]):
    """Many synapse devices of one kind and the states they are in.

    Parameters
    ----------
    device : Synapse
    shape, seed, first_device, variation
        As for :meth:`Synapse.made`, which is how to get them.

    Attributes
    ----------
    device : Synapse
    shape : tuple of int
    seed : int
    first_device : int
    variation : SynapseVariation
    lowest, highest : float64, of ``shape``
        Range of the conductances in siemens, of each device.
    """

    def __init__(
        self,
        device: D,
        shape: int | tuple[int, ...],
        *,
        seed: int | None,
        first_device: int,
        variation: SynapseVariation,
    ) -> None:
        self.device = device
        self.shape = _shape(shape)
        self.seed = seed_or_fresh(seed)
        size = math.prod(self.shape)
        needed = size * (_BYTES + _BYTES_A_PART * device.num_parts)
        check_memory(needed, what="synapses", lower="shape")
        self.first_device = integer("first_device", first_device, 0, MOST_DEVICES - size)
        self.variation = instance(
            "variation", variation, SynapseVariation, remedy="SynapseVariation(drive_d2d=0.1)"
        )
        self._turns: IntArray = np.zeros(size, np.int64)
        self._everyone: IntArray = np.arange(size)
        self._gain = self._spread(Draw.DRIVE_OF_DEVICE, variation.drive_d2d).ravel()
        area = self._spread(Draw.CONDUCTANCE, variation.conductance_d2d)
        window = area * self._spread(Draw.WINDOW, variation.window_d2d)
        self.lowest: FloatArray = area * device.lowest_S
        self.highest: FloatArray = self.lowest + window * (device.highest_S - device.lowest_S)
        self._prepare()

    def conductance(self) -> FloatArray:
        """Conductances in siemens, float64 of ``shape``."""
        levels = self._levels().reshape(self.shape)
        return np.asarray(self.lowest + (self.highest - self.lowest) * levels)

    def pulse(
        self,
        amplitude: npt.ArrayLike | None = None,
        *,
        where: Any = None,
        count: npt.ArrayLike = 1,
    ) -> None:
        """Give devices pulses.

        Parameters
        ----------
        amplitude : float, broadcast to ``shape``, optional
            In ``device.drive_unit``. Above 0 raises conductances, below 0 lowers them, 0 is a pulse
            length without drive. By default ``device.write_pulse``.
        where : bool of ``shape``, or an index of an array of that shape, optional
            Devices that get it; all by default. The others take no turn.
        count : int, broadcast to ``shape``
            Pulses one after the other, at least 0.

        Raises
        ------
        TypeError, ValueError
            An amplitude that is not finite or does not fit the shape; a count below 0; an index
            that is none.

        Examples
        --------
        >>> from pbit.devices.synapses import BinaryJunction
        >>> array = BinaryJunction().made((2, 3), seed=1)
        >>> array.pulse(where=(0, slice(None)))
        >>> (array.conductance() == array.highest).tolist()
        [[True, True, True], [False, False, False]]
        """
        chosen = self._chosen(where)
        drive = self._amplitudes(amplitude, chosen)
        counts = self._counts(count, chosen)
        for turn in range(int(counts.max(initial=0))):
            still = counts > turn
            if still.all():
                self._strike(chosen, drive)
            else:
                self._strike(chosen[still], drive[still])

    def reset(self, state: str | FloatArray = "low") -> None:
        """Put all devices into one state, without a pulse.

        Parameters
        ----------
        state : {"low", "high", "random"}, or float64 of ``shape``
            Random ones are spread over the range, each time anew; numbers from 0 to 1 are shares of
            the range, and the devices are put next to them.

        Raises
        ------
        ValueError
            Another state.
        """
        if isinstance(state, np.ndarray):
            self._put(_shares(state, self.shape))
            return
        if state not in RESETS:
            raise ArgumentError("state", f"must be one of {', '.join(RESETS)}", state)
        if state == "random":
            self._put(self._uniforms(Draw.START, self._everyone)[:, 0])
            self._turns += 1
        else:
            self._put(np.full(self._turns.size, float(state == "high")))

    def wait(self, seconds: float) -> None:
        """Let time pass without a pulse; only devices that forget change.

        Raises
        ------
        TypeError, ValueError
            A time that is not a finite number >= 0.
        """
        if number("seconds", seconds, (">=", 0.0), remedy="time goes forward") > 0:
            self._relax(float(seconds))
            self._turns += 1

    # --- what a kind of device says

    def _prepare(self) -> None:
        """Make the states, at the lowest conductance."""
        self._put(np.zeros(self._turns.size))

    @abstractmethod
    def _put(self, levels: FloatArray) -> None:
        """Set all states to those next to these shares of the range, float64 (devices,)."""

    @abstractmethod
    def _levels(self) -> FloatArray:
        """Share of its range, 0 to 1, at which each conductance is: float64 (devices,)."""

    @abstractmethod
    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        """What one pulse of these amplitudes does to these devices, both of shape (m,)."""

    def _relax(self, seconds: float) -> None:
        """What time does to the devices: nothing."""

    # --- what they may use

    def _uniforms(self, draw: Draw, chosen: IntArray, width: int = 1) -> FloatArray:
        """Numbers of these devices in their present turn, float64 (m, width)."""
        turns = self._turns[chosen]
        devices = chosen + self.first_device
        return uniforms(draw, devices, seed=self.seed, turns=turns, width=width)

    def _normals(self, draw: Draw, chosen: IntArray, width: int = 1) -> FloatArray:
        """As :meth:`_uniforms`, standard normal ones."""
        turns = self._turns[chosen]
        devices = chosen + self.first_device
        return normals(draw, devices, seed=self.seed, turns=turns, width=width)

    # --- for all alike

    def _strike(self, chosen: IntArray, drive: FloatArray) -> None:
        if self.variation.drive_d2d:
            drive = drive * self._gain[chosen]
        if self.variation.drive_c2c:
            luck = self._normals(Draw.DRIVE_OF_PULSE, chosen)[:, 0]
            drive = drive * np.exp(self.variation.drive_c2c * luck)
        self._respond(chosen, drive)
        self._turns[chosen] += 1

    def _spread(self, draw: Draw, fraction: float) -> FloatArray:
        """Factors of the devices, float64 of ``shape``."""
        if not fraction:
            return np.ones(self.shape)
        devices = np.arange(self._turns.size) + self.first_device
        luck = normals(draw, devices, seed=self.seed)[:, 0]
        return np.asarray(np.exp(fraction * luck)).reshape(self.shape)

    def _chosen(self, where: Any) -> IntArray:
        if where is None:
            return self._everyone
        try:
            found = self._everyone.reshape(self.shape)[where]
        except IndexError as error:
            raise ArgumentError(
                "where",
                f"must be bool of shape {self.shape} or an index of it",
                got=str(error),
                remedy="None is all devices",
            ) from error
        return np.asarray(np.unique(found))

    def _amplitudes(self, amplitude: npt.ArrayLike | None, chosen: IntArray) -> FloatArray:
        given = self.device.write_pulse if amplitude is None else floats("amplitude", amplitude)
        drive = self._fitted("amplitude", np.asarray(given), chosen)
        if not np.isfinite(drive).all():
            worst = drive[~np.isfinite(drive)][0]
            raise ArgumentError(
                "amplitude", "must be finite", worst, remedy=f"in {self.device.drive_unit}"
            )
        return drive

    def _counts(self, count: npt.ArrayLike, chosen: IntArray) -> IntArray:
        given = np.asarray(count)
        if given.dtype.kind not in "iu":
            raise TypeError(f"count must be an integer or an array of them, got {count!r:.60}")
        counts = self._fitted("count", given, chosen)
        if (counts < 0).any():
            raise ArgumentError("count", "must be >= 0", counts.min(), remedy="0 is no pulse")
        return counts

    def _fitted(self, name: str, given: npt.NDArray[Any], chosen: IntArray) -> npt.NDArray[Any]:
        """The values of the chosen devices."""
        if given.ndim == 0:
            return np.full(chosen.size, given)
        try:
            everyone = np.broadcast_to(given, self.shape)
        except ValueError:
            raise ArgumentError(
                name,
                f"must be one number or fit the shape {self.shape}",
                got=f"shape {given.shape}",
                remedy="one a device, those that get no pulse included",
            ) from None
        return everyone.reshape(-1)[chosen]


def _shares(levels: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    if levels.shape != shape:
        raise ArgumentError("state", f"must have the shape {shape}", got=f"{levels.shape}")
    if not ((levels >= 0) & (levels <= 1)).all():
        raise ArgumentError("state", "must have shares of the range, from 0 to 1")
    return np.array(levels, np.float64).reshape(-1)


def _shape(shape: int | tuple[int, ...]) -> tuple[int, ...]:
    sizes = shape if isinstance(shape, tuple | list) else (shape,)
    return tuple(integer("shape", size, 1, MOST_DEVICES) for size in sizes)
