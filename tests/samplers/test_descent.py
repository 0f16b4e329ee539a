"""Greedy descent: every end is a local minimum, and the path goes down."""

import numpy as np
import pytest
from scipy import sparse

from pbit import Control, DirectedModel, IsingModel, descend
from pbit.exact import exact_energies, state_number, states
from pbit.samplers.descent import Descent, held_rows
from random_models import random_model, random_polynomial

MODELS = {
    "reals": random_model(9, seed=1),
    "whole numbers": random_model(9, seed=2, integers=True),
    "sparse": random_model(9, seed=3, density=0.2),
    "polynomial": random_polynomial(9, seed=1),
    "whole polynomial": random_polynomial(9, seed=2, integers=True),
    "free": IsingModel(np.zeros(4), np.zeros((4, 4))),
    "one spin": IsingModel([-2.0], [[0.0]]),
}


def by_hand(model, s):
    """The same path on exact energies: sites in turn, a flip where it lowers the energy."""
    energies, number = exact_energies(model), int(state_number(s[None])[0])
    flips = still = i = 0
    while still < model.num_spins:
        if energies[number ^ (1 << i)] < energies[number] - 1e-9:
            number, flips, still = number ^ (1 << i), flips + 1, 0
        else:
            still += 1
        i = (i + 1) % model.num_spins
    return number, flips


def costs(model, spins):
    """Change of energy by each flip, (R, n)."""
    return 2 * spins * model.field(spins)


@pytest.mark.parametrize("name", MODELS)
def test_from_every_state(name):
    model = MODELS[name]
    every = states(model.num_spins)
    reads = descend(model, every)
    assert np.all(costs(model, reads.spins) >= -1e-12)
    assert np.all(reads.energies <= model.energy(every) + 1e-12)
    assert reads.energies == pytest.approx(model.energy(reads.spins))
    path = [by_hand(model, s) for s in every]
    assert state_number(reads.spins).tolist() == [number for number, _ in path]
    assert reads.info["flips"].tolist() == [flips for _, flips in path]
    assert np.array_equal(every, states(model.num_spins))


def test_whole_numbers_need_no_slack():
    rng = np.random.default_rng(1)
    model = random_model(300, seed=1, integers=True, density=0.1)
    spins = descend(model, rng.choice([-1, 1], (50, 300))).spins
    assert np.all(costs(model, spins) >= 0)
    planted = spins.copy()
    planted[:, 7] *= -1
    assert np.any(costs(model, planted) < 0)


@pytest.mark.parametrize("factor", [1e-300, 1e-6, 1e6, 1e300])
def test_any_scale_gives_the_same_minima(factor):
    model = random_model(9, seed=1)
    scaled = IsingModel(factor * model.h, factor * model.J)
    every = states(9)
    assert np.array_equal(descend(model, every).spins, descend(scaled, every).spins)


def wide_model(rng):
    """Weights over 15 decades, where fields are mostly rounding."""
    model = random_model(60, seed=1)
    J = np.triu(model.J.toarray() * 10.0 ** rng.uniform(-15, 0, (60, 60)), k=1)
    return IsingModel(model.h * 1e-12, J + J.T)


def test_wide_ranges_come_to_an_end():
    rng = np.random.default_rng(1)
    wide = wide_model(rng)
    spins = descend(wide, rng.choice([-1, 1], (200, 60))).spins
    slack = 4 * 2.3e-16 * 61 * np.abs(wide.J).sum(axis=1)
    assert np.all(costs(wide, spins) >= -2 * slack)


def test_any_number_of_threads_gives_the_same():
    model = random_model(100, seed=1, density=0.1)
    starts = np.random.default_rng(1).choice([-1, 1], (6000, 100))
    one, two = (descend(model, starts, num_threads=threads) for threads in (1, 2))
    assert np.array_equal(one.spins, two.spins)
    assert np.array_equal(one.info["flips"], two.info["flips"])


def test_single_precision_models_and_one_row():
    model = random_model(9, seed=1)
    single = IsingModel(model.h, sparse.csr_array(model.J, dtype=np.float32))
    reads = descend(single, np.ones(9))
    assert reads.spins.shape == (1, 9)
    assert np.all(costs(single, reads.spins) >= 0)


FULL = {
    "reals": random_model(70, seed=1),
    "whole numbers": random_model(70, seed=2, integers=True),
    "ties everywhere": IsingModel(np.zeros(65), np.ones((65, 65)) - np.eye(65)),
}


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", [*FULL, "wide"])
def test_kept_fields_decide_as_sums_do(name, masked):
    """Full matrices keep their fields: every flip is the same, ties and rounding included."""
    rng = np.random.default_rng(7)
    model = FULL[name] if name in FULL else wide_model(rng)
    starts = rng.choice(np.array([-1, 1], np.int8), (500, model.num_spins))
    held = held_rows(rng.random(starts.shape) < 0.2 if masked else None, starts.shape)
    kept, summed = Descent(model), Descent(model)
    assert kept.matrix is not None
    summed.matrix = None
    ends = [starts.copy(), starts.copy()]
    flips = [
        descent.run(end, held, num_threads=1, control=Control())[1]
        for descent, end in zip((kept, summed), ends, strict=True)
    ]
    assert np.array_equal(*flips)
    assert np.array_equal(*ends)


def test_control_stale_fields_end_elsewhere():
    """Negative control: fields that no flip changes lead to other states."""
    model = FULL["reals"]
    starts = np.random.default_rng(7).choice(np.array([-1, 1], np.int8), (500, 70))
    stale, right = Descent(model), descend(model, starts)
    stale.matrix = np.zeros((70, 70))
    ends = starts.copy()
    stale.run(ends, held_rows(None, ends.shape), num_threads=1, control=Control())
    assert not np.array_equal(ends, right.spins)


@pytest.mark.parametrize("model", [random_model(40, seed=3), random_polynomial(9, seed=1)])
def test_held_spins_stay(model):
    """In all rows or row by row; the others are where no flip of theirs gains."""
    rng = np.random.default_rng(3)
    starts = rng.choice([-1, 1], (50, model.num_spins))
    mask = rng.random(starts.shape) < 0.5
    reads = descend(model, starts, held=mask)
    assert np.array_equal(reads.spins[mask], starts[mask])
    assert np.all(costs(model, reads.spins)[~mask] >= -1e-12)
    assert np.any(costs(model, reads.spins)[mask] < 0)
    one = descend(model, starts, held=mask[0])
    each = descend(model, starts, held=np.tile(mask[0], (50, 1)))
    assert np.array_equal(one.spins, each.spins)
    nothing = descend(model, starts, held=np.ones(model.num_spins, bool))
    assert np.array_equal(nothing.spins, starts)
    assert not nothing.info["flips"].any()


def test_nothing_to_do():
    model = MODELS["reals"]
    assert descend(model, np.ones((0, 9))).spins.shape == (0, 9)
    assert descend(IsingModel(np.zeros(0), np.zeros((0, 0))), np.ones((3, 0))).energies.size == 3


def test_interrupts_leave_rows_as_they_were():
    model = random_model(1000, seed=1, density=0.2)
    starts = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (4000, 1000))
    seen = []
    control = Control(interrupt=lambda: bool(seen), progress=seen.append)
    reads = descend(model, starts, num_threads=1, control=control)
    assert reads.info["stop_reason"] == "interrupted"
    left = reads.info["flips"] < 0
    assert 0 < left.sum() < 4000
    assert np.array_equal(reads.spins[left], starts[left])
    assert np.all(costs(model, reads.spins[~left][:5]) >= -1e-9)
    assert 0 <= seen[0].fraction < 1


def test_what_is_refused():
    model = MODELS["reals"]
    with pytest.raises(ValueError, match="one row a read"):
        descend(model, np.ones((2, 2, 9)))
    with pytest.raises(ValueError, match="-1 or"):
        descend(model, np.zeros((2, 9)))
    with pytest.raises(ValueError, match="9"):
        descend(model, np.ones((2, 8)))
    with pytest.raises(ValueError, match="num_threads must be >= 1"):
        descend(model, np.ones(9), num_threads=0)
    with pytest.raises(ValueError, match="held must be a mask of shape"):
        descend(model, np.ones(9), held=np.zeros(8, bool))
    with pytest.raises(ValueError, match="held must be a mask of shape"):
        descend(model, np.ones(9), held=[0, 1])
    with pytest.raises(TypeError, match="no energy to lower"):
        descend(DirectedModel(np.zeros(2), np.zeros((2, 2))), np.ones(2))
