"""Problems read from files: worth of an answer, energy of its spins, and the way back."""

import dimod
import numpy as np
import pytest

from pbit.formats import Contents
from pbit.problems.core.reading import problem_of
from pbit.problems.max_cut import MaxCut
from pbit.problems.pairwise import Qubo, Spins

SEEDS = range(5)


def random_entries(n, *, seed, linear=True):
    """Entries with repeated pairs, both directions and, if asked for, repeated linear terms."""
    rng = np.random.default_rng(seed)
    rows, cols = rng.integers(0, n, (2, 4 * n))
    keep = np.ones(4 * n, bool) if linear else rows != cols
    return rows[keep], cols[keep], rng.normal(size=4 * n)[keep]


def problems(seed, n=7):
    rows, cols, values = random_entries(n, seed=seed)
    edges = random_entries(n, seed=seed, linear=False)
    labels = tuple(f"v{k}" for k in range(n))
    return [
        MaxCut(*edges, labels),
        Qubo(rows, cols, values, labels, 0.5),
        Spins(rows, cols, values, labels, -1, 0.5),
        Spins(rows, cols, values, labels, +1, -1.5),
    ]


def all_states(n):
    return 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.int8) - 1


@pytest.mark.parametrize("seed", SEEDS)
def test_objective_from_the_entries_is_the_energy_of_the_model(seed):
    for problem in problems(seed):
        states = all_states(7)
        objectives = np.array([problem.objective(problem.decode(s)) for s in states])
        energies = problem.model.energy(states)
        np.testing.assert_allclose(energies, problem.energy_of(objectives), atol=1e-9)
        best = objectives.max() if problem.maximise else objectives.min()
        assert objectives[energies.argmin()] == pytest.approx(best)


@pytest.mark.parametrize("seed", SEEDS)
def test_decode_and_back(seed):
    for problem in problems(seed):
        for spins in all_states(7)[::5]:
            answer = problem.decode(spins)
            assert answer.dtype == np.int64 and set(answer.tolist()) <= set(problem.values)
            assert problem.check(answer) and not problem.check(answer[:-1])
            np.testing.assert_array_equal(problem.encode(answer), spins)
            np.testing.assert_array_equal(problem.encode(answer.tolist()), spins)


@pytest.mark.parametrize("seed", SEEDS)
def test_energies_are_dimods(seed):
    rng = np.random.default_rng(seed)
    for vartype, make in (("SPIN", lambda *a: Spins(*a[:4], 1, a[4])), ("BINARY", Qubo)):
        bqm = dimod.generators.gnp_random_bqm(6, 0.7, vartype, random_state=seed)
        bqm.add_linear_from({v: float(rng.normal()) for v in bqm.variables})
        bqm.offset = 1.25
        triples = [(v, v, bias) for v, bias in bqm.linear.items()]
        triples += [(u, v, bias) for (u, v), bias in bqm.quadratic.items()]
        rows, cols = (np.array([t[k] for t in triples]) for k in (0, 1))
        values = np.array([t[2] for t in triples])
        problem = make(rows, cols, values, range(6), 1.25)
        answers = [problem.decode(s) for s in all_states(6)]
        ours = [problem.objective(answer) for answer in answers]
        np.testing.assert_allclose(ours, bqm.energies((np.array(answers), range(6))), atol=1e-9)


def test_the_energy_of_a_cut():
    square = MaxCut([0, 1, 2, 3], [1, 2, 3, 0], [1.0, 1.0, 1.0, 2.0], range(4))
    assert square.objective([0, 1, 0, 1]) == 5.0
    assert square.energy_of(5.0) == -5.0 == square.model.energy(np.array([-1, 1, -1, 1]))


def graph(**changes):
    fields = {"kind": "graph", "num_variables": 3, "rows": [0, 1, 1], "cols": [1, 2, 1],
              "values": [1.0, -2.0, 0.5], "format": "edge-list", "name": "file"}  # fmt: skip
    fields |= changes
    for key, dtype in (("rows", np.int64), ("cols", np.int64), ("values", np.float64)):
        fields[key] = np.array(fields[key], dtype=dtype)
    return Contents(**fields)


def test_a_graph_is_what_it_is_said_to_be():
    no_field = graph(rows=[0, 1], cols=[1, 2], values=[1.0, -2.0])
    assert problem_of(no_field, "maxcut").objective([0, 1, 1]) == 1.0
    assert problem_of(graph(), "qubo").objective([0, 1, 1]) == -1.5
    assert problem_of(graph(), "ising").objective([1, 1, 1]) == 0.5
    assert problem_of(graph(), "ising", ising_sign="plus").objective([1, 1, 1]) == -0.5


def test_other_files_say_it_themselves():
    for kind, offset_only in (("qubo", [0, 0, 0]), ("ising", None)):
        problem = problem_of(graph(kind=kind, offset=3.0))
        assert problem.name == kind == problem_of(graph(kind=kind), kind).name
        if offset_only:
            assert problem.objective(offset_only) == 3.0
    minus = problem_of(graph(kind="ising"), ising_sign="minus")
    assert minus.objective([1, 1, 1]) == -0.5  # an Ising file has dimod's sign, whatever is said


@pytest.mark.parametrize(
    ("contents", "problem", "message"),
    [
        (graph(), None, r"file is a weighted graph \(edge-list\); say what it is meant to be"),
        (graph(), "maxcut", "file has a field on vertex 1, which a max-cut problem cannot have"),
        (graph(format="rudy"), "qubo", "give format='biqmac'"),
        (
            graph(kind="qubo", format="qbsolv"),
            "ising",
            "of kind qubo, not ising; leave problem=None",
        ),
        (
            graph(kind="ising", format="qh"),
            "maxcut",
            "of kind ising, not maxcut; leave problem=None",
        ),
    ],
)
def test_meanings_that_do_not_fit_are_refused(contents, problem, message):
    with pytest.raises(ValueError, match=message):
        problem_of(contents, problem)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([0, 1], "must have 3 values, one a variable, got 2"),
        ([[0, 1, 1]], "must have 3 values, one a variable"),
        ([0, 1, 2], "answers must be 0 or 1, got 2"),
        ([0, 1, -1], "answers must be 0 or 1, got -1"),
        ([0, 1, 10**400], "answers must be 0 or 1, got 1000"),
        ([0, 1, float("nan")], "answers must be 0 or 1, got nan"),
    ],
)
def test_answers_that_are_none_are_refused(answer, message):
    problem = problem_of(graph(rows=[0], cols=[1], values=[1.0]), "maxcut")
    with pytest.raises(ValueError, match=message):
        problem.encode(answer)


def test_the_command_line_names_what_there_is():
    from pbit.cli.registered import FORMAT, PROBLEM
    from pbit.formats import FORMATS
    from pbit.problems.core.registry import KNOWN

    assert FORMAT.choices == tuple(FORMATS)
    assert PROBLEM.choices == tuple(KNOWN.all())
