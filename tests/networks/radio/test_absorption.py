"""What a line absorbs: the oscillator's own equation, sums, and what is refused."""

import re

import numpy as np
import pytest

from pbit.devices.oscillator import AutoOscillator, driven_amplitude
from pbit.networks.radio import AbsorptionLine

OSCILLATOR = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6, nonlinear_damping=0.0)
FREQUENCIES = 1e9 + np.linspace(-3e7, 3e7, 13)


@pytest.mark.parametrize("zeta", [-0.5, 0.0, 0.8])
def test_one_resonator_takes_what_its_equation_says(zeta):
    """2 Gamma |c|^2 under a weak force, over that without current; control: another current."""
    current, force = zeta * 1e-3, 1e-4 * 5e6

    def taken(current_A, frequency_Hz):
        c = driven_amplitude(
            OSCILLATOR, current_A=current_A, force_Hz=force, frequency_Hz=frequency_Hz
        )
        return (1 - current_A / 1e-3) * np.abs(c) ** 2

    line = AbsorptionLine([1e9], OSCILLATOR)
    wanted = taken(current, FREQUENCIES) / taken(0.0, 1e9)
    np.testing.assert_allclose(line.spectrum([[current]], FREQUENCIES)[0], wanted, rtol=1e-4)
    other = line.spectrum([[current + 1e-5]], FREQUENCIES)[0]
    assert np.abs(other / wanted - 1).max() > 5e-3


def test_absorbed_powers_add_up():
    rests, currents = np.array([0.98e9, 1.0e9, 1.01e9]), np.array([[1e-4, 5e-4, 9e-4]])
    alone = [
        AbsorptionLine([each], OSCILLATOR).spectrum(currents[:, [k]], FREQUENCIES)
        for k, each in enumerate(rests)
    ]
    found = AbsorptionLine(rests, OSCILLATOR).spectrum(currents, FREQUENCIES)
    np.testing.assert_allclose(found, np.sum(alone, axis=0))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: AbsorptionLine([1e9], 1), TypeError, "oscillator must be of type AutoOscillator"),
        (lambda: AbsorptionLine([[1e9]], OSCILLATOR), ValueError,
         "resonances_Hz must be frequencies > 0 along one axis, got shape (1, 1)"),
        (lambda: AbsorptionLine([1e9], OSCILLATOR).spectrum([[0.0, 0.0]], [1e9]), ValueError,
         "currents_A must have a column for each of 1 resonators, got shape (1, 2)"),
        (lambda: AbsorptionLine([1e9], OSCILLATOR).spectrum([[1e-3]], [1e9]), ValueError,
         "currents_A must be below the threshold of 0.001 A, got 0.001; from there on"),
    ],
)  # fmt: skip
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
