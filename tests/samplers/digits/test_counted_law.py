"""Exchanges that keep counts follow their exact k-sweep law, and planted errors do not.

Each case at alpha = 1e-6 / 100: 1e-6 for the file.
"""

import numpy as np
import pytest

import pbit
from digit_laws import all_of_histogram, law_after, move_matrix, numbers_of, start_row, swaps
from pbit.statistics import chi_square_p_value
from random_dits import random_dits, random_potts

ALPHA = 1e-6 / 100
READS = 65536
RULES = ("heat-bath", "metropolis")
BETAS = [0.3, 0.6]
MODELS = {
    "real tables": (lambda: random_dits([3] * 5, seed=1, density=1.0), [2, 2, 1]),
    "whole tables": (lambda: random_dits([3] * 5, seed=2, integers=True), [3, 1, 1]),
    "Potts": (lambda: random_potts([2] * 6, seed=3, density=1.0), [3, 3]),
    "whole Potts": (lambda: random_potts([3] * 5, seed=4, integers=True, density=1.0), [2, 0, 3]),
    "two": (lambda: random_dits([2, 2], seed=5, density=1.0), [1, 1]),
}


def model_of(kind):
    make, counts = MODELS[kind]
    return pbit.CountedModel(make(), counts)


def law_of(model, betas, rule):
    space = all_of_histogram(model.counts.tolist())
    law = start_row(space)
    for beta in betas:
        matrix = move_matrix(space, model.model.energy, swaps, beta=beta, accept=rule)
        law = law_after(law, matrix, model.num_digits)
    return law


def p_value(model, law, betas, rule):
    reads = pbit.anneal(model, betas, num_reads=READS, seed=5, rule=rule)
    space = all_of_histogram(model.counts.tolist())
    return chi_square_p_value(numbers_of(space, reads.values), law)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", MODELS)
def test_exchanges_follow_the_k_sweep_law(kind, rule):
    model = model_of(kind)
    assert p_value(model, law_of(model, BETAS, rule), BETAS, rule) > ALPHA


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["real tables", "Potts"])
def test_beta_off_by_a_tenth_is_caught(kind, rule):
    model = model_of(kind)
    law = law_of(model, BETAS, rule)
    assert p_value(model, law, [1.1 * beta for beta in BETAS], rule) < ALPHA


@pytest.mark.parametrize("kind", ["real tables", "Potts"])
def test_an_exchange_that_ignores_the_term_of_its_pair_is_caught(kind):
    """The law with what the fields say wrongly of neighbours left in."""
    model = model_of(kind)
    space = all_of_histogram(model.counts.tolist())
    energies = model.model.energy(np.array(space))
    at = {x: k for k, x in enumerate(space)}
    matrix = np.zeros((len(space), len(space)))
    for x in space:
        for y, chance in swaps(x):
            i, j = (np.flatnonzero(np.array(x) != np.array(y)).tolist() or [0, 0])[:2]
            change = energies[at[y]] - energies[at[x]]
            if x != y:
                change -= own_terms(model.model, i, j, x[i], x[j])
            matrix[at[x], at[y]] += chance * min(1.0, np.exp(-0.6 * change)) * (x != y)
    matrix[np.diag_indices(len(space))] += 1 - matrix.sum(axis=1)
    wrong = law_after(start_row(space), matrix, 2 * model.num_digits)
    assert p_value(model, wrong, [0.6, 0.6], "metropolis") < ALPHA


def own_terms(model, i, j, a, b):
    rows, cols = model.ends()
    table = model.table(int(np.flatnonzero((rows == i) & (cols == j))[0]))
    return table[a, b] + table[b, a] - table[a, a] - table[b, b]


@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("make", [random_dits, random_potts])
def test_energies_after_thousands_of_exchanges(make, integers):
    model = pbit.CountedModel(make([4] * 30, seed=7, integers=integers, density=0.3))
    for betas in ([0.0] * 100, np.geomspace(0.05, 5.0, 1500), [np.inf] * 50):
        reads = pbit.anneal(model, betas, num_reads=4, seed=3)
        exact = model.energy(reads.values)  # which checks the counts
        if integers:
            assert (exact == reads.energies).all()
        assert np.allclose(exact, reads.energies, rtol=0, atol=1e-9)


def test_law_names_the_counts():
    law = pbit.anneal(model_of("Potts"), num_sweeps=1).info["law"]
    assert law.startswith("Boltzmann over all values with counts [3, 3]")


def test_ring_is_cut_twice():
    ring = pbit.DitModel.potts(range(20), [*range(1, 20), 0], -1.0, num_values=2)
    result = pbit.temper(pbit.CountedModel(ring), num_sweeps=2000, seed=1)
    assert result.energies[0] == -18.0
