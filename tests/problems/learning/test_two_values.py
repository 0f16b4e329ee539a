"""One reader of two values: for machines, memories and files alike."""

import numpy as np
import pytest

from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.hopfield import HopfieldMemory
from pbit.problems.learning.binarising import spins_of
from pbit.problems.learning.raw_data import RawData
from pbit.problems.learning.two_values import BITS, BLACK_AND_WHITE, SPINS, first_strange, pair_of

READERS = {
    "machine": lambda X: RestrictedBoltzmannMachine(2, n_iter=1).fit(X),
    "memory": lambda X: HopfieldMemory().fit(X),
    "file": lambda X: spins_of(RawData(values=X, name="a.npy"), None),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("X", "wrong", "place"),
    [([[0.0, 1.0], [0.5, 3.0]], "0.5", "row 1, column 0"),
     ([[0.0, 1.0], [1.0, -1.0]], "0", "row 0, column 0")],
)  # fmt: skip
def test_all_refuse_alike(reader, X, wrong, place):
    with pytest.raises(ValueError) as error:
        READERS[reader](np.array(X))
    low, high = np.min(X), np.max(X)
    for part in (
        "0 and 1, -1 and +1, or false and true", place, wrong,
        f"give a threshold above which a value is up: values go from {low:g} to {high:g}",
    ):  # fmt: skip
        assert part in str(error.value)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("X", [[[0, 1], [1, 0]], [[-1, 1], [1, -1]], [[False, True], [True, True]]])
def test_all_take_alike(reader, X):
    READERS[reader](np.array(X))


def test_pairs():
    known = np.array([True, True, False])
    assert pair_of(np.array([1, 0, 7]), known) == BITS
    assert pair_of(np.array([1, -1, 0]), known) == SPINS
    assert pair_of(np.array([1, -1, 0])) is None
    images = np.array([0, 255, 0], np.uint8)
    assert pair_of(images) is None
    assert pair_of(images, pairs=(BITS, BLACK_AND_WHITE)) == BLACK_AND_WHITE
    assert first_strange(np.array([[1, -1], [0, 2]])) == (1, 0)
    assert first_strange(np.array([[1, 0], [0, 2]])) == (1, 1)
