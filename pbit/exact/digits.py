"""Exact laws of small models of digits, by enumeration over mixed radices.

State number x has value ``x // (K_0 ... K_(i-1)) % K_i`` at digit i: digit 0 runs fastest, and with
K = 2 everywhere states are numbered as those of spins are.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, real
from pbit.models.digits.checks import ValueArray, checked_counts
from pbit.models.digits.dit_model import DitModel
from pbit.models.labels import FloatArray

MAX_STATES = 2**24
_BLOCK = 2**16
_RULES = ("heat-bath", "metropolis")


def states(num_values: npt.ArrayLike) -> ValueArray:
    """All states of digits with K_i values, int16 (number of states, n), row x being number x.

    Raises
    ------
    ValueError
        More than 2**24 states, or a digit without any value.

    Examples
    --------
    >>> states([2, 3]).tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1], [0, 2], [1, 2]]
    """
    counts = checked_counts(num_values)
    return _values(np.arange(_count(counts)), counts)


def state_number(values: npt.ArrayLike, num_values: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Number of each state, shape (...), of values of shape (..., n).

    Examples
    --------
    >>> state_number([[1, 0], [0, 2]], [2, 3]).tolist()
    [1, 4]
    """
    counts = checked_counts(num_values)
    _count(counts)
    numbers: npt.NDArray[np.int64] = np.asarray(values, dtype=np.int64) @ _radices(counts)
    return numbers


def energies(model: DitModel) -> FloatArray:
    """Energy of every state, float64 (number of states,).

    Raises
    ------
    ValueError
        More than 2**24 states.

    Examples
    --------
    >>> energies(DitModel.potts([0], [1], [2.0], num_values=2)).tolist()
    [2.0, 0.0, 0.0, 2.0]
    """
    total = _count(model.num_values)
    found = np.empty(total)
    for first in range(0, total, _BLOCK):
        numbers = np.arange(first, min(first + _BLOCK, total))
        found[numbers] = model.energy(_values(numbers, model.num_values))
    return found


def boltzmann(model: DitModel, beta: float) -> FloatArray:
    """Probability ``exp(-beta E) / Z`` of every state; at infinite beta the lowest ones alike.

    Raises
    ------
    ValueError
        More than 2**24 states, or a beta below 0.
    """
    levels, beta = energies(model), _checked_beta(beta)
    if beta == np.inf:
        lowest = levels <= levels.min()
        return np.asarray(lowest / lowest.sum())
    weights = np.exp(-beta * (levels - levels.min()))
    return np.asarray(weights / weights.sum())


def log_z(model: DitModel, beta: float) -> float:
    """Logarithm of ``Z = sum exp(-beta E)`` over all states.

    Raises
    ------
    ValueError
        More than 2**24 states, or a beta below 0 or infinite.

    Examples
    --------
    >>> float(np.exp(log_z(DitModel.potts([0], [1], num_values=3), np.log(2.0))).round(9))
    7.5
    """
    levels = energies(model)
    if not np.isfinite(_checked_beta(beta)):
        raise ArgumentError("beta", "must be finite", beta, remedy="ground_states has its limit")
    lowest = float(levels.min())
    return float(np.log(np.exp(-beta * (levels - lowest)).sum()) - beta * lowest)


def ground_states(model: DitModel) -> tuple[float, ValueArray]:
    """Lowest energy and every state that has it (to 1e-9 of the energy scale).

    Raises
    ------
    ValueError
        More than 2**24 states.

    Examples
    --------
    >>> lowest, found = ground_states(DitModel.potts([0, 1, 2], [1, 2, 0], num_values=3))
    >>> lowest, len(found)
    (0.0, 6)
    """
    levels = energies(model)
    lowest = float(levels.min())
    scale = max(1.0, float(np.abs(levels).max()))
    return lowest, _values(np.flatnonzero(levels <= lowest + 1e-9 * scale), model.num_values)


def law(
    model: DitModel,
    betas: npt.ArrayLike,
    *,
    start: npt.ArrayLike | None = None,
    rule: str = "heat-bath",
) -> FloatArray:
    r"""Law of the state after one sweep at each beta, digit after digit.

    The heat bath draws digit i from ``softmax(-beta E(x_i = a))``, the others held. Metropolis
    proposes one of the K_i - 1 other values and takes it with probability
    ``min(1, exp(-beta dE))``.

    Parameters
    ----------
    model : DitModel
    betas : float, shape (k,)
    start : int array, shape (n,), optional
        All states alike by default.
    rule : {"heat-bath", "metropolis"}

    Returns
    -------
    float64, shape (number of states,)

    Raises
    ------
    ValueError
        More than 2**24 states, an unknown rule, a beta below 0.

    Examples
    --------
    >>> law(DitModel.potts([0], [1], num_values=2), [np.inf], start=[0, 0]).tolist()
    [0.0, 1.0, 0.0, 0.0]
    """
    if rule not in _RULES:
        raise ArgumentError("rule", f"must be one of {', '.join(_RULES)}", rule)
    counts = model.num_values
    levels = energies(model).reshape(counts[::-1])
    flat = np.full(levels.size, 1 / levels.size)
    if start is not None:
        flat = np.zeros(levels.size)
        flat[state_number(model.check(start), counts)] = 1.0
    cube = flat.reshape(levels.shape)
    for beta in floats("betas", betas).ravel():
        for axis in range(counts.size - 1, -1, -1):  # digit 0 is the last axis
            cube = _updated(cube, levels, _checked_beta(beta), axis=axis, rule=rule)
    return cube.ravel()


def _updated(
    cube: FloatArray, levels: FloatArray, beta: float, *, axis: int, rule: str
) -> FloatArray:
    old, costs = np.moveaxis(cube, axis, -1), np.moveaxis(levels, axis, -1)
    moved = _drawn(old, costs, beta) if rule == "heat-bath" else _proposed(old, costs, beta)
    return np.moveaxis(moved, -1, axis)


def _drawn(old: FloatArray, costs: FloatArray, beta: float) -> FloatArray:
    weights = np.exp(-_work(beta, costs - costs.min(axis=-1, keepdims=True)))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True) * old.sum(-1, keepdims=True))


def _proposed(old: FloatArray, costs: FloatArray, beta: float) -> FloatArray:
    count = costs.shape[-1]
    if count == 1:
        return old
    rises = np.maximum(costs[..., None, :] - costs[..., :, None], 0.0)
    moves = old[..., None] * np.exp(-_work(beta, rises)) / (count - 1)
    moves[..., np.arange(count), np.arange(count)] = 0.0
    return np.asarray(old - moves.sum(axis=-1) + moves.sum(axis=-2))


def _work(beta: float, rises: FloatArray) -> FloatArray:
    """beta times what is no fall, also where beta is infinite."""
    with np.errstate(invalid="ignore"):
        return np.where(rises == 0, 0.0, beta * rises)


def _values(numbers: npt.NDArray[np.int64], counts: npt.NDArray[np.int32]) -> ValueArray:
    return (numbers[:, None] // _radices(counts) % counts).astype(np.int16)


def _radices(counts: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Distance between the numbers of states that differ by 1 in a digit."""
    return np.concatenate([[1], np.cumprod(counts.astype(np.int64))])[: counts.size]


def _count(counts: npt.NDArray[np.int32]) -> int:
    total: int = math.prod(counts.tolist())
    if total > MAX_STATES:
        raise ValueError(
            f"enumeration of {counts.size} digits needs {float(total):.3g} states; at most "
            f"{MAX_STATES}"
        )
    return total


def _checked_beta(beta: float) -> float:
    if not real("beta", beta) >= 0:
        raise ArgumentError("beta", "must be >= 0", beta)
    return float(beta)
