"""Loops over the rows of a sparse matrix: orders, slices, extremes.

CSR as everywhere: ``indptr`` int (n + 1,), ``indices`` int32, ``weights`` float, symmetric pattern.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.kernels.jit import bare_kernel
from pbit.kernels.sweeps.lanes import LANES


def stable_order(keys: Any, order: Any, out: Any) -> None:
    """Sort ``order`` int32 by ``keys[order]`` (small ints >= 0) into ``out``, by counting."""
    _stable_order(keys, order, out, np.zeros(keys.max(initial=-1) + 2, np.int64))


@bare_kernel
def _stable_order(keys: Any, order: Any, out: Any, first: Any) -> None:
    for key in keys:
        first[key + 1] += 1
    for key in range(1, first.size):
        first[key] += first[key - 1]
    for k in range(order.size):
        key = keys[order[k]]
        out[first[key]] = order[k]
        first[key] += 1


@bare_kernel
def slice_bounds(indptr: Any, order: Any, classes: Any, starts: Any, bounds: Any) -> None:
    """Where slices of 16 sites begin in memory, each as wide as its site of most neighbours.

    classes int64 (c + 1,): slots where colour classes begin; starts int64 (c + 1,): slices where
    they begin; bounds int64 (slices + 1,) is written.
    """
    bounds[0] = 0
    for c in range(classes.size - 1):
        for t in range(starts[c], starts[c + 1]):
            first = classes[c] + LANES * (t - starts[c])
            widest = 0
            for slot in range(first, min(first + LANES, classes[c + 1])):
                i = order[slot]
                widest = max(widest, indptr[i + 1] - indptr[i])
            bounds[t + 1] = bounds[t] + LANES * widest


@bare_kernel
def fill_slices(csr: Any, order: Any, position: Any, layout: Any, out: Any) -> None:
    """Neighbours (as slots) and weights, 16 sites abreast: entry k of lane l at 16 k + l.

    csr = (indptr, indices, weights); layout = (classes, starts, bounds) of
    :func:`slice_bounds`; out = (slots int32, weights), zeros where a site has fewer neighbours.
    """
    indptr, indices, weights = csr
    classes, starts, bounds = layout
    slots, values = out
    for c in range(classes.size - 1):
        for t in range(starts[c], starts[c + 1]):
            first = classes[c] + LANES * (t - starts[c])
            for at in range(bounds[t], bounds[t + 1]):
                slots[at] = 0
                values[at] = 0
            for slot in range(first, min(first + LANES, classes[c + 1])):
                i = order[slot]
                at = bounds[t] + slot - first
                for k in range(indptr[i], indptr[i + 1]):
                    slots[at] = position[indices[k]]
                    values[at] = weights[k]
                    at += LANES


@bare_kernel
def weight_extremes(h: Any, indptr: Any, weights: Any) -> Any:
    """(smallest and largest nonzero |value|, largest sum of |values| of a site, their total over
    pairs and biases, whether all are whole numbers), without copies of the model."""
    smallest, largest, widest, total = np.inf, 0.0, 0.0, 0.0
    whole = True
    for i in range(h.size):
        size = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            value = abs(np.float64(weights[k]))
            size += value
            largest = max(largest, value)
            if value > 0.0:
                smallest = min(smallest, value)
            whole = whole and value == np.rint(value)
        bias = abs(h[i])
        largest = max(largest, bias)
        if bias > 0.0:
            smallest = min(smallest, bias)
        whole = whole and bias == np.rint(bias)
        widest = max(widest, size + bias)
        total += 0.5 * size + bias
    return smallest, largest, widest, total, whole


@bare_kernel
def fill_matrix(indptr: Any, indices: Any, weights: Any, matrix: Any) -> None:
    """Write the entries of a matrix in CSR into a full one."""
    for i in range(indptr.size - 1):
        row = matrix[i]
        for k in range(indptr[i], indptr[i + 1]):
            row[indices[k]] = weights[k]
