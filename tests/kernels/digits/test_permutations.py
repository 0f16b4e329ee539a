"""Sweeps over permutations and counted digits are those of the references in plain Python."""

import numpy as np
import pytest

import naive_permutations as naive
import pbit
from pbit.engines.digits.tours import TourProgram
from pbit.samplers.digits.anneal import anneal_digits
from random_dits import random_dits, random_potts
from tour_moves import canonical

RULES = ("heat-bath", "metropolis")
SEED = 2**40 + 7


def assignment(n, *, symmetric):
    rng = np.random.default_rng(n)
    flows, distances, linear = rng.integers(0, 10, (3, n, n))
    if symmetric:
        flows = flows + flows.T
    return pbit.AssignmentModel(flows, distances, linear)


COUNTED = {
    "tables": lambda: pbit.CountedModel(random_dits([3] * 8, seed=1, integers=True), [3, 4, 1]),
    "Potts": lambda: pbit.CountedModel(random_potts([4] * 9, seed=2, integers=True)),
}
BETAS = [0.0, 0.2, 0.5, 1.0, 2.0]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("n", [1, 2, 9])
def test_swaps_are_those_of_the_reference(n, symmetric, rule):
    model = assignment(n, symmetric=symmetric)
    betas = np.array(BETAS) / 100
    reads = pbit.anneal(model, betas, num_reads=3, first_read=3, seed=SEED, rule=rule)
    for row, values in enumerate(reads.values):
        start = naive.first_order(n, 3 + row, seed=SEED)
        expected = naive.swapped(model, start, betas, rule, read=3 + row, seed=SEED)
        assert values.tolist() == expected.tolist()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", COUNTED)
def test_exchanges_are_those_of_the_reference(kind, rule):
    model = COUNTED[kind]()
    reads = pbit.anneal(model, BETAS, num_reads=3, first_read=3, seed=SEED, rule=rule)
    for row, values in enumerate(reads.values):
        start = naive.first_counted(model, 3 + row, seed=SEED)
        expected = naive.swapped(model, start, BETAS, rule, read=3 + row, seed=SEED)
        assert values.tolist() == expected.tolist()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("n", [2, 3, 4, 12])
def test_tours_are_those_of_the_reference(n, symmetric, rule):
    distances = np.random.default_rng(n).integers(0, 50, (n, n)).astype(float)
    model = pbit.TourModel(distances + distances.T if symmetric else distances)
    betas, near = np.array([*BETAS, *BETAS]) / 20, min(3, n - 1)
    program = TourProgram(model, near)
    reads = anneal_digits(program, betas, num_reads=3, first_read=3, seed=SEED, rule=rule)
    for row, values in enumerate(reads.values):
        start = naive.first_order(n, 3 + row, seed=SEED)
        expected = naive.toured(model, start, betas, rule, near, read=3 + row, seed=SEED)
        assert canonical(values, not symmetric) == canonical(expected, not symmetric)
        if n > 4:
            assert canonical(values, not symmetric) != canonical(start, not symmetric)
