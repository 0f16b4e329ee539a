"""Clauses as arrays: tidied, split where they are long, multiplied out into products of spins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.models.labels import FloatArray
from pbit.models.terms import pointers_of
from pbit.problems.core.problem import Answer

IntArray = npt.NDArray[np.int64]


class Clauses(NamedTuple):
    """Clause t is ``literals[pointers[t]:pointers[t + 1]]``: 1..n, negative where negated."""

    pointers: IntArray
    literals: IntArray
    weights: FloatArray


class Split(NamedTuple):
    """Short clauses with further variables, and for each of these the literals that make it false.

    Further variable j is true, where that matters, if no literal of ``before[j]`` is: the part of
    a long clause that is left has to be true then.
    """

    clauses: Clauses
    before: list[IntArray]


def tidied(clauses: Clauses) -> Clauses:
    """Without repeated literals, and without clauses that are always true.

    Examples
    --------
    >>> tidied(Clauses(np.array([0, 2, 4]), np.array([1, 1, 2, -2]), np.ones(2))).literals
    array([1])
    """
    owner = np.repeat(np.arange(clauses.weights.size), np.diff(clauses.pointers))
    order = np.lexsort((clauses.literals, np.abs(clauses.literals), owner))
    literals, owner = clauses.literals[order], owner[order]
    together = (owner[1:] == owner[:-1]) & (np.abs(literals[1:]) == np.abs(literals[:-1]))
    same = np.append(False, together & (literals[1:] == literals[:-1]))
    true = np.zeros(clauses.weights.size, dtype=bool)
    true[owner[1:][together & (literals[1:] != literals[:-1])]] = True
    kept = ~same & ~true[owner]
    sizes = np.bincount(owner[kept], minlength=true.size)[~true]
    return Clauses(pointers_of(sizes), literals[kept], clauses.weights[~true])


def split(clauses: Clauses, num_variables: int, *, longest: int) -> Split:
    """Clauses of at most ``longest`` >= 3 literals, with further variables n + 1, n + 2, ...

    ``a b c d e`` becomes ``a b y``, ``-y c z``, ``-z d e``, each of the whole weight: with the best
    y and z no part is false where the clause is true, and exactly one where it is false. So
    minimising over the further variables gives the same function of the others, for any weights.

    Examples
    --------
    >>> split(Clauses(np.array([0, 4]), np.array([1, 2, 3, 4]), np.ones(1)), 4, longest=3)[0][:2]
    (array([0, 3, 6]), array([ 1,  2,  5, -5,  3,  4]))
    """
    if np.diff(clauses.pointers).max(initial=0) <= longest:
        return Split(clauses, [])
    parts: list[IntArray] = []
    weights: list[float] = []
    before: list[IntArray] = []
    bounds = zip(clauses.pointers[:-1], clauses.pointers[1:], strict=True)
    for (begin, end), weight in zip(bounds, clauses.weights.tolist(), strict=True):
        rest, done = clauses.literals[begin:end], begin
        while rest.size > longest:
            taken = longest - 1
            done += taken - int(done > begin)
            before.append(clauses.literals[begin:done])
            further = num_variables + len(before)
            parts.append(np.append(rest[:taken], further))
            weights.append(weight)
            rest = np.append(-further, rest[taken:])
        parts.append(rest)
        weights.append(weight)
    sizes = np.array([part.size for part in parts], dtype=np.int64)
    literals = np.concatenate([np.empty(0, np.int64), *parts])
    return Split(Clauses(pointers_of(sizes), literals, np.array(weights)), before)


def spin_terms(clauses: Clauses, scale: float) -> tuple[IntArray, IntArray, FloatArray]:
    r"""Pointers, members and weights of ``scale * sum_t w_t prod_l (1 - l) / 2``, l = +-s.

    A clause of k literals gives 2^k products: ``prod_l (1 - l) = sum_S prod_{l in S} -l``.
    """
    sizes = np.diff(clauses.pointers)
    pieces = [_multiplied_out(clauses, sizes, k) for k in np.unique(sizes).tolist()]
    none = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    lengths, members, weights = (np.concatenate(parts) for parts in zip(none, *pieces, strict=True))
    return pointers_of(lengths), members, scale * weights


def _multiplied_out(
    clauses: Clauses, sizes: IntArray, k: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Lengths, members and weights of the products of all clauses of k literals."""
    which = np.flatnonzero(sizes == k)
    literals = clauses.literals[clauses.pointers[which][:, None] + np.arange(k)]
    subsets = (np.arange(2**k)[:, None] >> np.arange(k)) & 1 == 1
    chosen = np.broadcast_to(subsets, (which.size, 2**k, k))
    everyone = np.broadcast_to(literals[:, None, :], chosen.shape)
    signs = np.where(chosen, -np.sign(everyone), 1).prod(axis=2)
    weights = clauses.weights[which][:, None] * signs / 2.0**k
    members = np.abs(everyone[chosen]) - 1  # product by product
    return chosen.sum(axis=2).ravel(), members, weights.ravel()


def unsatisfied(clauses: Clauses, answer: Answer) -> IntArray:
    """Numbers of the clauses without a true literal, from 0; bits of the variables as they are.

    Examples
    --------
    >>> unsatisfied(Clauses(np.array([0, 2]), np.array([1, -2]), np.ones(1)), np.array([0, 1]))
    array([0])
    """
    bits = np.asarray(answer)
    true = bits[np.abs(clauses.literals) - 1] == (clauses.literals > 0)
    counts = np.append(0, np.cumsum(true))
    return np.flatnonzero(np.diff(counts[clauses.pointers]) == 0)
