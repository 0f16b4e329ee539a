"""What every problem offers: a model, answers decoded from spins, and the worth of an answer."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import PolynomialModel

Answer = npt.NDArray[np.int64]


class Problem(Protocol):
    """A specification that compiles to a model of spins and decodes them.

    An answer is an int64 array with one whole number for each of the ``labels``: a side, a bit, a
    colour, a position in a tour. It need not have the shape of the model's spins.

    What every problem keeps to, and its tests check by enumeration: for each feasible answer
    ``model.energy(encode(answer)) == energy_of(objective(answer))`` and
    ``decode(encode(answer))`` is feasible and at least as good; the ground states of the model
    decode to the best answers, if there are feasible ones.
    """

    @property
    def name(self) -> str:
        """Name of the kind of problem."""
        ...

    @property
    def objective_name(self) -> str:
        """What the objective is called."""
        ...

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        ...

    @property
    def bound(self) -> float | None:
        """Objective that no answer can beat, where one is known: a run ends there."""
        ...

    @property
    def constrained(self) -> bool:
        """Whether states may stand for infeasible answers, or be repaired.

        Where this is false every state is an answer, and its energy says what it is worth.
        """
        ...

    @property
    def model(self) -> IsingModel | PolynomialModel:
        """Model whose ground states are the best answers."""
        ...

    @property
    def beta_range(self) -> tuple[float, float] | None:
        """Inverse temperatures that suit the model, where the problem knows better than it."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Spins and entries that the model will have, told before it is built."""
        ...

    @property
    def labels(self) -> Sequence[Hashable]:
        """What the variables of an answer are called."""
        ...

    def decode(self, spins: SpinArray) -> Answer:
        """Answer of a state, shape (n,): repaired where that is cheap, else what the state says."""
        ...

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values as an answer; ValueError if they are none at all, feasible or not."""
        ...

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """State of the lowest energy that says the answer; ValueError if there is none."""
        ...

    def objective(self, answer: Answer) -> float:
        """Worth of an answer, from the specification itself and not from the model."""
        ...

    def energy_of(self, objective: float) -> float:
        """Energy of the model at which a feasible answer has this objective: a linear function."""
        ...

    def violations(self, answer: npt.ArrayLike) -> list[str]:
        """What keeps the answer from being feasible, one line each; none for a feasible one."""
        ...

    def check(self, answer: npt.ArrayLike) -> bool:
        """Whether the answer is feasible."""
        ...

    def written(self, answer: Answer | None) -> list[str]:
        """Lines that say the answer, or that there is none, as people in the field write it.

        None where there is no custom.
        """
        ...


def objective_at(problem: Problem, energy: Any) -> Any:
    """Objective of an energy or an array of them: ``energy_of`` is linear, and so is this."""
    at_zero = problem.energy_of(0.0)
    far = max(1.0, abs(at_zero))  # from a huge offset a step of 1 would not be seen
    return (energy - at_zero) / ((problem.energy_of(far) - at_zero) / far)
