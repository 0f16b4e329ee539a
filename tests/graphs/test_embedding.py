"""Embeddings: exact energies and ground states, every refusal, and a multiplier that factors."""

import sys

import networkx as nx
import numpy as np
import pytest

import pbit
from cases import some
from ground_states import keeps_ground_states
from pbit import IsingModel
from pbit.exact import states
from pbit.graphs import Compilation, embed, sparsify, target_graph
from pbit.problems.logic.circuits.inverse import LogicProblem
from pbit.problems.logic.circuits.multiplier import multiplier_circuit
from random_models import random_model


@pytest.fixture(scope="module")
def minorminer():
    return pytest.importorskip("minorminer")


def whole_model(n, seed):
    model = random_model(n, seed=seed, integers=True, density=0.9)
    return IsingModel(model.h, model.J, 2.0)


# --- graphs


def test_kings_graph():
    graph = target_graph("king", 5)
    assert graph.number_of_nodes() == 25 and graph.number_of_edges() == 2 * 20 + 2 * 16
    for a, b in graph.edges():
        assert max(abs(a // 5 - b // 5), abs(a % 5 - b % 5)) == 1
    assert target_graph("king", 1).number_of_nodes() == 1


@pytest.mark.parametrize(
    ("family", "size", "nodes", "degree"),
    [("chimera", 4, 128, 6), ("pegasus", 3, 128, 15), ("zephyr", 2, 160, 20)],
)
def test_dwave_graphs(minorminer, family, size, nodes, degree):
    graph = target_graph(family, size)
    assert graph.number_of_nodes() == nodes
    assert max(dict(graph.degree).values()) <= degree


def test_targets_that_are_none(monkeypatch):
    with pytest.raises(ValueError, match="family must be one of king, chimera"):
        target_graph("hexagon", 3)
    with pytest.raises(ValueError, match="size must be >= 2, got 1"):
        target_graph("pegasus", 1)
    with pytest.raises(TypeError, match="size must be an integer"):
        target_graph("king", 2.5)
    with pytest.raises(ValueError, match="at most 1000000 qubits, got 5000"):
        target_graph("king", 5000)
    monkeypatch.setitem(sys.modules, "dwave", None)
    with pytest.raises(ImportError, match="pip install 'pbit-emulator\\[embed\\]'"):
        target_graph("zephyr", 2)


# --- networks


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("whole", [True, False])
def test_ground_states_on_kings_graph(minorminer, seed, whole):
    n = 4 + seed % 3
    model = whole_model(n, seed) if whole else random_model(n, seed=seed, density=0.9)
    compiled = embed(model, target_graph("king", 6), seed=seed)
    assert compiled.report["exact"] and compiled.model.num_spins <= 20
    assert keeps_ground_states(compiled)
    every = states(n)
    encoded = compiled.encode(every)
    assert np.array_equal(compiled.decode(encoded), every)
    np.testing.assert_allclose(compiled.model.energy(encoded), model.energy(every), atol=1e-10)
    if whole:
        assert (compiled.model.J.data == np.rint(compiled.model.J.data)).all()


def test_only_couplers_of_the_target_are_used(minorminer):
    model = random_model(30, seed=1, density=0.3)
    target = target_graph("chimera", 8)
    compiled = embed(model, target, seed=3)
    rows, cols, _ = compiled.model.edges()
    labels = compiled.model.labels
    assert all(target.has_edge(labels[i], labels[j]) for i, j in zip(rows, cols, strict=True))
    assert compiled.report["pbits"] == compiled.model.num_spins
    assert compiled.report["longest_chain"] > 1 and compiled.report["target_nodes"] == 512
    for label, chain in compiled.report["embedding"].items():
        assert nx.is_connected(target.subgraph(chain)), label
    again = embed(model, target, seed=3)
    assert again.report == compiled.report
    assert (again.model.J != compiled.model.J).nnz == 0


def path_of_three():
    """A spin as a tree of four p-bits, three neighbours hung on its ends."""
    model = IsingModel.from_edges([0, 0, 0], [1, 2, 3], [2.0, 2.0, -2.0], h=[0, 9.0, 9.0, 9.0])
    tree = nx.Graph([(0, 1), (0, 2), (0, 3), (1, 4), (2, 5), (3, 6)])
    return model, tree, {0: [0, 1, 2, 3], 1: [4], 2: [5], 3: [6]}


def test_trees_and_what_is_too_weak():
    model, tree, embedding = path_of_three()
    compiled = embed(model, tree, embedding=embedding)
    assert keeps_ground_states(compiled)
    assert compiled.report["longest_chain"] == 4 and compiled.report["links"] == 3
    weak = embed(model, tree, embedding=embedding, chain_strength=1.5)
    assert weak.report["links_below_bound"] == 3
    assert not keeps_ground_states(weak)
    assert keeps_ground_states(embed(model, tree, embedding=embedding, chain_strength=2.001))


def test_labels_and_couplers_side_by_side():
    model = IsingModel.from_edges([0], [1], [3.0], h=[1.0, 0.0], labels=["a", "b"])
    square = nx.cycle_graph(["p", "q", "r", "s"])
    compiled = embed(model, square, embedding={"a": ["p", "q"], "b": ["s", "r"]})
    assert compiled.model.labels == ["p", "q", "s", "r"]
    _, _, weights = compiled.model.edges()
    assert sorted(weights)[:2] == [1.0, 2.0]  # 3 on two couplers
    assert keeps_ground_states(compiled)


def test_spins_without_couplings(minorminer):
    model = IsingModel.from_edges([0], [1], [1.0], num_spins=5, h=[0, 0, 1.0, 0, -1.0])
    assert keeps_ground_states(embed(model, nx.path_graph(6), seed=1))
    assert embed(IsingModel([], []), nx.path_graph(2)).model.num_spins == 0


# --- refusals


def refused(match, embedding=None, kind=ValueError, **options):
    model, tree, good = path_of_three()
    with pytest.raises(kind, match=match):
        embed(model, tree, embedding=good | embedding if embedding else None, **options)


def test_embeddings_that_are_none():
    refused("a chain for every spin, got none for 3", {3: []})
    refused("made of target nodes, got 77 for spin 1", {1: [77]})
    refused("must not overlap, got 4 for 1 and 2", {2: [4]})
    refused("must be connected, got one in pieces for spin 0", {0: [1, 2, 3]})
    refused("a coupler between them, got none for 0 and 3", {0: [0, 1, 2]})
    refused("time_limit_s must be > 0", time_limit_s=0.0)
    refused("tries must be >= 1, got 0", tries=0)
    refused("seed must be >= 0", seed=-1)
    refused("seed must be an integer", seed=0.5, kind=TypeError)
    refused("chain_strength must be > 0", {1: [4]}, chain_strength=-1.0)


def test_target_too_small():
    model = random_model(6, seed=0, density=1.0)
    with pytest.raises(ValueError, match="at least 6 p-bits, got 5"):
        embed(model, nx.complete_graph(5))
    with pytest.raises(ValueError, match="at least 15 couplers, got 9"):
        embed(model, nx.path_graph(10))


def test_no_embedding_found(minorminer):
    model = random_model(9, seed=0, density=1.0)
    message = "no embedding of 9 spins with 36 couplings .* within 0.5 s and 2 tries, seed 4; take"
    with pytest.raises(ValueError, match=message):
        embed(model, nx.grid_2d_graph(6, 6), seed=4, time_limit_s=0.5, tries=2)


def test_without_minorminer(monkeypatch):
    monkeypatch.setitem(sys.modules, "minorminer", None)
    with pytest.raises(ImportError, match="pip install 'pbit-emulator\\[embed\\]'"):
        embed(random_model(3, seed=0), nx.complete_graph(5))


# --- the whole way


@pytest.mark.parametrize(
    ("n", "width", "propagate", "num_sweeps"),
    some(
        [(143, 4, False, 10_000), (143, 4, True, 1000), (3599, 6, True, 10_000)],
        (143, 4, True, 1000),
    ),
)
def test_a_multiplier_on_pegasus_factors(minorminer, n, width, propagate, num_sweeps):
    """Degree 5 first, chains on Pegasus then; the least energy certifies that all gates hold."""
    circuit = multiplier_circuit(width, width)
    problem = LogicProblem(circuit, {"product": n}, propagate=propagate)
    sparse = sparsify(problem.model, 5)
    assert np.diff(sparse.model.J.indptr).max() <= 5
    chip = embed(sparse.model, target_graph("pegasus", 6), seed=1)
    both = Compilation(problem.model, (sparse, chip))
    assert both.model.num_spins >= sparse.model.num_spins > problem.model.num_spins
    schedule = pbit.default_schedule(both.model, num_sweeps=num_sweeps)
    reads = pbit.anneal(both.model, schedule, num_reads=500, seed=2, best_seen=True)
    decoded = both.decode(reads.spins)
    says = problem.decode(decoded)
    right = says["x"] * says["y"] == n
    assert {(x, n // x) for x in says["x"][right]} == {
        (x, n // x) for x in range(2, 2**width) if n % x == 0 and n // x < 2**width
    }
    best = reads.best
    assert reads.energies[best] == pytest.approx(problem.ground_energy)
    assert problem.check(problem.decode(decoded[best]))
