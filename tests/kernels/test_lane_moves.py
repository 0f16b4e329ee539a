"""Moves between lanes that lie in different words, against whole states moved one by one."""

import numpy as np
import pytest

from compiled_parts import cluster_move, exchange_lanes, move_clusters
from pbit import IsingModel
from pbit.kernels.sweeps import bitsliced
from pbit.kernels.tempering.records import Clusters, Graph
from pbit.samplers.tempering.replicas import TemperingProgram
from pbit.samplers.tempering.temper import temper
from pbit.schedules.ladder import Ladder
from random_models import random_model

WORDS = 4


def packed(spins):
    words = np.empty((len(spins) + 1, spins.shape[1] // 64), np.uint64)
    bitsliced.pack(spins, words)
    return words


def mask_of(lanes):
    mask = np.zeros(WORDS, np.uint64)
    for lane in lanes:
        mask[lane // 64] |= np.uint64(1 << (lane % 64))
    return mask


def pairs_of(shift, rng):
    """Lower lanes of pairs that do not meet, some of them in two words."""
    lower, taken = [], set()
    for lane in rng.permutation(64 * WORDS - shift).tolist():
        if not taken & {lane, lane + shift}:
            taken |= {lane, lane + shift}
            lower.append(lane)
    assert any(lane // 64 != (lane + shift) // 64 for lane in lower)
    return np.array(lower)


@pytest.mark.parametrize("shift", [1, 24, 63])
def test_states_are_exchanged_across_words(shift):
    rng = np.random.default_rng(shift)
    spins = rng.choice(np.array([-1, 1], np.int8), (20, 64 * WORDS))
    words, lower = packed(spins), pairs_of(shift, rng)
    exchange_lanes(words, mask_of(lower), shift, (0,) * WORDS)
    expected = spins.copy()
    expected[:, lower], expected[:, lower + shift] = spins[:, lower + shift], spins[:, lower]
    found = np.empty_like(spins)
    bitsliced.unpack(words, found)
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("has_fields", [False, True])
def test_clusters_of_pairs_in_two_words_conserve_the_sum_of_energies(has_fields):
    rng = np.random.default_rng(3)
    n, shift = 40, 24
    model = IsingModel.from_edges(
        np.arange(n), (np.arange(n) + 1) % n, rng.choice([-1.0, 1.0], n),
        h=rng.choice([-1.0, 1.0], n) if has_fields else None,
    )  # fmt: skip
    before = rng.choice(np.array([-1, 1], np.int8), (n, 64 * WORDS))
    words, lower = packed(before), pairs_of(shift, rng)
    graph = Graph(*TemperingProgram.of(model, "bits", 1.0).graph, has_fields)
    clusters = Clusters.of(n, WORDS)._replace(mask=mask_of(lower), polled=rng.integers(n, size=31))
    cluster_move(words, graph, shift, clusters, (0,) * WORDS)
    after = np.empty_like(before)
    bitsliced.unpack(words, after)
    changed = (after != before).any(axis=0)
    assert changed[lower].all() and np.array_equal(changed[lower], changed[lower + shift])
    sums = [model.energy(s[:, lower].T) + model.energy(s[:, lower + shift].T)
            for s in (before, after)]  # fmt: skip
    assert np.array_equal(*sums)


def test_clusters_of_more_than_64_pairs_of_lanes():
    model = random_model(12, seed=3)
    engine = TemperingProgram.of(model, "lanes", 2.0).start(
        Ladder(np.linspace(0.2, 2.0, 10)), 16, seed=1, read=0
    )
    before = engine.states()
    assert len(engine._model.shape) == 2
    move_clusters(engine, np.random.default_rng(2).integers(12, size=31))
    after = engine.states()
    changed = (before != after).any(axis=2)
    assert changed.mean() > 0.9 and np.array_equal(changed[:, 0::2], changed[:, 1::2])
    sums = [model.energy(s.reshape(-1, 12)).reshape(10, 8, 2).sum(axis=2) for s in (before, after)]
    assert np.allclose(*sums, atol=1e-9)


@pytest.mark.parametrize("kernel", ["bits", "lanes"])
def test_the_lowest_state_comes_from_any_lane(kernel):
    """Cold replicas are the last lanes: what is kept is what the trace saw there."""
    ring = np.arange(100)
    model = IsingModel.from_edges(ring, (ring + 1) % 100, np.ones(100))
    ladder = Ladder(np.linspace(0.1, 3.0, 8))
    result = temper(model, ladder, num_replicas=24, num_sweeps=30, seed=1, kernel=kernel,
                    traced=True)  # fmt: skip
    assert result.info["trace"].min() == result.energies[0]
