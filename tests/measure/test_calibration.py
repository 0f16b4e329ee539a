"""Calibration finds what p-bits are like and takes it out; what is seen on the way of a run.

Chi-square of z-scores at a nominal alpha of 1e-8 each, two-sided.
"""

import numpy as np
import pytest
from scipy import stats
from scipy.linalg import expm

from pbit import Hardware, IsingModel, Schedule, anneal, calibrate, moments, trajectory
from pbit.exact import exact_boltzmann, state_number, states
from pbit.exact.continuous import PBits, exact_generator, exact_stationary_law
from pbit.hardware.chip import Chip
from pbit.statistics import chi_square_p_value
from random_models import random_model

ALPHA = 1e-8
CHIP = Hardware(gain=1.2, gain_spread=0.3, offset=0.1, offset_spread=0.4, seed=4)


def free(n):
    return IsingModel(np.zeros(n), np.zeros((n, n)))


def spread_p_value(z):
    """Two-sided p-value of the sum of squares of normal numbers."""
    total = (z**2).sum()
    return 2 * min(stats.chi2.cdf(total, z.size), stats.chi2.sf(total, z.size))


@pytest.mark.parametrize(
    "dynamics", ["heat-bath", pytest.param("arrhenius", marks=pytest.mark.slow), "telegraph"]
)
def test_gains_and_offsets_are_found_within_their_errors(dynamics):
    """400 p-bits; errors 40 % too small or 30 % too large are the controls."""
    hardware = CHIP.with_values(dynamics=dynamics)
    chip = Chip.of(hardware, free(400))
    found = calibrate(hardware, 400, num_samples=1000, seed=1).correction
    for values, errors, truth in (
        (found.gain, found.gain_error, chip.gain),
        (found.offset, found.offset_error, chip.offset),
    ):
        z = (values - truth) / errors
        assert spread_p_value(z) > ALPHA
        assert abs(z.mean()) < 6 / np.sqrt(400)
        assert np.abs(z).max() < 6.5
        assert spread_p_value(1.4 * z) < ALPHA
        assert spread_p_value(0.7 * z) < ALPHA
    assert found.num_samples == 7 * 1008
    assert not found.stuck.any()


def corrected_law(hardware, model, beta):
    """Exact stationary law of a chip whose inputs are corrected by what was measured."""
    chip, found = Chip.of(hardware, model), hardware.correction
    n = model.num_spins
    g, o = (found.gain[:n], found.offset[:n]) if found else (np.ones(n), np.zeros(n))
    pbits = PBits(gain=chip.gain / g, offset=chip.offset - chip.gain * o / g)
    return exact_stationary_law(exact_generator(model, beta, pbits=pbits))


def test_a_calibrated_chip_samples_what_it_should(glass):
    """The distance from Boltzmann falls at least tenfold; a run follows the corrected law."""
    corrected = calibrate(CHIP, 6, num_samples=20000, seed=2)
    boltzmann = exact_boltzmann(glass, 0.6)
    before, after = (
        0.5 * np.abs(corrected_law(hardware, glass, 0.6) - boltzmann).sum()
        for hardware in (CHIP, corrected)
    )
    assert before > 0.15
    assert after < 0.1 * before
    spins = anneal(
        glass, Schedule(np.array([0.6]), 60), num_reads=16384, seed=3, hardware=corrected
    ).spins
    assert chi_square_p_value(state_number(spins), corrected_law(corrected, glass, 0.6)) > ALPHA
    assert chi_square_p_value(state_number(spins), corrected_law(CHIP, glass, 0.6)) < ALPHA


def test_pbits_that_are_stuck_are_told():
    hardware = CHIP.with_values(stuck_fraction=0.2)
    stuck = Chip.of(hardware, free(50)).stuck != 0
    found = calibrate(hardware, 50, num_samples=200, seed=1).correction
    np.testing.assert_array_equal(found.stuck, stuck)
    assert 2 < stuck.sum() < 30
    assert np.all(found.gain[stuck] == 1) and np.all(found.offset[stuck] == 0)


def test_an_earlier_correction_is_taken_out_first():
    once = calibrate(CHIP, 10, num_samples=100, seed=5)
    twice = calibrate(once, 10, num_samples=100, seed=5, num_threads=1)
    np.testing.assert_array_equal(once.correction.gain, twice.correction.gain)
    other = calibrate(CHIP, 10, num_samples=100, seed=6)
    assert not np.any(other.correction.gain == once.correction.gain)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_pbits": 0}, "num_pbits must be"),
        ({"num_samples": 15}, "num_samples must be"),
        ({"inputs": [1.0, 1.0]}, "inputs must be at least two different"),
        ({"inputs": [0.0, np.nan]}, "inputs must be at least two different"),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        calibrate(CHIP, **{"num_pbits": 3, **options})


def test_moments_of_a_chip(glass):
    """Means and correlations at the ends of sweeps against the exact stationary law, relative to
    their errors; the ideal chip's are the control."""
    hardware = CHIP.with_values(tau_spread=0.3)
    chip = Chip.of(hardware, glass)
    pbits = PBits(gain=chip.gain, offset=chip.offset, tau=chip.tau)
    result = moments(
        glass, 0.6, num_sweeps=160, burn_in=80, num_reads=1000, seed=7, hardware=hardware
    )
    for law, fails in (
        (exact_stationary_law(exact_generator(glass, 0.6, pbits=pbits)), False),
        (exact_boltzmann(glass, 0.6), True),
    ):
        s = states(6).astype(float)
        i, j = result.pairs
        z = np.concatenate(
            [
                (result.spins - law @ s) / result.spins_error,
                (result.correlations - law @ (s[:, i] * s[:, j])) / result.correlations_error,
            ]
        )
        assert (np.abs(z).max() > 7) == fails


def test_successive_states_have_the_law_of_two_times():
    """P(x at 1, y at 3) = p exp(Q) exp(2 Q) of three p-bits, from fair coins."""
    model = random_model(3, seed=12)
    hardware = CHIP.with_values(tau_spread=0.5)
    chip = Chip.of(hardware, model)
    run = trajectory(
        model, Schedule(np.array([0.8]), 3), every=2, num_reads=65536, seed=8, hardware=hardware
    )
    first, last = (state_number(run.spins[:, k]) for k in range(2))
    pbits = PBits(gain=chip.gain, offset=chip.offset, tau=chip.tau)
    generator = exact_generator(model, 0.8, pbits=pbits)
    law = ((np.full(8, 1 / 8) @ expm(generator))[:, None] * expm(2 * generator)).ravel()
    assert chi_square_p_value(8 * first + last, law) > ALPHA
    wrong = ((np.full(8, 1 / 8) @ expm(generator))[:, None] * expm(1.8 * generator)).ravel()
    assert chi_square_p_value(8 * first + last, wrong) < ALPHA
