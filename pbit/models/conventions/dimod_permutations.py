"""dimod's constrained models that are assignments: one permutation, flows times distances."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import dimod
import numpy as np
import numpy.typing as npt

from pbit.machine import check_memory
from pbit.models.conventions.arrays import AssignmentArrays
from pbit.models.conventions.dimod_groups import Group, Permutation, groups_of_cqm
from pbit.models.labels import FloatArray, index_of

_ROUNDING = 1e-12  # of the largest entry of a table

Table = npt.NDArray[Any]


class Assignment(NamedTuple):
    """An assignment, and the bit that says that digit i has value p: ``variables[i][p]``."""

    arrays: AssignmentArrays
    variables: tuple[Group, ...]

    def samples(self, values: npt.ArrayLike, labels: list[Hashable]) -> FloatArray:
        """Bits in the order of labels, shape (r, n^2), of permutations (r, n)."""
        places = np.asarray(values, dtype=np.int64)
        column = index_of(labels)
        columns = np.array([[column[v] for v in row] for row in self.variables])
        bits = np.zeros((len(places), len(labels)))
        digits = np.arange(len(columns))
        np.put_along_axis(bits, columns[digits, places], 1.0, axis=1)
        return bits


def assignment_of_cqm(cqm: dimod.ConstrainedQuadraticModel) -> Assignment | None:
    """The CQM as an assignment; None where it has other constraints, variables or products.

    The objective has to be ``sum F_ij D_pq x_ip x_jq + sum L_ip x_ip``: all tables of what digits i
    and j cost together are multiples of one table, or of it turned round. Quadratic assignments,
    tours and linear assignments are.

    Examples
    --------
    >>> x = [[dimod.Binary((i, p)) for p in range(2)] for i in range(2)]
    >>> cqm = dimod.ConstrainedQuadraticModel()
    >>> cqm.set_objective(3 * x[0][0] * x[1][1] + 5 * x[0][1] * x[1][0])
    >>> for k in range(2):
    ...     _ = cqm.add_constraint(x[k][0] + x[k][1] == 1, label=("row", k))
    ...     _ = cqm.add_constraint(x[0][k] + x[1][k] == 1, label=("column", k))
    >>> assignment_of_cqm(cqm).arrays.distances.tolist()
    [[0.0, 3.0], [5.0, 0.0]]
    """
    found = groups_of_cqm(cqm)
    if len(found.permutations) != 1 or len(cqm.constraints) != 2 * len(found.groups):
        return None
    (one,) = found.permutations
    if len(cqm.variables) != len(one.rows) ** 2:
        return None
    turned = Permutation(one.columns, one.rows, tuple(zip(*one.variables, strict=True)))
    return _read(cqm, one) or _read(cqm, turned)


def _read(cqm: dimod.ConstrainedQuadraticModel, one: Permutation) -> Assignment | None:
    objective, n = cqm.objective, len(one.rows)
    place = {v: (i, p) for i, row in enumerate(one.variables) for p, v in enumerate(row)}
    tables = _tables(objective, place, n)
    factors = _factors(tables, n)
    if factors is None:
        return None
    linear = np.zeros((n, n))
    for v in objective.variables:
        linear[place[v]] = float(objective.get_linear(v))
    offset = float(objective.offset)
    return Assignment(AssignmentArrays(*factors, linear, offset, one.rows), one.variables)


def _tables(
    objective: Any, place: dict[Hashable, tuple[int, int]], n: int
) -> dict[tuple[int, int], Table]:
    """What digits i < j cost together, for those that cost something."""
    apart = []
    for u, v, bias in objective.iter_quadratic():
        (i, p), (j, q) = sorted((place[u], place[v]))
        if i != j and p != q and bias:  # others never meet in a permutation
            apart.append((i, j, p, q, float(bias)))
    pairs = {entry[:2] for entry in apart}
    check_memory(16.0 * len(pairs) * n * n, what="tables of pairs", lower="the number of variables")
    tables = {pair: np.zeros((n, n)) for pair in pairs}
    for i, j, p, q, bias in apart:
        tables[i, j][p, q] += bias
    return tables


def _factors(tables: dict[tuple[int, int], Table], n: int) -> tuple[FloatArray, FloatArray] | None:
    """F and D, if every table is a multiple of D or of D turned round."""
    flows = np.zeros((n, n))
    if not tables:
        return flows, np.zeros((n, n))
    first = max(sorted(tables), key=lambda pair: float(np.abs(tables[pair]).max()))
    distances = tables[first] / _unit(tables[first])
    for (i, j), table in tables.items():
        for from_, to, seen in ((i, j, table), (j, i, table.T)):
            multiple = _multiple(seen, distances)
            if multiple is not None:
                flows[from_, to] = multiple
                break
        else:
            return None
    return flows, distances


def _unit(table: Table) -> float:
    """Largest whole number by which all entries can be divided; 1 where some are not whole."""
    if (table != np.round(table)).any() or np.abs(table).max() >= 2**53:
        return 1.0
    return float(np.gcd.reduce(np.abs(table).astype(np.int64), axis=None))


def _multiple(table: Table, distances: Table) -> float | None:
    at = np.unravel_index(int(np.abs(distances).argmax()), distances.shape)
    multiple = float(table[at] / distances[at])
    error = np.abs(table - multiple * distances).max()
    return multiple if error <= _ROUNDING * np.abs(table).max() else None
