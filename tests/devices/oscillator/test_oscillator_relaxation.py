"""A relaxation oscillator: its thresholds, its rate against the law of integrate-and-fire."""

import math

import numpy as np
import pytest

from pbit.devices.oscillator import RelaxationOscillator

NEURON = RelaxationOscillator()


def test_thresholds():
    """It is off below and on above them; at the fold both roots of the power are one."""
    q, s = NEURON.nonlinear_damping, NEURON.saturation
    assert (q + NEURON.off) ** 2 == pytest.approx(4 * s * (1 - NEURON.off))
    assert NEURON.inputs[0] == 1 and NEURON.off == pytest.approx(math.sqrt(5) - 2)
    low, high = NEURON.inputs
    assert NEURON.run(0.97 * low, 1e-5).spikes_s.size == 0
    late = NEURON.run(1.05 * high, 1e-5)
    assert late.spikes_s.size == 1 and late.powers[-1] > 0.5  # on for good
    assert NEURON.rate_Hz(0.9) == NEURON.rate_Hz(high) == 0
    assert math.isinf(NEURON.charging_time_s(1.0)) and math.isinf(NEURON.firing_time_s(high))


@pytest.mark.parametrize(("charging_s", "error"), [(1e-7, 0.2), (1e-5, 0.02)])
def test_rate_nears_the_law_as_charging_gets_slow(charging_s, error):
    neuron = RelaxationOscillator(charging_s=charging_s)
    run = neuron.run(1.5, 12 * charging_s)
    off = abs(run.rate_Hz / neuron.rate_Hz(1.5) - 1)
    assert error / 10 < off < error
    assert run.powers.max() < 1 and run.times_s.shape == run.charges.shape


def test_firing_time_by_quadrature():
    charges = np.linspace(NEURON.off, 1, 200_001)
    b, s = NEURON.nonlinear_damping + charges, NEURON.saturation
    power = (-b + np.sqrt(np.maximum(b * b - 4 * s * (1 - charges), 0))) / (2 * s)
    slowness = 1 / (charges - 1.5 + NEURON.load * power)
    assert NEURON.firing_time_s(1.5) == pytest.approx(
        1e-6 * np.trapezoid(slowness, charges), rel=1e-4
    )


def test_pulses_add_up():
    """One pulse is not enough, three in a row are; three far apart are not."""

    def spikes(inputs):
        return NEURON.run(inputs, len(inputs) * 0.3e-6, segment_s=0.3e-6).spikes_s.size

    assert spikes([2.4, 0, 0, 0, 0, 0, 0, 0]) == 0
    assert spikes([2.4, 2.4, 2.4, 0, 0, 0, 0, 0]) == 1
    assert spikes([2.4, 0, 0, 0, 2.4, 0, 0, 0, 2.4, 0, 0, 0]) == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"nonlinear_damping": -0.5}, "nonlinear_damping must be a finite number < -1"),
        ({"saturation": 1.5}, "saturation must be > 2 with this nonlinear_damping, got 1.5"),
        ({"load": 0.5}, "load must discharge at an input of 1, got 0.5"),
        ({"noise_Hz": 0.0}, "noise_Hz must be a finite number > 0"),
    ],
)
def test_parameters_that_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        RelaxationOscillator(**fields)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"current": math.nan}, "current must be finite, one or one a segment"),
        ({"current": [1.0, 2.0]}, "segment_s must be given for several inputs, got None"),
        ({"duration_s": 0.0}, "duration_s must be a finite number > 0"),
        ({"segment_s": -1.0}, "segment_s must be a finite number > 0"),
    ],
)
def test_runs_that_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        NEURON.run(**{"current": 1.5, "duration_s": 1e-6} | arguments)
