"""Integer programmes: every state of small instances in both encodings."""

import itertools

import numpy as np
import pytest

from brute_force import check_problem
from cases import some
from pbit.problems.integer_program import IntegerProgram


def boxes(low, high, step=1):
    return [
        np.array(values)
        for values in itertools.product(
            *(range(a, b + 1, step) for a, b in zip(low, high, strict=True))
        )
    ]


def instance(seed, **options):
    """A feasible programme with two rows, and its plain rules."""
    rng = np.random.default_rng(seed)
    low = rng.integers(-3, 1, 3)
    high = low + rng.integers(0, 3, 3)
    matrix, inside = rng.integers(-3, 4, (2, 3)), rng.integers(low, high + 1)
    senses = [("<=", ">=")[seed % 2], ("==", "<=")[seed // 2 % 2]]
    totals, linear = matrix @ inside, rng.integers(-4, 5, 3)
    rows, cols = rng.integers(0, 3, (2, 2))
    values = rng.integers(-3, 4, 2) if seed % 3 else np.round(rng.normal(size=2), 2)
    unit = (1, 4, 10)[seed % 3]  # quarters are exact in binary, tenths are not
    problem = IntegerProgram(
        linear=linear, matrix=matrix / unit, senses=senses, totals=totals / unit, low=low,
        high=high, quadratic=(rows, cols, values), offset=1.5, maximise=bool(seed % 2), **options,
    )  # fmt: skip

    def feasible(answer):
        left = matrix @ np.array(answer)
        good = {"<=": left <= totals, ">=": left >= totals, "==": left == totals}
        return bool(good[senses[0]][0] and good[senses[1]][1])

    def worth(answer):
        x = np.array(answer)
        return float(linear @ x) + float(values @ (x[rows] * x[cols])) + 1.5

    return problem, boxes(low, high), feasible, worth


@pytest.mark.parametrize("encoding", ["log", "unary"])
@pytest.mark.parametrize("seed", range(12))
def test_ground_states_are_the_best_feasible_values(seed, encoding):
    problem, answers, feasible, worth = instance(seed, encoding=encoding)
    assert problem.size[0] == problem.model.num_spins
    check_problem(problem, answers, feasible, worth, only_answers=False)


def test_a_smaller_penalty_would_not_do():
    arguments = dict(linear=[-5, -5], matrix=[[1, 1]], senses=["<="], totals=[1], low=[0, 0])
    rules = (lambda a: sum(a) <= 1), (lambda a: float(-5 * sum(a)))
    good = IntegerProgram(high=[1, 1], **arguments)
    check_problem(good, boxes([0, 0], [1, 1]), *rules, only_answers=False)
    poor = IntegerProgram(high=[1, 1], **arguments)
    vars(poor)["penalty"] = 4.0
    with pytest.raises(AssertionError):
        check_problem(poor, boxes([0, 0], [1, 1]), *rules, only_answers=False)


def test_bits_are_the_fewest():
    problem = IntegerProgram(linear=[1, 1], low=[-2, 0], high=[3, 100])
    assert problem.model.num_spins == 3 + 7
    rows = dict(matrix=[[6, 4]], senses=["<="], totals=[27])
    problem = IntegerProgram(linear=[1, 1], low=[0, 0], high=[3, 3], **rows)
    assert problem.model.num_spins == 2 + 2 + 4  # 3 x + 2 y <= 13
    problem = IntegerProgram(linear=[1, 1], low=[0, 0], high=[2, 3], **rows)
    assert problem.model.num_spins == 2 + 2 and problem.penalty == 0.0  # the bounds imply it


def test_large_tables_are_left_alone(monkeypatch):
    monkeypatch.setattr("pbit.problems.parts.integer_repair._MAX_TABLE", 1)
    problem = IntegerProgram(
        linear=[-1, -1], matrix=[[1, 1]], senses=["<="], totals=[1], low=[0, 0], high=[1, 1]
    )
    assert problem.decode(problem.encode([0, 0])).tolist() == [0, 0]
    assert problem.beta_range == (0.003, 10.0)


def test_sizes_are_told_before_the_model_is_built():
    problem = IntegerProgram(
        linear=[1, 1], matrix=[[1, 2]], senses=["<="], totals=[4], low=[0, 0], high=[3, 3],
        quadratic=([0], [1], [1.0]),
    )  # fmt: skip
    num_bits, products = problem.size
    assert num_bits == problem.model.num_spins
    assert products >= problem.model.num_couplings


def test_steps_are_for_spins():
    problem = IntegerProgram(
        linear=[1, 2],
        matrix=[[1, 1]],
        senses=["=="],
        totals=[0],
        low=[-1, -1],
        high=[1, 1],
        steps=2,
    )
    check_problem(
        problem,
        boxes([-1, -1], [1, 1], 2),
        lambda a: a[0] + a[1] == 0,
        lambda a: float(a[0] + 2 * a[1]),
        only_answers=False,
    )
    assert problem.violations([0, 0]) == ["0 must be -1 plus a multiple of 2, got 0"]


def test_violations_are_told():
    problem = IntegerProgram(
        linear=[1, 1], matrix=[[1, 1]], senses=[">="], totals=[3], low=[0, 0], high=[3, 3],
        labels=["a", "b"],
    )  # fmt: skip
    assert problem.violations([1, 1]) == ["a constraint on a, b: 2 is not in 3..6"]
    assert problem.violations([4, 0]) == ["a must be in 0..3, got 4"]
    assert problem.violations([0.5, 0])[0].startswith("answers must be whole numbers")
    assert problem.check([1, 2])


def program(**changes):
    arguments = dict(
        linear=[1, 1], matrix=[[1, 1]], senses=["<="], totals=[1], low=[0, 0], high=[1, 1]
    )
    return IntegerProgram(**arguments | changes)


@pytest.mark.parametrize(
    "changes, part",
    [
        (dict(low=[0]), "linear, low and high must be lists of one length"),
        (dict(linear=[]), "of one length >= 1"),
        (dict(low=[2, 0]), "low must be <= high, got 2 > 1 for 0"),
        (dict(low=[0.5, 0]), "low must be whole numbers"),
        (dict(labels=["a"]), "labels must be 2, one a variable, got 1"),
        (dict(encoding="gray"), "encoding must be log or unary, got 'gray'"),
        (dict(senses=["<"]), "senses must be one of <=, >=, ==, got <"),
        (dict(senses=[]), "matrix must be"),
        (dict(matrix=[[1]]), "matrix must be"),
        (dict(matrix=[[1, np.nan]]), "constraint 0 has nan or inf"),
        (dict(linear=[1, np.inf]), "linear, quadratic and offset must be finite"),
        (dict(offset=np.nan), "linear, quadratic and offset must be finite"),
        (dict(matrix=[[1, np.pi]]), "without a small common denominator"),
        (dict(totals=[-1]), "constraint 0 is met by no values within the bounds"),
        (dict(senses=["=="], totals=[0.5]), "constraint 0 is met by no values"),
        (dict(high=[2**40, 1], matrix=[[0, 1]], totals=[0]), "at most 2.30 values"),
        (dict(high=[2**29, 1]), "constraint 0 has sums up to"),
        (dict(high=[2**13, 1], encoding="unary"), "unary takes at most 4096 bits"),
        (dict(quadratic=([0], [2], [1.0])), "quadratic must be three lists"),
        (dict(steps=[2, 1]), "steps must divide high - low, got 2 for 0..1"),
    ],
)
def test_refusals(changes, part):
    with pytest.raises(ValueError, match=part):
        program(**changes)


@pytest.mark.parametrize(
    ("seed", "sense"),
    some(itertools.product(range(6), ("<=", ">=")), *itertools.product((0, 1, 3), ("<=", ">="))),
)
def test_packing_and_covering_are_repaired_with_small_penalties(seed, sense):
    """Every state decodes to a feasible answer that is no worse; a step bounds the penalty."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 4, (2, 3))
    totals = matrix.sum(axis=1) + (1 if sense == "<=" else 0)
    linear = rng.integers(-5, 6, 3)
    signs = np.where(rng.random(3) < 0.3, -1, 1)  # of variables counted backwards
    low, high = np.where(signs > 0, 0, -2), np.where(signs > 0, 2, 0)
    problem = IntegerProgram(
        linear=linear, matrix=matrix * signs, senses=[sense] * 2, totals=totals, low=low, high=high
    )
    assert problem.penalty <= abs(linear).max() + 1

    def feasible(answer):
        left = (matrix * signs) @ np.array(answer)
        return bool((left <= totals).all() if sense == "<=" else (left >= totals).all())

    check_problem(
        problem, boxes(low, high), feasible, lambda a: float(linear @ np.array(a)),
        only_answers=False, always=True,
    )  # fmt: skip


def test_a_penalty_below_a_step_would_not_do():
    problem = IntegerProgram(
        linear=[-5, -4], matrix=[[1, 1]], senses=["<="], totals=[1], low=[0, 0], high=[1, 1]
    )
    assert problem.penalty == 6.0
    vars(problem)["penalty"] = 3.9
    with pytest.raises(AssertionError):
        check_problem(
            problem, boxes([0, 0], [1, 1]), lambda a: sum(a) <= 1,
            lambda a: float(-5 * a[0] - 4 * a[1]), only_answers=False,
        )  # fmt: skip
