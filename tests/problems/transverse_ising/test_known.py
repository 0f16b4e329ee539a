"""Energies that are known exactly, by whichever way finds them."""

import numpy as np
import pytest

from pbit import IsingModel, PolynomialModel
from pbit.exact.quantum import thermal
from pbit.problems.transverse_ising import TransverseIsing, chain, known, ring
from pbit.problems.transverse_ising.known import known_energy

SITES = np.arange(7)
BONDS = np.where(SITES[:-1] == 3, 0.0, np.cos(SITES[:-1]))  # one of them none


@pytest.mark.parametrize(
    "quantum",
    [
        TransverseIsing.of(ring(7, 0.7), 0.8),
        TransverseIsing.of(chain(7, -0.3), 1.2),
        TransverseIsing.of(
            IsingModel.from_edges(SITES[:-1], SITES[1:], BONDS, num_spins=7, offset=2.0),
            0.3 + np.sin(SITES) ** 2,
        ),
    ],
)
def test_free_fermions_are_the_levels(monkeypatch, quantum):
    monkeypatch.setattr(known, "_MOST_LEVELS", 0)
    found = known_energy(quantum, 0.6)
    exact = thermal(quantum.model, quantum.gamma, 0.6).energy_per_spin
    assert found.how == "free fermions"
    assert found.energy_per_spin == pytest.approx(exact, abs=1e-10)


def test_few_spins():
    for model in (ring(12), PolynomialModel.from_terms({(0, 1, 2): 1.0})):
        assert known_energy(TransverseIsing.of(model, 1.0), 1.0).how == "diagonalisation"


def off(model, i, j, weight=0.5):
    """The model with one coupling changed."""
    J = model.J.toarray()
    J[i, j] = J[j, i] = weight
    return IsingModel(model.h, J)


@pytest.mark.parametrize(
    ("model", "gamma"),
    [
        (off(ring(13), 3, 4), 1.0),
        (off(ring(13), 0, 12), 1.0),
        (off(ring(13), 2, 9), 1.0),
        (off(chain(13), 0, 2), 1.0),
        (ring(13), np.linspace(1, 2, 13)),
        (IsingModel(np.full(13, 0.1), ring(13).J), 1.0),
        (PolynomialModel.from_terms({(i, i + 1, i + 2): 1.0 for i in range(11)}), 1.0),
        (chain(600), 1.0),
    ],
)
def test_nothing_is_known(model, gamma):
    assert known_energy(TransverseIsing.of(model, gamma), 1.0) is None
