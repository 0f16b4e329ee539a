"""Uniform rings of quantum spins as free fermions, their two parities kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import toeplitz

from pbit.checks import ArgumentError, integer, real
from pbit.exact.quantum.fermions import (
    FreeFermions,
    log_2_cosh,
    log_2_sinh,
    thermodynamics,
    warm_or_cold,
)
from pbit.models.labels import FloatArray

_FROZEN = 1e-40  # p so small that no more than one mode is high
_MOST_CANCELLED = 1e6  # of sums of shares of Z: leaves nine digits


class _Modes(NamedTuple):
    """Fermions of one parity of the spins.

    A mode has the levels -size and +size, with ``size exp(i phase) = gamma - J exp(-i q)``; at
    q = 0 and pi, where ``is_real``, phase is 0 and size has a sign. An even number of modes is at
    +size if ``parity`` is 1, an odd number if it is -1.
    """

    momenta: FloatArray
    sizes: FloatArray
    phases: npt.NDArray[np.complex128]
    is_real: npt.NDArray[np.bool_]
    parity: int

    @property
    def high_parity(self) -> int:
        """1 if an even number of modes is at +abs(size), -1 if an odd one is."""
        return self.parity * int((-1) ** np.count_nonzero(self.sizes < 0))

    def pairs(self, distance: int, fillings: FloatArray) -> FloatArray:
        """d(-F) / dM_{i + distance, i} per site, from how much oftener modes are low than high."""
        waves = np.exp(1j * (self.momenta + np.pi) * distance) * self.phases
        return np.asarray(np.mean(waves.real * fillings, axis=-1))


class _Sector(NamedTuple):
    """A parity at a temperature: ln of its share of Z, and average fillings of its modes."""

    log_z: float
    fillings: FloatArray


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
    both = _both_parities(n, J, field)
    log_z, fillings = _averages(both, beta)
    sigma_x, bond = (
        float(sum(modes.pairs(d, each) for modes, each in zip(both, fillings, strict=True)))
        for d in (0, 1)
    )
    return Ring(
        num_spins=n,
        beta=beta,
        gap=_gap(both),
        sigma_x=float(np.sign(values["gamma"])) * sigma_x,
        bond=bond,
        **values,
        **thermodynamics(-n * (J * bond + field * sigma_x), log_z, beta),
    )


def _averages(both: list[_Modes], beta: float) -> tuple[float, list[FloatArray]]:
    """ln Z, and the fillings in each parity times its share of Z."""
    if beta == np.inf:
        ground = _ground_fillings(both[0])
        return np.inf, [ground, np.zeros_like(ground)]
    sectors = [_sector(modes, beta) for modes in both]
    log_z = float(np.logaddexp.reduce([each.log_z for each in sectors]))
    odds = np.exp([each.log_z - log_z for each in sectors])
    shares = odds / odds.sum()  # the logs of cold rings have lost digits
    return log_z, [share * each.fillings for share, each in zip(shares, sectors, strict=True)]


def _both_parities(n: int, coupling: float, gamma: float) -> list[_Modes]:
    return [_modes(2 * np.arange(n) + odd, coupling, gamma) for odd in (1, 0)]


def _modes(multiples: npt.NDArray[np.int64], coupling: float, gamma: float) -> _Modes:
    """Of q = multiples pi / n, all odd or all even."""
    n = multiples.size
    is_real = multiples % n == 0
    momenta = np.pi * multiples / n
    levels = gamma - coupling * np.exp(-1j * momenta)
    signed = gamma - coupling * np.where(multiples == 0, 1.0, -1.0)
    sizes = np.where(is_real, signed, np.abs(levels))
    phases = np.where(is_real, 1.0, np.exp(1j * np.angle(levels)))
    return _Modes(momenta, sizes, phases, is_real, 1 if multiples[0] else -1)


def _gap(both: list[_Modes]) -> float:
    """Between the two lowest states of both parities."""
    levels = np.sort(np.concatenate([_lowest(modes) for modes in both]))
    return float(levels[1] - levels[0])


def _lowest(modes: _Modes) -> FloatArray:
    """The two lowest energies: all modes low, or one or two of them high, as parity allows."""
    sizes = np.abs(modes.sizes)
    ground, soft = -sizes.sum(), np.sort(sizes)[:2]
    if modes.high_parity == 1:
        return np.asarray([ground, ground + 2 * soft.sum()])
    return np.asarray(ground + 2 * soft)


def _ground_fillings(modes: _Modes) -> FloatArray:
    """All modes low, or the softest of them high where parity asks for it.

    The ground state has the parity 1, as all its amplitudes have one sign (Perron, Frobenius); that
    mode is real then, being at q = pi.
    """
    fillings = np.where(modes.sizes < 0, -1.0, 1.0)
    if modes.high_parity == -1:
        fillings[modes.is_real] *= -1
    return fillings


def _sector(modes: _Modes, beta: float) -> _Sector:
    """Sums over an even or odd number of high modes, without cancellation.

    With ``p = exp(-2 beta abs(size))`` a product over modes of 1 + p counts all states, one of
    1 - p the even ones against the odd ones. A mode is low while the others have the right parity,
    high with weight p while they have the other one.
    """
    x, parity = beta * np.abs(modes.sizes), modes.high_parity
    p = np.exp(-2 * x)
    if parity == -1 and p.max() < _FROZEN:
        weights = np.exp(-2 * (x - x.min()))
        mean = 1 - 2 * weights / weights.sum()
        log_z = x.sum() - 2 * x.min() + np.log(weights.sum())
    else:
        ratios = _log_ratio(p)
        right, wrong = (_share(parity * sign, _all_but_one(ratios)) for sign in (1, -1))
        mean = (right - p * wrong) / (right + p * wrong)
        log_z = x.sum() + np.log1p(p).sum() + np.log(_share(parity, ratios.sum()))
    return _Sector(float(log_z), np.where(modes.sizes < 0, -mean, mean))


def _log_ratio(p: FloatArray) -> FloatArray:
    """ln (1 - p) / (1 + p), minus infinity at p = 1."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log1p(-p) - np.log1p(p))


def _share(parity: int, log_ratio: FloatArray) -> FloatArray:
    """Share of states with an even (1) or odd (-1) number of high modes."""
    if parity == 1:
        return np.asarray((1 + np.exp(log_ratio)) / 2)
    return np.asarray(-np.expm1(log_ratio) / 2)


def _all_but_one(values: FloatArray) -> FloatArray:
    """The sum of all others, for each; sums of infinities stay exact."""
    before = np.concatenate([[0.0], np.cumsum(values[:-1])])
    after = np.concatenate([np.cumsum(values[:0:-1])[::-1], [0.0]])
    return np.asarray(before + after)


def _correlation(found: Ring, distance: int) -> float:
    """Averages of each product, with its share of Z."""
    total = 0.0
    both = _both_parities(found.num_spins, found.coupling, abs(found.gamma))
    if found.beta == np.inf:
        products = [(both[0], _Product(1.0, 0.0, _ground_fillings(both[0])))]
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


def _products(modes: _Modes, found: Ring) -> Iterator[_Product]:
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
