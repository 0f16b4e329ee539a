"""Generated glasses: planted energies are those of an enumeration, ensembles have their moments."""

import itertools

import numpy as np
import pytest

from pbit.problems.glasses.ensembles import edwards_anderson, sherrington_kirkpatrick
from pbit.problems.glasses.tiles import tile_planted
from pbit.problems.glasses.wishart import wishart


def lowest(model):
    spins = np.array(list(itertools.product((-1, 1), repeat=model.num_spins)), dtype=np.int8)
    return float(np.asarray(model.energy(spins)).min())


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.75, 1.5])
@pytest.mark.parametrize("seed", range(3))
def test_wishart_energy_is_the_least(alpha, seed):
    glass = wishart(12, alpha=alpha, seed=seed)
    planted = float(glass.problem.model.energy(glass.ground_state))
    assert planted == pytest.approx(glass.ground_energy, abs=1e-10)
    assert lowest(glass.problem.model) == pytest.approx(glass.ground_energy, abs=1e-10)


def test_a_planted_error_is_noticed():
    glass = wishart(12, alpha=0.75, seed=0)
    weights = glass.problem.entries.copy()
    weights[0] += 0.1
    moved = type(glass.problem)(
        glass.problem.rows, glass.problem.cols, weights, glass.problem.labels, -1
    )
    assert abs(lowest(moved.model) - glass.ground_energy) > 1e-3


@pytest.mark.parametrize(
    "probabilities", [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0.2, 0.5, 0.3, 0)]
)
def test_tiles_energy_is_the_least(probabilities):
    for seed in range(2):
        glass = tile_planted(4, probabilities=probabilities, seed=seed)
        model = glass.problem.model
        assert model.num_couplings == 32
        assert float(model.energy(glass.ground_state)) == glass.ground_energy
        assert lowest(model) == glass.ground_energy


def test_tiles_of_one_class_have_as_many_ground_states_as_it_says():
    single = tile_planted(4, probabilities=(1, 0, 0, 0), seed=5).problem.model
    spins = np.array(list(itertools.product((-1, 1), repeat=16)), dtype=np.int8)
    energies = np.asarray(single.energy(spins))
    assert np.count_nonzero(energies == energies.min()) == 2


def test_edwards_anderson_is_the_lattice():
    model = edwards_anderson((3, 4, 5), seed=2).model
    assert model.num_couplings == 3 * 60
    assert set(np.diff(model.J.indptr)) == {6}
    assert set(np.abs(model.J.data)) == {1.0}
    cut = edwards_anderson((4, 2), periodic=False, couplings="gaussian", seed=2).model
    assert cut.num_couplings == 3 * 2 + 4
    two = edwards_anderson((2, 4), periodic=(True, False), seed=2).model
    assert two.num_couplings == 4 + 2 * 3


def test_sherrington_kirkpatrick_has_its_moments():
    weights = sherrington_kirkpatrick(400, seed=3).entries * np.sqrt(400)
    n = weights.size
    # Five standard errors: one false alarm in 10^6 or so for each of the two.
    assert abs(weights.mean()) < 5 / np.sqrt(n)
    assert abs(weights.var() - 1) < 5 * np.sqrt(2 / n)
    signs = sherrington_kirkpatrick(20, couplings="signs", scaled=False, seed=3).entries
    assert set(signs) == {-1.0, 1.0}


def test_a_seed_gives_the_same_glass():
    for make in (
        lambda seed: sherrington_kirkpatrick(9, seed=seed),
        lambda seed: edwards_anderson((3, 3), couplings="gaussian", seed=seed),
        lambda seed: wishart(9, alpha=1.0, seed=seed).problem,
        lambda seed: tile_planted(4, seed=seed).problem,
    ):
        np.testing.assert_array_equal(make(1).entries, make(1).entries)
        assert (make(1).entries != make(2).entries).any()


@pytest.mark.parametrize(
    "call, part",
    [
        (lambda: sherrington_kirkpatrick(1), "num_spins must be 2 to 30000"),
        (lambda: sherrington_kirkpatrick(4, couplings="x"), "couplings must be one of signs"),
        (lambda: edwards_anderson(()), "shape must have 2 to 2"),
        (lambda: edwards_anderson((2**13, 2**13)), "shape must have"),
        (lambda: edwards_anderson((3, 3), periodic=(True,)), "periodic must be one value or 2"),
        (lambda: wishart(1, alpha=1.0), "num_spins must be 2 to 20000"),
        (lambda: wishart(4, alpha=0.0), "alpha must be > 0"),
        (lambda: tile_planted(5), "side must be even"),
        (lambda: tile_planted(4, probabilities=(1, 1, 0, 0)), "add up to 1"),
    ],
)
def test_refusals(call, part):
    with pytest.raises(ValueError, match=part):
        call()
