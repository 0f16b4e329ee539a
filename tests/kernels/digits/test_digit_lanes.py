"""Reads side by side are reads one after the other, bit for bit; controls, laws, limits."""

import numpy as np
import pytest

import pbit
from pbit.engines.digits.sites import SiteProgram
from pbit.kernels.digits.lanes import LANES, MOST_VALUES
from pbit.samplers.digits import blocks
from random_dits import random_dits, random_potts


@pytest.fixture
def always(monkeypatch):
    """However little there is to do."""
    monkeypatch.setattr(blocks, "LANES_FROM", 0)


def potts(count, n=12, seed=1):
    return random_potts([count] * n, seed=seed, integers=True)


BETAS = [0.0, 0.2, 0.5, 0.5, 1.0, 2.0, np.inf]


@pytest.mark.parametrize("best_seen", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 9, 17])
def test_lanes_are_reads(count, best_seen, monkeypatch):
    model = potts(count)
    options = {"num_reads": 37, "first_read": 5, "seed": 2**50 + 3, "best_seen": best_seen}
    one_by_one = pbit.anneal(model, BETAS, traced=True, **options)
    monkeypatch.setattr(blocks, "LANES_FROM", 0)
    for threads in (1, 3):
        lanes = pbit.anneal(model, BETAS, traced=True, num_threads=threads, **options)
        assert np.array_equal(lanes.values, one_by_one.values)
        assert np.array_equal(lanes.energies, one_by_one.energies)
        assert np.array_equal(lanes.info["trace"], one_by_one.info["trace"])
        assert lanes.info["updates"] == one_by_one.info["updates"]


def test_each_lane_has_betas_of_its_own(monkeypatch):
    model, betas = potts(4), np.linspace(0.0, 2.0, 20) * np.ones((30, 1))
    one_by_one = pbit.anneal(model, betas, num_reads=20, seed=1)
    monkeypatch.setattr(blocks, "LANES_FROM", 0)
    lanes = pbit.anneal(model, betas, num_reads=20, seed=1, num_threads=1)
    assert np.array_equal(lanes.values, one_by_one.values)


def test_long_runs_take_lanes_by_themselves(monkeypatch):
    model = potts(3, n=60)
    options = {"num_reads": 32, "num_sweeps": 1600, "seed": 1, "num_threads": 1}
    lanes = pbit.anneal(model, **options)
    monkeypatch.setattr(blocks, "LANES_FROM", np.inf)
    assert np.array_equal(lanes.values, pbit.anneal(model, **options).values)


def test_a_target_and_an_interrupt_end_lanes(always):
    model = potts(3, n=60)
    goal = float(pbit.temper(model, num_sweeps=500, seed=1).energies.min())
    control = pbit.Control(target=goal)
    reads = pbit.anneal(
        model, num_reads=10**5, num_sweeps=500, seed=2, control=control, best_seen=True
    )
    assert reads.info["stop_reason"] == "target" and reads.energies.min() <= goal
    now = pbit.Control(interrupt=lambda: True)
    assert pbit.anneal(model, num_reads=99, seed=2, control=now).values.shape == (1, 60)


def test_which_models_take_lanes():
    assert SiteProgram(potts(3)).lane_shape == (0, 0, 0)
    assert LANES == 16 and len(SiteProgram(potts(MOST_VALUES)).lane_shape) == MOST_VALUES
    for model in (
        potts(MOST_VALUES + 1),
        random_potts([3, 4], seed=1, integers=True),
        random_potts([3] * 5, seed=1),
        random_dits(seed=1, integers=True),
    ):
        assert SiteProgram(model).lane_shape == ()
