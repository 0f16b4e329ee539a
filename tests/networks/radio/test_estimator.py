"""The estimator: scikit-learn's checks, digits, errors of devices, and what is refused."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from pbit.networks.radio import RadioClassifier
from pbit.tasks import digits

SPLIT = digits(1).first(600, 300)
CHANCE = 0.1


# Powers are not negative, and say so; this check draws some all the same.
OWN_DATA = {"check_decision_proba_consistency": "draws negative data whatever the tags are"}


@parametrize_with_checks([RadioClassifier(epochs=60)], expected_failed_checks=lambda _: OWN_DATA)
def test_scikit_learn(estimator, check):
    check(estimator)


def fitted(**parameters):
    network = RadioClassifier(epochs=40, random_state=1, **parameters)
    return network.fit(SPLIT.train, SPLIT.train_labels)


def held_out(network):
    return network.score(SPLIT.test, SPLIT.test_labels)


def test_digits_and_what_errors_cost():
    """A resonance off by a tenth of a half width costs little, one off by a whole nearly all."""
    network = fitted()
    exact = held_out(network)
    assert exact > 0.88
    assert network.network_ == network.wanted_
    assert network.losses_[-1] < 0.2 * network.losses_[0]
    off = [held_out(network.made(0.1, copy=k)) for k in range(3)]
    assert np.mean(off) > exact - 0.05
    assert len(set(off)) > 1 and held_out(network.made(0.1, copy=1)) == off[1]
    assert held_out(network.made(1.0)) < 0.5
    assert held_out(network.made(0.0)) == exact


def test_training_that_knows_of_errors_stands_them_better():
    plain, aware = (fitted(sharpness=2.0, trained_error=error) for error in (0.0, 0.4))
    means = [
        np.mean([held_out(each.made(0.4, copy=k)) for k in range(5)]) for each in (plain, aware)
    ]
    assert means[1] > means[0] + 0.05


def test_shuffled_classes_score_chance_held_out():
    """Nothing of the rows held out gets into training: 300 rows, within 1e-6 of a tenth right."""
    shuffled = np.random.default_rng(5).permutation(SPLIT.train_labels)
    network = RadioClassifier(epochs=40, random_state=1).fit(SPLIT.train, shuffled)
    assert abs(held_out(network) - CHANCE) < 4.9 * np.sqrt(CHANCE * (1 - CHANCE) / 300)
    assert held_out(fitted()) > 0.88  # control: with their own classes


def test_two_layers_tell_what_one_cannot():
    X = np.random.default_rng(2).random((400, 2))
    y = (X[:, 0] > 0.5) != (X[:, 1] > 0.5)
    one, two = (
        RadioClassifier(hidden, sharpness=20.0, epochs=150, batch=100, rate=0.03, random_state=1)
        for hidden in ((), (8,))
    )
    assert one.fit(X, y).score(X, y) < 0.75
    assert two.fit(X, y).score(X, y) > 0.93
    scores = two.decision_function(X)
    assert scores.shape == (400,) and (two.predict(X) == (scores > 0)).all()
    assert (np.argsort(two.predict_proba(X)[:, 1]) == np.argsort(scores)).all()


def test_same_seed_same_network():
    few = SPLIT.first(100, 1)
    network = RadioClassifier((3,), epochs=2, trained_error=0.1, random_state=1)
    one, other = (clone(network).fit(few.train, few.train_labels) for _ in range(2))
    assert one.network_ == other.network_
    another = clone(network).set_params(random_state=2).fit(few.train, few.train_labels)
    assert another.network_ != one.network_
    wrong = clone(network).set_params(resonance_error=0.1).fit(few.train, few.train_labels)
    assert wrong.wanted_ == one.wanted_ and wrong.network_ == one.made(0.1).network_


TWO = np.array([0, 1] * 3)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs must be >= 1, got 0"),
        ({"batch": 0}, ValueError, "batch must be >= 1"),
        ({"rate": 0}, ValueError, "rate must be a number > 0"),
        ({"spacing": 0}, ValueError, "spacing must be a number > 0"),
        ({"sharpness": 0}, ValueError, "sharpness must be a number > 0"),
        ({"full_W": 0}, ValueError, "full_W must be a number > 0"),
        ({"hidden": (0,)}, ValueError, "hidden must be >= 1"),
        ({"resonance_error": -1}, ValueError, "resonance_error must be a finite number >= 0"),
        ({"trained_error": -1}, ValueError, "trained_error must be a finite number >= 0"),
        ({"diode": 1}, TypeError, "diode must be of type SpinTorqueDiode"),
        ({"neuron": 1}, TypeError, "neuron must be of type OscillatorNeuron"),
    ],
)
def test_what_is_refused(parameters, error, message):
    with pytest.raises(error, match=message):
        RadioClassifier(**parameters).fit(np.ones((6, 2)), TWO)


def test_data_that_are_refused():
    with pytest.raises(ValueError, match="Negative values in data passed to RadioClassifier: pow"):
        RadioClassifier().fit(-np.ones((6, 2)), TWO)
    with pytest.raises(ValueError, match="y must have two classes or more"):
        RadioClassifier().fit(np.ones((6, 2)), np.zeros(6, int))
    with pytest.raises(ValueError, match="copy must be >= 0"):
        RadioClassifier(epochs=1).fit(np.ones((6, 2)), TWO).made(0.1, copy=-1)
