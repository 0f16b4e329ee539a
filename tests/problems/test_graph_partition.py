"""Balanced partitions: as p-bits, as digits whose counts are kept, refusals."""

import itertools

import numpy as np
import pytest

import pbit
from brute_force import all_answers, check_problem
from pbit.formats import Contents
from pbit.problems.core.reading import problem_of
from pbit.problems.graph_partition import GraphPartition


def partition(n, m, parts, seed):
    rng = np.random.default_rng(seed)
    pairs = np.array(list(itertools.combinations(range(n), 2)))
    rows, cols = pairs[rng.permutation(len(pairs))[:m]].T
    weights = rng.integers(-1, 4, m).astype(float)
    return GraphPartition(rows, cols, weights, list("abcdefgh")[:n], parts)


def worths(problem):
    return {
        tuple(answer): problem.objective(answer)
        for answer in all_answers(range(problem.parts), len(problem.labels))
        if problem.check(answer)
    }


@pytest.mark.parametrize(("n", "m", "parts"), [(4, 5, 2), (5, 7, 2), (4, 4, 3), (3, 3, 3)])
@pytest.mark.parametrize("seed", range(3))
def test_as_p_bits(n, m, parts, seed):
    problem = partition(n, m, parts, seed)
    edges = list(zip(problem.rows, problem.cols, problem.weights, strict=True))

    def worth(answer):
        return float(sum(w for i, j, w in edges if answer[i] != answer[j]))

    def balanced(answer):
        return np.array_equal(np.bincount(answer, minlength=parts), problem.sizes)

    best = check_problem(problem, all_answers(range(parts), n), balanced, worth, always=True)
    assert best >= problem.bound


def test_a_smaller_balance_would_not_do():
    problem = GraphPartition([0, 0, 1], [1, 2, 2], [4.0, 4.0, 4.0], range(4), 2)
    own, balance = problem.penalties
    vars(problem)["penalties"] = (own, 0.1 * balance)
    answers = all_answers(range(2), 4)
    with pytest.raises(AssertionError):
        check_problem(problem, answers, problem.check, problem.objective)


@pytest.mark.parametrize(("n", "m", "parts"), [(6, 9, 2), (7, 12, 3)])
@pytest.mark.parametrize("limit", [None, 0.2])
def test_as_digits(n, m, parts, limit):
    problem = partition(n, m, parts, 5)
    known = worths(problem)
    digits = problem.digits
    for answer, worth in list(known.items())[::17]:
        assert float(digits.model.energy(digits.values(answer))) == pytest.approx(worth)
    found = pbit.solve(problem, seed=1, time_limit=limit, num_threads=1)
    assert found.reads.info["kernel"] == "digits"
    assert "counts" in found.reads.info["law"]
    assert found.objective == min(known.values())
    assert problem.check(found.answer)


def test_sizes_differ_by_one():
    assert partition(7, 8, 3, 1).sizes.tolist() == [3, 2, 2]


def test_refusals():
    for parts in (1, 5):
        with pytest.raises(ValueError, match=f"2 to the number of vertices, 4, got {parts}"):
            GraphPartition([0], [1], [1.0], range(4), parts)
    with pytest.raises(ValueError, match="no edge from a vertex to itself"):
        GraphPartition([0], [0], [1.0], range(4), 2)
    edge = Contents(
        kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]), values=np.ones(1)
    )
    with pytest.raises(ValueError, match="needs the number of parts; give colors=K"):
        problem_of(edge, "graph-partition")
    assert problem_of(edge, "graph-partition", colors=2).parts == 2
