"""Anneals and tempering of digits: threads, blocks, controls, what is refused."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import pbit
from pbit.engines.digits.registry import digit_program
from pbit.samplers.digits.dit_reads import DitReads, TemperedDits
from random_dits import random_dits, random_potts


@pytest.fixture
def model():
    return random_potts([4] * 20, seed=1, integers=True)


def same(one, other):
    return bool((one.values == other.values).all() and (one.energies == other.energies).all())


def test_threads_and_blocks_change_nothing(model):
    options = {"num_sweeps": 200, "seed": 1, "best_seen": True}
    one = pbit.anneal(model, num_reads=300, num_threads=1, **options)
    assert same(one, pbit.anneal(model, num_reads=300, num_threads=3, **options))
    parts = [pbit.anneal(model, num_reads=100, first_read=k, **options) for k in (0, 100, 200)]
    assert same(one, DitReads.concatenate(parts))
    with ThreadPoolExecutor(2) as executor:
        assert same(one, pbit.anneal(model, num_reads=300, executor=executor, **options))


def test_tempering_does_not_depend_on_threads(model):
    options = {"num_reads": 3, "num_sweeps": 400, "seed": 1, "keep_states": True}
    one, other = (pbit.temper(model, num_threads=threads, **options) for threads in (1, 3))
    assert same(one, other)
    assert (one.states == other.states).all()
    assert one.states.shape == (3, one.ladder.num_betas, 2, 20)
    assert isinstance(one, TemperedDits)


def test_best_seen_is_no_worse_than_the_last(model):
    options = {"beta": 0.5, "num_sweeps": 100, "num_reads": 20, "seed": 1}
    last, best = (pbit.anneal(model, best_seen=seen, **options) for seen in (False, True))
    assert (best.energies <= last.energies).all()
    assert best.energies.mean() < last.energies.mean()


def test_trace_is_the_lowest_of_each_sweep(model):
    reads = pbit.anneal(model, num_sweeps=50, num_reads=8, seed=1, traced=True)
    assert reads.info["trace"].shape == (50,)
    assert reads.info["trace"][-1] == reads.energies.min()
    runs = pbit.temper(model, [0.1, 0.5], num_sweeps=50, seed=1, traced=True)
    assert runs.info["trace"].min() == runs.energies[0]


def test_betas_of_each_read(model):
    betas = np.array([[0.1, 3.0]] * 50)
    reads = pbit.anneal(model, betas, num_reads=2, seed=1)
    assert reads.energies[1] < reads.energies[0]
    with pytest.raises(ValueError, match="one for each of 3 reads, got 2"):
        pbit.anneal(model, betas, num_reads=3)


def test_no_sweeps_return_the_states_unchanged(model):
    start = model.random(seed=1, rows=3)
    reads = pbit.anneal(model, num_sweeps=0, num_reads=3, seed=1, initial_values=start)
    assert (reads.values == start).all()


def test_target_ends_the_run(model):
    goal = float(pbit.temper(model, num_sweeps=500, seed=1).energies.min())
    control = pbit.Control(target=goal)
    for reads in (
        pbit.anneal(model, num_reads=10**6, seed=2, control=control, best_seen=True),
        pbit.temper(model, num_sweeps=None, seed=2, control=control),
    ):
        assert reads.info["stop_reason"] == "target"
        assert reads.energies.min() <= goal


def test_interrupt_leaves_one_read(model):
    control = pbit.Control(interrupt=lambda: True)
    for reads in (
        pbit.anneal(model, num_reads=4, seed=1, control=control),
        pbit.temper(model, seed=1, control=control),
    ):
        assert reads.info["stop_reason"] == "interrupted"
        assert reads.values.shape == (1, 20)
        assert reads.energies[0] == model.energy(reads.values[0])


def test_as_many_reads_as_fit(model):
    control = pbit.Control(time_limit_s=0.3)
    reads = pbit.anneal(
        model, num_sweeps=20, num_reads=None, max_num_samples=7, seed=1, control=control
    )
    assert reads.energies.size == 7 < reads.info["num_reads"]
    assert reads.info["stop_reason"] == "time_limit"
    with pytest.raises(ValueError, match="num_reads must be given unless a time limit is"):
        pbit.anneal(model, num_reads=None)
    with pytest.raises(ValueError, match="num_reads must be given with initial_values"):
        pbit.anneal(model, num_reads=None, control=control, initial_values=[0] * 20)


@pytest.mark.parametrize(
    ("call", "options", "message"),
    [
        (pbit.anneal, {"kernel": "lanes"}, "kernel must be left out for digits"),
        (pbit.anneal, {"order": "random"}, "digits are updated in their order"),
        (pbit.anneal, {"held": [True]}, "held must be left out for digits"),
        (pbit.anneal, {"update_fraction": 0.5}, "update_fraction must be left out for digits"),
        (pbit.anneal, {"hardware": "chip.toml"}, "hardware must be left out for digits"),
        (pbit.anneal, {"initial_spins": [1]}, "give initial_values"),
        (pbit.anneal, {"initial_values": [0, 1]}, r"must have shape \(1, 20\)"),
        (pbit.anneal, {"initial_values": [4] * 20}, "4"),
        (pbit.anneal, {"schedule": [1.0], "beta": 1.0}, "beta must be left out with a schedule"),
        (pbit.anneal, {"beta": -1.0}, "beta must be a number >= 0, got -1"),
        (pbit.temper, {"kernel": "bits"}, "kernel must be left out for digits"),
        (pbit.temper, {"cluster_moves": "always"}, "must be a bool, a number or 'auto'"),
        (pbit.temper, {"cluster_moves": -1}, "cluster_moves must be .* got -1"),
        (pbit.temper, {"cluster_moves": 2, "num_replicas": 1}, "num_replicas must be 2 or more"),
        (pbit.temper, {"num_replicas": 600, "ladder": [1.0, 2.0]}, "1024 slots or fewer"),
        (pbit.temper, {"num_sweeps": None}, "num_sweeps must be given unless"),
    ],
)
def test_refusals(model, call, options, message):
    with pytest.raises(ValueError, match=message):
        call(model, **options)


@pytest.mark.parametrize("call", [pbit.anneal, pbit.temper])
def test_values_are_for_digits_alone(call):
    pair = pbit.IsingModel.from_edges([0], [1], [1.0])
    with pytest.raises(ValueError, match="initial_values must be left out for spins"):
        call(pair, initial_values=[0, 1])


def test_models_of_no_family_are_refused():
    class Strange:
        num_digits, energy = 1, None

    with pytest.raises(TypeError, match=r"model must be of .*DitModel"):
        pbit.anneal(Strange())


def test_parts_that_are_no_parts_are_refused(model):
    with pytest.raises(ValueError, match="must be one or more DitReads"):
        DitReads.concatenate([])
    other = pbit.anneal(random_dits(seed=1), num_sweeps=1)
    with pytest.raises(ValueError, match="must have the same digits"):
        DitReads.concatenate([other, pbit.anneal(model, num_sweeps=1)])


def test_two_values_have_the_range_of_spins():
    i = np.arange(6)
    ring = pbit.IsingModel.from_edges(i, (i + 1) % 6, np.ones(6))
    digits = pbit.DitModel.potts(i, (i + 1) % 6, -2.0, num_values=2)
    hot = digit_program(digits).beta_range[0]
    assert hot == pytest.approx(pbit.default_beta_range(ring)[0])


def test_flat_models_have_a_range():
    flat = pbit.DitModel.potts([0], [1], 0.0, num_values=3)
    assert digit_program(flat).beta_range == (0.1, 1.0)
    assert pbit.anneal(flat, seed=1).energies.tolist() == [0.0]
    assert pbit.temper(flat, seed=1).energies.tolist() == [0.0]


def test_infinite_beta_of_a_schedule_and_law(model):
    reads = pbit.anneal(model, [0.5, np.inf], seed=1)
    assert reads.info["law"] == "Boltzmann over all values"
    assert "over all values, at every beta" in pbit.temper(model, seed=1).info["law"]
