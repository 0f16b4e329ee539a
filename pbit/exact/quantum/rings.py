"""Uniform rings of quantum spins as free fermions, their two parities kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import toeplitz

from pbit.checks import ArgumentError, integer, real
from pbit.exact.quantum.fermions import (
    FreeFermions,
    log_2_cosh,
    log_2_sinh,
    thermodynamics,
    warm_or_cold,
)
from pbit.exact.quantum.modes import Modes, averages, both_parities, gap_of, ground_fillings
from pbit.models.labels import FloatArray

_MOST_CANCELLED = 1e6  # of sums of shares of Z: leaves nine digits


class _Product(NamedTuple):
    """A product over modes in Z: its sign, its log, and the fillings of its Gaussian averages."""

    sign: float
    log: float
    fillings: FloatArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Ring(FreeFermions):
    """Averages of a ring.

    Parameters
    ----------
    coupling, gamma : float
    sigma_x : float
    bond : float
        <sigma^z_i sigma^z_{i+1}>.
    """

    coupling: float
    gamma: float
    sigma_x: float
    bond: float

    def correlation(self, distance: int) -> float:
        """<sigma^z_i sigma^z_{i+distance}>: up to four determinants of ``distance`` rows.

        Raises
        ------
        ValueError
            A distance that is not 0..n; a ring so frustrated and cold (n odd, J < 0) that the four
            cancel to less than nine digits.
        """
        r = integer("distance", distance, 0, self.num_spins)
        r = min(r, self.num_spins - r)
        if r == 0 or not self.beta or not (self.coupling or self.gamma):
            return float(r == 0)
        return _correlation(self, r)

    def correlations(self) -> FloatArray:
        """At distances 0..n - 1; their mean is <m^2>."""
        n = self.num_spins
        half = np.array([self.correlation(r) for r in range(n // 2 + 1)])
        distances = np.arange(n)
        return half[np.minimum(distances, n - distances)]


def ring(num_spins: int, gamma: float, beta: float, *, coupling: float = 1.0) -> Ring:
    r"""Averages of n spins on a ring, periodic: ``H = -J sum Z_i Z_{i+1} - gamma sum X_i``.

    The Jordan-Wigner transformation makes it free fermions with
    :math:`\epsilon_q = 2 |\Gamma - J e^{-iq}|`: with q odd multiples of pi/n and an even number of
    excitations for states with :math:`\prod \sigma^x = 1`, with q even multiples and an odd number
    for the others (with levels of either sign at q = 0 and pi). So, exactly at finite n,

    .. math:: Z = \tfrac12 \Big[ \prod_{odd} 2 \cosh \tfrac{\beta \epsilon_q}{2}
        + \prod_{odd} 2 \sinh \tfrac{\beta \epsilon_q}{2}
        + \prod_{even} 2 \cosh \tfrac{\beta \epsilon_q}{2}
        - \prod_{even} 2 \sinh \tfrac{\beta \epsilon_q}{2} \Big],

    each product with Gaussian averages of its own. The time grows as n.

    Parameters
    ----------
    num_spins : int
        n >= 2; the bond of two spins is there twice.
    gamma : float
        Of any sign.
    beta : float
        0 <= beta <= infinity, the ground state: at gamma = 0 its limit.
    coupling : float
        J of any sign.

    Returns
    -------
    Ring

    Raises
    ------
    ValueError
        n < 2, gamma or coupling not finite, beta negative or NaN.

    References
    ----------
    Lieb, Schultz, Mattis, Ann. Phys. 16, 407 (1961); Pfeuty, Ann. Phys. 57, 79 (1970).

    Examples
    --------
    >>> round(ring(8, 1.0, 2.0).energy_per_spin, 8)
    -1.25553131
    """
    n = integer("num_spins", num_spins, 2)
    beta = warm_or_cold(beta)
    values = {"coupling": real("coupling", coupling), "gamma": real("gamma", gamma)}
    for name, value in values.items():
        if not np.isfinite(value):
            raise ArgumentError(name, "must be finite", value)
    J, field = values["coupling"], abs(values["gamma"])
    both = both_parities(n, J, field)
    log_z, fillings = averages(both, beta)
    sigma_x, bond = (
        float(sum(modes.pairs(d, each) for modes, each in zip(both, fillings, strict=True)))
        for d in (0, 1)
    )
    return Ring(
        num_spins=n,
        beta=beta,
        gap=gap_of(both),
        sigma_x=float(np.sign(values["gamma"])) * sigma_x,
        bond=bond,
        **values,
        **thermodynamics(-n * (J * bond + field * sigma_x), log_z, beta),
    )


def _correlation(found: Ring, distance: int) -> float:
    """Averages of each product, with its share of Z."""
    total = 0.0
    both = both_parities(found.num_spins, found.coupling, abs(found.gamma))
    if found.beta == np.inf:
        products = [(both[0], _Product(1.0, 0.0, ground_fillings(both[0])))]
    else:
        products = [(modes, each) for modes in both for each in _products(modes, found)]
    if np.logaddexp.reduce([each.log for _, each in products]) > np.log(_MOST_CANCELLED):
        rule = "is too large for correlations of a frustrated ring"
        remedy = "use beta = inf, or pbit.exact_quantum.thermal"
        raise ArgumentError("beta", rule, found.beta, remedy=remedy)
    for modes, each in products:
        pairs = [modes.pairs(d, each.fillings) for d in range(2 - distance, distance + 1)]
        matrix = toeplitz(pairs[distance - 1 :], pairs[distance - 1 :: -1][:distance])
        sign, log_det = np.linalg.slogdet(matrix)
        total += each.sign * sign * np.exp(each.log + log_det)
    return float(total)


def _products(modes: Modes, found: Ring) -> Iterator[_Product]:
    """Those of cosh and of sinh, whose logs are of shares of Z.

    That of sinh may have a factor of zero at q = 0 or pi, which its averages divide by: there
    ``2 sinh x = exp(x) - exp(-x)`` is the mode low or high.
    """
    x, shift = found.beta * modes.sizes, found.log_z + np.log(2)
    yield _Product(1.0, log_2_cosh(x).sum() - shift, np.tanh(x))
    soft = np.flatnonzero(modes.is_real)
    soft = soft[np.argsort(np.abs(x[soft]))][:1]
    others = np.delete(np.arange(x.size), soft)
    sign = modes.parity * float(np.prod(np.sign(x[others])))
    log = log_2_sinh(x[others]).sum() - shift
    fillings = np.ones(x.size)
    fillings[others] = 1 / np.tanh(x[others])
    yield _Product(sign, log + x[soft].sum(), fillings.copy())
    if soft.size:
        fillings[soft] = -1.0
        yield _Product(-sign, log - x[soft].sum(), fillings)
