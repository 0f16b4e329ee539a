"""Sampling of Bayesian networks by p-bits: forwards, weighted by evidence, or given it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pbit.checks import integer
from pbit.problems.bayes.directed import DEFAULT_GAIN, directed_model
from pbit.problems.bayes.draws import Draws
from pbit.problems.bayes.network import BayesianNetwork, Node
from pbit.problems.bayes.undirected import undirected_network
from pbit.samplers.anneal import anneal
from pbit.schedules.schedule import Schedule


def forward_sample(
    network: BayesianNetwork,
    evidence: Mapping[Node, int] | None = None,
    *,
    num_reads: int,
    seed: int | None = None,
    gain: float = DEFAULT_GAIN,
    num_threads: int | None = None,
) -> Draws:
    r"""Independent draws by directed p-bits, parents before children, in one sweep.

    With evidence its nodes are held, and each draw has the weight
    :math:`w = \prod_e P(s_e | s_{\mathrm{parents}(e)})`: likelihood weighting. That is exact on
    average, and worth ``effective_size`` draws; for evidence that is unlikely under the draws of
    its parents take :func:`gibbs_sample`.

    Parameters
    ----------
    network : BayesianNetwork
    evidence : mapping of node to -1 or +1, optional
    num_reads : int
    seed : int, optional
        As for :func:`pbit.anneal`.
    gain : float
        As for :func:`~pbit.problems.bayes.directed.directed_model`, which says where it is exact.
    num_threads : int, optional
        As for :func:`pbit.anneal`; no effect on the result.

    Returns
    -------
    Draws

    Raises
    ------
    TypeError, ValueError
        No nodes of the network, other states than -1 and +1, numbers out of range.

    References
    ----------
    Fung, Chang, in: Uncertainty in Artificial Intelligence 5, 209 (1990).

    Examples
    --------
    >>> from pbit.problems.bayes.examples import asia
    >>> draws = forward_sample(asia(), {"xray": 1}, num_reads=50_000, seed=1)
    >>> value, error = draws.probability({"lung": 1})  # exactly 0.4887
    >>> abs(value - 0.4887) < 5 * error, int(draws.effective_size) > 6000
    (True, True)
    """
    given = network.checked(evidence, "evidence")
    integer("num_reads", num_reads, 1)
    model = directed_model(network, gain=gain)
    at = {label: k for k, label in enumerate(model.labels)}
    held = np.zeros(model.num_spins, dtype=np.bool_)
    options: dict[str, Any] = {}
    if given:
        start = np.ones((num_reads, model.num_spins), dtype=np.int8)
        for node, state in given.items():
            held[at[node]] = True
            start[:, at[node]] = state
        options = {"held": held, "initial_spins": start}
    reads = anneal(
        model,
        Schedule(np.ones(1)),
        order="sequential",
        num_reads=num_reads,
        seed=seed,
        num_threads=num_threads,
        **options,
    )
    spins = np.ascontiguousarray(reads.spins[:, [at[node] for node in network.nodes]])
    if not given:
        return Draws(network, spins, info=reads.info)
    weights = sum((network.log_factor(node, spins) for node in given), np.zeros(len(spins)))
    return Draws(network, spins, weights, reads.info)


def gibbs_sample(
    network: BayesianNetwork,
    evidence: Mapping[Node, int] | None = None,
    *,
    num_reads: int,
    num_sweeps: int = 1000,
    floor: float | None = None,
    seed: int | None = None,
    num_threads: int | None = None,
) -> Draws:
    """Draws given evidence by undirected p-bits: independent reads of the model of the same law.

    Parameters
    ----------
    network, evidence, num_reads, seed, num_threads
        As for :func:`forward_sample`.
    num_sweeps : int
        From fair coins at beta = 1: enough of them, and the law is exact. Nodes that depend on each
        other almost surely need many.
    floor : float, optional
        As for :func:`~pbit.problems.bayes.undirected.undirected_network`.

    Returns
    -------
    Draws
        All of weight 1.

    Raises
    ------
    TypeError, ValueError
        As for :func:`forward_sample`; zeros in tables that are left, evidence of probability 0.

    Examples
    --------
    >>> from pbit.problems.bayes.examples import earthquake
    >>> draws = gibbs_sample(earthquake(), {"john": 1}, num_reads=4000, num_sweeps=200, seed=1)
    >>> value, error = draws.probability({"burglary": 1})  # exactly 0.1333
    >>> abs(value - 0.1333) < 5 * error
    True
    """
    integer("num_sweeps", num_sweeps, 1)
    integer("num_reads", num_reads, 1)
    undirected = undirected_network(network, evidence, floor=floor)
    if not undirected.model.num_spins:
        states = np.empty((num_reads, 0), dtype=np.int8)
        return Draws(network, undirected.expand(states))
    reads = anneal(
        undirected.model,
        Schedule(np.ones(num_sweeps)),
        num_reads=num_reads,
        seed=seed,
        num_threads=num_threads,
    )
    return Draws(network, undirected.expand(reads.spins), info=reads.info)
