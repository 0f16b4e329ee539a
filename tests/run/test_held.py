"""Held spins: bit for bit the clamped model, the exact law, and what is refused.

Law: reads from fair coins after k sweeps against the k-sweep law of the clamped model, chi-square
at 1e-6; power: an inverse temperature 10 % off is caught (the control).
"""

import numpy as np
import pytest

from pbit import IsingModel, PolynomialModel, Schedule, anneal, clamp
from pbit.exact import exact_law, state_number
from pbit.statistics import chi_square_p_value
from random_models import random_model, random_polynomial

ALPHA = 1e-6
HELD = np.array([False, True, False, False, True, True, False])


def start(n, reads, seed):
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (reads, n))


def clamped(model, row):
    if isinstance(model, PolynomialModel):
        return clamped_terms(model, row)
    return clamp(model, {int(i): int(row[i]) for i in np.flatnonzero(HELD)}).model


def clamped_terms(model, row):
    """Every term times its held spins, over the free ones; the empty product goes to the offset."""
    place = {int(i): k for k, i in enumerate(np.flatnonzero(~HELD))}
    terms = [
        ([place[i] for i in body if i in place], w * np.prod([row[i] for i in body if HELD[i]]))
        for body, w in model.terms()
    ]
    return PolynomialModel.from_terms(terms, num_spins=len(place), offset=model.offset)


@pytest.mark.parametrize("kernel", ["lanes", "reads"])
@pytest.mark.parametrize("make", [random_model, random_polynomial])
def test_held_spins_are_the_clamped_model_bit_for_bit(kernel, make):
    """Whole weights: fields have no rounding, and free spins have the same words either way."""
    model = make(HELD.size, seed=3, integers=True)
    spins = start(HELD.size, 6, seed=1)
    schedule = Schedule.geometric(0.2, 2.0, num_betas=20)
    options = {"num_reads": 1, "seed": 7, "kernel": kernel, "order": "sequential"}
    reads = anneal(model, schedule, initial_spins=spins, held=HELD, **options | {"num_reads": 6})
    assert np.array_equal(reads.spins[:, HELD], spins[:, HELD])
    for k, row in enumerate(spins):
        alone = anneal(
            clamped(model, row), schedule, initial_spins=row[None, ~HELD], first_read=k, **options
        )
        assert np.array_equal(reads.spins[k, ~HELD], alone.spins[0])
        assert reads.energies[k] == pytest.approx(alone.energies[0], abs=1e-9)


def p_value(kernel, *, factor=1.0):
    model = random_model(HELD.size, seed=11)
    row = start(HELD.size, 1, seed=2)[0]
    spins = start(HELD.size, 20_000, seed=5)
    spins[:, HELD] = row[HELD]
    betas = np.array([0.4, 0.8])
    reads = anneal(
        model, Schedule(factor * betas), num_reads=len(spins), seed=3, initial_spins=spins,
        held=HELD, kernel=kernel, order="sequential",
    )  # fmt: skip
    law = exact_law(clamped(model, row), betas)
    return chi_square_p_value(state_number(reads.spins[:, ~HELD]), law)


@pytest.mark.parametrize("kernel", ["lanes", "reads"])
def test_free_spins_follow_the_law_of_the_clamped_model(kernel):
    assert p_value(kernel) > ALPHA


@pytest.mark.parametrize("kernel", ["lanes", "reads"])
def test_control_a_wrong_temperature_is_caught(kernel):
    assert p_value(kernel, factor=1.1) < ALPHA


@pytest.mark.parametrize("order", ["random", "permutation", "synchronous"])
def test_other_orders_leave_held_spins_alone(order):
    model = random_model(HELD.size, seed=4)
    spins = start(HELD.size, 40, seed=3)
    reads = anneal(
        model,
        Schedule([0.5] * 9),
        num_reads=40,
        seed=1,
        initial_spins=spins,
        held=HELD,
        order=order,
    )
    assert np.array_equal(reads.spins[:, HELD], spins[:, HELD])
    assert not np.array_equal(reads.spins[:, ~HELD], spins[:, ~HELD])
    assert reads.info["updates"] == 40 * 9 * np.count_nonzero(~HELD)


def test_all_spins_held_and_none():
    model = random_model(5, seed=1)
    spins = start(5, 3, seed=1)
    options = {"num_reads": 3, "seed": 1, "initial_spins": spins, "kernel": "lanes"}
    still = anneal(model, Schedule([1.0]), held=np.ones(5, bool), **options)
    assert np.array_equal(still.spins, spins)
    free = anneal(model, Schedule([1.0]), held=np.zeros(5, bool), **options)
    assert np.array_equal(free.spins, anneal(model, Schedule([1.0]), **options).spins)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"held": [0, 1]}, "held must be a mask of shape"),
        ({"held": np.ones(3, bool)}, "held must be a mask of shape"),
        ({"held": [True, False], "kernel": "bits"}, "'bits' takes no held spins; use 'lanes'"),
        ({"held": [True, False], "kernel": "dense"}, "'dense' takes no held spins"),
        ({"held": [True, False], "order": "chromatic"}, "'chromatic' takes no held spins"),
    ],
)
def test_what_is_refused(options, message):
    pair = IsingModel.from_edges([0], [1], [1.0])
    with pytest.raises(ValueError, match=message):
        anneal(pair, Schedule([1.0]), **options)


def test_terms_hold_too():
    parity = PolynomialModel.from_terms({(0, 1, 2): 1.0})
    held = np.array([True, True, False])
    spins = np.array([[1, 1, -1], [1, -1, 1]], np.int8)
    reads = anneal(
        parity,
        Schedule([50.0]),
        num_reads=2,
        seed=1,
        initial_spins=spins,
        held=held,
        kernel="reads",
    )
    assert reads.spins.tolist() == [[1, 1, 1], [1, -1, -1]]
