"""Binary sums over several columns: exact without converters, write errors by their law."""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.synapses import BinaryJunction
from pbit.networks.crossbar import Counter, OpenLoop
from pbit.networks.perceptrons import Columns, ColumnSums

ALPHA = 1e-6
RNG = np.random.default_rng(1)
W, X = RNG.choice([-1, 1], (4, 150)), RNG.choice([-1, 1], (150, 6))
EXACT = Counter(bits=None)


@pytest.mark.parametrize("summation", ["resistance", "current"])
@pytest.mark.parametrize("rows", [1, 64, 150, 1000])
def test_sums_of_pieces_are_the_product(rows, summation):
    columns = Columns(rows, counter=EXACT, summation=summation)
    sums = ColumnSums(W, columns, seed=1)
    np.testing.assert_allclose(sums @ X, W @ X, atol=1e-9)
    np.testing.assert_allclose(sums @ X[:, 0], W @ X[:, 0], atol=1e-9)
    assert sums.shape == (4, 150)
    assert max(array.shape[1] for array in sums.arrays) <= rows
    assert len({array.shape[1] for array in sums.arrays}) <= 2  # evenly


def test_every_column_has_its_own_converter():
    """Half a code of each piece at most, where none is clipped; clipped sums are counted."""
    sums = ColumnSums(W, Columns(64, counter=Counter(bits=4, window=(0.0, 1.0))), seed=1)
    most = sum(array.shape[1] / 15 for array in sums.arrays)
    error = np.abs(sums @ X - W @ X)
    assert 0 < error.max() <= most + 1e-9
    narrow = ColumnSums(W, Columns(64, counter=Counter(window=(0.45, 0.55))), seed=1)
    narrow @ X
    assert sum(array.clipped for array in narrow.arrays) > 0


def test_write_errors_are_binomial():
    """A pulse that fails once in ten times leaves a tenth of the cells that were to be P as AP."""
    device = BinaryJunction().with_probability(0.9)
    signs = RNG.choice([-1, 1], (100, 64))
    columns = Columns(64, device, counter=EXACT, programming=OpenLoop(max_pulses=1))
    (array,) = ColumnSums(signs, columns, seed=2).arrays
    wanted = array._targets(signs) > 1.5 * device.lowest_S
    wrong = wanted & (array.cells.conductance() < 1.5 * device.lowest_S)
    count, of = int(wrong.sum()), int(wanted.sum())
    assert stats.binomtest(count, of, 0.1).pvalue > ALPHA
    assert stats.binomtest(count, of, 0.13).pvalue < ALPHA  # control
    assert (array.cells.conductance()[~wanted] == device.lowest_S).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Columns(0), "rows must be >= 1, got 0"),
        (lambda: ColumnSums(0 * W, Columns(), seed=1), "weights must be -1 or 1"),
        (lambda: ColumnSums(W, Columns(), seed=1) @ X[:5], "x must have the shape"),
    ],
)
def test_values_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
