"""A model of small whole-number weights as the bit-sliced kernel wants it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray

# (planes of the adder, bits of a weight) for the fields and for the energies. A model takes the
# first level it fits: few levels, so that few kernels are ever compiled.
LEVELS = (((3, 1), (3, 1)), ((4, 2), (4, 4)), ((6, 3), (7, 6)), ((8, 7), (8, 7)))
_LOOK = 4096
_NO_AIM = -(2**63)
# Up to here the thresholds are fixed code; beyond, a loop over classes of |F|.
FAST_PLANES = 4

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BitModel(ByValue):
    """Edge lists by bit of the coupling, and the constants of each site's adder.

    Weights are whole multiples of ``unit``; ``shapes`` carries, as lengths of tuples, the numbers
    of planes and of weight bits that the kernel is compiled for (fields, then energies).
    """

    edges: tuple[Any, Any, Any]
    forward: tuple[Any, Any, Any]
    start: Ints
    odd: Ints
    total: int
    flush_every: int
    planes: tuple[int, int]
    bits: tuple[int, int]
    unit: float

    @classmethod
    def of(cls, model: IsingModel) -> BitModel | None:
        """The model in bit planes; None if its weights are no small whole numbers."""
        unit = whole_unit(np.concatenate([model.h, model.J.data]))
        if unit is None:
            return None
        h = np.rint(model.h / unit).astype(np.int64)
        weights = np.rint(model.J.data / unit).astype(np.int64)
        rows = np.repeat(np.arange(model.num_spins), np.diff(model.J.indptr))
        reach = np.bincount(rows, weights=np.abs(weights), minlength=h.size).astype(np.int64)
        odd = (reach - h) & 1
        start = -((reach - h - odd) // 2) - odd
        planes = int(max((start + reach).max(initial=0), (-start).max(initial=0))).bit_length() + 1
        cols = model.J.indices.astype(np.int64)
        ahead = cols > rows
        all_rows = np.concatenate([rows[ahead], np.flatnonzero(h)])
        all_cols = np.concatenate([cols[ahead], np.full(np.count_nonzero(h), h.size)])
        values = np.concatenate([weights[ahead], h[h != 0]])
        most = int(np.bincount(all_rows, weights=np.abs(values), minlength=1).max(initial=1))
        needed = ((planes, _bits(weights)), (most.bit_length(), _bits(values)))
        level = next((level for level in LEVELS if np.all(np.array(needed) <= level)), None)
        if level is None:
            return None
        (planes, bits), (forward_planes, forward_bits) = level
        return cls(
            edges=_edge_lists(h.size, rows, cols, weights, bits),
            forward=_edge_lists(h.size, all_rows, all_cols, values, forward_bits),
            start=start,
            odd=odd,
            total=int(np.abs(values).sum()),
            flush_every=max(1, 255 // max(most, 1)),
            planes=(planes, forward_planes),
            bits=(bits, forward_bits),
            unit=unit,
        )

    def toy(self) -> BitModel:
        """The same shapes with a single free spin: compiles the kernel, or loads it."""
        return replace(
            self,
            edges=_edge_lists(1, *_NOTHING, self.bits[0]),
            forward=_edge_lists(1, *_NOTHING, self.bits[1]),
            start=np.zeros(1, dtype=np.int64),
            odd=np.zeros(1, dtype=np.int64),
            total=0,
        )

    @property
    def is_fast(self) -> bool:
        """Whether bit slicing beats float lanes whatever the number of reads."""
        return self.planes[0] <= FAST_PLANES

    def scales(self, betas: FloatArray) -> FloatArray:
        """``2 beta unit``."""
        with np.errstate(over="ignore"):
            return np.asarray(2 * betas * self.unit)

    def aim(self, target: float) -> int:
        """The target as a whole number of units: energies in them are exact and need no slack."""
        if target == -np.inf:
            return _NO_AIM
        aim = target / self.unit
        return int(np.clip(aim + 1e-6 + 1e-9 * abs(aim), -(2.0**62), 2.0**62) // 1)

    def shapes(self, words: int) -> tuple[Any, Any]:
        """What the kernel is compiled for, with this many words a spin."""
        return tuple(
            ((0,) * planes, (0,) * bits, (0,) * words)
            for planes, bits in zip(self.planes, self.bits, strict=True)
        )  # type: ignore[return-value]


def whole_unit(values: FloatArray) -> float | None:
    """Largest unit of which all values are whole multiples up to 127; None if there is none.

    Examples
    --------
    >>> whole_unit(np.array([0.5, -1.5, 0.0])), whole_unit(np.array([1.0, 0.75]))
    (0.5, 0.25)
    >>> whole_unit(np.array([1.0, np.pi])) is None
    True
    """
    magnitudes = np.abs(values[values != 0])
    if not magnitudes.size:
        return 1.0
    # A look at a few spares sorting millions of real numbers.
    if np.unique(magnitudes[:_LOOK]).size > 127:
        return None
    same = magnitudes == magnitudes[0]
    sizes = magnitudes[:1] if same.all() else np.unique(magnitudes)
    if sizes.size > 127 or sizes[-1] / sizes[0] > 127:
        return None
    for divisor in range(1, 128):
        unit = float(sizes[0]) / divisor
        multiples = np.rint(sizes / unit)
        if multiples[-1] > 127:
            return None
        if np.allclose(multiples * unit, sizes, rtol=1e-14, atol=0):
            return unit
    return None


def _bits(weights: Ints) -> int:
    return int(np.abs(weights).max(initial=0)).bit_length()


def _edge_lists(n: int, rows: Ints, cols: Ints, weights: Ints, bits: int) -> tuple[Any, Any, Any]:
    """(indices, signs, pointers) sorted by site, then by bit of the weight."""
    parts = [np.flatnonzero((np.abs(weights) >> q) & 1) for q in range(bits)]
    entry = np.concatenate(parts)
    key = rows[entry] * bits + np.repeat(np.arange(bits), [part.size for part in parts])
    order = np.argsort(key, kind="stable")
    entry = entry[order]
    pointers = np.zeros(n * bits + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=n * bits), out=pointers[1:])
    signs = np.where(weights[entry] < 0, -1, 0).astype(np.int8)
    return cols[entry].astype(np.int32), signs, pointers


_NOTHING = (np.zeros(0, np.int64),) * 3
