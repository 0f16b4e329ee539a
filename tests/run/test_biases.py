"""Biases of single reads: bit for bit the model that has them, each read's own exact law.

Law: reads from fair coins after two sweeps against the k-sweep law of the model with the read's
biases, chi-square at 1e-6 over the four rows; power: rows that are exchanged, or an inverse
temperature 10 % off, are caught (the controls).
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from pbit import (
    DirectedModel,
    Hardware,
    IsingModel,
    PolynomialModel,
    Program,
    Reads,
    Schedule,
    anneal,
)
from pbit.exact import exact_law, state_number
from pbit.statistics import chi_square_p_value
from random_models import random_model, random_polynomial

ALPHA = 1e-6
SCHEDULE = Schedule.geometric(0.2, 2.0, num_betas=20)
KERNELS = pytest.mark.parametrize("kernel", ["lanes", "reads"])


def rows_of(reads, n, seed, *, whole=False):
    rng = np.random.default_rng(seed)
    return rng.integers(-2, 3, (reads, n)).astype(float) if whole else rng.normal(size=(reads, n))


def directed_model(n, seed, *, integers):
    J = np.random.default_rng(seed).choice([-1.0, 0.0, 1.0], (n, n)) * (1 - np.eye(n))
    return DirectedModel(np.zeros(n), J)


def with_biases(model, h):
    """The model that has these biases."""
    if isinstance(model, IsingModel):
        return IsingModel(h, model.J, model.offset)
    if isinstance(model, DirectedModel):
        return DirectedModel(h, model.J)
    terms = [(body, w) for body, w in model.terms() if len(body) > 1]
    terms += [([i], bias) for i, bias in enumerate(h)]
    return PolynomialModel.from_terms(terms, num_spins=h.size, offset=model.offset)


def alone(model, row, k, **options):
    """Read k by itself, of the model that has its biases."""
    return anneal(with_biases(model, row), SCHEDULE, num_reads=1, first_read=k, **options)


@KERNELS
@pytest.mark.parametrize(
    ("make", "order"),
    [
        (random_model, "chromatic"),
        (random_model, "sequential"),
        (random_polynomial, "sequential"),
        (directed_model, "sequential"),
    ],
)
def test_each_read_is_the_model_with_its_biases_bit_for_bit(kernel, make, order):
    """Whole weights: fields are exact whatever their precision."""
    model, rows = make(11, seed=3, integers=True), rows_of(5, 11, 1, whole=True)
    options = {"kernel": kernel, "order": order}
    program = Program.compile(model, own_biases=True, **options)
    reads = program.run(SCHEDULE, num_reads=5, seed=7, first_read=2, biases=rows)
    for k, row in enumerate(rows):
        expected = alone(model, row, k + 2, seed=7, **options)
        assert np.array_equal(reads.spins[k], expected.spins[0])
        assert np.array_equal(reads.energies[k], expected.energies[0], equal_nan=True)


@KERNELS
def test_lowest_states_targets_and_huge_biases(kernel):
    model, rows = random_model(9, seed=3), 1e6 * rows_of(4, 9, 1)
    program = Program.compile(model, kernel=kernel, own_biases=True)
    options = {"seed": 7, "best_seen": True, "kernel": kernel}
    reads = program.run(SCHEDULE, num_reads=4, seed=7, best_seen=True, biases=rows)
    for k, row in enumerate(rows):
        expected = alone(model, row, k, **options)
        assert np.array_equal(reads.spins[k], expected.spins[0])
        assert reads.energies[k] == expected.energies[0]
        assert reads.energies[k] == pytest.approx(with_biases(model, row).energy(reads.spins[k]))


@KERNELS
def test_held_spins_and_biases_go_together(kernel):
    model, rows = random_model(9, seed=3, integers=True), rows_of(6, 9, 1, whole=True)
    held = np.arange(9) % 3 == 1
    start = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (6, 9))
    program = Program.compile(model, kernel=kernel, held=held, own_biases=True)
    reads = program.run(SCHEDULE, num_reads=6, seed=2, initial_spins=start, biases=rows)
    assert np.array_equal(reads.spins[:, held], start[:, held])
    for k, row in enumerate(rows):
        options = {"held": held, "initial_spins": start[k : k + 1], "kernel": kernel}
        assert np.array_equal(alone(model, row, k, seed=2, **options).spins[0], reads.spins[k])


def p_value(kernel, *, factor=1.0, turned=0):
    """Least p-value of four rows, each of 10,000 reads; ``turned``: laws of other rows."""
    model, rows = random_model(6, seed=11), rows_of(4, 6, 2)
    betas, row_of = np.array([0.4, 0.8]), np.arange(40_000) % 4
    program = Program.compile(model, kernel=kernel, order="sequential", own_biases=True)
    schedule = Schedule(factor * betas)
    reads = program.run(schedule, num_reads=row_of.size, seed=3, biases=rows[row_of])
    numbers = state_number(reads.spins)
    laws = [exact_law(with_biases(model, rows[(k + turned) % 4]), betas) for k in range(4)]
    return min(chi_square_p_value(numbers[row_of == k], laws[k]) for k in range(4))


@KERNELS
def test_every_read_follows_the_law_of_its_biases(kernel):
    assert p_value(kernel) > ALPHA / 4


@KERNELS
def test_control_rows_exchanged_or_a_wrong_temperature_are_caught(kernel):
    assert p_value(kernel, turned=1) < ALPHA / 4
    assert p_value(kernel, factor=1.1) < ALPHA / 4


@KERNELS
def test_threads_blocks_executors_and_shards_change_nothing(kernel):
    model, rows = random_model(20, seed=4), rows_of(300, 20, 5)
    program = Program.compile(model, kernel=kernel, own_biases=True)
    long = Schedule(np.full(400, 0.7))  # more than the caller's thread does alone
    whole = program.run(long, num_reads=300, seed=1, num_threads=1, biases=rows)
    several = program.run(long, num_reads=300, seed=1, num_threads=3, biases=rows)
    with ThreadPoolExecutor(2) as pool:
        handed = program.run(long, num_reads=300, seed=1, num_threads=2, executor=pool, biases=rows)
    parts = [
        program.run(long, num_reads=b - a, first_read=a, seed=1, biases=rows[a:b])
        for a, b in ((0, 7), (7, 300))
    ]
    for other in (several, handed, Reads.concatenate(parts)):
        assert np.array_equal(other.spins, whole.spins)
        assert np.array_equal(other.energies, whole.energies)


def test_without_biases_such_a_program_is_as_any_other():
    model = random_model(10, seed=4)
    program = Program.compile(model, kernel="lanes", own_biases=True)
    reads = program.run(SCHEDULE, num_reads=5, seed=1)
    assert np.array_equal(
        reads.spins, anneal(model, SCHEDULE, num_reads=5, seed=1, kernel="lanes").spins
    )


def test_other_weights_keep_taking_biases():
    model, rows = random_model(10, seed=4, integers=True), rows_of(5, 10, 1, whole=True)
    _, _, weights = model.edges()
    program = Program.compile(model, own_biases=True)
    program.run(SCHEDULE, num_reads=5, seed=1, biases=rows)
    turned = program.with_weights(weights=-weights)
    reads = turned.run(SCHEDULE, num_reads=5, seed=1, biases=rows)
    other = Program.compile(IsingModel(model.h, -model.J, model.offset), own_biases=True)
    expected = other.run(SCHEDULE, num_reads=5, seed=1, biases=rows)
    assert np.array_equal(reads.spins, expected.spins)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"biases": np.zeros(4)}, r"biases must have shape \(2, 4\), one row a read, got \(4,\)"),
        ({"biases": np.zeros((3, 4))}, r"must have shape \(2, 4\).*with_weights\(h=...\)"),
        ({"biases": [[0, 0, 0, 0], [0, np.nan, 0, 0]]}, r"biases must be finite, got nan \(read 1"),
        ({"biases": np.full((2, 4), -np.inf)}, r"biases must be finite, got -inf \(read 0\)"),
        ({"biases": np.zeros((2, 4)), "num_reads": None}, "num_reads must be given"),
    ],
)
def test_biases_that_are_refused(options, message):
    program = Program.compile(random_model(4, seed=1), own_biases=True)
    with pytest.raises(ValueError, match=message):
        program.run(SCHEDULE, **{"num_reads": 2, "seed": 1} | options)


@pytest.mark.parametrize("kernel", ["bits", "cached", "colors", "dense"])
def test_kernels_that_take_none_say_which_do(kernel):
    ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="takes no biases of single reads; use 'lanes' or 'reads'"):
        Program.compile(ring, kernel=kernel, own_biases=True)


def test_programs_that_take_none():
    ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match=r"compile\(model, own_biases=True\)"):
        Program.compile(ring).run(SCHEDULE, biases=np.zeros((1, 3)))
    with pytest.raises(ValueError, match="own_biases must be left out with hardware"):
        Program.compile(ring, own_biases=True, hardware=Hardware())


@pytest.mark.parametrize("num_reads", [1, 3, 40, None])
def test_a_kernel_that_takes_them_is_chosen(num_reads):
    for model in (random_model(40, seed=1), random_model(9, seed=1, integers=True)):
        program = Program.compile(model, num_reads=num_reads, own_biases=True)
        assert program.plan.engine.takes_special
