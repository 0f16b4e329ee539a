"""Fewer couplings a p-bit: each that has too many becomes a path of copies."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from pbit.checks import ArgumentError, integer
from pbit.graphs.chains import Chains, chain_up
from pbit.graphs.compilation import Compiled
from pbit.models.ising import IsingModel

_LEAST_DEGREE = 3


def sparsify(
    model: IsingModel,
    max_degree: int,
    *,
    chain_strength: float | None = None,
    chain_scale: float = 1.0,
) -> Compiled:
    """Network in which no p-bit has more than ``max_degree`` couplings, ground states unchanged.

    A p-bit of degree d > k becomes a path of ``ceil((d - 2) / (k - 2))`` COPY p-bits, the least
    number: one inside the path has room for k - 2 couplings of the source, one at an end for
    k - 1. Couplings are dealt out in the order of the neighbours, evenly. Energies of whole chains
    are those of the source; :func:`pbit.graphs.chains.chain_up` gives the strengths of the links
    and proves that they keep the ground states.

    Parameters
    ----------
    model : IsingModel
    max_degree : int
        k >= 3. With 2 there are only paths and rings.
    chain_strength : float, optional
        The same for all links, above 0; no longer safe if it is below the bound, which
        ``report["exact"]`` tells.
    chain_scale : float
        Factor on the exact strengths, above 0. Ground states are safe at 1; below it there is no
        guarantee, and networks with short chains mix faster (docs/compiler.md has numbers).

    Returns
    -------
    Compiled
        Its model's spins are numbered, copies of one spin next to each other. ``decode`` takes the
        majority of the copies, the first one's value at a tie. ``report``: see ``chain_up``, and
        max_degree.

    Raises
    ------
    TypeError, ValueError
        ``max_degree`` no integer or below 3, a ``chain_strength`` or
        ``chain_scale`` that is not above 0.

    References
    ----------
    Sajeeb et al., Phys. Rev. Applied 24, 014005 (2025): COPY p-bits, and what they cost in mixing.

    Examples
    --------
    >>> full = IsingModel(np.zeros(6), np.ones((6, 6)) - np.eye(6))
    >>> sparse = sparsify(full, 4)
    >>> sparse.model.num_spins, sparse.report["strongest_link"], sparse.report["exact"]
    (12, 3.0, True)
    """
    limit = integer("max_degree", max_degree, 1)
    degrees = np.diff(model.J.indptr).astype(np.int64)
    if limit < _LEAST_DEGREE and degrees.max(initial=0) > limit:
        raise ArgumentError(
            "max_degree",
            "must be >= 3",
            got=f"{limit}: with 2 there are only paths and rings of p-bits",
        )
    crowded = degrees > limit
    sizes = np.ones(model.num_spins, dtype=np.int64)
    sizes[crowded] = -(-(degrees[crowded] - 2) // max(1, limit - 2))
    owner = np.repeat(np.arange(model.num_spins), sizes)
    first = np.cumsum(sizes) - sizes
    rank = np.arange(owner.size) - first[owner]
    parents = np.where(rank == 0, -1, np.arange(owner.size) - 1)
    couplings = _dealt(model, _room(degrees, sizes, owner, rank))
    compiled = chain_up(
        "sparsify",
        model,
        Chains(sizes, parents),
        couplings,
        chain_strength=chain_strength,
        chain_scale=chain_scale,
    )
    found = int(np.diff(compiled.model.J.indptr).max(initial=0))
    compiled.report["max_degree"] = found
    return compiled


def _room(degrees: Any, sizes: Any, owner: Any, rank: Any) -> Any:
    """How many couplings of the source each copy takes.

    With its links a path of m has d + 2 (m - 1) ends of couplings. Dealt out evenly, no copy gets
    more than k of them.
    """
    ends, count = (degrees + 2 * (sizes - 1))[owner], sizes[owner]
    share = (rank + 1) * ends // count - rank * ends // count
    return share - (rank > 0) - (rank < count - 1)


def _dealt(model: IsingModel, room: Any) -> tuple[Any, Any, Any]:
    """Couplings between copies: the entries of each row of J go to its copies in their order."""
    J = model.J
    copy_of = np.repeat(np.arange(room.size), room)
    entry = sparse.csr_array((np.arange(J.nnz, dtype=np.int64), J.indices, J.indptr), shape=J.shape)
    mirrored = entry.T.tocsr().data  # where (j, i) is stored, for each (i, j)
    upper = np.arange(J.nnz) < mirrored
    weights = J.data[upper].astype(np.float64)
    return copy_of[upper], copy_of[mirrored[upper]], weights
