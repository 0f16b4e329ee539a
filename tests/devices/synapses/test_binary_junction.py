"""The binary junction: its law against the closed forms, wrong laws told; bits of halves."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from pbit.devices.mtj import Junction
from pbit.devices.synapses import BinaryJunction, GatedJunction
from pbit.statistics import chi_square_p_value

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


def test_between_pulses_the_telegraph_goes_on():
    """Half a correlation time, twice: returns count. 1 - exp(-r t) twice would be off by 0.07."""
    junction = Junction(8.0)
    device = BinaryJunction(junction)
    rate = 1e9 * math.exp(-8.0)
    total = 2 * rate
    array = device.made(MANY, seed=5)
    for _ in range(2):
        array.wait(0.5 / total)
    count = int((array.conductance() == array.highest).sum())
    assert p_value(count, MANY, -math.expm1(-1.0) / 2) > ALPHA
    once = -math.expm1(-rate * 0.5 / total)
    assert p_value(count, MANY, 2 * once * (1 - once)) < ALPHA


@pytest.mark.parametrize("probability", [0.001, 0.1, 0.9])
@pytest.mark.parametrize("current_A", [0.8e-5, 1.05e-5, 2.5e-5])
def test_pulse_of_a_probability(probability, current_A):
    """In all three regimes, the interpolated one too."""
    device = BinaryJunction(write_current_A=current_A).with_probability(probability)
    assert device.odds(current_A, False) == pytest.approx(probability, rel=1e-6)


def test_histories_of_three_pulses_follow_the_chain():
    """All eight histories under up, down, up: chi-square; a third lower odds are told."""
    device = BinaryJunction().with_probability(0.3)
    array = device.made(MANY, seed=9)
    outcome = np.zeros(MANY, np.int64)
    for sign in (1, -1, 1):
        array.pulse(sign * device.write_pulse)
        outcome = 2 * outcome + (array.conductance() == array.highest)

    def law(p):
        paths = np.zeros(8)
        for path in range(8):
            state, chance = 0, 1.0
            for sign, bit in zip((1, 0, 1), f"{path:03b}", strict=True):
                move = p if state != sign else 0.0
                chance *= move if int(bit) != state else 1 - move
                state = int(bit)
            paths[path] = chance
        return paths

    assert chi_square_p_value(outcome, law(0.3)) > ALPHA
    assert chi_square_p_value(outcome, law(0.2)) == 0.0


def test_the_gate_lowers_barrier_and_critical_current():
    gated = GatedJunction()
    plain = BinaryJunction(
        gated.junction.at_voltage(1.0), gated.write_current_A, gated.pulse_s, 3e-9
    )
    assert gated.odds(6e-6, False) == pytest.approx(float(plain.odds(6e-6, False)), rel=1e-12)
    assert GatedJunction(gate_V=0.0).odds(6e-6, False) < 0.01 * gated.odds(6e-6, False)
    with pytest.raises(ValueError, match="voltage_V must leave a barrier"):
        GatedJunction(gate_V=2.0)
    # Between pulses the barrier is back: no change in a second.
    array = gated.made(1000, seed=1)
    array.wait(1.0)
    assert (array.conductance() == array.lowest).all()
