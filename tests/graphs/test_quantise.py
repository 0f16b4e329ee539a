"""Weights of few bits: levels, errors, and whether ground states survive."""

import numpy as np
import pytest

from pbit import IsingModel
from pbit.exact import exact_ground_states, states
from pbit.graphs import quantise
from random_models import random_model


def rows(spins):
    return {tuple(row) for row in np.asarray(spins).tolist()}


@pytest.mark.parametrize("bits", [2, 3, 4, 6, 8, 12, 24, 32])
def test_weights_are_levels(bits):
    model = random_model(12, seed=bits)
    compiled = quantise(model, bits)
    step, most = compiled.report["step"], 2 ** (bits - 1) - 1
    for values in (compiled.model.J.data, compiled.model.h):
        levels = values / step
        np.testing.assert_allclose(levels, np.rint(levels), rtol=0, atol=1e-6)
        assert np.abs(levels).max() <= most + 1e-6
    largest = max(abs(model.J.data).max(), abs(model.h).max())
    off = np.concatenate([
        (compiled.model.J - model.J).toarray()[np.triu_indices(12, 1)], compiled.model.h - model.h
    ])  # fmt: skip
    assert abs(np.abs(off).max() / largest - compiled.report["max_error"]) < 1e-12
    assert compiled.report["max_error"] <= 0.5 * step / largest + 1e-12
    assert compiled.report["rms_error"] <= compiled.report["max_error"]
    assert compiled.model.offset == model.offset


def test_no_step_on_the_list_is_better():
    """Referee: every step max/q tried by brute force."""
    model = random_model(10, seed=3)
    values = np.concatenate([model.edges()[2], model.h])
    largest = np.abs(values).max()
    errors = []
    for q in range(1, 8):
        step = largest / q
        errors.append(np.sqrt(((np.rint(values / step) * step - values) ** 2).mean()) / largest)
    assert abs(min(errors) - quantise(model, 4).report["rms_error"]) < 1e-12


def test_weights_that_fit_are_exact():
    rng = np.random.default_rng(0)
    J = np.triu(rng.integers(-5, 6, (9, 9)), k=1) * 0.25
    J[0, 1] = 1.25
    model = IsingModel(0.25 * rng.integers(-4, 5, 9), J + J.T, offset=1.5)
    compiled = quantise(model, 4)
    assert compiled.report["max_error"] == 0.0 and compiled.report["step"] == 0.25
    assert compiled.report["ground_states"] == "same"
    assert np.array_equal(compiled.model.energy(states(9)), model.energy(states(9)))


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_about_ground_states(seed):
    compiled = quantise(random_model(7, seed=seed), 2 + seed % 4)
    before = rows(exact_ground_states(compiled.source)[1])
    after = rows(exact_ground_states(compiled.model)[1])
    expected = "same" if after == before else "fewer" if after < before else "changed"
    assert compiled.report["ground_states"] == expected


def test_all_three_outcomes_occur():
    tie = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [-1.0, -1.0, -1.0], h=[0.4, 0, 0])
    assert quantise(tie, 2).report["ground_states"] == "changed"  # the bias is gone
    assert quantise(tie, 8).report["ground_states"] == "same"
    # s0 is free: both its couplings and its bias cancel. Rounded, the bias does not.
    free = IsingModel.from_edges([0, 0], [1, 2], [0.2, 0.2], h=[-0.4, 1.0, 1.0])
    assert len(exact_ground_states(free)[1]) == 2
    assert quantise(free, 3).report["ground_states"] == "fewer"


def test_large_models_are_not_enumerated():
    assert quantise(random_model(21, seed=0), 4).report["ground_states"] is None


def test_own_step_for_biases():
    model = IsingModel.from_edges([0, 1], [1, 2], [1.0, 1.0], h=[0.01, 0.02, 0.03])
    shared, own = quantise(model, 3), quantise(model, 3, own_bias_step=True)
    assert shared.report["vanished"] == 3 and not shared.model.h.any()
    assert own.report["vanished"] == 0
    np.testing.assert_allclose(own.model.h, model.h)
    assert own.report["bias_step"] == pytest.approx(0.01)


def test_states_are_the_same_and_empty_models_pass():
    compiled = quantise(random_model(5, seed=2), 3)
    every = states(5)
    assert np.array_equal(compiled.decode(every), every)
    assert np.array_equal(compiled.encode(every), every)
    report = quantise(IsingModel(np.zeros(2), np.zeros((2, 2))), 2).report
    assert report["max_error"] == 0.0 and report["ground_states"] == "same"


@pytest.mark.parametrize("bits", [0, 1, 33])
def test_bits_out_of_range(bits):
    with pytest.raises(ValueError, match="bits must be"):
        quantise(random_model(3, seed=0), bits)


def test_bits_no_integer():
    with pytest.raises(TypeError, match="bits must be an integer"):
        quantise(random_model(3, seed=0), 2.5)


def test_the_coarsest_of_the_steps_that_fit_is_taken():
    pair = IsingModel.from_edges([0, 1], [1, 2], [2.0, -4.0])
    assert quantise(pair, 6).report["step"] == 4.0 / 2  # 1 and 0.5 would do as well
