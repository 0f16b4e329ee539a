r"""Quantum Ising models cut into R slices of imaginary time, exact at finite R.

With :math:`a_i = \beta \Gamma_i / R` the slices :math:`m_0 \dots m_{R-1}`, the last next to the
first, have the law

.. math:: P(m) \propto \prod_k e^{-\beta E(m_k) / R}
    \prod_{ik} [\cosh a_i \text{ if } m_{ik} = m_{i,k+1}, \text{ else } \sinh a_i],

which is :math:`\exp(K_i m_{ik} m_{i,k+1})` up to a constant, with
:math:`K_i = -\tfrac12 \ln \tanh a_i`. The two slices of R = 2 are neighbours twice, the one of
R = 1 is its own. Averages come from the transfer matrix of a slice and miss those of the quantum
model by O(1/R^2) (Suzuki, Prog. Theor. Phys. 56, 1454 (1976)).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.exact.quantum.observables import Replicated, moments_of
from pbit.exact.quantum.spectrum import Levels
from pbit.exact.quantum.system import System, finite_beta, magnetisations, system_of
from pbit.models.labels import FloatArray

MAX_SLICE = 10
MAX_REPLICATED = 20


class _Slices(NamedTuple):
    """R slices: ``weights`` exp(-beta (E - lowest) / R) and ``turns`` prod tanh a_i of the spins
    that differ, both float64 (2**n,), numbered by states and by which spins differ."""

    weights: FloatArray
    turns: FloatArray
    replicas: int

    def bonds(self) -> FloatArray:
        """Weights of the bonds between two slices, shape (2**n, 2**n)."""
        numbers = np.arange(self.turns.size)
        return np.asarray(self.turns[numbers[:, None] ^ numbers])

    def levels(self) -> Levels:
        """Of the symmetric transfer matrix of a slice."""
        roots = np.sqrt(self.weights)
        return Levels.of(roots[:, None] * self.bonds() * roots)


def replicated(model: Any, gamma: npt.ArrayLike, beta: float, *, replicas: int) -> Replicated:
    r"""Averages of R slices of a transverse-field Ising model, and the law of a slice.

    Of :math:`\sigma^z` they are equal-time averages over a slice;
    :math:`\langle \sigma^x_i \rangle = \langle \tanh(a_i)^{m_{ik} m_{i,k+1}} \rangle`, and the
    energy is :math:`\langle E \rangle - \sum_i \Gamma_i \langle \sigma^x_i \rangle`: the estimators
    of a sampler, which all have the error of the slices.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        n <= 10.
    gamma : float, or float64 of shape (n,)
        Above 0.
    beta : float
        0 < beta < infinity.
    replicas : int
        R >= 1.

    Returns
    -------
    Replicated

    Raises
    ------
    ValueError
        n, gamma, beta or replicas out of range.

    Examples
    --------
    >>> import pbit
    >>> ring = pbit.IsingModel.from_edges(range(8), [1, 2, 3, 4, 5, 6, 7, 0], [1.0] * 8)
    >>> round(replicated(ring, 1.0, 2.0, replicas=8).m2, 8)
    0.66430006
    """
    system, beta = _checked(model, gamma, beta, replicas=replicas)
    slices = _slices(system, beta, replicas)
    levels = slices.levels()
    ratios = levels.values / levels.values[-1]
    z = float(np.sum(ratios**replicas))
    law = levels.law(ratios**replicas / z)
    sigma_x = _turned_averages(slices, levels) / z
    squares = levels.between(magnetisations(system.num_spins)) ** 2
    pairs = sum(ratios ** (replicas - k) @ squares @ ratios**k for k in range(replicas))
    return Replicated(
        **moments_of(law)._asdict(),
        energy=float(law @ system.energies - system.gamma @ sigma_x),
        sigma_x=sigma_x,
        beta=beta,
        replicas=replicas,
        log_z=replicas * float(np.log(levels.values[-1]))
        + np.log(z)
        + _constant(system, beta, replicas),
        susceptibility=float(beta / replicas * pairs / z),
    )


def slice_correlations(
    model: Any, gamma: npt.ArrayLike, beta: float, *, replicas: int
) -> FloatArray:
    r"""Correlations between slices, :math:`\langle m_{ik} m_{j0} \rangle` at distances k.

    What :func:`pbit.exact.quantum.time_correlations` is at tau = k beta / R, up to O(1/R^2).

    Parameters
    ----------
    model, gamma, beta, replicas
        As for :func:`replicated`.

    Returns
    -------
    float64, shape (R, n, n)

    Raises
    ------
    ValueError
        As for :func:`replicated`.

    Examples
    --------
    >>> import pbit
    >>> spin = pbit.IsingModel([0.0], [[0.0]])
    >>> slice_correlations(spin, 1.0, 2.0, replicas=4).ravel().round(6).tolist()
    [1.0, 0.410154, 0.265802, 0.410154]
    """
    system, beta = _checked(model, gamma, beta, replicas=replicas)
    levels = _slices(system, beta, replicas).levels()
    ratios = levels.values / levels.values[-1]
    spins = levels.spins_between().reshape(system.num_spins, -1)
    factors = (np.outer(ratios ** (replicas - k), ratios**k).ravel() for k in range(replicas))
    found = np.array([(spins * factor) @ spins.T for factor in factors])
    return np.asarray(found / np.sum(ratios**replicas))


def replica_law(model: Any, gamma: npt.ArrayLike, beta: float, *, replicas: int) -> FloatArray:
    """Probability of every state of all slices together, numbered slice by slice.

    Spin i of slice k is spin ``k n + i``, as :func:`pbit.exact.state_number` counts them.

    Parameters
    ----------
    model, gamma, beta, replicas
        As for :func:`replicated`; n R <= 20.

    Returns
    -------
    float64, shape (2**(n R),)

    Raises
    ------
    ValueError
        As for :func:`replicated`, or n R > 20.

    Examples
    --------
    >>> import pbit
    >>> spin = pbit.IsingModel([0.0], [[0.0]])
    >>> replica_law(spin, 1.0, 2.0, replicas=2).round(6).tolist()  # 1 : tanh(1)**2
    [0.316451, 0.183549, 0.183549, 0.316451]
    """
    system, beta = _checked(model, gamma, beta, replicas=replicas, together=True)
    slices, n = _slices(system, beta, replicas), system.num_spins
    numbers = np.arange(2 ** (n * replicas))
    states = [(numbers >> (n * k)) & (2**n - 1) for k in range(replicas)]
    law = np.ones(numbers.size)
    for k, state in enumerate(states):
        law *= slices.weights[state] * slices.turns[state ^ states[(k + 1) % replicas]]
    return np.asarray(law / law.sum())


def _slices(system: System, beta: float, replicas: int) -> _Slices:
    steps = beta / replicas
    turns = np.ones(1)
    for factor in np.tanh(steps * system.gamma):  # bit i: whether spin i turns
        turns = np.concatenate([turns, turns * factor])
    return _Slices(np.exp(-steps * (system.energies - system.energies.min())), turns, replicas)


def _constant(system: System, beta: float, replicas: int) -> float:
    """What ``weights`` and ``turns`` leave out of ln Z."""
    a = beta * system.gamma / replicas
    log_cosh = a + np.log1p(np.exp(-2 * a)) - np.log(2)
    return float(replicas * log_cosh.sum() - beta * system.energies.min())


def _turned_averages(slices: _Slices, levels: Levels) -> FloatArray:
    """Sums over states of ``tanh(a_i)^(m m')`` times the weight, in units of the top level.

    The factor makes cosh of sinh and sinh of cosh: the bonds with one end of spin i turned.
    """
    ratios, top = levels.values / levels.values[-1], levels.values[-1]
    roots = np.sqrt(slices.weights)
    others = (levels.vectors * ratios ** (slices.replicas - 1)) @ levels.vectors.T
    others *= roots[:, None] * roots / top
    bonds, numbers = slices.bonds(), np.arange(roots.size)
    n = roots.size.bit_length() - 1
    return np.array([np.sum(bonds[numbers ^ (1 << i)] * others) for i in range(n)])


def _checked(
    model: Any, gamma: npt.ArrayLike, beta: float, *, replicas: int, together: bool = False
) -> tuple[System, float]:
    integer("replicas", replicas, 1)
    most, remedy = MAX_SLICE, "sample larger ones, or use thermal, which has no slices"
    if together:
        most, remedy = MAX_REPLICATED // replicas, f"n * replicas must be <= {MAX_REPLICATED}"
    system = system_of(model, gamma, most=most, remedy=remedy)
    if not np.all(system.gamma > 0):
        remedy = "without it slices do not differ: see pbit.exact.exact_boltzmann"
        raise ArgumentError("gamma", "must be > 0", gamma, remedy=remedy)
    remedy = "use thermal for 0 and ground for infinity"
    return system, finite_beta(beta, least="> 0", remedy=remedy)
