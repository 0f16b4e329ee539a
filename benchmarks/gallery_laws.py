"""Exact laws, distances and reference numbers that the hardware gallery is compared with.

The reference numbers are total variation distances to the Boltzmann law from calculations made
before this emulator was written: of matrices, or against delay of simulations of 3e5 events.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit import IsingModel
from pbit.exact import states
from pbit.hardware.chip import Chip
from pbit.hardware.parameters import Hardware
from pbit.models.labels import FloatArray
from pbit.problems.logic.gates.library import AND, FULL_ADDER

GATES: dict[str, Any] = {"AND": AND.model, "FA5": FULL_ADDER.model}  # pairs of spins only
P_KIT_DT = 1 / 6  # the step that p-kit documents

DELAYS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)  # in tau
DELAY_FLOOR = 0.006  # noise of the reference distances against delay
DELAY_TABLE = {
    ("AND", 0.5): (0.006, 0.008, 0.012, 0.021, 0.051, 0.093, 0.168, 0.276),
    ("AND", 1.0): (0.006, 0.004, 0.034, 0.063, 0.133, 0.176, 0.236, 0.255),
}
STEPS = (0.5, P_KIT_DT, 0.1, 0.05, 0.02, 0.01)  # dt in tau
STEP_TABLE = {
    ("AND", 0.5): (0.385, 0.073, 0.038, 0.018, 0.0068, 0.0034),
    ("AND", 1.0): (0.886, 0.122, 0.050, 0.019, 0.0068, 0.0033),
    ("FA5", 1.0): (1.00, 1.00, 1.00, 0.58, 0.016, 0.0073),
}
FRACTIONS = (0.5, 0.2, 0.1, 0.05, 0.01)  # q
FRACTION_TABLE = {
    ("AND", 0.5): (0.078, 0.0225, 0.0102, 0.0049, 0.0009),
    ("AND", 1.0): (0.176, 0.0805, 0.0421, 0.0215, 0.0044),
    ("FA5", 0.5): (0.155, 0.048, 0.023, 0.011, 0.0021),
    ("FA5", 1.0): (0.196, 0.054, 0.024, 0.0115, 0.0022),
}

_DOUBLINGS = 40


def total_variation(p: FloatArray, q: FloatArray) -> float:
    """Half the sum of the absolute differences."""
    return float(0.5 * np.abs(p - q).sum())


def ppsl_flips(model: IsingModel, beta: float, dt: float) -> FloatArray:
    """Chance of each p-bit (columns) to flip in a tick from each state: PPSL, dt in tau."""
    s = states(model.num_spins)
    return np.asarray(-np.expm1(-dt * np.exp(-beta * s * model.field(s))))


def subset_flips(model: IsingModel, beta: float, fraction: float) -> FloatArray:
    """The same of a heat bath that redraws each p-bit with probability ``fraction`` a tick."""
    s = states(model.num_spins)
    return np.asarray(fraction / (1 + np.exp(2 * beta * s * model.field(s))))


def tick_matrix(flips: FloatArray) -> FloatArray:
    """Chance of going from state (row) to state (column) when p-bits flip independently."""
    count, n = flips.shape
    matrix = np.empty((count, count))
    for x in range(count):
        moves = np.ones(1)
        for i in range(n):  # bit i of the move: p-bit i flips
            moves = np.concatenate([moves * (1 - flips[x, i]), moves * flips[x, i]])
        matrix[x, x ^ np.arange(count)] = moves
    return matrix


def long_run(matrix: FloatArray) -> FloatArray:
    """Where a chain from a random state spends its time in the long run, oscillating or not."""
    power = (np.eye(len(matrix)) + matrix) / 2
    for _ in range(_DOUBLINGS):
        power = power @ power
        power /= power.sum(axis=1, keepdims=True)
    return np.asarray(power.mean(axis=0))


def chip_law(hardware: Hardware, model: IsingModel, beta: float) -> FloatArray:
    """Stationary law of heat-bath p-bits with the gains and offsets of this chip, no lag.

    Gains make the couplings asymmetric: there is no energy, but still a law.
    """
    chip, s = Chip.of(hardware, model), states(model.num_spins)
    inputs = beta * (s @ chip.J.toarray().T + chip.h)
    if hardware.correction is not None:
        known = hardware.correction
        inputs = (inputs - known.offset[: s.shape[1]]) / known.gain[: s.shape[1]]
    rates = 1 / (1 + np.exp(2 * s * (chip.gain * inputs + chip.offset)))
    count, n = s.shape
    generator = np.zeros((count, count))
    for i in range(n):
        generator[np.arange(count), np.arange(count) ^ (1 << i)] = rates[:, i]
    generator -= np.diag(generator.sum(axis=1))
    system = generator.T.copy()
    system[-1] = 1.0
    return np.asarray(np.linalg.solve(system, np.eye(count)[-1]))


def distance(by_read: FloatArray, law: FloatArray, favoured: Any = None) -> tuple[float, float]:
    """Total variation distance of a time average to ``law``, and its standard error.

    The distance is the excess of probability on the states that have more than in ``law``. These
    are ``favoured`` where they are known, which gives an unbiased value; else they are chosen with
    every other read and the excess is taken from the rest. The usual plug-in value is too large by
    its noise; this one is on average never too large, and around 0 if there is no distance.
    """
    excess = by_read - law
    if favoured is None:
        favoured = excess[::2].mean(axis=0) > 0
        excess = excess[1::2]
    values = excess[:, favoured].sum(axis=1)
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
