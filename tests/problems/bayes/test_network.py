"""What a Bayesian network takes, and what it refuses."""

import networkx as nx
import numpy as np
import pytest

from pbit.problems.bayes import BayesianNetwork, asia
from random_networks import probability_of, random_network

COIN = ((), [0.5, 0.5])
COPY = [[1.0, 0.0], [0.0, 1.0]]
XOR = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]


def graph_of(*arrows, **attributes):
    graph = nx.DiGraph(list(arrows))
    for node, given in attributes.items():
        graph.add_node(node, **given)
    return graph


def test_log_probability_is_the_product_of_the_tables():
    network = random_network(6, seed=1)
    rng = np.random.default_rng(2)
    spins = rng.choice([-1, 1], (3, 5, 6))
    slow = [
        [
            np.log(probability_of(network, dict(zip(network.nodes, row, strict=True))))
            for row in rows
        ]
        for rows in spins
    ]
    assert np.allclose(network.log_probability(spins), slow, rtol=1e-12)


def test_impossible_states_have_no_probability():
    network = BayesianNetwork.from_tables({"a": COIN, "b": (("a",), COPY)})
    assert network.log_probability([[1, 1], [1, -1]]).tolist() == [np.log(0.5), -np.inf]


def test_parents_come_first_and_axes_are_those_of_the_attribute():
    graph = nx.DiGraph([("b", "c"), ("a", "c")])
    for node in "ab":
        graph.add_node(node, table=[0.5, 0.5])
    graph.add_node("c", parents=("a", "b"), table=[[[1, 0], [1, 0]], [[0, 1], [0, 1]]])
    network = BayesianNetwork(graph)
    assert network.nodes[-1] == "c"
    assert network.parents["c"] == ("a", "b")
    assert network.tables["c"][1, 0].tolist() == [0, 1]  # c is a, not b
    assert network.is_deterministic("c") and not network.is_deterministic("a")


def test_a_parent_alone_need_not_be_named():
    graph = graph_of(("a", "b"), a={"table": [0.5, 0.5]}, b={"table": COPY})
    assert BayesianNetwork(graph).parents == {"a": (), "b": ("a",)}


def test_rows_that_are_off_by_rounding_are_normalised():
    third = [1 / 3, 0.1 + 0.2 + 0.3 + 1 / 15]
    table = BayesianNetwork.from_tables({"a": ((), third)}).tables["a"]
    assert table.sum() == 1


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"a": ((), [0.5, 0.4])}, r"table of 'a' must have rows of the sum 1, got \[0.5, 0.4\]"),
        ({"a": ((), [1.5, -0.5])}, "table of 'a' must hold probabilities from 0 to 1, got 1.5"),
        ({"a": ((), [np.nan, 0.5])}, "must hold probabilities from 0 to 1, got nan"),
        ({"a": ((), [0.5])}, r"must have shape \(2,\) for the parents \(\), got shape \(1,\)"),
        ({"a": COIN, "b": (("a",), [0.5, 0.5])}, r"must have shape \(2, 2\)"),
        ({"a": ((), [[0.5], [0.5, 0.5]])}, "must be an array of numbers"),
        ({"a": ((), "no")}, "must be an array of numbers"),
        ({"b": (("a",), COPY)}, "tables must have the parents of 'b', got none for 'a'; add it"),
        ({"a": (("b",), COPY), "b": (("a",), COPY)}, "must have no cycle, got '.' -> '.'; turn"),
        ({"a": COIN, "b": (("a", "a"), XOR)}, "must have an arrow from each of the parents of 'b'"),
        ({}, "graph must have a node, got none"),
    ],
)
def test_bad_tables(tables, message):
    with pytest.raises(ValueError, match=message):
        BayesianNetwork.from_tables(tables)


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (graph_of(("a", "b"), a={"table": [0.5, 0.5]}), "must have a table for 'b', got none; add"),
        (
            graph_of(("a", "c"), ("b", "c"), c={"table": XOR}),
            "must name the axes of the table of 'c', got 2 arrows and no attribute 'parents'",
        ),
        (
            graph_of(("a", "b"), b={"table": COPY, "parents": ("c",)}),
            r"got parents \('c',\) and arrows from \['a'\]; correct one of them",
        ),
        (
            graph_of(*[(k, "z") for k in range(21)]),
            "must have at most 20 arrows to a node, got 21 to 'z'; put nodes between",
        ),
    ],
)
def test_bad_graphs(graph, message):
    for node in graph:
        if node != "b" and "table" not in graph.nodes[node]:
            graph.nodes[node]["table"] = [0.5, 0.5]
    with pytest.raises(ValueError, match=message):
        BayesianNetwork(graph)


@pytest.mark.parametrize("graph", [nx.Graph(), nx.MultiDiGraph(), {"a": "b"}])
def test_only_directed_graphs(graph):
    with pytest.raises(TypeError, match=r"graph must be a networkx.DiGraph, got"):
        BayesianNetwork(graph)


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ({"nobody": 1}, "evidence must name nodes of the network, got 'nobody'; correct the name"),
        ({"lung": 0}, r"evidence must be -1 or \+1, got 0 for 'lung'; for a bit x pass"),
        ({"lung": 2}, r"must be -1 or \+1"),
    ],
)
def test_bad_states(states, message):
    with pytest.raises(ValueError, match=message):
        asia().checked(states, "evidence")


def test_truth_is_up():
    assert asia().checked({"lung": True}, "evidence") == {"lung": 1}


@pytest.mark.parametrize("spins", [1, [1, 1], [[0] * 8]])
def test_bad_spins(spins):
    with pytest.raises(ValueError, match=r"spins must be -1 and \+1 of shape \(..., 8\)"):
        asia().log_probability(spins)
