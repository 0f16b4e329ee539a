"""What turning one visible p-bit costs, the hidden layer summed out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, njit

from pbit.kernels.jit import bare_kernel
from pbit.kernels.vectors.float_bits import exp2

LANES = 16
_CHUNKS = 100  # of lanes whose factors, below 2, are multiplied before a logarithm is taken

_ZERO, _ONE = float32(0.0), float32(1.0)
_TO_BITS = float32(-2.0 * 1.4426950408889634)
_FROZEN = float32(-44.0)


@njit(inline="always")
def _log_two_cosh_sum(fields: Any, weights: Any, turn: Any, sizes: Any, products: Any) -> Any:
    """Sum over j of log 2cosh(fields[j] - turn weights[j]): of |x| in lanes of ``sizes``, and of
    log(1 + exp(-2|x|)), whose factors are collected in lanes of ``products``."""
    hidden = fields.size
    total = 0.0
    sizes[:] = _ZERO
    products[:] = _ONE
    whole = hidden // LANES
    for chunk in range(whole):
        first = chunk * LANES
        for k in range(LANES):
            x = abs(fields[first + k] - turn * weights[first + k])
            sizes[k] += x
            products[k] *= _ONE + exp2(max(_TO_BITS * x, _FROZEN))
        if chunk % _CHUNKS == _CHUNKS - 1:
            for k in range(LANES):
                total += np.log(products[k])
                products[k] = _ONE
    for j in range(whole * LANES, hidden):
        x = abs(fields[j] - turn * weights[j])
        sizes[j - whole * LANES] += x
        products[j - whole * LANES] *= _ONE + exp2(max(_TO_BITS * x, _FROZEN))
    for k in range(LANES):
        total += sizes[k] + np.log(products[k])
    return total


@bare_kernel
def flip_gains(layers: Any, weights: Any, bias: Any, gains: Any, scratch: Any) -> None:
    """gains[r, i] = F(v_r with spin i turned) - F(v_r), float32 (rows, visible).

    layers: (v, fields on the hidden p-bits with biases), float32 (rows, units); weights (visible,
    hidden); scratch float32 (2, LANES).
    """
    v, fields = layers
    sizes, products = scratch[0], scratch[1]
    for r in range(v.shape[0]):
        before = _log_two_cosh_sum(fields[r], weights[0], _ZERO, sizes, products)
        for i in range(v.shape[1]):
            turn = float32(2.0) * v[r, i]
            after = _log_two_cosh_sum(fields[r], weights[i], turn, sizes, products)
            gains[r, i] = turn * bias[i] + before - after
