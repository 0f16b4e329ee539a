"""Checks of arguments that networks of oscillators share."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.checks import ArgumentError, floats

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]


def square_matrix(couplings: Any, *, kind: type = np.float64) -> Any:
    """csr_array of float64, or of complex128, without a diagonal."""
    if not sparse.issparse(couplings):
        couplings = _numbers("couplings", couplings, kind)
    if couplings.ndim != 2 or couplings.shape[0] != couplings.shape[1] or not couplings.shape[0]:
        raise ArgumentError(
            "couplings", "must have shape (n, n)", got=f"shape {couplings.shape}", remedy="n >= 1"
        )
    _check_kind("couplings", couplings, kind)
    matrix = sparse.coo_array(couplings).astype(kind)
    others = matrix.row != matrix.col
    matrix = sparse.csr_array(
        (matrix.data[others], (matrix.row[others], matrix.col[others])), shape=matrix.shape
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    finite("couplings", matrix.data)
    return matrix


def each(name: str, values: Any, *shapes: tuple[int, ...], kind: type = np.float64) -> Any:
    """float64, or complex128, of the shape among those allowed that it has; the first for a
    number."""
    numbers = _numbers(name, values, kind)
    if numbers.ndim and numbers.shape not in shapes:
        rule = " or ".join(str(shape) for shape in shapes)
        raise ArgumentError(
            name,
            f"must be a number or of shape {rule}",
            got=f"shape {numbers.shape}",
            remedy="one for each oscillator",
        )
    finite(name, numbers)
    return np.broadcast_to(numbers, numbers.shape or shapes[0]).copy()


def finite(name: str, values: npt.NDArray[Any]) -> None:
    """Refuse NaN and infinity."""
    bad = ~np.isfinite(values)
    if bad.any():
        raise ArgumentError(name, "must be finite", values[bad].flat[0], remedy="check its unit")


def no_negative(name: str, values: FloatArray) -> None:
    """Refuse numbers below 0."""
    if (values < 0).any():
        raise ArgumentError(
            name, "must be >= 0", float(values.min()), remedy="it is D, not its root"
        )


def _numbers(name: str, values: Any, kind: type) -> npt.NDArray[Any]:
    if kind is np.float64:
        _check_kind(name, values, kind)
        return floats(name, values)
    try:
        return np.asarray(values, dtype=np.complex128)
    except (TypeError, ValueError):
        rule = f"{name} must be complex numbers"
        raise TypeError(f"{rule}, got {values!r:.60}") from None


def _check_kind(name: str, values: Any, kind: type) -> None:
    if kind is np.float64 and np.iscomplexobj(values):
        raise ArgumentError(
            name, "must be real", got="complex numbers", remedy="phases have no quadratures"
        )
