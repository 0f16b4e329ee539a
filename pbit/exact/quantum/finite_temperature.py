"""Quantum Ising models at a temperature, exact to rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.exact.quantum import propagation, spectrum
from pbit.exact.quantum.observables import Thermal, moments_of
from pbit.exact.quantum.system import System, finite_beta, system_of
from pbit.models.labels import FloatArray

MAX_THERMAL = 16
_MAX_LEVELS = 10  # spins whose levels are all found at once
_REMEDY = "sample larger ones, or use open_chain and ring for chains"


def thermal(model: Any, gamma: npt.ArrayLike, beta: float) -> Thermal:
    r"""Averages of :math:`H = E(\sigma^z) - \sum_i \Gamma_i \sigma^x_i` at temperature 1/beta.

    With :math:`E = -\sum_{i<j} J_{ij} \sigma^z_i \sigma^z_j - \sum_i h_i \sigma^z_i` of the model,
    or its products of any length, and Pauli matrices (not spins 1/2).

    Up to 10 spins all levels are found. Beyond, the columns of exp(-beta H / 2) are propagated in
    imaginary time, half of them where no field tells up from down, and one of each orbit under
    turns and mirrors of the ring of spins 0..n-1 where these change nothing. On two cores at
    beta = 2 and J = gamma = 1 a ring of 16 takes 20 seconds; without such symmetry 12 spins take
    a second, 14 half a minute, 16 some ten minutes without fields and twice as long with them. The
    time grows as n 4**n, and with beta at first linearly, then as its root.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        n <= 16.
    gamma : float, or float64 of shape (n,)
        Of any sign, zero too.
    beta : float
        0 <= beta < infinity.

    Returns
    -------
    Thermal

    Raises
    ------
    ValueError
        n out of range, gamma not finite or of another shape, beta negative, infinite or NaN.

    Examples
    --------
    >>> import pbit
    >>> ring = pbit.IsingModel.from_edges(range(8), [1, 2, 3, 4, 5, 6, 7, 0], [1.0] * 8)
    >>> found = thermal(ring, 1.0, 2.0)
    >>> round(found.energy_per_spin, 8), round(found.m2, 8)
    (-1.25553131, 0.64421282)
    """
    system, beta = _checked(model, gamma, beta)
    found = _way(system).traces(system, beta)
    return Thermal(
        **moments_of(found.law)._asdict(),
        energy=found.energy,
        sigma_x=found.sigma_x,
        beta=beta,
        log_z=found.log_z,
        susceptibility=found.susceptibility,
        heat_capacity=beta**2 * found.variance,
    )


def time_correlations(
    model: Any, gamma: npt.ArrayLike, beta: float, *, taus: npt.ArrayLike
) -> FloatArray:
    r"""Correlations in imaginary time, :math:`\langle \sigma^z_i(\tau) \sigma^z_j(0) \rangle`.

    With :math:`\sigma(\tau) = e^{\tau H} \sigma e^{-\tau H}`. At long beta they decay at the rate
    of the gap.

    Parameters
    ----------
    model, gamma, beta
        As for :func:`thermal`.
    taus : float64, shape (k,)
        From 0 to beta.

    Returns
    -------
    float64, shape (k, n, n)

    Raises
    ------
    ValueError
        As for :func:`thermal`, or a tau that is not between 0 and beta.

    Examples
    --------
    >>> import pbit
    >>> spin = pbit.IsingModel([0.0], [[0.0]])
    >>> time_correlations(spin, 1.0, 2.0, taus=[0.0, 1.0]).ravel().round(6).tolist()
    [1.0, 0.265802]
    """
    system, beta = _checked(model, gamma, beta)
    times = floats("taus", taus)
    if times.ndim != 1:
        raise ArgumentError("taus", "must have one dimension", times.shape)
    if not np.all((times >= 0) & (times <= beta)):
        raise ArgumentError("taus", f"must be between 0 and beta = {beta:g}", taus)
    return np.asarray(_way(system).time_traces(system, beta, times))


def fidelity_susceptibility(model: Any, gamma: npt.ArrayLike, beta: float) -> float:
    r"""How fast the state turns with the field, of the whole system.

    :math:`\int_0^{\beta/2} \tau [\langle V(\tau) V(0) \rangle - \langle V \rangle^2] d\tau` with
    :math:`V = \partial H / \partial \Gamma` (Albuquerque et al., Phys. Rev. B 81, 064418
    (2010)); with a field for each site the derivative is that by a common factor of all, at 1.

    Parameters
    ----------
    model, gamma, beta
        As for :func:`thermal`, but n <= 10 and a gamma that is not 0 everywhere.

    Returns
    -------
    float

    Raises
    ------
    ValueError

    Examples
    --------
    >>> import pbit
    >>> spin = pbit.IsingModel([1.0], [[0.0]])  # turns by an angle: 1 / 4 (1 + gamma^2)^2
    >>> round(fidelity_susceptibility(spin, 1.0, 40.0), 6)
    0.0625
    """
    system = system_of(model, gamma, most=_MAX_LEVELS, remedy=_REMEDY)
    beta = finite_beta(beta, remedy="take one that is large against the inverse of the gap")
    if not np.any(system.gamma):
        raise ArgumentError("gamma", "must not be 0 everywhere", gamma)
    scale = 1.0 if np.ndim(gamma) else float(system.gamma[0]) ** 2
    return spectrum.fidelity(system, beta) / scale


def _checked(model: Any, gamma: npt.ArrayLike, beta: float) -> tuple[System, float]:
    system = system_of(model, gamma, most=MAX_THERMAL, remedy=_REMEDY)
    return system, finite_beta(beta, remedy="use ground for zero temperature")


def _way(system: System) -> Any:
    return spectrum if system.num_spins <= _MAX_LEVELS else propagation
