"""Knapsack: every state of small instances, and the bits that the slack takes."""

import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.problems.knapsack import Knapsack
from pbit.problems.parts.bit_sum import MAX_BITS, bits_of, parts_of


def rules(values, weights, capacity):
    def feasible(answer):
        return sum(w for w, x in zip(weights, answer, strict=True) if x) <= capacity

    def worth(answer):
        return float(sum(v for v, x in zip(values, answer, strict=True) if x))

    return feasible, worth


def instance(seed):
    rng = np.random.default_rng(seed)
    unit = int(rng.integers(1, 4))
    values, weights = rng.integers(0, 9, 6).tolist(), (unit * rng.integers(0, 6, 6)).tolist()
    return values, weights, int(rng.integers(0, 5 * unit + 1))


@pytest.mark.parametrize("seed", range(12))
def test_ground_states_are_the_best_choices(seed):
    values, weights, capacity = instance(seed)
    check_problem(
        Knapsack(values, weights, capacity),
        all_answers((0, 1), 6),
        *rules(values, weights, capacity),
        only_answers=False,  # a slack may be written in more than one way
    )


def test_a_smaller_penalty_would_not_do():
    problem = Knapsack([5, 5], [1, 1], 1)
    vars(problem)["penalty"] = 4.0
    with pytest.raises(AssertionError):
        check_problem(
            problem, all_answers((0, 1), 2), *rules([5, 5], [1, 1], 1), only_answers=False
        )


def test_the_slack_takes_the_fewest_bits():
    assert Knapsack([1, 1], [3, 5], 7).model.num_spins == 2 + 3
    assert Knapsack([1, 1], [40, 60], 70).model.num_spins == 2 + 2  # 3 units of 20
    assert Knapsack([1, 1], [3, 5], 8).model.num_spins == 2
    assert Knapsack([1, 1], [3, 5], 8).size == (2, 1)


@pytest.mark.parametrize("largest", [0, 1, 2, 3, 5, 8, 100])
def test_bits_reach_every_value_and_no_other(largest):
    parts = parts_of(largest)
    assert parts.size == int(largest).bit_length()
    assert int(parts.sum()) == largest
    for value in range(largest + 1):
        assert int(parts @ bits_of(value, parts)) == value


def test_temperatures_follow_the_penalty():
    assert Knapsack([4, 9], [3, 5], 7).beta_range == pytest.approx((0.0003, 1.0))
    assert Knapsack([4, 9], [3, 5], 8).beta_range is None


def test_too_many_bits_are_refused():
    with pytest.raises(ValueError, match=r"at most 2\^30 values"):
        parts_of(2**MAX_BITS)


def test_written():
    problem = Knapsack([1, 2], [3, 5], 7)
    assert problem.written([0, 1]) == ["weight 5 of 7"]
    assert problem.written(None) == []
    assert problem.violations([1, 1]) == ["weight 8 above capacity 7"]
    assert problem.violations([2, 0]) == ["answers must be 0 or 1, got 2"]


@pytest.mark.parametrize(
    "arguments, part",
    [
        (([1], [1, 2], 3), "must be as long as each other"),
        (([], [], 3), "not empty"),
        (([1], [-1], 3), "weights must be >= 0, got -1"),
        (([1.5], [1], 3), "item_values must be whole numbers"),
        (([1], [1], -3), "capacity must be >= 0"),
    ],
)
def test_refusals(arguments, part):
    with pytest.raises(ValueError, match=part):
        Knapsack(*arguments)
