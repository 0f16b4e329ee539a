"""Stochastic computing: numbers as streams of bits from junctions, networks and coins of them."""

from pbit.networks.bitstreams.perceptron import Perceptron, quantised
from pbit.networks.bitstreams.streams import StreamSource, standard_error
from pbit.networks.bitstreams.training import Trained, train_perceptron
from pbit.networks.bitstreams.whitening import exclusive_or, von_neumann

__all__ = [
    "Perceptron",
    "StreamSource",
    "Trained",
    "exclusive_or",
    "quantised",
    "standard_error",
    "train_perceptron",
    "von_neumann",
]
