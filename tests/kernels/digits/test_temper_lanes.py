"""Replicas side by side are replicas one after the other, bit for bit."""

import numpy as np
import pytest

import pbit
from digit_laws import all_values, boltzmann, numbers_of
from pbit.engines.digits.sites import SiteProgram
from pbit.kernels.digits.lanes import MOST_VALUES
from pbit.run.control import Control
from pbit.samplers.digits import temper
from pbit.samplers.digits.mixed import MixedSearch
from pbit.samplers.digits.replicas import DigitTempering
from pbit.statistics import chi_square_p_value
from random_dits import random_potts

ALPHA = 1e-6 / 10


def potts(count, n=13, seed=1):
    return random_potts([count] * n, seed=seed, integers=True)


def both(monkeypatch, call):
    """With replicas one after the other, and side by side."""
    found = []
    for least in (np.inf, 0):
        monkeypatch.setattr(temper, "LANES_FROM", least)
        found.append(call())
    return found


def assert_same(one, other):
    assert np.array_equal(one.states, other.states)
    assert np.array_equal(one.values, other.values)
    assert np.array_equal(one.energies, other.energies)
    for name in ("swap_rates", "mean_energies", "best_sweep", "restarts", "updates"):
        assert np.array_equal(one.info.get(name), other.info.get(name))


@pytest.mark.parametrize(
    ("count", "betas", "replicas"),
    [(1, 3, 1), (2, 8, 2), (3, 5, 1), (8, 17, 1), (9, 6, 4), (17, 5, 7), (MOST_VALUES, 3, 2)],
)
def test_lanes_are_replicas(count, betas, replicas, monkeypatch):
    ladder = np.linspace(0.0, 2.0, betas)
    options = {"num_replicas": replicas, "num_sweeps": 30, "num_reads": 2, "first_read": 3}
    assert_same(*both(monkeypatch, lambda: pbit.temper(
        potts(count), ladder, seed=2**50 + 3, keep_states=True, **options)))  # fmt: skip


def test_ladders_found_restarts_and_threads_are_the_same(monkeypatch):
    options = {"num_sweeps": 4000, "num_reads": 3, "patience": 0.1, "keep_states": True, "seed": 5}
    one, lanes = both(monkeypatch, lambda: pbit.temper(potts(4), num_threads=1, **options))
    assert_same(one, lanes)
    assert lanes.info["restarts"] and one.ladder == lanes.ladder
    assert_same(lanes, pbit.temper(potts(4), num_threads=3, **options))


def test_long_runs_take_lanes_by_themselves(monkeypatch):
    model = potts(3, n=60)
    options = {"num_replicas": 8, "num_sweeps": 16000, "keep_states": True, "seed": 1}
    lanes = pbit.temper(model, [0.2, 0.5, 1.0, 2.0], **options)
    monkeypatch.setattr(temper, "LANES_FROM", np.inf)
    assert_same(pbit.temper(model, [0.2, 0.5, 1.0, 2.0], **options), lanes)


def test_lanes_follow_the_law_at_each_beta(monkeypatch):
    monkeypatch.setattr(temper, "LANES_FROM", 0)
    model, ladder = random_potts([3] * 4, seed=6, integers=True, density=1.0), [0.2, 0.5, 0.9]
    runs = pbit.temper(
        model, ladder, num_reads=16384, num_sweeps=40, num_replicas=2, seed=13, keep_states=True
    )
    space = all_values(model.num_values)
    for t, beta in enumerate(ladder):
        law = boltzmann(space, model.energy, beta)
        for r in range(2):
            assert chi_square_p_value(numbers_of(space, runs.states[:, t, r]), law) > ALPHA
    off = boltzmann(space, model.energy, 1.1 * ladder[-1])
    assert chi_square_p_value(numbers_of(space, runs.states[:, -1, 0]), off) < ALPHA


def test_what_has_no_lanes_is_held_one_after_the_other(monkeypatch):
    for model, rule in ((random_potts([3, 4], seed=1), "heat-bath"), (potts(3), "metropolis")):
        one, other = both(monkeypatch, lambda model=model, rule=rule: pbit.temper(
            model, [0.5, 1.0], rule=rule, seed=1, num_sweeps=20, keep_states=True))  # fmt: skip
        assert_same(one, other)


@pytest.mark.parametrize(("betas", "replicas"), [(3, 5), (5, 3), (8, 2), (12, 2), (16, 2), (1, 16)])
def test_ladders_of_a_search_fill_the_lanes(betas, replicas):
    program = SiteProgram(potts(3))
    fills = DigitTempering(program, is_long=True, fills=True)
    assert fills.filled(betas, 2) == replicas
    assert DigitTempering(program, is_long=True).filled(betas, 2) == 2
    assert DigitTempering(program, "metropolis", is_long=True, fills=True).filled(betas, 2) == 2


def test_a_search_has_filled_lanes():
    search = MixedSearch(
        SiteProgram(potts(3, n=40)), Control(time_limit_s=1.0), seed=1, num_threads=1
    )
    assert np.isfinite(search.run().energies).all()
    job = search._tempering.job
    assert job.replicas == job.program.filled(job.ladder.num_betas, 2)
