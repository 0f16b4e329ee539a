"""A model of small whole weights as the bit-sliced kernel wants it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.engines.bit_terms import Edges, Ints, SiteTerms
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel

# (planes of the adder, bits of a weight) for the fields and for the energies. A model takes the
# first level it fits: few levels, so that few kernels are ever compiled.
LEVELS = (((3, 1), (3, 1)), ((4, 2), (4, 4)), ((6, 3), (7, 6)), ((8, 7), (8, 7)))
_LOOK = 4096
_NO_AIM = -(2**63)
# Up to here the thresholds are fixed code; beyond, a loop over groups of classes of |F|.
FAST_PLANES = 4
MOST_PLANES = LEVELS[-1][0][0]
_MOST_OTHERS = 2**31 - 1  # entries of the lists, whose ends are int32


@dataclass(frozen=True, eq=False)
class BitModel(ByValue):
    """Edge lists by bit of the weight, and the constants of each site's adder.

    Weights are whole multiples of ``unit``; ``shapes`` carries, as lengths of tuples, the numbers
    of planes and of weight bits that the kernel is compiled for (fields, then energies).
    ``is_exact``: the multiples are the weights to the last bit, and so are sums of them.
    """

    edges: Edges
    forward: Edges
    start: Ints
    odd: Ints
    total: int
    flush_every: int
    planes: tuple[int, int]
    bits: tuple[int, int]
    unit: float
    is_exact: bool

    @classmethod
    def of(cls, model: AnyModel) -> BitModel | None:
        """The model in bit planes; None if its weights are no small whole numbers."""
        weights = model.J.data if isinstance(model, IsingModel) else model.weights
        values = np.concatenate([model.h, weights])
        unit = whole_unit(values)
        if unit is None:
            return None
        fields, energies = SiteTerms.fields_of(model, unit), SiteTerms.energies_of(model, unit)
        h = np.rint(model.h / unit).astype(np.int64)
        reach = fields.reach(h.size)
        odd = (reach - h) & 1
        start = -((reach - h - odd) // 2) - odd
        planes = int(max((start + reach).max(initial=0), (-start).max(initial=0))).bit_length() + 1
        most = int(energies.reach(1).max(initial=1))
        needed = ((planes, fields.num_bits), (most.bit_length(), energies.num_bits))
        level = next((level for level in LEVELS if np.all(np.array(needed) <= level)), None)
        if level is None or fields.others.size * level[0][1] > _MOST_OTHERS:
            return None
        (planes, bits), (forward_planes, forward_bits) = level
        total = int(np.abs(energies.weights).sum())
        return cls(
            edges=fields.by_bit(h.size, bits),
            forward=energies.by_bit(h.size, forward_bits),
            start=start,
            odd=odd,
            total=total,
            flush_every=max(1, 255 // max(most, 1)),
            planes=(planes, forward_planes),
            bits=(bits, forward_bits),
            unit=unit,
            is_exact=_is_short(unit, total)
            and np.array_equal(np.rint(values / unit) * unit, values),
        )

    def toy(self) -> BitModel:
        """The same shapes with a single free spin: compiles the kernel, or loads it."""
        nothing = SiteTerms.none(products=self.has_products)
        return replace(
            self,
            edges=nothing.by_bit(1, self.bits[0]),
            forward=nothing.by_bit(1, self.bits[1]),
            start=np.zeros(1, dtype=np.int64),
            odd=np.zeros(1, dtype=np.int64),
            total=0,
        )

    @property
    def has_products(self) -> bool:
        """Whether edges are lists of spins: the kernel is another then."""
        return self.edges[3] is not None

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

    def shapes(self, words: int, *, metropolis: bool = False) -> tuple[Any, Any]:
        """What the kernel is compiled for, with this many words a spin."""
        fields, energies = (
            ((0,) * planes, (0,) * bits, (0,) * words)
            for planes, bits in zip(self.planes, self.bits, strict=True)
        )
        return (*fields, metropolis or None), energies


def _is_short(unit: float, total: int) -> bool:
    """Whether multiples of the unit up to the total are numbers of float64."""
    return (2.0**20 * math.frexp(unit)[0]).is_integer() and total < 2**33


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
