"""Building blocks of the vectorised kernels."""

import numpy as np
from numba import njit

from pbit.kernels.vectors.float_bits import as_float32, as_uint32, exp2, fma


@njit
def _exp2(values):
    out = np.empty_like(values)
    for k in range(values.size):
        out[k] = exp2(values[k])
    return out


@njit
def _round_trip(x):
    return as_float32(as_uint32(x))


@njit
def _fma(a, b, c):
    return fma(a, b, c)


def test_exp2_is_good_to_float32_rounding():
    y = -np.linspace(0, 44, 2_000_001, dtype=np.float32)
    exact = np.exp2(y.astype(np.float64))
    assert np.abs(_exp2(y) / exact - 1).max() < 2.5e-7


def test_exp2_of_zero_is_one():
    assert _exp2(np.zeros(1, dtype=np.float32))[0] == 1.0


def test_bits_survive_a_round_trip():
    assert _round_trip(np.float32(-1.5e-30)) == np.float32(-1.5e-30)


def test_fma_rounds_once():
    a = np.float32(1 + 2**-12)
    exact = float(a) * float(a) - 1.0
    assert _fma(a, a, np.float32(-1)) == np.float32(exact)
    assert np.float32(a * a) - np.float32(1) != np.float32(exact)
