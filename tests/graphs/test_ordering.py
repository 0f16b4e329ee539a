"""Orders: permutations that bring neighbours together."""

import numpy as np
import pytest

from pbit import IsingModel
from pbit.graphs import reorder
from random_models import random_model


@pytest.mark.parametrize("density", [0.02, 0.2])
def test_reorder_is_a_permutation(density):
    model = random_model(40, seed=4, density=density)
    compiled = reorder(model)
    spins = np.random.default_rng(0).choice([-1, 1], (20, 40))
    encoded = compiled.encode(spins)
    np.testing.assert_allclose(compiled.model.energy(encoded), model.energy(spins), rtol=1e-12)
    assert np.array_equal(compiled.decode(encoded), spins)
    assert sorted(compiled.model.labels) == list(range(40))
    by_label = dict(zip(compiled.model.labels, compiled.model.h, strict=True))
    assert [by_label[i] for i in range(40)] == model.h.tolist()


def test_a_shuffled_ring_is_found_again():
    order = np.random.default_rng(1).permutation(1000)
    ring = IsingModel.from_edges(order, np.roll(order, -1), np.ones(1000))
    report = reorder(ring).report
    assert report["mean_distance_before"] > 300 and report["mean_distance_after"] < 3


def test_order_of_nothing():
    assert reorder(IsingModel([], [])).model.num_spins == 0
