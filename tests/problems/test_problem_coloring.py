"""Colouring: brute force on small graphs, chromatic numbers of the published ones."""

import csv
import os
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.formats import read
from pbit.models.ising import IsingModel
from pbit.problems.coloring import Coloring
from pbit.problems.core.evaluation import evaluate
from pbit.problems.core.reading import problem_of
from pbit.run.reads import Reads

DATA = Path(os.environ.get("PBIT_DATA", "/nonexistent")) / "dimacs_coloring"


def of(graph, colors):
    ends = np.array(list(graph.edges), dtype=np.int64).reshape(-1, 2).T
    return Coloring(ends[0], ends[1], range(graph.number_of_nodes()), colors)


@pytest.mark.parametrize(
    ("graph", "colors", "possible"),
    [
        (nx.empty_graph(3), 1, True),
        (nx.path_graph(2), 1, False),
        (nx.path_graph(4), 2, True),
        (nx.cycle_graph(5), 2, False),
        (nx.cycle_graph(5), 3, True),
        (nx.complete_graph(4), 3, False),
        (nx.complete_graph(4), 4, True),
        (nx.gnp_random_graph(5, 0.6, seed=1), 3, True),
    ],
)
def test_ground_states_are_the_colourings(graph, colors, possible):
    n = graph.number_of_nodes()
    proper = lambda a: all(a[i] != a[j] for i, j in graph.edges)  # noqa: E731
    best = check_problem(of(graph, colors), all_answers(range(colors), n), proper, lambda a: 0.0)
    assert best == (0.0 if possible else None)


@pytest.mark.parametrize("colors", [2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_lost_by_taking_out_what_is_decided(seed, colors):
    """Up to names of colours; the chromatic number by trying all colourings."""
    graph = nx.gnp_random_graph(6, 0.3 + 0.08 * seed, seed=seed)
    problem = of(graph, colors)
    if problem.model.num_spins > 13:
        pytest.skip("too many states to try")
    proper = lambda a: all(a[i] != a[j] for i, j in graph.edges)  # noqa: E731
    answers = all_answers(range(colors), 6)
    best = check_problem(problem, answers, proper, lambda a: 0.0)
    assert (best is None) == (not any(proper(a) for a in answers))


@pytest.mark.parametrize("seed", range(10))
def test_choices_are_what_they_say(seed):
    graph = nx.gnp_random_graph(40, 0.15, seed=seed)
    problem = of(graph, 4)
    peeled, clique, free, allowed = problem.choices
    assert sorted([*peeled, *clique, *free]) == list(range(40)) and len(free) >= 1
    assert all(graph.has_edge(i, j) for i in clique for j in clique if i != j)
    left = graph.copy()
    for vertex in peeled:
        assert left.degree(vertex) < 4
        left.remove_node(vertex)
    for row, vertex in zip(allowed, free, strict=True):
        near = {color for color, other in enumerate(clique) if graph.has_edge(vertex, other)}
        assert set(np.flatnonzero(~row)) == near


@pytest.mark.parametrize("colors", [3, 4, 5])
def test_a_clique_of_more_than_the_colours_fixes_none(colors):
    problem = of(nx.complete_graph(5), colors)
    assert len(problem.choices.clique) <= 4 and problem.choices.free.size >= 1
    state = np.full(problem.model.num_spins, -1, dtype=np.int8)
    assert problem.check(problem.decode(state)) == (colors >= 5)


def test_negative_control_one_wrong_coupling_is_noticed():
    class Wrong(Coloring):
        @property
        def model(self):
            good = super().model
            rows, cols, weights = good.edges()
            weights[0] = -weights[0]
            return IsingModel.from_edges(rows, cols, weights, h=good.h, offset=good.offset)

    path = nx.path_graph(3)
    rule = (all_answers((0, 1), 3), lambda a: a[0] != a[1] != a[2], lambda a: 0.0)
    check_problem(of(path, 2), *rule)
    with pytest.raises(AssertionError):
        check_problem(Wrong(np.array([0, 1]), np.array([1, 2]), range(3), 2), *rule)


def test_weights_are_whole_numbers_and_size_is_told():
    problem = of(nx.petersen_graph(), 3)
    model = problem.model
    spins, couplings = problem.size
    assert model.num_spins == spins == 20 and model.num_couplings <= couplings
    assert set(np.unique(model.J.data)) == {-2.0, -1.0} and (model.h == model.h.round()).all()


def test_a_repair_never_makes_a_colouring_worse():
    problem = of(nx.gnp_random_graph(30, 0.3, seed=1), 5)
    rng = np.random.default_rng(1)
    worse = 0
    for _ in range(50):
        answer = rng.integers(0, 5, 30)
        repaired = problem.decode(problem.encode(answer))
        assert problem.objective(repaired) <= problem.objective(answer)
        worse += problem.objective(repaired) < problem.objective(answer)
    assert worse > 25


def test_without_a_colouring_there_is_no_answer():
    triangle = of(nx.complete_graph(3), 2)
    spins = np.array([[1, -1, -1, 1, 1, -1], [-1] * 6], dtype=np.int8)
    found = evaluate(triangle, Reads(spins, np.asarray(triangle.model.energy(spins))))
    assert found.answer is None and found.objective is None
    assert (found.reads, found.feasible, found.energy) == (2, 0, 4.0)
    assert found.violations == ["1 edges have ends of one colour: 0-2"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Coloring([0], [1], range(2), 0), "colors must be 1 to the number of vertices, 2"),
        (lambda: Coloring([0], [1], range(2), 3), "got 3; more are never needed"),
        (lambda: Coloring([1], [1], range(2), 2), "no edge from a vertex to itself"),
        (lambda: Coloring([0], [1], range(2), 2).answer([0, 2]), "from 0 to 1, got 2"),
        (lambda: Coloring([0], [1], range(2), 2).encode([0, 0.5]), "from 0 to 1, got 0.5"),
        (lambda: Coloring([0], [1], range(2), 2).encode(["a", "b"]), "from 0 to 1, got a"),
        (lambda: Coloring([0], [1], range(2), 2).encode([[0], [1]]), "must have 2 values"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.skipif(not DATA.is_dir(), reason="PBIT_DATA is not set")
def test_every_published_graph_has_the_edges_its_table_says():
    rows = list(csv.DictReader((DATA / "chromatic_numbers.csv").open()))
    assert len(rows) == 65
    for row in rows:
        contents = read(DATA / f"{row['instance']}.col.gz")
        assert (contents.kind, contents.format) == ("graph", "dimacs-graph")
        assert contents.num_variables == int(row["n"])
        loops = 1 if row["instance"] == "homer" else 0  # the table counts vertex 95's
        assert contents.values.size == int(row["distinct_undirected_edges"]) - loops
        assert bool(contents.notes) == (row["edge_lines"] != row["distinct_undirected_edges"])
        problem = problem_of(contents, "coloring", colors=5)
        assert problem.edges.shape[1] == contents.values.size
