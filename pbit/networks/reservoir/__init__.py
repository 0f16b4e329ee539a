"""Reservoirs: devices driven by a series, read out by regression, and what they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.networks.reservoir.delays import Delays
    from pbit.networks.reservoir.echo_state import EchoState
    from pbit.networks.reservoir.estimators.classifier import ReservoirClassifier
    from pbit.networks.reservoir.estimators.regressor import ReservoirRegressor
    from pbit.networks.reservoir.masks import mask_of
    from pbit.networks.reservoir.oscillator import UNIFORM, VORTEX, OscillatorReservoir
    from pbit.networks.reservoir.oscillator_array import OscillatorArray
    from pbit.networks.reservoir.protocol import Course, Reservoir, states_of
    from pbit.networks.reservoir.readouts import Readout, RecursiveLeastSquares, Ridge, Weights
    from pbit.networks.reservoir.scaling import Scaling
    from pbit.networks.reservoir.sequences import padded, unpadded
    from pbit.networks.reservoir.side_by_side import SideBySide

__all__ = [
    "UNIFORM",
    "VORTEX",
    "Course",
    "Delays",
    "EchoState",
    "OscillatorArray",
    "OscillatorReservoir",
    "Readout",
    "RecursiveLeastSquares",
    "Reservoir",
    "ReservoirClassifier",
    "ReservoirRegressor",
    "Ridge",
    "Scaling",
    "SideBySide",
    "Weights",
    "mask_of",
    "padded",
    "states_of",
    "unpadded",
]

_HOME = {
    "UNIFORM": "oscillator",
    "VORTEX": "oscillator",
    "Course": "protocol",
    "Delays": "delays",
    "EchoState": "echo_state",
    "OscillatorArray": "oscillator_array",
    "OscillatorReservoir": "oscillator",
    "Readout": "readouts",
    "RecursiveLeastSquares": "readouts",
    "Reservoir": "protocol",
    "ReservoirClassifier": "estimators.classifier",
    "ReservoirRegressor": "estimators.regressor",
    "Ridge": "readouts",
    "Scaling": "scaling",
    "SideBySide": "side_by_side",
    "Weights": "readouts",
    "mask_of": "masks",
    "padded": "sequences",
    "states_of": "protocol",
    "unpadded": "sequences",
}

__getattr__ = names_at_home("pbit.networks.reservoir", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
