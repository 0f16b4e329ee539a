"""Solver dits: rounds under a time limit, effort, what it refuses, p-bits as digits of two."""

import numpy as np
import pytest

import pbit
from pbit.exact import exact_ground_states
from pbit.run.control import Control
from pbit.solvers.dits import solve_digits, solve_with_dits
from pbit.solvers.effort import Effort
from random_dits import random_potts
from random_models import random_model, random_polynomial


@pytest.fixture
def model():
    return random_potts([4] * 30, seed=1, integers=True)


@pytest.fixture
def lowest(model):
    return float(pbit.temper(model, num_sweeps=3000, seed=9).energies.min())


def test_two_values_are_p_bits():
    model = random_model(12, seed=1)
    reads = solve_with_dits(model, Effort(seed=1, num_sweeps=300), Control())
    assert reads.energies.min() == pytest.approx(exact_ground_states(model)[0])
    assert reads.energies == pytest.approx(model.energy(reads.spins))
    with pytest.raises(ValueError, match="must be another than 'dits'"):
        solve_with_dits(random_polynomial(6, seed=1), Effort(), Control())


def test_effort_is_kept(model):
    effort = Effort(num_reads=5, num_sweeps=70, seed=1, traced=True, beta_range=(0.2, 3.0))
    reads = solve_digits(model, effort, Control())
    assert reads.values.shape == (5, 30)
    assert reads.info["trace_sweeps"].tolist() == list(range(1, 71))
    assert reads.info["beta_range"] == pytest.approx([0.2, 3.0])
    later = solve_digits(model, Effort(num_reads=2, num_sweeps=70, seed=1, first_read=3), Control())
    again = solve_digits(model, Effort(num_reads=5, num_sweeps=70, seed=1), Control())
    assert np.array_equal(later.values, again.values[3:])


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
def test_a_time_limit_is_filled(model, lowest, rule):
    effort = Effort(seed=1, num_threads=2, rule=rule, traced=True)
    reads = solve_digits(model, effort, Control(time_limit_s=0.5))
    info = reads.info
    assert info["stop_reason"] == "time_limit"
    assert info["rounds"] == len(reads.values) > 2
    assert 0.4e9 < info["timing"]["sampling_ns"] < 5e9
    assert set(info["seconds_by"]) == {"anneal", "tempering"}
    assert info["rule"] == rule
    assert reads.energies.min() == lowest == info["trace"][0]
    assert reads.energies == pytest.approx(model.energy(reads.values))


@pytest.mark.parametrize("given", [{"num_sweeps": 40}, {"beta_range": (0.1, 3.0)}])
def test_sweeps_and_betas_under_a_time_limit(model, lowest, given):
    reads = solve_digits(model, Effort(seed=1, num_threads=1, **given), Control(time_limit_s=0.3))
    assert reads.energies.min() == lowest
    if "num_sweeps" in given:
        assert reads.info["num_sweeps"] == 40
    else:
        assert reads.info["beta_range"][1] == 3.0


def test_a_target_ends_it(model, lowest):
    control = Control(time_limit_s=60.0, target=lowest)
    reads = solve_digits(model, Effort(seed=2), control)
    assert reads.info["stop_reason"] == "target"
    assert reads.energies.min() == lowest


def test_an_interrupt_ends_it(model):
    asked = iter([False] * 5 + [True] * 1000)
    control = Control(time_limit_s=60.0, interrupt=lambda: next(asked))
    reads = solve_digits(model, Effort(seed=2), control)
    assert reads.info["stop_reason"] == "interrupted"
    now = Control(time_limit_s=60.0, interrupt=lambda: True)
    assert solve_digits(model, Effort(seed=2), now).values.shape == (1, 30)


def test_progress_is_that_of_the_whole(model):
    told = []
    control = Control(time_limit_s=0.5, progress=told.append)
    reads = solve_digits(model, Effort(seed=1, num_threads=1), control)
    elapsed = [report.elapsed_s for report in told]
    assert max(elapsed) > 0.4 and all(report.fraction <= 1 for report in told)
    assert min(report.best_energy for report in told) >= reads.energies.min()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"kernel": "lanes"}, "kernel"),
        ({"order": "random"}, "order"),
        ({"update_fraction": 0.5}, "update_fraction"),
        ({"hardware": pbit.Hardware()}, "hardware"),
        ({"schedule_type": "linear"}, "schedule_type"),
    ],
)
def test_refusals(model, given, name):
    with pytest.raises(ValueError, match=f"{name} must be left out with solver 'dits'"):
        solve_digits(model, Effort(**given), Control())
