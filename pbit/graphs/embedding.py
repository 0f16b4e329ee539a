"""Networks on the graph of a machine: each spin becomes a connected chain of its p-bits."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from pbit.checks import ArgumentError, integer
from pbit.graphs.chains import Chains, chain_up, is_whole, shared_out
from pbit.graphs.compilation import Compiled
from pbit.graphs.targets import INSTALL
from pbit.models.ising import IsingModel
from pbit.seeds import seed_or_fresh

if TYPE_CHECKING:
    import networkx as nx

IntArray = npt.NDArray[np.int64]
Embedding = Mapping[Any, Sequence[Any]]


class NoEmbedding(ValueError):
    """The search ended without chains; this does not prove that there are none."""


def embed(
    model: IsingModel,
    target: nx.Graph,
    *,
    embedding: Embedding | None = None,
    chain_strength: float | None = None,
    chain_scale: float = 1.0,
    seed: int | None = None,
    time_limit_s: float = 60.0,
    tries: int = 10,
) -> Compiled:
    """The network on a target graph, ground states unchanged.

    Chains are found by minorminer (Cai, Macready, Roy), a heuristic, or given. Of the couplers
    within a chain a breadth-first tree is used; a coupling is shared out among all couplers
    between its two chains, a bias among the p-bits of its chain, whole numbers into whole numbers.
    :func:`pbit.graphs.chains.chain_up` gives the strengths in the chains and proves that they keep
    the ground states.

    Parameters
    ----------
    model : IsingModel
    target : networkx.Graph
        As from :func:`pbit.graphs.targets.target_graph`, or any other.
    embedding : mapping from label to list of target nodes, optional
        Chains that are known already.
    chain_strength : float, optional
        The same for all chains; see ``chain_up``.
    chain_scale : float
        Factor on the exact strengths; see :func:`~pbit.graphs.sparsifying.sparsify`.
    seed : int, optional
        Drawn if not given, and returned in the report; same seed, same embedding, unless the time
        limit cuts the search.
    time_limit_s : float
        For the search, > 0.
    tries : int
        Restarts of the search.

    Returns
    -------
    Compiled
        Labels are target nodes; only nodes in chains are p-bits. ``decode`` takes the majority of
        a chain, its first p-bit's value at a tie. ``report``: see ``chain_up``, and seed,
        target_nodes, and embedding as label: list of nodes.

    Raises
    ------
    TypeError, ValueError
        A target that is too small, no embedding found (`NoEmbedding`), an embedding that is none,
        ``time_limit_s`` or ``tries`` out of range.
    ImportError
        The extra ``embed`` is not installed, and no embedding was given.

    References
    ----------
    Choi, Quantum Inf. Process. 7, 193 (2008): minor embedding, and bounds for its couplings.
    Cai, Macready, Roy, arXiv:1406.2741 (2014): the search.

    Examples
    --------
    >>> import networkx as nx
    >>> triangle = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [-1.0, -1.0, -1.0])
    >>> square = embed(triangle, nx.cycle_graph(4), embedding={0: [0], 1: [1, 2], 2: [3]})
    >>> square.model.num_spins, square.model.energy(square.encode([1, -1, 1])).item()
    (4, -1.0)
    """
    if not time_limit_s > 0:
        raise ArgumentError("time_limit_s", "must be > 0 seconds", time_limit_s)
    tries = integer("tries", tries, 1)
    drawn = seed_or_fresh(seed, bits=32)
    if embedding is None:
        embedding = _search(model, target, seed=drawn, time_limit_s=time_limit_s, tries=tries)
    nodes, sizes = _checked(model, target, embedding)
    place = {node: k for k, node in enumerate(nodes)}
    couplers = np.array(
        [(place[a], place[b]) for a, b in target.edges() if a in place and b in place and a != b],
        dtype=np.int64,
    ).reshape(-1, 2)
    owner = np.repeat(np.arange(sizes.size), sizes)
    within = owner[couplers[:, 0]] == owner[couplers[:, 1]]
    order, parents = _trees(couplers[within], owner, sizes, model)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    compiled = chain_up(
        "embed",
        model,
        Chains(sizes, parents),
        _shared_couplings(model, rank[couplers[~within]], owner),
        labels=[nodes[k] for k in order.tolist()],
        chain_strength=chain_strength,
        chain_scale=chain_scale,
    )
    compiled.report.update(
        seed=drawn,
        target_nodes=target.number_of_nodes(),
        embedding={label: list(embedding[label]) for label in model.labels},
    )
    return compiled


def _search(
    model: IsingModel, target: nx.Graph, *, seed: int, time_limit_s: float, tries: int
) -> Embedding:
    rows, cols, _ = model.edges()
    room = target.number_of_nodes(), target.number_of_edges()
    for what, needed, there in zip(
        ("p-bits", "couplers"), (model.num_spins, rows.size), room, strict=True
    ):
        if needed > there:
            raise ArgumentError(
                "target", f"must have at least {needed} {what}", there, remedy="take a larger one"
            )
    try:
        from minorminer import find_embedding
    except ImportError as error:
        raise ImportError(f"finding an embedding needs minorminer: {INSTALL}") from error
    import networkx as nx

    source = nx.empty_graph(model.num_spins)
    source.add_edges_from(zip(rows.tolist(), cols.tolist(), strict=True))
    found = find_embedding(
        source, target, random_seed=seed, timeout=time_limit_s, tries=tries
    ) if model.num_spins else {}  # fmt: skip
    if len(found) < model.num_spins:
        raise NoEmbedding(
            f"no embedding of {model.num_spins} spins with {rows.size} couplings into a target of "
            f"{room[0]} p-bits was found within {time_limit_s:g} s and {tries} tries, seed {seed}; "
            "take a larger target, a longer time limit or another seed, or sparsify first"
        )
    return {label: found[k] for k, label in enumerate(model.labels)}


def _checked(
    model: IsingModel, target: nx.Graph, embedding: Embedding
) -> tuple[list[Hashable], IntArray]:
    """Target nodes chain by chain, and the length of each chain."""
    nodes: list[Hashable] = []
    taken: dict[Hashable, Hashable] = {}
    for label in model.labels:
        chain = list(embedding.get(label, ()))
        if not chain:
            raise ArgumentError(
                "embedding", "must have a chain for every spin", got=f"none for {label!r}"
            )
        for node in chain:
            if node not in target:
                raise ArgumentError(
                    "chains", "must be made of target nodes", got=f"{node!r} for spin {label!r}"
                )
            if node in taken:
                raise ArgumentError(
                    "chains", "must not overlap", got=f"{node!r} for {taken[node]!r} and {label!r}"
                )
            taken[node] = label
        nodes += chain
    sizes = [len(embedding[label]) for label in model.labels]
    return nodes, np.array(sizes, dtype=np.int64)


def _trees(
    couplers: IntArray, owner: IntArray, sizes: IntArray, model: IsingModel
) -> tuple[IntArray, IntArray]:
    """P-bits in an order in which parents come first, chain by chain, and their parents in it.

    One search from a node added above the first p-bits of all chains.
    """
    n = owner.size
    firsts = np.cumsum(sizes) - sizes
    ends = np.concatenate([couplers, np.column_stack([np.full(firsts.size, n), firsts])])
    graph = sparse.coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n + 1, n + 1))
    found, above = csgraph.breadth_first_order(graph.tocsr(), n, directed=False)
    reached = np.zeros(n + 1, dtype=bool)
    reached[found] = True
    if not reached.all():
        label = model.labels[int(owner[np.argmin(reached)])]
        raise ArgumentError("chains", "must be connected", got=f"one in pieces for spin {label!r}")
    found = found[1:].astype(np.int64)
    order = found[np.argsort(owner[found], kind="stable")]
    rank = np.empty(n + 1, dtype=np.int64)
    rank[order], rank[n] = np.arange(n), -1
    return order, rank[above[order]]


def _shared_couplings(
    model: IsingModel, couplers: IntArray, owner: IntArray
) -> tuple[Any, Any, npt.NDArray[np.float64]]:
    """Parts of the couplings on the couplers between their chains; owners are sorted."""
    n = model.num_spins
    rows, cols, weights = model.edges()
    wanted = rows.astype(np.int64) * n + cols
    low, high = np.sort(owner[couplers], axis=1).T.reshape(2, -1)
    keys = low * n + high
    order = np.argsort(keys, kind="stable")
    first = np.searchsorted(keys[order], wanted, side="left")
    parts = np.searchsorted(keys[order], wanted, side="right") - first
    if (parts == 0).any():
        k = int(np.argmin(parts))
        raise ArgumentError(
            "chains",
            "of coupled spins must have a coupler between them",
            got=f"none for {model.labels[rows[k]]!r} and {model.labels[cols[k]]!r}",
        )
    at = np.repeat(first - np.cumsum(parts) + parts, parts) + np.arange(parts.sum())
    chosen = couplers[order[at]]
    values = shared_out(weights.astype(np.float64), parts, whole=is_whole(model))
    return chosen[:, 0], chosen[:, 1], values
