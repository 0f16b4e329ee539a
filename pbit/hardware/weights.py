"""Weights as hardware can hold them: bits, conductances, programming errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.hardware.draws import Trait, edge_normals
from pbit.hardware.group import ParameterGroup
from pbit.hardware.input import WIDEST_BITS
from pbit.hardware.ranges import ranged
from pbit.models.labels import FloatArray


@dataclass(frozen=True, kw_only=True)
class Weights(ParameterGroup):
    """What keeps a weight from being the number that was wanted.

    Parameters
    ----------
    weight_bits : int, optional
        Couplings and biases as signed numbers of so many bits, the largest |value| full scale.
    conductance_ratio : float, optional
        Largest over smallest conductance: couplings below ``max |J| / ratio`` become that or
        nothing, whichever is nearer.
    weight_spread : float
        Standard deviation of the logarithm of each programmed coupling, drawn for each direction.
    """

    weight_bits: int | None = ranged(
        None,
        "Signed numbers of so many bits. Not given: exact.",
        low=2,
        high=WIDEST_BITS,
        whole=True,
        optional=True,
    )
    conductance_ratio: float | None = ranged(
        None,
        "Largest over smallest conductance. Not given: no limit.",
        low=1.0,
        open_low=True,
        optional=True,
    )
    weight_spread: float = ranged(
        0.0, "Standard deviation of ln weight, each direction by itself.", low=0.0, high=2.0
    )


def programmed_values(
    weights: Weights,
    values: FloatArray,
    *,
    full_scale: float,
    normals: Callable[[], FloatArray],
) -> FloatArray:
    """Values as the weights hold them: rounded, within the conductances, spread.

    Parameters
    ----------
    weights : Weights
    values : float64, any shape
    full_scale : float
        What the largest of the signed numbers stands for; at least ``max |values|``.
    normals : callable
        Programming errors in standard deviations, of the shape of ``values``; called only where
        there are some.

    Returns
    -------
    float64, of the shape of ``values``
        In their unit.

    Examples
    --------
    >>> values = np.array([[1.0, 0.4], [-0.1, 0.0]])
    >>> programmed_values(
    ...     Weights(weight_bits=3), values, full_scale=1.0, normals=lambda: np.zeros((2, 2))
    ... ).round(3).tolist()
    [[1.0, 0.333], [0.0, 0.0]]
    """
    if weights.weight_bits is not None and full_scale > 0:
        values = rounded_to_bits(values, full_scale, weights.weight_bits)
    if weights.conductance_ratio is not None and values.size:
        values = within_ratio(values, weights.conductance_ratio)
    if weights.weight_spread > 0:
        values = values * np.exp(weights.weight_spread * normals())
    return values


def programmed_matrix(weights: Weights, matrix: npt.ArrayLike, *, seed: int) -> FloatArray:
    """A matrix as an array of these weights holds it, the largest of its own full scale.

    Parameters
    ----------
    weights : Weights
    matrix : float64, shape (rows, columns)
        Row: who receives; column: who sends.
    seed : int
        Of the fabrication: the error of a weight is that of (seed, row, column), whatever the
        shape, and the one that the same coupling has on a chip.

    Returns
    -------
    float64, shape (rows, columns)
        In the matrix's unit.

    Raises
    ------
    ValueError
        No matrix, numbers that are not finite.

    Examples
    --------
    >>> programmed_matrix(Weights(conductance_ratio=4.0), [[1.0, -0.2, 0.1]], seed=0).tolist()
    [[1.0, -0.25, 0.0]]
    """
    values = np.array(matrix, dtype=np.float64)
    if values.ndim != 2:
        raise ArgumentError(
            "matrix", "must have two axes, rows and columns", got=f"shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ArgumentError(
            "matrix", "must have finite numbers", remedy="put 0 where there is no weight"
        )
    rows, columns = np.indices(values.shape)

    def normals() -> FloatArray:
        drawn = edge_normals(Trait.EDGE_WEIGHT, rows.ravel(), columns.ravel(), seed=seed)
        return drawn.reshape(values.shape)

    full_scale = float(np.abs(values).max(initial=0.0))
    return programmed_values(weights, values, full_scale=full_scale, normals=normals)


def rounded_to_bits(values: FloatArray, full: float, bits: int) -> FloatArray:
    """Nearest multiples of ``full / (2**(bits - 1) - 1)``: a sign and ``bits - 1`` binary digits.

    Examples
    --------
    >>> rounded_to_bits(np.array([1.0, 0.4, -0.1]), 1.0, 3).round(3).tolist()
    [1.0, 0.333, 0.0]
    """
    step = full / (2 ** (bits - 1) - 1)
    if not step > 0:  # below what floats can tell apart
        return values
    return np.asarray(np.rint(values / step) * step + 0.0)


def within_ratio(values: FloatArray, ratio: float) -> FloatArray:
    """Magnitudes below ``max |value| / ratio`` become that or nothing, whichever is nearer.

    Examples
    --------
    >>> within_ratio(np.array([1.0, -0.2, 0.1]), 4.0).tolist()
    [1.0, -0.25, 0.0]
    """
    least = np.abs(values).max(initial=0.0) / ratio
    small = (np.abs(values) < least) & (values != 0)
    nearer = np.where(np.abs(values) < least / 2, 0.0, np.sign(values) * least)
    return np.asarray(np.where(small, nearer, values))
