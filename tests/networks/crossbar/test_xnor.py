"""Columns of junctions against resistances added up one by one; codes, noise, refusals."""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.synapses import BinaryJunction, SynapseVariation
from pbit.networks.crossbar import Counter, OpenLoop, WriteVerify, XnorArray
from pbit.statistics import binomial_p_values

ALPHA = 1e-6
RNG = np.random.default_rng(1)
W, X = RNG.choice([-1, 1], (4, 16)), RNG.choice([-1, 1], (16, 6))
EXACT = Counter(bits=None)
DEVICE = BinaryJunction()
R_P, R_AP = 1 / DEVICE.highest_S, 1 / DEVICE.lowest_S
each = pytest.mark.parametrize("summation", ["resistance", "current"])


@each
@pytest.mark.parametrize("access_ohm", [0.0, 500.0])
def test_without_variation_it_is_the_product(summation, access_ohm):
    array = XnorArray(W, summation=summation, access_ohm=access_ohm, counter=EXACT)
    np.testing.assert_allclose(array @ X, W @ X, atol=1e-9)
    np.testing.assert_allclose(array @ X[:, 0], W @ X[:, 0], atol=1e-9)


@each
def test_columns_cell_by_cell(summation):
    """Referee: the junction that the input chooses, one after the other."""
    array = XnorArray(W, summation=summation, access_ohm=100.0, counter=EXACT, seed=2,
                      variation=SynapseVariation(conductance_d2d=0.2))  # fmt: skip
    G = array.cells.conductance()
    expected = np.zeros((4, 6))
    for i, b in np.ndindex(4, 6):
        for k in range(16):
            ohm = 1 / G[0 if X[k, b] == 1 else 1, i, k] + 100.0
            expected[i, b] += ohm if summation == "resistance" else 1 / ohm
    np.testing.assert_allclose(array.sums(X).values, expected, rtol=1e-12)
    low, high = R_P + 100.0, R_AP + 100.0
    if summation == "current":
        low, high = 1 / high, 1 / low
    mac = 2 * (expected - 16 * low) / (high - low) - 16  # card B19
    np.testing.assert_allclose(array @ X, mac, atol=1e-9)
    assert np.abs(array @ X - W @ X).max() > 0.1


def test_codes():
    """Sixteen codes between -n/2 and n/2: halves of n = 16 in steps of 16/15."""
    array = XnorArray(np.ones((1, 16)))
    for ups in range(17):
        x = np.where(np.arange(16) < ups, 1, -1)
        mac = 2 * ups - 16
        code = round(15 * min(max((mac + 8) / 16, 0), 1))
        assert (array @ x)[0] == pytest.approx(-8 + 16 * code / 15)
    assert array.clipped == 8
    # One bit: whether more than half are alike.
    coarse = XnorArray(np.ones((1, 16)), counter=Counter(bits=1, window=(0.4, 0.6)))
    assert coarse @ np.ones(16) == pytest.approx(0.2 * 16)


def test_time_to_the_reference():
    array = XnorArray(np.ones((1, 4)), counter=Counter(None, (0, 1), 2e-13, 1.2, 0.4))
    expected = np.log(1.2 / 0.8) * 4 * R_AP * 2e-13
    np.testing.assert_allclose(array.seconds(np.ones(4)), expected, rtol=1e-12)


@each
def test_noise_of_reads_is_that_of_the_cells(summation):
    """5000 reads; a standard deviation 20 % off is seen with certainty."""

    def errors(noise):
        array = XnorArray(W[:2], summation=summation, noise=noise, counter=EXACT, seed=1)
        x = np.tile(X[:, :1], 5000)
        alike = (16 + W[:2] @ X[:, 0]) / 2
        high, low = (R_AP, R_P) if summation == "resistance" else (1 / R_P, 1 / R_AP)
        sd = 0.05 * np.sqrt(alike * high**2 + (16 - alike) * low**2)
        mean = alike * high + (16 - alike) * low
        return (array.sums(x).values - mean[:, None]) / sd[:, None]

    for z in errors(0.05):
        assert stats.kstest(z, "norm").pvalue > ALPHA / 4
    assert stats.kstest(errors(0.06)[0], "norm").pvalue < ALPHA / 4
    array = XnorArray(W, noise=0.05)
    assert (array @ X[:, 0]).shape == (4,)


def test_junctions_that_were_not_written():
    """One pulse of probability 0.9 each: a tenth of those wanted in P are in AP."""
    weights = RNG.choice([-1, 1], (60, 100))
    array = XnorArray(weights, BinaryJunction().with_probability(0.9),
                      programming=OpenLoop(max_pulses=1), seed=1)  # fmt: skip
    failed = array.programmed.num_failed
    assert binomial_p_values([failed], 6000, [0.1]).min() > ALPHA
    assert binomial_p_values([failed], 6000, [0.13]).max() < ALPHA  # control, power 0.99
    verified = XnorArray(weights, BinaryJunction().with_probability(0.9),
                         programming=WriteVerify(), counter=EXACT)  # fmt: skip
    x = RNG.choice([-1, 1], 100)
    np.testing.assert_allclose(verified @ x, weights @ x, atol=1e-9)


def test_stuck_junctions():
    stuck = np.zeros((2, 1, 4), np.int8)
    stuck[0, 0, 2] = 1  # P, where the weight 1 wants AP
    array = XnorArray(np.ones((1, 4)), stuck=stuck, counter=EXACT)
    assert (array @ np.ones(4))[0] == pytest.approx(2.0)
    assert array.programmed.num_failed == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: XnorArray([[1, 0]]), "weights must be -1 or 1 everywhere, got 0.0; take np.sign"),
        (lambda: XnorArray([[1, np.nan]]), "weights must be finite"),
        (lambda: XnorArray([[1, 1]], summation="ohm"), "summation must be one of resistance, cur"),
        (lambda: XnorArray([[1, 1]], noise=-1.0), "noise must be a finite number >= 0 and <= 1"),
        (lambda: XnorArray([[1, 1]], access_ohm=-1.0), "access_ohm must be a finite number >= 0"),
        (lambda: XnorArray([[1, 1]]) @ [1, 0.5], "x must be -1 or 1 everywhere, got 0.5"),
        (lambda: XnorArray([[1, 1]]) @ [1, 1, 1], r"x must have the shape \(2,\)"),
        (lambda: XnorArray([[1, 1]], summation="current").seconds([1, 1]),
         "summation must be resistance for times, got 'current'"),
        (lambda: Counter(0), "bits must be >= 1, got 0"),
        (lambda: Counter(window=(0.5, 0.5)), "window must be two shares, 0 <= low < high <= 1"),
        (lambda: Counter(capacitance_F=0.0), "capacitance_F must be a finite number > 0"),
        (lambda: Counter(supply_V=0.0), "supply_V must be a finite number > 0"),
        (lambda: Counter(reference_V=1.0), "reference_V must be a finite number > 0 and < 1"),
    ],
)  # fmt: skip
def test_values_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("wrong", [{"device": 3}, {"programming": 3}, {"variation": 3}])
def test_types_that_are_refused(wrong):
    with pytest.raises(TypeError, match=f"{next(iter(wrong))} must be of type"):
        XnorArray([[1, 1]], **wrong)
