"""The kernels against the slow reference, limits, reproducibility and how runs end."""

import itertools

import numpy as np
import pytest

import naive
from clock import FakeClock
from pbit import Control, IsingModel, Schedule, anneal
from pbit.engines.registry import kernels
from random_models import random_model

RULES = ("heat-bath", "metropolis")
BETAS = np.array([0.2, 0.5, 0.9, 1.4, 2.0, 3.0])


@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("order", ["sequential", "random"])
@pytest.mark.parametrize("rule", RULES)
def test_trajectories_equal_the_slow_reference(rule, order, integers):
    model = random_model(13, seed=21, integers=integers)
    kernel = "reads" if order == "random" else "lanes"
    schedule = Schedule(BETAS)
    reads = anneal(model, schedule, num_reads=20, seed=99, rule=rule, order=order, kernel=kernel)
    J = model.J.toarray()
    for k in range(20):
        spins, _ = naive.anneal_read(model.h, J, BETAS, k, 99, rule=rule, order=order)
        assert np.array_equal(reads.spins[k], spins), k


@pytest.mark.parametrize("num_reads", [2, 40])
def test_best_seen_states_equal_the_slow_reference(num_reads):
    model = random_model(12, seed=22)
    reads = anneal(
        model,
        Schedule(np.full(30, 0.3)),
        num_reads=num_reads,
        seed=5,
        best_seen=True,
        order="sequential",
    )
    J = model.J.toarray()
    for k in range(num_reads):
        _, lowest = naive.anneal_read(model.h, J, np.full(30, 0.3), k, 5)
        assert reads.energies[k] == pytest.approx(lowest + model.offset, abs=1e-9)
    assert np.allclose(model.energy(reads.spins), reads.energies)


def test_sweeps_per_beta_repeat_each_beta():
    model = random_model(10, seed=23)
    a = anneal(model, Schedule(BETAS, 3), num_reads=20, seed=1)
    b = anneal(model, Schedule(np.repeat(BETAS, 3)), num_reads=20, seed=1)
    assert np.array_equal(a.spins, b.spins)


@pytest.mark.parametrize("order", ["sequential", "chromatic", "random", "permutation"])
def test_results_do_not_depend_on_threads_blocks_or_later_reads(order):
    model = random_model(40, seed=24, density=0.2)
    whole = anneal(model, Schedule(BETAS), num_reads=700, seed=3, order=order, num_threads=1)
    for threads, num_reads in ((2, 700), (3, 700), (1, 1), (2, 2), (5, 33), (1, 300)):
        part = anneal(
            model, Schedule(BETAS), num_reads=num_reads, seed=3, order=order, num_threads=threads
        )
        assert np.array_equal(part.spins, whole.spins[:num_reads])
        assert np.array_equal(part.energies, whole.energies[:num_reads])


def test_seeds_differ_and_a_drawn_seed_is_reported():
    model = random_model(30, seed=25)
    one, two = (anneal(model, Schedule(BETAS), num_reads=8) for _ in range(2))
    assert one.info["seed"] != two.info["seed"]
    again = anneal(model, Schedule(BETAS), num_reads=8, seed=one.info["seed"])
    assert np.array_equal(again.spins, one.spins)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("order", ["sequential", "random"])
def test_infinite_beta_is_greedy(rule, order):
    model = random_model(60, seed=26, density=0.1)
    betas = np.full(80, np.inf)
    reads = anneal(model, Schedule(betas), num_reads=20, seed=1, rule=rule, order=order)
    assert np.all(reads.spins * model.field(reads.spins) >= 0)


def test_zero_beta_gives_fair_coins():
    model = random_model(50, seed=27)
    spins = anneal(model, Schedule(np.zeros(3)), num_reads=20000, seed=1).spins
    z = spins.mean(axis=0) * np.sqrt(20000)
    assert np.abs(z).max() < 6.1  # 50 N(0, 1) variables: p = 5e-8


def test_uncoupled_spins_have_mean_tanh_beta_h():
    h = np.linspace(-2, 2, 40)
    model = IsingModel(h, np.zeros((40, 40)))
    spins = anneal(model, Schedule(np.array([0.8])), num_reads=20000, seed=2).spins
    mean = np.tanh(0.8 * h)
    z = (spins.mean(axis=0) - mean) / np.sqrt((1 - mean**2) / 20000)
    assert np.abs(z).max() < 6.1
    assert np.abs((spins.mean(axis=0) - np.tanh(0.4 * h)) / 0.01).max() > 6.1  # control


def test_metropolis_always_moves_where_nothing_is_at_stake():
    free = IsingModel(np.zeros(20), np.zeros((20, 20)))
    start = np.ones((4, 20), dtype=np.int8)
    schedule = Schedule(np.full(3, 1.0))
    end = anneal(free, schedule, num_reads=4, seed=1, rule="metropolis", initial_spins=start).spins
    assert np.all(end == -1)


@pytest.mark.parametrize("n", [0, 1])
def test_tiny_models(n):
    model = IsingModel(np.ones(n), np.zeros((n, n)), offset=2.5)
    reads = anneal(model, Schedule(np.array([50.0])), num_reads=5, seed=1)
    assert reads.spins.shape == (5, n)
    assert reads.energies.tolist() == [2.5 - n] * 5


def test_no_sweeps_return_the_initial_states():
    model = random_model(6, seed=28)
    start = np.where(np.random.default_rng(1).random((7, 6)) < 0.5, -1, 1)
    reads = anneal(model, Schedule(np.empty(0)), num_reads=7, seed=1, initial_spins=start)
    assert np.array_equal(reads.spins, start)


def test_large_couplings_are_run_in_double_precision():
    """2**24 + 1 is no float32: the sign of a field of 1 decides, exactly."""
    big = 2.0**24 + 1
    model = IsingModel.from_edges([0, 1], [1, 2], [big, -(2.0**24)], h=[0, 0, 0])
    start = np.tile(np.array([1, -1, 1], dtype=np.int8), (64, 1))
    reads = anneal(model, Schedule(np.array([np.inf])), num_reads=64, seed=1, initial_spins=start)
    assert np.all(reads.spins[:, 0] == -1)
    assert np.all(reads.spins[:, 1] == -1)


def grid(side):
    sites = np.arange(side * side).reshape(side, side)
    rows = np.concatenate([sites[:, :-1].ravel(), sites[:-1].ravel()])
    cols = np.concatenate([sites[:, 1:].ravel(), sites[1:].ravel()])
    return IsingModel.from_edges(rows, cols, np.ones(rows.size))


def test_target_ends_the_run():
    model = grid(20)
    control = Control(target=-760.0)
    reads = anneal(model, num_reads=64, seed=1, control=control)
    assert reads.info["stop_reason"] == "target"
    assert reads.energies.min() <= -760.0
    assert reads.info["updates"] < 64 * 1000 * 400


def test_target_of_a_real_valued_model_is_met_exactly():
    model = random_model(16, seed=31)
    lowest = anneal(model, num_reads=64, seed=1).energies.min()
    reads = anneal(model, num_reads=64, seed=2, control=Control(target=float(lowest)))
    assert reads.info["stop_reason"] == "target"
    assert model.energy(reads.spins).min() == pytest.approx(lowest, rel=1e-12)


def test_a_target_out_of_reach_leaves_the_run_complete():
    reads = anneal(grid(5), num_reads=10, seed=1, control=Control(target=-1e6))
    assert reads.info["stop_reason"] == "completed"
    assert len(reads.energies) == 10


def test_time_limit_is_a_normal_end():
    model, clock = grid(100), FakeClock()
    schedule = Schedule.geometric(0.1, 3.0, num_betas=10**7)
    control = Control(time_limit_s=0.3, clock=clock)
    reads = anneal(model, schedule, num_reads=64, seed=1, control=control)
    assert clock.now() >= 0.3
    assert reads.info["stop_reason"] == "time_limit"
    assert len(reads.energies) == 1  # unfinished reads are dropped, but for the lowest
    assert np.allclose(model.energy(reads.spins), reads.energies)


def test_time_limit_without_a_read_count_reads_until_the_end(after_blocks):
    model = grid(8)
    control = Control(time_limit_s=0.3, clock=after_blocks(4))
    reads = anneal(model, num_reads=None, seed=1, max_num_samples=30, control=control)
    assert len(reads.energies) == 30
    assert reads.info["updates"] > 1000 * 64 * 30


def test_interrupt_takes_effect_between_sweeps():
    asked = itertools.count()
    control = Control(interrupt=lambda: next(asked) == 5, clock=FakeClock())
    schedule = Schedule.geometric(0.1, 3.0, num_betas=10**7)
    reads = anneal(grid(30), schedule, num_reads=20, seed=1, control=control)
    assert reads.info["stop_reason"] == "interrupted"
    assert len(reads.energies) == 1


def test_an_interrupt_before_the_start_leaves_one_read_after_one_sweep():
    model = grid(6)
    schedule = Schedule(np.full(100, 0.5))
    options = {"seed": 4, "kernel": "bits"}
    reads = anneal(
        model, schedule, num_reads=50, control=Control(interrupt=lambda: True), **options
    )
    first = anneal(model, Schedule(np.array([0.5])), num_reads=1, **options)
    assert reads.info["stop_reason"] == "interrupted"
    assert np.array_equal(reads.spins, first.spins)


def test_progress_reports_a_growing_fraction():
    seen = []
    control = Control(progress=seen.append)
    schedule = Schedule.geometric(0.1, 3.0, num_betas=4000)
    anneal(grid(40), schedule, num_reads=64, seed=1, control=control)
    fractions = [report.fraction for report in seen]
    assert fractions == sorted(fractions)
    assert fractions and 0 <= fractions[-1] <= 1
    assert seen[-1].best_energy < 0


def test_an_error_in_progress_comes_through():
    def fail(report):
        raise RuntimeError("from the callback")

    schedule = Schedule.geometric(0.1, 3.0, num_betas=10**7)
    with pytest.raises(RuntimeError, match="from the callback"):
        anneal(grid(30), schedule, num_reads=20, seed=1, control=Control(progress=fail))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"num_reads": 0}, ValueError, "num_reads must be >= 1"),
        ({"num_reads": None}, ValueError, "num_reads must be given unless a time limit is"),
        ({"rule": "glauber"}, ValueError, "rule must be one of"),
        ({"order": "spiral"}, ValueError, "order must be auto, sequential, chromatic"),
        ({"order": "random-subset"}, ValueError, "update_fraction must be > 0 and <= 1"),
        ({"order": "random-subset", "update_fraction": 0}, ValueError, "got 0"),
        ({"order": "random-subset", "update_fraction": 1e-11}, ValueError, "got 1e-11"),
        ({"update_fraction": 0.5}, ValueError, "must go with order 'random-subset'"),
        ({"seed": 1.5}, TypeError, "seed must be an integer"),
        ({"seed": -1}, ValueError, "seed must be >= 0"),
        ({"seed": 2**64}, ValueError, "seed must be <="),
        ({"first_read": -1}, ValueError, "first_read must be >= 0"),
        ({"first_read": 2**32}, ValueError, "first_read must be <="),
        ({"num_reads": 2.5}, TypeError, "num_reads must be an integer"),
        ({"num_threads": 0}, ValueError, "num_threads must be >= 1"),
        ({"initial_spins": np.ones((2, 4))}, ValueError, "initial_spins must have shape"),
        ({"initial_spins": np.zeros((1, 4))}, ValueError, "initial_spins must be -1 or"),
        ({"num_reads": 2**50}, MemoryError, "lower num_reads"),
        ({"max_num_samples": 0}, ValueError, "max_num_samples must be >= 1"),
    ],
)
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=message):
        anneal(grid(2), Schedule(BETAS), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"time_limit_s": 0.0}, "time_limit must be > 0"),
        ({"time_limit_s": float("nan")}, "time_limit must be > 0"),
        ({"target": float("nan")}, "target must be an energy"),
    ],
)
def test_bad_controls(options, message):
    with pytest.raises(ValueError, match=message):
        Control(**options)


@pytest.mark.parametrize("factor", [1e-60, 1e60])
def test_numbers_beyond_float32_change_nothing(factor):
    model = random_model(8, seed=41)
    scaled = IsingModel(factor * model.h, factor * model.J)
    a = anneal(model, Schedule(BETAS), num_reads=30, seed=1)
    b = anneal(scaled, Schedule(BETAS / factor), num_reads=30, seed=1)
    assert np.array_equal(a.spins, b.spins)


def test_energies_stay_exact_through_heat_and_cold():
    """Tracked in float32 over a sweep they would drift by several of the slacks of the target."""
    rng = np.random.default_rng(4)
    n, m = 20000, 60000
    i = rng.integers(0, n, m)
    j = (i + 1 + rng.integers(0, n - 1, m)) % n
    model = IsingModel.from_edges(i, j, rng.normal(size=m), num_spins=n)
    cold = Schedule(np.array([0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0]))
    lowest = anneal(model, cold, num_reads=16, seed=1).energies.min()
    through = Schedule(np.array([*cold.betas, 0.05, 0.05, 0.05]))
    reads = anneal(model, through, num_reads=16, seed=1, control=Control(target=float(lowest)))
    assert reads.info["stop_reason"] == "target"
    assert reads.energies.min() == pytest.approx(lowest, rel=1e-12)


def test_trace_of_large_whole_weights_is_exact():
    rng = np.random.default_rng(5)
    weights = rng.integers(-900_000, 900_000, 300).astype(float)
    model = IsingModel.from_edges(np.arange(300), np.arange(1, 301), weights)
    schedule = Schedule.geometric(1e-7, 1e-4, num_betas=50)
    reads = anneal(model, schedule, num_reads=20, seed=1, traced=True, best_seen=True)
    assert reads.info["trace"].min() == reads.energies.min()


@pytest.mark.parametrize("order", ["sequential", "random"])
def test_an_early_interrupt_keeps_first_read_order_and_start(order):
    model = random_model(9, seed=43)
    start = np.where(np.random.default_rng(2).random((20, 9)) < 0.5, -1, 1)
    options = {"seed": 4, "order": order, "first_read": 7}
    cut = anneal(
        model,
        Schedule(np.full(50, 0.5)),
        num_reads=20,
        initial_spins=start,
        control=Control(interrupt=lambda: True),
        **options,
    )
    one = anneal(model, Schedule([0.5]), num_reads=1, initial_spins=start[:1], **options)
    assert np.array_equal(cut.spins, one.spins)


@pytest.mark.parametrize("best_seen", [False, True])
@pytest.mark.parametrize("order", ["sequential", "chromatic", "random", "permutation"])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("integers", [True, False])
def test_any_part_of_a_run_is_the_run(integers, rule, order, best_seen):
    model = random_model(25, seed=44, integers=integers, density=0.15)
    bits = integers and order == "sequential"
    options = {"seed": 9, "rule": rule, "order": order, "best_seen": best_seen}
    options["kernel"] = "bits" if bits else "auto"
    whole = anneal(model, Schedule(BETAS), num_reads=300, num_threads=1, **options)
    for first, count, threads in ((0, 1, 1), (7, 100, 2), (120, 20, 3), (299, 1, 1)):
        part = anneal(
            model,
            Schedule(BETAS),
            num_reads=count,
            first_read=first,
            num_threads=threads,
            **options,
        )
        assert np.array_equal(part.spins, whole.spins[first : first + count])


def test_an_interrupt_that_fails_says_so():
    with pytest.warns(RuntimeWarning, match="taken as an interrupt"):
        anneal(grid(3), num_reads=5, seed=1, control=Control(interrupt=lambda x: False))


def test_betas_of_each_read_must_be_as_many_as_the_reads():
    with pytest.raises(ValueError, match="one for each of 3 reads, got 2"):
        anneal(grid(2), Schedule(np.ones((5, 2))), num_reads=3)


DEGENERATE = {
    "no spins": IsingModel([], np.zeros((0, 0))),
    "one spin": IsingModel([0.3], [[0.0]]),
    "only fields": IsingModel(np.linspace(-1, 1, 40).round(), np.zeros((40, 40))),
    "free spins": IsingModel(np.zeros(40), np.zeros((40, 40))),
}


@pytest.mark.parametrize("betas", [[0.5] * 3, [], [np.inf] * 2, [0.0]], ids=str)
@pytest.mark.parametrize("kernel", ["auto", *kernels()])
@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_models_and_schedules(name, kernel, betas):
    model = DEGENERATE[name]
    for num_reads in (1, 3, 40):
        reads = anneal(model, Schedule(betas), num_reads=num_reads, seed=1, kernel=kernel)
        assert reads.spins.shape == (num_reads, model.num_spins)
        assert np.allclose(reads.energies, model.energy(reads.spins))
        if betas == [np.inf] * 2:
            assert np.all(reads.spins * model.h >= 0)


def test_initial_states_want_a_number_of_reads():
    with pytest.raises(ValueError, match="num_reads must be given with initial_spins"):
        anneal(
            grid(2),
            num_reads=None,
            initial_spins=np.ones((1, 4)),
            control=Control(time_limit_s=0.1),
        )
