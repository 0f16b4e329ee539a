"""Sweeps over digits on sites against plain Python, and their limits."""

import numpy as np
import pytest

import naive_digits
import pbit
from pbit.engines.digits.sites import SiteProgram
from random_dits import random_dits, random_potts

RULES = ("heat-bath", "metropolis")
MANY = [3, 2, 17, 4, 8, 9, 1, 3, 5]
MODELS = {
    "real tables": lambda: random_dits(MANY, seed=1),
    "whole tables": lambda: random_dits(MANY, seed=2, integers=True),
    "Potts": lambda: random_potts(MANY, seed=3),
    "whole Potts": lambda: random_potts(MANY, seed=4, integers=True),
    "one K": lambda: random_potts([5] * 9, seed=5, integers=True),
    "large numbers": lambda: scaled(random_potts(MANY, seed=4, integers=True), 10000.0),
}


def scaled(model, factor):
    return pbit.DitModel(
        model.num_values,
        factor * model.h,
        model.pointers,
        model.neighbours,
        weights=factor * model.weights,
    )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", MODELS)
def test_states_are_those_of_the_reference(kind, rule):
    model = MODELS[kind]()
    unit = 1e-4 if kind == "large numbers" else 1.0
    betas = unit * np.array([0.0, 0.2, 0.5, 0.5, 0.5, 1.0, 2.0, np.inf])
    reads = pbit.anneal(model, betas, num_reads=5, first_read=3, seed=2**40 + 7, rule=rule)
    for row, values in enumerate(reads.values):
        expected = naive_digits.anneal(model, betas, rule, read=3 + row, seed=2**40 + 7)
        assert values.tolist() == expected.tolist()
    assert np.allclose(reads.energies, model.energy(reads.values), rtol=1e-12)


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [("real tables", "float64"), ("whole Potts", "int16"), ("large numbers", "int32")],
)
def test_whole_energies_stay_whole(kind, dtype):
    program = SiteProgram(MODELS[kind]())
    assert program.record.h.dtype == dtype
    assert program.works(2).fields.dtype == dtype


def test_kept_fields_of_real_weights_are_summed_anew():
    model = random_dits(MANY, seed=1)
    reads = pbit.anneal(model, num_sweeps=3000, beta=1.0, num_reads=2, seed=1, best_seen=True)
    lowest = pbit.anneal(model, num_sweeps=3000, beta=1.0, num_reads=2, seed=1, traced=True)
    assert lowest.info["trace"].min() == pytest.approx(reads.energies.min(), rel=1e-12)


def test_greedy_ends_in_a_local_minimum():
    model = random_potts([5] * 30, seed=5, integers=True)
    values = pbit.anneal(model, [np.inf] * 60, seed=1).values[0]
    for site in range(30):
        energies = naive_digits.energies_of_site(model, values, site)
        assert energies[values[site]] == min(energies)


def test_zero_temperature_draws_evenly_among_the_best():
    model = pbit.DitModel.potts([0], [1], num_values=4)
    start = [0, 0]
    reads = pbit.anneal(model, [np.inf], num_reads=4000, seed=3, initial_values=start)
    counts = np.bincount(reads.values[:, 0], minlength=4)
    assert counts[0] == 0 and counts[1:].min() > 1200
