"""Problems as digits: energies of the objective, answers there and back, the solver's choice."""

import itertools

import numpy as np
import pytest

import pbit
from brute_force import all_answers, check_problem
from pbit.formats import Contents
from pbit.problems.coloring import Coloring
from pbit.problems.core.digits import digits_of
from pbit.problems.core.reading import problem_of
from pbit.problems.core.running import reads_of, takes_digits
from pbit.problems.max_cut import MaxCut
from pbit.problems.max_k_cut import MaxKCut
from pbit.problems.partitioning import KPartition
from pbit.run.control import Control
from pbit.solvers.effort import Effort


def graph(n, m, seed):
    rng = np.random.default_rng(seed)
    pairs = np.array(list(itertools.combinations(range(n), 2)))
    return pairs[rng.permutation(len(pairs))[:m]].T


def k_cut(n, m, parts, seed):
    rows, cols = graph(n, m, seed)
    weights = np.random.default_rng(seed).integers(-2, 4, m).astype(float)
    return MaxKCut(rows, cols, weights, list("abcdefgh")[:n], parts)


PROBLEMS = {
    "coloring": lambda: Coloring(*graph(7, 15, 1), range(7), 3),
    "a graph that peels away": lambda: Coloring(*graph(6, 7, 2), range(6), 4),
    "max-k-cut": lambda: k_cut(6, 11, 3, 3),
    "k-partition": lambda: KPartition([7, 3, 5, 4, 6], 3),
}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_energies_are_those_of_the_objective(kind):
    problem = PROBLEMS[kind]()
    digits, n = problem.digits, len(problem.labels)
    for values in itertools.product(*map(range, digits.model.num_values)):
        answer = digits.answer(values)
        said = problem.energy_of(problem.objective(answer))
        assert float(digits.model.energy(values)) == pytest.approx(said, abs=1e-9)
    values = {}
    for k in range(problem.parts if hasattr(problem, "parts") else problem.colors):
        values[k] = digits.values(np.full(n, k))
    assert all(digits.model.is_valid(each) for each in values.values())


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_best_values_are_the_best_answers(kind):
    problem = PROBLEMS[kind]()
    digits = problem.digits
    states = list(itertools.product(*map(range, digits.model.num_values)))
    lowest = float(digits.model.energy(states).min())
    domain = range(problem.parts if hasattr(problem, "parts") else problem.colors)
    worths = [
        problem.energy_of(problem.objective(answer))
        for answer in all_answers(domain, len(problem.labels))
        if not isinstance(problem, Coloring) or problem.check(answer)
    ]
    if worths:
        assert lowest == pytest.approx(min(worths), abs=1e-9)
    for answer in all_answers(domain, len(problem.labels))[::37]:
        again = digits.answer(digits.values(answer))
        off = problem.energy_of(problem.objective(again) - problem.objective(answer))
        assert off <= problem.energy_of(0.0) + 1e-9


@pytest.mark.parametrize(("n", "m", "parts"), [(4, 5, 2), (3, 3, 3), (4, 4, 3)])
@pytest.mark.parametrize("seed", range(3))
def test_k_cuts_as_p_bits(n, m, parts, seed):
    problem = k_cut(n, m, parts, seed)
    edges = list(zip(problem.rows, problem.cols, problem.weights, strict=True))

    def worth(answer):
        return float(sum(w for i, j, w in edges if answer[i] != answer[j]))

    answers = all_answers(range(parts), n)
    best = check_problem(problem, answers, lambda a: True, worth, always=True)
    assert best <= problem.bound


def test_a_smaller_penalty_would_not_do():
    problem = MaxKCut([0, 0, 1], [1, 2, 2], [-4.0, -4.0, -4.0], range(3), 2)
    vars(problem)["penalties"] = np.full(3, 0.5)
    with pytest.raises(AssertionError):
        check_problem(problem, all_answers(range(2), 3), lambda a: True, problem.objective)


def test_two_parts_are_a_cut():
    rows, cols = graph(8, 16, 4)
    weights = np.arange(1.0, 17.0)
    cut, two = MaxCut(rows, cols, weights, range(8)), MaxKCut(rows, cols, weights, range(8), 2)
    assert two.objective(pbit.solve(two, seed=1).answer) == pbit.solve(cut, seed=1).objective
    assert two.size == (16, 8 + 32)


def test_refusals_of_k_cuts():
    with pytest.raises(ValueError, match="parts must be >= 2, got 1"):
        MaxKCut([0], [1], [1.0], range(2), 1)
    with pytest.raises(ValueError, match="no edge from a vertex to itself"):
        MaxKCut([0], [0], [1.0], range(2), 2)
    edge = Contents(
        kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]), values=np.ones(1)
    )
    with pytest.raises(ValueError, match="needs the number of parts; give colors=K"):
        problem_of(edge, "max-k-cut")
    assert problem_of(edge, "max-k-cut", colors=3).parts == 3


def test_who_is_run_as_digits():
    coloring, cut = PROBLEMS["coloring"](), MaxCut([0], [1], [1.0], range(2))
    assert digits_of(cut) is None and not takes_digits(cut, "auto", Effort())
    assert takes_digits(coloring, "auto", Effort()) and takes_digits(coloring, "dits", Effort())
    assert not takes_digits(coloring, "pbit", Effort())
    assert not takes_digits(coloring, "auto", Effort(kernel="lanes"))
    assert not takes_digits(coloring, "auto", Effort(hardware=pbit.Hardware()))


@pytest.mark.parametrize("kind", PROBLEMS)
@pytest.mark.parametrize("limit", [None, 0.2])
def test_solved_as_digits(kind, limit):
    problem = PROBLEMS[kind]()
    control = Control(time_limit_s=limit)
    reads = reads_of(problem, "auto", Effort(seed=1, num_threads=1), control)
    states = list(itertools.product(*map(range, problem.digits.model.num_values)))
    assert reads.info["chosen"] == "dits" and reads.info["kernel"] == "digits"
    assert reads.energies.min() == pytest.approx(problem.digits.model.energy(states).min())
    assert reads.energies == pytest.approx(np.asarray(problem.model.energy(reads.spins)))


def test_the_network_of_p_bits_is_not_built(monkeypatch):
    problem = PROBLEMS["max-k-cut"]()
    monkeypatch.setattr(MaxKCut, "model", property(lambda self: pytest.fail("built")))
    assert pbit.solve(problem, seed=1).feasible


def test_asked_for_as_p_bits():
    found = pbit.solve(PROBLEMS["coloring"](), solver="pbit", seed=1)
    assert found.reads.info["kernel"] != "digits"
