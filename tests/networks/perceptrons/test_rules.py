"""Pulses for wanted changes: an ideal device trains like numpy, trains by their law."""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.synapses import LinearSynapse, SynapseVariation
from pbit.networks.crossbar import Crossbar
from pbit.networks.perceptrons import (
    ArrayWeights,
    IdealWeights,
    Network,
    ProportionalPulses,
    PulseTrains,
    Sigmoid,
    WholePulses,
)

ALPHA = 1e-6
ROWS = np.random.default_rng(1).uniform(0, 1, (60, 5))
CLASSES = (ROWS[:, 0] > ROWS[:, 1]).astype(np.int64)
D, X = np.array([[0.5], [-0.2]]), np.array([[1.0], [0.3], [0.6]])


def starts(seed=2):
    rng = np.random.default_rng(seed)
    return [rng.uniform(-0.4, 0.4, shape) for shape in ((4, 6), (2, 5))]


def numpys_own(rate, steps, sign=1.0):
    """The loop that anybody would write, weights within -1 to 1."""
    W, V = starts()
    for k in range(steps):
        some = np.arange(6) + 6 * (k % 10)
        a = np.vstack([ROWS[some].T, np.ones(6)])
        h = 1 / (1 + np.exp(-W @ a))
        b = np.vstack([h, np.ones(6)])
        z = V @ b
        p = np.exp(z) / np.exp(z).sum(axis=0)
        p[CLASSES[some], np.arange(6)] -= 1
        d = p / 6
        e = (V.T @ d)[:-1] * h * (1 - h)
        V = np.clip(V - sign * rate * d @ b.T, -1, 1)
        W = np.clip(W - sign * rate * e @ a.T, -1, 1)
    return W, V


def trained(layers, rate, steps):
    network = Network(layers, Sigmoid())
    for k in range(steps):
        some = np.arange(6) + 6 * (k % 10)
        network.learn(ROWS[some], CLASSES[some], rate)
    return [layer.values for layer in layers]


def in_arrays(rule, device, **options):
    return [
        ArrayWeights(Crossbar(w, device, weight_range=1.0, seed=3, **options), rule)
        for w in starts()
    ]


@pytest.mark.parametrize("layout", ["balanced", "offset"])
def test_an_ideal_device_trains_like_numpy(layout):
    """200 steps, to rounding; in the other direction it does not."""
    layers = in_arrays(ProportionalPulses(), LinearSynapse(num_steps=7), layout=layout)
    found = trained(layers, 0.7, 200)
    for one, other in zip(found, numpys_own(0.7, 200), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-11)
    for one, other in zip(found, numpys_own(0.7, 200, sign=-1.0), strict=True):
        assert np.abs(one - other).max() > 0.1
    ideal = [IdealWeights(w, weight_range=1.0) for w in starts()]
    for one, other in zip(trained(ideal, 0.7, 200), numpys_own(0.7, 200), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
    assert layers[0].pulses == 200 * 24


def test_whole_pulses_lose_nothing():
    """What the array holds and what it is owed is what was asked for; never more at once."""
    array = Crossbar(np.zeros((2, 3)), LinearSynapse(num_steps=50), layout="balanced",
                     weight_range=1.0, seed=1)  # fmt: skip
    writer = WholePulses(most=2).writer(array)
    step = array.trains().step
    rng, asked, pulses = np.random.default_rng(1), np.zeros((2, 3)), 0
    for _ in range(40):
        d, x = rng.normal(size=(2, 4)), rng.uniform(0, 1, (3, 4))
        before = array.weights
        pulses += writer.write(d, x, 0.02)
        asked += 0.02 * d @ x.T
        assert np.abs(array.weights - before).max() <= 2 * step + 1e-12
        np.testing.assert_allclose(array.weights + writer.owed, asked, atol=1e-12)
    assert pulses >= np.abs(array.weights).sum() / step - 1e-6
    writer.write(np.ones((2, 1)), np.ones((3, 1)), 5 * step)
    assert (writer.owed > step).any()  # more than two steps at once stay owed


def train_changes(sign=1.0, repeats=2400):
    """Of a weight amid the range, in steps, by the trains of one example each."""
    array = Crossbar(np.zeros((2, 3)), LinearSynapse(num_steps=50), layout="balanced",
                     weight_range=1.0, seed=4)  # fmt: skip
    writer = PulseTrains(slots=10).writer(array)
    found = np.empty((repeats, 2, 3))
    for k in range(repeats):
        before = array.weights
        writer.write(sign * D, X, 0.05 * (1 if k % 2 else -1))  # there and back: amid the range
        found[k] = (array.weights - before) * (1 if k % 2 else -1)
    return found / array.trains().step


def test_trains_give_the_gradient_by_their_law():
    """Mean and variance of the binomial law in every weight; turned round they fail."""
    found, wanted = train_changes(), 0.05 * D @ X.T * 50 / 2  # steps are 2/50
    p = np.abs(wanted) / 10
    z = (found.mean(axis=0) - wanted) / np.sqrt(10 * p * (1 - p) / len(found))
    limit = stats.norm.isf(ALPHA / 24)
    assert (np.abs(z) < limit).all()
    spread = found.var(axis=0) / (10 * p * (1 - p))
    kurtosis = (1 - 6 * p * (1 - p)) / (10 * p * (1 - p))
    error = np.sqrt((2 + kurtosis) / len(found))
    assert (np.abs(spread - 1) < limit * error).all()
    turned = train_changes(sign=-1.0)
    z = (turned.mean(axis=0) - wanted) / np.sqrt(10 * p * (1 - p) / len(found))
    assert (np.abs(z) > limit).all()
    z = (1.2 * found.mean(axis=0) - wanted) / np.sqrt(10 * p * (1 - p) / len(found))
    assert np.abs(z).max() > limit  # 20 % too much is seen


def test_devices_that_differ_take_different_steps():
    layers = in_arrays(ProportionalPulses(), LinearSynapse(), layout="balanced",
                       variation=SynapseVariation(drive_d2d=0.3))  # fmt: skip
    for layer, start in zip(layers, starts(), strict=True):
        layer.change(np.full((len(start), 1), 0.1), np.ones((start.shape[1], 1)), 1.0)
        moved = layer.values - start
        assert moved.std() > 0.01
        assert abs(moved.mean() - 0.1 * np.exp(0.3**2 / 2)) < 5 * 0.03 / np.sqrt(moved.size)


def test_amplitudes_have_an_end():
    array = Crossbar(np.zeros((1, 1)), LinearSynapse(num_steps=100), layout="balanced",
                     weight_range=1.0)  # fmt: skip
    ProportionalPulses(largest=3.0).writer(array).write(np.ones((1, 1)), np.ones((1, 1)), 1.0)
    np.testing.assert_allclose(array.weights, [[3 * 0.02]], atol=1e-12)


ARRAY = Crossbar(np.zeros((2, 3)), seed=1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PulseTrains(slots=0), "slots must be >= 1, got 0"),
        (lambda: WholePulses(most=0), "most must be >= 1, got 0"),
        (lambda: ProportionalPulses(largest=0.0), "largest must be a finite number > 0"),
        (lambda: ARRAY.pulse(np.ones((2, 3), int), sizes=-1.0), "sizes must be finite and >= 0"),
        (lambda: ARRAY.pulse(np.ones((2, 3), int), sizes=np.nan), "sizes must be finite"),
        (lambda: ARRAY.pulse(np.ones((2, 3), int), sizes=np.ones(3)),
         r"sizes must have the shape \(2, 3\), got \(3,\)"),
    ],
)  # fmt: skip
def test_values_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
