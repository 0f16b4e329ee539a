"""The Bayesian network: binary nodes, each with a table of probabilities given its parents."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray

Node = Hashable
MAX_PARENTS = 20
_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class BayesianNetwork(ByValue):
    r"""Law of binary nodes, :math:`P(s) = \prod_i P(s_i | s_{\mathrm{parents}(i)})`.

    Parameters
    ----------
    graph : networkx.DiGraph
        Arrows from parents to children. A node has the attributes ``table``, float of shape
        (2,) * (number of parents + 1), and ``parents``, which names the axes of the table but the
        last, that of the node itself; one parent or none need not be named. Index 0 is -1 (false),
        index 1 is +1 (true): ``table[..., 1]`` is the probability that the node is +1.

    Raises
    ------
    TypeError, ValueError
        No DiGraph, a cycle, no table, one of another shape, no probabilities, rows whose sum is
        not 1, parents other than those with arrows.

    References
    ----------
    Pearl, Probabilistic Reasoning in Intelligent Systems (1988).

    Examples
    --------
    >>> graph = nx.DiGraph([("rain", "wet")])
    >>> graph.nodes["rain"]["table"] = [0.8, 0.2]
    >>> graph.nodes["wet"]["table"] = [[0.9, 0.1], [0.3, 0.7]]
    >>> BayesianNetwork(graph).nodes
    ('rain', 'wet')
    """

    graph: nx.DiGraph
    nodes: tuple[Node, ...] = field(init=False)
    """Parents before their children."""
    parents: dict[Node, tuple[Node, ...]] = field(init=False)
    tables: dict[Node, FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.graph, nx.DiGraph) or self.graph.is_multigraph():
            raise TypeError(f"graph must be a networkx.DiGraph, got {type(self.graph).__name__}")
        _check_cycles(self.graph)
        nodes = tuple(nx.topological_sort(self.graph))
        if not nodes:
            raise ArgumentError("graph", "must have a node", got="none")
        parents = {node: _parents_of(self.graph, node) for node in nodes}
        tables = {node: _table_of(self.graph, node, parents[node]) for node in nodes}
        for name, value in (("nodes", nodes), ("parents", parents), ("tables", tables)):
            object.__setattr__(self, name, value)

    @classmethod
    def from_tables(
        cls, tables: Mapping[Node, tuple[Sequence[Node], npt.ArrayLike]]
    ) -> BayesianNetwork:
        """Network of ``{node: (parents, table)}``, tables as for the class.

        Raises
        ------
        ValueError
            As for the class, or a parent that is no node.

        Examples
        --------
        >>> copy = {"a": ((), [0.5, 0.5]), "b": (("a",), [[1.0, 0.0], [0.0, 1.0]])}
        >>> BayesianNetwork.from_tables(copy).parents
        {'a': (), 'b': ('a',)}
        """
        graph = nx.DiGraph()
        for node, (parents, table) in tables.items():
            graph.add_node(node, table=table, parents=tuple(parents))
        for node, (parents, _) in tables.items():
            for parent in parents:
                if parent not in tables:
                    raise ArgumentError(
                        "tables",
                        f"must have the parents of {node!r}",
                        got=f"none for {parent!r}",
                        remedy="add it",
                    )
                graph.add_edge(parent, node)
        return cls(graph)

    @property
    def num_nodes(self) -> int:
        """Number of nodes."""
        return len(self.nodes)

    def is_deterministic(self, node: Node) -> bool:
        """Whether the parents decide what the node is: a table of zeros and ones."""
        table = self.tables[node]
        return bool(np.all((table == 0) | (table == 1)))

    def checked(self, states: Mapping[Node, int] | None, argument: str) -> dict[Node, int]:
        """States of some nodes, -1 or +1; True is +1.

        Raises
        ------
        ValueError
            No node of the network, another state.
        """
        found: dict[Node, int] = {}
        for node, state in (states or {}).items():
            if node not in self.tables:
                raise ArgumentError(
                    argument, "must name nodes of the network", node, remedy="correct the name"
                )
            if state not in (-1, 1):
                raise ArgumentError(
                    argument,
                    "must be -1 or +1",
                    got=f"{state} for {node!r}",
                    remedy="for a bit x pass 2*x - 1",
                )
            found[node] = int(state)
        return found

    def log_probability(self, spins: npt.ArrayLike) -> FloatArray:
        """ln P of states of all nodes, shape (...), for spins of shape (..., n).

        -inf where the state is impossible.

        Raises
        ------
        ValueError
            Another last axis, or values that are no spins.
        """
        states = np.asarray(spins)
        if states.ndim == 0 or states.shape[-1] != self.num_nodes or np.any(abs(states) != 1):
            raise ArgumentError(
                "spins",
                f"must be -1 and +1 of shape (..., {self.num_nodes})",
                got=f"shape {states.shape}",
            )
        return sum(
            (self.log_factor(node, states) for node in self.nodes), np.zeros(states.shape[:-1])
        )

    def log_factor(self, node: Node, spins: npt.NDArray[Any]) -> FloatArray:
        """ln of the probability that a node is as it is, given its parents; shape (...)."""
        position = {each: k for k, each in enumerate(self.nodes)}
        family = (*self.parents[node], node)
        at = tuple((spins[..., position[each]] > 0).astype(np.intp) for each in family)
        with np.errstate(divide="ignore"):
            logs: FloatArray = np.log(self.tables[node][at])
        return logs


def _check_cycles(graph: nx.DiGraph) -> None:
    if not nx.is_directed_acyclic_graph(graph):
        around = " -> ".join(repr(edge[0]) for edge in nx.find_cycle(graph))
        raise ArgumentError(
            "graph", "must have no cycle", got=around, remedy="turn or remove one arrow of it"
        )


def _parents_of(graph: nx.DiGraph, node: Node) -> tuple[Node, ...]:
    arrows = list(graph.predecessors(node))
    if len(arrows) > MAX_PARENTS:
        raise ArgumentError(
            "graph",
            f"must have at most {MAX_PARENTS} arrows to a node",
            got=f"{len(arrows)} to {node!r}",
            remedy="put nodes between",
        )
    named = graph.nodes[node].get("parents")
    if named is None:
        if len(arrows) < 2:
            return tuple(arrows)
        raise ArgumentError(
            "graph",
            f"must name the axes of the table of {node!r}",
            got=f"{len(arrows)} arrows and no attribute 'parents'",
            remedy="add parents=(...) to the node",
        )
    parents = tuple(named)
    if len(set(parents)) != len(parents) or set(parents) != set(arrows):
        raise ArgumentError(
            "graph",
            f"must have an arrow from each of the parents of {node!r}, and no other",
            got=f"parents {parents!r} and arrows from {arrows!r}",
            remedy="correct one of them",
        )
    return parents


def _table_of(graph: nx.DiGraph, node: Node, parents: tuple[Node, ...]) -> FloatArray:
    if "table" not in graph.nodes[node]:
        raise ArgumentError(
            "graph", f"must have a table for {node!r}", got="none", remedy="add table=[...]"
        )
    try:
        table = np.array(graph.nodes[node]["table"], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"table of {node!r}", "must be an array of numbers", got=str(error)
        ) from error
    shape = (2,) * (len(parents) + 1)
    if table.shape != shape:
        raise ArgumentError(
            f"table of {node!r}",
            f"must have shape {shape} for the parents {parents!r}",
            got=f"shape {table.shape}",
            remedy="its last axis is the node's own, [P(-1), P(+1)]",
        )
    if not np.all((table >= 0) & (table <= 1)):
        bad = table[~((table >= 0) & (table <= 1))][0]
        raise ArgumentError(f"table of {node!r}", "must hold probabilities from 0 to 1", bad)
    sums = table.sum(axis=-1)
    if np.any(abs(sums - 1) > _SUM_TOLERANCE):
        at = np.unravel_index(int(np.argmax(abs(sums - 1))), sums.shape)
        raise ArgumentError(
            f"table of {node!r}",
            "must have rows of the sum 1",
            got=f"{table[at].tolist()}",
            remedy="a row is [P(-1), P(+1)]",
        )
    normalised: FloatArray = table / sums[..., None]
    return normalised
