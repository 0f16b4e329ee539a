"""Slices at finite R: against enumeration of ordinary models with K, and in the limit.

The models are wired here from ``K = -ln tanh(beta gamma / R) / 2``, and in three wrong ways, all of
which the same comparison catches.
"""

import numpy as np
import pytest

from pbit import IsingModel, exact, exact_quantum
from quantum_table import TABLE, chain, ring
from random_models import random_model, random_polynomial

GAMMA = np.array([0.7, 1.2, 0.4, 0.9])
# n = 8 ring, gamma 1, beta 2, by an independent program
M2 = {4: 0.71745064, 8: 0.66430006, 16: 0.64936060, 32: 0.64550792, 64: 0.64453711}


def wired(model, gamma, beta, replicas, *, half=0.5, closed=True, twice=True, strength=1.0):
    """The slices as one ordinary model at beta = 1: spin i of slice k is spin k n + i."""
    n, (rows, cols, weights) = model.num_spins, model.edges()
    K = -half * strength * np.log(np.tanh(beta * np.broadcast_to(gamma, n) / replicas))
    edges = [
        (k * n + i, k * n + j, beta / replicas * w)
        for k in range(replicas)
        for i, j, w in zip(rows, cols, weights, strict=True)
    ]
    bonds = range(replicas if closed else replicas - 1)
    if replicas == 1 or (replicas == 2 and not twice):
        bonds = range(replicas - 1)
    edges += [(k * n + i, (k + 1) % replicas * n + i, K[i]) for k in bonds for i in range(n)]
    i, j, w = zip(*edges, strict=True)
    h = np.tile(model.h, replicas) * beta / replicas
    return IsingModel.from_edges(i, j, w, h=h, num_spins=n * replicas)


CASES = [(2, 1), (3, 2), (3, 3), (4, 4), (2, 6)]


@pytest.mark.parametrize(("n", "replicas"), CASES)
def test_the_joint_law_is_that_of_an_ordinary_model(n, replicas):
    model, beta = random_model(n, seed=n), 1.3
    law = exact_quantum.replica_law(model, GAMMA[:n], beta, replicas=replicas)
    expected = exact.exact_boltzmann(wired(model, GAMMA[:n], beta, replicas), 1.0)
    assert np.allclose(law, expected, rtol=1e-11, atol=1e-16)


@pytest.mark.parametrize(
    ("replicas", "wrong"),
    [
        (3, {"half": 1.0}),  # K without the 1/2, as in published code
        (2, {"half": 1.0}),
        (2, {"twice": False}),  # the two slices next to each other once
        (4, {"closed": False}),
        (3, {"strength": 1.02}),
    ],
    ids=str,
)
def test_wrong_wires_have_another_law(replicas, wrong):
    model, beta = random_model(3, seed=3), 1.3
    law = exact_quantum.replica_law(model, GAMMA[:3], beta, replicas=replicas)
    other = exact.exact_boltzmann(wired(model, GAMMA[:3], beta, replicas, **wrong), 1.0)
    assert np.abs(law - other).max() > 1e-3


@pytest.mark.parametrize(("n", "replicas"), CASES)
@pytest.mark.parametrize("make", [random_model, random_polynomial])
def test_averages_by_enumeration(make, n, replicas):
    model, gamma, beta = make(n, seed=n + 5), GAMMA[:n], 0.8
    law = exact_quantum.replica_law(model, gamma, beta, replicas=replicas)
    spins = exact.states(n * replicas).astype(float).reshape(-1, replicas, n)
    found = exact_quantum.replicated(model, gamma, beta, replicas=replicas)
    first, m = spins[:, 0], spins.mean(axis=2)
    assert np.allclose(found.sigma_z, law @ first, atol=1e-12)
    pairs = np.einsum("x,xi,xj->ij", law, first, first)
    assert np.allclose(found.correlations, pairs, atol=1e-12)
    assert (found.m2, found.m4) == pytest.approx((law @ m[:, 0] ** 2, law @ m[:, 0] ** 4))
    bonds = first * spins[:, 1 % replicas]
    sigma_x = law @ np.tanh(beta * gamma / replicas) ** bonds
    assert np.allclose(found.sigma_x, sigma_x, atol=1e-12)
    energy = law @ model.energy(first) - gamma @ sigma_x
    assert found.energy == pytest.approx(energy, abs=1e-12)
    assert found.susceptibility == pytest.approx(beta * law @ (m[:, 0] * m.mean(axis=1)))
    distances = exact_quantum.slice_correlations(model, gamma, beta, replicas=replicas)
    expected = np.einsum("x,xki,xj->kij", law, spins, first)
    assert np.allclose(distances, expected, atol=1e-12)
    numbers = exact.state_number(exact.states(n * replicas)[:, :n])
    assert np.allclose(found.law, np.bincount(numbers, law), atol=1e-13)


def test_log_z_by_enumeration():
    """With the constant: sqrt(sinh 2a / 2) for each spin of each slice."""
    model, beta, replicas = random_model(3, seed=1), 1.1, 4
    energies = exact.exact_energies(wired(model, GAMMA[:3], beta, replicas))
    constant = replicas / 2 * np.log(np.sinh(2 * beta * GAMMA[:3] / replicas) / 2).sum()
    expected = np.logaddexp.reduce(-energies) + constant - beta * model.offset
    found = exact_quantum.replicated(model, GAMMA[:3], beta, replicas=replicas)
    assert found.log_z == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(("replicas", "m2"), M2.items())
def test_printed_values(replicas, m2):
    found = exact_quantum.replicated(ring(8), 1.0, 2.0, replicas=replicas)
    assert found.m2 == pytest.approx(m2, abs=1e-8)


def test_k_without_the_half_is_far_off():
    """Four times the squared field in units of the wrong K: <m^2> = .9928 at R = 64."""
    a = np.arctanh(np.tanh(2.0 / 64) ** 2)  # of which the right K is the wrong one of 2 / 64
    found = exact_quantum.replicated(ring(8), 64 / 2 * a, 2.0, replicas=64)
    assert found.m2 == pytest.approx(0.9928, abs=5e-5)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_limit_has_an_error_of_second_order(row):
    """Halving the step divides the error by four, and Richardson's rule removes it."""
    quantum = exact_quantum.thermal(row.model, row.gamma, row.beta)
    names = ("energy", "m2", "m4", "susceptibility", "log_z")

    def values(found):
        return np.array([*(getattr(found, name) for name in names), found.sigma_x[0]])

    coarse, fine = (
        values(exact_quantum.replicated(row.model, row.gamma, row.beta, replicas=replicas))
        for replicas in (64 * row.beta, 128 * row.beta)
    )
    exactly = values(quantum)
    ratio = (coarse - exactly) / (fine - exactly)
    assert ratio == pytest.approx(np.full(6, 4.0), rel=0.02)
    assert (4 * fine - coarse) / 3 == pytest.approx(exactly, abs=1e-5)


def test_slices_are_times():
    found = exact_quantum.slice_correlations(chain(4), GAMMA, 1.5, replicas=512)[::64]
    taus = 1.5 * np.arange(8) / 8
    expected = exact_quantum.time_correlations(chain(4), GAMMA, 1.5, taus=taus)
    assert np.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": ring(11)}, "1 to 10 spins, got 11; sample larger ones, or use thermal"),
        ({"gamma": 0.0}, "gamma must be > 0, got 0.0; without it slices do not differ"),
        ({"gamma": [1.0, -1.0, 1.0]}, "gamma must be > 0"),
        ({"beta": 0.0}, "beta must be > 0 and finite, got 0.0; use thermal for 0"),
        ({"beta": np.inf}, "beta must be > 0 and finite, got inf"),
        ({"beta": np.nan}, "beta must be > 0 and finite, got nan"),
        ({"replicas": 0}, "replicas must be >= 1, got 0"),
    ],
    ids=str,
)
def test_refusals(change, words):
    given = {"model": ring(3), "gamma": 1.0, "beta": 1.0, "replicas": 4, **change}
    for call in (exact_quantum.replicated, exact_quantum.slice_correlations):
        with pytest.raises(ValueError, match=words):
            call(**given)


def test_too_many_states_together():
    with pytest.raises(ValueError, match=r"1 to 2 spins, got 3; n \* replicas must be <= 20"):
        exact_quantum.replica_law(ring(3), 1.0, 1.0, replicas=7)
    with pytest.raises(ValueError, match=r"1 to 0 spins"):
        exact_quantum.replica_law(ring(3), 1.0, 1.0, replicas=21)
