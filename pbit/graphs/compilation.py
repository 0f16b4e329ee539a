"""What every pass of the compiler returns, and several of them in a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.graphs.votes import Votes
from pbit.models.ising import IsingModel, checked_states
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel

_NO_PRODUCTS = np.zeros((0, 3), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Compiled(ByValue):
    """One pass: a network that stands for the one before.

    Parameters
    ----------
    name : str
        The pass.
    source : IsingModel or PolynomialModel
        What went in.
    model : IsingModel
        What came out.
    votes : Votes
        How its states are read.
    report : dict
        Plain numbers about the pass.
    products : int64, shape (k, 3)
        Ancillas ``z = a * b`` as rows (z, a, b), in the order in which they can be set; all other
        ancillas follow the field on them.
    """

    name: str
    source: AnyModel
    model: IsingModel
    votes: Votes
    report: dict[str, Any] = field(default_factory=dict)
    products: npt.NDArray[np.int64] = field(default_factory=_NO_PRODUCTS.copy)

    def decode(self, spins: npt.ArrayLike) -> SpinArray:
        """States of the source, int8 (..., n), of states of the compiled model.

        Raises
        ------
        ValueError
            Another last axis, or values that are no spins.
        """
        return self.votes.decode(checked_states(spins, self.model.num_spins))

    def encode(self, spins: npt.ArrayLike) -> SpinArray:
        """States of the compiled model, int8 (..., num_pbits): whole chains, best ancillas.

        Where spins were merged or fixed, a state that says otherwise is moved to one that does
        not.

        Raises
        ------
        ValueError
            Another last axis, or values that are no spins.
        """
        source = checked_states(spins, self.source.num_spins)
        states = self.votes.spread(source, self.model.num_spins)
        for z, a, b in self.products.tolist():
            states[..., z] = states[..., a] * states[..., b]
        ancillas = np.setdiff1d(
            np.arange(self.model.num_spins),
            np.concatenate([self.votes.members, self.products[:, 0]]),
        )
        if ancillas.size:
            flat = states.reshape(-1, self.model.num_spins)
            fields = (self.model.J[ancillas] @ flat.T.astype(np.float64)).T + self.model.h[ancillas]
            flat[:, ancillas] = np.where(fields >= 0, 1, -1)
            states = flat.reshape(states.shape)
        return states

    def broken(self, spins: npt.ArrayLike) -> FloatArray:
        """Part of the chains whose p-bits differ, shape (...)."""
        return self.votes.broken(checked_states(spins, self.model.num_spins))


@dataclass(frozen=True, eq=False)
class Compilation(ByValue):
    """Passes in a row; energies are tracked from the first model to the last.

    Parameters
    ----------
    source : IsingModel or PolynomialModel
    steps : tuple of Compiled
        Each on the model that the one before returned.

    Raises
    ------
    ValueError
        A step that was made for another model.

    Examples
    --------
    >>> from pbit.graphs import sparsify
    >>> star = IsingModel.from_edges([0] * 5, [1, 2, 3, 4, 5], [1.0] * 5)
    >>> compiled = Compilation(star, (sparsify(star, 3),))
    >>> compiled.model.num_spins, int(np.diff(compiled.model.J.indptr).max())
    (8, 3)
    >>> compiled.model.energy(compiled.encode([1] * 6)).item(), star.energy([1] * 6).item()
    (-5.0, -5.0)
    """

    source: AnyModel
    steps: tuple[Compiled, ...] = ()

    def __post_init__(self) -> None:
        before: AnyModel = self.source
        for step in self.steps:
            if step.source is not before:
                raise ArgumentError(
                    "steps",
                    "must each start from the model of the one before",
                    got=f"a {step.name!r} made for another model",
                    remedy="compile that pass again",
                )
            before = step.model

    def then(self, step: Compiled) -> Compilation:
        """The same with one pass more."""
        return Compilation(self.source, (*self.steps, step))

    @cached_property
    def model(self) -> AnyModel:
        """The last model."""
        return self.steps[-1].model if self.steps else self.source

    def decode(self, spins: npt.ArrayLike) -> SpinArray:
        """States of the source, int8 (..., n), pass by pass backwards."""
        states = checked_states(spins, self.model.num_spins).astype(np.int8)
        for step in reversed(self.steps):
            states = step.decode(states)
        return states

    def encode(self, spins: npt.ArrayLike) -> SpinArray:
        """States of the last model, int8 (..., num_pbits), of states of the source."""
        states = checked_states(spins, self.source.num_spins).astype(np.int8)
        for step in self.steps:
            states = step.encode(states)
        return states

    @property
    def votes(self) -> tuple[Votes, ...]:
        """Tables of the passes, first pass first: all that decoding needs."""
        return tuple(step.votes for step in self.steps)
