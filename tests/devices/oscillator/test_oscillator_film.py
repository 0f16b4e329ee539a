"""The macrospin as referee: a film magnetised out of its plane, and its auto-oscillator.

In a frame that turns with a signal, a film that is round about its axis sees the signal stand
still, its field lowered by omega / gamma0 and its torque raised by alpha omega / gamma0: locking is
rest, and is simulated by macrospins under constant fields and currents.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from pbit.devices import macrospin
from pbit.devices.constants import GAMMA0_M_A_S
from pbit.devices.magnet import Macrospin
from pbit.devices.oscillator import linewidth_Hz, locking_half_bandwidth_Hz, oscillator_of_film

FIELD = 1.2e6
FILM = Macrospin(
    saturation_A_m=8e5,
    volume_m3=2e-23,
    damping=0.02,
    demagnetising_factors=(0, 0, 1),
    applied_field_A_m=(0, 0, FIELD),
    temperature_K=0,
)
OSCILLATOR = oscillator_of_film(FILM)
RELAXED = 1 / OSCILLATOR.damping_rad_s


def tilted(power):
    """A direction with this power."""
    return [math.sqrt(1 - (1 - 2 * power) ** 2), 0.0, 1 - 2 * power]


def powers(run):
    return (1 - run.m[..., 2]) / 2


def test_threshold_and_relaxation():
    """Small powers grow at 2 Gamma_G (zeta - 1), also below the threshold and without current."""
    zeta = np.array([0.0, 0.9, 0.98, 1.02, 1.1])
    run = macrospin.simulate(
        FILM, 0.5 * RELAXED, current_A=-zeta * OSCILLATOR.threshold_A, num_reads=zeta.size,
        initial=tilted(1e-6), seed=0,
    )  # fmt: skip
    growth = np.log(powers(run)[:, -1] / 1e-6) / run.times_s[-1]
    assert np.allclose(
        growth, 2 * OSCILLATOR.damping_rad_s * (zeta - 1), rtol=2e-3, atol=1e-3 / RELAXED
    )


def test_power_and_frequency_against_current():
    """To first order in zeta - 1 those of the auto-oscillator; both in closed form beyond it."""
    zeta = np.array([1.05, 1.1, 1.2])
    currents, exact = zeta * OSCILLATOR.threshold_A, (zeta - 1) * 0.25  # omega_0 / N = 1/4
    assert np.allclose(OSCILLATOR.power(currents), exact, rtol=0.06)
    common = {"current_A": -currents, "num_reads": 3, "seed": 0}
    start = [tilted(1.03 * p) for p in exact]
    run = macrospin.simulate(FILM, 8 * RELAXED, initial=start, record_every=4, **common)
    decay = np.log(np.abs(powers(run) - exact[:, None])[:, ::100])
    rates = [-np.polyfit(run.times_s[::100][:400], row[:400], 1)[0] for row in decay]
    assert np.allclose(rates, 2 * OSCILLATOR.relaxation_rate_s(currents), rtol=0.06)
    around = np.unwrap(np.arctan2(run.m[..., 1], run.m[..., 0]), axis=1)
    half = run.times_s.size // 2
    turns = (around[:, -1] - around[:, half]) / (run.times_s[-1] - run.times_s[half])
    settled = powers(run)[:, half:].mean(axis=1)
    law = OSCILLATOR.frequency_Hz + OSCILLATOR.shift_Hz * settled
    assert np.allclose(turns / (2 * np.pi), law, rtol=1e-3)
    assert np.allclose(turns / (2 * np.pi), OSCILLATOR.frequency_at_Hz(currents), rtol=0.01)


def test_locking():
    """Rest in the turning frame at 0.95 of the half-bandwidth either side, slips at 1.05; the band
    with nu = 1 / alpha (1 - p), the closed form beyond the auto-oscillator's first order in p."""
    film = replace(FILM, damping=0.1)
    oscillator, zeta, power, field = oscillator_of_film(film), 1.1, 0.025, 20.0
    current = zeta * oscillator.threshold_A
    force = GAMMA0_M_A_S * field / 2 * (1 - 2 * power) / math.sqrt(1 - power)  # on c
    band = force * math.hypot(1, 1 / (0.1 * (1 - power))) / math.sqrt(power)
    law = force * float(locking_half_bandwidth_Hz(oscillator, current, 1.0))
    assert law == pytest.approx(band, rel=0.05)
    assert band < 0.1 * 2 * oscillator.relaxation_rate_s(current)
    free = zeta * 2 * math.pi * oscillator.frequency_Hz
    slips = []
    for share in (-1.05, -0.95, 0.95, 1.05):
        signal = free + share * band
        here = replace(film, applied_field_A_m=(field, 0, FIELD - signal / GAMMA0_M_A_S))
        torque = film.damping * (signal - free) / GAMMA0_M_A_S
        run = macrospin.simulate(
            here, 60 / band, current_A=torque / film.torque_A_m(1.0), initial=tilted(power),
            time_step_s=2e-13, record_every=50, seed=0,
        )  # fmt: skip
        around = np.unwrap(np.arctan2(run.m[0, :, 1], run.m[0, :, 0]))
        slips.append(abs(around[-1] - around[around.size // 2]) > math.pi)
    assert slips == [True, False, False, True]


def test_thermal_power_is_that_of_the_noise():
    """Without current: mean power k_B T / lambda omega; 4096 magnets tell it to 1.6 %, and a
    factor of two in the action is 60 standard errors away."""
    warm = replace(FILM, temperature_K=300.0, damping=0.1)
    oscillator = oscillator_of_film(warm)
    law = oscillator.noise_Hz / oscillator.damping_Hz
    run = macrospin.simulate(warm, 3 / oscillator.damping_rad_s, num_reads=4096,
                             initial=[0, 0, 1], seed=1)  # fmt: skip
    found = powers(run)[:, -1]
    reached = law * (1 - math.exp(-6))
    # Frequencies rise with p, so that powers are lower by 2 N p / omega_0.
    expected = reached * (1 - 2 * oscillator.shift_Hz / oscillator.frequency_Hz * law)
    error = found.std() / math.sqrt(found.size)
    assert abs(found.mean() - expected) < 5 * error
    assert abs(found.mean() - 2 * expected) > 30 * error


@pytest.mark.slow
def test_linewidth():
    """Phases diffuse at D (1 + 1 / alpha^2) / p (1 - p), the closed form beyond first order in p;
    2048 magnets tell it to 3 %, and a noise twice as large is 16 standard errors away."""
    warm = replace(FILM, temperature_K=300.0, damping=0.1, volume_m3=2e-20)
    oscillator, zeta = oscillator_of_film(warm), 1.4
    power, current = (zeta - 1) / 4, zeta * oscillator.threshold_A
    common = {"current_A": -current, "num_reads": 2048, "time_step_s": 2e-13, "num_threads": 2}
    rest = macrospin.simulate(warm, 1e-9, initial=tilted(power), seed=1, **common)
    run = macrospin.simulate(
        warm, 3e-9, initial=rest.m[:, -1], first_step=rest.info["num_steps"], seed=1,
        record_every=50, **common,
    )  # fmt: skip
    around = np.unwrap(np.arctan2(run.m[..., 1], run.m[..., 0]), axis=1)
    rate = 2 * power * (1 - power) * 0.1 * 2 * math.pi * oscillator.shift_Hz  # 2 Gamma_p
    t, direct = run.times_s[-1], 2 * math.pi * oscillator.noise_Hz / (power * (1 - power))
    exact = direct * ((1 + 100) * t - 100 * -math.expm1(-rate * t) / rate)
    found = (around[:, -1] - around[:, 0]).var() / exact
    assert abs(found - 1) < 5 * math.sqrt(2 / 2048)
    assert linewidth_Hz(oscillator, current) * 2 * math.pi == pytest.approx(101 * direct, rel=0.2)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"applied_field_A_m": (1e5, 0, 1e6)}, r"applied_field_A_m must lie along \+z"),
        ({"applied_field_A_m": (0, 0, -1e6)}, r"applied_field_A_m must lie along \+z"),
        ({"reference": (1, 0, 0)}, r"reference must lie along \+z"),
        ({"reference": (0, 0, -1)}, "reference must be > 0, along"),
        ({"applied_field_A_m": (0, 0, 7e5)}, "must hold m out of the plane, > 8e"),
        ({"demagnetising_factors": (0.1, 0, 0.9)}, "demagnetising_factors must be round about z"),
        ({"damping": 0.0}, "damping must be > 0"),
        ({"asymmetry": 2.0}, "asymmetry must be 1 here, got 2"),
        ({"field_like_ratio": 0.2}, "field_like_ratio must be 0 here, got 0.2"),
    ],
)
def test_magnets_that_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        oscillator_of_film(replace(FILM, **fields))
