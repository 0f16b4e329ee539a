"""What population annealing of digits returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pbit.by_value import ByValue
from pbit.engines.digits.family import IntArray, ValueArray
from pbit.models.labels import FloatArray
from pbit.samplers.population.population import Steps, Weighted


@dataclass(frozen=True, eq=False)
class DitPopulation(Weighted, ByValue):
    """Members of M populations of R at the last beta; rows of a population follow each other.

    Parameters
    ----------
    values : int16, shape (M R, n)
        One state a row: the number of each digit's value, from 0.
    energies, weights, families, steps, info
        As in :class:`pbit.Population`, also what it says of averages and of ``ln Z``.
    best_values, best_energies : int16, shape (M, n), and float64, shape (M,)
        Lowest state that each population had at the end of a step, or at beta = 0.
    """

    values: ValueArray
    energies: FloatArray
    weights: FloatArray
    families: IntArray
    steps: Steps
    best_values: ValueArray
    best_energies: FloatArray
    info: dict[str, Any] = field(default_factory=dict)
