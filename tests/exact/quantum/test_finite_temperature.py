"""Thermal averages against Pauli matrices multiplied out, a printed table, and each other."""

import numpy as np
import pytest

from naive_quantum import Naive, X, pauli
from pbit import DirectedModel, IsingModel, exact, exact_quantum
from pbit.exact.quantum import propagation, spectrum
from pbit.exact.quantum.symmetry import orbits_of
from pbit.exact.quantum.system import system_of
from quantum_table import TABLE, chain, ring
from random_models import random_model, random_polynomial

SPREAD = np.array([0.7, -1.2, 0.4, 0.0, 1.5, 0.9])


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_table(row):
    found = exact_quantum.thermal(row.model, row.gamma, row.beta)
    assert found.energy_per_spin == pytest.approx(row.energy, abs=1e-8)
    assert found.sigma_x.mean() == pytest.approx(row.sigma_x, abs=1e-8)
    assert (found.m2, found.m4) == pytest.approx((row.m2, row.m4), abs=1e-8)
    assert found.correlations[0, 1:5] == pytest.approx(row.correlations, abs=1e-8)


def test_a_field_along_z():
    found = exact_quantum.thermal(ring(8, h=0.1), 1.0, 2.0)
    assert found.sigma_z.mean() == pytest.approx(0.68623718, abs=1e-8)


@pytest.mark.parametrize("beta", [0.0, 0.3, 2.0])
@pytest.mark.parametrize(
    ("model", "gamma"),
    [(random_model(5, seed=1), SPREAD[:5]), (random_model(4, seed=2), 0.8), (chain(4), -0.7)],
)
def test_all_averages_by_matrix_exponentials(model, gamma, beta):
    found, naive = exact_quantum.thermal(model, gamma, beta), Naive(model, gamma, beta)
    n = model.num_spins
    assert found.log_z == pytest.approx(naive.log_z, rel=1e-12)
    assert found.energy == pytest.approx(naive.mean(naive.H), rel=1e-11, abs=1e-12)
    assert found.heat_capacity == pytest.approx(naive.heat_capacity, rel=1e-9, abs=1e-12)
    assert np.allclose(found.sigma_x, [naive.mean(pauli(X, i, n)) for i in range(n)], atol=1e-11)
    assert np.allclose(found.sigma_z, [naive.mean(s) for s in naive.spins], atol=1e-11)
    pairs = [[naive.mean(s @ t) for t in naive.spins] for s in naive.spins]
    assert np.allclose(found.correlations, pairs, atol=1e-11)
    powers = [naive.mean(np.linalg.matrix_power(naive.m, k)) for k in (2, 4)]
    assert (found.m2, found.m4) == pytest.approx(powers, abs=1e-11)
    assert found.binder == pytest.approx(1 - powers[1] / (3 * powers[0] ** 2), rel=1e-9)
    assert np.allclose(found.law, np.diag(naive.rho), atol=1e-12)
    assert found.susceptibility == pytest.approx(naive.susceptibility(), rel=1e-10, abs=1e-13)


def test_time_correlations_by_matrix_exponentials():
    model, beta, taus = random_model(4, seed=3), 1.7, [0.0, 0.4, 1.1, 1.7]
    naive = Naive(model, SPREAD[:4], beta)
    expected = [[[naive.at_time(s, t, tau) for t in naive.spins] for s in naive.spins]
                for tau in taus]  # fmt: skip
    found = exact_quantum.time_correlations(model, SPREAD[:4], beta, taus=taus)
    assert np.allclose(found, expected, atol=1e-11)


def systems():
    yield "no symmetry", random_model(6, seed=4), SPREAD
    yield "even", IsingModel(np.zeros(6), random_model(6, seed=5).J), SPREAD
    yield "many-spin terms", random_polynomial(5, seed=6), 0.9
    yield "ring", ring(7), 1.0
    yield "ring in a field", ring(6, h=0.2), 0.8
    yield "mirrored chain", chain(6, [1.0, 0.5, 2.0, 0.5, 1.0]), SPREAD[[0, 1, 2, 2, 1, 0]]
    yield "two spins", chain(2), [1.0, 0.3]


SYSTEMS = [pytest.param(*parts, id=name) for name, *parts in systems()]


@pytest.mark.parametrize("beta", [0.0, 0.6, 15.0])
@pytest.mark.parametrize(("model", "gamma"), SYSTEMS)
def test_propagation_equals_all_levels(model, gamma, beta):
    system = system_of(model, gamma, most=16, remedy="")
    one, other = spectrum.traces(system, beta), propagation.traces(system, beta)
    for a, b in zip(one, other, strict=True):
        assert np.allclose(a, b, rtol=1e-10, atol=1e-11)
    taus = np.array([0.0, 0.1, 0.5, 1.0]) * beta
    one, other = (way.time_traces(system, beta, taus) for way in (spectrum, propagation))
    assert np.allclose(one, other, atol=1e-11)


def test_orbits_of_a_ring_are_its_necklaces():
    """Bracelets of 8 beads in 2 colours: 30; with the colours exchanged 18."""
    system = system_of(ring(8), 1.0, most=16, remedy="")
    for num_states, count in ((256, 30), (128, 18)):
        orbits = orbits_of(system, num_states=num_states)
        assert orbits.states.size == count and orbits.sizes.sum() == num_states
    other = system_of(ring(8), np.arange(1.0, 9.0), most=16, remedy="")
    assert len(orbits_of(other, num_states=256).images) == 1


def test_twelve_spins_by_propagation():
    """Against derivatives of ln Z, and against eight of them that are on their own."""
    weights = np.where(np.arange(11) == 7, 0.0, 1.0)
    found = exact_quantum.thermal(chain(12, weights), 1.0, 2.0)
    eight, four = (exact_quantum.thermal(chain(n), 1.0, 2.0) for n in (8, 4))
    assert found.log_z == pytest.approx(eight.log_z + four.log_z, rel=1e-13)
    assert found.heat_capacity == pytest.approx(eight.heat_capacity + four.heat_capacity, rel=1e-9)
    assert np.allclose(found.sigma_x, [*eight.sigma_x, *four.sigma_x], atol=1e-12)
    both = 64 * eight.susceptibility + 16 * four.susceptibility
    assert 144 * found.susceptibility == pytest.approx(both, rel=1e-11)


@pytest.mark.parametrize(("n", "beta"), [(11, 0.4), (13, 2.0)])
def test_rings_by_propagation_and_by_free_fermions(n, beta):
    found, expected = exact_quantum.thermal(ring(n), 0.9, beta), exact_quantum.ring(n, 0.9, beta)
    assert found.log_z == pytest.approx(expected.log_z, rel=1e-14)
    assert found.energy == pytest.approx(expected.energy, rel=1e-13)
    assert np.allclose(found.sigma_x, expected.sigma_x, atol=1e-13)
    assert np.allclose(found.correlations[0], expected.correlations(), atol=1e-12)


def test_no_transverse_field_is_boltzmann_and_no_coupling_is_one_spin():
    model = random_model(5, seed=7)
    found = exact_quantum.thermal(model, 0.0, 0.9)
    assert np.allclose(found.law, exact.exact_boltzmann(model, 0.9), atol=1e-13)
    assert found.sigma_x == pytest.approx(np.zeros(5), abs=1e-13)
    free = exact_quantum.thermal(IsingModel(np.zeros(3), np.zeros((3, 3))), SPREAD[:3], 1.3)
    assert found.binder < 1 and free.sigma_x == pytest.approx(np.tanh(1.3 * SPREAD[:3]))
    assert free.free_energy == pytest.approx(-np.log(2 * np.cosh(1.3 * SPREAD[:3])).sum() / 1.3)


def test_infinite_temperature():
    found = exact_quantum.thermal(ring(4), 1.0, 0.0)
    assert found.log_z == pytest.approx(4 * np.log(2)) and found.free_energy == -np.inf
    assert found.susceptibility == found.heat_capacity == 0
    assert np.allclose(found.law, 1 / 16)


def test_how_fast_the_ground_state_turns():
    """Overlaps of ground states, and the angle of a spin in a plane."""
    overlap = abs(
        exact_quantum.ground(ring(6), 0.9995).state @ exact_quantum.ground(ring(6), 1.0005).state
    )
    found = exact_quantum.fidelity_susceptibility(ring(6), 1.0, 60.0)
    assert found == pytest.approx(2 * (1 - overlap) / 0.001**2, rel=1e-3)
    for gamma in (0.3, np.array([0.3])):  # of the field, and of a factor of it
        turn = exact_quantum.fidelity_susceptibility(IsingModel([1.0], [[0.0]]), gamma, 60.0)
        scale = 1 if np.ndim(gamma) else 0.3**2
        assert turn * scale == pytest.approx(0.3**2 / (4 * (1 + 0.3**2) ** 2), rel=1e-12)


@pytest.mark.parametrize("beta", [1e-4, 0.7, 3.0])
def test_fidelity_susceptibility_by_the_integral(beta):
    model, naive = random_model(4, seed=2), Naive(random_model(4, seed=2), SPREAD[:4], beta)
    V = -sum(gamma * pauli(X, i, 4) for i, gamma in enumerate(SPREAD[:4]))
    taus, weights = np.polynomial.legendre.leggauss(30)
    taus = beta / 4 * (taus + 1)
    apart = [naive.at_time(V, V, tau) for tau in taus]
    integral = beta / 4 * (weights * taus) @ (np.array(apart) - naive.mean(V) ** 2)
    found = exact_quantum.fidelity_susceptibility(model, SPREAD[:4], beta)
    assert found == pytest.approx(integral, rel=1e-7)


def test_no_field_turns_nothing():
    with pytest.raises(ValueError, match="gamma must not be 0 everywhere, got 0"):
        exact_quantum.fidelity_susceptibility(ring(3), 0.0, 1.0)
    with pytest.raises(ValueError, match="model must have 1 to 10 spins, got 11; sample"):
        exact_quantum.fidelity_susceptibility(ring(11), 1.0, 1.0)


def test_cold_is_the_ground_state():
    cold, ground = exact_quantum.thermal(ring(5), 0.6, 1e4), exact_quantum.ground(ring(5), 0.6)
    assert cold.energy == pytest.approx(ground.energy, rel=1e-13)
    assert np.allclose(cold.correlations, ground.correlations, atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((ring(17), 1.0, 1.0), "model must have 1 to 16 spins, got 17; sample larger ones"),
        ((IsingModel([], np.zeros((0, 0))), 1.0, 1.0), "must have 1 to 16 spins, got 0"),
        ((ring(3), [1.0, 2.0], 1.0), r"gamma must be a number or have shape \(3,\), got \(2,\)"),
        ((ring(3), np.nan, 1.0), "gamma must be finite, got nan"),
        ((ring(3), 1.0, np.inf), "beta must be >= 0 and finite, got inf; use ground"),
        ((ring(3), 1.0, np.nan), "beta must be >= 0 and finite, got nan"),
        ((ring(3), 1.0, -1.0), "beta must be >= 0 and finite, got -1.0"),
    ],
)
def test_refusals(arguments, words):
    for call in (exact_quantum.thermal, lambda *a: exact_quantum.time_correlations(*a, taus=[0])):
        with pytest.raises(ValueError, match=words):
            call(*arguments)


def test_directed_networks_have_no_energy():
    directed = DirectedModel.from_edges([0], [1], [1.0])
    with pytest.raises(TypeError, match="other networks have no energy to diagonalise"):
        exact_quantum.thermal(directed, 1.0, 1.0)


def test_times_out_of_range():
    with pytest.raises(ValueError, match="taus must be between 0 and beta = 1, got"):
        exact_quantum.time_correlations(ring(3), 1.0, 1.0, taus=[0.0, 1.5])
    with pytest.raises(ValueError, match="taus must have one dimension"):
        exact_quantum.time_correlations(ring(3), 1.0, 1.0, taus=0.5)
