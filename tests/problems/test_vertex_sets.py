"""Independent sets, cliques, vertex covers: brute force on small graphs, published ones in data."""

import networkx as nx
import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.models.ising import IsingModel
from pbit.problems.core.evaluation import evaluate
from pbit.problems.vertex_sets import Clique, IndependentSet, VertexCover
from pbit.run.reads import Reads

GRAPHS = {
    "empty": nx.empty_graph(4),
    "edge": nx.path_graph(2),
    "path": nx.path_graph(6),
    "cycle": nx.cycle_graph(7),
    "star": nx.star_graph(6),
    "complete": nx.complete_graph(5),
    "petersen": nx.petersen_graph(),
    "random sparse": nx.gnp_random_graph(9, 0.3, seed=1),
    "random dense": nx.gnp_random_graph(9, 0.7, seed=2),
    "two parts": nx.disjoint_union(nx.complete_graph(4), nx.path_graph(4)),
}


def of(kind, graph):
    ends = np.array(list(graph.edges), dtype=np.int64).reshape(-1, 2).T
    return kind(ends[0], ends[1], range(graph.number_of_nodes()))


def inside(answer, pairs):
    return any(answer[i] and answer[j] for i, j in pairs)


RULES = {
    IndependentSet: lambda g: lambda a: not inside(a, g.edges),
    Clique: lambda g: lambda a: not inside(a, nx.complement(g).edges),
    VertexCover: lambda g: lambda a: not inside([1 - v for v in a], g.edges),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("kind", RULES)
def test_ground_states_are_the_best_sets(kind, name):
    graph = GRAPHS[name]
    answers = all_answers((0, 1), graph.number_of_nodes())
    check_problem(of(kind, graph), answers, RULES[kind](graph), lambda a: float(sum(a)))


@pytest.mark.parametrize("kind", RULES)
def test_negative_control_with_a_penalty_of_1_sets_are_not_the_only_ground_states(kind):
    class Weak(kind):
        @property
        def model(self):
            low, high = self.edges
            n = len(self.labels)
            degrees = np.bincount(self.edges.ravel(), minlength=n)
            h = self.sign * (1.0 - degrees / 2)
            weights = np.full(low.size, -0.5)
            return IsingModel.from_edges(low, high, weights, h=h, offset=low.size / 2 - n)

    graph = nx.path_graph(4)
    for good in (True, False):
        problem = of(kind if good else Weak, graph)
        arguments = (all_answers((0, 1), 4), RULES[kind](graph), lambda a: float(sum(a)))
        if good:
            check_problem(problem, *arguments)
        else:
            with pytest.raises(AssertionError):
                check_problem(problem, *arguments)


@pytest.mark.parametrize("seed", range(5))
def test_sizes_agree_with_networkx(seed):
    graph = nx.gnp_random_graph(30, 0.5, seed=seed)
    largest = len(max(nx.find_cliques(graph), key=len))
    clique = of(Clique, graph)
    states = np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (50, 30))
    found = [clique.objective(clique.decode(state)) for state in states]
    assert all(clique.check(clique.decode(state)) for state in states)
    assert max(found) <= largest
    best = np.isin(range(30), max(nx.find_cliques(graph), key=len)).astype(int)
    assert clique.objective(best) == largest and clique.check(best)
    independent = of(IndependentSet, nx.complement(graph))
    cover = of(VertexCover, nx.complement(graph))
    assert independent.check(best) and cover.check(1 - best)
    assert np.array_equal(independent.model.J.toarray(), clique.model.J.toarray())


@pytest.mark.parametrize("kind", RULES)
def test_a_repaired_set_cannot_be_improved_by_one_vertex(kind):
    problem = of(kind, nx.gnp_random_graph(40, 0.4, seed=3))
    for state in np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (30, 40)):
        answer = problem.decode(state)
        for k in range(40):
            other = answer.copy()
            other[k] = 1 - other[k]
            better = (other.sum() > answer.sum()) == problem.maximise
            assert not (better and problem.check(other))


def test_violations_are_named():
    path = IndependentSet([0, 1], [1, 2], ("a", "b", "c"))
    assert path.violations([1, 1, 0]) == ["1 edges inside the set: a-b"]
    assert Clique([0, 1], [1, 2], range(3)).violations([1, 0, 1]) == [
        "1 pairs that are not joined: 0-2"
    ]
    star = nx.star_graph(8)
    assert of(VertexCover, star).violations(np.zeros(9)) == [
        "8 edges not covered: 0-1, 0-2, 0-3, 0-4, 0-5 and 3 more"
    ]
    assert path.violations([1, 0]) == ["the answer must have 3 values, one a variable, got 2"]
    assert path.violations([1, 0, 2]) == ["answers must be 0 or 1, got 2"]
    assert path.written(np.array([1, 0, 1])) == ["set a c"] and path.written(None) == []


def test_an_edge_listed_twice_is_one_edge():
    once, twice = (IndependentSet(*ends, range(3)) for ends in (([0], [1]), ([0, 1, 0], [1, 0, 1])))
    assert np.array_equal(once.model.J.toarray(), twice.model.J.toarray())
    assert np.array_equal(once.model.h, twice.model.h)


@pytest.mark.parametrize("kind", RULES)
def test_loops_are_refused(kind):
    with pytest.raises(ValueError, match="no edge from a vertex to itself; remove it"):
        kind([0, 1], [1, 1], range(2))


def test_sizes_told_before_the_model_is_built():
    assert of(Clique, GRAPHS["petersen"]).size == (10, 45)
    assert of(IndependentSet, GRAPHS["petersen"]).size == (10, 0)


def test_the_best_read_is_the_best_answer_and_not_the_lowest_energy():
    star = of(IndependentSet, nx.star_graph(3))
    spins = np.array([[1, -1, -1, -1], [-1, 1, 1, -1], [1, 1, 1, 1]], dtype=np.int8)
    reads = Reads(spins, np.asarray(star.model.energy(spins)))
    found = evaluate(star, reads)
    assert (found.objective, found.energy, found.answer.tolist()) == (3.0, -6.0, [0, 1, 1, 1])
    assert (found.reads, found.feasible, found.repaired, found.found_by) == (3, 3, 2, 2)
