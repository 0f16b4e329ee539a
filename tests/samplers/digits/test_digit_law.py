"""Reads of digits follow the exact k-sweep law of each rule, and planted errors do not.

Each case at alpha = 1e-6 / 100: 1e-6 for the file. The controls below show the power: a beta off
by 10 % is caught with 65536 reads in every case, a field that misses a neighbour too.
"""

import dataclasses

import numpy as np
import pytest

import pbit
from digit_laws import all_values, boltzmann, law_of, numbers_of
from pbit.statistics import chi_square_p_value
from random_dits import random_dits, random_potts

ALPHA = 1e-6 / 100
READS = 65536
RULES = ("heat-bath", "metropolis")
BETAS = {"warm": [0.3] * 2, "cold": [1.2] * 3, "annealed": [0.1, 0.5, 1.5]}
MODELS = {
    "real tables": lambda: random_dits(seed=1),
    "whole tables": lambda: random_dits(seed=2, integers=True),
    "Potts": lambda: random_potts(seed=3, density=1.0),
    "whole Potts": lambda: random_potts(seed=4, integers=True, density=1.0),
    "Potts of one K": lambda: random_potts([3, 3, 3, 3], seed=5, density=1.0),
    "whole Potts of one K": lambda: random_potts([3, 3, 3, 3], seed=6, integers=True, density=1.0),
    "wide": lambda: random_potts([11, 9], seed=7, density=1.0),
    "one value": lambda: random_dits([3, 1, 4], seed=8, density=1.0),
}


def p_value(model, law, betas, rule, *, seed, **options):
    reads = pbit.anneal(model, betas, num_reads=READS, seed=seed, rule=rule, **options)
    return chi_square_p_value(numbers_of(all_values(model.num_values), reads.values), law)


@pytest.mark.parametrize("betas", BETAS)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", MODELS)
def test_reads_follow_the_k_sweep_law(kind, rule, betas):
    model = MODELS[kind]()
    law = law_of(model, BETAS[betas], rule)
    assert p_value(model, law, BETAS[betas], rule, seed=11) > ALPHA


@pytest.mark.parametrize("rule", RULES)
def test_law_from_a_given_state(rule):
    model = random_dits(seed=1)
    start = [2, 0, 3, 1]
    law = law_of(model, [0.6], rule, start=start)
    assert p_value(model, law, [0.6], rule, seed=12, initial_values=start) > ALPHA


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["real tables", "whole Potts", "Potts of one K"])
def test_beta_off_by_a_tenth_is_caught(kind, rule):
    model = MODELS[kind]()
    law = law_of(model, BETAS["cold"], rule)
    off = [1.1 * beta for beta in BETAS["cold"]]
    assert p_value(model, law, off, rule, seed=11) < ALPHA


@pytest.mark.parametrize("rule", RULES)
def test_a_field_that_misses_a_neighbour_is_caught(rule):
    model = random_potts(seed=3, density=1.0)
    i, j = model.ends()
    once = np.flatnonzero(i < j)
    fewer = pbit.DitModel.potts(
        i[once][1:], j[once][1:], model.weights[once][1:], num_values=model.num_values, h=model.h
    )
    law = law_of(model, BETAS["cold"], rule)
    assert p_value(fewer, law, BETAS["cold"], rule, seed=11) < ALPHA


@pytest.mark.parametrize("rule", RULES)
def test_tempering_follows_the_law_at_each_beta(rule):
    model, ladder = random_dits(seed=1), [0.2, 0.7, 1.5]
    runs = tempered(model, ladder, rule)
    space = all_values(model.num_values)
    for t, beta in enumerate(ladder):
        law = boltzmann(space, model.energy, beta)
        for r in range(2):
            seen = numbers_of(space, runs.states[:, t, r])
            assert chi_square_p_value(seen, law) > ALPHA
    wrong = boltzmann(space, model.energy, 1.1 * ladder[-1])
    assert chi_square_p_value(numbers_of(space, runs.states[:, -1, 0]), wrong) < ALPHA


def tempered(model, ladder, rule):
    return pbit.temper(
        model, ladder, num_reads=READS // 4, num_sweeps=60, seed=13, rule=rule, keep_states=True
    )


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("unit", [2.0**-1000, 2.0**-150, 2.0**150, 2.0**650])
def test_energies_of_any_size_have_the_law_of_their_ratio_to_temperature(unit, rule):
    betas, reads = [1.0] * 10, 50
    plain = random_dits(seed=3)
    scaled = dataclasses.replace(plain, h=unit * plain.h, tables=unit * plain.tables)
    one = pbit.anneal(plain, betas, num_reads=reads, seed=1, rule=rule)
    other = pbit.anneal(scaled, np.array(betas) / unit, num_reads=reads, seed=1, rule=rule)
    assert np.array_equal(one.values, other.values)
