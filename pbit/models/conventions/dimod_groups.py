"""Groups of bits of which exactly one is set: given, found in a CQM, or certain in a BQM."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import dimod
import numpy as np

from pbit.checks import instance
from pbit.models.conventions.cases import (
    Digits,
    Quadratic,
    case_arrays,
    case_values,
    check_groups,
    one_hot,
    own,
)
from pbit.models.labels import index_of

Group = tuple[Hashable, ...]


class Permutation(NamedTuple):
    """n rows and n columns of bits, one set of each: the place of a thing is a row of it.

    Parameters
    ----------
    rows, columns : n labels of constraints each
    variables : n rows of n labels, each in its column
    """

    rows: tuple[Hashable, ...]
    columns: tuple[Hashable, ...]
    variables: tuple[Group, ...]


class Found(NamedTuple):
    """What of a CQM says that exactly one of some bits is set.

    Parameters
    ----------
    groups : dict of constraint labels and their variables
        Apart from each other: the digits.
    overlapping : dict
        Others, which share variables with these.
    permutations : list of Permutation
        Groups and overlapping ones that fit together.
    """

    groups: dict[Hashable, Group]
    overlapping: dict[Hashable, Group]
    permutations: list[Permutation]


def groups_of_cqm(cqm: dimod.ConstrainedQuadraticModel) -> Found:
    """One-hot groups: those of ``add_discrete`` first, then constraints that say the same.

    A constraint does where it is hard, linear, an equality, over binary variables with equal
    coefficients, and its right side over the coefficient is 1.

    Examples
    --------
    >>> cqm = dimod.ConstrainedQuadraticModel()
    >>> x = dimod.BinaryArray(["a", "b", "c"])
    >>> _ = cqm.add_constraint(2 * x.sum() == 2, label="one")
    >>> groups_of_cqm(cqm).groups
    {'one': ('a', 'b', 'c')}
    """
    instance("cqm", cqm, dimod.ConstrainedQuadraticModel, remedy="from_bqm takes a BQM and groups")
    discrete = [label for label in cqm.constraints if label in cqm.discrete]
    others = [label for label in cqm.constraints if label not in cqm.discrete]
    groups: dict[Hashable, Group] = {}
    overlapping: dict[Hashable, Group] = {}
    taken: set[Hashable] = set()
    for label in [*discrete, *others]:
        if label in cqm.discrete or _is_one_hot(cqm, label):
            members = tuple(cqm.constraints[label].lhs.variables)
            (overlapping if taken.intersection(members) else groups)[label] = members
            taken.update(() if label in overlapping else members)
    return Found(groups, overlapping, _permutations(groups, overlapping))


def _is_one_hot(cqm: dimod.ConstrainedQuadraticModel, label: Hashable) -> bool:
    constraint = cqm.constraints[label]
    left = constraint.lhs
    is_equality = str(constraint.sense.value) == "==" and label not in cqm._soft
    if not is_equality or left.num_interactions or not left.num_variables:
        return False
    biases = {float(left.get_linear(v)) for v in left.variables}
    binary = all(cqm.vartype(v) is dimod.BINARY for v in left.variables)
    return binary and len(biases) == 1 and biases == {float(constraint.rhs) - float(left.offset)}


def _permutations(
    groups: dict[Hashable, Group], overlapping: dict[Hashable, Group]
) -> list[Permutation]:
    row_of = {v: label for label, members in groups.items() for v in members}
    column_of: dict[Hashable, Hashable] = {}
    by_rows: dict[frozenset[Hashable], list[Hashable]] = {}
    for column, members in overlapping.items():
        rows = [row_of.get(v) for v in members]
        if None not in rows and len(set(rows)) == len(rows):
            by_rows.setdefault(frozenset(rows), []).append(column)
            column_of.update(dict.fromkeys(members, column))
    found = []
    for together, columns in by_rows.items():
        rows = [label for label in groups if label in together]
        table = [{column_of.get(v): v for v in groups[row]} for row in rows]
        if len(rows) == len(columns) and all(set(line) == set(columns) for line in table):
            places = tuple(tuple(line[column] for column in columns) for line in table)
            if all(len(groups[row]) == len(columns) for row in rows):
                found.append(Permutation(tuple(rows), tuple(columns), places))
    return found


def digits_of_bqm(bqm: dimod.BinaryQuadraticModel, groups: Iterable[Iterable[Hashable]]) -> Digits:
    """A digit for each group, and one for each variable that is in none.

    Raises
    ------
    ValueError
        Groups that overlap, are empty, or have variables that the BQM does not have.
    """
    remedy = "DitModel.from_dqm takes a DQM, DitModel.from_cqm a CQM"
    instance("bqm", bqm, dimod.BinaryQuadraticModel, remedy=remedy)
    if isinstance(groups, str | bytes) or not isinstance(groups, Iterable):
        raise TypeError(f"groups must be lists of variables, got {groups!r:.60}")
    chosen = [_members(group) for group in groups]
    labels = list(bqm.variables)
    position = index_of(labels)
    check_groups(chosen, position)
    taken = {v for group in chosen for v in group}
    values = (-1, 1) if bqm.vartype is dimod.SPIN else (0, 1)
    bits = bqm.change_vartype(dimod.BINARY, inplace=False)
    digits = [one_hot(k, [position[v] for v in group], group) for k, group in enumerate(chosen)]
    alone = [
        own(v, j, (0, 1))._replace(cases=values) for j, v in enumerate(labels) if v not in taken
    ]
    table = case_values([*_named(digits, alone), *alone], len(labels))
    return Digits(case_arrays(table, _quadratic(bits, labels)), table)


def _members(group: Any) -> Group:
    if not isinstance(group, Iterable):
        raise TypeError(f"groups must be lists of variables, got {group!r:.60} as one")
    return tuple(group)


def _named(groups: Sequence[Any], alone: Sequence[Any]) -> list[Any]:
    """Groups by their number, or by a pair where a variable has that number for a name."""
    clash = {digit.label for digit in alone} & {digit.label for digit in groups}
    return [digit._replace(label=("group", digit.label)) if clash else digit for digit in groups]


def _quadratic(bits: dimod.BinaryQuadraticModel, labels: list[Hashable]) -> Quadratic:
    vectors = bits.to_numpy_vectors(variable_order=labels)
    return Quadratic(
        np.asarray(vectors.linear_biases, dtype=np.float64),
        np.asarray(vectors.quadratic.row_indices, dtype=np.int64),
        np.asarray(vectors.quadratic.col_indices, dtype=np.int64),
        np.asarray(vectors.quadratic.biases, dtype=np.float64),
        float(vectors.offset),
    )


def certain_groups(bqm: dimod.BinaryQuadraticModel) -> list[Group]:
    """Groups of a BQM of which all its ground states have exactly one bit set, proven so.

    With Q the matrix over bits, neg_i and pos_i the sums of the negative and positive couplings
    that leave the group, at most one is set if all couplings inside are >= 0 and
    ``Q_ij + max(Q_ii + neg_i, Q_jj + neg_j) > 0`` for each pair, since one of two leaves at a
    gain; at least one if ``Q_ii + pos_i < 0`` for some i, which comes at a gain. Groups are taken
    in the order of the variables; what is in none of them may be one-hot all the same.

    Examples
    --------
    >>> bqm = dimod.generators.combinations(["a", "b", "c"], 1, strength=2.0)
    >>> certain_groups(bqm)
    [('a', 'b', 'c')]
    """
    instance("bqm", bqm, dimod.BinaryQuadraticModel, remedy="groups_of_cqm takes a CQM")
    bits = bqm.change_vartype(dimod.BINARY, inplace=False)
    negative = {v: sum(min(0.0, b) for b in bits.adj[v].values()) for v in bits.variables}
    found: list[Group] = []
    taken: set[Hashable] = set()
    for v in bits.variables:
        if v not in taken:
            group = _grown(bits, v, negative=negative, taken=taken)
            if len(group) > 1 and _is_needed(bits, group):
                found.append(group)
                taken.update(group)
    return found


def _grown(
    bits: dimod.BinaryQuadraticModel,
    first: Hashable,
    *,
    negative: dict[Hashable, float],
    taken: set[Hashable],
) -> Group:
    """The variables from the first on that exclude each other, each added where it can be."""

    def exclude(u: Hashable, v: Hashable) -> bool:
        coupling = float(bits.adj[u].get(v, -1.0))
        gain = max(bits.get_linear(u) + negative[u], bits.get_linear(v) + negative[v])
        return coupling >= 0 and coupling + gain > 0

    group = [first]
    near = set(bits.adj[first]) - taken
    for v in bits.variables:
        if v in near and all(exclude(u, v) for u in group):
            group.append(v)
    return tuple(group)


def _is_needed(bits: dimod.BinaryQuadraticModel, group: Group) -> bool:
    inside = set(group)
    return any(
        bits.get_linear(v) + sum(max(0.0, b) for u, b in bits.adj[v].items() if u not in inside) < 0
        for v in group
    )
