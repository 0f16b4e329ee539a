"""Products of many spins from pairs: every term, or every common pair in it, gets ancillas."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.graphs.compilation import Compiled
from pbit.graphs.pair_products import Substituted, substitute_pairs
from pbit.graphs.votes import one_each
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.polynomial import PolynomialModel
from pbit.models.terms import Terms, by_size

METHODS = ("auto", "terms", "pairs")


def reduce_order(model: PolynomialModel, *, method: str = "auto") -> Compiled:
    r"""Pairwise network whose least energy over its ancillas is the source's, state by state.

    .. math:: \min_a E'(s, a) = E(s) \quad\text{for every } s,

    so that the spectrum of the source, its ground states and its gap are kept without a penalty
    to choose.

    "terms" gives each term of k >= 3 spins ``(k - 1) // 2`` ancillas of its own. With
    ``S = sum sigma_i s_i`` the term is a function of S that zigzags, and

    .. math:: \pm\prod_i s_i = \tfrac12 S^2 - 2 \sum_c |S - c| + d S + e
              = \tfrac12 S^2 + dS + e + \min_a \sum_c 2 a_c (c - S),

    one ancilla a kink c: every second kink of the zigzag, the others are the parabola's. Couplings
    are 1 and 2 times the term's weight at any k. For k = 3 it is the known parity gadget.

    "pairs" first replaces the pair of spins that most terms share by a spin of its own,
    ``z = s_a s_b``, held by the term ``M (1 - s_a s_b z)`` with ``M = sum |w|`` over the terms
    replaced: a wrong z gains at most 2 M there and costs 2 M. Repeated while three terms share a
    pair; the rest as above.

    Parameters
    ----------
    model : PolynomialModel
    method : {"auto", "terms", "pairs"}
        "auto" takes the one with fewer p-bits ("terms" for more than 10^6 pairs in terms).

    Returns
    -------
    Compiled
        Its first n spins are the source's; ``encode`` sets the ancillas to their best. ``report``:
        method, degree, ancillas.

    Raises
    ------
    ValueError
        An unknown method.

    References
    ----------
    Anthony, Boros, Crama, Gruber, Discrete Appl. Math. 203, 1 (2016): quadratic forms of symmetric
    functions by their kinks.

    Examples
    --------
    >>> parity = PolynomialModel.from_terms({(0, 1, 2, 3): 1.0})
    >>> pairs = reduce_order(parity)
    >>> pairs.model.num_spins, pairs.model.energy(pairs.encode([1, 1, 1, -1])).item()
    (5, 1.0)
    """
    if method not in METHODS:
        raise ArgumentError("method", f"must be one of {', '.join(METHODS)}", method)
    terms = Terms(model.pointers, model.members, model.weights)
    plain = Substituted(terms, model.num_spins, 0.0, np.zeros((0, 3), dtype=np.int64))
    chosen, name = plain, "terms"
    if method == "pairs" or (method == "auto" and _num_pairs(terms) <= 10**6):
        shared = substitute_pairs(terms, model.num_spins)
        if method == "pairs" or _num_pbits(shared) < _num_pbits(plain):
            chosen, name = shared, "pairs"
    reduced = _with_gadgets(chosen, model.offset)
    report = {
        "method": name,
        "degree": model.degree,
        "ancillas": reduced.num_spins - model.num_spins,
    }
    votes = one_each(np.arange(model.num_spins))
    return Compiled("reduce_order", model, reduced, votes, report, chosen.products)


def _num_pairs(terms: Terms) -> int:
    sizes = np.diff(terms.pointers)
    return int((sizes * (sizes - 1) // 2)[sizes > 2].sum())


def _num_pbits(chosen: Substituted) -> int:
    sizes = np.diff(chosen.terms.pointers)
    return chosen.num_spins + int(((sizes - 1) // 2)[sizes > 2].sum())


class _Pieces(NamedTuple):
    """Couplings, biases and offset in our sign."""

    rows: list[Any]
    cols: list[Any]
    weights: list[FloatArray]
    sites: list[Any]
    biases: list[FloatArray]


def _with_gadgets(chosen: Substituted, offset: float) -> IsingModel:
    pieces = _Pieces([], [], [], [], [])
    count, offset = chosen.num_spins, offset + chosen.offset
    for bodies, weights in by_size(chosen.terms):
        k = bodies.shape[1]
        if k == 1:
            pieces.sites.append(bodies[:, 0])
            pieces.biases.append(weights)
        elif k == 2:
            _couple(pieces, bodies[:, 0], bodies[:, 1], weights)
        else:
            for sign in (1, -1):
                rows = bodies[np.sign(weights) == sign]
                sizes = np.abs(weights[np.sign(weights) == sign])
                offset += _add_gadgets(pieces, rows, sizes, sign=sign, first_ancilla=count)
                count += len(rows) * ((k - 1) // 2)
    h = np.zeros(count)
    if pieces.sites:
        h += np.bincount(
            np.concatenate(pieces.sites), weights=np.concatenate(pieces.biases), minlength=count
        )
    if not pieces.rows:
        _couple(pieces, np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0))
    return IsingModel.from_edges(
        np.concatenate(pieces.rows),
        np.concatenate(pieces.cols),
        np.concatenate(pieces.weights),
        h=h,
        offset=offset,
    )


def _couple(pieces: _Pieces, rows: Any, cols: Any, weights: FloatArray) -> None:
    pieces.rows.append(rows.astype(np.int64))
    pieces.cols.append(cols.astype(np.int64))
    pieces.weights.append(weights)


def _add_gadgets(
    pieces: _Pieces,
    bodies: npt.NDArray[Any],
    sizes: FloatArray,
    *,
    sign: int,
    first_ancilla: int,
) -> float:
    """Pieces for ``-sign * size * prod s``, a row of ``bodies`` each; what they add to offset."""
    k = bodies.shape[1]
    if not len(bodies):
        return 0.0
    kinks, slope, constant, flips = zigzag(k, sign)
    for i in range(k):
        pieces.sites.append(bodies[:, i])
        pieces.biases.append(-slope * flips[i] * sizes)
        for j in range(i):
            _couple(pieces, bodies[:, j], bodies[:, i], -flips[i] * flips[j] * sizes)
    for number, kink in enumerate(kinks):
        ancillas = first_ancilla + number * len(bodies) + np.arange(len(bodies))
        pieces.sites.append(ancillas)
        pieces.biases.append(-2.0 * kink * sizes)
        for i in range(k):
            _couple(pieces, bodies[:, i], ancillas, 2.0 * flips[i] * sizes)
    return float((k / 2 + constant) * sizes.sum())


def zigzag(k: int, sign: int) -> tuple[list[int], float, float, list[int]]:
    """``(kinks, d, e, sigma)`` of ``-sign * prod s = S^2 / 2 - 2 sum |S - c| + d S + e``.

    Examples
    --------
    >>> zigzag(3, 1)
    ([1], -1.0, 1.5, [1, 1, 1])
    """
    flips = [1] * k
    if k % 2 == 0 and sign > 0:
        flips[0] = -1  # turns the zigzag over: one kink less
    top = -sign * flips[0]
    kinks = list(range(k - 4 if top > 0 else k - 2, -k, -4))

    def bent(S: int) -> float:
        return S * S / 2 - 2 * sum(abs(S - c) for c in kinks)

    slope = (2 * top - bent(k) + bent(k - 2)) / 2
    return kinks, slope, top - bent(k) - slope * k, flips
