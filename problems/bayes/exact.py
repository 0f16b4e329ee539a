"""Exact answers of a Bayesian network, node by node summed out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import networkx as nx
import numpy as np
from scipy import sparse

from pbit.checks import ArgumentError, integer
from pbit.exact.elimination_order import TooWide, bucket_tree
from pbit.models.labels import FloatArray
from pbit.problems.bayes.factors import Factor, factors_of, product
from pbit.problems.bayes.network import BayesianNetwork, Node

DEFAULT_MAX_WIDTH = 20
_MOST_NODES = 20
_MOST_AXES = 27


def exact_table(
    network: BayesianNetwork,
    nodes: Sequence[Node],
    evidence: Mapping[Node, int] | None = None,
    *,
    max_width: int = DEFAULT_MAX_WIDTH,
) -> FloatArray:
    r"""Law of some nodes given the states of others: :math:`P(s_{\mathrm{nodes}} | s_e)`.

    Nodes that bear on neither are left out first, the others summed out in the order of
    :mod:`pbit.exact.elimination`.

    Parameters
    ----------
    network : BayesianNetwork
    nodes : sequence of nodes
        At most 20.
    evidence : mapping of node to -1 or +1, optional
    max_width : int
        Most nodes in a table beside one and those asked for; time and memory grow as 2**width.

    Returns
    -------
    float64, shape (2,) * len(nodes)
        Axes in the order of ``nodes``; index 1 is +1.

    Raises
    ------
    TypeError, ValueError
        No node of the network, one named twice or both asked for and given, evidence of
        probability 0, tables wider than ``max_width``.

    References
    ----------
    Zhang, Poole, J. Artif. Intell. Res. 5, 301 (1996).

    Examples
    --------
    >>> flip = {"a": ((), [0.8, 0.2]), "b": (("a",), [[0.9, 0.1], [0.3, 0.7]])}
    >>> exact_table(BayesianNetwork.from_tables(flip), ["a"], {"b": 1}).round(4).tolist()
    [0.3636, 0.6364]
    """
    given = network.checked(evidence, "evidence")
    wanted = _wanted(network, nodes, given)
    factor, _ = _summed(network, wanted, given, max_width)
    total = factor.table.sum()
    table: FloatArray = factor.ordered(wanted) / total
    return table


def exact_probability(
    network: BayesianNetwork,
    event: Mapping[Node, int],
    evidence: Mapping[Node, int] | None = None,
    *,
    max_width: int = DEFAULT_MAX_WIDTH,
) -> float:
    """Probability that nodes are as stated, given the states of others.

    Parameters
    ----------
    network, evidence, max_width
        As for :func:`exact_table`.
    event : mapping of node to -1 or +1

    Raises
    ------
    TypeError, ValueError
        As for :func:`exact_table`.

    Examples
    --------
    >>> flip = {"a": ((), [0.8, 0.2]), "b": (("a",), [[0.9, 0.1], [0.3, 0.7]])}
    >>> round(exact_probability(BayesianNetwork.from_tables(flip), {"a": 1}, {"b": 1}), 4)
    0.6364
    """
    states = network.checked(event, "event")
    table = exact_table(network, tuple(states), evidence, max_width=max_width)
    return float(table[tuple(int(state > 0) for state in states.values())])


def exact_log_probability(
    network: BayesianNetwork,
    evidence: Mapping[Node, int],
    *,
    max_width: int = DEFAULT_MAX_WIDTH,
) -> float:
    """ln of the probability of evidence.

    Raises
    ------
    TypeError, ValueError
        As for :func:`exact_table`: also where the probability is 0.

    Examples
    --------
    >>> coin = BayesianNetwork.from_tables({"a": ((), [0.75, 0.25])})
    >>> round(exact_log_probability(coin, {"a": 1}), 6)
    -1.386294
    """
    given = network.checked(evidence, "evidence")
    factor, scale = _summed(network, (), given, max_width)
    return float(np.log(factor.table)) + scale


def _wanted(
    network: BayesianNetwork, nodes: Sequence[Node], given: Mapping[Node, int]
) -> tuple[Node, ...]:
    wanted = tuple(nodes)
    network.checked(dict.fromkeys(wanted, 1), "nodes")
    if len(set(wanted)) != len(wanted):
        raise ArgumentError("nodes", "must be different", got=repr(wanted))
    if both := [node for node in wanted if node in given]:
        raise ArgumentError(
            "nodes", "must not be given by the evidence", both[0], remedy="leave one of them out"
        )
    if len(wanted) > _MOST_NODES:
        raise ArgumentError(
            "nodes",
            f"must be at most {_MOST_NODES}",
            len(wanted),
            remedy="ask for fewer of them at a time",
        )
    return wanted


def _summed(
    network: BayesianNetwork, kept: tuple[Node, ...], given: Mapping[Node, int], max_width: int
) -> tuple[Factor, float]:
    """P(kept, given) up to a factor, whose logarithm is returned, too."""
    integer("max_width", max_width, 0)
    bearing = _bearing(network, [*kept, *given])
    factors = [factor.given(given) for factor in factors_of(network, bearing)]
    scale = 0.0
    for node in _order(factors, kept, max_width):
        touched = [factor for factor in factors if node in factor.nodes]
        factors = [factor for factor in factors if node not in factor.nodes]
        table = product(touched).summed(node)
        size = _power_of_two(float(table.table.max()))
        scale += math.log(size)
        factors.append(Factor(table.nodes, table.table / size))
    whole = product(factors)
    _power_of_two(float(whole.table.max()))
    return whole, scale


def _power_of_two(largest: float) -> float:
    """What to divide by, exactly, so that no product of many tables underflows."""
    if largest == 0:
        raise ArgumentError(
            "evidence", "must be possible", got="evidence of probability 0", remedy="correct it"
        )
    return 2.0 ** math.frexp(largest)[1]


def _bearing(network: BayesianNetwork, nodes: Iterable[Node]) -> list[Node]:
    """These nodes and all they descend from: the rest sums to 1."""
    found = set(nodes)
    for node in list(found):
        found |= nx.ancestors(network.graph, node)
    return [node for node in network.nodes if node in found]


def _order(factors: list[Factor], kept: tuple[Node, ...], max_width: int) -> list[Node]:
    """Nodes to sum out, in the order of the cheapest bucket tree of their graph."""
    nodes = list(dict.fromkeys(node for f in factors for node in f.nodes if node not in kept))
    position = {node: k for k, node in enumerate(nodes)}
    pairs = {
        pair
        for factor in factors
        for pair in combinations([position[node] for node in factor.nodes if node in position], 2)
    }
    ends = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    both = np.concatenate([ends, ends[:, ::-1]])
    shape = (len(nodes), len(nodes))
    graph = sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=shape)
    limit = min(max_width, _MOST_AXES - len(kept))
    try:
        order = bucket_tree(graph, max_width=limit).spins.tolist()
    except TooWide as error:
        raise ArgumentError(
            "max_width",
            "must suffice for the tables",
            got=f"{max_width} where one has {error.width} nodes beside the {len(kept)} asked for",
            remedy="raise it, give more evidence, ask for fewer nodes at a time, or sample",
        ) from error
    return [nodes[k] for k in order]
