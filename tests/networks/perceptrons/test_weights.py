"""Weights read as devices will hold them, and what arrays make of them."""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.synapses import BinaryJunction, CompoundJunction, CreepingWall, NotchedWall
from pbit.networks.perceptrons import Arrays, Aware, AwareWeights, IdealWeights, InPlace, Offline
from pbit.networks.perceptrons.weights import rounded_by_chance

ALPHA = 1e-6
W = np.random.default_rng(1).uniform(-2, 2, (5, 6))


def test_levels_are_the_nearest_there_are():
    weights = AwareWeights(W, weight_range=2.0, levels=5)
    levels = np.linspace(-2, 2, 5)
    nearest = levels[np.abs(W[..., None] - levels).argmin(axis=-1)]
    np.testing.assert_allclose(weights.wanted, nearest, atol=1e-12)
    np.testing.assert_allclose(weights.forward(np.eye(6)), nearest, atol=1e-12)
    np.testing.assert_allclose(weights.backward(np.eye(5)), nearest.T, atol=1e-12)
    assert (weights.values == W).all()
    assert (AwareWeights(W, weight_range=2.0).wanted == W).all()


def test_gradients_pass_straight_through():
    """Changes too small for a level add up; ends of the range hold."""
    weights = AwareWeights(np.zeros((1, 1)), weight_range=1.0, levels=3)
    for _ in range(6):
        weights.change(np.ones((1, 1)), np.ones((1, 1)), 0.1)
    assert (weights.values.item(), weights.wanted.item()) == (pytest.approx(0.6), 1.0)
    weights.change(np.ones((1, 1)), np.ones((1, 1)), 9.0)
    assert weights.values.item() == 1.0


def test_noise_is_normal_new_for_each_pass_and_the_same_backwards():
    """Control: a spread 5 % larger is seen."""
    weights = AwareWeights(np.zeros((100, 300)), weight_range=2.0, noise=0.1, seed=1)
    read = weights.forward(np.eye(300))
    assert (weights.backward(np.eye(100)) == read.T).all()
    assert (weights.forward(np.eye(300)) != read).all()
    assert stats.kstest(read.ravel() / 0.2, "norm").pvalue > ALPHA
    chi = (read**2).sum()
    low, high = stats.chi2.ppf([ALPHA / 2, 1 - ALPHA / 2], read.size)
    assert low < chi / 0.2**2 < high
    assert not low < chi / 0.21**2 < high


@pytest.mark.parametrize(
    ("device", "layout", "levels"),
    [
        (CompoundJunction(num_junctions=8), "differential", 17),
        (CompoundJunction(num_junctions=8), "offset", 9),
        (NotchedWall(num_notches=4), "balanced", 5),
        (BinaryJunction(), "differential", 3),
    ],
)
def test_levels_of_a_device_are_held_by_its_array(device, layout, levels):
    """As many weights as said, and no rounding when the array is written."""
    arrays = Arrays(device, layout=layout, weight_range=2.0)
    assert arrays.weight_levels == levels
    begun = Aware().begun(W, arrays, seed=1)
    ended = Aware().ended(begun, arrays, seed=1)
    np.testing.assert_allclose(ended.values, begun.wanted, atol=1e-9)
    assert np.unique(begun.wanted.round(9)).size <= levels


def test_starts_are_levels_by_chance():
    """Of the two next to a weight, the upper by its share of the way; control: 5 points more."""
    for value, below, share in ((0.3, 0.0, 0.3), (-0.9, -1.0, 0.1)):
        found = rounded_by_chance(np.full(10_000, value), levels=3, weight_range=1.0, seed=1)
        assert set(found) == {below, below + 1.0}
        count = int((found > below).sum())
        assert stats.binomtest(count, found.size, share).pvalue > ALPHA
        assert stats.binomtest(count, found.size, share + 0.05).pvalue < ALPHA
    on_levels = np.linspace(-2, 2, 5)
    found = rounded_by_chance(on_levels, levels=5, weight_range=2.0, seed=1)
    np.testing.assert_allclose(found, on_levels, atol=1e-12)


def test_offline_weights_are_rounded_by_the_array():
    arrays = Arrays(NotchedWall(num_notches=4), layout="differential", weight_range=2.0)
    ended = Offline().ended(Offline().begun(W, arrays, seed=1), arrays, seed=1)
    assert 0.1 < np.abs(ended.values - W).max() <= 0.25 + 1e-9
    begun = InPlace().begun(W, arrays, seed=1)
    assert InPlace().ended(begun, arrays, seed=1) is begun
    assert isinstance(Offline().begun(W, arrays, seed=1), IdealWeights)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AwareWeights(W, weight_range=2.0, levels=1), "levels must be >= 2"),
        (lambda: AwareWeights(W, weight_range=2.0, noise=-1.0), "noise must be a finite number"),
        (lambda: Aware(levels=1), "levels must be >= 2"),
        (lambda: Aware(noise=2.0), "noise must be a finite number >= 0 and <= 1"),
        (lambda: Arrays(CreepingWall()).weight_levels, "device must have levels"),
        (lambda: Arrays(weight_range=0.0), "weight_range must be a finite number > 0"),
        (lambda: Arrays(layout="pairs"), "layout must be one of"),
    ],
)
def test_values_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_types_that_are_refused():
    with pytest.raises(TypeError, match="device must be of type Synapse"):
        Arrays("junction")
    with pytest.raises(TypeError, match="rule must be of type Rule"):
        InPlace("trains")
