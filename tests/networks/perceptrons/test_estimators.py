"""The estimators: scikit-learn's checks, kinds of training side by side, devices that are wrong."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from pbit.devices.synapses import (
    BinaryJunction,
    CompoundJunction,
    LinearSynapse,
    NotchedWall,
    SynapseVariation,
)
from pbit.networks.crossbar import Counter, Reading
from pbit.networks.perceptrons import (
    ArrayPerceptron,
    Arrays,
    Aware,
    Columns,
    Ideal,
    InPlace,
    Offline,
    ProportionalPulses,
    Ramp,
    SwitchingNeuron,
    WholePulses,
    XnorPerceptron,
)
from pbit.tasks import digits

SPLIT = digits(1).first(400, 200)
NOTHING_LEARNT = 0.3


@parametrize_with_checks([ArrayPerceptron(training=Ideal())])
def test_scikit_learn(estimator, check):
    check(estimator)


def fitted(training, arrays=None, hidden=(16,), **others):
    network = ArrayPerceptron(hidden, arrays=arrays, training=training, random_state=1, **others)
    return network.fit(SPLIT.train, SPLIT.train_labels)


def held_out(network):
    return network.score(SPLIT.test, SPLIT.test_labels)


def test_an_ideal_array_trained_in_place_is_the_network_without_devices():
    """Same start, same examples; after 3 epochs of 40 steps the weights agree to rounding."""
    ideal = fitted(Ideal(), epochs=3)
    arrays = Arrays(LinearSynapse(num_steps=10))
    placed = fitted(InPlace(ProportionalPulses()), arrays, epochs=3)
    for one, other in zip(ideal.network_.layers, placed.network_.layers, strict=True):
        np.testing.assert_allclose(one.values, other.values, atol=1e-9)
    assert placed.pulses_ > 0 and ideal.pulses_ == 0
    written = fitted(Offline(), arrays, epochs=3)
    for one, other in zip(ideal.network_.layers, written.network_.layers, strict=True):
        np.testing.assert_allclose(one.values, other.values, atol=1e-12)


@pytest.mark.parametrize(
    ("training", "arrays", "activation"),
    [
        (InPlace(WholePulses()), Arrays(NotchedWall()), Ramp()),
        (InPlace(WholePulses()), Arrays(CompoundJunction()), SwitchingNeuron(junctions=50)),
        (Aware(noise=0.05), Arrays(CompoundJunction(), layout="differential"), None),
        (InPlace(), Arrays(variation=SynapseVariation(drive_d2d=0.3, drive_c2c=0.3)), None),
        (InPlace(WholePulses()), Arrays(stuck=0.02, reading=Reading(8, adc_bits=8, noise=0.02)),
         None),
    ],
)  # fmt: skip
def test_devices_learn_digits(training, arrays, activation):
    """Within 12 points of the network without devices; one that is never pulsed learns nothing."""
    epochs = 3 if training == InPlace() else 8
    with_devices = held_out(fitted(training, arrays, activation=activation, epochs=epochs))
    assert with_devices > held_out(fitted(Ideal(), activation=activation, epochs=epochs)) - 0.12


def test_turned_updates_unlearn():
    """Control: with the sign of the updates turned the network is worse than chance would be."""

    class Turned(WholePulses):
        def writer(self, array):
            writer = super().writer(array)
            write = writer.write
            writer.write = lambda outputs, inputs, rate: write(-outputs, inputs, rate)
            return writer

    assert held_out(fitted(InPlace(Turned()), epochs=3)) < NOTHING_LEARNT
    assert held_out(fitted(InPlace(WholePulses()), epochs=3)) > 0.7


@pytest.mark.parametrize(
    ("training", "arrays"),
    [
        (Aware(), Arrays(BinaryJunction(), layout="differential")),
        (InPlace(WholePulses()), Arrays(NotchedWall(num_notches=2))),
    ],
)
def test_weights_of_three_levels_learn(training, arrays):
    """In a wide layer, where all would start as 0 if they were rounded to the nearest."""
    network = fitted(training, arrays, hidden=(128,), epochs=6)
    assert held_out(network) > 2 * NOTHING_LEARNT
    assert np.unique(network.network_.layers[0].values.round(6)).tolist() == [-1.0, 0.0, 1.0]


def test_one_epoch_after_the_other():
    network = clone(fitted(Ideal(), epochs=1))
    classes = np.unique(SPLIT.train_labels)
    for k in range(3):
        network.partial_fit(SPLIT.train, SPLIT.train_labels, classes=None if k else classes)
    whole = fitted(Ideal(), epochs=3)
    assert (network.decision_function(SPLIT.test) == whole.decision_function(SPLIT.test)).all()
    np.testing.assert_allclose(network.predict_proba(SPLIT.test).sum(axis=1), 1.0)


def test_two_classes_have_one_score():
    few = SPLIT.train_labels < 2
    network = ArrayPerceptron((), training=Ideal(), random_state=1)
    network.fit(SPLIT.train[few], SPLIT.train_labels[few])
    scores = network.decision_function(SPLIT.train[few])
    assert scores.shape == (few.sum(),)
    assert (network.predict(SPLIT.train[few]) == (scores > 0)).all()


def test_binary_weights_in_columns():
    """Without converters columns say what software does, ties aside; four bits somewhat less."""
    exact = XnorPerceptron(65, columns=Columns(counter=Counter(bits=None)), epochs=15,
                           random_state=1).fit(SPLIT.train, SPLIT.train_labels)  # fmt: skip
    software = exact.software_score(SPLIT.test, SPLIT.test_labels)
    scores = exact.software_.scores(np.where(SPLIT.test > 0.5, 1.0, -1.0))
    gain = exact.software_.gains[1]
    np.testing.assert_allclose(gain * exact.decision_function(SPLIT.test), scores, atol=1e-9)
    assert abs(held_out(exact) - software) <= np.mean(np.ptp(np.sort(scores)[:, -2:], axis=1) == 0)
    assert software > 0.7
    fine = clone(exact).set_params(columns=Columns(counter=Counter(12, (0.0, 1.0))))
    fine.fit(SPLIT.train, SPLIT.train_labels)
    off = np.abs(fine.decision_function(SPLIT.test) - exact.decision_function(SPLIT.test))
    assert 0 < off.max() <= 65 / 4095 + 1e-9  # half a code; odd sums keep their signs
    coarse = clone(exact).set_params(columns=None).fit(SPLIT.train, SPLIT.train_labels)
    assert coarse.software_score(SPLIT.test, SPLIT.test_labels) == software
    assert held_out(coarse) > 2 * NOTHING_LEARNT
    assert coarse.writes_ > 0
    assert set(np.unique(coarse.software_.hidden)) == {-1.0, 1.0}
    few = SPLIT.train_labels < 2
    two = clone(exact).fit(SPLIT.train[few], SPLIT.train_labels[few])
    scores = two.decision_function(SPLIT.train[few])
    assert (two.predict(SPLIT.train[few]) == (scores > 0)).all()


ONE = np.zeros(6, int)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda X: ArrayPerceptron().fit(X, ONE), ValueError, "y must have two classes or more"),
        (lambda X: XnorPerceptron().fit(X, ONE), ValueError, "y must have two classes or more"),
        (lambda X: ArrayPerceptron(epochs=0).fit(X, ONE + [0, 1] * 3), ValueError, "epochs must"),
        (lambda X: ArrayPerceptron(batch=0).fit(X, ONE + [0, 1] * 3), ValueError, "batch must"),
        (lambda X: ArrayPerceptron(rate=0).fit(X, ONE + [0, 1] * 3), ValueError, "rate must"),
        (lambda X: ArrayPerceptron((0,)).fit(X, ONE + [0, 1] * 3), ValueError, "hidden must"),
        (lambda X: ArrayPerceptron(arrays=1).fit(X, ONE + [0, 1] * 3), TypeError, "arrays must"),
        (lambda X: ArrayPerceptron(training=1).fit(X, ONE + [0, 1] * 3), TypeError, "training m"),
        (lambda X: ArrayPerceptron(activation=1).fit(X, ONE + [0, 1] * 3), TypeError, "activati"),
        (lambda X: XnorPerceptron(columns=1).fit(X, ONE + [0, 1] * 3), TypeError, "columns must"),
        (lambda X: ArrayPerceptron().partial_fit(X, ONE + [0, 1] * 3).partial_fit(X, ONE + 7),
         ValueError, r"y must be among \[0, 1\], got 7; give all classes to the first"),
    ],
)  # fmt: skip
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make(np.zeros((6, 2)))
