"""The travelling salesman: brute force on small instances, lengths of published optimal tours."""

import csv
import itertools
import os
from pathlib import Path

import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.formats import read
from pbit.problems.core.reading import problem_of
from pbit.problems.parts.tours import reduced, short_tour, tour_length
from pbit.problems.tsp import TravellingSalesman

DATA = Path(os.environ.get("PBIT_DATA", "/nonexistent")) / "tsplib"


def distances(seed, n, *, symmetric=True, low=0, high=20):
    matrix = np.random.default_rng(seed).integers(low, high, (n, n)).astype(float)
    return matrix + matrix.T if symmetric else matrix


def length(matrix, answer):
    order = sorted(range(len(answer)), key=lambda city: answer[city])
    return float(sum(matrix[a, b] for a, b in zip(order, order[1:] + order[:1], strict=True)))


CASES = {
    "two": distances(0, 2),
    "three, by direction": distances(1, 3, symmetric=False),
    "four": distances(2, 4),
    "four, by direction": distances(3, 4, symmetric=False),
    "four, negative": distances(4, 4, low=-10, high=5),
    "four, not whole": distances(5, 4, symmetric=False) / 7.0,
    "four, all alike": np.ones((4, 4)),
    "five": distances(7, 5),
    "five, by direction, negative": distances(8, 5, symmetric=False, low=-9, high=9),
}


@pytest.mark.parametrize("name", CASES)
def test_ground_states_are_the_shortest_tours(name):
    matrix = CASES[name]
    n = len(matrix)
    problem = TravellingSalesman(matrix, range(n))
    if n == 5:  # 65536 states: the energies say it all, and a sample of the repairs
        return check_large(problem, matrix)
    check_problem(
        problem,
        [np.array(a) for a in all_answers(range(n), n)],
        lambda a: sorted(a) == list(range(n)),
        lambda a: pytest.approx(length(matrix, a)),
        only_answers=False,
        downhill=False,
    )
    best = min(length(matrix, a) for a in itertools.permutations(range(n)))
    expected = {
        problem.encode(a).tobytes()
        for a in itertools.permutations(range(n))
        if length(matrix, a) <= best + 1e-9
    }
    check_ground_states(problem, expected, best)


def check_ground_states(problem, expected, best):
    spins = problem.model.num_spins
    states = 2 * ((np.arange(2**spins)[:, None] >> np.arange(spins)) & 1).astype(np.int8) - 1
    energies = np.asarray(problem.model.energy(states))
    assert energies.min() == pytest.approx(problem.energy_of(best))
    ground = states[energies <= energies.min() + 1e-9]
    assert {state.tobytes() for state in ground} == expected
    return states


def check_large(problem, matrix):
    tours = list(itertools.permutations(range(5)))
    best = min(length(matrix, a) for a in tours)
    expected = {problem.encode(a).tobytes() for a in tours if length(matrix, a) <= best + 1e-9}
    states = check_ground_states(problem, expected, best)
    for k in range(0, len(states), 13):
        answer = problem.decode(states[k])
        assert problem.check(answer)
        assert problem.objective(answer) == pytest.approx(length(matrix, answer))


def test_negative_control_a_penalty_below_the_bound_has_other_ground_states():
    matrix = CASES["four"]
    best = min(length(matrix, a) for a in itertools.permutations(range(4)))

    class Scaled(TravellingSalesman):
        factor = 1.0

        @property
        def penalty(self):
            return self.factor * TravellingSalesman(self.distances, self.labels).penalty

    def check(factor):
        problem = type("Weak", (Scaled,), {"factor": factor})(matrix, range(4))
        tours = [a for a in itertools.permutations(range(4)) if length(matrix, a) == best]
        check_ground_states(problem, {problem.encode(a).tobytes() for a in tours}, best)

    check(1.0)
    with pytest.raises(AssertionError):
        check(0.3)


@pytest.mark.parametrize("symmetric", [True, False])
def test_repairs_are_tours(symmetric):
    problem = TravellingSalesman(distances(9, 9, symmetric=symmetric), range(9))
    rng = np.random.default_rng(1)
    for share in (0.0, 0.05, 0.12, 0.3, 1.0):
        for _ in range(40):
            state = np.where(rng.random(64) < share, 1, -1).astype(np.int8)
            answer = problem.decode(state)
            assert problem.check(answer) and answer[0] == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_state_below_a_known_tour_holds_a_tour_of_no_more_energy(seed):
    """So that a run may stop at a target: every state of 3 x 3 p-bits, and the tour's own bound."""
    matrix = distances(seed, 4, symmetric=seed % 2 == 0)
    problem = TravellingSalesman(matrix, range(4))
    known = tour_length(matrix, short_tour(matrix))
    states = 2 * ((np.arange(512)[:, None] >> np.arange(9)) & 1).astype(np.int8) - 1
    energies = problem.model.energy(states)
    below = np.flatnonzero(energies <= problem.energy_of(known))
    assert below.size
    for k in below:
        found = problem.objective(problem.decode(states[k]))
        assert problem.energy_of(found) <= energies[k] + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_bounds_on_tours(seed):
    matrix = distances(seed, 7, symmetric=seed % 2 == 0, low=-5 if seed == 4 else 0)
    ways, below = reduced(matrix)
    lengths = [length(matrix, a) for a in itertools.permutations(range(7)) if a[0] == 0]
    assert (ways >= 0).all() and below <= min(lengths)
    np.fill_diagonal(matrix, np.inf)
    assert below == min(matrix[range(7), p].sum() for p in itertools.permutations(range(7)))
    np.fill_diagonal(matrix, 0.0)
    for answer in itertools.islice(itertools.permutations(range(7)), 0, None, 97):
        assert length(ways, answer) == pytest.approx(length(matrix, answer) - below)
    order = short_tour(matrix)
    assert sorted(order) == list(range(7))
    assert tour_length(matrix, order) == length(matrix, np.argsort(order))
    for i in range(7):
        for j in range(i + 2, 8):
            turned = np.concatenate([order[:i], order[i:j][::-1], order[j:]])
            assert tour_length(matrix, turned) >= tour_length(matrix, order) - 1e-9


def test_weights_are_whole_and_the_size_is_told():
    problem = TravellingSalesman(distances(3, 7), range(7))
    model = problem.model
    spins, couplings = problem.size
    assert model.num_spins == spins == 36 and model.num_couplings <= couplings
    assert (model.J.data == model.J.data.round()).all() and (model.h == model.h.round()).all()


def test_a_tour_may_start_anywhere():
    problem = TravellingSalesman(distances(3, 5), "abcde")
    for answer in ([0, 1, 2, 3, 4], [3, 4, 0, 1, 2]):
        assert problem.objective(np.array(answer)) == length(problem.distances, answer)
        assert problem.written(np.array(answer)) == ["tour a b c d e"]
        assert problem.encode(answer).tolist() == problem.encode([0, 1, 2, 3, 4]).tolist()
    assert problem.written(None) == []


def test_violations_are_named():
    problem = TravellingSalesman(distances(3, 4), range(4))
    assert problem.violations([0, 1, 1, 3]) == [
        "positions with several cities: 1",
        "positions with no city: 2",
    ]
    assert problem.violations([0, 1, 2, 4]) == ["answers must be whole numbers from 0 to 3, got 4"]


@pytest.mark.parametrize(
    ("matrix", "labels", "message"),
    [
        (np.zeros((2, 3)), range(2), r"square matrix of 2 or more cities.*\(2, 3\) and 2"),
        (np.zeros((3, 3)), range(2), "one a label"),
        (np.zeros((1, 1)), range(1), "2 or more cities"),
        (np.array([[0.0, np.inf], [1.0, 0.0]]), range(2), "distances must be finite"),
    ],
)
def test_refusals(matrix, labels, message):
    with pytest.raises(ValueError, match=message):
        TravellingSalesman(matrix, labels)


@pytest.mark.skipif(not DATA.is_dir(), reason="PBIT_DATA is not set")
def test_published_tours_have_the_published_lengths():
    optima = {row["instance"]: row for row in csv.DictReader((DATA / "optima.csv").open())}
    files = sorted([*DATA.glob("*.tsp"), *DATA.glob("*.atsp")])
    assert len(files) == 29
    tours = 0
    for path in files:
        contents = read(path)
        assert (contents.format, contents.kind) == ("tsplib", "tsp")
        matrix = contents.values
        assert (matrix == matrix.round()).all()
        assert np.array_equal(matrix, matrix.T) == (path.suffix == ".tsp")
        tour = path.with_suffix(".opt.tour")
        if tour.exists():
            words = tour.read_text().split("TOUR_SECTION")[1].split()
            order = [int(word) - 1 for word in words[: contents.num_variables]]
            problem = problem_of(contents)
            answer = np.argsort(order)
            assert problem.check(answer)
            assert problem.objective(answer) == int(optima[path.stem]["optimum_mastqe_solutions"])
            tours += 1
    assert tours == 18


@pytest.mark.skipif(not DATA.is_dir(), reason="PBIT_DATA is not set")
def test_the_energy_of_a_published_tour():
    problem = problem_of(read(DATA / "gr17.tsp"))
    answer = np.random.default_rng(1).permutation(17)
    energy = problem.model.energy(problem.encode(answer))
    assert energy == problem.energy_of(problem.objective(answer))
    assert problem.size == (256, 7680)
