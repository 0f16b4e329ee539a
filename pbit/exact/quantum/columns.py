"""Columns of exp(-t H) by Chebyshev polynomials of H, several threads side by side.

``exp(-t H) = sum_k (2 - [k = 0]) (-1)^k I_k(t r) T_k((H - c) / r)`` times ``exp(-t c)``, with the
levels of H between c - r and c + r and modified Bessel functions I_k, which fall faster than
exponentially beyond k = t r (Tal-Ezer, Kosloff, J. Chem. Phys. 81, 3967 (1984)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh
from scipy.special import ive

from pbit.exact.quantum.system import IntArray, Sector
from pbit.kernels.quantum.chebyshev import WIDTH, apply_twice, expand, expand_response, overlaps
from pbit.machine import available_threads
from pbit.models.labels import FloatArray

_MARGIN = 1e-3  # of the width: Lanczos comes from inside
_NEGLIGIBLE = 1e-18

Result = TypeVar("Result")


class Scale(NamedTuple):
    """Levels lie between ``middle - radius`` and ``middle + radius``."""

    middle: float
    radius: float

    @property
    def lowest(self) -> float:
        """What exponentials are relative to, so that they are of the order of 1."""
        return self.middle - self.radius

    def coefficients(self, times: FloatArray) -> FloatArray:
        """Of T_k in ``exp(-t (H - lowest))``, shape (len(times), k)."""
        reach = float(times.max()) * self.radius
        most = int(reach + 20 * reach ** (1 / 3) + 40)
        k = np.arange(most)
        rows = ive(k, self.radius * times[:, None]) * np.where(k, 2.0, 1.0) * (-1.0) ** k
        used = np.flatnonzero(np.abs(rows).max(axis=0) > _NEGLIGIBLE)
        return np.ascontiguousarray(rows[:, : used[-1] + 1])


class Flips(NamedTuple):
    """A sector as the kernels take it, scaled."""

    diagonal: FloatArray
    masks: IntArray
    fields: FloatArray


def scale_of(sectors: list[Sector]) -> Scale:
    """Bounds of all levels, by Lanczos."""
    ends = np.array([extreme_levels(sector) for sector in sectors])
    low, high = ends.min(), ends.max()
    return Scale((low + high) / 2, (high - low) * (0.5 + _MARGIN))


def extreme_levels(sector: Sector) -> tuple[float, float]:
    """Lowest and highest level, to about 1e-6 of the width between them."""
    size = sector.diagonal.size
    operator = LinearOperator((size, size), matvec=sector.apply, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=size)
    options = {"k": 1, "tol": 1e-6, "v0": start, "return_eigenvectors": False}
    low, high = (float(eigsh(operator, which=end, **options)[0]) for end in ("SA", "LA"))
    return low, high


def flips_of(sector: Sector, scale: Scale) -> Flips:
    """Scaled, with masks in pairs."""
    missing = -sector.masks.size % 2
    return Flips(
        (sector.diagonal - scale.middle) / scale.radius,
        np.concatenate([sector.masks, np.zeros(missing, dtype=np.int64)]),
        np.concatenate([sector.fields, np.zeros(missing)]) / scale.radius,
    )


def unit_columns(states: IntArray, size: int) -> FloatArray:
    """Columns of the unit matrix, flat, one after the other in each row; zeros where they end."""
    columns = np.zeros((size, WIDTH))
    columns[states, np.arange(states.size)] = 1.0
    return columns.ravel()


def strips_of(states: IntArray) -> Iterator[slice]:
    """Slices of as many states as go side by side."""
    yield from (slice(first, first + WIDTH) for first in range(0, states.size, WIDTH))


def in_threads(work: Callable[[slice], Result], states: IntArray) -> Iterator[Result]:
    """What ``work`` makes of each strip, in their order."""
    with ThreadPoolExecutor(available_threads(), thread_name_prefix="pbit-quantum") as pool:
        yield from pool.map(work, strips_of(states))


class Strip(NamedTuple):
    """Sums over a strip of columns T = exp(-beta (H - lowest) / 2), a number for each of them.

    ``z`` of T^2, ``squares`` of (H T)^2 shifted by the scale's middle and in units of its radius,
    ``flips`` of T[x ^ mask] T[x], shape (n, width), ``response`` of T m dT/d(eta).
    """

    z: FloatArray
    squares: FloatArray
    flips: FloatArray
    response: FloatArray


def strip_sums(
    sector: Flips, partner: Flips, tilt: FloatArray, *, coefficients: FloatArray, states: IntArray
) -> Strip:
    """The sums; ``tilt`` is m / radius, ``coefficients`` those of beta / 2."""
    size = sector.diagonal.size
    v = unit_columns(states, size)
    work, (total, response, twice) = np.empty((3, v.size)), np.zeros((3, v.size))
    expand_response(
        *sector, partner.diagonal, partner.fields, tilt, coefficients, v, work, total, response
    )
    apply_twice(twice, total, *sector)
    flips = np.zeros((sector.masks.size, WIDTH))
    overlaps(total, sector.masks, flips)
    T, W, HT = (each.reshape(size, WIDTH) for each in (total, response, twice / 2))
    used = slice(0, states.size)
    return Strip(
        np.einsum("xb,xb->b", T, T)[used],
        np.einsum("xb,xb->b", HT, HT)[used],
        flips[:, used],
        np.einsum("x,xb,xb->b", tilt, T, W)[used],
    )


def columns_at(sector: Flips, coefficients: FloatArray, states: IntArray) -> FloatArray:
    """Columns at several times, shape (times, N, len(states))."""
    size = sector.diagonal.size
    v = unit_columns(states, size)
    totals = np.zeros((coefficients.shape[0], v.size))
    expand(*sector, coefficients, v, np.empty_like(v), totals)
    return totals.reshape(-1, size, WIDTH)[:, :, : states.size]
