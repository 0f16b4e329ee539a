"""The pillar of two phases, against its differential equation."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from pbit.devices.synapses import PhaseBoundary


def fractions(array):
    return (array.conductance() - array.lowest) / (array.highest - array.lowest)


def integrated(device, start, current, seconds):
    push = device.speed_m2_A_s * max(abs(current) - device.depinning_A_m2, 0.0) * np.sign(current)
    rest = 1 / (1 + math.exp(-(device.temperature_K - device.transition_K) / 5.0))
    found = solve_ivp(
        lambda t, x: push - (x - rest) / device.relaxation_s, (0, seconds), [start], rtol=1e-9
    )
    return found.y[0, -1]


@pytest.mark.parametrize("current", [2e10, 1.5e10, 0.5e10, -1.2e10])
def test_pulses_solve_the_equation(current):
    device = PhaseBoundary(relaxation_s=3e-7, temperature_K=368.0, pulse_s=2e-7)
    array = device.made(1, seed=1)
    array._put(np.array([0.4]))
    array.pulse(current)
    wanted = min(max(integrated(device, 0.4, current, 2e-7), 0.0), 1.0)
    assert fractions(array)[0] == pytest.approx(wanted, rel=1e-6, abs=1e-9)


def test_a_wait_is_two_halves_and_ends_at_rest():
    device = PhaseBoundary(relaxation_s=1e-6, temperature_K=374.0)
    once, twice = (device.made(1, seed=1) for _ in range(2))
    for array, waits in ((once, [4e-7]), (twice, [2e-7, 2e-7])):
        array.reset("high")
        for seconds in waits:
            array.wait(seconds)
    assert once.conductance() == pytest.approx(twice.conductance(), rel=1e-12)
    once.wait(1.0)
    assert fractions(once)[0] == pytest.approx(1 / (1 + math.exp(-0.8)))


def test_without_relaxation_the_charge_counts():
    device = PhaseBoundary()
    array = device.made(1, seed=1)
    array.pulse(count=7)
    assert fractions(array)[0] == pytest.approx(7 * 1e-4 * 1e10 * 5e-8)
    array.pulse(0.9e10, count=100)  # below depinning
    array.wait(1e9)
    assert fractions(array)[0] == pytest.approx(0.35)
    assert device.highest_S / device.lowest_S == pytest.approx(1.5)


@pytest.mark.parametrize(("of", "words"), [
    ({"ferromagnetic_S": 1e-4}, "ferromagnetic_S must be .* the higher conductance"),
    ({"relaxation_s": 0.0}, "relaxation_s must be a number > 0"),
    ({"depinning_A_m2": -1.0}, "depinning_A_m2 must be .* >= 0"),
    ({"pulse_s": 0.0}, "pulse_s must be .* > 0"),
])  # fmt: skip
def test_refusals(of, words):
    with pytest.raises(ValueError, match=words):
        PhaseBoundary(**of)
