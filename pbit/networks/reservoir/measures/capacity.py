r"""Information processing capacity: how much of all functions of the past linear readouts find.

Inputs are even from -1 to 1. The functions are products of normalised Legendre polynomials of
delayed inputs, orthonormal on the average; :math:`C = 1 - \min_w \langle (y - w x)^2 \rangle /
\langle y^2 \rangle`, both sides without their means, is the share of one that the states have. The
sum over all functions is at most the number of independent nodes. Delay 0 is the input of the
present step, and counts.

A function that the states have nothing of gives about rank / steps all the same, and steps times C
follows the chi-square law of rank degrees of freedom: what is below its quantile of 1 - ``chance``,
by Bonferroni for all functions, is taken for 0.

Source: Dambre, Verstraeten, Schrauwen, Massar, Sci. Rep. 2, 514 (2012).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer, real
from pbit.networks.reservoir.protocol import FloatArray, Reservoir, check_room, states_of
from pbit.seeds import seed_of, seed_or_fresh

_INPUT, _RESERVOIR = range(2)  # what a seed is for
_WARM_UP = 100
_AT_A_TIME = 512  # functions
_MOST = 10**6  # functions

Term = tuple[tuple[int, int], ...]  # (delay, degree) of every factor


@dataclass(frozen=True, eq=False)
class Capacities(ByValue):
    """What a reservoir has of each function.

    Parameters
    ----------
    terms : tuple
        Of each function found, its factors as (delay, degree).
    values : float64, shape (found,)
        Its capacity, above the cut.
    cut : float
        Capacities below it were taken for 0.
    rank : int
        Independent nodes: the most that the total can be.
    tried : int
        Functions.
    steps : int
        Of the series.
    """

    terms: tuple[Term, ...]
    values: FloatArray
    cut: float
    rank: int
    tried: int
    steps: int

    @property
    def total(self) -> float:
        """Sum of all."""
        return float(self.values.sum())

    @property
    def by_degree(self) -> FloatArray:
        """Sums of functions of degree 1, 2, ..., to the largest that was found."""
        degrees = [sum(degree for _, degree in term) for term in self.terms]
        return np.asarray(np.bincount(degrees, self.values, minlength=2)[1:], np.float64)

    @property
    def linear(self) -> float:
        """Linear memory: that of degree 1."""
        return float(self.by_degree[0])


def information_processing_capacity(
    reservoir: Reservoir,
    *,
    delays: Sequence[int] = (40, 12, 6),
    steps: int = 10_000,
    chance: float = 1e-3,
    seed: int | None = None,
) -> Capacities:
    """Capacities of all products of Legendre polynomials up to a degree and a delay.

    Parameters
    ----------
    reservoir : Reservoir
    delays : sequence of int
        The largest delay of functions of degree 1, 2, ...: as many entries as degrees.
    steps : int
        Of the series, after 100 of warm-up.
    chance : float
        That one function at all is taken for real that is not.
    seed : int, optional

    Raises
    ------
    TypeError, ValueError
        Anything out of range; more than 10^6 functions.
    MemoryError
        More than there is room for.

    Examples
    --------
    >>> from pbit.networks.reservoir import Delays
    >>> found = information_processing_capacity(Delays(num_delays=3), steps=2000, seed=1)
    >>> round(found.total, 6), found.rank
    (3.0, 3)
    """
    integer("steps", steps, 10)
    if not 0 < real("chance", chance) < 1:
        raise ArgumentError("chance", "must be > 0 and < 1", chance)
    terms = list(_terms([integer("delays", each, 0) for each in delays]))
    drawn = seed_or_fresh(seed)
    rng = np.random.default_rng(seed_of(drawn, _INPUT))
    skipped = _WARM_UP + max(delays)
    others = 2 * len(delays) + min(len(terms), _AT_A_TIME) + 2
    check_room(reservoir, skipped + steps, others, lower="steps or delays")
    inputs = rng.uniform(-1, 1, skipped + steps)
    states = states_of(reservoir, inputs[:, None], seed=seed_of(drawn, _RESERVOIR))[skipped:]
    basis = _basis(states)
    values = _capacities(basis, inputs, terms, skipped)
    cut = float(stats.chi2.isf(chance / len(terms), basis.shape[1])) / steps
    kept = np.flatnonzero(values > cut)
    return Capacities(
        terms=tuple(terms[k] for k in kept),
        values=values[kept],
        cut=cut,
        rank=basis.shape[1],
        tried=len(terms),
        steps=steps,
    )


def _terms(delays: Sequence[int]) -> Iterator[Term]:
    """All products of degree 1, 2, ... of delayed inputs."""
    count = sum(math.comb(most + degree, degree) for degree, most in enumerate(delays, start=1))
    if not 0 < count <= _MOST:
        raise ArgumentError(
            "delays", "must have an entry for each degree, and give 10^6 functions at most",
            tuple(delays), remedy="lower those of high degrees",
        )  # fmt: skip
    for degree, most in enumerate(delays, start=1):
        for chosen in itertools.combinations_with_replacement(range(most + 1), degree):
            yield tuple((delay, len(list(same))) for delay, same in itertools.groupby(chosen))


def _basis(states: FloatArray) -> FloatArray:
    """Orthonormal columns that span the states without their means, float64 (steps, rank)."""
    centred = states - states.mean(axis=0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    least = singular[0] * max(states.shape) * np.finfo(np.float64).eps
    return np.asarray(left[:, singular > least])


def _capacities(
    basis: FloatArray, inputs: FloatArray, terms: list[Term], skipped: int
) -> FloatArray:
    powers = _legendre(inputs, max(degree for term in terms for _, degree in term))
    steps, found = len(basis), np.empty(len(terms))
    for first in range(0, len(terms), _AT_A_TIME):
        some = terms[first : first + _AT_A_TIME]
        wanted = np.ones((steps, len(some)))
        for column, term in zip(wanted.T, some, strict=True):
            for delay, degree in term:
                column *= powers[degree, skipped - delay : skipped - delay + steps]
        wanted -= wanted.mean(axis=0)
        explained = ((basis.T @ wanted) ** 2).sum(axis=0)
        found[first : first + len(some)] = explained / (wanted**2).sum(axis=0)
    return found


def _legendre(inputs: FloatArray, most: int) -> FloatArray:
    """Polynomials of degree 0 to ``most`` of mean square 1, float64 (most + 1, steps)."""
    values = np.polynomial.legendre.legvander(inputs, most).T
    return np.asarray(values * np.sqrt(2 * np.arange(most + 1) + 1)[:, None])
