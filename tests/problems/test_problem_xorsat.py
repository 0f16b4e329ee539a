"""Equations of parities: brute force, both forms of the model, planted regular systems."""

import numpy as np
import pytest
from scipy import stats

from brute_force import all_answers, all_states, check_problem
from pbit.models.ising import IsingModel
from pbit.problems.xorsat import Xorsat, planted_3r3x


def of(equations, parities, n, **options):
    sizes = [len(equation) for equation in equations]
    return Xorsat(
        pointers=np.append(0, np.cumsum(sizes)).astype(np.int64),
        members=np.array([v for equation in equations for v in equation], dtype=np.int64),
        parities=np.array(parities),
        labels=range(n),
        **options,
    )


def unfulfilled(equations, parities, answer):
    pairs = zip(equations, parities, strict=True)
    return float(sum(sum(answer[i] for i in e) % 2 != b for e, b in pairs))


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_ground_states_fulfil_the_most_equations(seed, pairs):
    rng = np.random.default_rng(seed)
    equations = [rng.integers(0, 4, rng.integers(1, 5)).tolist() for _ in range(7)]
    parities = rng.integers(0, 2, 7).tolist()
    problem = of(equations, parities, 4, pairs=pairs)
    check_problem(
        problem,
        all_answers((0, 1), 4),
        lambda a: True,
        lambda a: unfulfilled(equations, parities, a),
        only_answers=not pairs,
    )


@pytest.mark.parametrize("n", [4, 5, 8, 30, 200])
def test_planted_systems_are_regular_and_fulfilled(n):
    problem, planted = planted_3r3x(n, seed=n)
    assert problem.objective(planted) == 0.0
    assert problem.model.energy(problem.encode(planted)) == 0.0
    rows = problem.members.reshape(n, 3)
    assert (np.bincount(problem.members) == 3).all()
    assert all(len(set(row)) == 3 for row in rows.tolist())
    assert len({tuple(sorted(row)) for row in rows.tolist()}) == n
    assert problem.model.num_terms == n and set(np.abs(problem.model.weights)) == {1.0}
    other, _ = planted_3r3x(n, seed=n)
    assert np.array_equal(other.members, problem.members)


def test_pairs_take_an_ancilla_an_equation():
    problem, planted = planted_3r3x(16, seed=1, pairs=True)
    assert isinstance(problem.model, IsingModel) and problem.model.num_spins <= 32
    assert problem.model.energy(problem.encode(planted)) == 0.0


def test_ground_states_of_a_planted_system_are_the_solutions_of_its_equations():
    problem, planted = planted_3r3x(10, seed=3)
    states = all_states(10)
    ground = states[problem.model.energy(states) == 0.0]
    rows = problem.members.reshape(10, 3)
    bits = (states > 0)[:, rows].sum(axis=2) % 2
    assert np.array_equal(ground, states[(bits == problem.parities).all(axis=1)])
    assert planted.tolist() in [problem.decode(state).tolist() for state in ground]


def test_systems_are_uniform():
    """All systems of 4 bits are one; of 5 bits, each of the 12 is as likely. Alpha = 1e-6."""
    counts = {}
    for seed in range(2400):
        problem, _ = planted_3r3x(5, seed=seed)
        key = frozenset(tuple(sorted(row)) for row in problem.members.reshape(5, 3).tolist())
        counts[key] = counts.get(key, 0) + 1
    expected = 2400 / len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts.values())
    assert len(counts) == 12  # counted by hand of all 252 sets of rows
    assert statistic < stats.chi2.isf(1e-6, len(counts) - 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: of([[0]], [2], 1), "parities must be 0 or 1"),
        (lambda: of([[0]], [1, 1], 1), "parities must be one an equation, got 2 for 1"),
        (lambda: planted_3r3x(3, seed=1), "n must be >= 4, got 3"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()
