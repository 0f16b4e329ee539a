"""Draws from a Bayesian network, each with a weight, and what they say of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.bayes.network import BayesianNetwork, Node


class Measured(NamedTuple):
    """A mean and its standard error."""

    value: float
    error: float


@dataclass(frozen=True, eq=False)
class Draws(ByValue):
    """Independent states of all nodes.

    Parameters
    ----------
    network : BayesianNetwork
    spins : int8, shape (num_reads, num_nodes)
        Nodes in the order of ``network.nodes``.
    log_weights : float64, shape (num_reads,), optional
        How much each counts, as logarithms; all alike by default.
    info : dict
        Of the run: ``seed`` and so on.
    """

    network: BayesianNetwork
    spins: SpinArray
    log_weights: FloatArray | None = None
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def weights(self) -> FloatArray:
        """Weights with the sum 1, float64, shape (num_reads,).

        Raises
        ------
        ValueError
            All weights are 0: no draw agrees with the evidence.
        """
        if self.log_weights is None:
            return np.full(len(self.spins), 1 / len(self.spins))
        largest = self.log_weights.max()
        if np.isneginf(largest):
            raise ArgumentError(
                "evidence",
                "must be met by a draw",
                got=f"weight 0 for all of {len(self.spins)} reads",
                remedy="take more reads, or gibbs_sample; exact_log_probability tells whether it "
                "is possible",
            )
        weights = np.exp(self.log_weights - largest)
        shares: FloatArray = weights / weights.sum()
        return shares

    @property
    def effective_size(self) -> float:
        r"""How many unweighted draws these are worth: :math:`(\sum w)^2 / \sum w^2` (Kish 1965)."""
        return float(1 / np.sum(self.weights**2))

    def column(self, node: Node) -> SpinArray:
        """States of one node, shape (num_reads,).

        Raises
        ------
        ValueError
            No node of the network.
        """
        self.network.checked({node: 1}, "node")
        return self.spins[:, self.network.nodes.index(node)]

    def probability(self, event: Mapping[Node, int]) -> Measured:
        """Share of the weight where nodes are as stated, and its standard error.

        Raises
        ------
        ValueError
            No nodes of the network, other states than -1 and +1, all weights 0.
        """
        states = self.network.checked(event, "event")
        met = np.ones(len(self.spins), dtype=np.bool_)
        for node, state in states.items():
            met &= self.column(node) == state
        return self._mean(met)

    def correlation(self, a: Node, b: Node) -> Measured:
        r""":math:`\langle s_a s_b \rangle` and its standard error.

        Raises
        ------
        ValueError
            No nodes of the network, all weights 0.
        """
        return self._mean(self.column(a) * self.column(b))

    def _mean(self, values: npt.NDArray[Any]) -> Measured:
        weights = self.weights
        mean = float(weights @ values)
        return Measured(mean, float(np.sqrt(np.sum((weights * (values - mean)) ** 2))))
