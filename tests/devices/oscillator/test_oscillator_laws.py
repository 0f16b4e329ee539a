"""Closed forms of single auto-oscillators: linewidth, locking, phase, envelope, emission."""

import math
from dataclasses import replace

import numpy as np
import pytest

from pbit.devices.oscillator import (
    PRESETS,
    AutoOscillator,
    Injection,
    PhaseReduction,
    emitted_power_W,
    envelope_step,
    linewidth_Hz,
    locking_half_bandwidth_Hz,
    phase_variance,
    preset,
    thermal_noise_Hz,
)

OSCILLATOR = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6, noise_Hz=400.0)
NU = 2.0  # at twice the threshold, where p0 = 0.4


def test_linewidth_and_diffusion():
    assert linewidth_Hz(OSCILLATOR, 2e-3) == pytest.approx(400 / 0.4 * (1 + NU**2))
    assert np.isnan(linewidth_Hz(OSCILLATOR, [0.5e-3, 1e-3])).all()
    late, early = (phase_variance(OSCILLATOR, 2e-3, t) for t in (1.0, 1e-12))
    assert late == pytest.approx(2 * math.pi * linewidth_Hz(OSCILLATOR, 2e-3), rel=1e-5)
    assert early == pytest.approx(2 * math.pi * 1000 * 1e-12, rel=1e-3)  # direct noise alone
    assert math.isnan(phase_variance(OSCILLATOR, 1e-3, 1.0))


def test_thermal_noise_gives_the_mean_energy_of_equipartition():
    noise = thermal_noise_Hz(damping_Hz=1e7, frequency_Hz=1e9, action_J_s=1e-28)
    energy = noise / 1e7 * 1e-28 * 2 * math.pi * 1e9  # p times lambda omega
    assert energy == pytest.approx(1.380649e-23 * 300)
    with pytest.raises(ValueError, match="action_J_s must be a finite number > 0, got 0"):
        thermal_noise_Hz(damping_Hz=1e7, frequency_Hz=1e9, action_J_s=0)


def test_half_bandwidths():
    band = locking_half_bandwidth_Hz(OSCILLATOR, [0.5e-3, 2e-3], 1e4)
    assert math.isnan(band[0])
    assert band[1] == pytest.approx(math.sqrt(5) * 1e4 / math.sqrt(0.4))
    assert locking_half_bandwidth_Hz(OSCILLATOR, 2e-3, 1e4, harmonic=2) == pytest.approx(
        math.sqrt(5) * 1e4
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"harmonic": 3}, "harmonic must be 1 or 2, got 3"),
        ({"frequency_Hz": 0.0}, "frequency_Hz must be finite and > 0, one or one a read, got 0"),
        ({"strength_Hz": -1.0}, "strength_Hz must be finite and >= 0"),
        ({"strength_Hz": [[1.0]]}, "one or one a read"),
    ],
)
def test_signals_that_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        Injection(**{"frequency_Hz": 3e8, "strength_Hz": 1e4} | fields)


@pytest.mark.parametrize("harmonic", [1, 2])
def test_phase_reduction_rests_where_its_velocity_is_zero(harmonic):
    signal = Injection(frequency_Hz=3.0079e8 * harmonic, strength_Hz=1e4, harmonic=harmonic)
    phase = PhaseReduction.of(OSCILLATOR, 2e-3, signal)
    assert phase.locks and phase.beat_Hz == 0
    assert phase.velocity_rad_s(phase.locked_phase) == pytest.approx(0, abs=1e-3)
    assert phase.velocity_rad_s(phase.locked_phase + 0.01) < 0  # stable
    far = replace(phase, detuning_rad_s=-2 * phase.half_bandwidth_rad_s)
    assert not far.locks and math.isnan(far.locked_phase)
    turns = np.linspace(0, 2 * np.pi, 20000, endpoint=False)
    period = (2 * np.pi / far.velocity_rad_s(turns)).mean()  # exact for what is periodic
    assert far.beat_Hz == pytest.approx(1 / period)
    assert phase.is_valid and not replace(phase, validity=0.2).is_valid


def test_phase_reductions_that_are_refused():
    signal = Injection(frequency_Hz=3e8, strength_Hz=1e4)
    with pytest.raises(ValueError, match=r"current_A must be above the threshold, 0\.001 A, got 0"):
        PhaseReduction.of(OSCILLATOR, 5e-4, signal)
    with pytest.raises(ValueError, match="injection must be one signal, got several"):
        PhaseReduction.of(OSCILLATOR, 2e-3, replace(signal, strength_Hz=[1.0, 2.0]))


def test_envelope_is_exact_for_any_step():
    """Halves make a whole; small steps follow the equation; far ends of the exponential hold."""
    currents, t = np.array([0.0, 1e-3, 1.0000001e-3, 3e-3]), 1e-6
    whole = envelope_step(OSCILLATOR, 0.3, currents, t)
    half = envelope_step(OSCILLATOR, 0.3, currents, t / 2)
    assert np.allclose(envelope_step(OSCILLATOR, half, currents, t / 2), whole, rtol=1e-12)
    zeta, rate = currents / 1e-3, OSCILLATOR.damping_rad_s
    slope = 2 * 0.3 * rate * (zeta - 1 - (zeta + 0.5) * 0.3)
    moved = envelope_step(OSCILLATOR, 0.3, currents, 1e-13)
    assert np.allclose((moved - 0.3) / 1e-13, slope, rtol=1e-4)
    assert envelope_step(OSCILLATOR, 1e-9, 3e-3, 1e9) == pytest.approx(2 / 3.5)
    assert envelope_step(OSCILLATOR, 1.0, -1e-3, 1e9) == 0
    with pytest.raises(ValueError, match="power must be finite and >= 0, got -1"):
        envelope_step(OSCILLATOR, -1, 1e-3, 1.0)
    with pytest.raises(ValueError, match="duration_s must be finite and >= 0"):
        envelope_step(OSCILLATOR, 0.1, 1e-3, math.inf)


def test_emission():
    source = replace(OSCILLATOR, signal_V=0.1)
    assert emitted_power_W(source, [0.0, 2e-3]) == pytest.approx([0.0, 0.01 * 0.4 / 100])
    with pytest.raises(ValueError, match="load_ohm must be a finite number > 0"):
        emitted_power_W(source, 2e-3, load_ohm=0)


def test_presets_are_what_their_notes_say():
    vortex, uniform = (preset(name) for name in ("vortex", "uniform"))
    assert linewidth_Hz(vortex.oscillator, vortex.current_A) == pytest.approx(50e3)
    assert vortex.oscillator.nonlinearity(vortex.current_A) == 2
    relaxation = 1 / (2 * uniform.oscillator.relaxation_rate_s(uniform.current_A))
    assert relaxation == pytest.approx(6e-9, rel=0.1)
    assert linewidth_Hz(uniform.oscillator, uniform.current_A) == pytest.approx(2.4e6, rel=0.01)
    assert all("unverified" in each.note for each in PRESETS.values())
    with pytest.raises(ValueError, match="preset must be one of vortex, uniform, got 'disk'"):
        preset("disk")
