"""Tables over binary nodes: products, sums and slices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from pbit.models.labels import FloatArray
from pbit.problems.bayes.network import BayesianNetwork, Node


class Factor(NamedTuple):
    """A number for each state of some nodes: one axis of length 2 a node, index 1 is +1."""

    nodes: tuple[Node, ...]
    table: FloatArray

    def given(self, states: Mapping[Node, int]) -> Factor:
        """The slice in which nodes are as stated.

        Examples
        --------
        >>> Factor(("a", "b"), np.array([[1.0, 2.0], [3.0, 4.0]])).given({"a": 1}).table.tolist()
        [3.0, 4.0]
        """
        at = tuple(int(states[node] > 0) if node in states else slice(None) for node in self.nodes)
        return Factor(tuple(node for node in self.nodes if node not in states), self.table[at])

    def summed(self, node: Node) -> Factor:
        """The sum over both states of a node."""
        axis = self.nodes.index(node)
        rest = (*self.nodes[:axis], *self.nodes[axis + 1 :])
        return Factor(rest, self.table.sum(axis=axis))

    def ordered(self, nodes: tuple[Node, ...]) -> FloatArray:
        """The table with these axes; those of nodes that it does not have are of length 1."""
        own = [node for node in nodes if node in self.nodes]
        table = self.table.transpose([self.nodes.index(node) for node in own])
        return table.reshape([2 if node in self.nodes else 1 for node in nodes])


def product(factors: Iterable[Factor]) -> Factor:
    """The product, over all nodes of the factors.

    Examples
    --------
    >>> half = Factor(("a",), np.array([0.5, 2.0]))
    >>> product([half, Factor(("b",), np.array([1.0, 3.0]))]).table.tolist()
    [[0.5, 1.5], [2.0, 6.0]]
    """
    found = list(factors)
    nodes = tuple(dict.fromkeys(node for factor in found for node in factor.nodes))
    table = np.ones((2,) * len(nodes))
    for factor in found:
        table = table * factor.ordered(nodes)
    return Factor(nodes, table)


def factors_of(network: BayesianNetwork, nodes: Iterable[Node]) -> list[Factor]:
    """The tables of these nodes given their parents."""
    return [Factor((*network.parents[node], node), network.tables[node]) for node in nodes]
