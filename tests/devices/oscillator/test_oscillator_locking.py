"""Locking of the complex equation: inside of the law's band, and not outside."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cases import some
from pbit.devices.oscillator import (
    AutoOscillator,
    Injection,
    PhaseReduction,
    locking_half_bandwidth_Hz,
    locking_range,
)

OSCILLATOR = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
BAND = [-1.05, -0.95, 0.95, 1.05]


def strength_of(oscillator, harmonic, validity):
    """Strength whose band is this part of 2 Gamma_p."""
    unit = float(locking_half_bandwidth_Hz(oscillator, 2e-3, 1.0, harmonic=harmonic))
    return validity * 2 * float(oscillator.relaxation_rate_s(2e-3)) / (2 * math.pi * unit)


CASES = [(nu, harmonic) for nu in (-7.5, 0.0, 2.0, 6.0) for harmonic in (1, 2)]


@pytest.mark.parametrize(("nu", "harmonic"), some(CASES, (-7.5, 1), (2.0, 2)))
def test_locked_inside_of_the_band_and_not_outside(nu, harmonic):
    oscillator = replace(OSCILLATOR, shift_Hz=nu * 4e5 * 2.5)
    strength = strength_of(oscillator, harmonic, 0.08)
    found = locking_range(oscillator, 2e-3, strength, harmonic=harmonic, detunings=BAND)
    assert found.locked.tolist() == [False, True, True, False]
    assert found.measured_Hz == pytest.approx(found.half_bandwidth_Hz, rel=1e-9)
    inside = found.locked
    assert np.allclose(found.shifts_Hz[inside], found.detunings_Hz[inside], rtol=2e-3)
    assert (np.abs(found.shifts_Hz) < np.abs(found.detunings_Hz))[~inside].all()


def test_shifts_outside_are_those_of_the_phase():
    found = locking_range(OSCILLATOR, 2e-3, strength_of(OSCILLATOR, 1, 0.02), detunings=[-1.5, 1.5])
    frequency = 3.008e8 + found.detunings_Hz[0]
    signal = Injection(frequency_Hz=frequency, strength_Hz=strength_of(OSCILLATOR, 1, 0.02))
    beat = PhaseReduction.of(OSCILLATOR, 2e-3, signal).beat_Hz
    shift = beat + found.detunings_Hz[0]
    assert found.shifts_Hz[0] == pytest.approx(shift, rel=0.15)  # whole beats are not waited for
    assert found.measured_Hz == 0


def test_noise_unlocks():
    """At a noise whose line is as wide as the band phases slip."""
    noisy = replace(OSCILLATOR, noise_Hz=4e3)
    found = locking_range(noisy, 2e-3, strength_of(noisy, 1, 0.02), detunings=[-0.8, 0.8], seed=1)
    assert not found.locked.any()
    again = locking_range(noisy, 2e-3, strength_of(noisy, 1, 0.02), detunings=[-0.8, 0.8], seed=1)
    assert np.array_equal(found.shifts_Hz, again.shifts_Hz)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.9e-3, 1e4), "current_A must be above the threshold"),
        ((2e-3, 1e9), r"strength_Hz must lock a band narrower than the oscillator's 3.01e\+08 Hz"),
        ((2e-3, 1e-6), r"strength_Hz must not ask for more than 2.1e\+09 steps of single"),
        ((2e-3, 0.0), "strength_Hz must be > 0, got 0"),
        ((2e-3, 1e4, [1.0, 0.5]), r"detunings must rise, got \[1.0, 0.5\]"),
    ],
)
def test_arguments_that_are_refused(arguments, message):
    current, strength, *detunings = arguments
    with pytest.raises(ValueError, match=message):
        locking_range(OSCILLATOR, current, strength, detunings=detunings[0] if detunings else None)
