"""What slices cost: estimated ahead, and extrapolated away."""

from itertools import product

import numpy as np
import pytest

from pbit import IsingModel, PolynomialModel
from pbit.exact.quantum import replicated, thermal
from pbit.problems.transverse_ising import Measured, chain, extrapolate, ring, triangular
from pbit.problems.transverse_ising.trotter import replicas_for, trotter_error
from quantum_table import TABLE

MODELS = {
    "ring": ring(4),
    "chain": chain(6),
    "all pairs": triangular(2),
    "frustrated": triangular(2, -1.0),
    "a field": IsingModel([0.7, -0.3], [[0.0, 0.5], [0.5, 0.0]]),
    "one spin": IsingModel([1.0], [[0.0]]),
    "many spins": PolynomialModel.from_terms({(0, 1, 2): 1.0, (1, 3): 0.5, (2,): 0.3}),
}
BELOW, ABOVE = 1.5, 8.0


# --- ahead


@pytest.mark.parametrize("name", MODELS)
def test_the_estimate_is_of_the_size_of_the_error(name):
    """Not below two thirds of it, not above eight times, where slices are fine enough."""
    model, tried = MODELS[name], 0
    for gamma, beta, replicas in product((0.3, 1.0, 2.5), (0.5, 2.0, 8.0), (16, 64)):
        if 2 * beta * max(gamma, 1) <= replicas:
            exact = thermal(model, gamma, beta).energy_per_spin
            found = replicated(model, gamma, beta, replicas=replicas).energy_per_spin
            estimate = trotter_error(model, gamma, beta, replicas)
            assert abs(found - exact) / BELOW <= estimate <= ABOVE * abs(found - exact)
            tried += 1
    assert tried == 17


def test_fields_of_sites():
    fields = np.array([0.5, 2.0, 0.0])
    model = IsingModel(np.zeros(3), np.zeros((3, 3)))
    alone = trotter_error(model, fields, 1.0, 4)
    assert alone == 0.0  # free spins: all slices are as good as one
    assert trotter_error(ring(3), fields, 1.0, 4) > 0


def test_enough_replicas():
    """The least power of two, or three times one, at least 4."""
    for error in (1.0, 1e-2, 1e-3, 1e-4):
        replicas, told = replicas_for(ring(8), 1.0, 2.0, error)
        assert told == trotter_error(ring(8), 1.0, 2.0, replicas) <= error
        fewer = {4: None, 6: 4}.get(
            replicas, 3 * replicas // 4 if replicas % 3 else 2 * replicas // 3
        )
        assert fewer is None or trotter_error(ring(8), 1.0, 2.0, fewer) > error


def test_errors_that_are_refused():
    for error in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="trotter_error must be > 0 and finite"):
            replicas_for(ring(8), 1.0, 2.0, error)
    with pytest.raises(ValueError, match=r"must need at most 1048576 slices, .*; replicas=None"):
        replicas_for(ring(8), 1.0, 2.0, 1e-18)


# --- afterwards


class Slices:
    """Averages of R slices that are as they are told."""

    def __init__(self, replicas, value, error):
        self.series, self.m2 = self, Measured(value, error)
        self.replicas = replicas


def test_a_series_in_one_over_r_squared_is_taken_off():
    values = {r: 0.7 - 3.0 / r**2 + 5.0 / r**4 for r in (4, 6, 16)}
    exact = extrapolate([Slices(r, value, 0.0) for r, value in values.items()], "m2")
    assert exact.value == pytest.approx(0.7, abs=1e-12)
    value, error = extrapolate([Slices(8, 1.0, 0.1), Slices(16, 2.0, 0.3)], "m2")
    assert value == pytest.approx((4 * 2.0 - 1.0) / 3)
    assert error == pytest.approx(np.hypot(4 * 0.3, 0.1) / 3)


@pytest.mark.parametrize("row", TABLE, ids=lambda r: f"{r.lattice} {r.gamma} {r.beta}")
def test_the_table_from_slices(row):
    """Exact averages at R = 16, 32 and 64: their parabola meets the quantum model."""
    found = {r: replicated(row.model, row.gamma, row.beta, replicas=r) for r in (16, 32, 64)}
    for name in ("energy_per_spin", "m2"):
        made = [Slices(r, getattr(each, name), 0.0) for r, each in found.items()]
        exact = row.energy if name == "energy_per_spin" else row.m2
        assert extrapolate(made, "m2").value == pytest.approx(exact, abs=3e-6)
        errors = [abs(getattr(each, name) - exact) for each in found.values()]
        assert errors[0] / errors[2] == pytest.approx(16, rel=0.15)


@pytest.mark.parametrize("replicas", [(), (8,), (8, 8), (8, None)])
def test_averages_that_cannot_be_extrapolated(replicas):
    with pytest.raises(ValueError, match="averages must be two or more, of different numbers of s"):
        extrapolate([Slices(r, 1.0, 0.1) for r in replicas], "m2")
