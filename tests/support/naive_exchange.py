"""Exchange models the slow way: all averages from a matrix of all states, and a checkerboard."""

import itertools

import numpy as np
from scipy.linalg import expm

from naive_quantum import exchange_hamiltonian, pauli

Z = np.diag([-1.0, 1.0])


class NaiveExchange:
    """Averages of an ExchangeModel's couplings at inverse temperature beta."""

    def __init__(self, j_xy, j_z, h, beta):
        self.n, self.beta = len(h), beta
        self.spins = [pauli(Z, i, self.n) for i in range(self.n)]
        fields = sum(field * spin for field, spin in zip(h, self.spins, strict=True))
        self.H = exchange_hamiltonian(j_xy, j_z) - fields
        self.levels, self.vectors = np.linalg.eigh(self.H)
        self.rho = expm(-beta * (self.H - self.levels[0] * np.eye(2**self.n)))
        self.rho /= np.trace(self.rho)

    @property
    def law(self):
        """Probability of each state of sigma^z at one time."""
        return np.diag(self.rho)

    def mean(self, operator):
        return float(np.trace(self.rho @ operator))

    def total(self, signs):
        """Sum of e_i sigma^z_i over n."""
        return sum(sign * spin for sign, spin in zip(signs, self.spins, strict=True)) / self.n

    def susceptibility(self, signs):
        """n times the integral of <m(tau) m(0)> from 0 to beta, less that of free means."""
        inside = self.vectors.T @ self.total(signs) @ self.vectors
        weights = np.exp(-self.beta * (self.levels - self.levels[0]))
        gaps = self.levels[:, None] - self.levels[None, :]
        same = np.abs(gaps) < 1e-9
        gaps[same] = 1.0
        integrals = (weights[None, :] - weights[:, None]) / gaps
        integrals[same] = (self.beta * np.broadcast_to(weights, gaps.shape))[same]
        return self.n * float((inside**2 * integrals).sum() / weights.sum())

    def at_time(self, signs, tau):
        """<m(tau) m(0)>."""
        m, shifted = self.total(signs), self.H - self.levels[0] * np.eye(2**self.n)
        moved = expm(-(self.beta - tau) * shifted) @ m @ expm(-tau * shifted) @ m
        return float(np.trace(moved) / np.trace(expm(-self.beta * shifted)))


def checkerboard(n, replicas, beta, couplings):
    """Weights of all states of a ring's slices, even and odd bonds in turn: (2,) * (2 R n)."""
    j_xy, j_z = couplings
    step = beta / replicas
    square = np.zeros((2, 2, 2, 2))  # two spins below, the same two above
    square[0, 0, 0, 0] = square[1, 1, 1, 1] = np.exp(step * j_z)
    square[0, 1, 0, 1] = square[1, 0, 1, 0] = np.exp(-step * j_z) * np.cosh(2 * step * j_xy)
    square[0, 1, 1, 0] = square[1, 0, 0, 1] = np.exp(-step * j_z) * np.sinh(2 * step * j_xy)
    layers = 2 * replicas
    weights = np.ones((2,) * (layers * n))
    axes = np.arange(layers * n).reshape(layers, n)
    for k, i in itertools.product(range(layers), range(0, n, 2)):
        left, right = (i + k % 2) % n, (i + 1 + k % 2) % n
        above = (k + 1) % layers
        ends = (axes[k, left], axes[k, right], axes[above, left], axes[above, right])
        shape = np.ones(layers * n, int)
        shape[list(ends)] = 2
        weights = weights * square.transpose(np.argsort(ends)).reshape(shape)
    return weights
