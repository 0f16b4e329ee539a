"""Boltzmann machines: networks of p-bits that learn the law of their data."""

from pbit.problems.boltzmann.any_graph import BoltzmannMachine
from pbit.problems.boltzmann.deep import DeepBoltzmannMachine
from pbit.problems.boltzmann.restricted import RestrictedBoltzmannMachine

__all__ = ["BoltzmannMachine", "DeepBoltzmannMachine", "RestrictedBoltzmannMachine"]
