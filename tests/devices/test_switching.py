"""Writing: closed forms against the exact Fokker-Planck equation, and that against other laws.

Nothing here is random.
"""

import math

import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal, expm

from cases import some
from pbit.devices.laws.fokker_planck import exact_switching_probability, hopping_rates
from pbit.devices.laws.switching import (
    damping_time_s,
    drive_away,
    perpendicular_attempt_frequency_Hz,
    perpendicular_critical_current_A,
    precessional_pulse_s,
    switching_probability,
    switching_regime,
    write_energy_J,
)
from pbit.devices.mtj import Junction

TAU_D = 1e-9
CURRENT = 1e-5  # critical
MACROSPIN = Junction(
    40.0,
    barrier_exponent=2.0,
    critical_current_A=CURRENT,
    attempt_frequency_Hz=perpendicular_attempt_frequency_Hz(40.0, damping_time_s=TAU_D),
)


def model(drive, turns):
    return switching_probability(
        MACROSPIN, drive * CURRENT, pulse_s=turns * TAU_D, damping_time_s=TAU_D
    )


def exact(drive, turns, barrier=40.0):
    return exact_switching_probability(
        barrier, drive=drive, pulse_s=turns * TAU_D, damping_time_s=TAU_D
    )


# The referee itself.


def relaxation_rate(barrier, drive):
    """Smallest nonzero rate of the macrospin in units of 1/tau_D."""
    _, up, down = hopping_rates(barrier, drive, cells=4000)
    diagonal = np.zeros(4000)
    diagonal[:-1] += up
    diagonal[1:] += down
    return eigh_tridiagonal(diagonal, -np.sqrt(up * down), select="i", select_range=(0, 1))[0][1]


@pytest.mark.parametrize(("barrier", "drive"), [(15.0, 0.0), (25.0, 0.3), (50.0, 0.5)])
def test_fokker_planck_rates_tend_to_browns(barrier, drive):
    """Brown's high-barrier rates; what they lack is a series in one over the barrier left."""
    phi0 = perpendicular_attempt_frequency_Hz(barrier, damping_time_s=1.0)
    rates = [
        phi0 * (1 - drive**2) * (1 + s * drive) * math.exp(-barrier * (1 + s * drive) ** 2)
        for s in (-1, 1)
    ]
    left = barrier * (1 - drive) ** 2
    excess = sum(rates) / relaxation_rate(barrier, drive) - 1
    assert 0.5 / left < excess < 2.0 / left


def test_fokker_planck_without_a_barrier_is_diffusion():
    """The mean of m_z decays with Delta tau_D, whatever the barrier is called."""
    z, up, down = hopping_rates(1e-6, 0.0, cells=400)
    generator = np.diag(up, 1) + np.diag(down, -1)
    generator -= np.diag(generator.sum(axis=1))
    later = expm(generator * 0.7e-6) @ z
    assert np.allclose(later, z * math.exp(-0.7), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("drive", some([0.8, 1.5, 4.0], 1.5))
def test_fokker_planck_has_converged(drive, monkeypatch):
    turns = np.linspace(0, 6, 13)
    coarse = exact(drive, turns)
    monkeypatch.setattr("pbit.devices.laws.fokker_planck._CELLS_A_KT", 30)
    monkeypatch.setattr("pbit.devices.laws.fokker_planck._STEPS", 5000)
    assert np.abs(exact(drive, turns) - coarse).max() < 1e-3
    assert coarse[0] == 0.0 and (np.diff(coarse) > -1e-9).all()


def test_fokker_planck_takes_pulses_in_any_order():
    turns = np.array([3.0, 1.0, 0.0, 1.0])
    assert np.allclose(exact(2.0, turns), exact(2.0, np.sort(turns))[[3, 1, 0, 2]], atol=1e-3)


# Closed forms.

QUANTILES = [0.1, 0.5, 0.9]


def pulses(drive, barrier=40.0):
    return [
        precessional_pulse_s(barrier, drive=drive, probability=q, damping_time_s=TAU_D)
        for q in QUANTILES
    ]


# What the precessional law gave at the times when so many of 1000 simulated shots had switched.
SHOTS = {2.5: (0.103, 0.495, 0.892), 4.0: (0.109, 0.502, 0.916), 1.5: (0.181, 0.556, 0.889)}


@pytest.mark.parametrize("drive", SHOTS)
def test_precessional_law_at_quantiles(drive):
    """At the exact quantiles the law gives what it gave at those of the simulation."""
    turns = np.linspace(0.02, 8, 800)
    times = np.interp(QUANTILES, exact(drive, turns), turns)
    # Five standard errors of a quantile of 1000 shots.
    error = np.sqrt(np.array(QUANTILES) * (1 - np.array(QUANTILES)) / 1000)
    assert (np.abs(model(drive, times) - SHOTS[drive]) < 5 * error).all()
    linear = [linearised(drive, t) for t in times]  # the control: another prefactor
    assert drive == 4.0 or (np.abs(np.array(linear) - SHOTS[drive]) > 3 * error)[:2].all()


def linearised(drive, turns):
    """Butler's, with pi^2 / 4."""
    growth = drive * math.exp(2 * (drive - 1) * turns) - 1
    return math.exp(-(math.pi**2) / 4 * 40 * (drive - 1) / growth)


@pytest.mark.parametrize(("drive", "least", "most"), [
    (1.1, 0.35, 0.42), (1.3, 0.12, 0.15), (1.5, 0.06, 0.08), (2.0, 0.01, 0.025), (4.0, 0.004, 0.008)
])  # fmt: skip
def test_how_far_the_precessional_law_is_off(drive, least, most):
    """The numbers of the module's docstring, at 40 kT."""
    turns = np.linspace(0.02, 10, 500)
    assert least < np.abs(model(drive, turns) - exact(drive, turns)).max() < most


@pytest.mark.parametrize(("drive", "least", "most"), [(0.3, 1.55, 1.75), (0.5, 2.7, 3.3)])
def test_how_far_the_thermal_law_is_off(drive, least, most):
    """Rates with the constant prefactor of zero current, at 40 kT."""
    rate = float(MACROSPIN.rates_Hz(drive * CURRENT)[1]) * TAU_D
    assert least < rate / relaxation_rate(40.0, drive) < most


def test_thermal_law_is_that_of_the_telegraph():
    pulse = np.array([1e-9, 1e-7, 1e-5])
    p = switching_probability(MACROSPIN, 5e-6, pulse_s=pulse, damping_time_s=TAU_D)
    assert np.allclose(p, 1 - np.exp(-float(MACROSPIN.rates_Hz(5e-6)[1]) * pulse))


def test_regimes_join():
    drives = np.array([0.5, 0.9, 0.9001, 1.0, 1.0999, 1.1, 3.0])
    options = {"pulse_s": 3e-9, "damping_time_s": TAU_D}
    p = switching_probability(MACROSPIN, drives * CURRENT, **options)
    assert p[1] == pytest.approx(p[2], rel=1e-2) and p[4] == pytest.approx(p[5], rel=1e-2)
    assert p[3] == pytest.approx(math.sqrt(p[1] * p[5]))
    names = switching_regime(MACROSPIN, drives * CURRENT, from_state=-1).tolist()
    assert names == 2 * ["thermal"] + 3 * ["interpolated"] + 2 * ["precessional"]
    # From P the sign is the other one, and this sign holds the state.
    mirrored = switching_probability(MACROSPIN, -drives * CURRENT, from_state=1, **options)
    assert np.allclose(mirrored, p)
    held = switching_probability(MACROSPIN, drives * CURRENT, from_state=1, **options)
    assert (held < 1e-15).all()


def test_no_pulse_and_long_pulses():
    junction = Junction(40.0)
    options = {"damping_time_s": TAU_D}
    currents = np.array([0.5, 1.0, 2.0]) * 1e-5
    assert (switching_probability(junction, currents, pulse_s=0.0, **options) < 1e-12).all()
    assert switching_probability(junction, 2e-5, pulse_s=1e-3, **options) == 1.0


def test_stray_field_counts_as_drive():
    junction = Junction(40.0, asymmetry=0.2)
    assert float(drive_away(junction, 1e-5, from_state=-1)) == pytest.approx(1.2)
    assert float(drive_away(junction, 1e-5, from_state=1)) == pytest.approx(-1.2)


@pytest.mark.parametrize("drive", [1.1, 2.0, 5.0])
@pytest.mark.parametrize("probability", [0.01, 0.5, 0.999])
def test_pulse_is_the_inverse(drive, probability):
    pulse = precessional_pulse_s(50.0, drive=drive, probability=probability, damping_time_s=TAU_D)
    p = switching_probability(Junction(50.0), drive * 1e-5, pulse_s=pulse, damping_time_s=TAU_D)
    assert float(p) == pytest.approx(probability)


def test_a_weak_barrier_may_need_no_pulse():
    assert precessional_pulse_s(0.1, drive=1.2, probability=0.01, damping_time_s=TAU_D) == 0.0


def test_critical_current_and_energy():
    current = perpendicular_critical_current_A(60.0, damping=0.01, polarization=0.6)
    assert current == pytest.approx(25.17e-6, rel=2e-4)
    energy = write_energy_J([1e-5, 2e-5], resistance_ohm=5e3, pulse_s=1e-8)
    assert np.allclose(energy, [5e-15, 2e-14])
    assert damping_time_s(0.5, anisotropy_A_m=1e5) == pytest.approx(
        1.25 / (0.5 * 2.21276e10), rel=1e-5
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: damping_time_s(0.0, anisotropy_A_m=1e5), "damping must be"),
        (lambda: damping_time_s(0.1, anisotropy_A_m=0.0), "anisotropy_A_m must be"),
        (lambda: perpendicular_critical_current_A(0, damping=0.1, polarization=0.5), "barrier"),
        (lambda: perpendicular_critical_current_A(9, damping=0, polarization=0.5), "damping"),
        (lambda: perpendicular_critical_current_A(9, damping=0.1, polarization=1.5),
         "polarization must be a finite number > 0 and <= 1, got 1.5; 60 % is 0.6"),
        (lambda: perpendicular_attempt_frequency_Hz(0.0, damping_time_s=1e-9), "barrier must be"),
        (lambda: perpendicular_attempt_frequency_Hz(9.0, damping_time_s=0.0), "see damping_time_s"),
        (lambda: exact_switching_probability(0.0, drive=1, pulse_s=1, damping_time_s=1), "barrier"),
        (lambda: exact_switching_probability(9, drive=math.nan, pulse_s=1, damping_time_s=1),
         "drive must be a finite number, got nan; 0 is no current"),
        (lambda: exact_switching_probability(9, drive=1, pulse_s=1, damping_time_s=0), "damping"),
        (lambda: exact_switching_probability(9, drive=1, pulse_s=-1, damping_time_s=1),
         "pulse_s must be finite and >= 0, got -1"),
        (lambda: exact_switching_probability(900, drive=2, pulse_s=1, damping_time_s=1),
         "must be <= 2000, got 2700; such magnets do not switch by chance"),
        (lambda: drive_away(Junction(9.0), 0.0, from_state=0), r"from_state must be \+1 or -1"),
        (lambda: switching_probability(Junction(9.0), 0.0, pulse_s=-1.0, damping_time_s=1e-9),
         "pulse_s must be >= 0, got -1.0; time goes forward"),
        (lambda: switching_probability(Junction(9.0), 0.0, pulse_s=1.0, damping_time_s=0.0),
         "damping_time_s must be"),
    ],
)  # fmt: skip
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("name", "bad"),
    [("barrier", 0.0), ("drive", 1.05), ("probability", 1.0), ("damping_time_s", 0.0)],
)
def test_inverse_refuses(name, bad):
    good = {"barrier": 40.0, "drive": 2.0, "probability": 0.5, "damping_time_s": 1e-9}
    arguments = good | {name: bad}
    barrier = arguments.pop("barrier")
    with pytest.raises(ValueError, match=f"{name} must be"):
        precessional_pulse_s(barrier, **arguments)
