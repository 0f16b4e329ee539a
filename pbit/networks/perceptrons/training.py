"""Where weights are while a network learns, and how they get into the arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from pbit.checks import instance, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.networks.perceptrons.arrays import Arrays
from pbit.networks.perceptrons.rules import PulseTrains, Rule
from pbit.networks.perceptrons.weights import (
    ArrayWeights,
    AwareWeights,
    IdealWeights,
    Weights,
    rounded_by_chance,
)
from pbit.seeds import seed_of

_START, _NOISE = range(2)  # what the seed of a layer is for, besides its array


class Training(ABC):
    """A place for the weights of a layer that learns."""

    @abstractmethod
    def begun(self, weights: FloatArray, arrays: Arrays, *, seed: int) -> Weights:
        """What learns, from these weights on, (out, in), or from levels next to them."""

    @abstractmethod
    def ended(self, weights: Weights, arrays: Arrays, *, seed: int) -> Weights:
        """What is used after it."""


@dataclass(frozen=True)
class Ideal(Training):
    """Numbers, and no devices at all: what everything else is measured by."""

    def begun(self, weights: FloatArray, arrays: Arrays, *, seed: int) -> Weights:
        return IdealWeights(weights, weight_range=arrays.weight_range)

    def ended(self, weights: Weights, arrays: Arrays, *, seed: int) -> Weights:
        return weights


@dataclass(frozen=True)
class InPlace(Training):
    """The array itself learns: it is read forwards and backwards, and gets pulses.

    Parameters
    ----------
    rule : Rule
    """

    rule: Rule = field(default_factory=PulseTrains)

    def __post_init__(self) -> None:
        instance("rule", self.rule, Rule, remedy="PulseTrains(), WholePulses()")

    def begun(self, weights: FloatArray, arrays: Arrays, *, seed: int) -> Weights:
        if arrays.device.num_levels is not None:
            weights = rounded_by_chance(
                weights,
                levels=arrays.weight_levels,
                weight_range=arrays.weight_range,
                seed=seed_of(seed, _START),
            )
        return ArrayWeights(arrays.array(weights, seed=seed), self.rule)

    def ended(self, weights: Weights, arrays: Arrays, *, seed: int) -> Weights:
        return weights


@dataclass(frozen=True)
class Offline(Training):
    """Numbers learn, and are then written into an array."""

    def begun(self, weights: FloatArray, arrays: Arrays, *, seed: int) -> Weights:
        return IdealWeights(weights, weight_range=arrays.weight_range)

    def ended(self, weights: Weights, arrays: Arrays, *, seed: int) -> Weights:
        return ArrayWeights(arrays.array(weights.values, seed=seed))


@dataclass(frozen=True)
class Aware(Training):
    """Numbers learn, read as devices will hold them, and are then written into an array.

    Parameters
    ----------
    levels : int, optional
        Of a weight; by default what the device's levels make.
    noise : float
        As for :class:`pbit.networks.perceptrons.AwareWeights`.
    """

    levels: int | None = None
    noise: float = 0.0

    def __post_init__(self) -> None:
        if self.levels is not None:
            integer("levels", self.levels, 2)
        number("noise", self.noise, (">=", 0.0), ("<=", 1.0), remedy="1 % is 0.01")

    def begun(self, weights: FloatArray, arrays: Arrays, *, seed: int) -> Weights:
        levels = arrays.weight_levels if self.levels is None else self.levels
        start = rounded_by_chance(
            weights,
            levels=levels,
            weight_range=arrays.weight_range,
            seed=seed_of(seed, _START),
        )
        return AwareWeights(
            start,
            weight_range=arrays.weight_range,
            levels=levels,
            noise=self.noise,
            seed=seed_of(seed, _NOISE),
        )

    def ended(self, weights: Weights, arrays: Arrays, *, seed: int) -> Weights:
        assert isinstance(weights, AwareWeights)
        return ArrayWeights(arrays.array(weights.wanted, seed=seed))
