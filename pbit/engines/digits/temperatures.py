"""Temperatures of permutations: where local minima are left, and ladders of fixed ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pbit.engines.digits.family import ValueArray
from pbit.models.labels import FloatArray

if TYPE_CHECKING:
    from pbit.engines.digits.family import DigitProgram

UNSCALED = (0.1, 1.0)  # betas of a model all of whose energies are alike
_MINIMA = 8
_SWEEPS = 100
_STEPS = 1.0
_MOST_BETAS = 256


def quenched(program: DigitProgram) -> ValueArray:
    """Eight states after so many sweeps at beta = inf, int16 (8, n); the same for each call."""
    from pbit.kernels.digits.anneal import anneal_reads
    from pbit.kernels.digits.family import METROPOLIS
    from pbit.kernels.digits.records import AnnealPlan, AnnealReads
    from pbit.kernels.sweeps.records import Stream
    from pbit.kernels.tempering.records import Watch

    values = program.random(np.arange(_MINIMA), seed=0)
    reads = AnnealReads(
        values, np.zeros(_MINIMA), np.zeros(_MINIMA, np.int64), np.empty_like(values[0])
    )
    anneal_reads(
        program.record,
        reads,
        program.works(1),
        AnnealPlan(np.full((1, 1), np.inf), _SWEEPS, METROPOLIS, False),
        Stream(np.int64(0), np.int64(0), np.int64(0)),
        Watch(np.zeros(1, np.uint8), np.array([0.0, np.inf]), -np.inf, np.empty(0)),
    )
    return values


def even_ladder(ends: tuple[float, float], num_digits: int) -> FloatArray:
    """Betas in geometric progression: energies of n digits spread by about sqrt(n) / beta, so that
    a step of a part 1 / sqrt(n) accepts about half of the swaps."""
    hot, cold = ends
    steps = 1 + int(_STEPS * np.sqrt(num_digits) * np.log(cold / hot))
    return np.geomspace(hot, cold, min(steps + 1, _MOST_BETAS))
