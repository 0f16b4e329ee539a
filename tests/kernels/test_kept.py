"""Kept fields: the spins of sweeps that sum, to the last bit, as far off as they may be.

Whole runs against the slow reference, in which fields are summed, then kept, then summed again;
then single sweeps from the same state, with kept fields that are off by almost the slack. Control:
ten thousand times as far off, spins differ.
"""

import numpy as np
import pytest
from numba import njit, uint64

import naive
from pbit import IsingModel, Schedule, anneal
from pbit.engines.compiled_model import CompiledModel, rows_of
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.sweeps.kept import slack_of, sum_kept
from pbit.kernels.sweeps.reads import scratch_of, sweep_once
from pbit.kernels.sweeps.records import Plan
from pbit.kernels.sweeps.single import FIXED, PERMUTATION, RANDOM
from random_models import random_model, random_polynomial

N = 150  # more than two chunks of 64, the last not full
NOTHING = np.empty(0)
RULES = ("heat-bath", "metropolis")
BETAS = np.array([0.1, 0.3, 0.8, 1.5, 1.5, 1.5, 0.1, 2.0, 2.0])


def sparse_model(n, *, integers):
    rng = np.random.default_rng(5)
    ends = rng.integers(0, n, (2, 3 * n))
    ends = ends[:, ends[0] != ends[1]]
    size = ends.shape[1]
    weights = rng.choice([-2.0, -1.0, 1.0], size) if integers else rng.normal(size=size)
    h = rng.integers(-1, 2, n).astype(float) if integers else rng.normal(size=n)
    return IsingModel.from_edges(*ends.astype(np.int32), weights, h=h)


@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("order", ["sequential", "random"])
@pytest.mark.parametrize("rule", RULES)
def test_runs_through_heat_and_cold_equal_the_slow_reference(rule, order, integers):
    model = sparse_model(N, integers=integers)
    reads = anneal(
        model, Schedule(BETAS), num_reads=2, seed=99, rule=rule, order=order, kernel="reads"
    )
    J = model.J.toarray()
    for k in range(2):
        spins, _ = naive.anneal_read(model.h, J, BETAS, k, 99, rule=rule, order=order)
        assert np.array_equal(reads.spins[k], spins), k


@njit
def _slack(h, couplings):
    return slack_of(h, couplings, 1 << 20)


@njit
def _swept(scratch, couplings, plan, energy, stop, slack, off):
    keeping = off.size > 0
    if keeping:
        sum_kept(scratch, couplings)
        for i in range(off.size):
            scratch.kept[i] += off[i]
    scale = plan.scales[0, 0]
    return sweep_once(scratch, couplings, plan, 5, scale, uint64(3), energy, stop, slack, keeping)


def compiled(model, real=np.float32):
    h, couplings, _ = CompiledModel.of(rows_of(model), real, form="sparse").arrays
    return h, couplings


class Case:
    """A model in a cold state, and sweeps from there."""

    def __init__(self, model, real=np.float32, beta=1.2):
        self.h, self.couplings = compiled(model, real)
        cold = anneal(model, Schedule(np.linspace(0.1, 1.0, 30) * beta), num_reads=1, seed=3)
        self.spins, self.scale = cold.spins[0], real(2 * beta * np.log2(np.e))
        self.slack = _slack(self.h, self.couplings)

    def swept(self, order, metropolis, *, off=NOTHING, slack=None):
        """Spins, flips and the change of the energy; by sums where nothing is off."""
        n = self.h.size
        scratch = scratch_of(
            n, self.h, order, key_schedule(7, 8), keeps=off.size > 0, keeps_best=False
        )
        scratch.signs[:n], scratch.bias[:] = self.spins, self.h
        if scratch.sites.size:
            scratch.sites[:] = np.arange(n)
        plan = Plan(
            scales=np.full((1, 1), self.scale), sweeps_per_beta=1, metropolis=metropolis,
            order=order, fraction=np.uint64(0), first=5, last=6,
        )  # fmt: skip
        energy, stop = np.zeros(1), np.zeros(1, np.uint8)
        slack = self.slack if slack is None else slack
        flips = _swept(scratch, self.couplings, plan, energy, stop, slack, off)
        return scratch.signs[:n].tobytes(), flips, energy[0]


CASES = {
    "real": lambda: Case(sparse_model(3000, integers=False)),
    "whole": lambda: Case(sparse_model(3000, integers=True)),
    "doubles": lambda: Case(sparse_model(3000, integers=False), np.float64),
    "dense": lambda: Case(random_model(N, seed=3), beta=0.15),
    "terms": lambda: Case(random_polynomial(40, seed=4), beta=0.4),
    "whole terms": lambda: Case(random_polynomial(40, seed=4, integers=True), beta=0.4),
}


@pytest.mark.parametrize("metropolis", [False, True])
@pytest.mark.parametrize("order", [FIXED, RANDOM, PERMUTATION])
@pytest.mark.parametrize("name", CASES)
def test_sweeps_with_fields_off_by_the_slack_are_those_of_sums(name, order, metropolis):
    case = CASES[name]()
    signs = np.random.default_rng(2).choice([-0.9, 0.9], case.h.size)
    now = case.swept(order, metropolis, off=case.slack * signs)
    expected = case.swept(order, metropolis)
    assert now[:2] == expected[:2]
    assert now[2] == pytest.approx(expected[2], abs=1e-3)
    assert now[1] > 0


@pytest.mark.parametrize("metropolis", [False, True])
@pytest.mark.parametrize("order", [FIXED, RANDOM, PERMUTATION])
def test_control_fields_further_off_make_other_spins(order, metropolis):
    case = CASES["real"]()
    signs = np.random.default_rng(2).choice([-1.0, 1.0], case.h.size)
    now = case.swept(order, metropolis, off=1e4 * case.slack * signs)
    assert now[0] != case.swept(order, metropolis)[0]


def test_slack_is_zero_for_whole_numbers_alone():
    assert CASES["whole"]().slack == CASES["whole terms"]().slack == 0
    for name in ("real", "doubles", "dense", "terms"):
        assert 0 < CASES[name]().slack < 1e-3
    huge = IsingModel.from_edges([0], [1], [2.0**24])
    assert _slack(*compiled(huge)) > 0


def test_kept_fields_of_real_weights_are_asked_again_not_trusted():
    """Told that sums are exact, a sweep believes kept fields, and its spins differ."""
    case = CASES["real"]()
    off = np.full(case.h.size, 0.05)
    trusting = case.swept(FIXED, False, off=off, slack=0.0)
    assert trusting[0] != case.swept(FIXED, False)[0]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("integers", [True, False])
def test_terms_give_the_spins_of_lanes_where_all_fields_are_summed(rule, integers):
    model = random_polynomial(80, seed=6, integers=integers)
    betas = np.concatenate([np.linspace(0.02, 3.0, 60), [0.02, 3.0, 3.0]])
    ours, theirs = (
        anneal(
            model, Schedule(betas), num_reads=3, seed=5, rule=rule, order="sequential", kernel=name
        )
        for name in ("reads", "lanes")
    )
    assert np.array_equal(ours.spins, theirs.spins)
