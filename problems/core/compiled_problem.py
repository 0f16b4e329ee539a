"""A problem that runs as a compiled network: answers and objectives are those of the problem."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.formats import CompiledContents
from pbit.graphs.votes import Votes
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.problem import Answer, Problem
from pbit.run.reads import Reads


@dataclass(frozen=True, eq=False)
class CompiledProblem(ByValue):
    """A network that stands for a problem.

    Parameters
    ----------
    source : Problem
        Answers, objectives and checks are its own.
    network : IsingModel
        What is sampled.
    votes : tuple of Votes
        How states are read, the table next to the problem first.

    Examples
    --------
    >>> from pbit.graphs.votes import Votes
    >>> from pbit.problems.max_cut import MaxCut
    >>> edge = MaxCut([0], [1], [1.0], range(2))
    >>> copies = IsingModel.from_edges([0, 1], [1, 2], [2.0, -1.0], offset=2.0)
    >>> votes = Votes(np.array([0, 2, 3]), np.arange(3), np.array([1, 1], dtype=np.int8))
    >>> problem = CompiledProblem(edge, copies, (votes,))
    >>> problem.objective(problem.decode(np.array([1, 1, -1])))
    1.0
    """

    source: Problem
    network: IsingModel
    votes: tuple[Votes, ...]

    @classmethod
    def from_contents(cls, contents: CompiledContents, source: Problem) -> CompiledProblem:
        """Problem in a file.

        Raises
        ------
        ValueError
            Votes that are not on the spins of the problem's model.
        """
        network = IsingModel.from_edges(
            contents.rows,
            contents.cols,
            contents.values,
            h=contents.h,
            offset=contents.offset,
            labels=contents.labels,
        )
        votes = tuple(Votes(t.pointers, t.members, t.signs) for t in contents.votes)
        spins = source.model.num_spins
        found = votes[0].sizes.size if votes else spins
        if found != spins:
            raise ValueError(
                f"{contents.name} has votes on {found} spins, the problem's model has {spins}; "
                "compile again"
            )
        return cls(source, network, votes)

    @property
    def model(self) -> IsingModel:
        """The network."""
        return self.network

    @property
    def name(self) -> str:
        """Name of the problem."""
        return self.source.name

    @property
    def objective_name(self) -> str:
        """What its objective is called."""
        return self.source.objective_name

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        return self.source.maximise

    @property
    def bound(self) -> float | None:
        """Objective that no answer can beat."""
        return self.source.bound

    @property
    def constrained(self) -> bool:
        """Whether states may stand for infeasible answers."""
        return self.source.constrained

    @property
    def beta_range(self) -> tuple[float, float] | None:
        """The network's own: its couplings are not those of the problem."""
        return None

    @property
    def size(self) -> tuple[int, int]:
        """Spins and couplings of the network."""
        return self.network.num_spins, self.network.num_couplings

    @cached_property
    def labels(self) -> Sequence[Hashable]:
        """Its variables."""
        return self.source.labels

    def read(self, spins: npt.ArrayLike) -> SpinArray:
        """Spins of the source's model, int8 (..., n), of states of the network."""
        states = np.asarray(spins, dtype=np.int8)
        for votes in reversed(self.votes):
            states = votes.decode(states)
        return states

    def broken(self, spins: npt.ArrayLike) -> FloatArray:
        """Part of all chains of two and more whose p-bits differ, shape (...)."""
        states = np.asarray(spins, dtype=np.int8)
        found, chains = np.zeros(states.shape[:-1]), 0
        for votes in reversed(self.votes):
            long = int(np.count_nonzero(votes.sizes > 1))
            found += votes.broken(states) * long
            chains += long
            states = votes.decode(states)
        return found / max(1, chains)

    def decode(self, spins: SpinArray) -> Answer:
        """Answer to the problem."""
        return self.source.decode(self.read(spins))

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values as an answer to the problem."""
        return self.source.answer(values)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """State of the source's model, as `read` gives it, that says the answer."""
        return self.source.encode(answer)

    def objective(self, answer: Answer) -> float:
        """Worth of an answer to the problem."""
        return self.source.objective(answer)

    def energy_of(self, objective: float) -> float:
        """Energy at which an answer has this objective, of the network where nothing is rounded."""
        return self.source.energy_of(objective)

    def violations(self, answer: npt.ArrayLike) -> list[str]:
        """What keeps the answer from being feasible."""
        return self.source.violations(answer)

    def check(self, answer: npt.ArrayLike) -> bool:
        """Whether the answer is feasible."""
        return self.source.check(answer)

    def written(self, answer: Answer | None) -> list[str]:
        """The answer as people in the field write it."""
        return self.source.written(answer)


def read_out(problem: Problem, reads: Reads) -> tuple[Problem, Reads]:
    """The problem that answers are about, and reads in its spins with its energies.

    For a compiled network energies are computed anew from the problem's own model, so that broken
    chains and rounded weights do not show; ``info["broken_chains"]`` is the part of the chains that
    were broken. Other problems come back as they are.
    """
    if not isinstance(problem, CompiledProblem):
        return problem, reads
    spins = problem.read(reads.spins)
    energies = np.asarray(problem.source.model.energy(spins))
    broken = problem.broken(reads.spins)
    info = reads.info | {"broken_chains": float(broken.mean()) if broken.size else 0.0}
    return problem.source, replace(reads, spins=spins, energies=energies, info=info)
