"""Population annealing between two sweeps: how far to cool, who is copied, who is overwritten.

M populations of R members each; member k of population p is lane ``p R + k``, and ``energies`` is
float64 (M, R). Spins of all lanes are in one int8 array ``flat``: site i of lane r is at
``starts[r] + i strides[r]``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pbit.kernels.jit import bare_kernel, inner

_MOST_GUESSES = 60
_CLOSE = 1e-3  # of the fraction asked for


@inner
def _lowest(row: Any) -> Any:
    lowest = row[0]
    for k in range(1, row.size):
        lowest = min(lowest, row[k])
    return lowest


@inner
def _spread(row: Any) -> Any:
    """Mean distance from the mean."""
    total = apart = 0.0
    for k in range(row.size):
        total += row[k]
    for k in range(row.size):
        apart += abs(row[k] - total / row.size)
    return apart / row.size


@inner
def _culled(energies: Any, step: Any, weights: Any) -> Any:
    """Mean over members of ``max(0, 1 - tau)``, tau being the expected number of copies."""
    populations, members = energies.shape
    total = 0.0
    for p in range(populations):
        lowest = _lowest(energies[p])
        norm = 0.0
        for k in range(members):
            weights[k] = math.exp(-step * (energies[p, k] - lowest))
            norm += weights[k]
        for k in range(members):
            total += max(0.0, 1.0 - weights[k] * members / norm)
    return total / energies.size


def next_step(energies: Any, most: float, fraction: float) -> float:
    """Step in beta, at most ``most``, at which this fraction of the members is expected to go."""
    return float(_next_step(energies, most, fraction, np.empty(energies.shape[1])))


@bare_kernel
def _next_step(energies: Any, most: Any, fraction: Any, weights: Any) -> Any:
    """The Illinois variant of the rule of false position; the fraction rises with the step."""
    low, high = 0.0, most
    f_low, f_high = -fraction, _culled(energies, most, weights) - fraction
    if f_high <= _CLOSE * fraction:
        return most
    spread = 0.0
    for p in range(energies.shape[0]):
        spread += _spread(energies[p]) / energies.shape[0]
    guess = 2 * fraction / spread if spread > 0 else 0.5 * most  # right for small steps
    side = 0
    for _ in range(_MOST_GUESSES):
        if not low < guess < high:
            guess = 0.5 * (low + high)
        f = _culled(energies, guess, weights) - fraction
        if abs(f) <= _CLOSE * fraction:
            break
        if f > 0:
            high, f_high = guess, f
            f_low *= 0.5 if side > 0 else 1.0
            side = 1
        else:
            low, f_low = guess, f
            f_high *= 0.5 if side < 0 else 1.0
            side = -1
        guess = (low * f_high - high * f_low) / (f_high - f_low)
    return guess


def count_copies(energies: Any, step: float, uniforms: Any, copies: Any, log_ratios: Any) -> None:
    """Systematic resampling: copies int32 (M, R), R in each population, ``tau`` expected of each.

    tau_k = R w_k / sum(w), w_k = exp(-step E_k); member k gets the whole numbers between
    ``u + sum_{j<k} tau_j`` and ``u + sum_{j<=k} tau_j``, u from ``uniforms`` (M,), 0 < u < 1.
    log_ratios float64 (M,) takes log(sum(w) / R).
    """
    weights = np.empty(energies.shape[1])
    _count_copies(energies, step, uniforms, copies, log_ratios, weights)


@bare_kernel
def _count_copies(
    energies: Any, step: Any, uniforms: Any, copies: Any, log_ratios: Any, weights: Any
) -> None:
    populations, members = energies.shape
    for p in range(populations):
        lowest = _lowest(energies[p])
        norm = 0.0
        for k in range(members):
            weights[k] = math.exp(-step * (energies[p, k] - lowest))
            norm += weights[k]
        log_ratios[p] = math.log(norm / members) - step * lowest
        reach, passed = uniforms[p], 0
        for k in range(members):
            reach += weights[k] * members / norm
            upto = members if k == members - 1 else min(members, math.floor(reach))
            copies[p, k] = upto - passed
            passed = upto


@bare_kernel
def replacements(copies: Any, targets: Any, sources: Any) -> Any:
    """Lanes to overwrite and what with; how many. One copy of a survivor stays where it is."""
    populations, members = copies.shape
    count = 0
    for p in range(populations):
        source, left = 0, copies[p, 0] - 1
        for k in range(members):
            if copies[p, k]:
                continue
            while left <= 0:
                source += 1
                left = copies[p, source] - 1
            targets[count] = p * members + k
            sources[count] = p * members + source
            left -= 1
            count += 1
    return count


@bare_kernel
def overwrite(flat: Any, lanes: Any, targets: Any, sources: Any, num_spins: Any) -> None:
    """Copy the spins of the lanes ``sources`` to ``targets``; no lane is both. lanes = (starts,
    strides)."""
    starts, strides = lanes
    for i in range(num_spins):
        for t in range(targets.size):
            target, source = targets[t], sources[t]
            flat[starts[target] + i * strides[target]] = flat[starts[source] + i * strides[source]]


@bare_kernel
def gather(flat: Any, lanes: Any, chosen: Any, rows: Any) -> None:
    """Spins of the chosen lanes, one row each: int8 (chosen, n)."""
    starts, strides = lanes
    for t in range(chosen.size):
        start, stride = starts[chosen[t]], strides[chosen[t]]
        for i in range(rows.shape[1]):
            rows[t, i] = flat[start + i * stride]
