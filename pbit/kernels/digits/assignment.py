"""Permutations that assign: swaps of two places, the change of energy in one pass of vectors.

``E = sum_ij F_ij D_(p_i p_j) + sum_i L_(i p_i)``, F and D without diagonals, p the values. Kept are
the distances between the places taken, ``P_ij = D_(p_i p_j)``, so that a swap of r and s changes

    E by  sum_k (F_rk - F_sk) (P_sk - P_rk) + the same of F', P' + (F_rs + F_sr) (P_rs + P_sr)
    + L_rb + L_sa - L_ra - L_sb,   a = p_r, b = p_s

over all k, r and s included, whose wrong terms the product corrects; F' and P' are transposed.
Sums are taken in one order on all machines. An accepted swap exchanges two rows and two columns.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.digits import family
from pbit.kernels.digits.proposals import below, is_taken, words_of
from pbit.kernels.jit import chosen_by_types, inner, merged
from pbit.kernels.vectors.llvm import (
    F64,
    I32,
    Loop,
    constant,
    constant_index,
    data_of,
    integer,
    load,
)

LANES = 8


class Assignment(NamedTuple):
    """``flows`` float64 (1, n, m), or (2, n, m) with the transposed ones behind where F and D are
    not both symmetric; m, n to the next multiple of 8, holds zeros beyond n. ``distances``,
    ``linear`` float64 (n, n). The diagonal of flows and distances is 0."""

    flows: Any
    distances: Any
    linear: Any


class Placed(NamedTuple):
    """``between`` float64, as ``flows``: the distances between the places that are taken; those of
    many replicas have one axis more in front."""

    between: Any

    @classmethod
    def of(cls, model: Assignment, replicas: int) -> Placed:
        """Of so many replicas."""
        return cls(np.zeros((replicas, *model.flows.shape)))


def padded(n: int) -> int:
    """The width of rows of n."""
    return -(-n // LANES) * LANES


@inner
def start(model: Any, values: Any, work: Any) -> Any:
    """Distances between the places taken; the energy."""
    flows, between = model.flows, work.between
    n = model.distances.shape[0]
    energy = 0.0
    for i in range(n):
        for j in range(n):
            between[0, i, j] = model.distances[values[i], values[j]]
    if between.shape[0] > 1:
        for i in range(n):
            for j in range(n):
                between[1, i, j] = model.distances[values[j], values[i]]
    for i in range(n):
        energy += model.linear[i, values[i]]
        for j in range(n):
            energy += flows[0, i, j] * between[0, i, j]
    return energy


@intrinsic  # type: ignore[untyped-decorator]
def _crossed(typingctx: Any, flows: Any, between: Any, side: Any, r: Any, s: Any) -> Any:
    """``sum_k (F_rk - F_sk) (P_sk - P_rk)`` over rows r and s of one side, eight k at a time."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, b, arguments[0])
        shape = [b.extract_value(array.shape, k) for k in range(3)]
        first = b.mul(arguments[2], b.mul(shape[1], shape[2]))
        rows = [b.add(first, b.mul(arguments[k], shape[2])) for k in (3, 4)]
        f, p = (data_of(context, b, signature.args[k], arguments[k]) for k in (0, 1))
        loop = Loop(b, [integer(0), constant(F64, 0.0, LANES)])
        k, total = loop.values
        with loop.running(b.icmp_signed("<", k, shape[2])):
            at_r, at_s = (b.add(row, k) for row in rows)
            flow = b.fsub(load(b, f, at_r, lanes=LANES), load(b, f, at_s, lanes=LANES))
            way = b.fsub(load(b, p, at_s, lanes=LANES), load(b, p, at_r, lanes=LANES))
            loop.next([b.add(k, integer(LANES)), b.fadd(total, b.fmul(flow, way))])
        return _folded(b, loop.values[1])

    return types.float64(flows, between, side, r, s), codegen


def _folded(b: Any, total: Any) -> Any:
    """The sum of a vector, by halves."""
    width = LANES
    while width > 1:
        width //= 2
        low, high = (
            b.shuffle_vector(total, total, constant(I32, list(range(k, k + width)), width))
            for k in (0, width)
        )
        total = b.fadd(low, high)
    return b.extract_element(total, constant_index(0))


@merged
def swap_change(model: Any, values: Any, work: Any, r: Any, s: Any) -> Any:
    """What it costs to swap the values of r and s."""
    flows, between, linear = model.flows, work.between, model.linear
    a, b = values[r], values[s]
    total = _crossed(flows, between, int64(0), int64(r), int64(s))
    if flows.shape[0] > 1:
        total += _crossed(flows, between, int64(1), int64(r), int64(s))
    else:
        total += total
    total += (flows[0, r, s] + flows[0, s, r]) * (between[0, r, s] + between[0, s, r])
    return total + ((linear[r, b] - linear[r, a]) + (linear[s, a] - linear[s, b]))


@inner
def swap(values: Any, work: Any, r: Any, s: Any) -> None:
    """Exchange the values of r and s."""
    values[r], values[s] = values[s], values[r]
    between = work.between
    n = between.shape[1]
    for side in range(between.shape[0]):
        one, other = between[side, r], between[side, s]
        for k in range(n):
            one[k], other[k] = other[k], one[k]
        for k in range(n):
            row = between[side, k]
            row[r], row[s] = row[s], row[r]


@inner
def sweep(
    model: Any, values: Any, work: Any, beta: Any, rule: Any, sweep_number: Any, read: Any,
    k0: Any, k1: Any,
) -> Any:  # fmt: skip
    """n proposals to swap two of the values, every pair as likely; the change of energy."""
    n = values.size
    total = 0.0
    for proposal in range(n if n > 1 else 0):
        first, second, _, last = words_of(proposal, sweep_number, read, k0, k1)
        r, s = below(first, n), below(second, n - 1)
        s += s >= r
        change = swap_change(model, values, work, r, s)
        if is_taken(change, 1.0, beta, rule, last):
            swap(values, work, r, s)
            total += change
    return total


@chosen_by_types(family.work_of)  # type: ignore[untyped-decorator]
def _work_of(works, replica):  # type: ignore[no-untyped-def]
    def one(works, replica):  # type: ignore[no-untyped-def]
        return Placed(works.between[replica])

    return one if family.is_record(works, Placed) else None


@chosen_by_types(family.start)  # type: ignore[untyped-decorator]
def _start(model, values, work):  # type: ignore[no-untyped-def]
    def swaps(model, values, work):  # type: ignore[no-untyped-def]
        return start(model, values, work)

    return swaps if family.is_record(model, Assignment) else None


@chosen_by_types(family.sweep)  # type: ignore[untyped-decorator]
def _sweep(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
    def swaps(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
        return sweep(model, values, work, beta, rule, sweep_number, read, k0, k1)

    return swaps if family.is_record(model, Assignment) else None
