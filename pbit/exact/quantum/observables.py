"""What is known of a quantum Ising model, as records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pbit.by_value import ByValue
from pbit.exact.quantum.system import magnetisations
from pbit.models.labels import FloatArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Observables(ByValue):
    """Averages in a state of n quantum spins.

    Parameters
    ----------
    energy : float
        <H>, the model's offset included.
    sigma_x, sigma_z : float64, shape (n,)
    correlations : float64, shape (n, n)
        <sigma^z_i sigma^z_j>.
    m2, m4 : float
        <m^2> and <m^4> of ``m = sum_i sigma^z_i / n``.
    law : float64, shape (2**n,)
        Probability of each state when all sigma^z are measured, numbered by
        :func:`pbit.exact.state_number`.
    """

    energy: float
    sigma_x: FloatArray
    sigma_z: FloatArray
    correlations: FloatArray
    m2: float
    m4: float
    law: FloatArray

    @property
    def energy_per_spin(self) -> float:
        """energy / n."""
        return self.energy / self.sigma_x.size

    @property
    def binder(self) -> float:
        """Binder's cumulant ``1 - <m^4> / 3 <m^2>^2`` (Binder, Z. Phys. B 43, 119 (1981))."""
        return 1 - self.m4 / (3 * self.m2**2)


@dataclass(frozen=True, eq=False, kw_only=True)
class Thermal(Observables):
    """Averages at inverse temperature beta.

    Parameters
    ----------
    beta : float
    log_z : float
        ln Tr exp(-beta H).
    susceptibility : float
        Kubo's, of m: the integral of <m(tau) m(0)> over tau from 0 to beta, <m>^2 not taken off;
        n times it is the answer of a spin to a field where <m> = 0.
    heat_capacity : float
        ``beta^2 (<H^2> - <H>^2)``, of all spins together.
    """

    beta: float
    log_z: float
    susceptibility: float
    heat_capacity: float

    @property
    def free_energy(self) -> float:
        """-ln Z / beta; minus infinity at beta = 0."""
        return -self.log_z / self.beta if self.beta else -np.inf


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground(Observables):
    """Averages in the ground state.

    Parameters
    ----------
    gap : float
        Energy of the first excited state above the ground state, of either parity.
    sector_gap : float
        The same within states that sigma^z takes the ground state to, which is the decay rate of
        <sigma^z(tau) sigma^z(0)>; equal to ``gap`` unless the lowest excitation is even.
    state : float64, shape (2**n,)
        Amplitudes, all >= 0 for gamma > 0.
    """

    gap: float
    sector_gap: float
    state: FloatArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Replicated(Observables):
    """Averages of R classical slices, by the estimators that samplers use.

    Parameters
    ----------
    beta : float
    replicas : int
        R.
    log_z : float
        ln Z of the slices with their constant, which tends to ln Tr exp(-beta H).
    susceptibility : float
        ``(beta / R) sum_k <m_0 m_k>`` over all R slices.
    """

    beta: float
    replicas: int
    log_z: float
    susceptibility: float


class Moments(NamedTuple):
    """Averages of a law of sigma^z: named as in :class:`Observables`."""

    sigma_z: FloatArray
    correlations: FloatArray
    m2: float
    m4: float
    law: FloatArray


def moments_of(law: FloatArray) -> Moments:
    """Averages of a law, float64 of shape (2**n,)."""
    n = law.size.bit_length() - 1
    numbers, m = np.arange(law.size), magnetisations(n)
    weighted = np.empty((n, law.size))
    signs = np.empty((n, law.size), dtype=np.int8)
    for i in range(n):
        signs[i] = 2 * ((numbers >> i) & 1) - 1
        weighted[i] = law * signs[i]
    pairs = np.array([weighted @ each for each in signs])
    m2, m4 = (float(law @ m**power) for power in (2, 4))
    return Moments(weighted.sum(axis=1), (pairs + pairs.T) / 2, m2, m4, law)
