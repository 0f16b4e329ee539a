"""SAT and MAX-SAT: brute force on small formulas, published satisfiable ones."""

import io
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest

from brute_force import all_answers, all_states, check_problem
from pbit.formats import read
from pbit.models.ising import IsingModel
from pbit.problems.core.reading import problem_of
from pbit.problems.parts.clauses import Clauses, split, tidied, unsatisfied
from pbit.problems.sat import MaxSat, Sat

DATA = Path(os.environ.get("PBIT_DATA", "/nonexistent")) / "satlib"


def arrays(clauses):
    sizes = np.array([len(clause) for clause in clauses], dtype=np.int64)
    literals = np.array([v for clause in clauses for v in clause], dtype=np.int64)
    return np.append(0, np.cumsum(sizes)), literals


def sat(clauses, n, **options):
    return Sat.of(*arrays(clauses), range(1, n + 1), **options)


def max_sat(weighted, n, **options):
    """Weight None is a hard clause."""
    pointers, literals = arrays([clause for _, clause in weighted])
    return MaxSat(
        pointers=pointers,
        literals=literals,
        weights=np.array([w or 0.0 for w, _ in weighted]),
        hard=np.array([w is None for w, _ in weighted]),
        labels=range(1, n + 1),
        **options,
    )


def true(clause, bits):
    return any(bits[abs(v) - 1] == (v > 0) for v in clause)


def random_clauses(seed, *, n, count, longest):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, longest + 1, count)
    # Variables may repeat: clauses with x x, and with x -x, are part of the game.
    return [(rng.integers(1, n + 1, k) * rng.choice([-1, 1], k)).tolist() for k in sizes]


@pytest.mark.parametrize("longest", [3, 4, 6])
@pytest.mark.parametrize("seed", range(4))
def test_ground_states_satisfy_everything_if_anything_does(seed, longest):
    clauses = random_clauses(seed, n=4, count=9, longest=6)
    problem = sat(clauses, 4, longest=longest)
    best = check_problem(
        problem,
        all_answers((0, 1), 4),
        lambda a: all(true(c, a) for c in clauses),
        lambda a: 0.0,
        only_answers=problem.model.num_spins == 4,
    )
    assert best in (0.0, None)


@pytest.mark.parametrize("seed", range(3))
def test_a_model_of_pairs_has_the_same_answers(seed):
    clauses = [[1, -2, 3], *random_clauses(200 + seed, n=4, count=4, longest=4)]
    problem = sat(clauses, 4, longest=3, pairs=True)
    assert isinstance(problem.model, IsingModel) and problem.model.num_spins > 4
    check_problem(
        problem,
        all_answers((0, 1), 4),
        lambda a: all(true(c, a) for c in clauses),
        lambda a: 0.0,
        only_answers=False,
    )


@pytest.mark.parametrize("longest", [3, 6])
@pytest.mark.parametrize("seed", range(6))
def test_ground_states_of_weighted_clauses(seed, longest):
    rng = np.random.default_rng(100 + seed)
    clauses = random_clauses(seed, n=5, count=8, longest=5)
    weights = [None if rng.random() < 0.4 else float(rng.integers(1, 5)) for _ in clauses]
    if seed == 0:
        weights = [w and w + 0.5 for w in weights]
    pairs = list(zip(weights, clauses, strict=True))
    problem = max_sat(pairs, 5, longest=longest)
    check_problem(
        problem,
        all_answers((0, 1), 5),
        lambda a: all(true(c, a) for w, c in pairs if w is None),
        lambda a: float(sum(w for w, c in pairs if w is not None and not true(c, a))),
        only_answers=problem.model.num_spins == 5,
    )


def test_the_penalty_of_hard_clauses_is_enough_and_no_more_than_it_has_to_be():
    """One hard clause against everything else: A must beat the soft range, and not by much."""
    pairs = [(None, [1, 2]), (3.0, [-1]), (3.0, [-2]), (2.0, [3]), (5.0, [-3]), (1.0, [3, 1, 2])]
    problem = max_sat(pairs, 3)
    states = all_states(3)
    energies = problem.model.energy(states) / problem.energy_of(1.0)
    costs = np.array([problem.objective(problem.decode(s)) for s in states])
    feasible = np.array([problem.check(problem.decode(s)) for s in states])
    assert (energies[feasible] == costs[feasible]).all()
    assert energies[~feasible].min() > costs[feasible].max()
    penalty = (energies - costs)[~feasible]
    assert (penalty == 3 + 3 + (5 - 2) + 1 + 1).all()


def test_negative_control_a_penalty_below_the_range_is_noticed():
    class Weak(MaxSat):
        _hard_weight = 2.0

    pairs = [(None, [1]), (3.0, [-1])]
    pointers, literals = arrays([clause for _, clause in pairs])
    weak = Weak(
        pointers=pointers,
        literals=literals,
        weights=np.array([0.0, 3.0]),
        hard=np.array([True, False]),
        labels=(1,),
    )
    rule = (lambda a: a == (1,), lambda a: 3.0)
    check_problem(max_sat(pairs, 1), all_answers((0, 1), 1), *rule)
    with pytest.raises(AssertionError):
        check_problem(weak, all_answers((0, 1), 1), *rule)


@pytest.mark.parametrize("length", range(1, 9))
@pytest.mark.parametrize("longest", [3, 4])
def test_a_split_clause_is_the_clause_after_minimising(length, longest):
    literals = np.arange(1, length + 1) * np.resize([1, -1], length)
    whole = Clauses(np.array([0, length]), literals, np.array([2.0]))
    parts, before = split(whole, length, longest=longest)
    assert np.diff(parts.pointers).max() <= longest and (parts.weights == 2.0).all()
    for answer in all_answers((0, 1), length):
        costs = [
            2.0 * unsatisfied(parts, np.append(answer, further)).size
            for further in all_answers((0, 1), len(before))
        ]
        assert min(costs) == 2.0 * unsatisfied(whole, answer).size


def test_tidied_drops_repeats_and_clauses_that_are_always_true():
    clauses = Clauses(*arrays([[2, 1, 2], [1, -1], [], [-3, 3, 2], [-2]]), np.arange(5.0))
    kept = tidied(clauses)
    assert kept.pointers.tolist() == [0, 2, 2, 3]
    assert kept.literals.tolist() == [1, 2, -2] and kept.weights.tolist() == [0.0, 2.0, 4.0]


def test_weights_of_the_products_are_whole():
    model = sat(random_clauses(1, n=6, count=20, longest=5), 6).model
    assert (model.weights == model.weights.round()).all()


def test_clauses_of_two_literals_give_pairs():
    assert isinstance(sat([[1, 2], [-1, 3], [-3]], 3).model, IsingModel)


def test_an_empty_clause_cannot_be_satisfied():
    problem = sat([[1], []], 1)
    assert problem.violations([1]) == ["1 of 2 clauses are not satisfied: 2"]
    assert problem.model.energy([1]) == problem.energy_of(1.0)


def test_sizes_are_those_of_the_model():
    problem = sat([list(range(1, 10)), [1, 2, 3]], 9, longest=4)
    spins, products = problem.size
    assert spins == problem.model.num_spins and products >= problem.model.num_terms


def test_answers_as_they_are_written():
    problem = sat([[1, -2]], 30)
    lines = problem.written(np.array([1, 0] * 15))
    assert lines[0] == "s SATISFIABLE" and lines[1].startswith("v 1 -2 3")
    assert " ".join(line[2:] for line in lines[1:]).split()[-1] == "0"
    assert problem.written(None) == ["s UNKNOWN"]
    weighted = max_sat([(2.0, [1]), (3.0, [-1])], 2)
    assert weighted.written(np.array([1, 0])) == ["o 3", "s SATISFIABLE", "v 10"]
    assert max_sat([(2.0, [1])], 1).written(np.array([1]))[1] == "s OPTIMUM FOUND"
    assert weighted.written(None) == ["s UNKNOWN"]


def test_violations_are_numbered_as_in_the_file():
    assert sat([[1], [2], [-1]], 2).violations([0, 0]) == ["2 of 3 clauses are not satisfied: 1, 2"]
    assert max_sat([(1.0, [1]), (None, [2])], 2).violations([0, 0]) == [
        "1 of 1 hard clauses are not satisfied: 2"
    ]
    assert sat([[1]], 1).violations([1, 1]) == [
        "the answer must have 1 values, one a variable, got 2"
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sat([[1, 2, 3]], 3, longest=2), "longest must be >= 3, got 2"),
        (lambda: max_sat([(-1.0, [1])], 1), "weights of soft clauses must be > 0"),
        (lambda: max_sat([(float("nan"), [1])], 1), "finite, got nan; leave out"),
        (lambda: sat([[1, 4]], 3), "literals must be 1 to 3, negative where negated, got 4"),
        (lambda: sat([[0]], 3), "literals must be 1 to 3, negative where negated, got 0"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_temperatures_span_hard_and_soft_weights():
    problem = max_sat([(None, [1, 2]), (2.0, [-1]), (8.0, [-2])], 2)
    hot, cold = problem.beta_range
    assert (hot, cold) == (0.5 / (4 * 11.0), 8.0 / (4 * 2.0))
    assert sat([[1]], 1).beta_range is None and max_sat([(None, [1])], 1).beta_range is None


@pytest.mark.skipif(not DATA.is_dir(), reason="PBIT_DATA is not set")
def test_every_published_formula_is_read_and_counts_its_clauses():
    sizes = {}
    for path in sorted(DATA.glob("*.tar.gz")):
        with tarfile.open(path) as archive:
            members = [member for member in archive if member.name.endswith(".cnf")]
            for member in members[:: max(1, len(members) // 30)]:
                contents = read(io.BytesIO(archive.extractfile(member).read()))
                assert contents.format == "cnf" and not contents.notes
                assert (np.diff(contents.pointers) == 3).all()
                n = contents.num_variables
                sizes.setdefault(n, []).append(contents.values.size)
                problem = problem_of(contents)
                state = np.random.default_rng(n).choice(np.array([-1, 1], np.int8), n)
                violated = unsatisfied(problem._clauses, problem.decode(state)).size
                assert problem.model.energy(state) == 8.0 * violated
    assert sorted(sizes) == [20, 50, 75, 100, 125, 150, 175, 200, 225, 250]
    assert {n: set(counts) for n, counts in sizes.items()} == {
        20: {91}, 50: {218}, 75: {325}, 100: {430}, 125: {538}, 150: {645}, 175: {753},
        200: {860}, 225: {960}, 250: {1065},
    }  # fmt: skip
