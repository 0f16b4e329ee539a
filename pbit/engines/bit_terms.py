"""Pairs and products of spins with whole weights, listed by site and by bit of the weight."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.engines.compiled_model import taken
from pbit.models.ising import IsingModel
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.models.terms import pointers_of

Ints = npt.NDArray[np.int64]
Edges = tuple[
    npt.NDArray[np.int32], npt.NDArray[np.int8], Ints, npt.NDArray[np.int32] | None
]  # indices, signs, pointers, ends


class SiteTerms(NamedTuple):
    """What acts on each site: ``weights[k]`` times the spins of ``others`` on site ``sites[k]``.

    ``others[k]``, one spin each, or those from ``ends[k]`` to ``ends[k + 1]``; spin n is up for
    good, which makes a bias of a pair.
    """

    sites: Ints
    weights: Ints
    others: npt.NDArray[np.integer]
    ends: Ints | None = None

    @classmethod
    def fields_of(cls, model: AnyModel, unit: float) -> SiteTerms:
        """Every term at every one of its sites, but for biases."""
        if isinstance(model, IsingModel):
            J = model.J
            return cls(_sites(J.indptr), _whole(J.data, unit), J.indices)
        starts, weights, ends, others = model.incidence()
        return cls(_sites(starts), _whole(weights, unit), others, ends)

    @classmethod
    def energies_of(cls, model: AnyModel, unit: float) -> SiteTerms:
        """Every term, biases too, at one of its sites."""
        if isinstance(model, PolynomialModel):
            return _once(model, unit)
        n, biased = model.num_spins, np.flatnonzero(model.h)
        rows, cols, weights = model.edges()
        return cls(
            np.concatenate([rows, biased]),
            _whole(np.concatenate([weights, model.h[biased]]), unit),
            np.concatenate([cols, np.full(biased.size, n)]),
        )

    def reach(self, n: int) -> Ints:
        """Sum of all \\|weights\\| at each site."""
        return np.bincount(self.sites, weights=np.abs(self.weights), minlength=n).astype(np.int64)

    @property
    def num_bits(self) -> int:
        """Bits of the largest weight."""
        return int(np.abs(self.weights).max(initial=0)).bit_length()

    @classmethod
    def none(cls, *, products: bool) -> SiteTerms:
        """No terms, of pairs or of products."""
        nothing = np.zeros(0, np.int64)
        return cls(*(nothing,) * 3, np.zeros(1, np.int64) if products else None)

    def by_bit(self, n: int, bits: int) -> Edges:
        """(indices, signs, pointers, ends) sorted by site, then by bit of the weight."""
        parts = [np.flatnonzero((np.abs(self.weights) >> q) & 1) for q in range(bits)]
        entry = np.concatenate(parts)
        key = self.sites[entry] * bits + np.repeat(np.arange(bits), [part.size for part in parts])
        if np.any(key[1:] < key[:-1]):
            entry = entry[np.argsort(key, kind="stable")]
        pointers = pointers_of(np.bincount(key, minlength=n * bits))
        down = self.weights[entry] < 0
        if self.ends is None:
            return self.others[entry].astype(np.int32), -down.astype(np.int8), pointers, None
        places, ends = taken(self.ends, entry)
        # The xor of an even number of bits is 0 where their spins' product is +1.
        down ^= np.diff(ends) % 2 == 0
        others = self.others[places].astype(np.int32)
        return others, -down.astype(np.int8), pointers, ends.astype(np.int32)


def terms_of_spins(model: AnyModel) -> npt.NDArray[np.integer]:
    """In how many couplings, or terms of two spins and more, each spin is.

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0], h=[1.0, 0.0, 0.0])
    >>> terms_of_spins(chain).tolist()
    [1, 2, 1]
    >>> terms_of_spins(PolynomialModel.from_ising_model(chain)).tolist()
    [1, 2, 1]
    """
    if isinstance(model, IsingModel):
        return np.asarray(np.diff(model.J.indptr))
    linear = int(np.searchsorted(np.diff(model.pointers), 2))
    return np.bincount(model.members[model.pointers[linear] :], minlength=model.num_spins)


def _once(model: PolynomialModel, unit: float) -> SiteTerms:
    """Terms at their first members."""
    first = model.pointers[:-1]
    sizes = np.diff(model.pointers)
    others = model.members.copy()
    linear = sizes == 1
    others[first[linear]] = model.num_spins
    kept = np.ones(others.size, bool)
    kept[first[~linear]] = False
    ends = pointers_of(np.maximum(sizes - 1, 1))
    sites = model.members[first].astype(np.int64)
    return SiteTerms(sites, _whole(model.weights, unit), others[kept], ends)


def _sites(starts: npt.NDArray[np.integer]) -> Ints:
    """Of each entry of a list of lists."""
    return np.repeat(np.arange(starts.size - 1), np.diff(starts))


def _whole(weights: npt.NDArray[np.float64], unit: float) -> Ints:
    return np.rint(weights / unit).astype(np.int64)
