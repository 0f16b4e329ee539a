"""Populations of a portfolio: minima of the members, along a path that is found once."""

import numpy as np
import pytest

from pbit import Control, IsingModel, descend
from pbit.exact import exact_ground_states
from pbit.samplers.population.path import along
from pbit.samplers.portfolio.anneals import Anneals
from pbit.samplers.portfolio.populations import Populations
from pbit.samplers.portfolio.portfolio import Portfolio
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve
from random_models import random_lattice, random_model, random_polynomial


def populations(model, seed=1, num_threads=1):
    work = Populations(Anneals(model, num_reads=16, seed=seed, num_threads=num_threads))
    assert work.find_path(Control()).reason == "completed"
    return work


@pytest.mark.parametrize("model", [random_model(14, seed=1), random_polynomial(12, seed=1)])
def test_ground_states(model):
    found = populations(model).run(200, 512, Control())
    assert found.energies[0] == pytest.approx(exact_ground_states(model)[0], rel=1e-12)


def test_rows_are_different_minima_lowest_first():
    model = random_lattice(12, seed=1)
    found = populations(model).run(20, 64, Control())
    assert np.all(np.diff(found.energies) >= 0)
    assert found.energies == pytest.approx(model.energy(found.spins))
    assert np.array_equal(descend(model, found.spins).spins, found.spins)
    assert found.reason == "completed"


def test_the_path_is_found_once_and_populations_differ():
    model = random_lattice(12, seed=1)
    work = populations(model)
    assert work.find_path(Control()) is None
    one = work.run(20, 64, Control())
    two = work.run(20, 64, Control())
    assert one.spins.shape != two.spins.shape or not np.array_equal(one.spins, two.spins)


def test_threads_change_nothing():
    model = random_lattice(12, seed=1)
    one, two = (
        populations(model, num_threads=threads).run(20, 64, Control()) for threads in (1, 2)
    )
    assert np.array_equal(one.spins, two.spins)


def test_sweeps_along_a_path():
    path = np.array([0.0, 0.5, 1.0, 3.0])
    for sweeps in (3, 7, 40, 1000):
        schedule = along(path, sweeps)
        assert sweeps - 10 < schedule.num_sweeps <= sweeps
        assert schedule.betas[-1] == 3.0 and np.all(np.diff(schedule.betas) > 0)


def test_a_search_by_many_sweeps_has_a_population_and_one_result():
    model = random_model(60, seed=1)
    runs = [
        solve("portfolio", model, Effort(num_reads=16, num_sweeps=1500, seed=1, num_threads=k),
              Control())
        for k in (1, 2)
    ]  # fmt: skip
    assert "population" in runs[0].info["members"]
    assert np.array_equal(runs[0].spins, runs[1].spins)
    assert runs[0].info["stop_reason"] == "completed"


def test_populations_are_no_longer_than_pays():
    n = 520
    ring = IsingModel.from_edges(np.arange(n), np.roll(np.arange(n), 1), np.ones(n))
    search = Portfolio(ring, Control(), seed=1, num_threads=1, num_sweeps=10**6)
    swept = []
    for _ in range(2):
        before = search.budget.swept
        search.steps.populate(1.0)
        swept.append(search.budget.swept - before)
    assert swept == [4000, 8 * n]


def test_fewer_members_where_there_are_few_sweeps():
    n = 4000
    # Of reals: an update costs the same in all sizes.
    weights = np.random.default_rng(1).normal(size=n)
    ring = IsingModel.from_edges(np.arange(n), np.roll(np.arange(n), 1), weights)
    anneals = Anneals(ring, num_reads=16, seed=1, num_threads=1)
    anneals.sweep_s[False] = 16 * 1e-6
    work = Populations(anneals)
    a_sweep = {members: work.sweeps_in(1e3, members) for members in (512, 256, 128, 64)}
    assert a_sweep[64] == pytest.approx(8 * a_sweep[512], rel=1e-3)
    # Sweeps a spin: 2 of 512, 1 of 256 or 128; each a little more or less.
    seconds = {members: members * 1e-6 * n / 0.95 for members in a_sweep}
    for members, amount in ((512, 2 * seconds[512]), (256, seconds[256]), (128, seconds[128])):
        assert work.members_in(1.01 * amount) == members
        assert work.members_in(0.99 * amount) == members // 2
    assert work.members_in(1e-9) in a_sweep and work.members_in(-1.0) in a_sweep
    assert work.sweeps_in(-1.0, 64) == 0


def test_fewer_members_only_where_they_make_more_sweeps():
    model = random_lattice(12, seed=1)
    anneals = Anneals(model, num_reads=16, seed=1, num_threads=1)
    anneals.sweep_s[False] = 16 * 1e-6
    work = Populations(anneals)
    short = 1e-3 * model.num_spins * 1e-6
    most = work.members_in(short)
    others = [work.sweeps_in(short, members) for members in (512, 256, 128, 64)]
    assert work.sweeps_in(short, most) == max(others)


def test_what_is_measured_counts_from_then_on():
    work = populations(random_lattice(12, seed=1))
    assert not work.is_measured(64)
    assert work.measure(64, Control()).reason == "completed"
    assert work.is_measured(64) and not work.is_measured(128)
    assert work.sweeps_in(1.0, 64) > 0
