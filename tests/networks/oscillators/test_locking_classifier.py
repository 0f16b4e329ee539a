"""Classes by locking: the map, the oscillators of each class, what learning does."""

import itertools
import re

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from pbit.networks.oscillators.locking_classifier import LockingClassifier
from pbit.networks.oscillators.source_encoding import fit_encoding, places_of

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])


def rows_of(seed, *, classes=3, each=20, spread=0.02):
    labels = np.tile(np.arange(classes), each)
    noise = np.random.default_rng(seed).normal(0, spread, (len(labels), 2))
    return CORNERS[labels] + noise, labels


@parametrize_with_checks([LockingClassifier(max_iter=3, start="spread")])
def test_it_is_an_estimator(estimator, check):
    check(estimator)


# --- encoding


def cost(rows, classes, places, chosen):
    """Squares left by least squares, in plain numpy."""
    columns = np.column_stack([rows, np.ones(len(rows))])
    targets = places[np.array(chosen)][classes]
    return float(((columns @ np.linalg.lstsq(columns, targets)[0] - targets) ** 2).sum())


def test_the_encoding_is_the_best_of_all_choices():
    rng = np.random.default_rng(1)
    rows, classes = rng.normal(size=(40, 3)) * [1, 20, 1e3] + [0, 5, 1e4], np.arange(40) % 3
    rows[:, 1] += 30 * classes
    places = places_of(3, 2.0)
    found = fit_encoding(rows, classes, places, num_sources=2, seed=1)
    chains = list(itertools.permutations(range(3), 2))
    best = min(cost(rows, classes, places, each) for each in itertools.permutations(chains, 3))
    assert found.residual_Hz2 * 40 == pytest.approx(best)
    left = found(rows) - places[found.oscillators][classes]
    assert (left**2).sum() == pytest.approx(best)


def test_a_constant_feature_takes_no_part():
    rows, classes = rows_of(1)
    wide = np.column_stack([rows, np.full(len(rows), 7.0)])
    places = places_of(4, 6e6)
    one, other = (fit_encoding(x, classes, places, num_sources=2, seed=1) for x in (rows, wide))
    assert np.allclose(one(rows), other(wide)) and (one.oscillators == other.oscillators).all()


# --- locking


def test_patterns_lock_where_sources_are_within_the_pull():
    """The half range of Adler's law, either side of every oscillator."""
    rows, classes = rows_of(1, spread=0.0)
    network = LockingClassifier(
        max_iter=0, start="spread", pull_Hz=1e6, duration_s=2e-5, random_state=1
    ).fit(rows, classes)
    places, encoding = network.frequencies_Hz_, network.encoding_
    for share, locks in ((0.95, True), (1.05, False)):
        sources = np.array([[places[0] + share * 1e6, places[3] - share * 1e6]])
        apart = network._apart(sources, seed=3)
        found = np.abs(apart) < network.tolerance_Hz
        assert found[0, 0, 0] == found[0, 1, 3] == locks
        assert not found[0, :, 1:3].any()
    assert network.exact(rows, classes) == 1.0 and encoding.oscillators.shape == (3, 2)


def test_learning_finds_the_places_from_anywhere():
    rows, classes = rows_of(2)
    first, learned = (
        LockingClassifier(max_iter=steps, random_state=2).fit(rows, classes) for steps in (0, 150)
    )
    unseen, labels = rows_of(3)
    assert first.score(unseen, labels) < 0.7 < 0.95 < learned.score(unseen, labels)
    moves = np.abs(np.diff(learned.path_Hz_, axis=0))
    assert np.isin(moves.round(3), [0.0, learned.step_Hz]).all()
    assert (moves > 0).sum(axis=1).max() <= 2


def test_shuffled_classes_are_told_by_chance():
    """Nothing of the held-out rows reaches the fit: 300 rows, chance 1/3, 5 sigma."""
    rng = np.random.default_rng(4)
    rows, _ = rows_of(4, each=200, spread=0.3)
    labels = rng.integers(0, 3, len(rows))
    network = LockingClassifier(max_iter=20, random_state=4).fit(rows[:300], labels[:300])
    assert abs(network.score(rows[300:], labels[300:]) - 1 / 3) < 5 * np.sqrt(2 / 9 / 300)


def test_same_seed_same_network():
    rows, classes = rows_of(5)
    one, again = (
        LockingClassifier(max_iter=10, linewidth_Hz=1e5, random_state=5).fit(rows, classes)
        for _ in range(2)
    )
    assert (one.path_Hz_ == again.path_Hz_).all()
    assert (one.decision_function(rows) == again.decision_function(rows)).all()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"num_oscillators": 1}, "num_oscillators must be >= 2"),
        ({"num_oscillators": 2}, "must be so many that 2 sources tell 3 classes apart, got 2"),
        ({"num_sources": 5}, "num_sources must be "),
        ({"pull_Hz": 0.0}, "pull_Hz must be a finite number > 0"),
        ({"linewidth_Hz": -1.0}, "linewidth_Hz must be a finite number >= 0"),
        ({"start": "left"}, "start must be 'spread' or 'random', got 'left'"),
        ({"max_iter": -1}, "max_iter must be >= 0"),
    ],
)
def test_parameters_that_are_refused(parameters, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        LockingClassifier(**parameters).fit(*rows_of(1))


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="y must have two classes or more, got 1 class"):
        LockingClassifier().fit([[0.0], [1.0]], [1, 1])
