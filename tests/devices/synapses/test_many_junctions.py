"""Junctions in parallel and in series: levels, and laws of how many switch."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from pbit.devices.synapses import (
    BinaryJunction,
    CompoundJunction,
    MultilevelStack,
    SeriesChain,
    perpendicular,
)
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6
MANY = 20_000


def shares(array):
    return (array.conductance() - array.lowest) / (array.highest - array.lowest)


# In parallel.


@pytest.mark.parametrize("up", [True, False])
def test_compound_levels_are_binomial(up):
    """After n pulses of odds p each junction has switched with 1 - (1 - p)^n; 1.1 p is told."""
    device = CompoundJunction(num_junctions=9)
    array = device.made(MANY, seed=2)
    array.reset("low" if up else "high")
    array.pulse(device.write_pulse if up else -device.write_pulse, count=4)
    level = np.rint(9 * shares(array)).astype(int)
    assert np.allclose(9 * shares(array), level)
    moved = level if up else 9 - level
    assert chi_square_p_value(moved, binom.pmf(range(10), 9, 1 - 0.9**4)) > ALPHA
    assert chi_square_p_value(moved, binom.pmf(range(10), 9, 1 - 0.89**4)) < ALPHA


def test_compound_mean_and_variance_of_a_step():
    """E[G'] = G + (Gmax - G) p; from half way the variance is p (1 - p) / 2M of its range."""
    device = CompoundJunction(num_junctions=10)
    array = device.made(MANY, seed=3)
    array._put(np.full(MANY, 0.5))
    array.pulse()
    step = shares(array) - 0.5
    error = math.sqrt(0.09 / 20 / MANY)
    assert abs(step.mean() - 0.05) < 5 * error
    assert step.var() == pytest.approx(0.09 / 20, rel=5 * math.sqrt(2 / MANY) * 1.5)


def test_compound_conductance_is_the_sum():
    device = CompoundJunction(num_junctions=4)
    assert device.lowest_S == pytest.approx(4 / 10e3)
    assert device.highest_S == pytest.approx(4 / 5e3)
    assert device.num_levels == 5


def test_thresholds_inside_a_device_stay():
    """After two pulses: the mean over thresholds that stay, not over ones drawn anew."""
    device = CompoundJunction(BinaryJunction(write_current_A=1e-5), 9, 0.3)
    points, weights = np.polynomial.hermite_e.hermegauss(200)
    p = device.element.odds(1e-5 * np.exp(-0.3 * points), np.zeros(200, bool))
    staying = float((weights * (1 - (1 - p) ** 2)).sum() / weights.sum())
    anew = 1 - (1 - float((weights * p).sum() / weights.sum())) ** 2
    array = device.made(MANY, seed=4)
    array.pulse(count=2)
    level = np.rint(9 * shares(array)).astype(int)
    assert chi_square_p_value(level, binom.pmf(range(10), 9, staying)) > ALPHA
    assert chi_square_p_value(level, binom.pmf(range(10), 9, anew)) < ALPHA


def test_compound_forgets_as_its_junctions_do():
    device = CompoundJunction(BinaryJunction(perpendicular(8.0)), 9)
    array = device.made(MANY, seed=4)
    array.wait(1.0)
    level = np.rint(9 * shares(array)).astype(int)
    assert chi_square_p_value(level, binom.pmf(range(10), 9, 0.5)) > ALPHA


# In series.


def test_stack_has_four_even_resistances():
    device = MultilevelStack()
    array = device.made((4, 5000), seed=1)
    for level in range(4):
        for amplitude in device.pulses_to(level):
            array.pulse(amplitude, where=level)
    R = np.round(1 / array.conductance())
    wanted = np.array([15000.0, 12500.0, 10000.0, 7500.0])
    assert np.median(R, axis=1).tolist() == wanted.tolist()
    # The odds of the docstring: 1 in 700 and 1 in 250, where the pulse has to decide.
    missed = (R != wanted[:, None]).mean(axis=1)
    miss = 1 - float(device.element.odds(1.3e-5, False))
    wrong = float(device.element.odds(0.65e-5, False))
    assert 1 / miss == pytest.approx(700, rel=0.1)
    assert 1 / wrong == pytest.approx(250, rel=0.1)
    law = 1 - (1 - miss) * (1 - wrong)
    assert (np.abs(missed[1:3] - law) < 5 * math.sqrt(law / 5000)).all()
    assert missed[0] < 1e-3 and missed[3] < 1e-3


def test_chain_switches_junction_by_junction():
    """The number switched by a pulse: mean over the thresholds; half the spread is told."""
    device = SeriesChain(spread=0.25)
    array = device.made(4000, seed=6)
    array.pulse(1.2e-5)
    R = 1 / array.conductance()
    count = np.rint((100e3 - R) / 5e3).astype(int)
    assert np.allclose(R, 100e3 - 5e3 * count)
    points, weights = np.polynomial.hermite_e.hermegauss(200)

    def mean(spread):
        odds = device.element.odds(1.2e-5 * np.exp(-spread * points), np.zeros(200, bool))
        return float((weights * odds).sum() / weights.sum())

    p = mean(0.25)
    assert chi_square_p_value(count, binom.pmf(range(11), 10, p)) > ALPHA
    assert chi_square_p_value(count, binom.pmf(range(11), 10, mean(0.125))) < ALPHA


@pytest.mark.parametrize("device", [SeriesChain(), MultilevelStack()])
def test_any_level_can_be_set(device):
    levels = []
    array = device.made(1, seed=1)
    for target in np.linspace(0, 1, 200):
        array._put(np.array([target]))
        levels.append(round(float(array._levels()[0]), 9))
        low, high = device.lowest_S, device.highest_S
        R = 1 / (low + (high - low) * np.array([target, levels[-1]]))
        spacing = (1 / low - 1 / high) / (device.num_levels - 1)
        assert abs(R[0] - R[1]) < 0.501 * spacing
    assert levels == sorted(levels)
    assert len(set(levels)) == device.num_levels


@pytest.mark.parametrize(("make", "words"), [
    (lambda: SeriesChain(areas=()), "areas must have one entry or more, got none"),
    (lambda: SeriesChain(areas=(1.0, 0.0)), "areas must be a finite number > 0"),
    (lambda: SeriesChain(spread=-0.1), "spread must be .* >= 0"),
    (lambda: MultilevelStack(areas=(1.0, 2.0, 3.0)), "areas must be <= 2, got 3"),
    (lambda: MultilevelStack(partial_current_A=0.0), "partial_current_A must be .* > 0"),
    (lambda: MultilevelStack().pulses_to(4), "level must be <= 3, got 4"),
    (lambda: CompoundJunction(num_junctions=0), "num_junctions must be >= 1"),
    (lambda: CompoundJunction(spread=2.0), "spread must be .* <= 1"),
])  # fmt: skip
def test_refusals(make, words):
    with pytest.raises(ValueError, match=words):
        make()
