"""networkx graphs to Ising models and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from pbit.checks import ArgumentError, instance
from pbit.models.conventions.arrays import EdgeArrays, PottsArrays
from pbit.models.labels import FloatArray, index_of
from pbit.models.numbers import as_floats
from pbit.models.terms import IntArray

if TYPE_CHECKING:
    from pbit.models.ising import IsingModel


def edges_of_graph(graph: nx.Graph, *, weight: str = "weight", bias: str = "bias") -> EdgeArrays:
    """One spin a node, J = edge attribute ``weight`` (1 where absent), h = ``bias``.

    Raises
    ------
    ValueError
        A directed graph (its couplings have no energy) or a self-loop.
    """
    labels, rows, cols, weights = _edges(graph, weight)
    biases = as_floats("bias", [graph.nodes[v].get(bias, 0.0) for v in labels])
    offset = float(graph.graph.get("offset", 0.0))
    return EdgeArrays(rows, cols, weights, biases, offset, labels)


def potts_of_graph(graph: nx.Graph, *, weight: str, bias: str) -> PottsArrays:
    """A digit a node, with ``bias`` as the energies of its values.

    Raises
    ------
    ValueError
        A directed graph.
    """
    labels, rows, cols, weights = _edges(graph, weight)
    fields = [graph.nodes[v].get(bias) for v in labels]
    return PottsArrays(rows, cols, weights, fields, float(graph.graph.get("offset", 0.0)), labels)


def _edges(graph: nx.Graph, weight: str) -> tuple[list[Any], IntArray, IntArray, FloatArray]:
    """Nodes, and the edges between their numbers."""
    instance("graph", graph, nx.Graph, remedy="IsingModel.from_edges takes pairs and weights")
    if graph.is_directed():
        raise ArgumentError("graph", "must be undirected: directed couplings have no energy")
    labels = list(graph)
    position = index_of(labels)
    edges = graph.edges(data=weight, default=1.0)
    table = [(position[u], position[v], w) for u, v, w in edges]
    rows, cols, weights = np.array(table).T if table else np.empty((3, 0))
    return labels, rows.astype(np.int64), cols.astype(np.int64), weights


def to_networkx(model: IsingModel, *, weight: str = "weight", bias: str = "bias") -> nx.Graph:
    """Graph with labels as nodes, h as ``bias``, J as ``weight``, ``graph.graph["offset"]``."""
    graph: nx.Graph = nx.Graph(offset=model.offset)
    names = model.labels
    graph.add_nodes_from((v, {bias: float(b)}) for v, b in zip(names, model.h, strict=True))
    rows, cols, weights = model.edges()
    graph.add_edges_from(
        (names[i], names[j], {weight: float(w)})
        for i, j, w in zip(rows.tolist(), cols.tolist(), weights, strict=True)
    )
    return graph
