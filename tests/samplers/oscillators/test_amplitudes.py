"""The machine in its complex form beside its phases: alike where they should be."""

import numpy as np
import pytest

import pbit
from pbit import IsingModel, OscillatorHardware, oscillate
from pbit.devices.oscillator import AutoOscillator
from pbit.samplers.oscillators.amplitudes import oscillate_amplitudes
from random_models import random_model, random_polynomial

VORTEX = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)


def machine(**changes):
    given = {"oscillator": VORTEX, "current_A": 2e-3, "coupling_Hz": 3e3}
    return OscillatorHardware(**(given | {"frequency_spread_Hz": 1e3} | changes))


def test_slow_couplings_leave_phases_alone():
    """The same spins, read by read, on the same machine; other ones on another."""
    model = random_model(8, seed=1)
    full = oscillate_amplitudes(model, machine(), duration=60, num_reads=16, seed=1)
    options = {"num_sweeps": 240, "time_step": 0.25, "noise": (0, 0), "num_reads": 16, "seed": 1}
    alike = oscillate(model, hardware=machine(), descent=False, **options)
    other = oscillate(model, hardware=machine(seed=5), descent=False, **options)
    assert (full.spins == alike.spins).mean() > 0.97
    assert (full.spins == other.spins).mean() < 0.9
    assert full.info["duration_s"] == pytest.approx(60 / machine().rate_rad_s)
    assert full.info["updates"] == full.info["num_sweeps"] * 16 * 8


def test_energies_and_descents():
    model = random_model(6, seed=2)
    options = {"duration": 2.0, "num_reads": 16, "seed": 1}
    last = oscillate_amplitudes(model, machine(), **options)
    low = oscillate_amplitudes(model, machine(), descent=True, **options)
    assert np.array_equal(last.energies, model.energy(last.spins))
    assert np.array_equal(low.spins, pbit.descend(model, last.spins).spins)


def test_refused():
    pair = IsingModel.from_edges([0], [1], [1.0])
    with pytest.raises(ValueError, match="at most 2 spins"):
        oscillate_amplitudes(random_polynomial(5, seed=1), machine())
    with pytest.raises(TypeError, match="hardware must be of type OscillatorHardware"):
        oscillate_amplitudes(pair, VORTEX)
    with pytest.raises(ValueError, match="duration must be a number > 0"):
        oscillate_amplitudes(pair, machine(), duration=0.0)
    with pytest.raises(ValueError, match="second_harmonic must be two numbers"):
        oscillate_amplitudes(pair, machine(), second_harmonic=1.0)
