"""Averages from all levels of a small system, and of powers of a small transfer matrix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pbit.exact.quantum.system import Sector, System, magnetisations
from pbit.models.labels import FloatArray


class Traces(NamedTuple):
    """Of exp(-beta H): what :class:`pbit.exact.quantum.observables.Thermal` is made of."""

    log_z: float
    energy: float
    variance: float
    sigma_x: FloatArray
    law: FloatArray
    susceptibility: float


class Levels(NamedTuple):
    """Eigenvalues, ascending, shape (N,), and eigenvectors in columns, shape (N, N)."""

    values: FloatArray
    vectors: FloatArray

    @classmethod
    def of(cls, matrix: FloatArray) -> Levels:
        """Of a symmetric matrix."""
        return cls(*np.linalg.eigh(matrix))

    def law(self, weights: FloatArray) -> FloatArray:
        """Probability of each state if level a has the probability weights[a]."""
        return np.asarray((self.vectors**2) @ weights)

    def between(self, diagonal: FloatArray) -> FloatArray:
        """Elements of a diagonal operator between levels, shape (N, N)."""
        return np.asarray(self.vectors.T @ (diagonal[:, None] * self.vectors))

    def spins_between(self) -> FloatArray:
        """Elements of each sigma^z_i between levels, shape (n, N, N)."""
        numbers = np.arange(self.values.size)
        n = self.values.size.bit_length() - 1
        spins = [np.asarray(2.0 * ((numbers >> i) & 1) - 1) for i in range(n)]
        return np.array([self.between(each) for each in spins])


def whole(system: System) -> Sector:
    """H on all states, not split by parity."""
    n = system.num_spins
    return Sector(system.energies, system.gamma, 1 << np.arange(n), np.ones(n))


def traces(system: System, beta: float) -> Traces:
    """Everything from all levels; 2**n of them."""
    sector = whole(system)
    levels = Levels.of(sector.matrix())
    excess = levels.values - levels.values[0]
    weights = np.exp(-beta * excess)
    z = float(weights.sum())
    weights /= z
    energy = float(weights @ excess)
    squares = levels.between(magnetisations(system.num_spins)) ** 2
    return Traces(
        log_z=float(np.log(z) - beta * levels.values[0]),
        energy=energy + float(levels.values[0]),
        variance=float(weights @ (excess - energy) ** 2),
        sigma_x=_flips(levels, weights, sector),
        law=levels.law(weights),
        susceptibility=float(np.sum(squares * _integrals(excess, beta)) / z),
    )


def time_traces(system: System, beta: float, taus: FloatArray) -> FloatArray:
    """<sigma^z_i(tau) sigma^z_j(0)>, shape (len(taus), n, n)."""
    levels = Levels.of(whole(system).matrix())
    excess = levels.values - levels.values[0]
    z = float(np.exp(-beta * excess).sum())
    factors = (np.exp(-(beta - tau) * excess)[:, None] * np.exp(-tau * excess) for tau in taus)
    spins = levels.spins_between().reshape(system.num_spins, -1)
    return (
        np.array([(spins * factor.ravel()) @ spins.T for factor in factors]).reshape(
            len(taus), system.num_spins, system.num_spins
        )
        / z
    )


def fidelity(system: System, beta: float) -> float:
    """Fidelity susceptibility in a common factor of all fields."""
    sector = whole(system)
    levels = Levels.of(sector.matrix())
    excess = levels.values - levels.values[0]
    transverse = sector.matrix() - np.diag(sector.diagonal)
    elements = levels.vectors.T @ transverse @ levels.vectors
    weights = np.exp(-beta * excess)
    weights /= weights.sum()
    within = np.diag(elements) - weights @ np.diag(elements)
    np.fill_diagonal(elements, within)
    z = np.exp(-beta * excess).sum()
    return float(np.sum(elements**2 * _moments(excess, beta)) / z)


def _moments(excess: FloatArray, beta: float) -> FloatArray:
    """Integral of tau exp(-(beta - tau) E_a - tau E_b) over tau from 0 to beta / 2, all a, b."""
    x = beta / 2 * np.subtract.outer(excess, excess).T
    start = np.exp(-beta * excess)[:, None]
    middle = np.exp(-beta / 2 * np.add.outer(excess, excess))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(
            np.abs(x) > 1e-3, (start - (1 + x) * middle) / x**2, start * (0.5 - x / 3 + x**2 / 8)
        )
    return np.asarray((beta / 2) ** 2 * mean)


def _flips(levels: Levels, weights: FloatArray, sector: Sector) -> FloatArray:
    """<sigma^x_i>."""
    states, vectors = np.arange(levels.values.size), levels.vectors
    return np.array([np.sum((vectors[states ^ mask] * vectors) @ weights) for mask in sector.masks])


def _integrals(excess: FloatArray, beta: float) -> FloatArray:
    """Integral of exp(-(beta - tau) E_a - tau E_b) over tau from 0 to beta, for all a, b."""
    lower, apart = np.minimum.outer(excess, excess), np.abs(np.subtract.outer(excess, excess))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(beta * apart > 0, -np.expm1(-beta * apart) / (beta * apart), 1.0)
    return np.asarray(beta * np.exp(-beta * lower) * mean)
