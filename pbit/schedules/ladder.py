"""Ladders: the inverse temperatures that a tempering run holds side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, integer
from pbit.models.labels import FloatArray

_MOST = 4096  # temperatures
_LEAST_RATE = 0.02  # of accepted swaps, from which they are counted on


@dataclass(frozen=True, eq=False)
class Ladder(ByValue):
    """Inverse temperatures, from hot to cold.

    Parameters
    ----------
    betas : float array, shape (T,)
        T >= 1, rising, >= 0 and finite.

    Raises
    ------
    ValueError
        Betas that do not rise or are out of range.

    Examples
    --------
    >>> Ladder([0.5, 1.0, 2.0]).num_betas
    3
    """

    betas: npt.ArrayLike

    def __post_init__(self) -> None:
        betas = np.array(floats("betas", self.betas))
        if betas.ndim != 1 or not 1 <= betas.size <= _MOST:
            raise ArgumentError("betas", f"must be a list of 1 to {_MOST} numbers", betas.shape)
        if not (np.isfinite(betas).all() and betas[0] >= 0 and (np.diff(betas) > 0).all()):
            raise ArgumentError(
                "betas",
                "must be finite, >= 0 and rise from hot to cold",
                np.array2string(betas, threshold=8),
                got=np.array2string(betas, threshold=8),
                remedy="sort them, each once",
            )
        betas.setflags(write=False)
        object.__setattr__(self, "betas", betas)

    @classmethod
    def of(cls, value: Any, *, name: str = "ladder") -> Ladder:
        """The ladder, or the one of a list of betas.

        Raises
        ------
        TypeError
            Anything else.
        ValueError
            Betas that are refused.

        Examples
        --------
        >>> Ladder.of([0.5, 1.0]).num_betas
        2
        """
        if isinstance(value, Ladder):
            return value
        if isinstance(value, np.ndarray | list | tuple) and np.asarray(value).dtype.kind in "iuf":
            return cls(value)
        remedy = "Ladder.geometric(hot, cold, num_betas=...) goes through a range; None finds one"
        raise TypeError(f"{name} must be a Ladder or a list of betas, got {value!r:.60}; {remedy}")

    def __reduce__(self) -> tuple[type[Ladder], tuple[FloatArray]]:
        """Made anew by another process: numpy would forget that betas are read-only, and kernels
        would be compiled for such arrays as well.
        """
        return type(self), (self.values,)

    @property
    def num_betas(self) -> int:
        """Number of temperatures T."""
        return int(np.size(self.betas))

    @property
    def values(self) -> FloatArray:
        """The betas as an array, shape (T,)."""
        return np.asarray(self.betas)

    @classmethod
    def geometric(cls, hot: float, cold: float, *, num_betas: int) -> Ladder:
        """Betas in geometric progression.

        Raises
        ------
        ValueError
            Not ``0 < hot < cold``, or fewer than two betas.

        Examples
        --------
        >>> Ladder.geometric(0.25, 4.0, num_betas=3).values.tolist()
        [0.25, 1.0, 4.0]
        """
        integer("num_betas", num_betas, 2, _MOST)
        if not 0 < hot < cold < np.inf:
            raise ArgumentError("beta_range", "must be 0 < hot < cold", got=f"({hot}, {cold})")
        return cls(np.geomspace(hot, cold, num_betas))

    @classmethod
    def by_spread(
        cls, betas: npt.ArrayLike, spreads: npt.ArrayLike, *, alpha: float = 1.25
    ) -> Ladder:
        r"""Steps ``beta' = beta + alpha / sigma_E(beta)``, from where energies were measured.

        Equal steps of :math:`\lambda(\beta) = \int \sigma_E d\beta` in place of the rule's Euler
        steps, so that the cold end is met exactly: all neighbours overlap alike and accept a part
        of about ``erfc(alpha / 2)`` of their swaps.

        Parameters
        ----------
        betas : float array, shape (m,)
            Rising.
        spreads : float array, shape (m,)
            Standard deviations of the energy there, >= 0; linear in between.
        alpha : float
            Largest step in units of ``1 / sigma_E``, > 0.

        Raises
        ------
        ValueError
            Values out of range.

        References
        ----------
        Chowdhury et al., Nat. Commun. 16, 9193 (2025), Methods (alpha = 1.25).

        Examples
        --------
        >>> Ladder.by_spread([0.0, 2.0], [1.0, 1.0], alpha=1.0).values.tolist()
        [0.0, 1.0, 2.0]
        """
        at, sigma = Ladder(betas).values, np.asarray(spreads, dtype=np.float64)
        if sigma.shape != at.shape or not np.isfinite(sigma).all() or sigma.min() < 0:
            raise ArgumentError("spreads", f"must be {at.size} numbers >= 0, one a beta", sigma)
        return cls(_evenly(at, (sigma[1:] + sigma[:-1]) / 2 * np.diff(at), alpha))

    def by_rates(
        self, rates: npt.ArrayLike, energies: npt.ArrayLike, *, alpha: float = 1.25
    ) -> Ladder:
        r"""The same spacing from the swaps that were accepted, where enough were to tell.

        A part a accepted says that the step was :math:`2 \operatorname{erfc}^{-1}(a)` in units of
        1 / sigma_E; where a is below 2 % or unknown, :math:`\sqrt{\Delta\beta\,|\Delta E|}`, since
        :math:`\sigma_E^2 = -dE/d\beta`. Unlike measured spreads, neither mistakes energies that
        still drift, in the cold, for energies that fluctuate.

        Parameters
        ----------
        rates : float array, shape (T - 1,)
            Part of the swaps accepted between each beta and the next.
        energies : float array, shape (T,)
            Mean energies.
        alpha : float

        Raises
        ------
        ValueError
            Values out of range.

        References
        ----------
        Predescu, Predescu, Ciobanu, J. Chem. Phys. 120, 4119 (2004): the rate between Gaussian
        energies.

        Examples
        --------
        >>> Ladder([0.0, 1.0, 2.0]).by_rates([0.9, 0.9], [0.0, 0.0, 0.0]).values.tolist()
        [0.0, 2.0]
        """
        at, means = self.values, np.asarray(energies, dtype=np.float64)
        accepted = np.asarray(rates, dtype=np.float64)
        if accepted.shape != (at.size - 1,) or means.shape != at.shape:
            raise ArgumentError(
                "rates",
                f"must have {at.size - 1} values and energies {at.size}",
                got=f"{accepted.size} and {means.size}",
            )
        from scipy.special import erfcinv

        with np.errstate(invalid="ignore"):
            known = accepted >= _LEAST_RATE
        steps = np.sqrt(np.diff(at) * np.maximum(0.0, -np.diff(means)))
        steps[known] = 2 * erfcinv(np.clip(accepted[known], _LEAST_RATE, 1.0))
        return Ladder(_evenly(at, steps, alpha))

    def by_flow(self, fraction: npt.ArrayLike, *, num_betas: int | None = None) -> Ladder:
        r"""Ladder with more betas where replicas diffuse badly, by the flow that was measured.

        With f(beta) the part of the replicas that came from the hot end rather than the cold one,
        the density of betas becomes :math:`\propto \sqrt{|df/d\beta| / \Delta\beta}`, which makes
        f fall by equal steps from 1 to 0 (the most round trips).

        Parameters
        ----------
        fraction : float array, shape (T,)
            f at every beta, 0 to 1; NaN where no replica was that came from an end. It is made to
            fall.
        num_betas : int, optional
            Of the new ladder; as many as now by default.

        Raises
        ------
        ValueError
            A fraction of another length.

        References
        ----------
        Katzgraber, Trebst, Huse, Troyer, J. Stat. Mech. P03018 (2006), eqs. 8-10.

        Examples
        --------
        >>> Ladder([1.0, 2.0, 3.0]).by_flow([1.0, 0.5, 0.0]).values.tolist()
        [1.0, 2.0, 3.0]
        """
        betas, f = self.values, np.asarray(fraction, dtype=np.float64)
        if f.shape != betas.shape:
            raise ArgumentError("fraction", f"must have {betas.size} values, one a beta", f.size)
        count = self.num_betas if num_betas is None else integer("num_betas", num_betas, 2, _MOST)
        seen = np.isfinite(f)
        if betas.size < 3 or seen.sum() < 2:
            return self
        f = np.interp(betas, betas[seen], f[seen])
        from scipy.optimize import isotonic_regression

        falling = isotonic_regression(f, increasing=False).x
        gaps = np.diff(betas)
        # A bottleneck met by chance must not take all betas: no interval is taken for flat.
        drops = np.maximum(-np.diff(falling), 0.1 / (betas.size - 1))
        density = np.sqrt(drops / gaps) * np.sqrt(1 / gaps)
        length = np.concatenate([[0.0], np.cumsum(density * gaps)])
        return Ladder(_strictly(np.interp(np.linspace(0, length[-1], count), length, betas)))


def _evenly(betas: FloatArray, steps: FloatArray, alpha: float) -> FloatArray:
    """Betas with steps of ``alpha`` at most, all alike; ``steps`` are the lengths of the gaps."""
    if not alpha > 0:
        raise ArgumentError("alpha", "must be > 0", alpha)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    if betas.size == 1 or length[-1] == 0:
        return betas[[0, -1]] if betas.size > 1 else betas
    count = min(_MOST, max(2, int(np.ceil(length[-1] / alpha - 1e-9)) + 1))
    # Where nothing fluctuates the length stands still: a slope keeps it invertible.
    length += 1e-9 * length[-1] * (betas - betas[0]) / (betas[-1] - betas[0])
    return _strictly(np.interp(np.linspace(0, length[-1], count), length, betas))


def _strictly(betas: FloatArray) -> FloatArray:
    """Betas that rise at least by a rounding step, ends kept."""
    for k in range(1, betas.size):
        betas[k] = max(betas[k], np.nextafter(betas[k - 1], np.inf))
    return betas
