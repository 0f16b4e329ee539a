"""Weights that settle on the levels of a chip: rounding without bias, what stays and is learnt."""

import numpy as np
import pytest

from pbit import Hardware
from pbit.problems.boltzmann import BoltzmannMachine
from pbit.problems.boltzmann.few_bits import FewBitsMachine
from pbit.problems.boltzmann.seating import Seating

EDGES = np.array([(0, 1), (1, 2), (2, 3), (0, 3)]).T


def machine(bits=4, seed=1):
    found = FewBitsMachine(Seating.of(4, EDGES, range(4)), seed=seed, bits=bits)
    rng = np.random.default_rng(3)
    found.h[...], found.couplings[...] = rng.normal(size=4), rng.normal(size=4)
    return found


def values(found):
    return np.concatenate([found.h, found.couplings]).astype(float)


@pytest.mark.parametrize("off", [0.0, pytest.param(0.1, marks=pytest.mark.xfail(strict=True))])
def test_rounding_has_no_bias(off):
    """Means of 4000 programmings within 6 of their largest errors, half a step over the root."""
    one = machine()
    step = np.abs(values(one)).max() / 7
    found = np.array([np.concatenate(one._programmed()) for _ in range(4000)])
    assert np.allclose(found / step, np.rint(found / step), atol=1e-9)
    assert np.abs(found.mean(axis=0) - values(one) - off * step).max() < 6 * step / 2 / 4000**0.5


def test_the_chip_takes_what_is_programmed_as_it_is():
    from pbit.hardware.weights import rounded_to_bits

    one = machine(bits=3)
    for share in (0.0, 0.5, 1.0):
        one.settle(share)
        told = np.concatenate(one._programmed())
        assert np.allclose(rounded_to_bits(told, np.abs(told).max(), 3), told, atol=1e-9)


def test_weights_settle_in_time_the_nearest_first_and_for_good():
    one = machine()
    one.settle(0.3)
    assert np.isnan(one._at).all()
    one.settle(0.5)
    levels = values(one) / np.abs(values(one)).max() * 7
    settled = ~np.isnan(one._at)
    assert settled.sum() == 3 and np.allclose(levels[settled], np.rint(levels[settled]), atol=1e-6)
    before = values(one)[settled]
    one.couplings += 0.4
    one.h += 0.4
    assert np.array_equal(np.concatenate(one._programmed())[settled].astype(np.float32), before)
    one.settle(0.9)
    assert not np.isnan(one._at).any()
    assert np.array_equal(np.concatenate(one._programmed()).astype(np.float32), values(one))


ROWS = np.repeat([[1, 1, 0], [0, 0, 1], [1, 0, 1]], 10, axis=0)


def trained(n_iter=24, **options):
    usual = {"learning_rate": 0.1, "batch_size": 30, "n_chains": 50, "random_state": 1}
    chip = Hardware(weight_bits=4)
    return BoltzmannMachine(hardware=chip, settle=True, n_iter=n_iter, **usual | options).fit(ROWS)


def test_what_is_learnt_is_on_the_levels():
    found = trained()
    told = values(found.machine_)
    levels = told / np.abs(told).max() * 7
    assert np.allclose(levels, np.rint(levels), atol=1e-5)
    rows = found.sample(200, n_steps=20, random_state=2)
    assert (rows[:, 1] != rows[:, 2]).mean() > 0.75  # always in the data; of coins half


def test_a_training_goes_on_bit_for_bit(tmp_path):
    whole = trained()

    class Enough(Exception):
        pass

    def stop(share):
        stop.epochs += share == 1
        if stop.epochs == 17:
            raise Enough

    stop.epochs = 0
    kept = {"checkpoint": tmp_path / "run", "learning_rate": 0.1}
    halved = trained(n_iter=1, **kept).set_params(n_iter=24)
    with pytest.raises(Enough):
        list(halved.epochs(ROWS, after_update=stop))
    again = trained(resume=True, **kept)
    assert np.array_equal(values(whole.machine_), values(again.machine_))


@pytest.mark.parametrize("chip", [None, Hardware()])
def test_without_levels_it_is_refused(chip):
    with pytest.raises(ValueError, match="settle must be False where weights have no levels"):
        BoltzmannMachine(hardware=chip, settle=True).fit(ROWS)


def test_too_few_bits():
    with pytest.raises(ValueError, match="bits must be"):
        machine(bits=1)
