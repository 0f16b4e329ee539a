"""Magnets without a barrier: limits, quadratures and the benchmark of the literature."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kstest

from pbit.devices.constants import BOLTZMANN_J_K
from pbit.devices.laws.low_barrier import (
    langevin_mean,
    perpendicular_relaxation_time_s,
    planar_dephasing_time_s,
    torque_argument,
)
from pbit.devices.laws.orientation import Binary, Perpendicular, Planar
from pbit.devices.laws.switching import perpendicular_critical_current_A
from pbit.devices.macrospin import simulate
from pbit.devices.magnet import Macrospin
from pbit.devices.mtj import Junction
from pbit.kernels.devices.telegraph import fill_uniforms

# Mean of m_z of a magnet that starts at -1, digitised from a stochastic LLG simulation
# (OPUSLab/Spin-Circuit-Designs); the readings agree with exp(-t/tau) to about 0.01.
DIGITISED = [(8.6, -0.934), (18.2, -0.881), (39.1, -0.758), (62.2, -0.637), (91.7, -0.511),
             (113.8, -0.435), (150.5, -0.329), (183.3, -0.257), (221.6, -0.182)]  # fmt: skip


def benchmark_tau(temperature):
    return perpendicular_relaxation_time_s(
        saturation_A_m=1.1e6, volume_m3=30e-9**2 * 2e-9, damping=0.01, temperature_K=temperature
    )


def test_relaxation_time_of_the_benchmark():
    """It takes kT = 26 meV with e = 1.6e-19 C, which makes 135.2 ns; 300 K are 135.7."""
    assert benchmark_tau(0.026 * 1.6e-19 / BOLTZMANN_J_K) * 1e9 == pytest.approx(135.2, abs=0.1)
    assert benchmark_tau(300.0) * 1e9 == pytest.approx(135.7, abs=0.1)


def test_relaxation_follows_the_digitised_simulation():
    def worst(tau_ns):
        return max(abs(-math.exp(-t / tau_ns) - m) for t, m in DIGITISED)

    assert worst(135.2) < 0.015
    assert worst(1.2 * 135.2) > 0.05  # a planted error


@pytest.mark.parametrize("x", [-30.0, -2.0, -0.011, -0.009, 1e-5, 0.5, 5.0, 100.0])
def test_langevin_mean_by_quadrature(x):
    def fold(sign, m):  # both signs of m at once: no cancellation
        return math.exp(x * m - abs(x)) + sign * math.exp(-x * m - abs(x))

    tight = {"epsabs": 0, "epsrel": 1e-12}
    weight = quad(lambda m: fold(1, m), 0, 1, **tight)[0]
    first = quad(lambda m: m * fold(-1, m), 0, 1, **tight)[0]
    assert float(langevin_mean(x)) == pytest.approx(first / weight, rel=1e-9)


def test_torque_is_the_input_of_the_macrospin_junction():
    critical = perpendicular_critical_current_A(9.0, damping=0.02, polarization=0.6)
    junction = Junction(9.0, barrier_exponent=2.0, critical_current_A=critical)
    x = torque_argument(1e-6, polarization=0.6, damping=0.02)
    assert float(x) == pytest.approx(float(junction.pbit_input(1e-6)))


@pytest.mark.parametrize(
    "law", [Planar(), Perpendicular(), Perpendicular(3.0), Perpendicular(-9.0)]
)
def test_laws_of_the_orientation(law):
    u = np.linspace(0, 1, 101)
    assert np.allclose(law.cdf(law.quantile(u)), u, atol=1e-12)
    assert law.cdf([-2.0, 2.0]).tolist() == [0.0, 1.0]
    uniforms = np.empty((1, 20_000))
    fill_uniforms(uniforms, 0, 5, 0)
    draws = law.quantile(uniforms[0])
    assert kstest(draws, law.cdf).pvalue > 1e-6 / 4
    wrong = (
        Perpendicular(0.3) if isinstance(law, Planar) else Perpendicular(1.2 * law.torque or 0.3)
    )
    assert kstest(draws, wrong.cdf).pvalue < 1e-6 / 4


def test_means_of_the_laws():
    u = (np.arange(100_000) + 0.5) / 100_000
    for x in (-4.0, 0.0, 2.5):
        assert Perpendicular(x).quantile(u).mean() == pytest.approx(langevin_mean(x), abs=1e-5)
    assert Planar().quantile(u).mean() == pytest.approx(0.0, abs=1e-9)
    assert (Planar().quantile(u) ** 2).mean() == pytest.approx(0.5, abs=1e-5)
    assert Binary(0.3).quantile(u).mean() == pytest.approx(0.3, abs=1e-4)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan])
def test_refusals(bad):
    good = {"saturation_A_m": 1e6, "volume_m3": 1e-24, "damping": 0.01, "temperature_K": 300.0}
    for name in good:
        with pytest.raises(ValueError, match=f"{name} must be a finite number > 0"):
            perpendicular_relaxation_time_s(**(good | {name: bad}))
    with pytest.raises(ValueError, match="polarization must be"):
        torque_argument(1e-6, polarization=bad, damping=0.01)
    with pytest.raises(ValueError, match="damping must be"):
        torque_argument(1e-6, polarization=0.6, damping=bad)


def test_laws_refuse():
    with pytest.raises(ValueError, match="mean must be a finite number >= -1 and <= 1"):
        Binary(1.5)
    with pytest.raises(ValueError, match=r"torque must be .*beyond, the magnet is pinned"):
        Perpendicular(301.0)


# --- in-plane magnets

DISK = {"saturation_A_m": 1.1e6, "volume_m3": 30e-9**2 * 2e-9}


def test_dephasing_time_in_other_units():
    """From the thermal m_z: 1 / (gamma mu_0 M_s sqrt(<m_z^2>))."""
    spread = math.sqrt(BOLTZMANN_J_K * 300 / (4e-7 * math.pi * 1.1e6**2 * DISK["volume_m3"]))
    assert planar_dephasing_time_s(**DISK) == pytest.approx(
        1 / (1.76086e11 * 4e-7 * math.pi * 1.1e6 * spread), rel=1e-4
    )
    assert planar_dephasing_time_s(**DISK) == pytest.approx(0.1056e-9, rel=1e-3)
    warm = planar_dephasing_time_s(**DISK, temperature_K=1200.0)
    assert warm == pytest.approx(planar_dephasing_time_s(**DISK) / 2)


@pytest.mark.parametrize("name", ["saturation_A_m", "volume_m3", "temperature_K"])
def test_dephasing_needs_a_magnet(name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        planar_dephasing_time_s(**{**DISK, name: 0.0})


def test_disks_dephase_as_a_gaussian():
    """1000 free disks by Heun steps, alpha 0.001: exp(-t^2 / 2 tau^2) at 0.5, 1 and 1.5 tau to five
    standard errors and 2 % of damping and finite m_z; an exponential of the same integral is not
    near (0.67 for 0.88 at tau / 2), nor is a tau that is 20 % longer."""
    tau = planar_dephasing_time_s(**DISK)
    disk = Macrospin(**DISK, damping=0.001, demagnetising_factors=(0.0, 0.0, 1.0))
    reads, rng = 1000, np.random.default_rng(3)
    wide = BOLTZMANN_J_K * 300 / (4e-7 * math.pi * DISK["saturation_A_m"] ** 2 * DISK["volume_m3"])
    up = rng.normal(0.0, math.sqrt(wide), reads)
    start = np.stack([np.sqrt(1 - up**2), np.zeros(reads), up], axis=1)
    found = []
    for times in (0.5, 1.0, 1.5):
        run = simulate(disk, times * tau, num_reads=reads, initial=start, seed=4)
        cosines = run.m[:, -1, 0]
        found.append((times, cosines.mean(), cosines.std() / math.sqrt(reads)))

    def off(scale):
        return max(
            abs(mean - math.exp(-((times / scale) ** 2) / 2)) - 5 * error
            for times, mean, error in found
        )

    assert off(1.0) < 0.02
    assert off(1.2) > 0.02
    t, mean, error = found[0]
    assert mean - math.exp(-t / math.sqrt(math.pi / 2)) > 5 * error + 0.02
