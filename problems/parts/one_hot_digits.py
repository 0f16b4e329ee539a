"""Constrained models whose constraints all say 'exactly one of these bits': as digits."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.models.conventions.arrays import DitArrays
from pbit.models.conventions.cases import CaseValues
from pbit.models.conventions.dimod_cqm import digits_of_cqm
from pbit.models.conventions.dimod_groups import Found, groups_of_cqm
from pbit.models.conventions.dimod_permutations import Assignment, assignment_of_cqm
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.digits.checks import ValueArray
from pbit.models.digits.dit_model import DitModel
from pbit.models.digits.scales import ranges
from pbit.models.labels import FloatArray, index_of
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer

_WIDEST = 64  # values of an integer; the bits of wider ones move further at a time


def digits_of_groups(cqm: Any) -> Digits | None:
    """A digit for each group and other variable; None where constraints say anything else.

    Assignments (:mod:`pbit.models.conventions.dimod_permutations`) are permutations throughout.
    Groups that share bits with others cost ``A (sum x - 1)^2``. With D the most that one digit can
    change the objective by, ``A = D / 2 + u`` is enough for rows and columns of permutations, for
    any u > 0: where a column has r > 1 digits another is empty, and one of them moved there costs
    D at most and saves ``(2 r - 2) A``. For other groups A is the range of the objective and u.

    Examples
    --------
    >>> import dimod
    >>> cqm = dimod.ConstrainedQuadraticModel()
    >>> _ = cqm.add_discrete("abc", label="one")
    >>> digits_of_groups(cqm).model.num_values.tolist()
    [3]
    """
    assigned = assignment_of_cqm(cqm)
    if assigned is not None:
        return _permutation(cqm, assigned)
    found = groups_of_cqm(cqm)
    others = set(cqm.constraints) - set(found.groups) - set(found.overlapping)
    if not found.groups or others or any(_is_wide(cqm, v) for v in cqm.variables):
        return None
    arrays, cases = digits_of_cqm(cqm, penalty=partial(_penalty, found))
    size = len(cqm.variables)

    def answer(values: npt.ArrayLike) -> Answer:
        found: Answer = cases.samples(np.atleast_2d(values))[0, :size].astype(np.int64)
        return found

    return Digits(DitModel.from_cases(**arrays._asdict()), answer, partial(_values, cases, size))


def _permutation(cqm: Any, assigned: Assignment) -> Digits:
    labels = list(cqm.variables)
    column = index_of(labels)
    columns = np.array([[column[v] for v in row] for row in assigned.variables])

    def answer(values: npt.ArrayLike) -> Answer:
        found: Answer = assigned.samples(np.atleast_2d(values), labels)[0].astype(np.int64)
        return found

    def values(answer: npt.ArrayLike) -> ValueArray:
        bits = np.asarray(answer)[columns]
        if not ((bits.sum(axis=0) == 1).all() and (bits.sum(axis=1) == 1).all()):
            raise ValueError("the answer must have exactly one bit of each row and column set")
        return np.asarray(bits.argmax(axis=1), dtype=np.int16)

    return Digits(AssignmentModel(**assigned.arrays._asdict()), answer, values)


def _is_wide(cqm: Any, label: Any) -> bool:
    kind = cqm.vartype(label).name
    width = cqm.upper_bound(label) - cqm.lower_bound(label)
    return bool(kind == "REAL" or (kind == "INTEGER" and width >= _WIDEST))


def _penalty(found: Found, objective: DitArrays) -> float:
    model = DitModel.from_cases(**objective._asdict())
    columns = {column for one in found.permutations for column in one.columns}
    if columns == set(found.overlapping):
        enough = float(ranges(model).max(initial=0.0)) / 2
    else:
        least, most = model.bounds
        enough = most - least
    return enough + max(1.0, enough / 16) if enough else 1.0


def _values(cases: CaseValues, size: int, answer: npt.ArrayLike) -> ValueArray:
    """The case of each digit that has all the values of the answer.

    Raises
    ------
    ValueError
        A group without exactly one bit set.
    """
    wanted: FloatArray = np.asarray(answer, dtype=np.float64)
    table = cases.table[:, :size].toarray()
    values = []
    starts = np.cumsum(cases.num_values) - cases.num_values
    for label, start, count in zip(cases.labels, starts, cases.num_values, strict=True):
        rows = table[start : start + count]
        columns = np.flatnonzero(rows.any(axis=0))
        fits = np.flatnonzero((rows[:, columns] == wanted[columns]).all(axis=1))
        if fits.size != 1:
            raise ValueError(f"the answer must have exactly one bit of {label!r} set")
        values.append(int(fits[0]))
    return np.array(values, dtype=np.int16)
