"""Blocks and runs handed to executors, and shards that are one run."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from pbit import (
    Control,
    Hardware,
    Ladder,
    Reads,
    Schedule,
    Tempered,
    anneal,
    population_anneal,
    temper,
)
from pbit.engines.registry import kernels
from random_models import random_model

SCHEDULE = Schedule.geometric(0.2, 3.0, num_betas=12)


class Mapping:
    """No more than a ``map``."""

    def map(self, call, pieces):
        return map(call, pieces)


class Late:
    """Futures that nobody runs until they are asked twice."""

    class Future:
        def __init__(self, call, piece):
            self.call, self.piece, self.asked, self.is_off = call, piece, 0, False

        def done(self):
            self.asked += 1
            return self.asked > 1 or self.is_off

        def cancel(self):
            self.is_off = True
            return True

        def cancelled(self):
            return self.is_off

        def result(self):
            return self.call(self.piece)

    def submit(self, call, piece):
        return self.Future(call, piece)


@pytest.fixture(scope="module")
def executors():
    with (
        ThreadPoolExecutor(2) as threads,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes,
    ):
        yield {"threads": threads, "processes": processes, "map": Mapping(), "late": Late()}


@pytest.mark.parametrize("name", ["threads", "processes", "map", "late"])
def test_reads_do_not_depend_on_who_runs_them(executors, name):
    model = random_model(12, seed=1)
    options = {"num_reads": 40, "seed": 1, "kernel": "lanes", "num_threads": 3}
    expected = anneal(model, SCHEDULE, **options)
    reads = anneal(model, SCHEDULE, executor=executors[name], **options)
    assert np.array_equal(reads.spins, expected.spins)
    assert reads.info["updates"] == expected.info["updates"]
    assert reads.info["stop_reason"] == "completed"


@pytest.mark.parametrize("name", ["threads", "processes", "map", "late"])
def test_tempering_runs_are_handed_out(executors, name):
    model = random_model(10, seed=2)
    options = {"num_reads": 3, "num_sweeps": 60, "seed": 1, "kernel": "lanes"}
    expected = temper(model, **options)
    runs = temper(model, executor=executors[name], **options)
    assert np.array_equal(runs.spins, expected.spins)
    assert runs.info["swap_rates"] == expected.info["swap_rates"]


@pytest.mark.parametrize("name", ["threads", "map", "late"])
def test_a_target_ends_what_was_not_begun(executors, name):
    model = random_model(10, seed=3)
    reads = anneal(
        model, SCHEDULE, num_reads=5000, seed=1, kernel="lanes", executor=executors[name],
        control=Control(target=1e9),
    )  # fmt: skip
    assert reads.info["stop_reason"] == "target" and 0 < len(reads.spins) < 5000


@pytest.mark.parametrize("name", ["threads", "map", "late"])
def test_an_error_of_a_worker_is_raised(executors, name, monkeypatch):
    def broken(*_):
        raise RuntimeError("the worker broke")

    monkeypatch.setattr("pbit.run.run.run_block", broken)
    with pytest.raises(RuntimeError, match="the worker broke"):
        anneal(random_model(5, seed=1), SCHEDULE, num_reads=9, seed=1, executor=executors[name])


@pytest.mark.parametrize("kernel", [*kernels(), "chip"])
def test_two_shards_are_one_run(kernel):
    """2 x 8 reads = 16 reads, bit for bit."""
    model = random_model(40, seed=4, integers=True)
    options = {"hardware": Hardware()} if kernel == "chip" else {"kernel": kernel}
    shards = [anneal(model, SCHEDULE, num_reads=8, first_read=k, seed=5, **options) for k in (0, 8)]
    whole = anneal(model, SCHEDULE, num_reads=16, seed=5, **options)
    joined = Reads.concatenate(shards)
    assert np.array_equal(joined.spins, whole.spins)
    assert np.array_equal(joined.energies, whole.energies)
    for key in ("num_reads", "updates", "seed", "stop_reason", "kernel"):
        assert joined.info[key] == whole.info[key]
    assert joined.info["timing"]["sampling_ns"] == sum(
        shard.info["timing"]["sampling_ns"] for shard in shards
    )


@pytest.mark.parametrize("kernel", ["bits", "lanes", "dense"])
@pytest.mark.parametrize("ladder", [None, Ladder([0.2, 0.6, 1.5])])
def test_two_shards_of_tempering_are_one_run(kernel, ladder):
    """Also where run 0 finds the ladder, in each shard anew."""
    model = random_model(36, seed=6, integers=True)
    options = {"num_sweeps": 400, "seed": 7, "kernel": kernel, "keep_states": True}
    shards = [temper(model, ladder, num_reads=8, first_read=k, **options) for k in (0, 8)]
    whole = temper(model, ladder, num_reads=16, **options)
    joined = Tempered.concatenate(shards)
    assert np.array_equal(joined.spins, whole.spins)
    assert np.array_equal(joined.states, whole.states)
    assert joined.info["best_sweep"] == whole.info["best_sweep"]
    assert joined.ladder.values.tolist() == whole.ladder.values.tolist()


@pytest.mark.parametrize("kernel", ["bits", "lanes", "reads", "dense"])
def test_two_shards_of_populations_are_one_run(kernel):
    model = random_model(36, seed=8, integers=True)
    schedule = Schedule(np.linspace(0.1, 1.0, 6), 2)
    options = {"population_size": 32, "seed": 9, "kernel": kernel}
    shards = [
        population_anneal(model, schedule, num_populations=8, first_read=k, **options)
        for k in (0, 8)
    ]
    whole = population_anneal(model, schedule, num_populations=16, **options)
    for name in ("spins", "energies", "families", "best_spins", "best_energies"):
        joined = np.concatenate([getattr(shard, name) for shard in shards])
        assert np.array_equal(joined, getattr(whole, name)), name


def test_what_is_refused():
    model = random_model(5, seed=1)
    one = anneal(model, SCHEDULE, num_reads=1, seed=1)
    with pytest.raises(ValueError, match="parts must be one or more Reads, got none"):
        Reads.concatenate([])
    with pytest.raises(ValueError, match="parts must have the same spins"):
        Reads.concatenate([one, anneal(random_model(6, seed=1), SCHEDULE, num_reads=1, seed=1)])
    with pytest.raises(TypeError, match="parts must all be Tempered"):
        Tempered.concatenate([one])
    ladders = [Ladder([0.1, 1.0]), Ladder([0.1, 2.0])]
    parts = [temper(model, ladder, num_sweeps=2, seed=1) for ladder in ladders]
    with pytest.raises(ValueError, match="parts must be runs on one ladder"):
        Tempered.concatenate(parts)
    with pytest.raises(ValueError, match="ladder must be given with first_read = 2"):
        temper(model, num_reads=1, first_read=2, initial_spins=np.ones((1, 5)), num_sweeps=5)
