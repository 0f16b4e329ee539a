"""Clusters that replicas of digits exchange: energies, fields, the reference, the law of pairs."""

import numpy as np
import pytest

import naive_clusters
import pbit
from digit_laws import all_values, boltzmann
from pbit.engines.digits.sites import SiteProgram
from pbit.kernels.digits import family
from pbit.kernels.digits.clusters import Clusters, move_pair
from pbit.kernels.digits.held import start_all
from pbit.kernels.digits.records import Replicas
from pbit.kernels.jit import bare
from random_dits import random_dits, random_potts

MANY = [3, 2, 17, 4, 8, 9, 1, 3, 5]
SPARSE = 0.3  # part of the edges: more than one cluster
MODELS = {
    "real tables": lambda n: random_dits(n, seed=1, density=SPARSE),
    "whole tables": lambda n: random_dits(n, seed=2, integers=True, density=SPARSE),
    "Potts": lambda n: random_potts(n, seed=3, density=SPARSE),
    "whole Potts": lambda n: random_potts(n, seed=4, integers=True, density=SPARSE),
    "one K": lambda n: random_potts([4] * len(n), seed=5, integers=True, density=SPARSE),
}


@bare
def _start(model, replicas):
    start_all(model, replicas)


@bare
def _exchange(model, replicas, clusters, word):
    move_pair(model, replicas, (0, 0, 1), clusters, word)


@bare
def _anew(model, values, work):
    return family.start(model, values, family.work_of(work, 0))


class Pair:
    """Two replicas of a model."""

    def __init__(self, model):
        self.program = SiteProgram(model)
        ends = np.arange(2)[None], np.ones(1), np.zeros((1, 2))
        values = np.zeros((2, model.num_digits), np.int16)
        self.replicas = Replicas(values, self.program.works(2), *ends)
        self.clusters = Clusters.of(1, model.num_digits)

    def exchange(self, x, y, pick):
        """Both states after the move of the pick-th digit that differs."""
        self.replicas.values[:] = x, y
        _start(self.program.record, self.replicas)
        count = int((self.replicas.values[0] != self.replicas.values[1]).sum())
        word = np.uint32(((2 * pick + 1) << 31) // max(1, count))
        _exchange(self.program.record, self.replicas, self.clusters, word)
        return self.replicas.values.copy()


@pytest.mark.parametrize("kind", MODELS)
def test_energies_and_fields_follow_and_their_sum_stays(kind):
    model = MODELS[kind](MANY)
    pair, rng, moved = Pair(model), np.random.default_rng(1), 0
    for x, y in model.random(seed=2, rows=400).reshape(200, 2, -1):
        count = int((x != y).sum())
        after = pair.exchange(x, y, int(rng.integers(count)))
        energies = model.energy(after) - model.offset
        assert pair.replicas.energies[0] == pytest.approx(energies, rel=1e-9, abs=1e-9)
        assert model.energy(after).sum() == pytest.approx(model.energy([x, y]).sum(), abs=1e-9)
        assert not pair.clusters.marks.any()
        works = pair.program.works(1)
        for k in range(2):
            _anew(pair.program.record, after[k], works)
            assert np.allclose(pair.replicas.works.fields[k], works.fields[0], atol=1e-9)
        moved += 0 < int((after[0] != x).sum()) < count
    assert moved > 20  # otherwise exchanges of whole states are all that was seen


@pytest.mark.parametrize("kind", MODELS)
def test_clusters_are_those_of_the_reference(kind):
    model = MODELS[kind](MANY)
    pair, rng = Pair(model), np.random.default_rng(1)
    for x, y in model.random(seed=3, rows=200).reshape(100, 2, -1):
        pick = int(rng.integers((x != y).sum()))
        assert np.array_equal(pair.exchange(x, y, pick), naive_clusters.exchange(model, x, y, pick))


def test_states_that_are_alike_stay():
    model = MODELS["Potts"](MANY)
    x = model.random(seed=1)[0]
    assert np.array_equal(Pair(model).exchange(x, x, 0), [x, x])


def apart_from_the_law(model, beta, exchange):
    """How far one move takes pairs from the product of their laws, all pairs and picks counted."""
    space = all_values(model.num_values)
    number = {values: k for k, values in enumerate(space)}
    one = boltzmann(space, model.energy, beta)
    after = np.zeros((len(space), len(space)))
    for a, x in enumerate(np.array(space)):
        for b, y in enumerate(np.array(space)):
            count = int((x != y).sum())
            if not count:
                after[a, b] += one[a] * one[b]
            for pick in range(count):
                moved = np.asarray(exchange(x, y, pick)).tolist()
                after[tuple(number[tuple(state)] for state in moved)] += one[a] * one[b] / count
    return float(abs(after - np.outer(one, one)).max())


SMALL = {
    "tables": lambda: random_dits([3, 2, 3], seed=1, density=1.0),
    "Potts": lambda: random_potts([3, 2, 4], seed=3, density=1.0),
    "chain": lambda: pbit.DitModel.potts([0, 1, 2], [1, 2, 3], num_values=2, h=np.arange(8.0) % 3),
}


@pytest.mark.parametrize("kind", SMALL)
def test_the_product_of_the_laws_is_kept(kind):
    model = SMALL[kind]()
    assert apart_from_the_law(model, 0.8, Pair(model).exchange) < 1e-12


def _by_first(model, entry, ends, x, y):
    return x[ends[0]] != x[ends[1]] and y[ends[0]] != x[ends[0]]


def _alike_in_both(model, entry, ends, x, y):
    i, j = ends
    return (x[i] == x[j]) + (y[i] == y[j]) == 2


@pytest.mark.parametrize("active", [_by_first, _alike_in_both])
@pytest.mark.parametrize("kind", SMALL)
def test_other_bonds_do_not_keep_it(kind, active):
    model = SMALL[kind]()

    def wrong(x, y, pick):
        return naive_clusters.exchange(model, x, y, pick, active)

    assert apart_from_the_law(model, 0.8, wrong) > 1e-4


def test_a_permutation_of_colours_is_no_cluster_in_a_field():
    model = SMALL["chain"]()

    def wrong(x, y, pick):  # x against y with its colours exchanged, which fields do not allow
        turned = 1 - y
        if np.array_equal(x, turned):
            return x, y
        x, turned = naive_clusters.exchange(model, x, turned, pick % int((x != turned).sum()))
        return x, 1 - turned

    assert apart_from_the_law(model, 0.8, wrong) > 1e-4
