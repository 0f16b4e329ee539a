"""Bytes turned by words are what numpy turns."""

import numpy as np
import pytest

from pbit.kernels.vectors.transpose import is_worth_it, transposed


@pytest.mark.parametrize(
    ("shape", "by_words"),
    [
        ((512, 128), True), ((4099, 16), True), ((8, 8192), True), ((1031, 72), True),
        ((7, 16384), False), ((4096, 17), False), ((100, 8), False), ((1, 1), False),
        ((0, 8), False),
    ],
)  # fmt: skip
def test_what_numpy_turns(shape, by_words):
    assert is_worth_it(*shape) == by_words
    matrix = np.random.default_rng(1).integers(-128, 128, shape, dtype=np.int8)
    before = matrix.copy()
    turned = transposed(matrix)
    assert turned.flags.c_contiguous and turned.dtype == np.int8
    assert np.array_equal(turned, before.T) and np.array_equal(matrix, before)


def test_a_view_is_turned_as_it_is():
    matrix = np.random.default_rng(1).integers(-128, 128, (600, 512), dtype=np.int8)
    for view in (matrix[:, ::2], matrix.T, matrix[::2], matrix[3:]):
        assert np.array_equal(transposed(view), view.T)
