"""dimod's discrete models: variables with several values each, every choice of which is allowed."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import instance
from pbit.models.digits.case_pairs import CasePairs, case_pairs
from pbit.models.digits.dit_model import DitModel
from pbit.models.digits.groups import groups
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.base import BaseProblem, one_each
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind, told_by_file
from pbit.problems.parts.bit_sum import BitSum

if TYPE_CHECKING:
    from pbit.formats.specifications import DiscreteContents


@dataclass(frozen=True, eq=False)
class DiscreteModel(ByValue, BaseProblem):
    r"""Lowest energy of digits; an answer gives each its value, 0 to K_i - 1.

    As p-bits, one a value: ``E(x) = sum h'_ia x_ia + sum W'_ij(a, b) x_ia x_jb
    + sum_i A_i (sum_a x_ia - 1)^2 + offset``, h' and W' less the smallest of each digit and of each
    table, which is the same for all answers and in the offset. ``A_i = B_i + u`` is enough, where
    ``B_i = min_a (h'_ia + sum_j max_b W'_ij(a, b))`` and u > 0: take a state that is no answer.
    While a digit has several values, take one out: nothing rises, the penalty falls by A_i at
    least. Then put a value to each digit that has none, where B_i is met: the energy rises by B_i
    at most, the penalty falls by A_i. So it lies u at least above an answer. `decode` takes these
    steps, each at the least energy.

    Parameters
    ----------
    digits_model : DitModel

    Raises
    ------
    TypeError
        Another model.

    Examples
    --------
    >>> triangle = DiscreteModel(DitModel.potts([0, 1, 2], [1, 2, 0], num_values=3))
    >>> triangle.objective(triangle.decode(np.full(9, -1)))
    0.0
    """

    digits_model: DitModel

    name = "dqm"
    objective_name = "energy"

    def __post_init__(self) -> None:
        remedy = "DitModel.from_dqm makes one of a dimod DQM"
        instance("digits_model", self.digits_model, DitModel, remedy=remedy)

    @property
    def labels(self) -> Sequence[Hashable]:
        """The digits."""
        return self.digits_model.labels

    @property
    def size(self) -> tuple[int, int]:
        """One p-bit a value, a coupling for two values of a digit and for what two digits cost."""
        counts = self.digits_model.num_values.astype(np.int64)
        rows, cols = self.digits_model.ends()
        return int(counts.sum()), int(
            (counts * (counts - 1) // 2).sum() + (counts[rows] * counts[cols]).sum() // 2
        )

    @property
    def digits(self) -> Digits:
        """The model as it is."""
        return Digits(self.digits_model, self.answer, self.digits_model.check)

    @cached_property
    def _shifted(self) -> tuple[FloatArray, CasePairs, float]:
        """h', W' of pairs of cases, and the offset."""
        dits = self.digits_model
        lowest = np.minimum.reduceat(dits.h, dits.starts[:-1]) if dits.num_digits else np.zeros(0)
        least = np.zeros(dits.neighbours.size)
        for group in groups(dits):
            least[group.entries] = group.tables.min(axis=(1, 2))[group.which]
        rows, cols = dits.ends()
        once = np.flatnonzero((rows < cols) & (least != 0))
        parts = [case_pairs(dits)]
        for entry in once.tolist():  # all pairs of these digits cost something now
            a, b = np.indices(dits.table(entry).shape).reshape(2, -1)
            at = dits.starts[rows[entry]] + a, dits.starts[cols[entry]] + b
            parts.append(CasePairs(*at, np.full(a.size, -least[entry])))
        pairs = CasePairs(*map(np.concatenate, zip(*parts, strict=True)))
        offset = dits.offset + float(lowest.sum() + least.sum() / 2)
        return dits.h - np.repeat(lowest, dits.num_values), pairs, offset

    @cached_property
    def penalties(self) -> FloatArray:
        """A_i; whole where all energies are."""
        dits = self.digits_model
        rows, _ = dits.ends()
        costs = self._shifted[0].copy()
        for group in groups(dits):
            worst = (group.tables.max(axis=2) - group.tables.min(axis=(1, 2))[:, None])[group.which]
            at = dits.starts[rows[group.entries]][:, None] + np.arange(worst.shape[1])
            np.add.at(costs, at, worst)
        least = np.minimum.reduceat(costs, dits.starts[:-1]) if dits.num_digits else costs
        largest = float(least.max(initial=0.0))
        unit = 1.0 if (costs == np.round(costs)).all() or not largest else largest / 16
        return np.asarray(least + unit)

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of one bit a value."""
        dits, (fields, pairs, offset) = self.digits_model, self._shifted
        total = BitSum(fields.size)
        total.offset = offset
        total.add(np.arange(fields.size), np.arange(fields.size), fields)
        total.add(*pairs)
        for start, stop, weight in zip(dits.starts, dits.starts[1:], self.penalties, strict=False):
            total.add_square(np.arange(start, stop), np.ones(stop - start), -1.0, weight=weight)
        names = [
            (label, case)
            for label, cases in zip(dits.labels, dits.cases, strict=True)
            for case in cases
        ]
        return total.model(names)

    def decode(self, spins: SpinArray) -> Answer:
        """The values that are up, repaired where there is not one."""
        dits = self.digits_model
        up = np.asarray(spins) > 0
        answer = np.full(dits.num_digits, -1, dtype=np.int64)
        single = [up[start:stop] for start, stop in zip(dits.starts, dits.starts[1:], strict=False)]
        for i, values in enumerate(single):
            if values.sum() == 1:
                answer[i] = values.argmax()
        for i in sorted(np.flatnonzero(answer < 0).tolist(), key=lambda i: not single[i].any()):
            costs = self._costs(answer, i)
            allowed = single[i] if single[i].any() else np.ones(costs.size, dtype=bool)
            answer[i] = np.where(allowed, costs, np.inf).argmin()
        return answer

    def _costs(self, answer: Answer, i: int) -> FloatArray:
        """Energy of each value of digit i beside the digits that have one."""
        dits = self.digits_model
        costs = dits.h[dits.starts[i] : dits.starts[i + 1]].copy()
        for entry in range(dits.pointers[i], dits.pointers[i + 1]):
            other = answer[dits.neighbours[entry]]
            if other >= 0:
                costs += dits.table(entry)[:, other]
        return np.asarray(costs)

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if each is one that its digit has."""
        array = one_each(values, self.digits_model.num_digits)
        whole = np.asarray(array, dtype=np.float64)
        bad = np.flatnonzero(
            (whole < 0) | (whole >= self.digits_model.num_values) | (whole != np.round(whole))
        )
        if bad.size:
            most = int(self.digits_model.num_values[bad[0]]) - 1
            raise ValueError(
                f"answers must be whole numbers from 0 to {most} for digit {bad[0]}, got "
                f"{array[bad[0]]}"
            )
        return array.astype(np.int64)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """One spin up a digit."""
        dits = self.digits_model
        spins = np.full(dits.h.size, -1, dtype=np.int8)
        spins[dits.starts[:-1] + self.answer(answer)] = 1
        return spins

    def objective(self, answer: Answer) -> float:
        """The energy of the digits."""
        return float(self.digits_model.energy(answer))

    def energy_of(self, objective: float) -> float:
        """The same."""
        return objective


def _discrete(contents: DiscreteContents, meaning: Meaning) -> DiscreteModel:
    return DiscreteModel(
        DitModel.from_cases(
            contents.num_values,
            contents.linear,
            contents.rows,
            contents.cols,
            contents.values,
            offset=contents.offset,
            labels=contents.labels,
        )
    )


PROBLEM = ProblemKind(name="dqm", of=("dqm",), make=told_by_file(_discrete), rank=175)
