r"""How a wanted change of weights, ``rate outputs inputs^T``, becomes pulses.

- :class:`PulseTrains`: trains on all lines, one pair for each example; what meets is a step. Nobody
  computes the matrix of changes.
- :class:`WholePulses`: the matrix is summed up outside the array; whenever a weight is owed a step
  it gets a pulse, and the rest is carried on.
- :class:`ProportionalPulses`: one pulse a weight, its amplitude in proportion to the change; right
  for devices that move by as much as they are driven.

All go by the mean step of the device amid its range: that steps differ, up and down and along the
range and from device to device, is what training in place has to live with.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.networks.crossbar import Crossbar, Trains
from pbit.networks.crossbar.trains import MOST_SLOTS


class Writer(ABC):
    """A rule at work on one array.

    Parameters
    ----------
    array : Crossbar
    trains : Trains
        ``step`` is the mean change of a weight by a pulse.
    """

    def __init__(self, array: Crossbar, trains: Trains) -> None:
        self.array, self.trains = array, trains

    @abstractmethod
    def write(self, outputs: FloatArray, inputs: FloatArray, rate: float) -> int:
        """Pulses for ``rate outputs inputs^T``, (out, b) and (in, b), and how many those were."""


class _TrainWriter(Writer):
    def write(self, outputs: FloatArray, inputs: FloatArray, rate: float) -> int:
        done = self.array.update(outputs, inputs, rate=rate, trains=self.trains)
        return int(done.counts.sum())


class _WholeWriter(Writer):
    def __init__(self, array: Crossbar, trains: Trains) -> None:
        super().__init__(array, trains)
        self.owed = np.zeros(array.shape)

    def write(self, outputs: FloatArray, inputs: FloatArray, rate: float) -> int:
        step, most = self.trains.step, self.trains.slots
        self.owed += rate * (outputs @ inputs.T)
        counts = np.clip(np.trunc(self.owed / step), -most, most).astype(np.int64)
        self.owed -= step * counts
        self.array.pulse(counts)
        return int(np.abs(counts).sum())


class _ProportionalWriter(Writer):
    def __init__(self, array: Crossbar, trains: Trains, *, largest: float) -> None:
        super().__init__(array, trains)
        self.largest = largest

    def write(self, outputs: FloatArray, inputs: FloatArray, rate: float) -> int:
        changes = rate * (outputs @ inputs.T) / self.trains.step
        sizes = np.minimum(np.abs(changes), self.largest)
        self.array.pulse(np.sign(changes).astype(np.int64), sizes=sizes)
        return int(np.count_nonzero(changes))


class Rule(ABC):
    """A way to turn changes into pulses."""

    @abstractmethod
    def writer(self, array: Crossbar) -> Writer:
        """The rule, at work on an array.

        Raises
        ------
        ValueError
            The device's own pulse does not move it amid its range.
        """


@dataclass(frozen=True)
class PulseTrains(Rule):
    """Trains on all lines, example by example: :meth:`pbit.networks.crossbar.Crossbar.update`.

    Parameters
    ----------
    slots : int
        Of a train.

    References
    ----------
    T. Gokmen, Y. Vlasov, Front. Neurosci. 10, 333 (2016).
    """

    slots: int = 31

    def __post_init__(self) -> None:
        integer("slots", self.slots, 1, MOST_SLOTS)

    def writer(self, array: Crossbar) -> Writer:
        return _TrainWriter(array, array.trains(self.slots))


@dataclass(frozen=True)
class WholePulses(Rule):
    """Changes are summed up outside; a pulse for every whole step, the rest is carried on.

    Parameters
    ----------
    most : int
        Pulses of one weight at once; what is owed beyond is carried on, too.

    References
    ----------
    S. R. Nandakumar et al., Front. Neurosci. 14, 406 (2020).
    """

    most: int = 31

    def __post_init__(self) -> None:
        integer("most", self.most, 1, MOST_SLOTS)

    def writer(self, array: Crossbar) -> Writer:
        return _WholeWriter(array, array.trains(self.most))


@dataclass(frozen=True)
class ProportionalPulses(Rule):
    """One pulse for each weight, as large as the change asks for.

    Parameters
    ----------
    largest : float
        Amplitude that is never exceeded, in those of the device's own pulse.
    """

    largest: float = 10.0

    def __post_init__(self) -> None:
        number("largest", self.largest, (">", 0.0), remedy="of the device's own pulse")

    def writer(self, array: Crossbar) -> Writer:
        return _ProportionalWriter(array, array.trains(), largest=self.largest)
