"""Loops over the rows of a sparse matrix: orders, slices, extremes.

CSR as everywhere: ``indptr`` int (n + 1,), ``indices`` int32, ``weights`` float, symmetric pattern.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.kernels.jit import bare_kernel
from pbit.kernels.sweeps.lanes import LANES

_MOST_STEPS, _CLOSE = 100, 1e-13  # of the search for a cold end


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
def rows_in_order(items: Any, pointers: Any, order: Any, out: Any) -> None:
    """The rows ``items[pointers[i] : pointers[i + 1]]`` one after the other, i from ``order``."""
    at = 0
    for i in order:
        for k in range(pointers[i], pointers[i + 1]):
            out[at] = items[k]
            at += 1


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
def beta_ends(
    h: Any, indptr: Any, weights: Any, excitation: Any, least_gap: Any, gaps: Any, fields: Any
) -> Any:
    """(hot, cold) of :func:`pbit.default_beta_range`, 0 and 0 where there is no bias or coupling.

    ``gaps``, ``fields``: scratch, float64 (n,). Numbers are taken in units of the largest and of
    the widest, for squares of huge or tiny numbers are no numbers; the cold end by Newton's method
    on the logarithm, which is convex and falls: from beta = 0 it comes to the solution from below.
    """
    unit = 0.0
    for i in range(h.size):
        unit = max(unit, abs(h[i]))
    for k in range(indptr[0], indptr[h.size]):
        unit = max(unit, abs(np.float64(weights[k])))
    if unit == 0.0:
        return 0.0, 0.0
    width, count = 0.0, 0
    for i in range(h.size):
        bias = abs(h[i]) / unit
        gap, square = bias if bias > 0.0 else np.inf, bias * bias
        for k in range(indptr[i], indptr[i + 1]):
            value = abs(np.float64(weights[k])) / unit
            square += value * value
            if value > 0.0:
                gap = min(gap, value)
        if gap < np.inf:
            gaps[count], fields[count] = gap, np.sqrt(square)
            width = max(width, fields[count])
            count += 1
    mean = 0.0
    for k in range(count):
        gaps[k] /= width
        fields[k] = 2.0 * max(gaps[k], least_gap * fields[k] / width)
        mean += gaps[k] / count
    aim, beta = np.log(excitation * mean), 0.0
    for _ in range(_MOST_STEPS):
        left = slope = 0.0
        for k in range(count):
            part = gaps[k] * np.exp(-beta * fields[k])
            left += part
            slope += part * fields[k]
        step = (np.log(left) - aim) * left / slope
        beta += step
        if step <= _CLOSE * beta:
            break
    hot = np.log(3.0) / (2.0 * width)
    return hot / unit, max(beta / width, 2.0 * hot) / unit


@bare_kernel
def fill_matrix(indptr: Any, indices: Any, weights: Any, matrix: Any) -> None:
    """Write the entries of a matrix in CSR into a full one."""
    for i in range(indptr.size - 1):
        row = matrix[i]
        for k in range(indptr[i], indptr[i + 1]):
            row[indices[k]] = weights[k]
