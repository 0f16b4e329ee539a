"""Boltzmann machines: networks of p-bits that learn the law of their data."""

from pbit.problems.boltzmann.restricted import RestrictedBoltzmannMachine

__all__ = ["RestrictedBoltzmannMachine"]
