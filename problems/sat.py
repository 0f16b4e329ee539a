"""Satisfiability: bits that make every clause true, or as much of their weight as can be."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import PolynomialModel
from pbit.problems.core.base import listed
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.parts.clauses import Clauses, Split, spin_terms, split, tidied, unsatisfied
from pbit.problems.parts.pairs import PairsOrProducts

if TYPE_CHECKING:
    from pbit.formats.contents import ClauseContents

LONGEST = 6


@dataclass(frozen=True, eq=False, kw_only=True)
class MaxSat(ByValue, PairsOrProducts):
    r"""Least weight of unsatisfied soft clauses, all hard ones satisfied; an answer is bits.

    A clause is one product of all its literals, ``w prod_l (1 - l) / 2`` with l = +-s, which is w
    where none is true and 0 elsewhere. The model is 2^k times the sum, k the most literals of a
    clause, so that whole weights stay whole. Clauses of more than ``longest`` literals are split
    with further variables, which changes no minimum: :func:`pbit.problems.parts.clauses.split`.

    Hard clauses weigh ``A = range + 1``, where soft clauses can cost ``range`` more than they must:
    the sum of their weights, but of two unit clauses x and not x only the difference. An infeasible
    state then costs more than every feasible one. (Weights that are not whole: the largest of them
    in place of 1.)

    Parameters
    ----------
    pointers, literals : int64 arrays, shapes (m + 1,) and (pointers[m],)
        Clause t is ``literals[pointers[t]:pointers[t + 1]]``: 1..n, negative where negated.
    weights : float64 array, shape (m,)
        Of the soft clauses, > 0.
    hard : bool array, shape (m,)
        Clauses that must be true; their weights are not looked at.
    labels : sequence of n hashables
    longest : int
        Most spins of a product, >= 3.
    pairs : bool
        A model of pairs, with ancillas; :func:`pbit.graphs.reduce_order` keeps all energies.

    Raises
    ------
    ValueError
        ``longest`` below 3, a soft weight that is not > 0 and finite, or a literal of no variable.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), section 4.1, reduces clauses to pairs; products as they are
    need no ancillas.

    Examples
    --------
    >>> problem = MaxSat(pointers=np.array([0, 2, 3]), literals=np.array([1, -2, 2]),
    ...                  weights=np.array([1.0, 3.0]), hard=np.zeros(2, bool), labels=(1, 2))
    >>> problem.objective(np.array([0, 1])), problem.objective(np.array([1, 1]))
    (1.0, 0.0)
    """

    pointers: npt.NDArray[np.int64]
    literals: npt.NDArray[np.int64]
    weights: FloatArray
    hard: npt.NDArray[np.bool_]
    labels: Sequence[Hashable]
    longest: int = LONGEST
    pairs: bool = False

    name = "maxsat"
    objective_name = "unsatisfied weight"
    constrained = True
    bound = 0.0

    def __post_init__(self) -> None:
        if self.longest < 3:
            raise ArgumentError(
                "longest",
                "must be >= 3",
                self.longest,
                remedy="give pairs=True for a model of pairs",
            )
        soft = np.asarray(self.weights)[~np.asarray(self.hard)]
        bad = soft[~(np.isfinite(soft) & (soft > 0))]
        if bad.size:
            raise ArgumentError(
                "weights",
                "of soft clauses must be > 0 and finite",
                bad[0],
                remedy="leave out clauses that do not count",
            )
        sizes = np.abs(self.literals)
        wrong = np.asarray(self.literals)[(sizes < 1) | (sizes > len(self.labels))]
        if wrong.size:
            raise ArgumentError(
                "literals", f"must be 1 to {len(self.labels)}, negative where negated", wrong[0]
            )

    @property
    def size(self) -> tuple[int, int]:
        """Further variables, and the products of spins that clauses multiply out to."""
        sizes = np.diff(self.pointers)
        further = np.maximum(0, -(-(sizes - self.longest) // (self.longest - 2)))
        products = float(((1 + further) * 2.0 ** np.minimum(sizes, self.longest)).sum())
        return len(self.labels) + int(further.sum()), int(products)

    @cached_property
    def products(self) -> PolynomialModel:
        """Products of the literals, in spins."""
        pointers, members, weights = spin_terms(self._short.clauses, self._scale)
        further = len(self._short.before)
        names = [*self.labels, *(("part", k) for k in range(further))]
        return PolynomialModel.from_arrays(
            pointers, members, -weights, labels=names if further else self.labels
        )

    @property
    def beta_range(self) -> tuple[float, float] | None:
        """The model's own without hard clauses; else from those to the lightest soft clause."""
        soft = self.weights[~self.hard]
        if not self.hard.any() or not soft.size:
            return None
        return 0.5 / (self._scale * self._hard_weight), 8.0 / (self._scale * float(soft.min()))

    def energy_of(self, objective: float) -> float:
        """Energy 2^k times the weight, k the most literals of a clause."""
        return self._scale * objective

    def objective(self, answer: Answer) -> float:
        """Weight of the soft clauses that are not satisfied."""
        soft = np.where(self.hard, 0.0, self.weights)
        return float(soft[unsatisfied(self._clauses, answer)].sum())

    def product_state(self, answer: npt.ArrayLike) -> SpinArray:
        """Variables that are 1 up, and of the further ones those that have to be."""
        bits = self.answer(answer)
        further = [not self._any_true(part, bits) for part in self._short.before]
        return np.where(np.append(bits > 0, further), 1, -1).astype(np.int8)

    def violated(self, answer: Answer) -> list[str]:
        """Hard clauses that are not satisfied."""
        bad = unsatisfied(self._clauses, answer)
        numbers = (bad[self.hard[bad]] + 1).tolist()
        what = f"{len(numbers)} of {self.hard.sum()} hard clauses are not satisfied"
        return [f"{what}: {listed(numbers)}"] if numbers else []

    def written(self, answer: Answer | None) -> list[str]:
        """Lines as in the MaxSAT Evaluation; only weight 0 is sure to be the optimum."""
        if answer is None:
            return ["s UNKNOWN"]
        cost = self.objective(answer)
        status = "SATISFIABLE" if cost else "OPTIMUM FOUND"
        return [f"o {cost:.15g}", f"s {status}", "v " + "".join(map(str, answer.tolist()))]

    @property
    def _clauses(self) -> Clauses:
        return Clauses(self.pointers, self.literals, self.weights)

    @cached_property
    def _short(self) -> Split:
        weighted = np.where(self.hard, self._hard_weight, self.weights)
        clauses = tidied(Clauses(self.pointers, self.literals, weighted))
        return split(clauses, len(self.labels), longest=self.longest)

    @cached_property
    def _hard_weight(self) -> float:
        soft = tidied(Clauses(self.pointers, self.literals, np.where(self.hard, 0.0, self.weights)))
        sizes = np.diff(soft.pointers)
        units = soft.pointers[:-1][sizes == 1]
        literals = soft.literals[units]
        n = len(self.labels)
        pull = np.bincount(
            np.abs(literals) - 1, soft.weights[sizes == 1] * np.sign(literals), minlength=n
        )
        spread = float(soft.weights[sizes > 1].sum() + np.abs(pull).sum())
        whole = bool((soft.weights == soft.weights.round()).all())
        return spread + (1.0 if whole else float(soft.weights.max(initial=0.0)))

    @cached_property
    def _scale(self) -> float:
        return 2.0 ** int(np.diff(self._short.clauses.pointers).max(initial=0))

    def _any_true(self, literals: npt.NDArray[np.int64], bits: Answer) -> bool:
        return bool((bits[np.abs(literals) - 1] == (literals > 0)).any())


@dataclass(frozen=True, eq=False, kw_only=True)
class Sat(MaxSat):
    """An assignment that satisfies every clause; anything else is infeasible.

    The model counts unsatisfied clauses as :class:`MaxSat` does, each of weight 1 and none of them
    hard, so that a state of energy 0 is a solution. A run that finds none has proved nothing.

    Examples
    --------
    >>> problem = Sat.of(np.array([0, 2, 3]), np.array([1, -2, 2]), (1, 2))
    >>> problem.check([1, 1]), problem.violations([0, 1])
    (True, ['1 of 2 clauses are not satisfied: 1'])
    """

    name = "sat"
    objective_name = "unsatisfied clauses"

    @classmethod
    def of(
        cls,
        pointers: npt.NDArray[np.int64],
        literals: npt.NDArray[np.int64],
        labels: Sequence[Hashable],
        *,
        longest: int = LONGEST,
        pairs: bool = False,
    ) -> Sat:
        """Problem of clauses that all have to be true."""
        count = pointers.size - 1
        return cls(
            pointers=pointers,
            literals=literals,
            weights=np.ones(count),
            hard=np.zeros(count, dtype=bool),
            labels=labels,
            longest=longest,
            pairs=pairs,
        )

    def violated(self, answer: Answer) -> list[str]:
        """Clauses that are not satisfied."""
        numbers = (unsatisfied(self._clauses, answer) + 1).tolist()
        what = f"{len(numbers)} of {self.weights.size} clauses are not satisfied"
        return [f"{what}: {listed(numbers)}"] if numbers else []

    def written(self, answer: Answer | None) -> list[str]:
        """Lines as in the SAT Competition."""
        if answer is None:
            return ["s UNKNOWN"]
        literals = np.where(answer > 0, 1, -1) * np.arange(1, answer.size + 1)
        text = " ".join(map(str, [*literals.tolist(), 0]))
        return ["s SATISFIABLE", *(f"v {line}" for line in textwrap.wrap(text, 76))]


def _sat(contents: ClauseContents, meaning: Meaning) -> Sat:
    return Sat.of(contents.pointers, contents.literals, contents.labels)


def _max_sat(contents: ClauseContents, meaning: Meaning) -> MaxSat:
    return MaxSat(
        pointers=contents.pointers,
        literals=contents.literals,
        weights=contents.values,
        hard=contents.hard,
        labels=contents.labels,
    )


SAT = ProblemKind(name="sat", of=("cnf",), make=_sat, rank=80)
MAX_SAT = ProblemKind(name="maxsat", of=("cnf", "wcnf"), make=_max_sat, rank=90)
