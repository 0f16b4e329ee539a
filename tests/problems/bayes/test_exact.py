"""Exact answers against sums over all states, and against what is in print."""

import numpy as np
import pytest

from pbit.problems.bayes import (
    BayesianNetwork,
    asia,
    earthquake,
    exact_log_probability,
    exact_probability,
    exact_table,
    family,
    relatedness,
)
from random_networks import random_evidence, random_network, summed_table


@pytest.mark.parametrize("seed", range(12))
def test_answers_are_sums_over_all_states(seed):
    network = random_network(8, seed=seed)
    evidence = random_evidence(network, seed % 4, seed=seed)
    free = [node for node in network.nodes if node not in evidence]
    nodes = np.random.default_rng(seed).permutation(free)[: 1 + seed % 3].tolist()
    slow = summed_table(network, nodes, evidence)
    assert np.allclose(exact_table(network, nodes, evidence), slow / slow.sum(), rtol=1e-12)
    assert exact_log_probability(network, evidence) == pytest.approx(np.log(slow.sum()), abs=1e-12)


def test_the_chest_clinic_as_in_print():
    """Lauritzen, Spiegelhalter (1988); the second row is that of the BUGS examples, volume 2."""
    prior = {"tub": 0.0104, "lung": 0.055, "bronc": 0.45, "either": 0.0648, "xray": 0.1103}
    for node, value in {**prior, "dysp": 0.4360}.items():
        assert exact_probability(asia(), {node: 1}) == pytest.approx(value, abs=5e-5)
    given = {"bronc": 0.81, "either": 0.18, "lung": 0.10, "smoke": 0.63, "tub": 0.088}
    for node, value in {**given, "xray": 0.22}.items():
        found = exact_probability(asia(), {node: 1}, {"asia": 1, "dysp": 1})
        assert found == pytest.approx(value, abs=5e-3)


def test_the_burglar_alarm():
    """P(alarm) by hand: 0.01 0.02 0.95 + 0.01 0.98 0.94 + 0.99 0.02 0.29 + 0.99 0.98 0.001."""
    assert exact_probability(earthquake(), {"alarm": 1}) == pytest.approx(0.0161142, abs=1e-9)


def test_a_table_of_nothing_is_one():
    assert exact_table(asia(), [], {"xray": 1}) == pytest.approx(1)
    assert exact_probability(asia(), {}) == pytest.approx(1)


def test_what_is_asked_may_not_bear_on_the_evidence():
    assert exact_probability(asia(), {"tub": 1}, {"smoke": 1}) == pytest.approx(0.0104)


def test_a_long_chain_against_its_matrix():
    step = np.array([[0.9, 0.1], [0.4, 0.6]])
    tables = {0: ((), [0.3, 0.7])} | {k: ((k - 1,), step) for k in range(1, 1000)}
    chain = BayesianNetwork.from_tables(tables)
    last = np.array([0.3, 0.7]) @ np.linalg.matrix_power(step, 999)
    assert np.allclose(exact_table(chain, [999]), last, rtol=1e-12)
    everything = dict.fromkeys(range(1000), -1)
    log_p = np.log(0.3) + 999 * np.log(0.9)  # e**-106: products of tables are scaled
    assert exact_log_probability(chain, everything) == pytest.approx(log_p, rel=1e-12)
    every_other = {k: -1 for k in range(0, 1000, 2)} | {999: -1}
    two = np.log((step @ step)[0, 0])
    expected = np.log(0.3) + 499 * two + np.log(0.9)
    assert exact_log_probability(chain, every_other) == pytest.approx(expected, rel=1e-12)


FAMILY = {
    "grandfather": (),
    "grandmother": (),
    "stranger": (),
    "uncle by marriage": (),
    "mother": ("grandfather", "grandmother"),
    "aunt": ("grandfather", "grandmother"),
    "child": ("mother", "stranger"),
    "second child": ("mother", "stranger"),
    "cousin": ("aunt", "uncle by marriage"),
    "half-sibling": ("mother",),
    "grandchild": ("child",),
}
RELATED = {
    ("mother", "child"): 1 / 2,
    ("mother", "aunt"): 1 / 2,
    ("child", "second child"): 1 / 2,
    ("grandmother", "child"): 1 / 4,
    ("aunt", "child"): 1 / 4,
    ("child", "half-sibling"): 1 / 4,
    ("child", "cousin"): 1 / 8,
    ("grandfather", "grandchild"): 1 / 8,
    ("grandchild", "cousin"): 1 / 16,
    ("stranger", "cousin"): 0,
    ("grandfather", "grandmother"): 0,
}


@pytest.mark.parametrize(("pair", "value"), RELATED.items())
def test_relatedness(pair, value):
    assert relatedness(family(FAMILY), *pair) == value


def test_double_cousins():
    two_pairs = {"a": (), "b": (), "c": (), "d": ()}
    two_pairs |= {"e": ("a", "b"), "f": ("a", "b"), "g": ("c", "d"), "h": ("c", "d")}
    two_pairs |= {"i": ("e", "g"), "j": ("f", "h")}
    assert relatedness(family(two_pairs), "i", "j") == 1 / 4


def test_three_parents():
    with pytest.raises(ValueError, match="parents must be two at most, got 3 of 'x'"):
        family({"a": (), "b": (), "c": (), "x": ("a", "b", "c")})


@pytest.mark.parametrize(
    ("nodes", "evidence", "message"),
    [
        (["nobody"], {}, "nodes must name nodes of the network, got 'nobody'"),
        (["lung", "lung"], {}, "nodes must be different"),
        (["lung"], {"lung": 1}, "nodes must not be given by the evidence, got 'lung'"),
        (["xray"], {"tub": 1, "either": -1}, "evidence must be possible, got evidence of prob"),
    ],
)
def test_bad_questions(nodes, evidence, message):
    with pytest.raises(ValueError, match=message):
        exact_table(asia(), nodes, evidence)


def test_impossible_evidence():
    with pytest.raises(ValueError, match="evidence must be possible"):
        exact_log_probability(asia(), {"tub": 1, "either": -1})


def test_too_many_nodes():
    coins = BayesianNetwork.from_tables({k: ((), [0.5, 0.5]) for k in range(21)})
    with pytest.raises(ValueError, match="nodes must be at most 20, got 21; ask for fewer"):
        exact_table(coins, range(21))


def test_tables_that_are_too_wide():
    tables = {k: ((), [0.5, 0.5]) for k in range(6)}
    tables["x"] = (tuple(range(6)), np.full((2,) * 7, 0.5))
    network = BayesianNetwork.from_tables(tables)
    assert exact_probability(network, {"x": 1}) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="max_width must suffice for the tables, got 3 where"):
        exact_probability(network, {"x": 1}, max_width=3)
    with pytest.raises(TypeError, match="max_width must be an integer"):
        exact_probability(network, {"x": 1}, max_width=3.0)
