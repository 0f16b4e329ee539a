"""Counted skyrmions: binomial steps, and the counts that they end at."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from pbit.devices.synapses import SkyrmionCounter
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6
MANY = 20_000


def counts(array):
    share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    return np.rint(share * array.device.num_skyrmions).astype(int)


@pytest.mark.parametrize("up", [True, False])
def test_steps_are_binomial(up):
    """From nine of 15: those that can cross do with the odds of the direction; 1.1 p is told."""
    device = SkyrmionCounter(odds_in=0.2, odds_out=0.3)
    array = device.made(MANY, seed=1)
    array._put(np.full(MANY, 9 / 15))
    array.pulse(1e11 if up else -1e11)
    crossed = counts(array) - 9 if up else 9 - counts(array)
    could, p = (6, 0.2) if up else (9, 0.3)
    assert chi_square_p_value(crossed, binom.pmf(range(could + 1), could, p)) > ALPHA
    assert chi_square_p_value(crossed, binom.pmf(range(could + 1), could, 1.1 * p)) < ALPHA


def test_twice_the_current_is_two_pulses_in_law():
    array = SkyrmionCounter().made(MANY, seed=2)
    array.pulse(2e11)
    p = 1 - 0.9**2
    assert chi_square_p_value(counts(array), binom.pmf(range(16), 15, p)) > ALPHA


def test_alternating_pulses_end_at_the_fixed_point():
    """n -> n + (N - n) p, then n -> n (1 - q): the mean after many rounds."""
    p, q = 0.2, 0.1
    array = SkyrmionCounter(odds_in=p, odds_out=q).made(MANY, seed=3)
    for _ in range(25):
        array.pulse()
        array.pulse(-1e11)
    wanted = 15 * p * (1 - q) / (1 - (1 - p) * (1 - q))
    share = wanted / 15
    error = math.sqrt(15 * share * (1 - share) / MANY)  # each skyrmion on its own
    assert abs(counts(array).mean() - wanted) < 5 * error


@pytest.mark.parametrize(("of", "words"), [
    ({"num_skyrmions": 0}, "num_skyrmions must be >= 1"),
    ({"odds_in": 1.0}, "odds_in must be .* < 1"),
    ({"odds_out": -0.1}, "odds_out must be .* >= 0"),
    ({"write_A_m2": 0.0}, "write_A_m2 must be .* > 0"),
])  # fmt: skip
def test_refusals(of, words):
    with pytest.raises(ValueError, match=words):
        SkyrmionCounter(**of)
