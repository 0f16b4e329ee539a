"""Reads of permutations follow the exact k-sweep law of each move, and planted errors do not.

Each case at alpha = 1e-6 / 100: 1e-6 for the file.
"""

import dataclasses

import numpy as np
import pytest

from digit_laws import (
    all_permutations,
    balance_error,
    law_after,
    move_matrix,
    numbers_of,
    start_row,
    swaps,
)
from pbit.engines.digits.assignments import AssignmentProgram
from pbit.engines.digits.tours import TourProgram
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.digits.tour import TourModel
from pbit.samplers.digits.anneal import anneal_digits
from pbit.statistics import chi_square_p_value
from tour_moves import canonical, tour_matrix

ALPHA = 1e-6 / 100
READS = 65536
RULES = ("heat-bath", "metropolis")


def matrix_of(n, seed, *, symmetric):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 10, (n, n)).astype(float)
    return matrix + matrix.T if symmetric else matrix


def assignment(n, seed, *, symmetric=True, linear=True):
    rng = np.random.default_rng(seed + 100)
    return AssignmentModel(
        matrix_of(n, seed, symmetric=symmetric),
        matrix_of(n, seed + 1, symmetric=symmetric) / 8,
        rng.integers(-9, 9, (n, n)) if linear else None,
        offset=3.0,
    )


ASSIGNMENTS = {
    "symmetric": lambda: assignment(4, 1),
    "both ways": lambda: assignment(4, 2, symmetric=False),
    "five": lambda: assignment(5, 3, symmetric=False, linear=False),
    "two": lambda: assignment(2, 4),
}
TOURS = {
    "plain": (5, True, 2),
    "plain, one near": (6, True, 1),
    "directed": (5, False, 2),
    "directed, one near": (5, False, 1),
    "plain of four": (4, True, 1),
}
BETAS = [0.02, 0.05]


def swap_law(model, betas, rule):
    space = all_permutations(model.num_digits)
    law = start_row(space)
    for beta in betas:
        matrix = move_matrix(space, model.energy, swaps, beta=beta, accept=rule)
        law = law_after(law, matrix, model.num_digits)
    return law


def swap_p_value(program, law, betas, rule, *, seed=5):
    reads = anneal_digits(program, betas, num_reads=READS, seed=seed, rule=rule)
    space = all_permutations(program.model.num_digits)
    return chi_square_p_value(numbers_of(space, reads.values), law)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ASSIGNMENTS)
def test_swaps_follow_the_k_sweep_law(kind, rule):
    model = ASSIGNMENTS[kind]()
    law = swap_law(model, BETAS, rule)
    assert swap_p_value(AssignmentProgram(model), law, BETAS, rule) > ALPHA


@pytest.mark.parametrize("rule", RULES)
def test_swaps_with_beta_off_by_a_tenth_are_caught(rule):
    model = ASSIGNMENTS["both ways"]()
    law = swap_law(model, BETAS, rule)
    off = [1.1 * beta for beta in BETAS]
    assert swap_p_value(AssignmentProgram(model), law, off, rule) < ALPHA


@pytest.mark.parametrize("kind", ["symmetric", "both ways"])
def test_a_swap_that_ignores_the_distance_of_its_pair_is_caught(kind):
    """Flows of one pair are dropped from the side that counts them apart from all others."""
    model = ASSIGNMENTS[kind]()
    law = swap_law(model, BETAS, "metropolis")
    flows = model.flows.copy()
    flows[0, 1] = flows[1, 0] = 0.0
    wrong = AssignmentProgram(dataclasses.replace(model, flows=flows))
    assert swap_p_value(wrong, law, BETAS, "metropolis") < ALPHA


def tour_of(kind):
    n, symmetric, near = TOURS[kind]
    return matrix_of(n, 7 * n, symmetric=symmetric), symmetric, near


@pytest.mark.parametrize("accept", RULES)
@pytest.mark.parametrize("kind", TOURS)
def test_moves_in_tours_keep_detailed_balance(kind, accept):
    distances, _, near = tour_of(kind)
    np.fill_diagonal(distances, 0.0)
    for beta in (0.0, 0.1, 1.0):
        _, levels, matrix = tour_matrix(distances, near, beta, accept=accept)
        law = np.exp(-beta * (levels - levels.min()))
        assert balance_error(matrix, law / law.sum()) < 1e-15
        assert np.linalg.matrix_power(matrix, 64).min() > 0 or beta == 1.0  # all are reached


@pytest.mark.parametrize("kind", [kind for kind in TOURS if kind != "plain of four"])
def test_a_wrong_count_of_proposals_breaks_detailed_balance(kind):
    distances, _, near = tour_of(kind)
    np.fill_diagonal(distances, 0.0)
    _, levels, matrix = tour_matrix(distances, near, 0.1, accept="metropolis", corrected=False)
    law = np.exp(-0.1 * (levels - levels.min()))
    assert balance_error(matrix, law / law.sum()) > 1e-4


def tour_p_value(kind, rule, *, corrected=True, factor=1.0, sweeps=4, beta=0.12):
    distances, symmetric, near = tour_of(kind)
    np.fill_diagonal(distances, 0.0)
    space, _, matrix = tour_matrix(distances, near, beta, accept=rule, corrected=corrected)
    law = law_after(start_row(space), matrix, sweeps * len(distances))
    program = TourProgram(TourModel(distances), near)
    reads = anneal_digits(program, [factor * beta] * sweeps, num_reads=READS, seed=6, rule=rule)
    tours = [canonical(row, not symmetric) for row in reads.values]
    return chi_square_p_value(numbers_of(space, tours), law)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", TOURS)
def test_tours_follow_the_k_sweep_law(kind, rule):
    assert tour_p_value(kind, rule) > ALPHA


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["plain", "directed"])
def test_a_wrong_count_of_proposals_is_caught(kind, rule):
    assert tour_p_value(kind, rule, corrected=False) < ALPHA


@pytest.mark.parametrize("kind", ["plain", "directed"])
def test_tours_with_beta_off_by_a_tenth_are_caught(kind):
    assert tour_p_value(kind, "heat-bath", factor=1.1) < ALPHA
