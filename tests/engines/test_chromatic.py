"""The kernel "colors": the same reads as the others in chromatic order, for any number of threads.

What law those follow is tested in test_law.py; equality carries it over.
"""

import numpy as np
import pytest

import naive
from clock import FakeClock
from pbit import IsingModel, Schedule, anneal
from pbit.graphs import first_fit_coloring
from pbit.run.control import Control
from random_models import random_model

BETAS = np.geomspace(0.1, 3.0, 20)


def lattice(side, *, seed=0, real=True):
    """Periodic cubic lattice: two colours where the side is even."""
    rng = np.random.default_rng(seed)
    sites = np.arange(side**3).reshape(side, side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    weights = rng.normal(size=ends.size) if real else rng.choice([-1.0, 1.0], ends.size)
    h = rng.normal(size=side**3) if real else rng.choice([-1.0, 0.0, 1.0], side**3)
    return IsingModel.from_edges(np.tile(sites.ravel(), 3), ends, weights, h=h)


def uneven(n, *, seed=1):
    """Degrees from 0 to about 30, a number of spins that fills no vector."""
    rng = np.random.default_rng(seed)
    rows = (n * rng.random(4 * n) ** 3).astype(int)
    cols = rng.integers(0, n, 4 * n)
    apart = rows != cols
    return IsingModel.from_edges(
        rows[apart], cols[apart], rng.normal(size=apart.sum()), h=rng.normal(size=n)
    )


def run(model, kernel, **options):
    options = {"num_reads": 3, "seed": 7, "order": "chromatic", **options}
    return anneal(model, options.pop("schedule", Schedule(BETAS)), kernel=kernel, **options)


MODELS = {
    "two colours": lattice(10),
    "three colours": lattice(9),
    "uneven": uneven(777),
    "tiny": random_model(7, seed=2),
    "single": IsingModel([0.3], [[0.0]]),
    "only fields": IsingModel(np.linspace(-1, 1, 50), np.zeros((50, 50))),
}


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("name", MODELS)
def test_the_reads_of_all_kernels_are_the_same(name, rule):
    model = MODELS[name]
    reads = [run(model, kernel, rule=rule) for kernel in ("colors", "lanes", "reads")]
    for other in reads[1:]:
        assert np.array_equal(reads[0].spins, other.spins)
        assert np.array_equal(reads[0].energies, other.energies)
    assert np.allclose(model.energy(reads[0].spins), reads[0].energies)


def test_double_precision():
    model = lattice(6)
    J = model.J.tolil()
    J[0, 1] = J[1, 0] = 1e6
    model = IsingModel(model.h, J.tocsr())
    assert np.array_equal(run(model, "colors").spins, run(model, "lanes").spins)


def test_reads_equal_the_slow_reference():
    """Plain Python on the model in the order of its colours."""
    model = uneven(60)
    order = first_fit_coloring(model).order
    J = model.J.toarray()[np.ix_(order, order)]
    start = anneal(model, Schedule([]), num_reads=3, seed=7).spins
    reads = run(model, "colors")
    for k in range(3):
        spins, _ = naive.anneal_read(model.h[order], J, BETAS, k, 7, spins=start[k][order])
        assert np.array_equal(reads.spins[k][order], spins)


@pytest.mark.parametrize("real", [True, False])
def test_threads_share_a_read_without_a_trace(real):
    """32768 spins: the least that a team takes on."""
    model = lattice(32, real=real)
    schedule = Schedule.geometric(0.1, 3.0, num_betas=10)
    one = run(model, "colors", num_threads=1, num_reads=1, schedule=schedule)
    for threads in (2, 3, 5):
        many = run(model, "colors", num_threads=threads, num_reads=1, schedule=schedule)
        assert np.array_equal(one.spins, many.spins)
        assert np.array_equal(one.energies, many.energies)


@pytest.mark.parametrize("threads", [1, 3])
def test_best_seen_and_trace(threads):
    model = lattice(32, real=False)
    options = {"schedule": Schedule(np.full(12, 0.2)), "num_reads": 1, "traced": True}
    reads = run(model, "colors", best_seen=True, num_threads=threads, **options)
    other = run(model, "lanes", best_seen=True, **options)
    assert np.array_equal(reads.spins, other.spins)
    assert np.allclose(reads.info["trace"], other.info["trace"], rtol=1e-12)
    assert reads.energies[0] == pytest.approx(reads.info["trace"].min(), rel=1e-12)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_a_team_stops_together(threads):
    model = lattice(40)
    endless = Schedule(np.full(10**6, 1.0))
    reads = run(
        model,
        "colors",
        num_threads=threads,
        num_reads=1,
        schedule=endless,
        control=Control(time_limit_s=0.1, clock=FakeClock()),
    )
    assert reads.info["stop_reason"] == "time_limit"
    assert np.allclose(model.energy(reads.spins), reads.energies, rtol=1e-12)
    lowest = run(model, "colors", num_reads=1, schedule=Schedule(np.full(30, 1.0))).energies[0]
    reads = run(
        model,
        "colors",
        num_threads=threads,
        num_reads=1,
        schedule=endless,
        control=Control(target=lowest),
    )
    assert reads.info["stop_reason"] == "target"
    assert reads.energies[0] <= lowest


@pytest.mark.parametrize("name", MODELS)
def test_colours_are_proper(name):
    model = MODELS[name]
    coloring = first_fit_coloring(model)
    rows, cols, _ = model.edges()
    assert not np.any(coloring.colors[rows] == coloring.colors[cols])
    assert np.array_equal(np.sort(coloring.order), np.arange(model.num_spins))
    assert np.all(np.diff(coloring.colors[coloring.order]) >= 0)
    for color in range(coloring.num_colors):
        members = coloring.order[coloring.starts[color] : coloring.starts[color + 1]]
        assert np.all(coloring.colors[members] == color)
        assert np.all(np.diff(np.diff(model.J.indptr)[members]) >= 0)


def test_number_of_colours():
    assert first_fit_coloring(lattice(10)).num_colors == 2
    assert first_fit_coloring(random_model(9, seed=1, density=1.0)).num_colors == 9
    assert first_fit_coloring(IsingModel(np.zeros(5), np.zeros((5, 5)))).num_colors == 1
    assert first_fit_coloring(IsingModel([], np.zeros((0, 0)))).num_colors == 0


def test_best_seen_does_not_depend_on_threads_where_states_tie():
    """Pairs of spins that flip together at no cost: many states of equal energy."""
    rng = np.random.default_rng(0)
    first = np.arange(0, 64, 2)
    model = IsingModel.from_edges(first, first + 1, rng.normal(size=32) * 0.1 + 0.3)
    schedule = Schedule(np.full(400, 6.0))
    one, two = (
        anneal(model, schedule, num_reads=8, seed=1, best_seen=True, num_threads=threads)
        for threads in (1, 2)
    )
    assert np.array_equal(one.spins, two.spins)
