"""Ground states against dense matrices and printed numbers."""

import numpy as np
import pytest

from naive_quantum import X, Z, hamiltonian, pauli
from pbit import IsingModel, exact_quantum
from pbit.exact.quantum.ground_state import lowest_levels
from pbit.exact.quantum.system import sectors_of, system_of
from quantum_table import chain, ring
from random_models import random_model


def test_printed_energies():
    assert exact_quantum.ground(ring(8), 1.0).energy == pytest.approx(-10.251662, abs=5e-7)
    assert exact_quantum.ground(chain(8), 1.0).energy == pytest.approx(-9.837951, abs=5e-7)


@pytest.mark.parametrize(
    ("model", "gamma"),
    [
        (random_model(5, seed=1), [0.7, 1.2, -0.4, 0.3, 1.5]),
        (IsingModel(np.zeros(5), random_model(5, seed=2).J), -0.9),
        (chain(4), 1.3),
    ],
)
def test_averages_and_gap_from_the_matrix(model, gamma):
    found, n = exact_quantum.ground(model, gamma), model.num_spins
    levels, vectors = np.linalg.eigh(hamiltonian(model, gamma))
    state = vectors[:, 0]
    assert found.energy == pytest.approx(levels[0], rel=1e-13)
    assert found.gap == pytest.approx(levels[1] - levels[0], rel=1e-10)
    assert abs(found.state @ state) == pytest.approx(1, abs=1e-12)
    for name, matrix in (("sigma_x", X), ("sigma_z", Z)):
        expected = [state @ pauli(matrix, i, n) @ state for i in range(n)]
        assert np.allclose(getattr(found, name), expected, atol=1e-12)


def test_lanczos_equals_all_levels():
    """Eleven spins of either kind: 1024 and 2048 states are too many for all levels."""
    for model in (chain(11), chain(11, h=0.3)):
        for sector in sectors_of(system_of(model, 0.9, most=11, remedy="")):
            expected = np.linalg.eigvalsh(sector.matrix())[:2]
            assert lowest_levels(sector).values == pytest.approx(expected, rel=1e-12)


def test_amplitudes_have_no_zeros():
    found = exact_quantum.ground(random_model(6, seed=3), 0.5)
    assert found.state.min() > 0 and found.state @ found.state == pytest.approx(1)
    assert found.law.sum() == pytest.approx(1)


def test_gaps_of_one_and_two_spins():
    one = exact_quantum.ground(IsingModel([0.0], [[0.0]]), 0.4)
    assert (one.energy, one.gap, one.sector_gap) == pytest.approx((-0.4, 0.8, 0.8))
    pair = exact_quantum.ground(chain(2, -1.0), 0.5)
    levels = np.linalg.eigvalsh(hamiltonian(chain(2, -1.0), 0.5))
    assert pair.gap == pytest.approx(levels[1] - levels[0])
    assert pair.gap <= pair.sector_gap


def test_refusals():
    with pytest.raises(ValueError, match="1 to 20 spins, got 21; use open_chain and ring"):
        exact_quantum.ground(ring(21), 1.0)
    with pytest.raises(ValueError, match=r"gamma must not be 0, got .*; a spin without it is"):
        exact_quantum.ground(ring(3), [1.0, 0.0, 1.0])
