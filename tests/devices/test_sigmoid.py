"""Sigmoids in volts: V0 and V50 come back with errors that mean what they say.

z-scores of 100 data sets a case, whose sum of squares is chi-square with 100 degrees of freedom,
at both ends at 1e-6 / 10; errors a factor 1.7 off fail. Good data fail in 1 of 500 sets: more than
5 of 150 have a probability below 1e-6. Three departures are told in 20 of 20 sets each. Of kinds
of data with signs and departures each is met once in every run; the other pairs are slow.
"""

import warnings
from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom, chi2

from cases import some
from pbit.devices.fitting.agreement import ALPHA as REFUSED
from pbit.devices.fitting.sigmoid import fit_sigmoid
from pbit.hardware.from_sigmoid import hardware_of_sigmoid
from pbit.hardware.parameters import Hardware
from pbit.models.ising import IsingModel
from pbit.samplers.time_average import time_average

ALPHA = 1e-6 / 10
SETS = 100
VOLTAGES = np.linspace(0.3, 0.6, 13)
V0, V50 = 0.05, 0.45
INPUTS = (VOLTAGES - V50) / V0


def measured(means, seed, samples=1000):
    rng = np.random.default_rng(seed)
    return 2 * rng.binomial(samples, (1 + means) / 2) / samples - 1


def noisy(means, seed, sigma=0.01):
    return means + sigma * np.random.default_rng(seed).standard_normal(means.size)


def fitted(kind, means, seed, samples=1000):
    if kind == "samples":
        return fit_sigmoid(VOLTAGES, measured(means, seed, samples), num_samples=samples)
    return fit_sigmoid(VOLTAGES, noisy(means, seed), mean_error=0.01 if kind == "errors" else None)


@cache
def fits(kind, sign):
    return [fitted(kind, sign * np.tanh(INPUTS), seed) for seed in range(SETS)]


def tails(kind, sign, stretch=1.0):
    z = []
    for fit in fits(kind, sign):
        own = {key: stretch * error / fit.scale for key, error in fit.errors.items()}
        z.append([(fit.V0_V - sign * V0) / own["V0_V"], (fit.V50_V - V50) / own["V50_V"]])
    squares = (np.array(z) ** 2).sum(axis=0)
    return np.minimum(chi2.cdf(squares, SETS), chi2.sf(squares, SETS)).min()


@pytest.mark.parametrize(
    ("kind", "sign"), some(product(("samples", "errors"), (1, -1)), ("samples", 1), ("errors", -1))
)
def test_sigmoids_come_back(kind, sign):
    assert tails(kind, sign) > ALPHA


def test_control_errors_that_are_off_fail():
    assert tails("samples", 1, stretch=1.7) < ALPHA
    assert tails("samples", 1, stretch=1 / 1.7) < ALPHA


@pytest.mark.parametrize("kind", some(["samples", "errors", "nothing"], "samples"))
def test_data_that_follow_the_law_hold(kind):
    sound = fits(kind, 1)
    failed = sum(not fit.holds for fit in sound)
    assert binom.sf(failed - 1, len(sound), 2 * REFUSED) > 1e-6
    assert kind != "nothing" or all(np.isnan(fit.p_value) for fit in sound)


DEPARTURES = {
    "plateaus": 0.8 * np.tanh(INPUTS) + 0.1,
    "lopsided": np.tanh(np.where(INPUTS > 0, 2.0, 1.0) * INPUTS),
    "tails": np.tanh(INPUTS * np.exp(0.3 * (np.minimum(abs(INPUTS), 4) - 1))),
}


@pytest.mark.parametrize(
    ("cause", "kind"),
    some(
        product(DEPARTURES, ("samples", "errors", "nothing")),
        ("plateaus", "samples"), ("lopsided", "errors"), ("tails", "nothing"),
    ),
)  # fmt: skip
def test_departures_are_told(cause, kind):
    for seed in range(20):
        fit = fitted(kind, DEPARTURES[cause], seed, 10_000)
        assert not fit.holds and cause in {found.cause for found in fit.findings}


@pytest.mark.slow
def test_points_without_a_sample_of_one_state():
    """Few samples, most points all up or all down: chi-square still is one."""
    p_values = []
    for seed in range(30):
        fit = fit_sigmoid(VOLTAGES, measured(np.tanh(INPUTS), seed, 50), num_samples=50)
        p_values.append(fit.p_value)
    squares = -2 * np.log(p_values).sum()
    assert min(chi2.cdf(squares, 60), chi2.sf(squares, 60)) > 1e-6


# --- chips


def pair_law(chip, seed):
    """Shares of the four states of a free pair at J = beta = 1."""
    pair = IsingModel.from_edges([0], [1], [1.0])
    return time_average(
        pair, 1.0, num_sweeps=4000, burn_in=50.0, num_reads=16, hardware=chip, seed=seed
    )


def test_a_chip_of_a_noisy_curve_samples_its_law():
    """The pair of an audit: .44 .06 .06 .44; a curve of 1 % noise taken for inputs gave .49 .05."""
    fit = fitted("errors", np.tanh(INPUTS), 1)
    chip = hardware_of_sigmoid(fit)
    assert (chip.gain, chip.offset) == (1.0, 0.0) and chip.law == "Boltzmann"
    driven = hardware_of_sigmoid(fit, unit_V=V0, zero_V=V50)
    assert driven.gain == pytest.approx(1, abs=0.03)
    assert driven.offset == pytest.approx(0, abs=0.03)
    share = pair_law(driven, 1).states
    exact = np.exp([1.0, -1.0, -1.0, 1.0]) / (2 * np.exp(1) + 2 * np.exp(-1))
    assert exact.round(2).tolist() == [0.44, 0.06, 0.06, 0.44]
    assert np.abs(share - exact).max() < 0.03


def test_a_falling_curve_wants_an_inverted_drive():
    fit = fitted("samples", -np.tanh(INPUTS), 2)
    assert hardware_of_sigmoid(fit, unit_V=-2 * V0).gain == pytest.approx(2, rel=0.1)
    with pytest.raises(ValueError, match=r"unit_V must have the sign of V0 = -0\.0"):
        hardware_of_sigmoid(fit, unit_V=V0)
    with pytest.raises(TypeError, match="gain comes from the sigmoid"):
        hardware_of_sigmoid(fit, gain=1.0)


def test_a_fit_that_does_not_hold_warns():
    with pytest.warns(UserWarning, match=r"not a sigmoid of this kind \(agreement fails"):
        hardware_of_sigmoid(fitted("samples", DEPARTURES["plateaus"], 0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(hardware_of_sigmoid(fitted("samples", np.tanh(INPUTS), 0)), Hardware)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mean": [0.0]}, "must have one length"),
        ({"mean": [np.nan, 0.0, 0.5]}, "must be finite"),
        ({"voltage_V": [0.0, 0.0, 1.0]}, "voltage_V must have at least 3 different values"),
        ({"num_samples": 0}, "num_samples must be >= 1, got 0"),
        ({"mean_error": 0.0}, "mean_error must be > 0, got 0"),
        ({"mean_error": 0.1, "num_samples": 3}, "num_samples and mean_error exclude each other"),
        ({"mean": [-0.5, 0.0, 1.5], "num_samples": 9}, "mean must be from -1 to 1, got 1.5"),
        ({"mean": [0.01, 0.0, 0.02], "num_samples": 9}, "do not determine V0 and V50"),
        ({"mean": [-1.0, 1.0, 1.0], "num_samples": 9}, "do not determine V0 and V50"),
    ],
)
def test_refusals(change, message):
    good = {"voltage_V": [0.0, 0.1, 0.2], "mean": [-0.5, 0.0, 0.5]}
    with pytest.raises(ValueError, match=message):
        fit_sigmoid(**{**good, **change})
