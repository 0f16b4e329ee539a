"""What the published radio networks put together themselves."""

import numpy as np
import pytest

from pbit.published import locatelli_2014_detector, marrows_2024_absorption, ross_2023
from pbit.tasks import Split, digits


def test_the_best_accuracy_of_two_tones_is_that_of_the_two_thresholds():
    """100 000 signals, to 1e-6; control: thresholds off by a fifth of the way."""
    split = ross_2023.two_tones(3, 100_000)
    rows = np.concatenate([split.train, split.test])
    labels = np.concatenate([split.train_labels, split.test_labels])
    best = ross_2023.best_accuracy()
    limit = 4.9 * np.sqrt(best * (1 - best) / len(rows))

    def right(threshold):
        strong = rows > threshold
        return ((strong[:, 0] != strong[:, 1]) == labels).mean()

    assert abs(right(0.5) - best) < limit
    assert abs(right(0.6) - best) > limit


def test_moons_are_powers_and_no_line_tells_them():
    split = ross_2023.two_moons(1, 2000)
    assert (split.train >= 0).all() and split.train.max() < 1.1
    assert np.bincount(split.train_labels).min() > 400
    for k in range(2):  # each alone covers the middle of the other's range
        low, high = np.quantile(split.train[split.train_labels == k], [0.05, 0.95], axis=0)
        assert (low < 0.55).all() and (high > 0.45).all()


def test_spectra_of_shuffled_digits_score_chance_held_out():
    """Regression and its penalty know nothing of the rows held out; control: own labels."""
    split = digits(2).first(400, 200)
    shuffled = Split(
        split.train,
        np.random.default_rng(1).permutation(split.train_labels),
        split.test,
        split.test_labels,
    )
    scores = [
        marrows_2024_absorption._regressed(marrows_2024_absorption._spectra(each, 3.0, 64, 1))
        for each in (shuffled, split)
    ]
    assert abs(scores[0] - 0.1) < 4.9 * np.sqrt(0.09 / 200)
    assert scores[1] > 0.7


def test_a_sweep_is_fitted_by_its_diode():
    """Both parts of the line and its width, within a few of a hundred of 401 noisy points."""
    sweep = locatelli_2014_detector._Sweep(0.5, 401, np.random.default_rng(1))
    found, wanted = sweep.fitted(), locatelli_2014_detector._diode(0.5)
    assert found.sensitivity_V_W == pytest.approx(wanted.sensitivity_V_W, rel=0.03)
    assert found.linewidth_Hz == pytest.approx(wanted.linewidth_Hz, rel=0.03)
    assert found.phase_rad == pytest.approx(wanted.phase_rad, abs=0.03)
