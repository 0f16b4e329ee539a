"""Scales of the energies of digits: bounds, and mean and spread where all states are alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pbit.models.digits.groups import by_shape, groups
from pbit.models.labels import FloatArray

if TYPE_CHECKING:
    from pbit.models.digits.dit_model import DitModel


def bounds(model: DitModel) -> tuple[float, float]:
    """Energies between which all states lie: every term at its least, or at its most.

    Examples
    --------
    >>> from pbit import DitModel
    >>> bounds(DitModel.potts([0, 1, 2], [1, 2, 0], num_values=2))
    (0.0, 3.0)
    """
    least, most = (_extreme(model, way) for way in (np.minimum, np.maximum))
    return least, most


def _extreme(model: DitModel, way: np.ufunc) -> float:
    pairs = of_entries(model, lambda tables: way.reduce(tables, axis=(1, 2))).sum() / 2
    return float(way.reduceat(model.h, model.starts[:-1]).sum() + pairs) + model.offset


def of_entries(
    model: DitModel, measure: Callable[[FloatArray], Any], *, degree: int = 1
) -> FloatArray:
    """A number of the table of each entry of the rows, float64 (2 m,).

    ``measure`` takes tables of shape (d, K, L) and gives d numbers; of tables that are c > 0 times
    as large they are ``c**degree`` times as large.
    """
    if model.weights is not None:
        return np.asarray(_of_units(model, measure) * np.abs(model.weights) ** degree)
    found = np.empty(model.neighbours.size)
    for group in groups(model):
        found[group.entries] = measure(group.tables)[group.which]
    return found


def _of_units(model: DitModel, measure: Callable[[FloatArray], Any]) -> FloatArray:
    """The same of Potts pairs of weight 1 or -1, one table for all of a shape and a sign."""
    assert model.weights is not None
    found = np.empty(model.weights.size)
    for entries, shape in by_shape(model):
        above, below = measure(np.stack([np.eye(*shape), -np.eye(*shape)]))
        found[entries] = np.where(model.weights[entries] > 0, above, below)
    return found


def largest_of_pairs(model: DitModel) -> FloatArray:
    """Largest absolute energy of each entry of the rows, float64 (2 m,)."""
    return of_entries(model, lambda tables: np.abs(tables).max(axis=(1, 2)))


def mean_energy(model: DitModel) -> float:
    """Mean energy at infinite temperature.

    Examples
    --------
    >>> from pbit import DitModel
    >>> mean_energy(DitModel.potts([0, 1, 2], [1, 2, 0], num_values=2))
    1.5
    """
    pairs = of_entries(model, lambda tables: tables.mean(axis=(1, 2))).sum() / 2
    fields = (model.h / np.repeat(model.num_values, model.num_values)).sum()
    return float(fields + pairs) + model.offset


def mean_fields(model: DitModel) -> FloatArray:
    """Energy of each value of each digit, the others drawn evenly: float64, laid out like h."""
    fields = model.h.copy()
    if model.weights is not None:
        return fields + _potts_means(model, model.weights)
    rows, _ = model.ends()
    for group in groups(model):
        at = model.starts[rows[group.entries]][:, None] + np.arange(group.tables.shape[1])
        np.add.at(fields, at, group.tables.mean(axis=2)[group.which])
    return fields


def _potts_means(model: DitModel, weights: FloatArray) -> FloatArray:
    """Of the pairs: value a meets a share 1 / K_j of the weight, where j has it."""
    rows, cols = model.ends()
    counts = model.num_values
    value = np.arange(model.h.size) - np.repeat(model.starts[:-1], counts)
    found = np.zeros(model.h.size)
    for count in np.unique(counts).tolist():
        of_these = counts[cols] == count
        shares = np.bincount(rows[of_these], weights[of_these] / count, counts.size)
        found += np.where(value < count, np.repeat(shares, counts), 0.0)
    return found


def spreads(model: DitModel) -> FloatArray:
    """Standard deviation that each digit alone gives the energy, float64 (n,), others drawn evenly.

    Of a digit with two values it is half the root mean square of what a change costs.

    Examples
    --------
    >>> from pbit import DitModel
    >>> spreads(DitModel.potts([0], [1], [2.0], num_values=2)).tolist()
    [1.0, 1.0]
    """
    own, pairs = _variances(model)
    return np.sqrt(own + np.bincount(model.ends()[0], pairs, minlength=model.num_digits))


def spread(model: DitModel) -> float:
    """Standard deviation of the energy at infinite temperature.

    Examples
    --------
    >>> from pbit import DitModel
    >>> spread(DitModel.potts([0, 2], [1, 3], [2.0, 2.0], num_values=2))
    1.4142135623730951
    """
    own, pairs = _variances(model)
    return float(np.sqrt(own.sum() + pairs.sum() / 2))


def _variances(model: DitModel) -> tuple[FloatArray, FloatArray]:
    """Of the mean energies of each digit's values, and of what each entry adds to both means."""
    fields, counts = mean_fields(model), model.num_values
    if not counts.size:
        return np.zeros(0), np.zeros(0)
    means = np.add.reduceat(fields, model.starts[:-1]) / counts
    squares = (fields - np.repeat(means, counts)) ** 2
    return np.add.reduceat(squares, model.starts[:-1]) / counts, of_entries(
        model, _interaction, degree=2
    )


def _interaction(tables: FloatArray) -> FloatArray:
    """Mean square of tables without the means of their rows and columns."""
    rows, cols = tables.mean(axis=2, keepdims=True), tables.mean(axis=1, keepdims=True)
    rest = tables - rows - cols + tables.mean(axis=(1, 2), keepdims=True)
    squares: FloatArray = (rest**2).mean(axis=(1, 2))
    return squares


def ranges(model: DitModel) -> FloatArray:
    """Most that each digit alone can change the energy by, float64 (n,).

    Examples
    --------
    >>> from pbit import DitModel
    >>> ranges(DitModel.potts([0, 1], [1, 2], [2.0, -1.0], num_values=3)).tolist()
    [2.0, 3.0, 1.0]
    """
    if not model.num_digits:
        return np.zeros(0)
    highest, lowest = (way.reduceat(model.h, model.starts[:-1]) for way in (np.maximum, np.minimum))
    pairs = of_entries(model, lambda tables: np.ptp(tables, axis=1).max(axis=1))
    found: FloatArray = highest - lowest
    return found + np.bincount(model.ends()[0], pairs, minlength=model.num_digits)
