"""The binary junction: its law against the closed forms, wrong laws told; bits of halves."""

import math

import pytest
from scipy.stats import binom

from pbit.devices.mtj import Junction
from pbit.devices.synapses import BinaryJunction

ALPHA = 1e-6
MANY = 40_000


def p_value(count, total, probability):
    """Two-sided, of a binomial count."""
    tails = binom.cdf(count, total, probability), binom.sf(count - 1, total, probability)
    return min(1.0, 2 * min(tails))


def switched(device, current_A, *, up=True, seed=1):
    array = device.made(MANY, seed=seed)
    array.reset("low" if up else "high")
    array.pulse(current_A)
    is_P = array.conductance() > (device.lowest_S + device.highest_S) / 2
    return int((is_P == up).sum())


def corrected(barrier, i, turns):
    """The precessional law, written out again."""
    square = 2 ** (1 + (i - 1) / (i + 1)) * ((i - 1) / i) ** (2 / (i + 1))
    return math.exp(-square * barrier * (i - 1) / (i * math.exp(2 * (i - 1) * turns) - 1))


def butler(barrier, i, turns):
    growth = i * math.exp(2 * (i - 1) * turns) - 1
    return math.exp(-(math.pi**2) / 4 * barrier * (i - 1) / growth)


@pytest.mark.parametrize(("drive", "turns"), [(1.5, 5.0), (2.5, 1.6), (4.0, 0.75)])
@pytest.mark.parametrize("up", [True, False])
def test_precessional_pulses_follow_the_corrected_law(drive, turns, up):
    """40 000 devices tell a probability off by 0.014; Butler's is off by more at all three."""
    device = BinaryJunction(pulse_s=turns * 1e-9)
    current = (drive if up else -drive) * device.junction.critical_current_A
    count = switched(device, current, up=up)
    assert p_value(count, MANY, corrected(40.0, drive, turns)) > ALPHA
    assert p_value(count, MANY, butler(40.0, drive, turns)) < ALPHA


def test_thermal_pulses_follow_the_telegraphs_rate():
    device = BinaryJunction(Junction(20.0), pulse_s=5e-6)
    rate = 1e9 * math.exp(-20 * 0.4)
    count = switched(device, 0.6e-5)
    assert p_value(count, MANY, -math.expm1(-rate * 5e-6)) > ALPHA
    squared = 1e9 * math.exp(-20 * 0.4**2)  # another exponent
    assert p_value(count, MANY, -math.expm1(-squared * 5e-6)) < ALPHA
