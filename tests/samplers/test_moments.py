"""Averages and trajectories: equal to those of stored states, and to exact ones."""

import numpy as np
import pytest

from cases import some
from clock import FakeClock
from pbit import DirectedModel, IsingModel, Schedule, anneal, moments, trajectory
from pbit.exact import exact_boltzmann, exact_energies, states
from pbit.run.control import Control
from random_models import random_model, random_polynomial

SWEEPS, BURN_IN, EVERY = 50, 10, 3


def whole(n, *, seed=1, density=0.3):
    return random_model(n, seed=seed, integers=True, density=density)


CASES = {
    "bits": (whole(20), {"kernel": "bits"}),
    "lanes": (random_model(20, seed=2, density=0.3), {"kernel": "lanes"}),
    "colors": (random_model(33, seed=2, density=0.1), {"kernel": "colors"}),
    "dense": (random_model(33, seed=3), {"kernel": "dense"}),
    "reads": (random_model(20, seed=4, density=0.3), {"kernel": "reads", "order": "permutation"}),
    "metropolis": (whole(20), {"rule": "metropolis"}),
    "terms": (random_polynomial(12, seed=5), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_counts_equal_those_of_the_stored_states(name):
    model, options = CASES[name]
    options = {"num_reads": 70, "seed": 6, **options}
    path = trajectory(model, Schedule([0.4], SWEEPS), every=EVERY, burn_in=BURN_IN, **options)
    assert path.sweeps.tolist() == list(range(BURN_IN + 1, SWEEPS + 1, EVERY))
    result = moments(
        model, 0.4, num_sweeps=SWEEPS, burn_in=BURN_IN, every=EVERY, pairs="all", **options
    )
    spins = path.spins.astype(float)
    assert result.num_samples == spins.shape[0] * spins.shape[1]
    assert np.allclose(result.spins, spins.mean(axis=(0, 1)), atol=1e-12)
    own = spins.mean(axis=1)
    assert np.allclose(result.spins_error, own.std(axis=0, ddof=1) / np.sqrt(70), atol=1e-12)
    a, b = result.pairs
    products = spins[:, :, a] * spins[:, :, b]
    assert np.allclose(result.correlations, products.mean(axis=(0, 1)), atol=1e-12)
    own = products.mean(axis=1)
    assert np.allclose(result.correlations_error, own.std(axis=0, ddof=1) / np.sqrt(70), atol=1e-12)
    energies = model.energy(path.spins)
    assert result.energy == pytest.approx(energies.mean(), rel=1e-6)
    assert result.energy_variance == pytest.approx(energies.var(), rel=1e-4)
    assert result.energy_error == pytest.approx(
        energies.mean(axis=1).std(ddof=1) / np.sqrt(70), rel=1e-4
    )


@pytest.mark.parametrize("name", CASES)
def test_a_trajectory_passes_through_the_states_of_shorter_runs(name):
    model, options = CASES[name]
    options = {"num_reads": 40, "seed": 7, **options}
    path = trajectory(model, Schedule([0.5], 12), every=5, **options)
    for k, sweeps in enumerate(path.sweeps):
        assert np.array_equal(
            path.spins[:, k], anneal(model, Schedule([0.5], int(sweeps)), **options).spins
        )


@pytest.mark.parametrize("name", ["bits", "lanes", "colors", "reads"])
def test_the_number_of_threads_changes_nothing(name):
    model, options = CASES[name]
    results = [
        moments(
            model, 0.4, num_sweeps=30, burn_in=5, num_reads=700, seed=8, num_threads=threads,
            **options,
        )
        for threads in (1, 2, 3)
    ]  # fmt: skip
    for other in results[1:]:
        for field in ("spins", "spins_error", "correlations", "correlations_error", "energy"):
            assert np.array_equal(getattr(results[0], field), getattr(other, field))


@pytest.mark.parametrize("kernel", ["bits", "lanes", "reads"])
def test_moments_of_a_small_model_are_exact(kernel):
    """z-tests at 1e-6 in all; a beta that is 5 % off is caught."""
    model, beta = whole(8, density=0.6), 0.4
    law, s = exact_boltzmann(model, beta), states(8).astype(float)
    a, b = np.triu_indices(8, k=1)
    exact = np.concatenate([law @ s, law @ (s[:, a] * s[:, b]), [law @ exact_energies(model)]])

    def largest_z(sampled_beta):
        result = moments(
            model, sampled_beta, num_sweeps=400, burn_in=100, pairs="all", num_reads=2048, seed=9,
            kernel=kernel,
        )  # fmt: skip
        means = np.concatenate([result.spins, result.correlations, [result.energy]])
        errors = np.concatenate(
            [result.spins_error, result.correlations_error, [result.energy_error]]
        )
        return np.abs((means - exact) / errors).max()

    assert largest_z(beta) < 5.5
    assert largest_z(1.05 * beta) > 5.5


def test_pairs_by_index_and_no_pairs():
    model = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    options = {"num_sweeps": 20, "burn_in": 2, "seed": 1}
    assert moments(model, 1.0, **options).pairs.tolist() == [[0, 1], [1, 2]]
    some = moments(model, 1.0, pairs=[[2], [0]], **options)
    edges = moments(model, 1.0, pairs=[[0], [2]], **options)
    assert some.correlations == edges.correlations
    assert moments(model, 1.0, pairs=None, **options).correlations.size == 0
    assert np.isnan(moments(model, 1.0, num_reads=1, **options).spins_error).all()


@pytest.mark.parametrize(
    ("num_sweeps", "error"), some([(10**5, 3.2e-4), (10**6, 1e-4)], (10**5, 3.2e-4))
)
def test_many_looks_need_no_memory(num_sweeps, error):
    """Of a million, 10^9 spin samples of two spins in all: sums, and no states."""
    pair = IsingModel.from_edges([0], [1], [1.0])
    result = moments(pair, 0.5, num_sweeps=num_sweeps, burn_in=10, num_reads=512, seed=1)
    assert result.num_samples == 512 * (num_sweeps - 10)
    assert result.correlations_error[0] < error
    assert abs(result.correlations[0] - np.tanh(0.5)) < 5.5 * result.correlations_error[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"burn_in": 20}, "burn_in must be < num_sweeps = 20"),
        ({"every": 0}, "every must be >= 1"),
        ({"pairs": "some"}, "pairs must be 'edges', 'all'"),
        ({"pairs": [[0, 9]]}, r"integers of shape \(2, m\)"),
        ({"pairs": [[0], [9]]}, "pairs must be indices from 0 to"),
        ({"num_reads": 2**62}, "overflow the counters"),
    ],
)
def test_bad_requests(options, message):
    pair = IsingModel.from_edges([0], [1], [1.0])
    with pytest.raises(ValueError, match=message):
        moments(pair, 1.0, **{"num_sweeps": 20, "burn_in": 2, "seed": 1, **options})


@pytest.mark.parametrize("name", ["best_seen", "traced", "max_num_samples"])
def test_options_without_a_meaning(name):
    pair = IsingModel.from_edges([0], [1], [1.0])
    with pytest.raises(TypeError, match=f"{name} has no meaning here"):
        moments(pair, 1.0, num_sweeps=20, burn_in=2, **{name: 1})
    with pytest.raises(TypeError, match="num_reads must be an integer"):
        trajectory(pair, Schedule([1.0]), num_reads=None)


@pytest.mark.parametrize("kernel", ["lanes", "reads"])
def test_the_variance_of_the_energy_next_to_a_large_constant(kernel):
    """A frozen bias of 10^9 must not swamp the rest: 4 beta-dependent levels of one pair."""
    model = IsingModel.from_edges([0], [1], [1.0], h=[0.0, 0.0, 1e9])
    result = moments(model, 0.5, num_sweeps=2000, burn_in=10, num_reads=64, seed=1, kernel=kernel)
    exact = 1 - np.tanh(0.5) ** 2
    assert result.energy_variance == pytest.approx(exact, rel=0.02)


def test_no_pairs_at_all():
    pair = IsingModel.from_edges([0], [1], [1.0])
    for pairs in ([], np.zeros((2, 0)), None):
        result = moments(pair, 1.0, num_sweeps=5, burn_in=1, seed=1, pairs=pairs)
        assert result.correlations.size == 0


def test_too_many_states():
    pair = IsingModel.from_edges([0], [1], [1.0])
    with pytest.raises(MemoryError, match="raise every"):
        trajectory(pair, Schedule([1.0], 10**9), num_reads=100)


def test_nothing_is_made_up_when_time_is_short():
    model = random_model(200, seed=1, density=0.1)
    with pytest.raises(ValueError, match="no read came to its end"):
        control = Control(time_limit_s=0.05, clock=FakeClock())
        moments(model, 1.0, num_sweeps=10**7, burn_in=1, seed=1, control=control)


def test_directed_couplings_have_no_energy():
    copy = DirectedModel.from_edges([0], [1], [2.0])
    result = moments(copy, 0.5, num_sweeps=200, burn_in=1, seed=1, pairs="all")
    assert np.isnan(result.energy)
    assert abs(result.correlations[0] - np.tanh(1.0)) < 6 * result.correlations_error[0]
