"""dimod's constrained quadratic models, LP files among them: dimod itself judges the answers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.base import BaseProblem, listed
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.integer_program import IntegerProgram
from pbit.problems.parts.bit_sum import Ints
from pbit.problems.parts.integer_rows import RowError
from pbit.problems.parts.one_hot_digits import digits_of_groups

if TYPE_CHECKING:
    from pbit.formats.cqm import CqmContents

_WIDEST = 2**30
_ROUNDS = 20
_ENDLESS = 1e15  # dimod's integers have bounds of 2^53 where nothing is said
_LARGEST_TABLE = 2**27  # coefficients, those that are 0 among them: 1 GiB
_SHOWN = 12  # values that are printed

Part = tuple[str, Hashable]


class Misfit(ValueError):
    """A variable or constraint that the problem cannot hold; `part` says which one.

    Parameters
    ----------
    part : tuple
        "variable" or "constraint", and its label.
    problem : str
    """

    def __init__(self, part: Part, problem: str) -> None:
        super().__init__(part, problem)
        self.part, self.problem = part, problem

    def __str__(self) -> str:
        return self.problem


class _Linear(NamedTuple):
    """A constraint as dimod has it."""

    label: Hashable
    row: FloatArray
    sense: str
    total: float


@dataclass(frozen=True, eq=False)
class ConstrainedModel(ByValue, BaseProblem):
    """Minimise the objective of a CQM under its constraints; an answer gives each variable a value.

    The model is that of an :class:`~pbit.problems.integer_program.IntegerProgram` with the same
    objective, constraints and bounds, where the penalties are derived; bounds are first narrowed
    by what the constraints imply. The objective of an answer is computed by ``cqm.objective``, its
    violations by ``cqm.iter_violations``.

    Parameters
    ----------
    cqm : dimod.ConstrainedQuadraticModel
        Binary, spin and integer variables; linear constraints, none of them soft.
    maximise : bool
        For a file that asks for the largest value: the objective is minus that of ``cqm``.
    objective_name : str

    Raises
    ------
    ValueError
        Real variables, quadratic or soft constraints, no bounds, or what `IntegerProgram` refuses.

    Examples
    --------
    >>> import dimod
    >>> x, y = dimod.Binaries(["x", "y"])
    >>> cqm = dimod.ConstrainedQuadraticModel()
    >>> cqm.set_objective(-2 * x - 3 * y)
    >>> _ = cqm.add_constraint(x + y <= 1, label="one")
    >>> problem = ConstrainedModel(cqm)
    >>> problem.objective([0, 1]), problem.violations([1, 1])
    (-3.0, ["constraint 'one' is violated by 1"])
    """

    cqm: Any
    maximise: bool = False
    objective_name: str = "objective"

    name = "cqm"

    def __post_init__(self) -> None:
        _ = self.program  # refused here rather than at the first use

    @cached_property
    def labels(self) -> Sequence[Hashable]:
        """The variables."""
        return tuple(self.cqm.variables)

    @cached_property
    def program(self) -> IntegerProgram:
        """The programme that is solved: spins as bits, ``s = 2 b - 1``."""
        self._check_kinds()
        self._check_table()
        position = {label: j for j, label in enumerate(self.labels)}
        rows = [self._row(label, position) for label in sorted(self.cqm.constraints, key=str)]
        low, high = self._bounds(rows)
        objective = self.cqm.objective
        linear = np.array([float(objective.get_linear(v)) for v in self.labels])
        products = [
            (position[u], position[v], float(bias)) for u, v, bias in objective.iter_quadratic()
        ]
        columns = tuple(np.array(part) for part in zip(*products, strict=True))
        fields: dict[str, Any] = dict(
            linear=linear,
            matrix=np.array([row.row for row in rows]).reshape(len(rows), len(self.labels)),
            senses=[row.sense for row in rows],
            totals=[row.total for row in rows],
            low=low,
            high=high,
            quadratic=columns if products else ((), (), ()),
            offset=float(objective.offset),
            labels=self.labels,
            row_names=[row.label for row in rows],
            steps=np.array([2 if self._kind(v) == "SPIN" else 1 for v in self.labels]),
        )
        try:
            return IntegerProgram(**fields)
        except RowError as error:
            raise Misfit(("constraint", rows[error.row].label), error.problem) from error

    def _kind(self, label: Hashable) -> str:
        return str(self.cqm.vartype(label).name)

    def _check_kinds(self) -> None:
        for label in self.labels:
            if self._kind(label) == "REAL":
                raise Misfit(
                    ("variable", label),
                    f"variable {label!r} must be binary, spin or integer, got real; round it to "
                    "a grid of integers (in an LP file list it under General or Binary)",
                )
        soft = list(self.cqm._soft)
        if soft:
            raise ValueError(
                f"constraints must be hard, got soft ones: {listed(soft)}; put them into the "
                "objective"
            )

    def _check_table(self) -> None:
        rows, columns = len(self.cqm.constraints), len(self.labels)
        if rows * columns > _LARGEST_TABLE:
            raise ValueError(
                f"{rows} constraints on {columns} variables need a table of {rows * columns} "
                f"coefficients, expected at most 2^27 = {_LARGEST_TABLE}; split the problem"
            )

    def _row(self, label: Hashable, position: dict[Hashable, int]) -> _Linear:
        constraint = self.cqm.constraints[label]
        left = constraint.lhs
        if left.num_interactions:
            raise Misfit(
                ("constraint", label),
                f"constraint {label!r} must be linear, got products; replace each by a variable",
            )
        row = np.zeros(len(position))
        for variable in left.variables:
            row[position[variable]] = float(left.get_linear(variable))
        total = float(constraint.rhs) - float(left.offset)
        return _Linear(label, row, str(constraint.sense.value), total)

    def _bounds(self, rows: list[_Linear]) -> tuple[Ints, Ints]:
        """Bounds of the variables, narrowed by the constraints until nothing changes."""
        low = np.array([float(self.cqm.lower_bound(v)) for v in self.labels])
        high = np.array([float(self.cqm.upper_bound(v)) for v in self.labels])
        for j, label in enumerate(self.labels):
            if self._kind(label) == "SPIN":
                low[j], high[j] = -1.0, 1.0
        low, high = np.ceil(low), np.floor(high)
        for _ in range(_ROUNDS):
            before = low.copy(), high.copy()
            for row in rows:
                if row.sense != ">=":
                    _narrow(row.row, row.total, low, high)
                if row.sense != "<=":
                    _narrow(-row.row, -row.total, low, high)
            if np.array_equal(before[0], low) and np.array_equal(before[1], high):
                break
        self._check_bounds(low, high)
        return low.astype(np.int64), high.astype(np.int64)

    def _check_bounds(self, low: FloatArray, high: FloatArray) -> None:
        for j, label in enumerate(self.labels):
            if low[j] > high[j]:
                raise Misfit(
                    ("variable", label),
                    f"the constraints leave no value for {label!r}, expected at least one; the "
                    "problem is infeasible",
                )
            if self._kind(label) == "SPIN":
                low[j], high[j] = -1.0, 1.0  # what is narrower is left to the penalties
            elif not high[j] - low[j] < _WIDEST:
                raise Misfit(
                    ("variable", label),
                    f"variable {label!r} lies in {low[j]:g}..{high[j]:g}, expected fewer than "
                    f"{_WIDEST} values; give it bounds",
                )

    @property
    def model(self) -> IsingModel:
        """That of the programme."""
        return self.program.model

    @property
    def size(self) -> tuple[int, int]:
        """That of the programme."""
        return self.program.size

    @cached_property
    def digits(self) -> Digits | None:
        """A digit for each group of bits of which exactly one is set, if constraints say no more.

        Its energies are those of the CQM's objective.
        """
        return digits_of_groups(self.cqm)

    def decode(self, spins: SpinArray) -> Answer:
        """Values that the bits say."""
        return self.program.decode(spins)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """Bits of the values, and the slacks that fit best."""
        return self.program.encode(answer)

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if they are whole and within their bounds."""
        return self.program.answer(values)

    def violated(self, answer: Answer) -> list[str]:
        """Constraints of the CQM that are not met, as dimod sees it."""
        found = self.cqm.iter_violations(self._sample(answer), skip_satisfied=True, clip=True)
        return [
            f"constraint {label!r} is violated by {float(by):.6g}"
            for label, by in found
            if not self._met(label, answer)
        ]

    def _met(self, label: Hashable, answer: Answer) -> bool:
        """Whether dimod's own tolerance (1e-8 and 1e-6 of the total) forgives it."""
        constraint = self.cqm.constraints[label]
        ((_, by),) = self.cqm.iter_violations(self._sample(answer), labels=[label], clip=True)
        return bool(by <= 1e-8 + 1e-6 * abs(float(constraint.rhs)))

    def objective(self, answer: Answer) -> float:
        """Objective of the CQM, or minus it."""
        given = self.cqm.objective
        # dimod forgets the constant where there is nothing else.
        energy = float(given.energy(self._sample(answer)) if given.variables else given.offset)
        return -energy if self.maximise else energy

    def energy_of(self, objective: float) -> float:
        """The objective, or minus it where more is better."""
        return -objective if self.maximise else objective

    def written(self, answer: Answer | None) -> list[str]:
        """Values of a short answer, or those that are not 0 if they are few."""
        if answer is None:
            return []
        pairs = [f"{_printable(v)}={value}" for v, value in self._sample(answer).items()]
        if len(pairs) <= _SHOWN:
            return [f"values {' '.join(pairs)}"]
        used = [pair for pair, value in zip(pairs, answer.tolist(), strict=True) if value]
        if len(used) > _SHOWN:
            return []
        return [f"values {' '.join(used) or 'all 0'}" + (", the others 0" if used else "")]

    def _sample(self, answer: npt.ArrayLike) -> dict[Hashable, int]:
        return dict(zip(self.labels, np.asarray(answer).tolist(), strict=True))


def _printable(label: Hashable) -> str:
    return str(label) if str(label).isprintable() else repr(label)


def _narrow(row: FloatArray, total: float, low: FloatArray, high: FloatArray) -> None:
    """Narrow bounds by ``row @ x <= total``: each variable, the others at their best."""
    columns = np.flatnonzero(row)
    parts = row[columns]
    least = np.where(parts > 0, parts * low[columns], parts * high[columns])
    endless = np.abs(least) > _ENDLESS
    whole = least[~endless].sum()
    count = np.count_nonzero(endless)
    for j, part, own, alone in zip(
        columns.tolist(), parts.tolist(), least.tolist(), endless.tolist(), strict=True
    ):
        if count > alone:
            continue  # without bounds of the others nothing follows
        limit = (total - (whole if alone else whole - own)) / part
        slack = 1e-9 * max(1.0, abs(limit))
        if part > 0:
            high[j] = min(high[j], np.floor(limit + slack))
        else:
            low[j] = max(low[j], np.ceil(limit - slack))


def _constrained(contents: CqmContents, meaning: Meaning) -> ConstrainedModel:
    """The problem, or a refusal that names the place in the file where it is known."""
    try:
        return ConstrainedModel(contents.cqm, contents.maximise, contents.objective_name)
    except ValueError as error:
        part = error.part if isinstance(error, Misfit) else None
        line, column = (None, None) if part is None else contents.places.get(part, (None, None))
        raise FormatError(contents.name, line, str(error), column=column) from error


PROBLEM = ProblemKind(name="cqm", of=("cqm",), make=_constrained, rank=170)
