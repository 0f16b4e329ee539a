r"""Laws of :math:`c = \cos\theta`, the free layer along the reference layer, of three magnets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number

MOST_TORQUE = 300.0


class OrientationLaw(Protocol):
    """A law of c on [-1, 1]."""

    def cdf(self, cosine: npt.ArrayLike) -> FloatArray:
        """P(c <= cosine), 0 below -1 and 1 from 1 on; shape of ``cosine``."""

    def quantile(self, uniform: npt.ArrayLike) -> FloatArray:
        """The c whose cdf is ``uniform``: uniform numbers become draws; shape of ``uniform``."""


@dataclass(frozen=True)
class Binary:
    """A magnet with a barrier: c = +1 (P) or -1 (AP), of a given mean.

    Raises
    ------
    ValueError
        A mean outside [-1, 1].

    Examples
    --------
    >>> Binary(0.5).cdf([-1.5, -1.0, 0.0, 1.0]).tolist()
    [0.0, 0.25, 0.25, 1.0]
    """

    mean: float = 0.0

    def __post_init__(self) -> None:
        number("mean", self.mean, (">=", -1.0), ("<=", 1.0), remedy="it is of states +1 and -1")

    def cdf(self, cosine: npt.ArrayLike) -> FloatArray:
        """See :class:`OrientationLaw`."""
        c = np.asarray(cosine, dtype=np.float64)
        return np.where(c < -1, 0.0, np.where(c < 1, (1 - self.mean) / 2, 1.0))

    def quantile(self, uniform: npt.ArrayLike) -> FloatArray:
        """See :class:`OrientationLaw`."""
        return np.where(np.asarray(uniform) <= (1 - self.mean) / 2, -1.0, 1.0)


@dataclass(frozen=True)
class Planar:
    """A circular in-plane magnet without a barrier: c = cos φ of a uniform φ, the arcsine law.

    Examples
    --------
    >>> Planar().cdf([-1.0, 0.0, 0.5]).round(4).tolist()
    [0.0, 0.5, 0.6667]
    """

    def cdf(self, cosine: npt.ArrayLike) -> FloatArray:
        """See :class:`OrientationLaw`."""
        c = np.clip(np.asarray(cosine, dtype=np.float64), -1.0, 1.0)
        return np.asarray(1 - np.arccos(c) / np.pi)

    def quantile(self, uniform: npt.ArrayLike) -> FloatArray:
        """See :class:`OrientationLaw`."""
        return np.asarray(-np.cos(np.pi * np.asarray(uniform, dtype=np.float64)))


@dataclass(frozen=True)
class Perpendicular:
    r"""A perpendicular magnet without a barrier: density :math:`\propto e^{x c}`, uniform at x = 0.

    Parameters
    ----------
    torque : float
        x of :func:`pbit.devices.laws.low_barrier.torque_argument`, from -300 to 300.

    Raises
    ------
    ValueError
        A torque beyond that.

    Examples
    --------
    >>> Perpendicular().cdf([-1.0, 0.0, 0.5]).tolist()
    [0.0, 0.5, 0.75]
    """

    torque: float = 0.0

    def __post_init__(self) -> None:
        number(
            "torque",
            self.torque,
            (">=", -MOST_TORQUE),
            ("<=", MOST_TORQUE),
            remedy="beyond, the magnet is pinned",
        )

    def cdf(self, cosine: npt.ArrayLike) -> FloatArray:
        """See :class:`OrientationLaw`."""
        c = np.clip(np.asarray(cosine, dtype=np.float64), -1.0, 1.0)
        if self.torque == 0:
            return np.asarray((1 + c) / 2)
        return np.asarray(np.expm1(self.torque * (1 + c)) / np.expm1(2 * self.torque))

    def quantile(self, uniform: npt.ArrayLike) -> FloatArray:
        """See :class:`OrientationLaw`."""
        u = np.asarray(uniform, dtype=np.float64)
        if self.torque == 0:
            return np.asarray(2 * u - 1)
        return np.asarray(np.log1p(u * np.expm1(2 * self.torque)) / self.torque - 1)
