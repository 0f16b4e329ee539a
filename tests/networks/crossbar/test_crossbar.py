"""Products of arrays against a reference cell by cell, noise against its law, refusals."""

import itertools

import numpy as np
import pytest
from scipy import stats

from pbit.checks import TooLargeError
from pbit.devices.synapses import (
    BinaryJunction,
    LinearSynapse,
    SynapseVariation,
    VolatileJunction,
)
from pbit.networks.crossbar import Crossbar, OpenLoop, Placed, Reading, Trains, Wires, WriteVerify
from pbit.networks.crossbar import arguments as checks
from pbit.networks.crossbar.reading import converted
from pbit.statistics import binomial_p_values

ALPHA = 1e-6
LAYOUTS = ("differential", "balanced", "offset")
W = np.random.default_rng(1).uniform(-2, 2, (5, 7))
SPREAD = SynapseVariation(conductance_d2d=0.2, window_d2d=0.1)
every = pytest.mark.parametrize("layout", LAYOUTS)


def by_cells(G, layout, largest, x, backwards=False):
    """Referee: currents cell by cell, by the law of each layout, in plain loops."""
    low, high = 1e-6, 1e-4
    pairs = layout != "offset"
    siemens = (high - low) / (largest if pairs else 2 * largest)
    outs = G.shape[0] // 2 if pairs else G.shape[0] - 1
    result = np.zeros(G.shape[1] if backwards else outs)
    for i, j in itertools.product(range(outs), range(G.shape[1])):
        plus, minus = (G[2 * i, j], G[2 * i + 1, j]) if pairs else (G[i, j], G[outs, j])
        to, of = (j, i) if backwards else (i, j)
        result[to] += (plus * x[of] - minus * x[of]) / siemens
    return result


@every
def test_products_cell_by_cell(layout):
    array = Crossbar(W, layout=layout, variation=SPREAD, stuck=0.1, seed=2)
    G = array.cells.conductance()
    x, y = np.linspace(-1, 1, 7), np.linspace(-0.5, 1, 5)
    np.testing.assert_allclose(array @ x, by_cells(G, layout, np.abs(W).max(), x), atol=1e-12)
    backwards = by_cells(G, layout, np.abs(W).max(), y, backwards=True)
    np.testing.assert_allclose(array.T @ y, backwards, atol=1e-12)
    assert np.abs(array @ x - W @ x).max() > 0.05  # the devices matter


@every
def test_without_variation_it_is_the_product(layout):
    array = Crossbar(W, layout=layout, weight_range=5.0)
    X, Y = np.random.default_rng(2).normal(size=(7, 3)), np.ones((5, 2))
    np.testing.assert_allclose(array @ X, W @ X, atol=1e-12)
    np.testing.assert_allclose(array.T @ Y, W.T @ Y, atol=1e-12)
    np.testing.assert_allclose(array.weights, W, atol=1e-12)
    assert (array.shape, array.T.shape) == ((5, 7), (7, 5))
    assert array.T.T is array


def test_zero_weights():
    assert (Crossbar(np.zeros((2, 3))) @ np.ones(3)).tolist() == [0.0, 0.0]


def test_the_same_seed_is_the_same_array():
    spread = SynapseVariation(drive_d2d=0.1)
    first, again, other = (Crossbar(W, variation=spread, programming=OpenLoop(), seed=seed)
                           for seed in (3, 3, 4))  # fmt: skip
    assert (first.weights == again.weights).all()
    assert (first.weights != other.weights).mean() > 0.9  # some are at the end of their range
    fresh = Crossbar(W, variation=spread, programming=OpenLoop())
    same = Crossbar(W, variation=spread, programming=OpenLoop(), seed=fresh.seed)
    assert (fresh.weights == same.weights).all()


def test_any_device():
    """Two levels: signs are held, halves go to the lower."""
    array = Crossbar([[1.0, -1.0, 0.4]], BinaryJunction(), seed=1)
    np.testing.assert_allclose(array.weights, [[1.0, -1.0, 0.0]], atol=1e-12)
    assert array.programmed.failed.tolist() == [[False, False, True], [False, False, False]]


def test_devices_that_forget():
    """A pulse tilts one of the pair in AP; the tilt is gone after a second."""
    array = Crossbar([[0.0, 0.0]], VolatileJunction(), weight_range=1.0, seed=1)
    array.pulse(np.array([[1, 0]], np.uint8))
    np.testing.assert_allclose(array.weights, [[VolatileJunction().kick / 2, 0.0]], atol=1e-12)
    array.wait(1.0)
    np.testing.assert_allclose(array.weights, [[0.0, 0.0]], atol=1e-12)


# --- converters


def test_levels_of_a_converter():
    """Seven levels of three bits, 0 among them; beyond the range the outermost."""
    values = np.array([-9.0, -1.0, -0.34, 0.16, 0.17, 0.4, 1.0, 1.01])
    levels, clipped = converted(values, 3, 1.0)
    np.testing.assert_allclose(levels * 3, [-3, -3, -1, 0, 1, 1, 3, 3], atol=1e-12)
    assert clipped == 2
    assert converted(values, None, 1.0) == (values, 0)


def test_products_between_converters():
    reading = Reading(dac_bits=4, dac_range=0.5, adc_bits=5, adc_range=1.5)
    array = Crossbar(W, reading=reading)
    X = np.random.default_rng(5).uniform(-0.7, 0.7, (7, 50))
    inner = np.clip(np.rint(X * 14), -7, 7) / 14
    outer = np.clip(np.rint(W @ inner * 10), -15, 15) / 10
    np.testing.assert_allclose(array @ X, outer, atol=1e-12)
    beyond = int((np.abs(X) > 0.5).sum()), int((np.abs(W @ inner) > 1.5).sum())
    assert array.clipped == beyond
    assert min(beyond) > 0
    assert Crossbar(W, reading=reading).clipped == (0, 0)


def test_the_range_of_a_converter_that_is_not_given_clips_nothing():
    array = Crossbar(W, reading=Reading(dac_bits=8, adc_bits=8))
    worst = np.sign(W[np.abs(W).sum(axis=1).argmax()])
    np.testing.assert_allclose((array @ worst).max(), np.abs(W).sum(axis=1).max(), rtol=1e-12)
    array.T @ np.sign(W[:, np.abs(W).sum(axis=0).argmax()])
    assert array.clipped == (0, 0)
    step = 2 * np.abs(W).sum(axis=1).max() / 254
    assert np.abs(array @ (0.3 * worst) - W @ (0.3 * worst)).max() < step / 2 + 0.02


# --- noise


def noisy(layout, backwards, noise=0.05):
    """Errors of 5000 reads of one vector, in standard deviations that they should have."""
    array = Crossbar(W, layout=layout, reading=Reading(noise=noise), variation=SPREAD, seed=3)
    side = array.T if backwards else array
    x = np.linspace(-1, 1, side.shape[1])
    found = side @ np.tile(x[:, None], 5000)
    G, g = array.cells.conductance(), array.layout.siemens
    if layout == "offset":
        of_lines = np.append(x, -x.sum()) if backwards else x
    else:
        of_lines = np.repeat(x, 2) if backwards else x
    if backwards:
        variances = (G**2 * of_lines[:, None] ** 2).sum(axis=0)
    else:
        lines = (G**2 * x**2).sum(axis=1)
        variances = lines[:-1] + lines[-1] if layout == "offset" else lines[::2] + lines[1::2]
    weights = array.weights.T if backwards else array.weights
    return (found - (weights @ x)[:, None]) / (0.05 * np.sqrt(variances) / g)[:, None]


@pytest.mark.parametrize("backwards", [False, True])
@every
def test_noise_of_reads_is_that_of_the_devices(layout, backwards):
    """Power: 5000 reads see a standard deviation 15 % off with certainty, 3.6 / sqrt(5000)."""
    for errors in noisy(layout, backwards):
        p_value = stats.kstest(errors, "norm").pvalue
        assert p_value > ALPHA / 7
    assert stats.kstest(noisy(layout, backwards, 0.06)[0], "norm").pvalue < ALPHA / 7


def test_outputs_share_the_noise_of_the_offset_line():
    together = np.corrcoef(noisy("offset", False))[0, 1]
    array = Crossbar(W, layout="offset", variation=SPREAD, seed=3)
    x = np.linspace(-1, 1, 7)
    lines = (array.cells.conductance() ** 2 * x**2).sum(axis=1)
    expected = lines[-1] / np.sqrt((lines[0] + lines[-1]) * (lines[1] + lines[-1]))
    assert abs(np.arctanh(together) - np.arctanh(expected)) < 4.9 / np.sqrt(5000)
    assert expected > 0.2
    alone = np.corrcoef(noisy("balanced", False))[0, 1]
    assert abs(np.arctanh(alone)) < 4.9 / np.sqrt(5000)


def test_a_batch_is_its_columns_one_after_the_other():
    X = np.random.default_rng(7).normal(size=(7, 6))
    whole, parts = (Crossbar(W, reading=Reading(noise=0.1), seed=5) for _ in range(2))
    at_once = whole @ X
    in_turn = np.concatenate([parts @ X[:, :1], parts @ X[:, 1:4], parts @ X[:, 4:]], axis=1)
    np.testing.assert_allclose(at_once, in_turn, atol=1e-12)
    assert np.abs(whole @ X - at_once).max() > 0.01  # the next reads have noise of their own


# --- stuck devices


def test_stuck_devices_are_as_many_as_was_said():
    array = Crossbar(np.full((100, 100), 0.5), weight_range=1.0, stuck=0.1, seed=6)
    stuck = array.cells.stuck
    ends = [(stuck == -1).sum(), (stuck == 1).sum()]
    assert binomial_p_values(ends, stuck.size, [0.05, 0.05]).min() > ALPHA / 2
    assert binomial_p_values(ends, stuck.size, [0.07, 0.07]).max() < ALPHA / 2  # power > 0.999
    G = array.cells.conductance()
    assert (G[stuck == -1] == 1e-6).all() and (G[stuck == 1] == 1e-4).all()


def test_stuck_devices_by_hand_stay_where_they_are():
    stuck = np.array([[0, 1], [-1, 0]])
    array = Crossbar([[0.5, 0.0]], weight_range=1.0, stuck=stuck,
                     programming=WriteVerify(max_pulses=60))  # fmt: skip
    np.testing.assert_allclose(array.weights, [[0.5, 1.0]], atol=0.011)
    assert array.programmed.failed.tolist() == [[False, True], [False, False]]
    array.pulse([[10, -40]])
    np.testing.assert_allclose(array.weights, [[0.6, 0.6]], atol=0.011)


# --- refusals

GOOD = Crossbar(W)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Crossbar([1.0, 2.0]), r"weights must have two axes.*got shape \(2,\)"),
        (lambda: Crossbar(np.ones((0, 3))), r"weights must have two axes.*got shape \(0, 3\)"),
        (lambda: Crossbar([[1.0, np.nan]]), "weights must be finite; put 0 where there is none"),
        (lambda: Crossbar([[2.0]], weight_range=1.0),
         "weights must be within weight_range, -1 to 1, got 2.0; scale them"),
        (lambda: Crossbar([[2.0]], weight_range=0.0), "weight_range must be a finite number > 0"),
        (lambda: Crossbar([[2.0]], stuck=1.5), "stuck must be a finite number >= 0 and <= 1"),
        (lambda: Crossbar([[2.0]], stuck=[[1]]),
         r"stuck must have the shape of the devices, \(2, 1\), got \(1, 1\)"),
        (lambda: Crossbar([[2.0]], stuck=[[2], [0]]), "stuck must be -1 .lowest., 0 .not. or 1"),
        (lambda: Crossbar([[2.0]], layout="pairs"), "layout must be one of differential"),
        (lambda: GOOD @ np.ones(5), r"x must have the shape \(7,\) or \(7, batch\), got \(5,\)"),
        (lambda: GOOD.T @ np.ones(7), r"y must have the shape \(5,\) or \(5, batch\), got \(7,\)"),
        (lambda: GOOD @ np.full(7, np.inf), "x must be finite"),
        (lambda: GOOD.program(W[:2], Placed()), r"weights must have the shape \(5, 7\)"),
        (lambda: GOOD.program(2 * W, Placed()), "weights must be within weight_range"),
        (lambda: GOOD.pulse(np.ones((2, 2), int)), r"counts must have the shape \(5, 7\)"),
        (lambda: GOOD.update(np.ones(4), np.ones(7)), r"outputs must have the shape \(5,\)"),
        (lambda: GOOD.update(np.ones(5), np.ones(8)), r"inputs must have the shape \(7,\)"),
        (lambda: GOOD.update(np.ones((5, 2)), np.ones(7)), "outputs must be as many as the inputs"),
        (lambda: GOOD.update(np.ones(5), np.ones(7), rate=np.inf), "rate must be a finite number"),
        (lambda: GOOD.wait(-1.0), "seconds must be a finite number >= 0, got -1.0"),
        (lambda: Trains(0.0), "step must be a finite number > 0, got 0.0; the device's pulses"),
        (lambda: Trains(0.1, 0), "slots must be >= 1, got 0"),
        (lambda: Reading(dac_bits=1), "dac_bits must be >= 2, got 1"),
        (lambda: Reading(adc_bits=20), "adc_bits must be <= 16, got 20"),
        (lambda: Reading(dac_range=0.0), "dac_range must be a finite number > 0"),
        (lambda: Reading(adc_range=-1.0), "adc_range must be a finite number > 0"),
        (lambda: Reading(noise=2.0), "noise must be a finite number >= 0 and <= 1"),
        (lambda: LinearSynapse(1e-6, 1e-7), "max_S must be > min_S = 1e-06, got 1e-07"),
        (lambda: LinearSynapse(num_steps=0), "num_steps must be >= 1, got 0"),
        (lambda: LinearSynapse(write_V=0.0), "write_V must be a finite number > 0"),
        (lambda: LinearSynapse(min_S=-1.0), "min_S must be a finite number >= 0"),
        (lambda: LinearSynapse(0.0, 0.0), "max_S must be a finite number > 0"),
    ],
)  # fmt: skip
def test_values_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Crossbar([["a"]]), "weights must be a number or an array of numbers"),
        (lambda: Crossbar([[1.0]], "junction"), "device must be of type Synapse"),
        (lambda: Crossbar([[1.0]], wires=3.0), "wires must be of type Wires"),
        (lambda: Crossbar([[1.0]], reading=8), "reading must be of type Reading"),
        (lambda: Crossbar([[1.0]], programming="placed"), "programming must be of type Program"),
        (lambda: Crossbar([[1.0]], variation=0.1), "variation must be of type SynapseVariation"),
        (lambda: GOOD.pulse(np.ones((5, 7))), "counts must be integers, got float64"),
        (lambda: GOOD.update(np.ones(5), np.ones(7), trains=31), "trains must be of type Trains"),
        (lambda: GOOD @ ["a"] * 7, "x must be a number or an array of numbers"),
    ],
)
def test_types_that_are_refused(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_more_than_the_memory_holds(monkeypatch):
    monkeypatch.setattr("pbit.machine.memory_bytes", lambda: 2.0**20)
    with pytest.raises(TooLargeError, match=r"devices need about .* lower the number of weights"):
        checks.matrix_of(np.zeros((100, 100)))


def test_wires_too_many_for_an_exact_solution():
    array = Crossbar(np.zeros((256, 257)), wires=Wires(1.0))
    with pytest.raises(ValueError, match="use ir_drop='fast'"):
        array @ np.zeros(257)
