"""Chains as free fermions against diagonalisation of the same chains, and printed numbers."""

import numpy as np
import pytest

from pbit import exact_quantum
from pbit.exact.quantum.modes import both_parities
from quantum_table import TABLE, chain, ring

BETAS = [0.0, 1e-8, 0.05, 0.7, 3.0, 40.0]
GAMMAS = [0.0, 0.3, 1.0, 1.7, -0.6]
SIZES = [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_table(row):
    if row.lattice == "ring":
        found = exact_quantum.ring(8, row.gamma, row.beta)
        correlations = found.correlations()
        assert correlations.mean() == pytest.approx(row.m2, abs=1e-8)
    else:
        found = exact_quantum.open_chain(np.ones(7), row.gamma, row.beta)
        correlations = found.correlations()[0]
        assert found.correlations().mean() == pytest.approx(row.m2, abs=1e-8)
    assert found.energy_per_spin == pytest.approx(row.energy, abs=1e-8)
    assert np.mean(found.sigma_x) == pytest.approx(row.sigma_x, abs=1e-8)
    assert correlations[1:5] == pytest.approx(row.correlations, abs=1e-8)


def test_printed_ground_energies():
    assert exact_quantum.ring(8, 1.0, np.inf).energy == pytest.approx(-10.251662, abs=5e-7)
    found = exact_quantum.open_chain(np.ones(7), 1.0, np.inf)
    assert found.energy == pytest.approx(-9.837951, abs=5e-7)


# --- against diagonalisation


@pytest.mark.parametrize("coupling", [1.0, -0.8, 0.0])
@pytest.mark.parametrize("n", SIZES)
def test_rings_at_a_temperature(n, coupling):
    for gamma in GAMMAS:
        for beta in BETAS:
            found = exact_quantum.ring(n, gamma, beta, coupling=coupling)
            expected = exact_quantum.thermal(ring(n, coupling), gamma, beta)
            assert found.energy == pytest.approx(expected.energy, rel=1e-12, abs=1e-12)
            assert found.log_z == pytest.approx(expected.log_z, rel=1e-13)
            assert found.free_energy == pytest.approx(expected.free_energy, rel=1e-12)
            assert found.sigma_x == pytest.approx(expected.sigma_x[0], rel=1e-12, abs=1e-12)
            assert found.bond == pytest.approx(expected.correlations[0, 1], abs=1e-12)
            if coupling >= 0 or n % 2 == 0 or beta < 10:
                assert np.allclose(found.correlations(), expected.correlations[0], atol=1e-10)


@pytest.mark.parametrize("coupling", [1.0, -0.8])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 8, 9, 10])
def test_ground_states_of_rings(n, coupling):
    for gamma in (0.3, 1.0, 1.7, -0.6):
        found = exact_quantum.ring(n, gamma, np.inf, coupling=coupling)
        expected = exact_quantum.ground(ring(n, coupling), gamma)
        assert found.energy == found.free_energy == pytest.approx(expected.energy, rel=1e-12)
        assert found.gap == pytest.approx(expected.gap, abs=1e-11)
        assert found.sigma_x == pytest.approx(expected.sigma_x[0], abs=1e-10)
        assert np.allclose(found.correlations(), expected.correlations[0], atol=1e-10)


@pytest.mark.parametrize("beta", [*BETAS, np.inf])
@pytest.mark.parametrize("n", range(1, 9))
def test_open_chains_of_any_bonds_and_fields(n, beta):
    rng = np.random.default_rng(n)
    weights, gamma = rng.normal(size=n - 1), rng.normal(size=n)
    found = exact_quantum.open_chain(weights, gamma, beta)
    ground = exact_quantum.ground(chain(n, weights), gamma)
    assert found.gap == pytest.approx(ground.gap, abs=1e-12)
    expected = ground
    if np.isfinite(beta):
        expected = exact_quantum.thermal(chain(n, weights), gamma, beta)
        assert found.log_z == pytest.approx(expected.log_z, rel=1e-13)
        assert found.free_energy == pytest.approx(expected.free_energy, rel=1e-12)
    assert found.energy == pytest.approx(expected.energy, rel=1e-12, abs=1e-12)
    assert np.allclose(found.sigma_x, expected.sigma_x, atol=1e-12)
    assert np.allclose(found.bonds, np.diagonal(expected.correlations, 1), atol=1e-12)
    assert np.allclose(found.correlations(), expected.correlations, atol=1e-11)


# --- what would be wrong


def test_other_parities_are_told_apart():
    """The thermodynamic shortcut, one kind of momenta without a parity, is off by far more."""
    exactly = exact_quantum.thermal(ring(8), 1.0, 2.0).log_z
    assert exact_quantum.ring(8, 1.0, 2.0).log_z == pytest.approx(exactly, rel=1e-14)
    for modes in both_parities(8, 1.0, 1.0):
        assert abs(np.log(2 * np.cosh(2.0 * modes.sizes)).sum() - exactly) > 1e-2


def test_wrong_parity_of_the_ground_state():
    """Odd multiples of pi / n have the ground state, even ones the first excitation."""
    odd, even = both_parities(8, 1.0, 1.0)
    gap = exact_quantum.ground(ring(8), 1.0).gap
    assert np.abs(odd.sizes).sum() == pytest.approx(10.251662, abs=5e-7)
    assert np.abs(odd.sizes).sum() - np.abs(even.sizes).sum() == pytest.approx(gap, rel=1e-10)


# --- large systems


@pytest.mark.parametrize("beta", [1e-12, 1e-3, 1.0, 1e3, 1e6, np.inf])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("coupling", [1.0, -1.0])
def test_a_thousand_spins_at_any_temperature(coupling, gamma, beta):
    for n in (999, 1000):
        found = exact_quantum.ring(n, gamma, beta, coupling=coupling)
        values = [found.energy, found.free_energy, found.sigma_x, found.bond, found.gap]
        assert np.all(np.isfinite(values)) and found.free_energy <= found.energy + 1e-9
        assert 0 <= found.sigma_x <= 1 and abs(found.bond) <= 1 + 1e-12
        assert found.gap >= 0


def test_energy_is_the_derivative_of_log_z():
    for n, coupling, beta in ((64, 1.0, 0.8), (65, -1.0, 5.0), (999, -1.0, 20.0)):
        above, below = (
            exact_quantum.ring(n, 0.9, beta + step, coupling=coupling).log_z
            for step in (1e-4, -1e-4)
        )
        energy = exact_quantum.ring(n, 0.9, beta, coupling=coupling).energy
        assert energy == pytest.approx(-(above - below) / 2e-4, rel=1e-7)


def test_an_infinite_critical_ring():
    """4 / pi per spin (Pfeuty 1970), approached as pi / 6 n^2; sigma_x is half of it."""
    found = exact_quantum.ring(1000, 1.0, np.inf)
    assert found.energy_per_spin == pytest.approx(-4 / np.pi - np.pi / 6e6, abs=1e-11)
    assert found.sigma_x == pytest.approx(2 / np.pi, abs=1e-6)
    assert found.gap == pytest.approx(np.pi / 2000, rel=1e-5)


def test_correlations_of_an_infinite_ordered_ring():
    """The square of the spontaneous magnetisation, (1 - gamma^2)^(1/4) (Pfeuty 1970)."""
    found = exact_quantum.ring(400, 0.5, np.inf)
    assert found.correlation(200) == pytest.approx((1 - 0.5**2) ** 0.25, abs=1e-9)


def test_a_long_chain_inside_is_a_long_ring():
    found = exact_quantum.open_chain(np.ones(399), 1.2, 2.0)
    expected = exact_quantum.ring(400, 1.2, 2.0)
    assert found.sigma_x[200] == pytest.approx(expected.sigma_x, abs=1e-12)
    assert found.correlation(190, 210) == pytest.approx(expected.correlation(20), abs=1e-12)


def test_a_free_boundary_of_two_states_is_averaged():
    """Without fields up and down are equal: bonds are 1, nothing else."""
    found = exact_quantum.open_chain([1.0, 2.0, 0.5], 0.0, np.inf)
    assert found.gap == 0 and np.allclose(found.bonds, 1) and np.allclose(found.sigma_x, 0)
    assert np.allclose(found.correlations(), 1)


def test_refusals():
    ring_of, chain_of = exact_quantum.ring, exact_quantum.open_chain
    with pytest.raises(ValueError, match="num_spins must be >= 2, got 1"):
        ring_of(1, 1.0, 1.0)
    with pytest.raises(ValueError, match="gamma must be finite, got inf"):
        ring_of(4, np.inf, 1.0)
    with pytest.raises(ValueError, match="coupling must be finite, got nan"):
        ring_of(4, 1.0, 1.0, coupling=np.nan)
    for call in (lambda beta: ring_of(4, 1.0, beta), lambda beta: chain_of([1.0], 1.0, beta)):
        for beta in (-1.0, np.nan):
            with pytest.raises(ValueError, match=r"beta must be >= 0, got .*; inf is the ground"):
                call(beta)
    with pytest.raises(ValueError, match="couplings must have one dimension"):
        chain_of([[1.0]], 1.0, 1.0)
    with pytest.raises(ValueError, match=r"gamma must be a number or have shape \(3,\)"):
        chain_of([1.0, 1.0], [1.0, 1.0], 1.0)
    with pytest.raises(ValueError, match="couplings must be finite"):
        chain_of([np.nan], 1.0, 1.0)
    with pytest.raises(ValueError, match="distance must be <= 4, got 5"):
        ring_of(4, 1.0, 1.0).correlation(5)
    with pytest.raises(ValueError, match="j must be <= 1, got 2"):
        chain_of([1.0], 1.0, 1.0).correlation(0, 2)
    with pytest.raises(ValueError, match="beta is too large for correlations of a frustrated ring"):
        ring_of(5, 0.3, 1e3, coupling=-1.0).correlation(2)
