"""Potentials of neurons between their spikes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.synapses.draws import IntArray
from pbit.networks.stdp.neurons import Neurons


class Spikes(NamedTuple):
    """Spikes of a layer in their order: float64 seconds and int64 neurons, both (spikes,)."""

    times_s: FloatArray
    neurons: IntArray


class Potentials:
    """Potentials of neurons from a silence on.

    Parameters
    ----------
    neurons : Neurons
    size : int

    Attributes
    ----------
    now : float
        Seconds since then.
    values : float64, shape (size,)
    blocked : float64, shape (size,)
        Until when each does not integrate.
    """

    def __init__(self, neurons: Neurons, size: int) -> None:
        self._neurons = neurons
        self.now = 0.0
        self.values: FloatArray = np.zeros(size)
        self.blocked: FloatArray = np.zeros(size)
        self._times: list[float] = []
        self._winners: list[int] = []

    @property
    def spikes(self) -> Spikes:
        """So far."""
        return Spikes(np.array(self._times), np.array(self._winners, np.int64))

    def crossings(self, drive: FloatArray, thresholds: FloatArray) -> FloatArray:
        """When each would reach its threshold under a constant current, infinity if never."""
        start = np.maximum(self.blocked, self.now)
        left = self.values * np.exp((self.now - start) / self._neurons.leak_s)
        return start + self._neurons.first_crossings(left, drive, thresholds)

    def move_under(self, drive: FloatArray, time: float) -> None:
        """To a later time, under a constant current."""
        leak = self._neurons.leak_s
        driven = np.clip(time - np.maximum(self.blocked, self.now), 0.0, None)
        self.values *= np.exp((self.now - time) / leak)
        self.values -= drive * leak * np.expm1(-driven / leak)
        self.now = time

    def take(self, charge: FloatArray, time: float) -> None:
        """To a later time, at which charges arrive at once."""
        self.values *= np.exp((self.now - time) / self._neurons.leak_s)
        self.values += np.where(self.blocked <= time, charge, 0.0)
        self.now = time

    def spike(self, winner: int) -> None:
        """Of one neuron, now."""
        self._times.append(self.now)
        self._winners.append(winner)
        self.values[winner] = 0.0
        held = np.full(len(self.blocked), self.now + self._neurons.inhibition_s)
        held[winner] = self.now + self._neurons.refractory_s
        np.maximum(self.blocked, held, out=self.blocked)
