"""Quadratic functions of bits put together from parts and squares, and whole numbers in bits.

A whole number in 0..r is written ``sum_k c_k x_k`` with the fewest bits that reach every value:
``c = 1, 2, 4, ..., 2^(k-2)`` and last ``r - (2^(k-1) - 1)``, k the bits of r in binary.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.conventions.qubo import edges_of_entries
from pbit.models.ising import IsingModel

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MAX_BITS = 30
"""Of one whole number: its square is then far below 2^53, so that energies are exact."""


class BitSum:
    """``E(x) = offset + sum values x_row x_col`` over bits, put together piece by piece.

    Examples
    --------
    >>> total = BitSum(2)
    >>> total.add_square([0, 1], [1.0, 1.0], -1.0, weight=3.0)  # 3 (x0 + x1 - 1)^2
    >>> model = total.model()
    >>> model.energy(np.array([1, -1], dtype=np.int8)).item()
    0.0
    """

    def __init__(self, num_bits: int) -> None:
        self.num_bits = num_bits
        self.offset = 0.0
        self._rows: list[Ints] = []
        self._cols: list[Ints] = []
        self._values: list[Floats] = []

    def add(self, rows: npt.ArrayLike, cols: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Add ``values x_row x_col``; rows == cols is linear."""
        self._rows.append(np.asarray(rows, dtype=np.int64).ravel())
        self._cols.append(np.asarray(cols, dtype=np.int64).ravel())
        self._values.append(np.asarray(values, dtype=np.float64).ravel())

    def add_square(
        self, bits: npt.ArrayLike, parts: npt.ArrayLike, constant: float, *, weight: float
    ) -> None:
        """Add ``weight (sum parts x_bits + constant)^2``; every bit occurs once."""
        bits = np.asarray(bits, dtype=np.int64)
        parts = np.asarray(parts, dtype=np.float64)
        self.add(bits, bits, weight * parts * (parts + 2.0 * constant))
        first, second = np.triu_indices(bits.size, k=1)
        self.add(bits[first], bits[second], 2.0 * weight * parts[first] * parts[second])
        self.offset += weight * constant * constant

    def model(self, labels: Sequence[Hashable] | None = None) -> IsingModel:
        """Ising model with these energies, s = 2x - 1."""
        edges = edges_of_entries(
            np.concatenate([np.zeros(0, np.int64), *self._rows]),
            np.concatenate([np.zeros(0, np.int64), *self._cols]),
            np.concatenate([np.zeros(0), *self._values]),
            offset=self.offset,
            labels=range(self.num_bits) if labels is None else labels,
        )
        return IsingModel.from_edges(**edges._asdict())


def parts_of(largest: int) -> Ints:
    """What the bits of a whole number in 0..largest count for, int64.

    Raises
    ------
    ValueError
        More than ``MAX_BITS`` bits.

    Examples
    --------
    >>> parts_of(5).tolist(), parts_of(0).tolist()
    ([1, 2, 2], [])
    """
    count = int(largest).bit_length()
    if count > MAX_BITS:
        raise ValueError(
            f"a whole number must have at most 2^{MAX_BITS} values, got 0..{largest}; give it "
            "narrower bounds, or divide the constraint by a common factor"
        )
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    powers = 2 ** np.arange(count - 1, dtype=np.int64)
    return np.append(powers, largest - powers.sum())


def bits_of(value: int, parts: Ints) -> Ints:
    """Bits of a value in 0..sum(parts), as `parts_of` counts them.

    Examples
    --------
    >>> bits_of(5, parts_of(5)).tolist(), bits_of(3, parts_of(5)).tolist()
    ([1, 1, 1], [1, 1, 0])
    """
    bits = np.zeros(parts.size, dtype=np.int64)
    if not parts.size:
        return bits
    rest = int(value)
    if rest > int(parts[:-1].sum()):
        bits[-1] = 1
        rest -= int(parts[-1])
    bits[:-1] = rest >> np.arange(parts.size - 1) & 1
    return bits


def whole_array(values: npt.ArrayLike, what: str, *, low: int | None = None) -> Ints:
    """The values as int64.

    Raises
    ------
    ValueError
        One that is not whole, beyond 2^53, or below ``low``.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "biuf" or (array.size and not np.isfinite(array).all()):
        raise ArgumentError(what, "must be whole numbers", array.dtype, remedy="round them")
    if (array != np.round(array)).any() or (abs(array.astype(np.float64)) > 2.0**53).any():
        raise ArgumentError(what, "must be whole numbers up to 2^53", remedy="scale and round them")
    if low is not None and (array < low).any():
        raise ArgumentError(what, f"must be >= {low}", array.min(), remedy="leave such entries out")
    return array.astype(np.int64)
