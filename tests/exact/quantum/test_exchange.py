"""Exchange models against Pauli matrices multiplied out and printed energies."""

import numpy as np
import pytest

from naive_quantum import exchange_hamiltonian
from pbit.exact.quantum import energy_of_levels, xxz_levels
from quantum_table import ring

HEISENBERG = ring(8).J.toarray()


@pytest.mark.parametrize(
    ("sign", "beta", "energy"),
    [(1, 0.5, -0.75218166), (1, 1, -0.89461469), (-1, 0.5, -1.37283720), (-1, 1, -1.71717883)],
)
def test_printed_heisenberg_energies(sign, beta, energy):
    levels = xxz_levels(sign * HEISENBERG, sign * HEISENBERG)
    assert energy_of_levels(levels, beta) / 8 == pytest.approx(energy, abs=1e-8)


def test_printed_ground_energy():
    levels = xxz_levels(-HEISENBERG, -HEISENBERG)
    assert levels[0] == pytest.approx(-14.60437364, abs=1e-8)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_levels_of_the_matrix(n):
    rng = np.random.default_rng(n)
    j_xy, j_z = (np.triu(rng.normal(size=(n, n)), 1) for _ in range(2))
    found = xxz_levels(j_xy + j_xy.T, j_z + j_z.T)
    expected = np.linalg.eigvalsh(exchange_hamiltonian(j_xy + j_xy.T, j_z + j_z.T))
    assert found.shape == (2**n,) and np.allclose(found, expected, atol=1e-12)


def test_turning_one_sublattice_changes_the_sign_of_xy():
    one, other = xxz_levels(HEISENBERG, 0.4 * HEISENBERG), xxz_levels(-HEISENBERG, 0.4 * HEISENBERG)
    assert np.allclose(one, other, atol=1e-12)


@pytest.mark.parametrize(
    ("j_xy", "words"),
    [
        (np.zeros((15, 15)), r"j_xy must have shape \(n, n\) for 1 to 14 spins, got \(15, 15\)"),
        (1.0, "j_xy must have shape"),
        ([[0, 1], [2, 0]], "j_xy must be symmetric with zeros on its diagonal"),
        ([[1, 0], [0, 0]], "j_xy must be symmetric with zeros on its diagonal"),
        ([[0, np.inf], [np.inf, 0]], "j_xy must be finite"),
    ],
)
def test_refusals(j_xy, words):
    with pytest.raises(ValueError, match=words):
        xxz_levels(j_xy, [[0, 1], [1, 0]])


def test_shapes_and_temperatures_that_do_not_fit():
    with pytest.raises(
        ValueError, match=r"j_z must have the shape of j_xy, \(8, 8\), got \(2, 2\)"
    ):
        xxz_levels(HEISENBERG, [[0, 1], [1, 0]])
    with pytest.raises(ValueError, match="beta must be >= 0 and finite, got inf; the lowest level"):
        energy_of_levels([0.0, 1.0], np.inf)
