"""How cold a ladder has to be, from local minima."""

import numpy as np
import pytest

from pbit import IsingModel, default_beta_range
from pbit.models.conventions.qubo import edges_of_entries
from pbit.samplers.coldest import coldest_beta
from pbit.samplers.descent import descend
from random_models import random_model, random_polynomial


def cancelling(n, seed):
    """A QUBO of few ones: large positive pairs, small negative bits, so that h and J cancel."""
    rng = np.random.default_rng(seed)
    rows, cols = np.triu_indices(n)
    values = np.where(rows == cols, -rng.integers(1, 64, rows.size), rng.integers(0, 64, rows.size))
    edges = edges_of_entries(rows, cols, values.astype(float), offset=0.0, labels=range(n))
    return IsingModel.from_edges(**edges._asdict())


@pytest.mark.parametrize(
    "model",
    [cancelling(40, 1), random_model(12, seed=3), random_polynomial(10, seed=4, degree=3)],
    ids=["cancelling", "glass", "polynomial"],
)
def test_less_than_about_one_spin_is_excited_and_never_hotter_than_usual(model):
    beta = coldest_beta(model)
    assert beta >= default_beta_range(model, excitation=1.0)[1] * (1 - 1e-9)
    starts = np.random.default_rng(9).choice([-1, 1], (20, model.num_spins))
    minima = descend(model, starts).spins
    costs = minima * model.field(minima)
    excited = [np.exp(-2 * beta * row[row > 1e-9 * row.max()]).sum() for row in costs]
    assert np.median(excited) < 3.0


def test_where_large_terms_cancel_it_is_far_colder_than_couplings_say():
    model = cancelling(60, 2)
    assert coldest_beta(model) > 4 * default_beta_range(model, excitation=1.0)[1]


def test_scale_and_models_without_energies():
    model = random_model(9, seed=5)
    scaled = IsingModel(1e6 * model.h, 1e6 * model.J)
    assert coldest_beta(scaled) == pytest.approx(coldest_beta(model) / 1e6)
    free = IsingModel.from_edges([], [], [], num_spins=3)
    assert coldest_beta(free) == pytest.approx(1.0)
    assert coldest_beta(IsingModel.from_edges([], [], [], num_spins=0)) == 1.0
