"""Spectra of lines of known width, and what is found in them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from pbit.devices.oscillator import (
    AutoOscillator,
    AutoOscillatorRun,
    fit_line,
    linewidth_Hz,
    power_spectrum,
    simulate,
)
from pbit.devices.oscillator.tuning_curves import tuning_curve

OSCILLATOR = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, signal_V=0.1)
WIDTH, STEP, POWER = 2e3, 1e-5, 0.4


def diffusing(reads, samples, *, width=WIDTH, step=STEP, seed=1):
    """Phases that diffuse: lines that are Lorentzians exactly, 1 kHz above the frame."""
    steps = np.random.default_rng(seed).normal(size=(reads, samples))
    phase = np.cumsum(steps * math.sqrt(2 * math.pi * width * step), axis=1)
    times = np.arange(samples) * step
    c = math.sqrt(POWER) * np.exp(-1j * (phase + 2 * math.pi * 1e3 * times))
    return AutoOscillatorRun(OSCILLATOR, times, c, np.full(reads, 3e8), {})


def test_line_of_diffusing_phases():
    """Width, place and power within 5 standard errors, the width known to 1 %; a fit that knows
    nothing of the window would be 20 % off."""
    line = fit_line(power_spectrum(diffusing(48, 2**14), segment=256))
    for found, true in (
        (line.linewidth_Hz, WIDTH),
        (line.frequency_Hz, 3e8 + 1e3),
        (line.power_V2, 0.1**2 * POWER / 2),
    ):
        assert abs(found.value - true) < 5 * found.error
    assert line.linewidth_Hz.error < 0.015 * WIDTH
    assert line.linewidth_Hz.value == pytest.approx(WIDTH, rel=0.05)


def test_bins_and_power():
    run = diffusing(4, 4096)
    spectrum = power_spectrum(run, from_s=100 * STEP, segment=512)
    assert spectrum.frequencies_Hz.shape == (512,) and spectrum.density_V2_Hz.shape == (4, 512)
    assert (np.diff(spectrum.frequencies_Hz) > 0).all()
    assert spectrum.frequencies_Hz[spectrum.mean_V2_Hz.argmax()] == pytest.approx(
        3e8 + 1e3, abs=1e3
    )
    total = spectrum.mean_V2_Hz.sum() * spectrum.resolution_Hz
    assert total == pytest.approx(0.1**2 * POWER / 2, rel=0.05)


def test_one_read_has_no_error():
    line = fit_line(power_spectrum(diffusing(1, 2**14), segment=512))
    assert math.isnan(line.linewidth_Hz.error) and line.linewidth_Hz.value == pytest.approx(
        WIDTH, rel=0.3
    )


@pytest.mark.slow
def test_line_of_an_oscillator_to_one_percent():
    """Linewidth of simulated spectra at p0 = 0.4, nu = 2, with a standard error of 0.5 %."""
    noisy = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6, noise_Hz=500.0)
    width = float(linewidth_Hz(noisy, 2e-3))
    run = simulate(
        noisy, 300 / width, current_A=2e-3, num_reads=64, record_every=500, seed=3,
        time_step_s=1e-8, num_threads=2,
    )  # fmt: skip
    line = fit_line(power_spectrum(run, from_s=5e-6, segment=512))
    assert line.linewidth_Hz.error < 0.006 * width
    assert abs(line.linewidth_Hz.value / width - 1) < 0.01 + 3 * line.linewidth_Hz.error / width


def test_what_is_refused():
    with pytest.raises(ValueError, match="run must have 16 samples, got 15; set record_every"):
        power_spectrum(diffusing(1, 15))
    with pytest.raises(ValueError, match="segment must be <= 100, got 101"):
        power_spectrum(diffusing(1, 100), segment=101)
    two = diffusing(2, 100)
    two.frame_Hz[1] = 1.0
    with pytest.raises(ValueError, match=r"run must have one frame_Hz; give frame_Hz to simulate"):
        power_spectrum(two)
    with pytest.raises(ValueError, match=r"it is too narrow, got .* Hz a bin; longer segments"):
        fit_line(power_spectrum(diffusing(2, 4096, width=10.0)))
    with pytest.raises(ValueError, match="it is too wide"):
        fit_line(power_spectrum(diffusing(8, 4096, width=1e5)))


def test_curves_that_would_take_minutes_are_refused():
    for oscillator, message in (
        (replace(OSCILLATOR, shift_Hz=1e12), "shift_Hz must not ask for more than 1.1e"),
        (replace(OSCILLATOR, shift_Hz=0.0), "highest_A must not ask for .* got 10.0; lower it"),
    ):
        with pytest.raises(ValueError, match=message):
            tuning_curve(oscillator, 10.0)
