"""Weights and inputs as hardware holds them, on plain arrays, and bills of plain counts."""

from types import SimpleNamespace

import numpy as np
import pytest

import naive_events
from pbit import Hardware, IsingModel
from pbit.hardware.imperfections import Imperfections, made_devices, received
from pbit.hardware.input import Input, converted, levels_of
from pbit.hardware.prices import Prices
from pbit.hardware.programming import programmed, programming_errors
from pbit.hardware.weights import Weights, programmed_matrix, programmed_values

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(5, 8))


# --- weights


def test_exact_weights_are_the_matrix():
    np.testing.assert_array_equal(programmed_matrix(Weights(), MATRIX, seed=1), MATRIX)
    assert not programmed_matrix(Weights(weight_bits=4), np.zeros((2, 3)), seed=1).any()
    assert programmed_matrix(Weights(conductance_ratio=2.0), np.zeros((0, 3)), seed=1).size == 0


def test_weights_of_few_bits():
    """A sign and two digits: 7 levels, the largest magnitude among them, none farther than half."""
    found = programmed_matrix(Weights(weight_bits=3), MATRIX, seed=1)
    step = np.abs(MATRIX).max() / 3
    np.testing.assert_allclose(found / step, np.rint(found / step), atol=1e-12)
    assert np.abs(found - MATRIX).max() <= step / 2 * (1 + 1e-12)
    assert np.abs(found).max() == pytest.approx(np.abs(MATRIX).max())


def test_weights_within_conductances():
    found = np.abs(programmed_matrix(Weights(conductance_ratio=4.0), MATRIX, seed=1))
    least = np.abs(MATRIX).max() / 4
    assert ((found == 0) | (found >= least)).all() and (found == 0).any() and (found == least).any()


def test_programming_errors_are_of_the_place():
    """The same error at the same row and column, whatever the matrix; its spread as asked for."""
    weights = Weights(weight_spread=0.3)
    ones = programmed_matrix(weights, np.ones((150, 150)), seed=5)
    part = programmed_matrix(weights, np.full((3, 4), -2.0), seed=5)
    np.testing.assert_array_equal(part, -2.0 * ones[:3, :4])
    assert np.log(ones).std() == pytest.approx(0.3, rel=6 / np.sqrt(2 * ones.size))
    assert (programmed_matrix(weights, np.ones((3, 4)), seed=6) != ones[:3, :4]).all()


def test_a_matrix_has_the_errors_of_a_chip():
    weights = Weights(weight_bits=5, conductance_ratio=50.0, weight_spread=0.2)
    J = np.triu(RNG.normal(size=(7, 7)), 1)
    model = IsingModel(np.zeros(7), J + J.T)
    _, couplings = programmed(weights, model, lambda: programming_errors(model.J, seed=9))
    np.testing.assert_array_equal(programmed_matrix(weights, J + J.T, seed=9), couplings.toarray())
    chip = Hardware(weight_bits=5, conductance_ratio=50.0, weight_spread=0.2, dynamics="arrhenius")
    np.testing.assert_array_equal(programmed_matrix(chip, J + J.T, seed=9), couplings.toarray())


def test_full_scale_may_be_that_of_others():
    values = np.array([0.5, -0.2])
    found = programmed_values(
        Weights(weight_bits=2), values, full_scale=1.0, normals=lambda: np.zeros(2)
    )
    assert found.tolist() == [0.0, 0.0]  # ties to even
    same = programmed_values(Weights(weight_bits=2), values, full_scale=0.5, normals=lambda: 1)
    assert same.tolist() == [0.5, 0.0]


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([1.0, 2.0], r"matrix must have two axes, rows and columns, got shape \(2,\)"),
        ([[1.0, np.nan]], "matrix must have finite numbers; put 0 where there is no weight"),
        ([[np.inf]], "matrix must have finite numbers"),
    ],
)
def test_what_is_no_matrix(matrix, message):
    with pytest.raises(ValueError, match=message):
        programmed_matrix(Weights(), matrix, seed=0)


# --- inputs


def test_exact_inputs_stay():
    assert levels_of(Input(dac_range=2.0)).step == 0
    np.testing.assert_array_equal(converted(MATRIX, Input()), MATRIX)


@pytest.mark.parametrize("bits", [1, 3, 8])
def test_inputs_have_levels_and_a_range(bits):
    inputs = Input(dac_bits=bits, dac_range=2.0)
    x = np.linspace(-5, 5, 5001)
    found, (step, low, high) = converted(x, inputs), levels_of(inputs)
    assert np.unique(found).tolist() == [low + k * step for k in range(2**bits)]
    inside = (x >= low) & (x <= high)
    assert np.abs(found - x)[inside].max() <= step / 2 * (1 + 1e-12)
    assert set(found[x < low]) == {low} and set(found[x > high]) == {high}


def test_currents_arrive_as_the_slow_reference_says():
    """Resolution, saturation, gain, offset, then noise: bit for bit."""
    inputs = Input(dac_bits=4, dac_range=1.5)
    devices = made_devices(Imperfections(gain_spread=0.3, offset_spread=0.2), 8, seed=3)
    currents, noise = 3 * RNG.normal(size=(100, 8)), 0.1 * RNG.normal(size=(100, 8))
    found = received(converted(currents, inputs), devices, noise=noise)
    chip = SimpleNamespace(gain=devices.gain, offset=devices.offset)
    hardware = Hardware(dac_bits=4, dac_range=1.5)
    expected = [
        [naive_events.input_of(hardware, chip, i, x) for i, x in enumerate(row)] for row in currents
    ]
    np.testing.assert_array_equal(found, expected + noise)


# --- prices


def test_a_bill_of_counts():
    """What a crossbar would be billed for 3 updates of 8 outputs and 40 programmed weights."""
    prices = Prices(update_J=2e-15, write_J=1e-12)
    bill = prices.bill(updates=3 * 8, reads=8, writes=MATRIX.size)
    assert bill == pytest.approx(
        {
            "power_J": 0.0,
            "updates_J": 48e-15,
            "synapses_J": 0.0,
            "reads_J": 0.0,
            "writes_J": 40e-12,
            "total_J": 40.048e-12,
        }
    )
