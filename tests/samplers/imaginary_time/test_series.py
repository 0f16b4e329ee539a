"""The record of what was measured in imaginary time."""

import copy

import numpy as np
import pytest

from pbit.samplers.imaginary_time.series import ImaginaryTimeSeries, bin_sizes


def series():
    none = np.zeros((1, 2, 3))
    values = np.arange(8.0).reshape(2, 2, 2)
    pairs, states = np.zeros((2, 0), np.int32), np.ones((2, 4, 3), np.int8)
    return ImaginaryTimeSeries(
        ("m", "m2"), values, np.array([2]), none, none, none[..., :0], pairs, 2.0, 1.0, 4, states
    )


def test_columns_by_name():
    found = series()
    assert found["m2"].tolist() == [[1.0, 3.0], [5.0, 7.0]]
    assert (found.num_looks, found.num_reads) == (2, 2)
    assert found == copy.deepcopy(found)


def test_no_such_column():
    with pytest.raises(KeyError, match="has the columns m, m2, not 'energy'"):
        series()["energy"]


@pytest.mark.parametrize("looks", [0, 1, 5, 16, 17, 100])
def test_bins_hold_all_looks(looks):
    sizes = bin_sizes(looks)
    assert sizes.sum() == looks and sizes.size == min(looks, 16)
    assert not looks or sizes.max() - sizes.min() <= 1
