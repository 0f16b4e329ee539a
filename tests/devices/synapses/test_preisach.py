"""Memristors of many domains: Preisach's hysteresis, its law and its two theorems."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from pbit.devices.synapses import CuMnAs, SpinOrbitMemristor
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6


def counts(array):
    share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    return np.rint(share * array.device.num_domains).astype(int)


@pytest.mark.parametrize("current", [0.008, 0.0115])
def test_domains_up_after_a_pulse_are_binomial(current):
    """5000 devices of 100 domains; a spread of thresholds off by a tenth is told."""
    array = SpinOrbitMemristor().made(5000, seed=1)
    array.pulse(current)
    found = counts(array)
    p = norm.cdf((current - 0.01) / 0.002)
    assert chi_square_p_value(found, binom.pmf(range(101), 100, p)) > ALPHA
    wrong = norm.cdf((current - 0.01) / 0.0022)
    assert chi_square_p_value(found, binom.pmf(range(101), 100, wrong)) < ALPHA


def test_directions_have_thresholds_of_their_own():
    array = CuMnAs().made(5000, seed=1)
    array.reset("high")
    array.pulse(-0.012)
    p = norm.cdf((0.012 - 0.013) / (0.2 * 0.013))
    assert chi_square_p_value(100 - counts(array), binom.pmf(range(101), 100, p)) > ALPHA
    swapped = norm.cdf((0.012 - 0.01) / 0.002)
    assert chi_square_p_value(100 - counts(array), binom.pmf(range(101), 100, swapped)) < ALPHA


def test_equal_pulses_do_nothing_more():
    array = SpinOrbitMemristor().made(100, seed=1)
    array.pulse(0.01)
    once = array.conductance()
    array.pulse(0.01, count=5)
    assert (array.conductance() == once).all()


def test_minor_loops_return_to_where_they_left():
    """Return-point memory, device by device."""
    array = SpinOrbitMemristor().made(100, seed=2)
    array.pulse(0.0115)
    left = array.conductance()
    array.pulse(-0.009)
    assert (array.conductance() < left).all()
    for inner in (0.008, -0.007, 0.009, -0.0085):
        array.pulse(inner)
    array.pulse(0.0115)
    assert (array.conductance() == left).all()


def test_minor_loops_between_equal_pulses_are_congruent():
    """After other histories the loop is elsewhere, and as high."""
    heights = []
    for history in ([0.0105], [0.02, -0.0105], [-0.02]):
        array = SpinOrbitMemristor().made(100, seed=3)
        for pulse in (*history, -0.0095, 0.0095):
            array.pulse(pulse)
        top = array.conductance()
        array.pulse(-0.0095)
        heights.append(top - array.conductance())
    assert np.allclose(heights[0], heights[1], rtol=0, atol=1e-18)
    assert np.allclose(heights[0], heights[2], rtol=0, atol=1e-18)
    assert heights[0].min() > 0


@pytest.mark.parametrize(("of", "words"), [
    ({"num_domains": 0}, "num_domains must be >= 1"),
    ({"spread": 0.3}, "spread must be .* more would turn the sign of thresholds"),
    ({"threshold_A": -1.0}, "threshold_A must be a finite number > 0"),
])  # fmt: skip
def test_refusals(of, words):
    with pytest.raises(ValueError, match=words):
        SpinOrbitMemristor(**of)
