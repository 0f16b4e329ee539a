"""Schedules and the default range of beta."""

import numpy as np
import pytest

from pbit import IsingModel, Schedule, default_beta_range, default_schedule
from random_models import random_model


def test_shapes_of_schedules():
    assert np.allclose(Schedule.geometric(0.1, 10, num_betas=3).betas, [0.1, 1, 10])
    assert np.allclose(Schedule.linear(0, 2, num_betas=5).betas, [0, 0.5, 1, 1.5, 2])
    assert Schedule.geometric(0.1, 10, num_betas=1).betas.tolist() == [10.0]
    assert Schedule.linear(0, 2, num_betas=0).num_sweeps == 0
    assert Schedule([1, 2], 5).num_sweeps == 10


@pytest.mark.parametrize("factor", [1e-9, 0.3, 7.0, 1e12])
def test_default_range_scales_with_the_problem(factor):
    model = random_model(30, seed=1)
    scaled = IsingModel(factor * model.h, factor * model.J)
    assert np.allclose(
        factor * np.array(default_beta_range(scaled)), default_beta_range(model), rtol=1e-9
    )


def test_default_range_does_not_chase_a_tiny_coupling():
    ring = np.arange(50)
    weights = np.ones(50)
    plain = IsingModel.from_edges(ring, (ring + 1) % 50, weights)
    weights[0] = 1e-9
    tiny = IsingModel.from_edges(ring, (ring + 1) % 50, weights)
    assert np.allclose(default_beta_range(tiny), default_beta_range(plain), rtol=0.3)


def test_default_range_meets_its_definition():
    model = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, 2.0, 0.5], h=[0, 0, 0, 3])
    hot, cold = default_beta_range(model)
    assert 1 / (1 + np.exp(2 * hot * np.sqrt(9.25))) == pytest.approx(0.25)
    gaps = np.array([1, 1, 0.5, 0.5])
    fields = np.array([1, 1, 0.5, np.sqrt(9.25) / 5])
    assert np.sum(gaps * np.exp(-2 * cold * fields)) == pytest.approx(0.01 * gaps.mean())


@pytest.mark.parametrize("n", [0, 3])
def test_a_model_without_terms_has_a_range(n):
    assert default_beta_range(IsingModel(np.zeros(n), np.zeros((n, n)))) == (0.1, 1.0)


def test_default_schedule():
    schedule = default_schedule(random_model(5, seed=2), num_sweeps=7, beta_range=(1, 2))
    assert schedule.kind == "geometric"
    assert schedule.num_sweeps == 7


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Schedule([-1.0]), "betas must be >= 0, got -1.0"),
        (lambda: Schedule([np.nan]), "betas must be >= 0, got nan"),
        (lambda: Schedule([[[1.0]]]), "betas must be one number a sweep"),
        (lambda: Schedule([1.0], 0), "sweeps_per_beta must be >= 1"),
        (lambda: Schedule.geometric(0, 1, num_betas=3), "needs 0 < beta < infinity"),
    ],
)
def test_bad_schedules(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_default_range_of_huge_and_tiny_numbers(factor):
    model = random_model(10, seed=3)
    scaled = IsingModel(factor * model.h, factor * model.J)
    assert np.allclose(
        factor * np.array(default_beta_range(scaled)), default_beta_range(model), rtol=1e-9
    )


def test_default_range_of_a_dense_model_with_real_couplings():
    """The smallest of half a million couplings is about 1e-8; annealing ends far before 1e8."""
    rng = np.random.default_rng(6)
    upper = np.triu(rng.normal(size=(1000, 1000)), k=1) / np.sqrt(1000)
    hot, cold = default_beta_range(IsingModel(np.zeros(1000), upper + upper.T))
    assert 0.4 < hot < 0.6
    assert 20 < cold < 40
