"""A quantum Ising model as an ordinary network: R slices of imaginary time, coupled in a ring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel, PolynomialModel


@dataclass(frozen=True, eq=False)
class ReplicatedModel(ByValue):
    r"""R slices of n p-bits with the law of Trotter's product, at an inverse temperature of one.

    .. math:: P(m) \propto \exp\Bigl\{\tfrac{\beta}{R} \sum_k -E(m_k)
              + \sum_{ik} K_i m_{ik} m_{i,k+1}\Bigr\},
              \quad K_i = -\tfrac12 \ln \tanh(\beta \Gamma_i / R)

    Slices are periodic: with R = 2 the bond is there twice, with R = 1 it is a constant. The offset
    is such that :math:`\sum_m e^{-E(m)}` is Trotter's approximation of the quantum model's Z.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        Of R n spins; spin i of slice k is number k n + i. Sample it at ``beta``.
    num_sites, replicas : int
        n and R.
    beta : float
        1.0: temperatures and fields are in the weights.

    References
    ----------
    Suzuki, Prog. Theor. Phys. 56, 1454 (1976).
    """

    model: AnyModel
    num_sites: int
    replicas: int
    beta: float = 1.0

    def slices(self, spins: npt.ArrayLike) -> SpinArray:
        """States (..., R n) as slices (..., R, n)."""
        states = np.asarray(spins)
        return states.reshape(*states.shape[:-1], self.replicas, self.num_sites)


def replicated(
    model: AnyModel, gamma: float | FloatArray, beta: float, replicas: int
) -> ReplicatedModel:
    """The replicated model; see there.

    Raises
    ------
    ValueError
        A spin without a transverse field: its slices would be coupled infinitely strongly.
    """
    n = model.num_spins
    fields = np.broadcast_to(np.asarray(gamma, np.float64), (n,))
    if not np.all(fields > 0):
        i = int(np.flatnonzero(fields <= 0)[0])
        raise ArgumentError(
            "gamma",
            "must be > 0 at every spin of a replicated model",
            got=f"{fields[i]} at spin {i}",
            remedy="measure(method='worldlines') takes 0",
        )
    angles = beta * fields / replicas
    # ln tanh and ln sinh without overflow and cancellation
    log_tanh = np.log1p(-np.exp(-2 * angles)) - np.log1p(np.exp(-2 * angles))
    bonds = -0.5 * log_tanh
    log_sinh = 2 * angles + np.log1p(-np.exp(-4 * angles)) - np.log(2.0)
    log_weight = 0.5 * replicas * float((log_sinh - np.log(2.0)).sum())
    if replicas == 1:
        log_weight += float(bonds.sum())
    offset = beta * model.offset - log_weight
    together = _pairs if isinstance(model, IsingModel) else _terms
    made = together(model, beta / replicas, bonds, (replicas, offset))  # type: ignore[arg-type]
    return ReplicatedModel(made, n, replicas)


def _ring(replicas: int) -> sparse.csr_array:
    """Neighbours of slices; two slices are neighbours twice, and one has none."""
    around = sparse.eye_array(replicas, k=1) + sparse.eye_array(replicas, k=1 - replicas)
    if replicas == 1:
        return sparse.csr_array((1, 1))
    return sparse.csr_array(around + around.T)


def _pairs(
    model: IsingModel, scale: float, bonds: FloatArray, rest: tuple[int, float]
) -> IsingModel:
    replicas, offset = rest
    inside = sparse.kron(sparse.eye_array(replicas), scale * model.J)
    across = sparse.kron(_ring(replicas), sparse.diags_array(bonds))
    J = sparse.csr_array(inside + across)
    return IsingModel(np.tile(scale * model.h, replicas), J, offset=offset)


def _terms(
    model: PolynomialModel, scale: float, bonds: FloatArray, rest: tuple[int, float]
) -> PolynomialModel:
    replicas, offset = rest
    n = model.num_spins
    terms = {
        tuple(n * k + i for i in members): scale * weight
        for k in range(replicas)
        for members, weight in model.terms()
    }
    ring = sparse.triu(_ring(replicas)).tocoo()
    for k, other, times in zip(ring.row, ring.col, ring.data, strict=True):
        for i in range(n):
            pair = (n * int(k) + i, n * int(other) + i)
            terms[pair] = terms.get(pair, 0.0) + times * bonds[i]
    return PolynomialModel.from_terms(terms, num_spins=replicas * n, offset=offset)
