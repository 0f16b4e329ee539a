"""Chains of copies: one source spin held by several p-bits, with couplings that keep it whole."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.graphs.compiled import Compiled
from pbit.graphs.votes import Votes
from pbit.kernels import forest
from pbit.model import FloatArray, IsingModel, Labels

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
) -> Compiled:
    r"""Network with chains in the place of spins; couplings (rows, cols, weights) are the source's.

    Biases are shared out within a chain, whole numbers into whole numbers.

    **Ground states are kept, all of them and no other.** Let a link of a chain cut it into two
    sides, and let ``A`` and ``B`` be the sums of all ``|J| + |h|`` that hang on them from outside
    the chain. The link gets the strength ``F = min(A, B) + margin`` with ``margin > 0``. In a state
    where it is broken, flip every p-bit of the lighter side: the link gains ``2 F``, no other link
    of any chain changes, and what hangs on that side loses at most ``2 min(A, B)``. The energy
    falls by at least ``2 margin``, so that no ground state has a broken chain; and a state of whole
    chains has the energy of the source's state, since the offset takes in ``sum F``. The margin is
    the mean magnitude of the source's nonzero weights, and a whole number where these all are.

    A ``chain_strength`` given is used for every link as it is; ``report["exact"]`` tells whether
    all of them still obey the bound.

    Returns
    -------
    Compiled
        ``report``: pbits, longest_chain, mean_chain, links, strongest_link, weakest_link,
        links_below_bound, exact.

    Raises
    ------
    ValueError
        A ``chain_strength`` that is not above 0 or not finite.
    """
    if chain_strength is not None and not 0 < chain_strength < np.inf:
        raise ValueError(
            f"chain_strength must be > 0 and finite, got {chain_strength}; leave it out for the "
            "strengths that keep ground states exact"
        )
    owner = np.repeat(np.arange(chains.sizes.size), chains.sizes)
    h = shared_out(source.h, chains.sizes, whole=is_whole(source))
    rows, cols, weights = couplings
    linked = np.flatnonzero(chains.parents >= 0)
    hung = _hung(chains, owner, h, couplings)
    strengths = hung + margin_of(source) if chain_strength is None else hung * 0 + chain_strength
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


def _hung(chains: Chains, owner: IntArray, h: FloatArray, couplings: Any) -> FloatArray:
    """``min(A, B)`` of every link, in the order of the p-bits that hang on something."""
    rows, cols, weights = couplings
    n = owner.size
    below = np.abs(h)
    for ends in (rows, cols):
        below += np.bincount(ends, weights=np.abs(weights), minlength=n)
    total = np.bincount(owner, weights=below, minlength=chains.sizes.size)
    forest.subtree_sums(chains.parents, below)
    linked = chains.parents >= 0
    # Differences of sums may come out below zero by rounding.
    return np.maximum(0.0, np.minimum(below, total[owner] - below)[linked])


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
    """Mean magnitude of the nonzero weights, whole if they are; 1 without any."""
    sizes = np.abs(np.concatenate([model.edges()[2], model.h[model.h != 0]]))
    if not sizes.size:
        return 1.0
    mean = float(sizes.mean(dtype=np.float64))
    return float(np.ceil(mean)) if is_whole(model) else mean


def shared_out(values: FloatArray, parts: IntArray, *, whole: bool) -> FloatArray:
    """Each value as ``parts`` numbers of its sign that add up to it, shape (sum of parts,).

    Examples
    --------
    >>> shared_out(np.array([-5.0, 1.0]), np.array([3, 2]), whole=True).tolist()
    [-2.0, -2.0, -1.0, 1.0, 0.0]
    """
    owner = np.repeat(np.arange(parts.size), parts)
    rank = np.arange(owner.size) - np.repeat(np.cumsum(parts) - parts, parts)
    size, count = np.abs(values)[owner], parts[owner]
    if whole:
        share: Any = size // count + (rank < size % count)
    else:
        share = size / count
        last = rank == count - 1
        share[last] = size[last] - (count[last] - 1) * share[last]
    return np.asarray(np.copysign(share, values[owner]) + 0.0)
