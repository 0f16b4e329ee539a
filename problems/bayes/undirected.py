"""A Bayesian network given evidence as an undirected model of the same law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import SpinArray
from pbit.models.polynomial import PolynomialModel
from pbit.problems.bayes.factors import Factor, factors_of, product
from pbit.problems.bayes.network import BayesianNetwork, Node


@dataclass(frozen=True, eq=False)
class UndirectedNetwork(ByValue):
    """A model over the nodes that are free, and how the others follow from them.

    Parameters
    ----------
    network : BayesianNetwork
    model : PolynomialModel
        ``exp(-E(s))`` at beta = 1 is the probability of s and the evidence together: ln Z is that
        of the evidence. ``model.to_ising_model()`` where no node has two parents.
    evidence : dict of node to -1 or +1
    implied : tuple of nodes
        Nodes that their parents decide; they are in no term and follow from the state.
    """

    network: BayesianNetwork
    model: PolynomialModel
    evidence: dict[Node, int]
    implied: tuple[Node, ...]

    def expand(self, spins: npt.ArrayLike) -> SpinArray:
        """States of all nodes, int8 of shape (..., n), from those of the model's spins."""
        part = np.asarray(spins, dtype=np.int8)
        position = {node: k for k, node in enumerate(self.network.nodes)}
        full = np.empty((*part.shape[:-1], self.network.num_nodes), dtype=np.int8)
        for k, node in enumerate(self.model.labels):
            full[..., position[node]] = part[..., k]
        for node, state in self.evidence.items():
            full[..., position[node]] = state
        for node in self.implied:  # parents first
            parents = self.network.parents[node]
            at = tuple((full[..., position[each]] > 0).astype(np.intp) for each in parents)
            full[..., position[node]] = 2 * self.network.tables[node][(*at, 1)] - 1
        return full


def undirected_network(
    network: BayesianNetwork,
    evidence: Mapping[Node, int] | None = None,
    *,
    floor: float | None = None,
) -> UndirectedNetwork:
    r"""The law of a Bayesian network given evidence, as products of spins.

    The logarithm of each table, with the evidence put in, is a sum over sets T of its nodes,
    :math:`\ln P = \sum_T c_T \prod_{i \in T} s_i` with :math:`c_T = 2^{-k} \sum_s \ln P(s) \prod_{i
    \in T} s_i`: for binary nodes exactly. Nodes that their parents decide, and that are not in
    evidence, are summed out, and come back by ``expand``.

    Parameters
    ----------
    network : BayesianNetwork
    evidence : mapping of node to -1 or +1, optional
    floor : float, optional
        What other probabilities of 0 are raised to, which no p-bits of finite weights have: states
        that are impossible get a share of about ``floor`` over the probability of the evidence, and
        sweeps take about 1 / floor to cross them. Without it they are refused.

    Returns
    -------
    UndirectedNetwork

    Raises
    ------
    ValueError
        No nodes of the network, other states than -1 and +1, evidence of probability 0, zeros that
        are left, a floor outside (0, 0.1].

    References
    ----------
    Pearl, Probabilistic Reasoning in Intelligent Systems (1988), ch. 3: Markov fields of Bayesian
    networks.

    Examples
    --------
    >>> tables = {"a": ((), [0.5, 0.5]), "b": (("a",), [[0.8, 0.2], [0.2, 0.8]])}
    >>> pair = undirected_network(BayesianNetwork.from_tables(tables)).model
    >>> round(float(pair.to_ising_model().J[0, 1]), 6)
    0.693147
    """
    given = network.checked(evidence, "evidence")
    if floor is not None and not 0 < floor <= 0.1:
        raise ArgumentError("floor", "must be above 0 and at most 0.1", floor)
    implied = tuple(
        node for node in network.nodes if node not in given and network.is_deterministic(node)
    )
    factors = [factor.given(given) for factor in factors_of(network, network.nodes)]
    for node in implied:
        factors = _without(node, factors)
    free = tuple(node for node in network.nodes if node not in given and node not in implied)
    terms = [term for factor in factors for term in _terms(factor, floor)]
    constant = sum(weight for members, weight in terms if not members)
    model = PolynomialModel.from_terms(
        [(members, weight) for members, weight in terms if members],
        num_spins=len(free) or None,
        labels=free,
        offset=-constant,
    )
    return UndirectedNetwork(network, model, given, implied)


def _without(node: Node, factors: list[Factor]) -> list[Factor]:
    """The factors with a node put in that others decide: each by itself, none grows by more."""
    own = next(factor for factor in factors if factor.nodes and factor.nodes[-1] == node)
    rest = [factor for factor in factors if factor is not own]
    return [
        product([own, factor]).summed(node) if node in factor.nodes else factor for factor in rest
    ]


def _terms(factor: Factor, floor: float | None) -> list[tuple[tuple[Node, ...], float]]:
    """``ln`` of a table as products of spins."""
    table = factor.table
    if np.any(table == 0):
        if not table.any():
            raise ArgumentError(
                "evidence",
                "must be possible",
                got="evidence of probability 0",
                remedy="correct it",
            )
        if floor is None:
            raise ArgumentError(
                "floor",
                "must be given for tables with a probability of 0",
                got=f"None, and one over {', '.join(map(repr, factor.nodes))}",
                remedy="give 1e-4 for instance, or take forward_sample",
            )
        table = np.maximum(table, floor)
    coefficients = np.log(table)
    for axis in range(table.ndim):
        low, high = np.split(coefficients, 2, axis=axis)
        coefficients = np.concatenate([low + high, high - low], axis=axis) / 2
    return [
        (tuple(factor.nodes[k] for k in set_), float(weight))
        for set_, weight in _by_set(coefficients)
    ]


def _by_set(coefficients: npt.NDArray[np.float64]) -> list[tuple[tuple[int, ...], float]]:
    axes = range(coefficients.ndim)
    sets = [set_ for size in range(len(axes) + 1) for set_ in combinations(axes, size)]
    return [(set_, coefficients[tuple(int(k in set_) for k in axes)]) for set_ in sets]
