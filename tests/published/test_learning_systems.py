"""What systems that learn in arrays put together themselves."""

import itertools

import numpy as np
import pytest

from pbit.networks.crossbar import Crossbar
from pbit.networks.perceptrons import SwitchingNeuron
from pbit.problems.learning.tastes import Likes
from pbit.published import ye_2025, zhao_2022
from pbit.tasks import letters


def test_letters_held_out_are_not_learnt_from():
    """40 images without a double: 22 to learn from, letters among them, 18 held out."""
    split = zhao_2022.one_pixel_off(3)
    own = letters("ZYHL")
    assert (split.train.shape, split.test.shape) == ((22, 9), (18, 9))
    assert (split.train[:4] == own).all()
    everything = np.concatenate([split.train, split.test])
    assert len(np.unique(everything, axis=0)) == 40
    labels = np.concatenate([split.train_labels, split.test_labels])
    assert set(np.abs(everything - own[labels]).sum(axis=1)) == {0.0, 1.0}
    assert (np.bincount(split.test_labels) == [4, 5, 4, 5]).all()
    assert not np.array_equal(split.test, zhao_2022.one_pixel_off(4).test)


def test_a_sensor_spans_its_magnetoresistance():
    device = zhao_2022.sensor()
    assert device.highest_S / device.lowest_S == pytest.approx(1 + zhao_2022._TMR)


def test_hidden_coins_have_the_odds_of_their_junctions():
    """The mean of 4000 passes against the sum over all hidden states; control: half the sums."""

    class Machine:
        intercept_hidden_ = np.array([0.2, -0.1, 0.0])
        intercept_visible_ = np.array([0.1, 0.0, -0.3, 0.2])

    weights = np.array([[0.5, -0.4, 0.3, 0.1], [0.2, 0.6, -0.5, 0.0], [-0.3, 0.1, 0.2, 0.7]])
    spins = np.array([[1, -1, 1, -1], [-1, -1, 1, 1]], np.int8)
    known = np.array([[True, True, False, False], [True, False, True, False]])
    likes, neuron = Likes(spins, known, np.zeros(2, np.int64)), SwitchingNeuron(junctions=1)
    array, passes = Crossbar(weights, seed=1), 4000
    rng = np.random.default_rng(1)
    found = ye_2025._read(array, Machine, likes, neuron, passes, rng)

    def wanted(gain):
        sums = weights @ (spins * known).T + Machine.intercept_hidden_[:, None]
        up, total = neuron(2 * gain * sums), np.zeros(spins.shape)
        for hidden in itertools.product((-1, 1), repeat=3):
            h = np.array(hidden)
            odds = np.where(h[:, None] > 0, up, 1 - up).prod(axis=0)
            back = h @ weights + Machine.intercept_visible_
            total += odds[:, None] / (1 + np.exp(-2 * back))
        return total

    limit = 5.4 * 0.5 / np.sqrt(passes)  # 1e-6 over eight; an output varies by a half at most
    assert np.abs(found - wanted(1.0)).max() < limit
    assert np.abs(found - wanted(0.5)).max() > limit
