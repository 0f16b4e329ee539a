"""Huge digit models run colour after colour by themselves, and end when they are told to."""

import threading

import numpy as np
import pytest

import pbit
from pbit.engines.digits.registry import digit_program
from pbit.kernels.digits.records import AnnealPlan, AnnealReads
from pbit.kernels.sweeps.records import Stream
from pbit.kernels.tempering.records import Watch
from pbit.samplers.digits import dit_orders
from pbit.samplers.digits.dit_orders import chosen_order
from random_dits import random_potts


def ring(n, step=1):
    i = np.arange(n)
    return pbit.DitModel.potts(i, (i + step) % n, num_values=[3] * n)


@pytest.fixture
def huge():
    return ring(dit_orders.HUGE)


def test_auto_goes_by_size_and_number_of_reads(huge):
    program, less = digit_program(huge), digit_program(ring(dit_orders.HUGE - 1))
    assert chosen_order(program, "auto", 1) == "chromatic"
    assert chosen_order(program, "auto", dit_orders.FEW) == "chromatic"
    assert chosen_order(program, "auto", dit_orders.FEW + 1) == "sequential"
    assert chosen_order(program, "auto", None) == "sequential"
    assert chosen_order(less, "auto", 1) == "sequential"
    assert chosen_order(program, "sequential", 1) == "sequential"


def test_classes_too_small_to_share_are_left_alone():
    n = dit_orders.HUGE
    i, j = np.triu_indices(120, k=1)  # 120 colours
    model = pbit.DitModel.potts(i, j, num_values=[3] * n)
    assert chosen_order(digit_program(model), "auto", 1) == "sequential"


def test_what_ran_is_told(huge):
    reads = pbit.anneal(huge, [0.5, 1.0], num_reads=2, seed=1, num_threads=2)
    assert (reads.info["order"], reads.info["kernel"]) == ("chromatic", "digits-colors")
    assert reads.info["updates"] == 4 * dit_orders.HUGE
    assert reads.info["law"] == "Boltzmann over all values"
    plain = pbit.anneal(huge, [0.5, 1.0], order="sequential", seed=1)
    assert (plain.info["order"], plain.info["kernel"]) == ("sequential", "digits")
    assert np.allclose(reads.energies, huge.energy(reads.values))
    assert not np.array_equal(plain.values[0], reads.values[0])


@pytest.mark.parametrize("threads", [1, 2])
def test_limits_targets_and_interrupts_end_a_read(threads):
    model = ring(30_000)
    options = {"order": "chromatic", "seed": 1, "num_threads": threads, "best_seen": True}
    betas = np.full(10**6, 1.0)
    for control, reason in (
        (pbit.Control(time_limit_s=0.2), "time_limit"),
        (pbit.Control(target=9_000.0), "target"),
        (pbit.Control(interrupt=lambda: True), "interrupted"),
    ):
        reads = pbit.anneal(model, betas, control=control, **options)
        assert reads.info["stop_reason"] == reason
        assert reads.values.shape == (1, 30_000)
        assert reads.energies[0] == model.energy(reads.values[0])
        assert reads.info["updates"] < 10**6 * 30_000
        assert reason != "target" or reads.energies[0] <= 9_000.0


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("keeps_best", [False, True])
def test_a_sweep_cut_short_has_the_energy_of_its_state(keeps_best, threads):
    model = ring(300_000)
    program = digit_program(model)
    for seed in range(3):
        values, stop = program.random(np.arange(1), seed=seed), np.zeros(1, np.uint8)
        reads = AnnealReads(values, np.zeros(1), np.full(1, -1), np.empty_like(values[0]))
        plan = AnnealPlan(np.full((10**6, 1), 1.0), 1, 0, keeps_best)
        watch = Watch(stop, np.array([0.0, np.inf]), -np.inf, np.zeros(0))
        stream = Stream(np.int64(0), np.int64(seed), np.int64(0))
        timer = threading.Timer(0.05, stop.fill, [1])
        timer.start()
        program.chromatic.anneal(reads, plan, stream, watch, threads=threads)
        timer.join()
        assert reads.energies[0] == model.energy(values[0])
        assert 0 <= reads.sweeps[0] < 10**6


def test_best_seen_and_no_sweeps():
    model = ring(5_000)
    options = {"order": "chromatic", "seed": 1, "num_threads": 2}
    start = model.random(seed=1, rows=1)
    assert (pbit.anneal(model, num_sweeps=0, initial_values=start, **options).values == start).all()
    last, best = (
        pbit.anneal(model, beta=1.0, num_sweeps=60, best_seen=seen, traced=True, **options)
        for seen in (False, True)
    )
    assert best.energies[0] == best.info["trace"].min() <= last.energies[0]
    assert last.energies[0] == last.info["trace"][-1]


def test_reads_do_not_depend_on_how_many_there_are():
    model = random_potts([3] * 40, seed=1, integers=True, density=0.1)
    options = {"order": "chromatic", "num_sweeps": 30, "seed": 1}
    many = pbit.anneal(model, num_reads=5, num_threads=2, **options)
    assert (
        pbit.anneal(model, num_reads=2, first_read=3, **options).values == many.values[3:]
    ).all()
    betas = np.array([[0.1, 3.0]] * 30)
    own = pbit.anneal(model, betas, num_reads=2, seed=1, order="chromatic")
    assert (
        own.values[1]
        == pbit.anneal(model, betas[:, 1], first_read=1, seed=1, order="chromatic").values[0]
    ).all()


def test_refusals():
    tour = pbit.TourModel(np.ones((5, 5)) - np.eye(5))
    with pytest.raises(ValueError, match="'chromatic' is for sites of a graph"):
        pbit.anneal(tour, order="chromatic")
    with pytest.raises(ValueError, match="order must be one of auto, sequential, chromatic"):
        pbit.anneal(ring(5), order="random")
