"""Updates by pulse trains against their exact law, and training in an array."""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.synapses import BinaryJunction, LinearSynapse, SynapseVariation
from pbit.networks.crossbar import Crossbar, Trains
from pbit.networks.crossbar.trains import coincidences, line_probabilities
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6
D, X = np.array([0.5, -0.2, 0.0]), np.array([1.0, -0.3, 0.6, 0.1])
TRAINS = Trains(0.05, 20)


@pytest.fixture(scope="module")
def counts():
    """Of 3000 updates, int64 (updates, out, in)."""
    return np.array(
        [coincidences(TRAINS, D, X, seed=1, update=k).counts for k in range(3000)]
    )  # fmt: skip


def odds(factor=1.0):
    """Probability of a coincidence, cell by cell: |d x| / (slots step)."""
    return factor * np.abs(np.outer(D, X)) / (20 * 0.05)


def test_probabilities_give_the_outer_product_and_are_balanced():
    lines = line_probabilities(TRAINS, D, X)
    np.testing.assert_allclose(np.outer(*lines[:2]), odds(), rtol=1e-12)
    assert lines.outputs.max() == pytest.approx(lines.inputs.max(), rel=1e-12)
    assert lines.clipped == 0
    strong = line_probabilities(TRAINS, 10 * D, X)
    assert (strong.outputs.max(), strong.inputs.max(), strong.clipped) == (1.0, 1.0, 3)
    assert not line_probabilities(TRAINS, 0 * D, X).inputs.any()


def test_steps_of_a_device_are_binomial(counts):
    """Control: 3000 updates see odds 10 % off in the busiest device."""
    signs = np.sign(np.outer(D, X))
    assert (counts * signs >= 0).all() and not counts[:, signs == 0].any()
    for i, j in np.argwhere(signs):
        law = stats.binom.pmf(np.arange(21), 20, odds()[i, j])
        assert chi_square_p_value(np.abs(counts[:, i, j]), law) > ALPHA / 8
    off = stats.binom.pmf(np.arange(21), 20, odds(1.1)[0, 0])
    assert chi_square_p_value(np.abs(counts[:, 0, 0]), off) < ALPHA / 8


def test_devices_of_a_line_go_together(counts):
    """Covariance of two devices of one output line: n p (1 - p) q q'; of none in common: 0."""
    p, q = line_probabilities(TRAINS, D, X)[:2]
    for one, other, expected in [
        ((0, 0), (0, 2), 20 * p[0] * (1 - p[0]) * q[0] * q[2]),
        ((0, 0), (1, 2), 0.0),
    ]:
        a, b = (np.abs(counts[:, i, j]).astype(float) for i, j in (one, other))
        products = (a - a.mean()) * (b - b.mean())
        error = products.std() / np.sqrt(products.size)
        assert abs(products.mean() - expected) < 4.9 * error
        if expected:
            assert expected > 4.9 * error  # control


@pytest.mark.parametrize("layout", ["balanced", "offset"])
def test_the_mean_update_is_the_outer_product(layout):
    """200 trains of a thousandth each, fine steps amid the range: right within 5 errors."""
    device = LinearSynapse(0.0, 1e-6, num_steps=20000)
    array = Crossbar(np.zeros((3, 4)), device, layout=layout, weight_range=1.0, seed=1)
    step = array.trains().step
    done = array.update(np.tile(D[:, None], 200), np.tile(X[:, None], 200), rate=1e-3)
    wanted = 0.2 * np.outer(D, X)
    error = np.sqrt(np.abs(wanted) * step)
    assert (np.abs(array.weights - wanted) <= 5 * error + 1e-12).all()
    assert (np.abs(array.weights - 1.3 * wanted)[0, 0] > 5 * error[0, 0]).all()  # control
    moved = done.counts * step * np.sign(wanted)
    np.testing.assert_allclose(array.weights, moved, atol=1e-9)
    assert done.clipped == 0


def test_the_step_of_a_stochastic_device():
    array = Crossbar(np.zeros((1, 1)), BinaryJunction().with_probability(0.2), weight_range=3.0)
    assert array.trains(5).step == pytest.approx(2 * 0.1 * 3.0, rel=0.3)
    assert array.trains(5).slots == 5


def test_pulses_at_the_lowest_end_do_nothing():
    """Of a differential pair one moves where the other cannot."""
    array = Crossbar([[0.0, 0.5]], LinearSynapse(num_steps=10), weight_range=1.0)
    array.pulse(np.array([[2, -1]]))
    np.testing.assert_allclose(array.weights, [[0.2, 0.3]], atol=1e-12)


def test_updates_follow_each_other():
    """A batch is its columns in turn; the next update draws anew."""
    whole, parts = (Crossbar(np.zeros((3, 4)), layout="balanced", seed=2) for _ in range(2))
    rows, columns = np.random.default_rng(1).normal(size=(2, 4, 5))
    whole.update(rows[:3], columns, rate=0.1)
    for k in range(5):
        parts.update(rows[:3, k], columns[:, k], rate=0.1)
    assert (whole.weights == parts.weights).all()
    before = whole.weights
    whole.update(rows[:3], columns, rate=0.1)
    assert np.abs(whole.weights - 2 * before).max() > 1e-3


def test_training_in_place():
    """A linear map learnt by forward reads, errors and rank-1 updates on devices that differ."""
    rng = np.random.default_rng(3)
    wanted, inputs = rng.uniform(-0.5, 0.5, (3, 6)), rng.uniform(-1, 1, (6, 400))
    device = LinearSynapse(num_steps=1000)
    variation = SynapseVariation(drive_d2d=0.3, drive_c2c=0.3, conductance_d2d=0.05)
    array = Crossbar(np.zeros((3, 6)), device, layout="balanced", weight_range=1.0,
                     variation=variation, seed=1)  # fmt: skip
    trains = array.trains()
    start = np.abs(array.weights - wanted).mean()
    for x in inputs.T:
        array.update(wanted @ x - array @ x, x, rate=0.1, trains=trains)
    assert np.abs(array.weights - wanted).mean() < 0.05 * start
