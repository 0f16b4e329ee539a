"""Layers whose winner takes all, and plasticity by chance of the synapses behind each spike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.networks.stdp.layer import WinnerTakeAll
from pbit.networks.stdp.neurons import Neurons
from pbit.networks.stdp.poisson import poisson_events
from pbit.networks.stdp.potentials import Spikes
from pbit.networks.stdp.rule import SimplifiedSTDP
from pbit.networks.stdp.spread import spread_of_drive
from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.networks.stdp.estimator import StochasticSTDP

__all__ = [
    "Neurons",
    "SimplifiedSTDP",
    "Spikes",
    "StochasticSTDP",
    "WinnerTakeAll",
    "poisson_events",
    "spread_of_drive",
]

# Needs scikit-learn, an extra.
__getattr__ = names_at_home("pbit.networks.stdp", {"StochasticSTDP": "estimator"})
