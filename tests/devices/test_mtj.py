"""A junction's closed forms: against each other, against matrices and against the reference."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import expm

from pbit.devices import constants
from pbit.devices.junctions import PRESETS, preset
from pbit.devices.laws.conduction import (
    conductance_S,
    polarization_of_tmr,
    resistance_ohm,
    tmr_at_voltage,
    tmr_of_polarizations,
)
from pbit.devices.laws.telegraph_law import (
    autocovariance,
    correlation_time_s,
    cycle_rate_Hz,
    dwell_times_s,
    flip_probabilities,
    spectrum_per_Hz,
)
from pbit.devices.mtj import Junction

DRIVES = np.linspace(-0.9, 0.9, 13)
LAWS = [Junction(8.0), Junction(8.0, barrier_exponent=2.0), Junction(5.0, asymmetry=-0.2),
        Junction(6.0, barrier_exponent=1.5, asymmetry=0.1)]  # fmt: skip


def test_constants():
    assert constants.GAMMA0_M_A_S == pytest.approx(2.21276e5, rel=1e-6)
    assert constants.GYROMAGNETIC_RAD_S_T == pytest.approx(1.76085963e11, rel=1e-8)
    assert constants.HBAR_J_S == pytest.approx(1.054571817e-34, rel=1e-9)
    assert constants.thermal_energy_J(300.0) / constants.ELECTRON_C == pytest.approx(
        0.025852, rel=1e-5
    )


@pytest.mark.parametrize("temperature", [-1.0, math.inf, math.nan])
def test_thermal_energy_refuses(temperature):
    with pytest.raises(ValueError, match="temperature_K must be finite and >= 0"):
        constants.thermal_energy_J(temperature)


@pytest.mark.parametrize("barrier", [3.0, 8.0, 20.0])
def test_mean_is_a_tanh_with_twice_the_gain_for_the_macrospin(barrier):
    one = Junction(barrier, critical_current_A=2e-6)
    two = Junction(barrier, critical_current_A=2e-6, barrier_exponent=2.0)
    currents = DRIVES * 2e-6
    assert np.allclose(one.mean(currents), np.tanh(barrier * DRIVES), rtol=0, atol=1e-13)
    assert np.allclose(two.mean(currents), np.tanh(2 * barrier * DRIVES), rtol=0, atol=1e-13)
    assert two.pbit_gain_per_A == 2 * one.pbit_gain_per_A == pytest.approx(barrier / 1e-6)
    for junction in (one, two):
        assert np.allclose(junction.pbit_input(currents), junction.pbit_gain_per_A * currents)


@pytest.mark.parametrize("exponent", [1.0, 1.3, 1.5, 2.0])
def test_gain_is_the_slope_at_zero(exponent):
    junction = Junction(7.0, barrier_exponent=exponent)
    slope = (junction.pbit_input(1e-10) - junction.pbit_input(-1e-10)) / 2e-10
    assert slope == pytest.approx(junction.pbit_gain_per_A, rel=1e-6)


@pytest.mark.parametrize("junction", LAWS)
def test_mean_balances_the_rates(junction):
    currents = DRIVES * junction.critical_current_A
    from_P, from_AP = junction.rates_Hz(currents)
    balance = (from_AP - from_P) / (from_AP + from_P)
    assert np.allclose(junction.mean(currents), balance, rtol=0, atol=1e-12)


@pytest.mark.parametrize("exponent", [1.0, 1.5, 2.0])
def test_stray_field_is_a_current(exponent):
    plain = Junction(6.0, barrier_exponent=exponent)
    stray = Junction(6.0, barrier_exponent=exponent, asymmetry=0.15)
    for a, b in zip(stray.rates_Hz(2e-6), plain.rates_Hz(3.5e-6), strict=True):
        assert a == pytest.approx(b)
    assert float(stray.mean(-1.5e-6)) == pytest.approx(0.0, abs=1e-12)


def test_asymmetry_splits_the_barriers():
    out_of_P, out_of_AP = Junction(10.0, asymmetry=0.2).barriers()
    assert (out_of_P, out_of_AP) == (pytest.approx(12.0), pytest.approx(8.0))


@pytest.mark.parametrize("exponent", [1.0, 1.5, 2.0])
def test_rates_are_held_at_the_attempt_frequency(exponent):
    junction = Junction(8.0, barrier_exponent=exponent)
    from_P, from_AP = junction.rates_Hz([1e-5, 3e-5, -1e-5, -3e-5])
    assert (from_AP[:2] == 1e9).all() and (from_P[2:] == 1e9).all()
    assert np.isfinite(junction.mean([1e-4, -1e-4])).all()


def test_dwell_and_correlation_times():
    junction = Junction(8.0)
    x = DRIVES
    P, AP = dwell_times_s(junction, x * 1e-5)
    tau = math.exp(8.0) / 1e9
    assert junction.tau_s == pytest.approx(tau)
    assert np.allclose(P, tau * np.exp(8 * x)) and np.allclose(AP, tau * np.exp(-8 * x))
    times = correlation_time_s(junction, x * 1e-5)
    assert np.allclose(times, tau / (2 * np.cosh(8 * x)), rtol=1e-12)
    assert np.allclose(cycle_rate_Hz(junction, x * 1e-5), 1e9 * np.exp(-8) / (2 * np.cosh(8 * x)))


def test_no_rate_is_no_trouble():
    stuck = Junction(500.0, barrier_exponent=2.0)
    P, AP = dwell_times_s(stuck, 9e-6)
    assert math.isinf(P) and AP > 0
    assert float(cycle_rate_Hz(stuck, 9e-6)) == 0
    assert [float(p) for p in flip_probabilities(Junction(500.0), 1.0)] == [
        pytest.approx(1e9 * math.exp(-500))
    ] * 2


@pytest.mark.parametrize("junction", LAWS)
@pytest.mark.parametrize("current", [0.0, 2e-6])
def test_spectrum_is_the_transform_of_the_autocovariance(junction, current):
    tau = float(correlation_time_s(junction, current))
    variance = 1 - float(junction.mean(current)) ** 2

    def density(f):  # in units of tau and the variance, for the quadratures' sake
        return float(spectrum_per_Hz(junction, f / tau, current_A=current)) / (tau * variance)

    def covariance(t):
        return float(autocovariance(junction, t * tau, current_A=current)) / variance

    for f in (0.0, 0.1, 1.0):
        integral, _ = quad(lambda t, f=f: 4 * covariance(t) * math.cos(2 * math.pi * f * t), 0, 40,
                           limit=400)  # fmt: skip
        assert integral == pytest.approx(density(f), rel=1e-6)
    power, _ = quad(lambda x: density(math.tan(x)) / math.cos(x) ** 2, 0, math.pi / 2)
    assert power == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize("junction", LAWS)
@pytest.mark.parametrize("steps", [0.01, 0.5, 3.0, 40.0])
def test_flip_probabilities_are_those_of_the_generator(junction, steps):
    step = steps * float(correlation_time_s(junction, 1e-6))
    from_P, from_AP = (float(rate) for rate in junction.rates_Hz(1e-6))
    generator = np.array([[-from_P, from_P], [from_AP, -from_AP]])
    law = expm(generator * step)
    flips = flip_probabilities(junction, step, 1e-6)
    assert np.allclose(flips, (law[0, 1], law[1, 0]), rtol=1e-9)
    # The one-way formula misses the returns.
    assert steps < 0.1 or not np.allclose(flips[1], 1 - math.exp(-from_AP * step), rtol=1e-3)


def test_temperature_keeps_the_barrier_in_joule():
    cold = Junction(8.0, vcma_kT_per_V=2.0)
    warm = cold.at_temperature(400.0)
    assert warm.barrier * 400 == pytest.approx(cold.barrier * 300)
    assert warm.vcma_kT_per_V * 400 == pytest.approx(2.0 * 300)
    assert warm.pbit_gain_per_A * 400 == pytest.approx(cold.pbit_gain_per_A * 300)
    assert warm.at_temperature(300.0).barrier == pytest.approx(8.0)


def test_voltage_keeps_the_gain_and_the_stray_current():
    rest = Junction(8.0, vcma_kT_per_V=10.0, asymmetry=0.1)
    gated = rest.at_voltage(0.3)
    assert gated.barrier == pytest.approx(5.0)
    assert gated.pbit_gain_per_A == pytest.approx(rest.pbit_gain_per_A)
    assert gated.asymmetry * gated.critical_current_A == pytest.approx(1e-6)
    assert rest.at_voltage(-0.1).barrier == pytest.approx(9.0)


def test_tunnel_magnetoresistance():
    junction = Junction(8.0, resistance_P_ohm=4e3, tmr=1.5, tmr_half_voltage_V=0.5)
    assert np.allclose(resistance_ohm(junction, [1, -1]), [4e3, 10e3])
    c = np.linspace(-1, 1, 9)
    G = conductance_S(junction, c)
    assert np.allclose(np.diff(G, 2), 0, atol=1e-18)  # linear in the cosine
    P = polarization_of_tmr(1.5)
    assert np.allclose(G / G.mean(), 1 + P * P * c)
    assert tmr_of_polarizations(P, P) == pytest.approx(1.5)
    assert float(tmr_at_voltage(junction, -0.5)) == pytest.approx(0.75)
    assert float(resistance_ohm(junction, 1, voltage_V=0.5)) == pytest.approx(4e3)
    assert float(resistance_ohm(junction, -1, voltage_V=0.5)) == pytest.approx(7e3)
    assert float(tmr_at_voltage(Junction(8.0, tmr=1.5), 3.0)) == 1.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"barrier": 0.0}, "barrier must be a finite number > 0 and <= 500, got 0.0; in kT"),
        ({"barrier": 501}, "barrier must be"),
        ({"barrier": math.nan}, "barrier must be a finite number"),
        ({"barrier_exponent": 0.9}, "barrier_exponent must be a finite number >= 1 and <= 2"),
        ({"barrier_exponent": 2.1}, "2 the perpendicular macrospin"),
        ({"asymmetry": 1.0}, "asymmetry must be a finite number > -1 and < 1"),
        ({"attempt_frequency_Hz": 0.0}, "attempt_frequency_Hz must be a finite number > 0"),
        ({"critical_current_A": -1e-6}, "critical_current_A must be"),
        ({"resistance_P_ohm": math.inf}, "resistance_P_ohm must be a finite number > 0, got inf"),
        ({"temperature_K": 0.0}, "temperature_K must be"),
        ({"tmr": 0.0}, "tmr must be a finite number > 0, got 0.0; 100 % is 1.0"),
        ({"tmr_half_voltage_V": 0.0}, "tmr_half_voltage_V must be a number > 0, got 0.0"),
        ({"tmr_half_voltage_V": math.nan}, "tmr_half_voltage_V must be a number > 0, got nan"),
        ({"vcma_kT_per_V": math.nan}, "vcma_kT_per_V must be a finite number, got nan; 0 switches"),
    ],
)
def test_junction_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        Junction(**({"barrier": 8.0} | arguments))


def test_other_refusals():
    with pytest.raises(TypeError, match="barrier must be a number, got '8'"):
        Junction("8")
    with pytest.raises(TypeError, match="tmr must be a number, got True"):
        Junction(8.0, tmr=True)
    with pytest.raises(ValueError, match=r"voltage_V must leave a barrier, got 1\.0; 10 kT/V take"):
        Junction(8.0, vcma_kT_per_V=10.0).at_voltage(1.0)
    with pytest.raises(ValueError, match=r"temperature_K must be .*; temperatures are absolute"):
        Junction(8.0).at_temperature(0.0)
    with pytest.raises(ValueError, match="step_s must be a finite number >= 0"):
        flip_probabilities(Junction(8.0), -1.0)
    with pytest.raises(ValueError, match="second must be a finite number > 0 and < 1"):
        tmr_of_polarizations(0.5, 1.0)
    with pytest.raises(ValueError, match="tmr must be a finite number > 0"):
        polarization_of_tmr(0.0)
    with pytest.raises(ValueError, match=r"preset must be one of retention-1ms, .*, got 'x'"):
        preset("x")


def test_presets_give_what_their_sources_say():
    assert preset("retention-1ms").junction.tau_s == pytest.approx(1e-3, rel=0.25)
    year = 365.25 * 86400
    assert preset("memory-10years").junction.tau_s == pytest.approx(10 * year, rel=0.3)
    in_plane = preset("in-plane-2023").junction
    assert float(correlation_time_s(in_plane)) == pytest.approx(5e-9)
    assert in_plane.resistance_P_ohm * math.pi * 25e-9**2 == pytest.approx(15e-12)
    assert preset("perpendicular-2024").junction.tau_s == pytest.approx(2.7e-9)
    assert preset("actuated-fast-2025").junction.tau_s == pytest.approx(29e-9)
    assert preset("actuated-slow-2025").junction.tau_s == pytest.approx(2.3e-6)
    fields = set(vars(Junction(1.0)))
    for entry in PRESETS.values():
        assert set(entry.assumed) < fields
        assert "barrier" not in entry.assumed
