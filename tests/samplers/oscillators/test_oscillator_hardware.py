"""What a machine of real oscillators is like."""

import numpy as np
import pytest
from scipy import stats

from pbit import OscillatorHardware
from pbit.devices.oscillator import AutoOscillator

OSCILLATOR = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6, noise_Hz=4e3)


def machine(**changes):
    given = {"oscillator": OSCILLATOR, "current_A": 2e-3, "coupling_Hz": 1e5}
    return OscillatorHardware(**(given | changes))


def test_rates():
    """At twice the threshold p_0 = 0.4 and nu = 2: a line of 50 kHz."""
    made = machine()
    assert made.gain == pytest.approx(np.sqrt(5.0))
    assert made.rate_rad_s == pytest.approx(2 * np.pi * 1e5 * np.sqrt(5.0))
    assert made.noise == pytest.approx(np.pi * 5e4 / made.rate_rad_s)
    assert np.all(made.detunings(5) == 0.0)


def test_spread():
    """Normal, the same in a machine of any size, another one for another seed."""
    made = machine(frequency_spread_Hz=2e4, seed=2**40 + 1)
    many = made.detunings(4000)
    assert np.array_equal(made.detunings(7), many[:7])
    scale = 2 * np.pi * 2e4 / made.rate_rad_s
    assert stats.kstest(many / scale, "norm").pvalue > 1e-6
    assert stats.kstest(1.2 * many / scale, "norm").pvalue < 1e-6
    other = machine(frequency_spread_Hz=2e4, seed=1).detunings(4000)
    assert abs(np.corrcoef(many, other)[0, 1]) < 0.1


WRONG = [
    ({"current_A": 1e-3}, "current_A must be above the threshold, 0.001 A, got 0.001"),
    ({"current_A": np.nan}, "current_A must be a finite number"),
    ({"coupling_Hz": 0.0}, "coupling_Hz must be a finite number > 0"),
    ({"frequency_spread_Hz": -1.0}, "frequency_spread_Hz must be a finite number >= 0"),
    ({"seed": -1}, "seed must be >= 0"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        machine(**wrong)


def test_another_oscillator():
    with pytest.raises(TypeError, match="oscillator must be of type AutoOscillator"):
        machine(oscillator="vortex")
