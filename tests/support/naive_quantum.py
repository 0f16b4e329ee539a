"""Quantum spins the slow way: Pauli matrices multiplied out, matrix exponentials, quadrature."""

from functools import reduce

import numpy as np
from scipy.linalg import expm

X = np.array([[0.0, 1.0], [1.0, 0.0]])
Z = np.diag([-1.0, 1.0])  # state 1 of a spin is up, as in pbit.exact
Y = np.array([[0, 1j], [-1j, 0]])


def pauli(matrix, site, n):
    """The matrix of one site; site 0 is the lowest bit of a state's number."""
    return reduce(np.kron, [matrix if k == site else np.eye(2) for k in reversed(range(n))])


def hamiltonian(model, gamma):
    """H of an IsingModel in a transverse field."""
    n = model.num_spins
    fields = np.broadcast_to(gamma, n)
    total = model.offset * np.eye(2**n)
    for i, j, weight in zip(*model.edges(), strict=True):
        total -= weight * pauli(Z, i, n) @ pauli(Z, j, n)
    for i in range(n):
        total -= model.h[i] * pauli(Z, i, n) + fields[i] * pauli(X, i, n)
    return total


def exchange_hamiltonian(j_xy, j_z):
    """``-sum_{i<j} j_xy (XX + YY) + j_z ZZ`` of full matrices."""
    n = len(j_xy)
    total = np.zeros((2**n, 2**n), dtype=complex)
    for i in range(n):
        for j in range(i):
            for matrix, weights in ((X, j_xy), (Y, j_xy), (Z, j_z)):
                total -= weights[i][j] * pauli(matrix, i, n) @ pauli(matrix, j, n)
    return total.real


class Naive:
    """Averages at inverse temperature beta by matrix exponentials."""

    def __init__(self, model, gamma, beta):
        self.n, self.beta = model.num_spins, beta
        self.H = hamiltonian(model, gamma)
        self.shift = np.linalg.eigvalsh(self.H)[0]
        weights = self._power(beta)
        self.z = np.trace(weights)
        self.rho = weights / self.z
        self.spins = [pauli(Z, i, self.n) for i in range(self.n)]
        self.m = sum(self.spins) / self.n

    def _power(self, time):
        return expm(-time * (self.H - self.shift * np.eye(len(self.H))))

    def mean(self, operator):
        return float(np.trace(self.rho @ operator))

    @property
    def log_z(self):
        return np.log(self.z) - self.beta * self.shift

    @property
    def heat_capacity(self):
        excess = self.H - self.mean(self.H) * np.eye(len(self.H))
        return self.beta**2 * self.mean(excess @ excess)

    def at_time(self, one, other, tau):
        """<one(tau) other(0)>."""
        return np.trace(self._power(self.beta - tau) @ one @ self._power(tau) @ other) / self.z

    def susceptibility(self, num_nodes=40):
        nodes, weights = np.polynomial.legendre.leggauss(num_nodes)
        taus = self.beta * (nodes + 1) / 2
        return (
            self.beta
            / 2
            * sum(
                w * self.at_time(self.m, self.m, tau) for tau, w in zip(taus, weights, strict=True)
            )
        )
