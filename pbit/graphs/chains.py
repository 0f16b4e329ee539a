"""Chains of copies: one source spin held by several p-bits, with couplings that keep it whole."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.graphs.compilation import Compiled
from pbit.graphs.votes import Votes
from pbit.kernels.graphs import forest
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, Labels

IntArray = npt.NDArray[np.int64]


class Chains(NamedTuple):
    """P-bits 0..N-1, those of source spin 0 first: its chain is a tree of them.

    sizes int64 (n,): length of each chain; parents int64 (N,): the p-bit that each hangs on, before
    it and of the same chain, -1 for the first one.
    """

    sizes: IntArray
    parents: IntArray


def chain_up(
    name: str,
    source: IsingModel,
    chains: Chains,
    couplings: tuple[Any, Any, FloatArray],
    *,
    labels: Labels = (),
    chain_strength: float | None = None,
    chain_scale: float = 1.0,
) -> Compiled:
    r"""Network with chains in the place of spins; couplings (rows, cols, weights) are the source's.

    The bias is shared out within a chain as the couplings on its p-bits are, whole numbers into
    whole numbers.

    **Ground states are kept, all of them and no other.** On p-bit q of a chain hang couplings of
    the source with ``a_q = sum |J|`` and a part ``h_q`` of the bias; let all ``h_q >= 0``, else
    turn the signs over. With ``p(X) = sum_X (a_q + h_q)`` and ``n(X) = sum_X max(0, a_q - h_q)``,
    moving p-bits X costs at most 2 p(X), and at most 2 n(X) if it moves them all up. A link that
    cuts the chain into the sides L and R gets the strength

    .. math:: F = \max(\min(p(L), n(R)), \min(n(L), p(R))) + \text{margin}, \quad
              \text{margin} > 0.

    Take a state with a broken chain, and the broken links as cuts. (1) If a piece D behind a
    single broken link is down, with Y the rest of the chain: turn D up, or all of Y over,
    whichever costs less; the link heals, no other changes, and ``F > min(n(D), p(Y))``. (2) Else
    all such pieces are up; take one, D. Turn it over at a cost of at most 2 p(D), or turn up all
    that is down, which lies in Y and heals every broken link, at 2 n(Y) at most. In each case the
    energy falls by 2 margin or more. So no ground state has a broken chain, a broken chain costs
    at least 2 margin over some state without it, and states of whole chains have the energies of
    the source, since the offset takes in ``sum F``. The margin is half the mean magnitude of the
    source's nonzero weights, rounded up to a whole number where these all are.

    ``chain_scale`` multiplies these strengths; a ``chain_strength`` given is used for every link
    as it is. ``report["exact"]`` tells whether all links still obey the bound.

    Returns
    -------
    Compiled
        ``report``: pbits, longest_chain, mean_chain, links, strongest_link, weakest_link,
        links_below_bound, exact.

    Raises
    ------
    ValueError
        A ``chain_strength`` or ``chain_scale`` that is not above 0 or not finite, or both.
    """
    _check_strength(chain_strength, chain_scale)
    owner = np.repeat(np.arange(chains.sizes.size), chains.sizes)
    rows, cols, weights = couplings
    ends = np.concatenate([rows, cols])
    loads: FloatArray = np.zeros(owner.size)
    loads += np.bincount(ends, weights=np.abs(np.tile(weights, 2)), minlength=owner.size)
    h = shared_out(source.h, chains.sizes, whole=is_whole(source), loads=loads)
    linked = np.flatnonzero(chains.parents >= 0)
    hung = _bounds(chains, owner, np.abs(h), loads)
    strengths = chain_scale * (hung + margin_of(source))
    if chain_strength is not None:
        strengths = np.full(hung.size, float(chain_strength))
    model = IsingModel.from_edges(
        np.concatenate([rows, chains.parents[linked]]),
        np.concatenate([cols, linked]),
        np.concatenate([weights, strengths]),
        h=h,
        offset=source.offset + float(strengths.sum()),
        labels=labels,
    )
    pointers = np.append(0, np.cumsum(chains.sizes))
    signs = np.ones(chains.sizes.size, dtype=np.int8)
    votes = Votes(pointers, np.arange(owner.size), signs)
    return Compiled(name, source, model, votes, _report(chains.sizes, strengths, hung))


def _check_strength(chain_strength: float | None, chain_scale: float) -> None:
    if chain_strength is not None and chain_scale != 1.0:
        raise ValueError(
            f"chain_strength and chain_scale must not both be given, got {chain_strength} and "
            f"{chain_scale}; leave one of them out"
        )
    for name, value in (("chain_strength", chain_strength), ("chain_scale", chain_scale)):
        if value is not None and not 0 < value < np.inf:
            raise ArgumentError(
                name,
                "must be > 0 and finite",
                value,
                remedy="leave it out for links that keep ground states exact",
            )


def _bounds(chains: Chains, owner: IntArray, biases: FloatArray, loads: FloatArray) -> FloatArray:
    """``max(min(p(L), n(R)), min(n(L), p(R)))`` of the links, by the p-bit that hangs on it."""
    linked = chains.parents >= 0
    p_low, p_high = _sides(chains, owner, loads + biases)
    n_low, n_high = _sides(chains, owner, np.maximum(0.0, loads - biases))
    bounds = np.maximum(np.minimum(p_low, n_high), np.minimum(n_low, p_high))
    return np.asarray(bounds[linked])


def _sides(chains: Chains, owner: IntArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sums over what hangs below each p-bit, itself included, and over the rest of its chain."""
    total = np.bincount(owner, weights=values, minlength=chains.sizes.size)[owner]
    below = values.copy()
    forest.subtree_sums(chains.parents, below)
    return below, np.maximum(0.0, total - below)  # not below zero by rounding


def _report(sizes: IntArray, strengths: FloatArray, hung: FloatArray) -> dict[str, Any]:
    below = int(np.count_nonzero(strengths <= hung))
    return {
        "pbits": int(sizes.sum()),
        "longest_chain": int(sizes.max(initial=0)),
        "mean_chain": float(sizes.mean()) if sizes.size else 0.0,
        "links": strengths.size,
        "strongest_link": float(strengths.max(initial=0.0)),
        "weakest_link": float(strengths.min()) if strengths.size else 0.0,
        "links_below_bound": below,
        "exact": below == 0,
    }


def is_whole(model: IsingModel) -> bool:
    """Whether all weights are whole numbers."""
    return all(bool((values == np.rint(values)).all()) for values in (model.J.data, model.h))


def margin_of(model: IsingModel) -> float:
    """Half the mean magnitude of the nonzero weights, rounded up if they are whole; 1 without."""
    sizes = np.abs(np.concatenate([model.edges()[2], model.h[model.h != 0]]))
    if not sizes.size:
        return 1.0
    half = 0.5 * float(sizes.mean(dtype=np.float64))
    return float(np.ceil(half)) if is_whole(model) else half


def shared_out(
    values: FloatArray, parts: IntArray, *, whole: bool, loads: FloatArray | None = None
) -> FloatArray:
    """Each value as ``parts`` numbers of its sign that add up to it, shape (sum of parts,).

    In proportion to ``loads`` >= 0, of the same shape, where these are not all 0 in a group, else
    evenly; as differences of rounded running sums where ``whole``.

    Examples
    --------
    >>> shared_out(np.array([-5.0, 1.0]), np.array([3, 2]), whole=True).tolist()
    [-2.0, -1.0, -2.0, 1.0, 0.0]
    """
    owner = np.repeat(np.arange(parts.size), parts)
    lengths = np.ones(owner.size) if loads is None else loads.astype(np.float64)
    total = np.bincount(owner, weights=lengths, minlength=parts.size)
    lengths = np.where(total[owner] > 0, lengths, 1.0)
    # Group by group, so that rounding in one does not reach the next.
    sums = np.empty(owner.size)
    forest.running_sums(parts, lengths, sums)
    last = np.cumsum(parts) - 1
    reached = np.abs(values)[owner] * (sums / sums[last[owner]])
    reached = np.floor(reached + 0.5) if whole else reached
    share = np.diff(reached, prepend=0.0)
    first = (last - parts + 1)[parts > 0]
    share[first] = reached[first]
    return np.asarray(np.copysign(share, values[owner]) + 0.0)
