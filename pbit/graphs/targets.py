"""Graphs of machines: which p-bits or qubits have a coupler between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.checks import ArgumentError, integer

if TYPE_CHECKING:
    import networkx as nx

INSTALL = "pip install 'pbit-emulator[embed]'"
FAMILIES = ("king", "chimera", "pegasus", "zephyr")
_MOST_QUBITS = 10**6
# Qubits of a graph of size m, for a refusal before it is built.
_QUBITS = {
    "king": lambda m: m * m,
    "chimera": lambda m: 8 * m * m,
    "pegasus": lambda m: 24 * m * (m - 1),
    "zephyr": lambda m: 16 * m * (2 * m + 1),
}
_LEAST = {"king": 1, "chimera": 1, "pegasus": 2, "zephyr": 1}


def target_graph(family: str, size: int) -> nx.Graph:
    """Graph of a family of machines.

    Parameters
    ----------
    family : {"king", "chimera", "pegasus", "zephyr"}
        King's graph has size x size p-bits, each coupled to its up to 8 neighbours on a square
        lattice; the others are D-Wave's, with the tile of their processors.
    size : int
        king: p-bits along a side; chimera, pegasus, zephyr: D-Wave's m.

    Returns
    -------
    networkx.Graph
        Nodes are whole numbers; king: ``row * size + column``.

    Raises
    ------
    TypeError, ValueError
        An unknown family, a size out of range or more than 10^6 qubits.
    ImportError
        The extra ``embed`` is not installed (all but king).

    References
    ----------
    Boothby, Bunyk, Raymond, Roy, arXiv:2003.00133 (2020), for Chimera and Pegasus.

    Examples
    --------
    >>> graph = target_graph("king", 4)
    >>> graph.number_of_nodes(), graph.number_of_edges(), graph.degree[5]
    (16, 42, 8)
    """
    if family not in FAMILIES:
        raise ArgumentError("family", f"must be one of {', '.join(FAMILIES)}", family)
    size = integer("size", size, _LEAST[family])
    if _QUBITS[family](size) > _MOST_QUBITS:
        raise ArgumentError(
            "size",
            f"must give at most {_MOST_QUBITS} qubits",
            got=f"{size}: {_QUBITS[family](size)}",
            remedy="take a smaller one",
        )
    if family == "king":
        return _king(size)
    graph: nx.Graph = getattr(_generators(), f"{family}_graph")(size)
    return graph


def _king(size: int) -> nx.Graph:
    import networkx as nx

    graph = nx.empty_graph(size * size)
    for row in range(size):
        for column in range(size):
            for down, right in ((0, 1), (1, -1), (1, 0), (1, 1)):
                if row + down < size and 0 <= column + right < size:
                    other = (row + down) * size + column + right
                    graph.add_edge(row * size + column, other)
    return graph


def _generators() -> Any:
    try:
        from dwave import graphs
    except ImportError as error:
        raise ImportError(
            f"Chimera, Pegasus and Zephyr graphs need D-Wave's dwave-graphs: {INSTALL}"
        ) from error
    return graphs
