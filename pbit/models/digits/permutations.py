"""Permutations as values of digits: checked, drawn, and the matrices that weigh them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, real
from pbit.machine import check_memory
from pbit.models.digits.checks import ValueArray, checked_values
from pbit.models.labels import FloatArray
from pbit.models.numbers import as_floats
from pbit.seeds import seed_or_fresh

MOST = 2**15 - 1  # values are int16


class PermutationModel(ABC):
    """Models whose states are the permutations of 0 to n - 1."""

    @property
    @abstractmethod
    def num_digits(self) -> int:
        """Number of digits n."""

    @property
    def log_states(self) -> float:
        """Logarithm of the number of states, ``ln n!``."""
        return math.lgamma(self.num_digits + 1)

    def check(self, values: npt.ArrayLike) -> ValueArray:
        """The states as int16, shape (..., n).

        Raises
        ------
        TypeError, ValueError
            No integers, another last axis, or no permutations.
        """
        return checked_permutations(values, self.num_digits)

    def is_valid(self, values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether each state is a permutation, shape (...)."""
        return are_permutations(values, self.num_digits)

    def random(self, seed: int | None = None, rows: int = 1) -> ValueArray:
        """Permutations, all as likely: int16 (rows, n).

        Raises
        ------
        TooLargeError
            More than fit into memory.
        """
        return random_permutations(self.num_digits, seed, rows)


def checked_permutations(values: npt.ArrayLike, n: int) -> ValueArray:
    """Permutations of 0 to n - 1 as int16, shape (..., n).

    Raises
    ------
    TypeError, ValueError
        No integers, another last axis, or a value that is missing.
    """
    found = checked_values(values, np.full(n, n, np.int32))
    bad = np.argwhere(~are_permutations(found, n))
    if len(bad):
        row = found[tuple(bad[0])]
        value = int(np.bincount(row, minlength=n).argmax())
        raise ArgumentError(
            "values",
            f"must be permutations of 0..{n - 1}",
            got=f"{value} more than once",
            remedy="each of the values goes to one digit",
        )
    return found


def are_permutations(values: npt.ArrayLike, n: int) -> npt.NDArray[np.bool_]:
    """Whether each state has each of the values 0 to n - 1 once, shape (...).

    Examples
    --------
    >>> are_permutations([[0, 2, 1], [0, 1, 1]], 3).tolist()
    [True, False]
    """
    once: npt.NDArray[np.bool_] = (np.sort(np.asarray(values), axis=-1) == np.arange(n)).all(-1)
    return once


def random_permutations(n: int, seed: int | None, rows: int) -> ValueArray:
    """Permutations, all as likely: int16 (rows, n).

    Raises
    ------
    TooLargeError
        More than fit into memory.
    """
    check_memory(10.0 * rows * n, what="states", lower="rows")
    generator = np.random.default_rng(seed_or_fresh(seed))
    return generator.random((rows, n)).argsort(axis=1).astype(np.int16)


def checked_matrix(name: str, values: npt.ArrayLike, n: int | None = None) -> FloatArray:
    """A square matrix of numbers, of n rows where it is said, as float64.

    Raises
    ------
    TypeError, ValueError
        No numbers, NaN or infinity, or another shape.
    """
    matrix = as_floats(name, values)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or n not in (None, len(matrix)):
        rule = "must be a square matrix" if n is None else f"must be of shape ({n}, {n})"
        raise ArgumentError(name, rule, got=f"shape {matrix.shape}")
    check_size(name, len(matrix))
    if not np.isfinite(matrix).all():
        row, col = np.argwhere(~np.isfinite(matrix))[0].tolist()
        got = f"{matrix[row, col]} in row {row}, column {col}"
        raise ArgumentError(name, "must be finite", got=got, remedy="take a large number")
    return matrix


def check_size(name: str, n: int) -> None:
    """Refuse more values than states can hold.

    Raises
    ------
    ValueError
    """
    if n > MOST:
        raise ArgumentError(name, f"must have {MOST} rows or fewer", n)


def checked_offset(offset: float) -> float:
    """A finite number.

    Raises
    ------
    TypeError, ValueError
    """
    number = real("offset", offset)
    if not np.isfinite(number):
        raise ArgumentError("offset", "must be finite", number)
    return number
