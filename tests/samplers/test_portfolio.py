"""The portfolio: never lost what it found, ends when it is told to, the same by sweeps."""

import numpy as np
import pytest

from pbit import Control, IsingModel, PolynomialModel, anneal
from pbit.exact import exact_ground_states
from pbit.graphs import reduce_order
from pbit.problems.core.evaluation import worth_of
from pbit.problems.knapsack import Knapsack
from pbit.samplers.budget import Budget
from pbit.samplers.portfolio.anneals import Anneals
from pbit.samplers.portfolio.elite import MOST, Elite, distinct
from pbit.samplers.portfolio.portfolio import Portfolio
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve
from random_models import random_lattice, random_model, random_polynomial

MODELS = {
    "reals": random_model(14, seed=1),
    "whole numbers": random_model(14, seed=2, integers=True),
    "polynomial": random_polynomial(12, seed=1),
    "free": IsingModel(np.zeros(4), np.zeros((4, 4))),
    "one spin": IsingModel([-2.0], [[0.0]]),
}


@pytest.mark.parametrize("name", MODELS)
def test_ground_states_within_a_time_limit(name, stepped):
    model = MODELS[name]
    reads = solve("portfolio", model, Effort(seed=1, num_threads=1), Control(time_limit_s=0.5))
    lowest, _ = exact_ground_states(model)
    assert reads.energies[0] == pytest.approx(lowest, rel=1e-12)
    assert reads.energies == pytest.approx(model.energy(reads.spins), rel=1e-12)
    # Where no energy can be lower, it is over.
    ends = "completed" if name in ("free", "one spin") else "time_limit"
    assert reads.info["stop_reason"] == ends
    assert reads.info["rounds"] == 1


def test_the_curve_falls_to_the_lowest_energy(stepped):
    model = random_lattice(16, seed=1)
    reads = solve("portfolio", model, Effort(seed=1), Control(time_limit_s=1.0))
    seconds, energies = np.array(reads.info["curve"]).T
    assert np.all(np.diff(energies) < 0) and np.all(np.diff(seconds) >= 0)
    assert energies[-1] == reads.energies[0] == reads.energies.min()
    assert set(reads.info["members"]) >= {"tempering", "breeding"}


def test_sweeps_end_it_the_same_way_each_time():
    model = random_lattice(16, seed=1)
    effort = Effort(num_reads=16, num_sweeps=400, seed=3)
    one, two, other = (
        solve("portfolio", model, each, Control())
        for each in (effort, Effort(num_reads=16, num_sweeps=400, seed=3, num_threads=1),
                     Effort(num_reads=16, num_sweeps=400, seed=4))
    )  # fmt: skip
    assert np.array_equal(one.spins, two.spins)
    assert not np.array_equal(one.spins, other.spins)
    assert one.info["stop_reason"] == "completed"
    assert one.info["num_sweeps"] <= 400 + 10
    assert "tempering" not in one.info["members"]


def test_it_beats_the_reads_that_it_is_made_of():
    model = random_lattice(40, seed=3)
    reads = solve("portfolio", model, Effort(num_reads=16, num_sweeps=600, seed=1), Control())
    alone = anneal(model, num_sweeps=600, num_reads=16, seed=1, rule="metropolis", best_seen=True)
    assert reads.energies[0] < alone.energies.min() - 4


@pytest.mark.parametrize("target", [0.0, "lowest"])
def test_a_target_ends_it(target):
    model = MODELS["whole numbers"]
    lowest, _ = exact_ground_states(model)
    aim = lowest if target == "lowest" else target
    reads = solve("portfolio", model, Effort(seed=1), Control(time_limit_s=60.0, target=aim))
    assert reads.info["stop_reason"] == "target" and reads.energies[0] <= aim + 1e-9


def test_an_interrupt_ends_it_with_a_state():
    model = random_lattice(16, seed=1)
    for calls in range(8):
        left = iter([False] * calls)
        control = Control(time_limit_s=60.0, interrupt=lambda left=left: next(left, True))
        reads = solve("portfolio", model, Effort(seed=1), control)
        assert reads.info["stop_reason"] == "interrupted"
        assert reads.energies == pytest.approx(model.energy(reads.spins))


def test_what_tempering_does_not_have_is_refused():
    with pytest.raises(ValueError, match="order must be left out with solver 'portfolio'"):
        solve("portfolio", MODELS["reals"], Effort(order="random"), Control(time_limit_s=1.0))


def test_progress_is_that_of_the_whole_search(stepped):
    seen = []
    control = Control(time_limit_s=0.5, progress=seen.append)
    reads = solve("portfolio", random_lattice(16, seed=1), Effort(seed=1, num_threads=1), control)
    fractions = [report.fraction for report in seen]
    assert fractions == sorted(fractions) and fractions[-1] <= 1
    assert seen[-1].best_energy >= reads.energies[0] - 1e-9


def test_the_best_answer_is_kept_beside_lower_states(stepped):
    values, weights = [5, 4, 3, 7, 6, 2, 9, 4], [4, 3, 2, 6, 5, 1, 8, 3]
    problem = Knapsack(values, weights, 14)
    seen = []

    def worth(spins):
        seen.append(spins.copy())
        return 1.0 if len(seen) == 1 else np.inf

    effort = Effort(seed=1, worth=worth)
    reads = solve("portfolio", problem.model, effort, Control(time_limit_s=0.5))
    assert (reads.spins == seen[0]).all(axis=1).any()
    found = worth_of(problem)
    assert min(map(found, reads.spins)) < np.inf


@pytest.mark.parametrize("num_sweeps", [None, 40_000])
def test_energies_below_the_target_of_answers_do_not_end_runs(num_sweeps):
    # Every state's energy reaches the target before its answer does, which is worth 30 more.
    model = random_lattice(16, seed=1)
    lowest = anneal(model, num_sweeps=4000, num_reads=64, seed=1, rule="metropolis").energies.min()
    limit = None if num_sweeps else 60.0
    search = Portfolio(
        model, Control(time_limit_s=limit, target=lowest + 30), seed=1, num_threads=1,
        num_sweeps=num_sweeps, worth=lambda spins: float(model.energy(spins)) + 30,
    )  # fmt: skip
    found = search.run()
    assert found.info["stop_reason"] == "target" and found.energies[0] <= lowest + 1e-9
    assert search.budget.slice().target is None
    # Where a state of that energy is as good an answer, its energy ends what runs.
    plain = Portfolio(
        model, Control(time_limit_s=limit, target=lowest), seed=1, num_threads=1,
        num_sweeps=num_sweeps, worth=lambda spins: float(model.energy(spins)),
    )  # fmt: skip
    assert plain.run().info["stop_reason"] == "target"
    assert plain.budget.slice().target == lowest


def test_elite_keeps_different_states_lowest_first():
    elite = Elite(6, lambda: 0.5)
    rng = np.random.default_rng(1)
    for _ in range(5):
        rows = rng.choice(np.array([-1, 1], np.int8), (30, 6))
        elite.add(rows, rows.sum(axis=1).astype(float), "coins")
    assert len(elite.spins) == MOST
    assert len(np.unique(elite.spins, axis=0)) == MOST
    assert np.array_equal(elite.energies, elite.spins.sum(axis=1))
    assert np.all(np.diff(elite.energies) >= 0)
    assert not elite.add(elite.spins[:1], elite.energies[:1], "again")


def test_distinct_states_stay_where_they_come_first():
    rows = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (60, 4))
    found = distinct(rows)
    assert len(found) == len(np.unique(rows, axis=0)) < 60
    first = [next(k for k, row in enumerate(rows) if np.array_equal(row, one)) for one in found]
    assert first == sorted(first)


@pytest.mark.parametrize("late", [1.0, 7.0])
def test_what_another_process_takes_is_not_taken_for_the_time_of_a_sweep(monkeypatch, late):
    search = Portfolio(random_model(20, seed=1), Control(time_limit_s=1.0), seed=1, num_threads=1)
    looks = []

    def look(sweeps, few):
        looks.append(sweeps)
        lasts = late if len(looks) == 3 else 1.0
        return 1e-4 + 5e-5 * sweeps * lasts

    monkeypatch.setattr(search.steps, "_look", look)
    search.steps.measure(few=False)
    assert search.anneals.sweep_s[False] == pytest.approx(5e-5, rel=0.02)
    assert sum(looks) * 5e-5 < 0.05


def test_compilation_is_not_counted(stepped):
    budget = Budget(Control(time_limit_s=1.0, clock=stepped))
    before = budget.left
    budget.excuse(5.0)
    assert budget.left > before and budget.excused_s == 5.0
    search = Portfolio(MODELS["reals"], Control(time_limit_s=0.2), seed=1, num_threads=1)
    search.budget.excuse(0.1)
    told, watched = search.run().info["timing"], search.watch.timing()
    excused = int(1e9 * search.budget.excused_s)
    assert excused >= 1e8 and told["compile_ns"] - watched["compile_ns"] == excused
    assert watched["sampling_ns"] - told["sampling_ns"] == excused


def test_large_models_are_not_tempered():
    n = 2**15 + 1
    chain = IsingModel.from_edges(np.arange(n - 1), np.arange(1, n), np.ones(n - 1))
    search = Portfolio(chain, Control(time_limit_s=9.0), seed=1, num_threads=1)
    assert search.tempering is None and search.anneals.num_reads == 128
    huge = Portfolio(chain, Control(time_limit_s=1e-3), seed=1, num_threads=1)
    assert huge.anneals.num_reads == 1
    assert np.isfinite(huge.run().energies).all()


def test_a_small_lattice_is_tempered_first(stepped):
    lattice = random_lattice(16, seed=1)
    effort = Effort(seed=1, num_threads=1)
    reads = solve("portfolio", lattice, effort, Control(time_limit_s=1.0, clock=stepped))
    assert next(iter(reads.info["members"])) == "tempering"
    model = random_model(200, seed=1)
    dense = solve("portfolio", model, effort, Control(time_limit_s=1.0, clock=stepped))
    assert next(iter(dense.info["members"])) == "first look"


def test_looks_cost_no_descent(monkeypatch):
    model = MODELS["reals"]
    reads = Anneals(model, num_reads=4, seed=1, num_threads=1)
    monkeypatch.setattr(reads, "lowered", None)  # which cannot be called
    found = reads.run(5, Control(), descends=False)
    assert found.spins.shape == (1, model.num_spins)
    assert found.energies == pytest.approx(model.energy(found.spins), rel=1e-12)
    with pytest.raises(TypeError):
        reads.run(5, Control())


def sparse_graph(n=300, seed=1):
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, n, (2, 3 * n // 2))
    return IsingModel.from_edges(*ends[:, ends[0] != ends[1]], -np.ones((ends[0] != ends[1]).sum()))


@pytest.mark.parametrize("limits", [{"num_sweeps": 300, "num_reads": 16}, {}])
def test_spins_that_follow_from_others_are_put_back(limits, stepped):
    model = sparse_graph()
    control = Control() if limits else Control(time_limit_s=0.5)
    reads = solve("portfolio", model, Effort(seed=1, num_threads=1, **limits), control)
    assert reads.info["eliminated"] > 60
    assert reads.spins.shape[1] == 300 and set(np.unique(reads.spins)) == {-1, 1}
    assert reads.energies == pytest.approx(model.energy(reads.spins))
    assert reads.energies[0] == pytest.approx(reads.info["curve"][-1][1])
    plain = anneal(model, num_sweeps=2000, num_reads=64, seed=1, best_seen=True).energies.min()
    assert reads.energies[0] <= plain


def test_answers_are_judged_by_all_spins(stepped):
    seen = []

    def worth(spins):
        seen.append(spins.shape)
        return 0.0

    solve("portfolio", sparse_graph(), Effort(seed=1, worth=worth), Control(time_limit_s=0.3))
    assert set(seen) == {(300,)}


def test_products_without_frustration_are_solved(stepped):
    rng = np.random.default_rng(1)
    planted = rng.choice([-1, 1], 60)
    bodies = {tuple(sorted(rng.choice(60, 3, replace=False).tolist())) for _ in range(60)}
    terms = {body: float(planted[list(body)].prod()) for body in bodies}
    products = PolynomialModel.from_terms(terms, labels=range(60))
    pairs = reduce_order(products, method="terms").model
    for model in (products, pairs):
        reads = solve("portfolio", model, Effort(seed=1), Control(time_limit_s=60.0))
        assert reads.energies[0] == pytest.approx(-len(bodies))
        assert reads.info["stop_reason"] == "completed"


def test_lattices_breed():
    lattice = random_lattice(24, seed=2)
    search = Portfolio(lattice, Control(time_limit_s=600.0), seed=1, num_threads=1)
    assert search._is_lattice
    search.steps.measure(few=False)
    search.steps.breed()
    assert set(search.ledger.seconds) >= {"first look", "annealing", "breeding"}
    found = search.elite
    assert found.energies == pytest.approx(lattice.energy(found.spins))
