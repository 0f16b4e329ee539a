"""Bayesian networks of binary nodes: exact answers, and two ways to p-bits.

>>> from pbit.problems.bayes import asia, exact_probability
>>> round(exact_probability(asia(), {"lung": 1}, {"xray": 1, "smoke": 1}), 4)
0.646
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.problems.bayes.directed import directed_model
    from pbit.problems.bayes.draws import Draws
    from pbit.problems.bayes.exact import exact_log_probability, exact_probability, exact_table
    from pbit.problems.bayes.examples import asia, earthquake, family, relatedness
    from pbit.problems.bayes.network import BayesianNetwork
    from pbit.problems.bayes.sampling import forward_sample, gibbs_sample
    from pbit.problems.bayes.undirected import UndirectedNetwork, undirected_network

__all__ = [
    "BayesianNetwork",
    "Draws",
    "UndirectedNetwork",
    "asia",
    "directed_model",
    "earthquake",
    "exact_log_probability",
    "exact_probability",
    "exact_table",
    "family",
    "forward_sample",
    "gibbs_sample",
    "relatedness",
    "undirected_network",
]

_HOME = {
    "BayesianNetwork": "network",
    "Draws": "draws",
    "UndirectedNetwork": "undirected",
    "asia": "examples",
    "directed_model": "directed",
    "earthquake": "examples",
    "exact_log_probability": "exact",
    "exact_probability": "exact",
    "exact_table": "exact",
    "family": "examples",
    "forward_sample": "sampling",
    "gibbs_sample": "sampling",
    "relatedness": "examples",
    "undirected_network": "undirected",
}


__getattr__ = names_at_home("pbit.problems.bayes", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
