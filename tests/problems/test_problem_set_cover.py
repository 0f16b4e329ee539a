"""Set cover: every state of small instances, as products and as counts."""

import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.models.ising import IsingModel
from pbit.problems.set_cover import SetCover


def rules(costs, elements):
    def feasible(answer):
        return all(any(answer[s] for s in sets) for sets in elements)

    def worth(answer):
        return float(sum(c for c, x in zip(costs, answer, strict=True) if x))

    return feasible, worth


def instance(seed):
    rng = np.random.default_rng(seed)
    elements = [
        rng.choice(5, size=int(rng.integers(1, 5)), replace=False).tolist() for _ in range(4)
    ]
    return rng.integers(0, 6, 5).tolist(), elements


@pytest.mark.parametrize("native", [True, False, None])
@pytest.mark.parametrize("seed", range(6))
def test_ground_states_are_the_cheapest_covers(seed, native):
    costs, elements = instance(seed)
    problem = SetCover(costs, elements, native)
    check_problem(
        problem,
        all_answers((0, 1), 5),
        *rules(costs, elements),
        only_answers=problem.model.num_spins == 5 and min(costs) > 0,
    )


@pytest.mark.parametrize("native", [True, False])
def test_a_smaller_penalty_would_not_do(native):
    costs, elements = [4, 5], [[0], [1]]
    problem = SetCover(costs, elements, native)
    vars(problem)["penalties"] = np.array([3.0, 3.0])
    with pytest.raises(AssertionError):
        check_problem(problem, all_answers((0, 1), 2), *rules(costs, elements), only_answers=False)


def test_products_are_taken_where_they_are_short():
    short = SetCover([1] * 8, [range(6), range(2, 8)])
    assert short.native and short.model.num_spins == short.size[0] == 8
    assert short.model.degree == 6
    long = SetCover([1] * 8, [range(8)])
    assert not long.native and isinstance(long.model, IsingModel)
    assert long.model.num_spins == long.size[0] == 8 + 3


def test_answers_are_repaired():
    problem = SetCover([3, 1, 1], [[0, 1], [0, 2]])
    assert problem.decode(np.array([-1, -1, -1])).tolist() == [0, 1, 1]
    assert problem.decode(np.array([1, 1, 1])).tolist() == [0, 1, 1]
    assert problem.violations([0, 1, 0]) == ["elements not covered: 1"]


@pytest.mark.parametrize(
    "costs, elements, part",
    [
        ([], [], "costs must be a list of at least one"),
        ([1], [[]], "element 0 is in no set"),
        ([1], [[0], [1]], "element 1 must be in sets 0..0"),
        ([-1], [[0]], "costs must be >= 0"),
    ],
)
def test_refusals(costs, elements, part):
    with pytest.raises(ValueError, match=part):
        SetCover(costs, elements)
