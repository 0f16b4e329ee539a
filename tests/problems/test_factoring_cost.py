"""The energy (XY - n)^2: Borders' numbers, fields, the exact law of its reads, and its programme.

False alarms: each law test has a nominal alpha of 1e-6 / 10. Power, shown by the controls: a beta
that is 10 % off and a dropped factor 2 are caught.
"""

from itertools import count, islice, product

import numpy as np
import pytest

import naive
from clock import FakeClock
from pbit.kernels import product_cost as kernels
from pbit.problems.factoring import ProductCost
from pbit.problems.factoring import product_search as product_cost
from pbit.problems.factoring.batches import batches_of
from pbit.problems.factoring.product_search import Batch, Programme, programme_for, search_product
from pbit.problems.factoring.task import Task
from pbit.run.control import Control
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6 / 10
READS = 65536
SEED = 0x1234_5678_9ABC


def states_of(n: int):
    return np.array(list(product((-1, 1), repeat=n)), dtype=np.int8)


# F, free bits of X and Y, zero-energy states, E_max, second level, terms by order.
BORDERS = [
    (35, 2, 2, {(5, 7), (7, 5)}, 1156, 100, [4, 6, 4, 1]),
    (161, 4, 2, {(23, 7)}, 25600, 36, [6, 15, 16, 6]),
    (945, 5, 3, {(63, 15)}, 891136, 900, [8, 28, 45, 30]),
    (143, 3, 3, {(13, 11), (11, 13)}, 20164, 64, [6, 15, 18, 9]),
]


@pytest.mark.parametrize(("n", "p", "q", "solutions", "highest", "second", "terms"), BORDERS)
def test_networks_of_borders(n, p, q, solutions, highest, second, terms):
    problem = ProductCost(n, p + 1, q + 1, top_is_one=False)
    states = states_of(p + q)
    energies = problem.model.energy(states)
    answers = problem.decode_reads(states)
    assert energies.tolist() == [(x * y - n) ** 2 for x, y in answers]
    assert {a for a, e in zip(answers, energies, strict=True) if e == 0} == solutions
    levels = np.unique(energies)
    assert (levels[0], levels[1], levels[-1]) == (0, second, highest)
    sizes = np.diff(problem.model.pointers)
    assert np.bincount(sizes, minlength=5)[1:].tolist() == terms
    assert (problem.num_p_bits, problem.num_terms) == (p + q, sum(terms))


@pytest.mark.parametrize(
    ("n", "p", "q", "beta", "correct"),
    [
        (945, 5, 3, 1e-5, 0.045),
        (945, 5, 3, 1e-4, 0.2615),
        (945, 5, 3, 1e-3, 0.697),
        (161, 4, 2, 1e-3, 0.149),
        (35, 2, 2, 1e-3, 0.200),
    ],
)
def test_boltzmann_weight_of_the_solutions(n, p, q, beta, correct):
    model = ProductCost(n, p + 1, q + 1, top_is_one=False).model
    energies = model.energy(states_of(p + q))
    weights = np.exp(-beta * energies)
    assert weights[energies == 0].sum() / weights.sum() == pytest.approx(correct, abs=5e-4)


@pytest.mark.parametrize(("n", "a", "b"), [(35, 3, 3), (161, 3, 5), (945, 5, 5), (945, 4, 6)])
def test_the_factored_field_is_that_of_all_terms(n, a, b):
    problem = ProductCost(n, a, b)
    states = states_of(problem.num_p_bits)
    fields = problem.model.field(states)
    sites = [(side, bit) for side in range(2) for bit in problem.free_bits[side]]
    for (x, y), row, spins in zip(problem.decode_reads(states), fields, states, strict=True):
        costs = []
        for (side, bit), spin in zip(sites, spins.tolist(), strict=True):
            d = -spin * (x, y)[1 - side] << bit
            costs.append(d * (2 * (x * y - n) + d))
        np.testing.assert_allclose(2 * spins * row, costs, rtol=1e-12, atol=1e-9 * n)


def run(n, widths, programme, *, reads, stays=True, seed=SEED):
    """Factors of all reads, uint64 (2, reads), and halves of their products."""
    factors, halves = np.empty((2, reads), np.uint64), np.empty(reads, np.uint64)
    half = np.uint64(n >> 1)
    constants = (np.uint64(widths[0]), np.uint64(widths[1]), half, half if stays else np.uint64(0))
    stream = (np.uint64(0), np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32))
    sides, bits, betas = programme
    scales = -4 / np.log(2) * betas
    kernels.run_block(factors, halves, (sides, bits, scales), constants, stream)
    return factors, halves


@pytest.mark.parametrize(
    ("n", "widths"),
    [
        (35, (3, 3)),
        (64507, (8, 8)),
        (4292870399, (16, 16)),
        ((2**31 - 1) * (2**31 - 19), (31, 31)),
        (18446743979220271189, (32, 32)),
        (9223372036854775837 | 1, (32, 33)),  # products of up to 65 bits
        (3 * (2**61 - 1), (2, 61)),
    ],
)
def test_reads_are_those_of_python_integers(n, widths):
    programme = programme_for(*widths)
    factors, halves = run(n, widths, programme, reads=16)
    for read, (x, y) in enumerate(factors.T.tolist()):
        assert (x, y) == naive.product_cost_read(n, widths, programme, read, SEED)
        assert int(halves[read]) == x * y >> 1


def exact(problem, programme, *, stays):
    """Law over all states after the programme, from fair coins."""
    n = problem.num_p_bits
    states = states_of(n)
    energies = problem.model.energy(states)
    law = np.full(2**n, 2.0**-n)
    for side, bit, beta in zip(*programme, strict=True):
        place = (len(problem.free_bits[0]) if side else 0) + bit - 1
        partner = np.arange(2**n) ^ 1 << n - 1 - place
        moves = 1 / (1 + np.exp(np.clip(beta * (energies[partner] - energies), -700, 700)))
        if stays:
            moves = np.where(energies == 0, 0.0, moves)
        law = law * (1 - moves) + (law * moves)[partner]
    return law


def p_value(problem, programme, law, *, stays):
    widths = (problem.width_x, problem.width_y)
    factors, _ = run(problem.n, widths, programme, reads=READS, stays=stays)
    number = np.zeros(READS, dtype=np.int64)
    for side, bits in enumerate(problem.free_bits):
        for bit in bits:
            number = 2 * number + (factors[side] >> np.uint64(bit) & np.uint64(1)).astype(int)
    return chi_square_p_value(number, law)


def sweeps(problem, betas):
    sites = [(side, bit) for side in range(2) for bit in problem.free_bits[side]]
    sides, bits = (np.array(list(column) * len(betas)) for column in zip(*sites, strict=True))
    return Programme(sides, bits, np.repeat(np.array(betas, float), len(sites)))


LAW_CASES = [(35, 3, 3, [1e-3, 5e-3]), (161, 3, 5, [1e-4, 3e-4, 1e-3]), (945, 5, 5, [3e-6, 3e-5])]


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize(("n", "a", "b", "betas"), LAW_CASES)
def test_reads_follow_the_exact_law(n, a, b, betas, stays):
    problem = ProductCost(n, a, b)
    programme = sweeps(problem, betas)
    law = exact(problem, programme, stays=stays)
    assert p_value(problem, programme, law, stays=stays) > ALPHA


def test_reads_of_the_programme_follow_the_exact_law():
    problem = ProductCost(945, 5, 5)
    programme = programme_for(5, 5)
    law = exact(problem, programme, stays=True)
    assert p_value(problem, programme, law, stays=True) > ALPHA


@pytest.mark.parametrize("factor", [1.1, 0.5])
def test_control_a_wrong_beta_is_caught(factor):
    problem = ProductCost(945, 5, 5)
    right, planted = (sweeps(problem, np.array([3e-6, 3e-5]) * f) for f in (1.0, factor))
    law = exact(problem, right, stays=True)
    assert p_value(problem, planted, law, stays=True) < ALPHA


def test_control_a_read_that_leaves_the_solution_is_caught():
    problem = ProductCost(35, 3, 3)
    programme = sweeps(problem, [1e-3, 5e-3])
    law = exact(problem, programme, stays=True)
    assert p_value(problem, programme, law, stays=False) < ALPHA


@pytest.mark.parametrize("widths", [(2, 2), (2, 3), (3, 3), (8, 9), (16, 16), (2, 63), (32, 33)])
def test_programmes_update_every_bit_and_cool(widths):
    programme = programme_for(*widths)
    updated = set(zip(programme.sides.tolist(), programme.bits.tolist(), strict=True))
    assert updated == {(side, b) for side in range(2) for b in range(1, widths[side] - 1)}
    assert np.all(np.diff(programme.betas) >= 0)


def test_a_block_is_run_however_early_it_is_stopped():
    half = np.uint64(17)
    done = kernels.run_reads(
        np.zeros(2, np.uint64),
        tuple(programme_for(3, 3)),
        (np.uint64(3), np.uint64(3), half, half),
        (np.uint64(0), np.uint64(1), np.uint64(0)),
        4 * kernels.BLOCK,
        np.ones(1, np.uint8),
    )
    assert done == kernels.BLOCK


@pytest.mark.parametrize("widths", [(2, 3), (8, 9), (16, 16), (12, 20), (32, 33)])
def test_programmes_are_what_their_rule_says(widths):
    """Clocked are bits that change XY by S / 2 to 8 S, Y taken as 2**(bits - 1/2)."""
    programme = programme_for(*widths)
    levels = [*range(sum(widths) - 1, min(widths) + 2, -2), *[min(widths) + 2] * 16]
    expected = []
    for index, level in enumerate(levels):
        errors = 2.0**level
        for side in range(2):
            for bit in range(widths[side] - 2, 0, -1):
                change = 2.0 ** (bit + widths[1 - side] - 0.5)
                is_last = index >= len(levels) - 16
                if change <= 8 * errors and (is_last or change >= errors / 2):
                    expected.append((side, bit, 1 / (2 * errors**2)))
    assert list(zip(*(column.tolist() for column in programme), strict=True)) == expected


def batches(widths, programme, number):
    return (Batch(widths, programme, SEED, first, number) for first in count(0, number))


@pytest.mark.parametrize("n", [527773, 631349, 559619, 580799])
def test_a_search_ends_with_the_read_of_python_integers_that_does(n):
    """In the right block of 64 reads, so that betas are those of the programme."""
    widths = (10, 10)
    programme = Programme(*(column[::4] for column in programme_for(*widths)))  # hits are rare
    search = search_product(n, batches(widths, programme, 64), num_threads=2, control=Control(20.0))
    block = search.updates // len(programme.bits) // 64 - 1
    reads = range(64 * block, 64 * block + 64)
    states = [naive.product_cost_read(n, widths, programme, read, SEED) for read in reads]
    assert search.factors == next(pair for pair in states if pair[0] * pair[1] == n)
    assert search.batch.first_read == 64 * block


def test_batches_never_repeat_a_read():
    task = Task(64507, "cost", 1, None, 1, None, None)
    seen = {}
    for batch in islice(batches_of(task), 200):
        assert batch.first_read == seen.get((batch.widths, batch.seed), 0)
        seen[batch.widths, batch.seed] = batch.first_read + batch.num_reads
    assert len(seen) == len({widths for widths, _ in seen})


def test_a_search_remembers_no_batch_that_is_over():
    """A day of searching is 10^8 batches."""
    control = Control(0.3, clock=FakeClock(lambda: run._taken > 50))
    run = product_cost._Run(2**61 - 1, batches((2, 60), programme_for(2, 60), 64), control)
    search = run.go(2)
    assert run._taken > 50 and len(run._updates) <= 2
    assert search.factors is None and search.reason == "time_limit"
    assert search.updates >= (run._taken - 2) * 64 * len(search.batch.programme.bits)
