"""Families of a portfolio: cold states of tempering bred, begun anew, the lowest of all bred."""

import numpy as np
import pytest

from pbit import Control, IsingModel
from pbit.samplers.portfolio.breeding import Breeding, Children
from pbit.samplers.portfolio.portfolio import Portfolio
from pbit.samplers.portfolio.tempering_arm import TemperingArm
from random_models import random_lattice, random_model

LATTICE = random_lattice(16, seed=1)


def search_of(model, seconds):
    return Portfolio(model, Control(time_limit_s=seconds), seed=1, num_threads=1)


def rows_of(model, count, seed):
    coins = np.random.default_rng(seed).random((count, model.num_spins)) < 0.5
    rows = np.where(coins, 1, -1).astype(np.int8)
    return rows, np.asarray(model.energy(rows)) - model.offset


def empty_pool(model):
    children = Children(model, cold=2.0, seed=1, num_threads=1)
    none = np.empty((0, model.num_spins), np.int8), np.empty(0)
    return Breeding(children, *none, num_parents=3, seed=1)


def test_a_pool_grows_to_its_size_and_then_takes_the_lower_ones():
    rows, energies = rows_of(LATTICE, 20, seed=1)
    pool = empty_pool(LATTICE)
    assert pool.is_settled
    pool.join(rows[:1], energies[:1], most=8)
    assert pool.is_settled and len(pool.spins) == 1  # nobody to mate with
    pool.join(rows, energies, most=8)
    assert not pool.is_settled and len(pool.spins) == 8
    rest = np.sort(np.concatenate([energies[:8], energies[8:]]))[:8]
    assert np.sort(pool.energies) == pytest.approx(rest)
    assert pool.energies == pytest.approx(LATTICE.energy(pool.spins))
    before = pool.spins.copy()
    pool.join(-rows, energies, most=30)  # those that went may come, mirrored; the others are there
    assert len(pool.spins) == 20 and np.array_equal(pool.spins[:8], before)
    while not pool.is_settled:
        pool.step()
    assert pool.energies == pytest.approx(LATTICE.energy(pool.spins))
    assert pool.energies.min() < rest[0]


def test_tempering_begins_again_and_keeps_its_lowest_state():
    arm = TemperingArm(LATTICE, seed=1, num_threads=1, control=Control())
    arm.go_on(Control(time_limit_s=0.5))
    lowest, cold = arm.lowest, arm.cold_states()
    assert cold.shape[1] == 256 and LATTICE.energy(cold).min() < 0.9 * lowest
    arm.restart()
    assert np.abs(LATTICE.energy(arm.cold_states())).max() < -0.5 * lowest  # fair coins: near zero
    arm.go_on(Control(time_limit_s=0.05))
    assert arm.lowest <= lowest
    assert not np.array_equal(arm.cold_states(), cold)


def test_tempering_goes_on_below_a_target_that_is_dropped():
    arm = TemperingArm(LATTICE, seed=1, num_threads=1, control=Control(target=-300.0))
    assert arm.go_on(Control(time_limit_s=30.0, target=-300.0)) != "time_limit"
    swept = arm.updates
    assert arm.lowest <= -300
    assert arm.go_on(Control(time_limit_s=0.2)) == "time_limit"
    assert arm.updates > 10 * swept


@pytest.mark.parametrize(
    ("model", "seconds", "first"),
    [
        (LATTICE, 1.0, True),
        (LATTICE, 0.05, True),  # tempering is ahead of reads before it is cold
        (LATTICE, 0.03, False),  # too short for that
        (random_lattice(72, seed=1), 600.0, True),  # large, but flat
        (random_lattice(72, seed=1), 1.2, False),  # large ones take longer
        (random_model(200, seed=1), 600.0, False),  # no lattice
    ],
)
def test_where_families_are_raised(model, seconds, first):
    assert search_of(model, seconds)._tempers_first == first


def test_each_family_begins_anew_and_gives_its_lowest_states(monkeypatch):
    search = search_of(LATTICE, 600.0)
    families, begun, restart = search.families, [], search.tempering.restart
    monkeypatch.setattr(search.tempering, "restart", lambda: begun.append(restart()))
    families.raise_one()
    assert not begun
    one, life_s = families._lowest.spins.copy(), families._life_s
    assert 2 <= len(one) <= 16
    families.raise_one()
    assert len(begun) == 1
    pool = families._lowest
    assert len(one) < len(pool.spins) <= 32 and families._life_s > life_s
    assert pool.energies == pytest.approx(LATTICE.energy(pool.spins))
    turned = pool.spins * pool.spins[:, :1]
    assert len(np.unique(turned, axis=0)) == len(pool.spins)
    assert {"tempering", "breeding"} <= set(search.ledger.seconds)
    assert search.elite.energies == pytest.approx(LATTICE.energy(search.elite.spins))
    assert search.elite.lowest <= pool.energies.min() + 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_families_find_what_tempering_alone_finds_in_all_of_the_time(seed):
    model = random_lattice(32, seed=seed)
    arm = TemperingArm(model, seed=seed, num_threads=1, control=Control())
    arm.go_on(Control(time_limit_s=2.0))
    target = arm.lowest
    control = Control(time_limit_s=60.0, target=target)
    search = Portfolio(model, control, seed=seed, num_threads=1)
    assert search._tempers_first
    assert search.run().info["stop_reason"] == "target"


@pytest.mark.parametrize(("sides", "seconds", "tempers"), [
    ((72, 72), 3.0, True), ((72, 72), 1.0, False), ((18, 18, 18), 9.0, False),
    ((16, 16, 16), 3.0, True),
])  # fmt: skip
def test_large_lattices_are_tempered_first_where_they_are_flat(sides, seconds, tempers):
    site = np.arange(np.prod(sides)).reshape(sides)
    rows = np.concatenate([site.ravel()] * len(sides))
    cols = np.concatenate([np.roll(site, 1, axis).ravel() for axis in range(len(sides))])
    weights = np.random.default_rng(1).choice([-1.0, 1.0], rows.size)
    search = search_of(IsingModel.from_edges(rows, cols, weights), seconds)
    assert search.families is not None and search._tempers_first == tempers
