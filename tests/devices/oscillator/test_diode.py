"""Rectified voltages: closed forms against the equation of motion, and beyond linear response."""

import math
import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from pbit.devices.oscillator import AutoOscillator, Rectifier, SpinTorqueDiode, driven_amplitude

RESONATOR = AutoOscillator(
    frequency_Hz=1e9, damping_Hz=5e6, shift_Hz=-4e7, nonlinear_damping=1.0, threshold_A=1e-3
)
BIAS = 4e-4  # 60 % of the damping are left
LEFT_HZ = 0.6 * 5e6


def integrated(force_Hz, frequency_Hz, oscillator=RESONATOR, current_A=BIAS):
    """c of the oscillator's equation in the frame of the drive, after forty damping times."""
    zeta, turn = current_A / oscillator.threshold_A, 2 * np.pi

    def rhs(t, z):
        c = z[0] + 1j * z[1]
        p = abs(c) ** 2
        away = oscillator.frequency_Hz + oscillator.shift_Hz * p - frequency_Hz
        loss = oscillator.damping_Hz * (1 + oscillator.nonlinear_damping * p - zeta * (1 - p))
        change = turn * (-(1j * away + loss) * c + force_Hz)
        return [change.real, change.imag]

    end = 40 / (turn * LEFT_HZ)
    run = solve_ivp(rhs, (0, end), [0.0, 0.0], rtol=1e-10, atol=1e-13, first_step=end / 1e4)
    return complex(run.y[0, -1], run.y[1, -1])


@pytest.mark.parametrize("x", [-3.0, -1.0, 0.0, 0.5, 2.0])
def test_linear_response_is_the_lorentzian_of_the_equation(x):
    """Size and phase of a weakly driven resonator: |c|^2 of one, an angle arctan x."""
    force = 1e-3 * LEFT_HZ
    c = integrated(force, 1e9 + x * LEFT_HZ)
    assert abs(c) ** 2 == pytest.approx(1e-6 / (1 + x * x), rel=1e-4)
    assert np.angle(c) == pytest.approx(math.atan(x), abs=1e-4)
    for phase in (0.0, 0.7, math.pi / 2):
        diode = SpinTorqueDiode(linewidth_Hz=LEFT_HZ, sensitivity_V_W=1.0, phase_rad=phase)
        turned = (c * np.exp(-1j * phase)).real / 1e-3
        assert float(diode.response(x)) == pytest.approx(turned, abs=2e-4)
    wrong = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=1.0, phase_rad=0.7)  # control
    assert x == 0.0 or abs(float(wrong.response(x * LEFT_HZ / 5e6)) - turned) > 2e-2


@pytest.mark.parametrize("drive", [0.03, 0.3, 1.0])
@pytest.mark.parametrize("x", [-4.0, -0.5, 1.0])
def test_any_drive_is_at_rest_where_the_equation_is(drive, x):
    found = driven_amplitude(
        RESONATOR, current_A=BIAS, force_Hz=drive * LEFT_HZ, frequency_Hz=1e9 + x * LEFT_HZ
    )
    assert complex(found) == pytest.approx(integrated(drive * LEFT_HZ, 1e9 + x * LEFT_HZ), rel=1e-6)


def test_a_bent_line_has_the_state_of_the_smaller_power():
    """Coming from rest; and amplitudes of no force are 0, of a linear resonator the closed form."""
    force, away = 1.5 * LEFT_HZ, -8 * LEFT_HZ
    c = driven_amplitude(RESONATOR, current_A=BIAS, force_Hz=force, frequency_Hz=1e9 + away)
    assert complex(c) == pytest.approx(integrated(force, 1e9 + away), rel=1e-5)
    linear = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6, nonlinear_damping=0.0)
    f = 1e9 + np.array([[-5e6, 0.0, 2e7]])
    found = driven_amplitude(linear, current_A=0.0, force_Hz=[[0.0], [5e6]], frequency_Hz=f)
    assert found.shape == (2, 3) and (found[0] == 0).all()
    np.testing.assert_allclose(found[1], 1 / (1 - 1j * (f[0] - 1e9) / 5e6))


def test_voltages_of_a_diode():
    """A Lorentzian, or what has both signs and is largest, 1/2, at a half width."""
    even, odd = (
        SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0, phase_rad=phase)
        for phase in (0.0, math.pi / 2)
    )
    np.testing.assert_allclose(even.voltage_V(1e-6, [-5e6, 0, 5e6]), [2.5e-4, 5e-4, 2.5e-4])
    x = np.linspace(-30, 30, 6001)
    values = odd.response(x)
    assert (x[values.argmin()], x[values.argmax()]) == pytest.approx((-1.0, 1.0))
    np.testing.assert_allclose([values.min(), values.max()], [-0.5, 0.5])
    np.testing.assert_allclose(values, -values[::-1], atol=1e-13)
    for diode in (even, odd):
        np.testing.assert_allclose(
            diode.slope(x), (diode.response(x + 1e-5) - diode.response(x - 1e-5)) / 2e-5, atol=1e-8
        )


def test_saturation_halves_at_its_power():
    diode = SpinTorqueDiode(
        linewidth_Hz=5e6, sensitivity_V_W=500.0, phase_rad=0.0, saturation_W=1e-5
    )
    np.testing.assert_allclose(diode.voltage_V([0.0, 1e-5, 1.0], 0.0), [0, 2.5e-3, 5e-3], rtol=1e-4)


# --- junctions


@pytest.mark.parametrize("phase", [0.0, 1.0])
def test_small_powers_obey_the_diode_and_larger_ones_saturate_as_it_says(phase):
    """To 1e-4; then what is missing is P / P_sat to the first order, at resonance without shift."""
    junction = Rectifier(oscillator=RESONATOR, phase_rad=phase)
    f = 1e9 + np.linspace(-2e7, 2e7, 21)
    diode = junction.diode(BIAS)
    small = junction.voltage_V(1e-9, f, current_A=BIAS)
    scale = 1e-9 * diode.sensitivity_V_W
    np.testing.assert_allclose(small, diode.voltage_V(1e-9, f - 1e9), atol=1e-4 * scale)
    wrong = junction.diode(0.0).voltage_V(1e-9, f - 1e9)  # control: another current
    assert np.abs(small - wrong).max() > 0.1 * scale
    round_line = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6, nonlinear_damping=1.0)
    still = Rectifier(oscillator=round_line)
    law = still.diode(BIAS)
    missing = 1 - still.voltage_V(1e-3 * law.saturation_W, 1e9, current_A=BIAS) / (
        1e-3 * law.saturation_W * law.sensitivity_V_W
    )
    assert missing == pytest.approx(1e-3, rel=0.01)


def test_a_current_near_threshold_makes_diodes_sensitive_and_narrow():
    junction = Rectifier(oscillator=RESONATOR)
    cold, warm = junction.diode(0.0), junction.diode(9e-4)
    assert warm.sensitivity_V_W == pytest.approx(10 * cold.sensitivity_V_W)
    assert warm.linewidth_Hz == pytest.approx(0.1 * cold.linewidth_Hz)
    assert warm.saturation_W < 1e-2 * cold.saturation_W
    linear = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6, nonlinear_damping=0.0)
    assert Rectifier(oscillator=linear).diode(-1e-4).saturation_W == math.inf


GOOD = {"linewidth_Hz": 5e6, "sensitivity_V_W": 500.0}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: SpinTorqueDiode(**GOOD | {"linewidth_Hz": 0}), ValueError, "linewidth_Hz must be"),
        (lambda: SpinTorqueDiode(**GOOD | {"sensitivity_V_W": 0}), ValueError, "sensitivity_V_W "),
        (lambda: SpinTorqueDiode(**GOOD, phase_rad="x"), TypeError, "phase_rad must be a number"),
        (lambda: SpinTorqueDiode(**GOOD, saturation_W=0.0), ValueError, "saturation_W must be"),
        (lambda: SpinTorqueDiode(**GOOD).voltage_V(-1.0, 0.0), ValueError,
         "power_W must be finite and >= 0, got -1 to -1; 0 dBm are 1e-3 W"),
        (lambda: SpinTorqueDiode(**GOOD).voltage_V("x", 0.0), TypeError, "power_W must be a numb"),
        (lambda: driven_amplitude(RESONATOR, current_A=1e-3, force_Hz=1.0, frequency_Hz=1e9),
         ValueError, "current_A must be a finite number < 0.001, got 0.001; at threshold"),
        (lambda: driven_amplitude(RESONATOR, current_A=0.0, force_Hz=-1.0, frequency_Hz=1e9),
         ValueError, "force_Hz must be >= 0, got -1.0; signs are phases"),
        (lambda: Rectifier(oscillator=1), TypeError, "oscillator must be of type AutoOscillator"),
        (lambda: Rectifier(oscillator=RESONATOR, swing=0.0), ValueError, "swing must be a finite"),
        (lambda: Rectifier(oscillator=RESONATOR, phase_rad=math.nan), ValueError, "phase_rad mus"),
        (lambda: Rectifier(oscillator=RESONATOR).voltage_V(-1.0, 1e9), ValueError,
         "power_W must be >= 0, got -1.0; in watts"),
    ],
)  # fmt: skip
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
