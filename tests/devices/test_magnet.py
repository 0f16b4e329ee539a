"""Derived numbers of a magnet against printed ones and closed forms; refusals."""

import math

import numpy as np
import pytest

from pbit.devices.constants import (
    BOLTZMANN_J_K,
    ELECTRON_C,
    GAMMA0_M_A_S,
    GYROMAGNETIC_RAD_S_T,
    HBAR_J_S,
    MU0_T_M_A,
    thermal_energy_J,
)
from pbit.devices.magnet import Macrospin

PLAIN = {"saturation_A_m": 8e5, "volume_m3": 1.2566e-24, "damping": 0.01}
MOMENT = MU0_T_M_A * 8e5 * 1.2566e-24


def test_constants():
    assert BOLTZMANN_J_K == 1.380649e-23
    assert ELECTRON_C == 1.602176634e-19
    assert HBAR_J_S == pytest.approx(1.054571817e-34, rel=1e-9)
    assert MU0_T_M_A == pytest.approx(4e-7 * math.pi, rel=1e-9)
    assert GYROMAGNETIC_RAD_S_T == pytest.approx(1.76085963e11, rel=1e-8)
    assert GAMMA0_M_A_S == pytest.approx(2.2127614e5, rel=1e-7)
    assert thermal_energy_J(300) / ELECTRON_C == pytest.approx(0.025852, rel=1e-4)


def test_barrier_and_critical_current_of_a_perpendicular_magnet():
    """25.17 uA at 60 k_B T, alpha 0.01, eta 0.6, 300 K."""
    magnet = Macrospin(**PLAIN).with_barrier(60)
    assert magnet.barrier == pytest.approx(60)
    assert magnet.critical_current_A() * 1e6 == pytest.approx(25.17, abs=0.005)
    other = 4 * ELECTRON_C * 0.01 / (HBAR_J_S * 0.6) * 60 * thermal_energy_J(300)
    assert magnet.critical_current_A() == pytest.approx(other)
    H_K = magnet.anisotropy_field_A_m
    assert magnet.damping_time_s == pytest.approx(1.0001 / (0.01 * GAMMA0_M_A_S * H_K))


def test_film_in_plane():
    """(2e/hbar)(alpha/eta) mu0 Ms V (H_K + Ms / 2); a shape takes from a perpendicular H_K."""
    film = Macrospin(
        **PLAIN,
        anisotropy_field_A_m=3e4,
        easy_axis=(1, 0, 0),
        reference=(1, 0, 0),
        demagnetising_factors=(0, 0, 1),
    )
    expected = 2 * ELECTRON_C / HBAR_J_S * 0.01 / 0.6 * MOMENT * (3e4 + 4e5)
    assert film.critical_current_A() == pytest.approx(expected)
    assert film.barrier == pytest.approx(MOMENT * 3e4 / (2 * thermal_energy_J(300)))
    upright = Macrospin(**PLAIN, anisotropy_field_A_m=9e5, demagnetising_factors=(0, 0, 1))
    assert upright.barrier == pytest.approx(MOMENT * 1e5 / (2 * thermal_energy_J(300)))


def test_asymmetry_moves_the_two_critical_currents_apart():
    magnet = Macrospin(**PLAIN, asymmetry=1.5).with_barrier(40)
    plain = Macrospin(**PLAIN).with_barrier(40).critical_current_A()
    assert magnet.critical_current_A(leaving=-1) == pytest.approx(plain * 2 / 4.5)
    assert magnet.critical_current_A(leaving=1) == pytest.approx(plain * 4.5 / 4.5)


def test_relaxation_time_of_a_low_barrier_magnet():
    """135.2 ns of 1100 emu/cc, (30 nm)^2 x 2 nm, alpha 0.01, 26 meV (Camsari's benchmark)."""
    kelvin = 0.026 * ELECTRON_C / BOLTZMANN_J_K
    magnet = Macrospin(saturation_A_m=1.1e6, volume_m3=1.8e-24, damping=0.01, temperature_K=kelvin)
    assert magnet.relaxation_time_s * 1e9 == pytest.approx(135.2, rel=2e-3)


def test_torques_and_voltage():
    magnet = Macrospin.disk(
        diameter_m=40e-9, thickness_m=1e-9, saturation_A_m=8e5, damping=0.01, spin_hall_angle=0.3
    )
    area = math.pi * 4e-16
    assert magnet.volume_m3 == pytest.approx(area * 1e-9)
    # The same current density through equal efficiencies makes the same torque.
    assert magnet.spin_hall_torque_A_m(1e11) == pytest.approx(magnet.torque_A_m(0.5 * 1e11 * area))
    changed = magnet.under_voltage(0.5, vcma_J_V_m=60e-15, barrier_thickness_m=1e-9)
    expected = -2 * 60e-15 * 0.5 / (MU0_T_M_A * 8e5 * 1e-18)
    assert changed.anisotropy_field_A_m == pytest.approx(expected)
    sigma = math.sqrt(2 * 0.01 * thermal_energy_J(300) / (GAMMA0_M_A_S * MOMENT * 1e-12))
    assert magnet.thermal_field_A_m(1e-12) == pytest.approx(sigma, rel=1e-4)


def test_directions_get_length_1():
    assert Macrospin(**PLAIN, easy_axis=(0, 3, 4)).easy_axis == pytest.approx((0, 0.6, 0.8))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"saturation_A_m": 0}, "saturation_A_m must be > 0, got 0"),
        ({"volume_m3": -1}, "volume_m3 must be > 0"),
        ({"damping": -0.1}, "damping must be >= 0"),
        ({"temperature_K": -1}, "temperature_K must be >= 0"),
        ({"polarization": 0}, r"polarization must be in \(0, 1\]"),
        ({"asymmetry": 0}, "asymmetry must be > 0"),
        ({"thickness_m": -1}, "thickness_m must be >= 0"),
        ({"field_like_ratio": math.nan}, "field_like_ratio must be finite"),
        ({"easy_axis": (0, 0, 0)}, "easy_axis must not be 0 0 0"),
        ({"reference": (0, 1)}, "reference must be three numbers"),
        ({"damping": (1, 2)}, "damping must be one number"),
        ({"applied_field_A_m": (0, 0, math.inf)}, "applied_field_A_m must be finite"),
    ],
)
def test_refused_numbers(change, message):
    with pytest.raises(ValueError, match=message):
        Macrospin(**PLAIN | change)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (lambda m: m.with_barrier(-1), "barrier must be finite and >= 0"),
        (lambda m: m.critical_current_A(leaving=0), "leaving must be -1 or 1"),
        (lambda m: m.spin_hall_torque_A_m(1e10), "thickness_m must be > 0 here"),
        (
            lambda m: m.under_voltage(1, vcma_J_V_m=1e-14, barrier_thickness_m=0),
            "barrier_thickness_m must be",
        ),
        (
            lambda m: Macrospin.disk(
                diameter_m=0, thickness_m=1e-9, saturation_A_m=8e5, damping=0.1
            ),
            "diameter_m must be finite",
        ),
        (lambda m: thermal_energy_J(-1), "temperature_K must be finite"),
        (lambda m: Macrospin(**PLAIN, temperature_K=0).barrier, "temperature_K must be > 0 here"),
        (
            lambda m: Macrospin(**PLAIN, demagnetising_factors=(0, 0, 1)).with_barrier(1),
            "without demagnetising_factors",
        ),
        (
            lambda m: Macrospin(**PLAIN, applied_field_A_m=(0, 0, 1)).critical_current_A(),
            "applied_field_A_m must be 0 0 0 here",
        ),
        (
            lambda m: Macrospin(
                **PLAIN, anisotropy_field_A_m=1e5, reference=(1, 0, 0)
            ).critical_current_A(),
            "reference must lie along the easiest axis",
        ),
    ],
)
def test_refused_questions(what, message):
    with pytest.raises(ValueError, match=message):
        what(Macrospin(**PLAIN))


def test_no_damping_no_relaxation():
    still = Macrospin(**PLAIN | {"damping": 0.0}, anisotropy_field_A_m=1e5)
    assert still.damping_time_s == still.relaxation_time_s == math.inf
    assert np.isfinite(still.largest_time_step_s())
    assert Macrospin(**PLAIN, temperature_K=0).largest_time_step_s() == math.inf


def test_vectors_may_be_arrays():
    magnet = Macrospin(**PLAIN, applied_field_A_m=np.array([0, 0, 1]), reference=[0, 0, 2])
    assert magnet == Macrospin(**PLAIN, applied_field_A_m=(0.0, 0.0, 1.0))
    assert hash(magnet) == hash(Macrospin(**PLAIN, applied_field_A_m=(0, 0, 1)))
