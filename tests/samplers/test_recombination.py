"""Islands and clusters: what comes out is a mixture of what went in, and never higher."""

import numpy as np
import pytest

from pbit import IsingModel, anneal, default_beta_range, descend
from pbit.samplers.portfolio.recombination import Recombination
from random_models import random_lattice, random_model, random_polynomial

MODELS = {
    "lattice": random_lattice(12, seed=1),
    "fields": random_lattice(12, seed=2, fields=True),
    "reals": random_model(60, seed=1),
    "dense": random_model(80, seed=2, integers=True),
    "polynomial": random_polynomial(40, seed=1),
}


def recombination_of(model, threads=1):
    cold = default_beta_range(model)[1]
    return Recombination(model, cold=cold, seed=1, num_threads=threads)


def minima(model, count, seed):
    coins = np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (count, model.num_spins))
    return descend(model, coins).spins


def islands_by_hand(model, graph, state, other):
    """Islands of one other state, each turned if the energy is not raised."""
    state, seen = state.copy(), set()
    differs = state != other
    for site in range(state.size):
        if not differs[site] or site in seen:
            continue
        island, todo = [], [site]
        seen.add(site)
        while todo:
            i = todo.pop()
            island.append(i)
            for j in graph[1][graph[0][i] : graph[0][i + 1]]:
                if differs[j] and j not in seen:
                    seen.add(int(j))
                    todo.append(int(j))
        turned = state.copy()
        turned[island] *= -1
        if model.energy(turned[None])[0] <= model.energy(state[None])[0] + 1e-9:
            state = turned
    return state


@pytest.mark.parametrize("name", MODELS)
def test_islands_are_those_found_by_hand(name):
    model = MODELS[name]
    work = recombination_of(model)
    rows = minima(model, 6, seed=3)
    if work.even:
        far = (rows[1:] != rows[0]).mean(axis=1) > 0.5
        rows[1:][far] *= -1
    expected = rows[0]
    for other in rows[1:]:
        if work.even and (other != expected).mean() > 0.5:
            other = -other
        expected = islands_by_hand(model, work.graph, expected, other)
    found = work.of_islands(rows[0], rows[1:])
    assert model.energy(found[None])[0] == pytest.approx(model.energy(expected[None])[0])
    assert model.energy(found[None])[0] <= model.energy(rows[:1])[0] + 1e-9
    assert np.array_equal(found, expected)


def test_what_went_in_is_left_as_it_was():
    model = MODELS["lattice"]
    rows = minima(model, 4, seed=1)
    before = rows.copy()
    work = recombination_of(model)
    work.of_islands(rows[0], rows[1:])
    work.of_clusters(rows)
    assert np.array_equal(rows, before)


@pytest.mark.parametrize("name", MODELS)
def test_clusters_are_lower_or_nothing(name):
    model = MODELS[name]
    work = recombination_of(model)
    rows = minima(model, 5, seed=5)
    found = work.of_clusters(rows)
    if name == "polynomial":
        assert found is None
    if found is not None:
        assert model.energy(found[None])[0] < model.energy(rows[:1])[0]
        assert np.array_equal(found, recombination_of(model, threads=2).of_clusters(rows))


def test_clusters_of_few_good_states_of_a_lattice_beat_them_all():
    model = random_lattice(40, seed=3)
    rows = anneal(model, num_sweeps=300, num_reads=6, seed=1).spins
    found = recombination_of(model).of_clusters(rows)
    assert model.energy(found[None])[0] < model.energy(rows).min() - 4


def test_one_state_has_no_clusters_to_turn():
    ring = IsingModel.from_edges(np.arange(6), (np.arange(6) + 1) % 6, np.ones(6))
    up = np.ones((2, 6), np.int8)
    assert recombination_of(ring).of_clusters(up) is None


def test_strong_couplings_make_islands_where_all_are_coupled():
    rng = np.random.default_rng(1)
    n = 60
    weights = rng.normal(size=(n, n)) * np.exp(-np.abs(np.subtract.outer(range(n), range(n))))
    J = np.triu(weights, 1)
    model = IsingModel(np.zeros(n), J + J.T)
    indptr, indices = recombination_of(model).graph
    assert indices.size < 16 * n
    assert np.all(np.abs(np.repeat(np.arange(n), np.diff(indptr)) - indices) < 30)


def test_huge_models_are_left_alone(monkeypatch):
    monkeypatch.setattr("pbit.samplers.portfolio.recombination._MOST_ENTRIES", 3)
    work = recombination_of(MODELS["lattice"])
    rows = minima(MODELS["lattice"], 3, seed=1)
    assert np.array_equal(work.of_islands(rows[0], rows[1:]), rows[0])
    assert work.of_clusters(rows) is None
