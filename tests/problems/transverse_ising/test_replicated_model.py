"""The replicated network: in all of its states the law, and the Z, of Trotter's product."""

import numpy as np
import pytest
from scipy.linalg import expm

from naive_quantum import X, pauli
from pbit import IsingModel, PolynomialModel
from pbit.exact import exact_boltzmann, exact_energies, exact_log_z
from pbit.exact.quantum import replica_law
from pbit.problems.transverse_ising import TransverseIsing, ring

FIELDS = IsingModel([0.3, -0.7], [[0.0, 0.9], [0.9, 0.0]], offset=1.5)
GLASS = IsingModel.from_edges([0, 0, 1, 2], [1, 2, 2, 3], [1.0, -0.6, 0.8, 1.3], h=[0.1, 0, 0, -2])
TERMS = PolynomialModel.from_terms(
    {(0, 1, 2): 1.0, (0, 3): -0.5, (2,): 0.4}, num_spins=4, offset=-0.25
)
SPIN = IsingModel([0.4], [[0.0]])
CASES = [
    (model, gamma, beta, replicas)
    for model, gamma in (
        (SPIN, 1.2),
        (FIELDS, 0.8),
        (FIELDS, np.array([0.4, 2.0])),
        (GLASS, np.array([0.5, 1.0, 2.0, 0.1])),
        (TERMS, 1.0),
    )
    for beta, replicas in ((0.7, 1), (1.5, 2), (1.0, 3))
]


@pytest.mark.parametrize(("model", "gamma", "beta", "replicas"), CASES)
def test_the_law_of_all_slices(model, gamma, beta, replicas):
    network = TransverseIsing.of(model, gamma).replicated(beta, replicas)
    assert network.model.num_spins == replicas * model.num_spins
    assert (network.num_sites, network.replicas, network.beta) == (model.num_spins, replicas, 1.0)
    found = exact_boltzmann(network.model, network.beta)
    exact = replica_law(model, gamma, beta, replicas=replicas)
    np.testing.assert_allclose(found, exact, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize(("model", "gamma", "beta", "replicas"), CASES)
def test_z_is_that_of_trotters_product(model, gamma, beta, replicas):
    """Pauli matrices multiplied out: tr (exp(-beta V / R) exp(beta sum gamma X / R))^R."""
    n, step = model.num_spins, beta / replicas
    fields = np.broadcast_to(gamma, n)
    flips = expm(step * sum(fields[i] * pauli(X, i, n) for i in range(n)))
    factor = np.diag(np.exp(-step * exact_energies(model))) @ flips
    exact = np.log(np.trace(np.linalg.matrix_power(factor, replicas)))
    network = TransverseIsing.of(model, gamma).replicated(beta, replicas)
    energies = exact_energies(network.model)
    assert np.logaddexp.reduce(-energies) == pytest.approx(exact, abs=1e-10)


def test_other_laws_are_told_apart():
    """K without the half, a bond of two slices that is there once: both far from the law."""
    beta, gamma = 2.0, 1.0
    for replicas, wrong in ((2, 0.5), (3, 2.0)):
        network = TransverseIsing.of(FIELDS, gamma).replicated(beta, replicas).model
        J = network.J.toarray()
        across = np.arange(len(J)) % 2 == np.arange(len(J))[:, None] % 2
        J[across] *= wrong
        law = exact_boltzmann(IsingModel(network.h, J), 1.0)
        exact = replica_law(FIELDS, gamma, beta, replicas=replicas)
        assert np.abs(law - exact).sum() / 2 > 0.05


def test_weak_and_strong_fields_neither_overflow_nor_cancel():
    """K from 27 down to 1e-304, and the Z of free spins, (2 cosh beta gamma)^n."""
    for angle in (1e-12, 1e-3, 1.0, 20.0, 350.0):
        free = IsingModel(np.zeros(2), np.zeros((2, 2)))
        network = TransverseIsing.of(free, angle).replicated(1.0, 2)
        assert np.isfinite(network.model.J.data).all()
        exact = 2 * (angle + np.log1p(np.exp(-2 * angle)))
        assert exact_log_z(network.model, 1.0) == pytest.approx(exact, rel=1e-9, abs=1e-9)


def test_slices():
    network = TransverseIsing.of(ring(3), 1.0).replicated(1.0, 4)
    assert network.slices(np.arange(24).reshape(2, 12))[1, 2].tolist() == [18, 19, 20]


def test_what_is_refused():
    quantum = TransverseIsing.of(ring(3), [1.0, 0.0, 2.0])
    with pytest.raises(ValueError, match=r"gamma must be > 0 at every .*, got 0.0 at spin 1; meas"):
        quantum.replicated(1.0, 2)
    with pytest.raises(ValueError, match="replicas must be a whole number >= 1, got None"):
        quantum.replicated(1.0, None)
    with pytest.raises(ValueError, match="beta must be > 0 and finite, got 0"):
        quantum.replicated(0.0, 2)
