"""Fermions on a ring: their levels in both parities of the spins, and how they are filled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.models.labels import FloatArray

_FROZEN = 1e-40  # exp(-2 beta size) so small that no more than one mode is high


class Modes(NamedTuple):
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


def both_parities(n: int, coupling: float, gamma: float) -> list[Modes]:
    """Those of the parity 1, then those of -1; gamma >= 0."""
    return [_modes(2 * np.arange(n) + odd, coupling, gamma) for odd in (1, 0)]


def _modes(multiples: npt.NDArray[np.int64], coupling: float, gamma: float) -> Modes:
    """Of q = multiples pi / n, all odd or all even."""
    n = multiples.size
    is_real = multiples % n == 0
    momenta = np.pi * multiples / n
    levels = gamma - coupling * np.exp(-1j * momenta)
    signed = gamma - coupling * np.where(multiples == 0, 1.0, -1.0)
    sizes = np.where(is_real, signed, np.abs(levels))
    phases = np.where(is_real, 1.0, np.exp(1j * np.angle(levels)))
    return Modes(momenta, sizes, phases, is_real, 1 if multiples[0] else -1)


def gap_of(both: list[Modes]) -> float:
    """Between the two lowest states of both parities."""
    levels = np.sort(np.concatenate([_lowest(modes) for modes in both]))
    return float(levels[1] - levels[0])


def _lowest(modes: Modes) -> FloatArray:
    """The two lowest energies: all modes low, or one or two of them high, as parity allows."""
    sizes = np.abs(modes.sizes)
    ground, soft = -sizes.sum(), np.sort(sizes)[:2]
    if modes.high_parity == 1:
        return np.asarray([ground, ground + 2 * soft.sum()])
    return np.asarray(ground + 2 * soft)


def ground_fillings(modes: Modes) -> FloatArray:
    """All modes low, or the softest of them high where parity asks for it.

    The ground state has the parity 1, as all its amplitudes have one sign (Perron, Frobenius); that
    mode is real then, being at q = pi.
    """
    fillings = np.where(modes.sizes < 0, -1.0, 1.0)
    if modes.high_parity == -1:
        fillings[modes.is_real] *= -1
    return fillings


def averages(both: list[Modes], beta: float) -> tuple[float, list[FloatArray]]:
    """ln Z, and the fillings in each parity times its share of Z."""
    if beta == np.inf:
        ground = ground_fillings(both[0])
        return np.inf, [ground, np.zeros_like(ground)]
    sectors = [_sector(modes, beta) for modes in both]
    log_z = float(np.logaddexp.reduce([each.log_z for each in sectors]))
    odds = np.exp([each.log_z - log_z for each in sectors])
    shares = odds / odds.sum()  # the logs of cold rings have lost digits
    return log_z, [share * each.fillings for share, each in zip(shares, sectors, strict=True)]


def _sector(modes: Modes, beta: float) -> _Sector:
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
