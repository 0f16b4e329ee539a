"""A graph in a problem file: which p-bits are coupled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.cli.reading import read_contents
from pbit.cli.refusals import InputRefused

if TYPE_CHECKING:
    import networkx as nx


def read_graph(path: str) -> nx.Graph:
    """The graph, without weights and loops; exit status 4 if the file is no graph."""
    import networkx as nx

    from pbit.formats import Contents

    contents = read_contents(path, None)
    if not isinstance(contents, Contents) or contents.kind != "graph":
        raise InputRefused(
            f"{contents.name}: a {contents.format} file with a problem of kind {contents.kind}, "
            "expected a graph: lines 'i j' or 'i j weight'"
        )
    labels = contents.labels
    graph = nx.Graph()
    graph.add_nodes_from(labels)
    pairs = zip(contents.rows.tolist(), contents.cols.tolist(), strict=True)
    graph.add_edges_from((labels[i], labels[j]) for i, j in pairs if i != j)
    return graph
