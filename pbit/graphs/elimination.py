"""Spins minimised out: what is left is smaller and has the same least energy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.models.ising import IsingModel, checked_states
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.models.terms import Terms, pointers_of

LONGEST = 8  # members of a product
_MOST_TERMS = 2**19  # of a model that is looked at
_ROOM = 3  # records, next to the terms at the beginning


@dataclass(frozen=True, eq=False)
class Eliminated(ByValue):
    """A model without the spins that were minimised out.

    Parameters
    ----------
    source : IsingModel or PolynomialModel
    model : IsingModel or PolynomialModel
        Of the spins that are left, with the labels they had: an Ising model where no product has
        more than two.
    left : int64, shape (l,)
        Their numbers in the source.
    report : dict
        Spins and terms before and after.
    """

    source: AnyModel
    model: AnyModel
    left: npt.NDArray[np.int64]
    report: dict[str, int] = field(default_factory=dict)
    _written: tuple[Any, ...] = ()

    def decode(self, spins: npt.ArrayLike) -> SpinArray:
        """Lowest states of the source, int8 (..., n), that have these spins, (..., l).

        ``source.energy(decode(s)) == model.energy(s)`` for every s.

        Raises
        ------
        ValueError
            Another last axis, or values that are no spins.
        """
        from pbit.kernels.graphs.minimising import put_back

        given = checked_states(spins, self.model.num_spins)
        states = np.ones((*given.shape[:-1], self.source.num_spins), dtype=np.int8)
        states[..., self.left] = given
        if self._written:
            put_back(states.reshape(-1, self.source.num_spins), *self._written)
        return states

    def encode(self, spins: npt.ArrayLike) -> SpinArray:
        """The spins that are left, int8 (..., l), of states of the source.

        Raises
        ------
        ValueError
            Another last axis, or values that are no spins.
        """
        given = checked_states(spins, self.source.num_spins)
        return np.asarray(given[..., self.left], dtype=np.int8)


def eliminate(model: AnyModel, *, longest: int | None = None) -> Eliminated:
    r"""The model of fewer spins with the same lowest states.

    A spin whose field is f has the least energy :math:`\min_{s} (-s f) = -|f|`, a function of its
    neighbours, and so a polynomial in them (bucket elimination: Bertele and Brioschi, Nonserial
    Dynamic Programming, 1972; here by minimisation). A spin is taken out

    - where one of its terms outweighs all others together: it follows that one (Hammer, Hansen,
      Simeone, Math. Program. 28, 121 (1984));
    - where it has six neighbours or fewer and there are no more terms afterwards than before. Spins
      of three neighbours without bias are of that kind, and the ancillas of a product of many spins
      (:func:`pbit.graphs.reduce_order`): that gives them their product back;
    - with a neighbour, or with a spin of the same neighbours, where that holds of both together.

    It goes on until none is left to take out. Every state of what is left stands for the lowest of
    the source that has these spins, so that of all ground states at least one is kept; laws at
    finite temperature are not.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        One of more than 2^19 terms, or with products of more than eight spins, is left as it is.
    longest : int, optional
        Spins of a product at most, 2 to 8; by default as many as the model has, so that an Ising
        model stays one.

    Returns
    -------
    Eliminated

    Raises
    ------
    ValueError
        Another ``longest``.

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, -2.0, 3.0])
    >>> small = eliminate(chain)
    >>> small.model.num_spins, small.model.offset, small.decode(np.zeros((1, 0))).tolist()
    (0, -6.0, [[-1, -1, 1, 1]])
    >>> from pbit.graphs import reduce_order
    >>> pairs = reduce_order(PolynomialModel.from_terms({(0, 1, 2, 3, 4): 1.0})).model
    >>> pairs.num_spins, eliminate(pairs, longest=5).report["spins left"]
    (7, 0)
    """
    terms = _terms_of(model)
    degree = int(np.diff(terms.pointers).max(initial=2))
    if longest is None:
        longest = max(2, degree)
    else:
        longest = integer("longest", longest, 2, LONGEST)
        if longest < degree:
            raise ArgumentError(
                "longest", f"must be {degree} or more, the degree of the model", longest
            )
    every = np.arange(model.num_spins)
    report = {"spins": every.size, "terms": terms.weights.size}
    if longest > LONGEST or not every.size or terms.weights.size > _MOST_TERMS:
        return Eliminated(model, model, every, {**report, "spins left": every.size})
    return _Book(model, terms, longest).eliminated(report)


class _Book:
    """The arrays of :mod:`pbit.kernels.graphs.minimising`."""

    def __init__(self, model: AnyModel, terms: Terms, longest: int) -> None:
        n, m = model.num_spins, terms.weights.size
        room, slots = _ROOM * m + 256, 1
        while slots < 2 * room:
            slots *= 2
        self.source, self.longest = model, longest
        self.terms = (
            np.zeros((room, longest), np.int32), np.zeros(room, np.int32), np.zeros(room),
            np.zeros(room, np.uint64), np.full(slots, -1, np.int32),
            np.random.default_rng(0).integers(0, 2**64, n, np.uint64),
            np.full(n, -1, np.int32), np.zeros((room, longest), np.int32), np.zeros(3, np.int64),
        )  # fmt: skip
        self.given = terms

    def eliminated(self, report: dict[str, int]) -> Eliminated:
        from pbit.kernels.graphs.minimising import MOST, take_out, write_terms

        source, n, room = self.source, self.source.num_spins, self.terms[1].size
        body = np.zeros(2 * LONGEST, np.int32)
        write_terms(*self.given, 0.0, body, self.terms)
        scratch = (
            np.zeros(room, np.int32), np.full(n, -1, np.int32), np.zeros(MOST + 2, np.int32),
            np.zeros((3, 1 << MOST)), body,
        )  # fmt: skip
        written = (
            np.zeros((n, 2), np.int32), np.zeros(n + 1, np.int64), np.zeros(room, np.int32),
            np.zeros(room),
        )  # fmt: skip
        out = np.zeros(n, np.uint8)
        sites, waiting = np.zeros(n, np.int32), np.zeros(n, np.uint8)
        constant = take_out(self.longest, sites, waiting, out, scratch, written, self.terms)
        if not out.any():
            return Eliminated(source, source, np.arange(n), {**report, "spins left": n})
        _, gone, noted = self.terms[-1].tolist()
        gones, first, told, told_weights = written
        kept = (gones[:gone], first[: gone + 1], told[:noted], told_weights[:noted])
        left = np.flatnonzero(out == 0)
        model = self._rest(left, source.offset - constant)
        report |= {"spins left": left.size, "terms left": int(np.count_nonzero(self.terms[2]))}
        return Eliminated(source, model, left, report, (*kept, self.terms[:2]))

    def _rest(self, left: npt.NDArray[np.int64], offset: float) -> AnyModel:
        members, sizes, weights = self.terms[:3]
        alive = np.flatnonzero(weights)
        place = np.zeros(self.source.num_spins, np.int64)
        place[left] = np.arange(left.size)
        labels = tuple(self.source.labels[i] for i in left.tolist())
        sizes, rows, weights = sizes[alive], place[members[alive]], weights[alive]
        if isinstance(self.source, IsingModel) and (sizes <= 2).all():
            single, pair = sizes == 1, sizes == 2
            h = np.bincount(rows[single, 0], weights=weights[single], minlength=left.size)
            ends = rows[pair, 0], rows[pair, 1]
            return IsingModel.from_edges(
                *ends, weights[pair], h=h, offset=offset, num_spins=left.size, labels=labels
            )
        inside = np.arange(self.longest) < sizes[:, None]
        return PolynomialModel.from_arrays(
            pointers_of(sizes), rows[inside], weights, num_spins=left.size, offset=offset,
            labels=labels,
        )  # fmt: skip


def _terms_of(model: AnyModel) -> Terms:
    if not isinstance(model, IsingModel):
        return Terms(model.pointers, model.members, model.weights)
    rows, cols, weights = model.edges()
    biased = np.flatnonzero(model.h)
    sizes = np.repeat([1, 2], [biased.size, rows.size])
    members = np.concatenate([biased, np.stack([rows, cols], axis=1).reshape(-1)])
    return Terms(
        pointers_of(sizes), members.astype(np.int32), np.concatenate([model.h[biased], weights])
    )
