"""ln Z of restricted machines: by enumeration, and annealed both ways."""

import numpy as np
import pytest
from scipy import stats

from pbit.exact import exact_log_z as log_z_of_any
from pbit.exact import states
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann.free_energy import free_energy
from pbit.problems.boltzmann.partition import (
    annealed_log_z,
    exact_log_z,
    reverse_annealed_log_z,
)


def machine(seed):
    rng = np.random.default_rng(seed)
    nv, nh = (int(n) for n in rng.integers(3, 10, 2))
    weights = rng.normal(size=(nv, nh)) * rng.uniform(0.1, 0.5)
    return LayeredModel.of([rng.normal(size=nv) * 0.5, rng.normal(size=nh) * 0.5], [weights])


@pytest.mark.parametrize("sizes", [(3, 9), (9, 3), (14, 15), (1, 1)])
def test_enumeration_agrees_with_elimination(sizes):
    rng = np.random.default_rng(1)
    model = LayeredModel.of([rng.normal(size=n) for n in sizes], [rng.normal(size=sizes) * 0.4])
    assert exact_log_z(model) == pytest.approx(log_z_of_any(model.to_ising(), 1.0), rel=1e-6)


def draws(model, count, rng):
    every = states(model.sizes[0])
    log_p = -free_energy(model, every)
    p = np.exp(log_p - log_p.max())
    return every[rng.choice(len(every), count, p=p / p.sum())]


def pulls(*, factor=1.0, count=60):
    """(estimate - exact) / error of as many machines, forwards and backwards."""
    found = []
    rng = np.random.default_rng(7)
    for seed in range(count):
        model = machine(seed)
        wrong = LayeredModel.of([factor * b for b in model.biases], model.weights)
        exact = exact_log_z(model)
        forth = annealed_log_z(wrong, num_betas=30, num_chains=300, seed=seed)
        back = reverse_annealed_log_z(wrong, draws(wrong, 300, rng), num_betas=30, seed=seed)
        found.append([(one.log_z - exact) / one.error for one in (forth, back)])
    return np.array(found).T


def checked(found):
    """p-value of the sum of squares of the pulls, which are nearly normal of variance 1."""
    return [stats.chi2.sf((row**2).sum(), row.size) for row in found]


@pytest.mark.slow
def test_estimates_scatter_as_their_errors_say():
    # 200 machines: a bias of 0.4 errors or a spread off by 20 % has p < 1e-3; false alarm 1e-4 for
    # normal pulls, whose own skewness was measured to matter less (means .03 and .17, spreads .98
    # and .93).
    found = pulls(count=200)
    assert all(p > 1e-4 for p in checked(found))
    assert np.abs(found.mean(axis=1)).max() < 0.35
    assert np.abs(found.std(axis=1) - 1).max() < 0.2


def test_estimates_are_near_and_wrong_machines_are_seen():
    # As above with 30 machines: false alarm 1e-4; a factor 1.5 in the biases must be seen.
    assert all(p > 1e-4 for p in checked(pulls(count=30)))
    assert all(p < 1e-9 for p in checked(pulls(count=30, factor=1.5)))


def test_a_better_base_needs_fewer_steps():
    # Independent p-bits as base: then nothing is left to anneal.
    model = LayeredModel.of([[0.7, -0.3], [0.2]], [np.zeros((2, 1))])
    found = annealed_log_z(model, num_betas=1, num_chains=50, base=model.biases[0], seed=1)
    wanted = np.log(2 * np.cosh([0.7, -0.3, 0.2])).sum()
    assert found.log_z == pytest.approx(wanted, abs=1e-6)
    assert found.error < 1e-6


def test_forwards_lies_below_and_backwards_above():
    # Few steps on a strongly coupled machine: the bias is many errors on either side.
    rng = np.random.default_rng(3)
    model = LayeredModel.of([np.zeros(8), np.zeros(8)], [rng.normal(size=(8, 8)) * 1.5])
    exact = exact_log_z(model)
    low = [annealed_log_z(model, num_betas=4, num_chains=20, seed=k).log_z for k in range(20)]
    high = [
        reverse_annealed_log_z(model, draws(model, 20, rng), num_betas=4, seed=k).log_z
        for k in range(20)
    ]
    assert np.mean(low) < exact < np.mean(high)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: exact_log_z(LayeredModel.of([[0.0]] * 3, [[[1.0]]] * 2)), "must have two"),
        (lambda m: exact_log_z(big(26)), "at most 25 p-bits in its smaller layer"),
        (lambda m: annealed_log_z(m, num_betas=0), "num_betas must be"),
        (lambda m: annealed_log_z(m, num_chains=0), "num_chains must be"),
        (lambda m: annealed_log_z(m, base=[1.0]), "base must be"),
        (lambda m: annealed_log_z(m, base=[np.nan, 0.0]), "base must be"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(LayeredModel.of([[0.0, 0.0], [0.0]], [[[1.0], [1.0]]]))


def big(n):
    return LayeredModel.of([np.zeros(n), np.zeros(n)], [np.zeros((n, n))])
