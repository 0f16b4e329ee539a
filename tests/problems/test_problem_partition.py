"""Number partitioning: every state of small instances, optima of the published ones."""

import os
from pathlib import Path

import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.formats import read
from pbit.problems.core.reading import problem_of
from pbit.problems.partitioning import KPartition, Partition

DATA = Path(os.environ.get("PBIT_DATA", "/nonexistent")) / "number_partitioning"


def sums(numbers, answer, k):
    return [sum(a for a, part in zip(numbers, answer, strict=True) if part == p) for p in range(k)]


@pytest.mark.parametrize("seed", range(6))
def test_two_parts(seed):
    numbers = np.random.default_rng(seed).integers(0, 30, 8).tolist()
    problem = Partition(numbers)

    def worth(answer):
        low, high = sums(numbers, answer, 2)
        return float((low - high) ** 2)

    check_problem(problem, all_answers((0, 1), 8), lambda a: True, worth)


@pytest.mark.parametrize("parts, count", [(2, 6), (3, 4), (4, 3)])
@pytest.mark.parametrize("seed", range(4))
def test_k_parts(parts, count, seed):
    numbers = np.random.default_rng(seed).integers(0, 12, count).tolist()
    if seed == 0:
        numbers = [20] + [1] * (count - 1)  # far from even
    problem = KPartition(numbers, parts)
    mean = sum(numbers) / parts

    def worth(answer):
        return float(sum((s - mean) ** 2 for s in sums(numbers, answer, parts)))

    answers = all_answers(range(parts), count)
    rounded = {tuple(a.tolist()): problem.objective(a) for a in answers}
    for answer, value in rounded.items():
        assert value == pytest.approx(worth(answer), abs=1e-9)
    check_problem(problem, answers, lambda a: True, rounded.get, only_answers=0 not in numbers)


def test_a_smaller_penalty_would_not_do():
    problem = KPartition([20, 1, 1, 1], 3)
    vars(problem)["penalties"] = np.full(4, 1.0)
    with pytest.raises(AssertionError):
        check_problem(
            problem, all_answers(range(3), 4), lambda a: True, lambda a: problem.objective(a)
        )


@pytest.mark.parametrize("parts", [2, 3, 4])
def test_no_answer_beats_the_bound(parts):
    for seed in range(6):
        numbers = np.random.default_rng(seed).integers(0, 9, 5).tolist()
        problems = [KPartition(numbers, parts)] + [Partition(numbers)] * (parts == 2)
        for problem in problems:
            worths = [problem.objective(a) for a in all_answers(range(parts), 5)]
            assert min(worths) >= problem.bound - 1e-9
    assert KPartition([1] * 5, parts).bound == pytest.approx(
        min(KPartition([1] * 5, parts).objective(a) for a in all_answers(range(parts), 5))
    )


def test_answers_are_written():
    assert Partition([3, 1, 1]).written([1, 0, 0]) == ["sums 2 and 3, difference 1"]
    assert KPartition([3, 1, 1], 3).written([0, 1, 2]) == ["sums 3, 1, 1, spread 2"]
    assert Partition([1]).written(None) == KPartition([1], 2).written(None) == []
    assert Partition([4, 4]).size == (2, 1)
    assert KPartition([4, 4], 2).size == (4, 4)


def best_split(numbers):
    """Of dynamic programming: an answer with the least difference."""
    reachable = [1]
    for a in numbers:
        reachable.append(reachable[-1] | reachable[-1] << a)
    half = sum(numbers) // 2
    rest = (reachable[-1] & ((2 << half) - 1)).bit_length() - 1  # the largest sum up to a half
    answer = []
    for k in range(len(numbers) - 1, -1, -1):
        taken = not reachable[k] >> rest & 1
        answer.append(int(taken))
        rest -= numbers[k] * taken
    return np.array(answer[::-1])


@pytest.mark.skipif(not DATA.is_dir(), reason="PBIT_DATA is not set")
def test_published_optima():
    """All 320 instances: the answer of dynamic programming has the published difference."""
    for line in (DATA / "partition_320.csv").read_text().splitlines()[1:]:
        label, _, _, optimum, _ = line.split(",")
        problem = problem_of(read(f"{DATA}/partition_320.csv#{label}"))
        answer = best_split(problem.numbers.tolist())
        assert problem.objective(answer) == float(optimum) ** 2, label
        assert float(problem.model.energy(problem.encode(answer))) == float(optimum) ** 2, label


@pytest.mark.parametrize(
    "numbers, part",
    [
        ([], "numbers must be a list of at least one"),
        ([[1, 2]], "numbers must be a list of at least one"),
        ([1, -2], "numbers must be >= 0, got -2"),
        ([1.5], "numbers must be whole numbers up to"),
        ([float("nan")], "numbers must be whole numbers, got float64"),
        (["a"], "numbers must be whole numbers, got"),
        ([2**26, 1], "numbers must add up to at most 2"),
    ],
)
def test_refusals(numbers, part):
    with pytest.raises(ValueError, match=part):
        Partition(numbers)


def test_refuses_parts_and_answers():
    with pytest.raises(ValueError, match="parts must be >= 2, got 1"):
        KPartition([1, 2], 1)
    problem = KPartition([1, 2], 2)
    assert problem.violations([0, 2]) and problem.violations([0]) and problem.check([0, 1])
