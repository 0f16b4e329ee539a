"""Models of assignments and tours: energies, differences, random states, refusals."""

import itertools
import pickle

import numpy as np
import pytest

from pbit import AssignmentModel, TourModel
from pbit.checks import TooLargeError
from pbit.models.digits import permutations


def assignment(n=6, seed=1, **options):
    rng = np.random.default_rng(seed)
    flows, distances, linear = rng.integers(-9, 10, (3, n, n))
    return AssignmentModel(flows, distances, linear, offset=2.0, **options)


def tour(n=6, seed=1, **options):
    return TourModel(np.random.default_rng(seed).integers(-9, 10, (n, n)), **options)


@pytest.mark.parametrize("seed", range(5))
def test_cost_of_an_assignment_is_the_sum_of_its_terms(seed):
    model = assignment(seed=seed)
    for row in model.random(seed, rows=5):
        cost = 2.0
        for i, j in itertools.product(range(6), repeat=2):
            cost += model.flows[i, j] * model.distances[row[i], row[j]]
        cost += sum(model.linear[i, row[i]] for i in range(6))
        assert model.energy(row) == cost


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_what_swaps_cost_is_a_difference_of_energies(n):
    """3000 random cases and more, exact."""
    cases = 0
    while cases < 1000:
        model = assignment(n, seed=cases)
        (state,) = model.random(cases)
        changes = model.swap_changes(state)
        for i, j in itertools.product(range(n), repeat=2):
            other = state.copy()
            other[[i, j]] = state[[j, i]]
            assert changes[i, j] == model.energy(other) - model.energy(state)
            cases += 1


@pytest.mark.parametrize("symmetric", [True, False])
def test_length_of_a_tour_is_the_sum_of_its_ways(symmetric):
    model = tour()
    if symmetric:
        model = TourModel(model.distances + model.distances.T)
    assert model.is_symmetric == symmetric
    for row in model.random(3, rows=20):
        length = sum(model.distances[row[k], row[(k + 1) % 6]] for k in range(6))
        assert model.energy(row) == length == model.energy(np.roll(row, 2))
        assert (model.energy(row[::-1]) == length) or not symmetric


def test_states_in_many_axes():
    for model in (assignment(), tour()):
        states = model.random(1, rows=6).reshape(2, 3, 6)
        assert model.energy(states).shape == (2, 3)
        assert model.is_valid(states).all()
        assert model.energy(model.random(1, rows=0)).shape == (0,)


def test_random_states_are_permutations_all_as_likely():
    model = assignment(3)
    states = model.random(5, rows=60000)
    assert states.dtype == np.int16
    counts = np.unique(states, axis=0, return_counts=True)[1]
    assert counts.size == 6
    assert np.abs(counts - 10000).max() < 600  # six standard deviations
    assert (model.random(5, rows=3) == states[:3]).all()


def test_a_diagonal_of_distances_between_cities_is_not_looked_at():
    distances = np.array([[np.nan, 1.0], [2.0, np.inf]])
    assert TourModel(distances).energy([1, 0]) == 3.0


def test_models_are_equal_by_value_and_pickle():
    for make in (assignment, tour):
        model = make()
        assert pickle.loads(pickle.dumps(model)) == model != make(seed=2)


def test_no_energy_is_above_the_size():
    for model in (assignment(5), tour(5)):
        states = np.array(list(itertools.permutations(range(5))))
        assert np.abs(model.energy(states) - model.offset).max() <= model.size


SQUARE = np.ones((3, 3))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AssignmentModel(np.ones((2, 3)), SQUARE), "flows must be a square matrix, got"),
        (lambda: AssignmentModel(SQUARE, np.ones((2, 2))), r"distances must be of shape \(3, 3\)"),
        (lambda: AssignmentModel(SQUARE, SQUARE, [1.0]), r"linear must be of shape \(3, 3\)"),
        (lambda: AssignmentModel(SQUARE * np.nan, SQUARE), "flows must be finite, got nan"),
        (lambda: AssignmentModel(SQUARE * 1e200, SQUARE * 1e200), "finite sum of absolute values"),
        (lambda: AssignmentModel(SQUARE, SQUARE, offset=np.inf), "offset must be finite, got inf"),
        (lambda: AssignmentModel(SQUARE, SQUARE, labels=["a", "b", "a"]), "labels must"),
        (lambda: TourModel(np.ones(3)), "distances must be a square matrix, got shape"),
        (lambda: TourModel([[0.0]]), "distances must have 2 or more rows, got 1"),
        (lambda: TourModel([[0, np.inf], [1, 0]]), "must be finite, got inf in row 0, column 1"),
        (lambda: TourModel(SQUARE, labels=["a"]), "labels must"),
        (lambda: tour().energy([0, 1, 2, 3, 4, 4]), "permutations of 0..5, got 4 more than once"),
        (lambda: tour().energy([0, 1]), "values must have last axis 6"),
        (lambda: assignment().energy([0, 1, 2, 3, 4, 6]), "of digit 5 must be 0..5, got 6"),
        (lambda: assignment().swap_changes([0, 1, 2, 3, 4, 4]), "4 more than once"),
        (lambda: permutations.check_size("flows", 2**15), "flows must have 32767 rows or fewer"),
    ],
)  # fmt: skip
def test_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TourModel("abc"), "distances must be an array of numbers"),
        (lambda: TourModel(SQUARE, offset="1"), "offset must be a number"),
        (lambda: tour().energy(np.ones(6)), "values must be integers"),
    ],
)
def test_wrong_types(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_states_that_do_not_fit_into_memory():
    with pytest.raises(TooLargeError, match="lower rows"):
        tour().random(1, rows=10**13)
