"""Directed p-bits, weights of evidence and undirected p-bits follow the exact laws."""

import numpy as np
import pytest
from scipy import stats

from pbit.exact import exact_boltzmann, exact_law, states
from pbit.graphs import reduce_order
from pbit.models.directed import DirectedModel
from pbit.problems.bayes import (
    BayesianNetwork,
    Draws,
    asia,
    directed_model,
    earthquake,
    exact_log_probability,
    exact_probability,
    exact_table,
    family,
    forward_sample,
    gibbs_sample,
    relatedness,
    undirected_network,
)
from pbit.problems.bayes.directed import All
from pbit.statistics import chi_square_p_value
from random_networks import random_evidence, random_network, summed_table

# 25 tests at this level: 1e-6 for the file. Power: a table off by 0.007 and 0.03 on its two rows.
ALPHA = 4e-8
READS = 131_072
XOR = [[[0.9, 0.1], [0.2, 0.8]], [[0.2, 0.8], [0.9, 0.1]]]


def numbers(spins):
    """States as numbers of the cells of an exact table of all nodes."""
    bits = (np.asarray(spins) > 0).astype(np.int64)
    return bits @ (1 << np.arange(bits.shape[1])[::-1])


def whole_law(network, evidence=None):
    table = summed_table(network, network.nodes, evidence)
    return (table / table.sum()).reshape(-1)


def p_value(draws, law):
    return chi_square_p_value(numbers(draws.spins), law)


def with_tables(network, **changes):
    tables = {node: (network.parents[node], network.tables[node]) for node in network.nodes}
    return BayesianNetwork.from_tables(tables | changes)


def turned():
    """The chest clinic in which lung cancer makes people smoke, by the tables that there are."""
    network = asia()
    root, arrow = network.tables["smoke"], network.tables["lung"]
    return with_tables(network, lung=((), root), smoke=(("lung",), arrow))


# Directed: algebra


def swept_law(network, model):
    """P of each state of all nodes after one sequential sweep, from the fields of the model."""
    position = {label: k for k, label in enumerate(model.labels)}
    law = []
    for spins in states(network.num_nodes):
        state = dict(zip(network.nodes, spins, strict=True))
        full = np.array(
            [
                min(state[n] for n in label.nodes) if isinstance(label, All) else state[label]
                for label in model.labels
            ]
        )
        fields = model.field(full)
        own = [position[node] for node in network.nodes]
        law.append(np.prod(1 / (1 + np.exp(-2 * full[own] * fields[own]))))
        auxiliary = np.setdiff1d(np.arange(model.num_spins), own)
        assert np.all(full[auxiliary] * fields[auxiliary] >= 20)
    return np.array(law)


@pytest.mark.parametrize("seed", range(8))
def test_fields_are_half_the_log_odds(seed):
    network = random_network(6, seed=seed, most_parents=4)
    exact = np.exp(network.log_probability(states(6)))
    assert np.allclose(swept_law(network, directed_model(network)), exact, rtol=1e-9)


def test_zeros_are_exact_to_the_gain():
    exact = np.exp(asia().log_probability(states(8)))
    assert np.allclose(swept_law(asia(), directed_model(asia())), exact, rtol=1e-9, atol=1e-17)


def test_parents_come_first():
    for seed in range(5):
        network = random_network(9, seed=seed, most_parents=4)
        model = directed_model(network)
        targets, sources = model.J.nonzero()
        assert np.all(sources < targets)


def test_auxiliary_p_bits_only_where_log_odds_do_not_add_up():
    odds = [[0.2, 0.5], [0.8, 0.9412]]  # of b: ln(1/4), 0 ... 4 and 4 times as likely
    yes = 1 / (1 + np.exp(-np.add.outer([-1.0, 0.5], [0.0, 0.7])))
    additive = {"a": ((), [0.5, 0.5]), "b": ((), [0.5, 0.5])}
    additive["c"] = (("a", "b"), np.stack([1 - yes, yes], axis=-1))
    assert directed_model(BayesianNetwork.from_tables(additive)).labels == ("a", "b", "c")
    additive["c"] = (("a", "b"), np.stack([1 - np.array(odds), odds], axis=-1))
    labels = directed_model(BayesianNetwork.from_tables(additive)).labels
    assert labels == ("a", "b", All(("a", "b")), "c")


def test_sets_of_parents_are_shared():
    tables = {"a": ((), [0.5, 0.5]), "b": ((), [0.5, 0.5])}
    tables |= {"c": (("a", "b"), XOR), "d": (("a", "b"), XOR)}
    assert directed_model(BayesianNetwork.from_tables(tables)).num_spins == 5


def test_the_genetic_network_needs_no_auxiliary():
    people = family({"f": (), "m": (), "a": ("f", "m")})
    model = directed_model(people)
    assert model.labels == ("f", "m", "a")
    assert model.J.toarray()[2].tolist() == [10, 10, 0]
    assert model.h.tolist() == [0, 0, 0]


@pytest.mark.parametrize("gain", [0.5, 101, np.nan])
def test_bad_gain(gain):
    with pytest.raises(ValueError, match="gain must be 1 to 100"):
        directed_model(asia(), gain=gain)


# Directed: draws


@pytest.mark.parametrize("seed", range(4))
def test_draws_follow_the_law(seed):
    network = random_network(5, seed=seed, most_parents=3)
    draws = forward_sample(network, num_reads=READS, seed=1)
    assert p_value(draws, whole_law(network)) > ALPHA


def test_the_chest_clinic_forwards():
    """Of 256 states 192 or so are impossible: one of them in 131,072 reads would fail."""
    draws = forward_sample(asia(), num_reads=READS, seed=1)
    assert p_value(draws, whole_law(asia())) > ALPHA
    assert draws.effective_size == pytest.approx(READS)


def test_control_a_turned_arrow_is_caught():
    draws = forward_sample(turned(), num_reads=READS, seed=1)
    states_of = [turned().nodes.index(node) for node in asia().nodes]
    draws = Draws(asia(), draws.spins[:, states_of])
    assert p_value(draws, whole_law(asia())) < ALPHA


def test_control_a_coupling_turned_is_caught(monkeypatch):
    """The child acts on the parent, in the network of p-bits."""
    from pbit.problems.bayes import sampling

    def one_turned(network, *, gain):
        model = directed_model(network, gain=gain)
        J = model.J.toarray()
        child, parent = model.labels.index("bronc"), model.labels.index("smoke")
        J[parent, child], J[child, parent] = J[child, parent], 0
        return DirectedModel(model.h, J, model.labels)

    monkeypatch.setattr(sampling, "directed_model", one_turned)
    assert p_value(forward_sample(asia(), num_reads=READS, seed=1), whole_law(asia())) < ALPHA


def power(network, other):
    """Of the chi-square test over all states, at ALPHA: that it tells one law from the other."""
    law, wrong = whole_law(network), whole_law(other)
    shift = READS * np.sum((wrong - law) ** 2 / law)
    limit = stats.chi2.isf(ALPHA, law.size - 1)
    return stats.ncx2.sf(limit, law.size - 1, shift)


def test_control_a_table_off_by_three_percent_is_caught():
    network = earthquake()
    changed = network.tables["john"] + np.array([[-0.007, 0.007], [0.03, -0.03]])
    other = with_tables(network, john=(("alarm",), changed))
    assert power(network, other) > 0.99
    assert p_value(forward_sample(other, num_reads=READS, seed=1), whole_law(network)) < ALPHA
    assert p_value(forward_sample(network, num_reads=READS, seed=1), whole_law(network)) > ALPHA


def test_control_without_auxiliary_p_bits(monkeypatch):
    """Couplings to single parents alone are not the table."""
    from pbit.problems.bayes import sampling

    def pairs_only(network, *, gain):
        model = directed_model(network, gain=gain)
        keep = [not isinstance(label, All) for label in model.labels]
        couplings = model.J.toarray() * keep
        return DirectedModel(model.h, couplings, model.labels)

    network = BayesianNetwork.from_tables(
        {"a": ((), [0.5, 0.5]), "b": ((), [0.5, 0.5]), "c": (("a", "b"), XOR)}
    )
    monkeypatch.setattr(sampling, "directed_model", pairs_only)
    assert p_value(forward_sample(network, num_reads=READS, seed=1), whole_law(network)) < ALPHA


def test_same_bits_for_any_threads():
    one, two = (forward_sample(asia(), num_reads=999, seed=3, num_threads=k) for k in (1, 2))
    assert np.array_equal(one.spins, two.spins)
    assert one.info["seed"] == 3


# Weights of evidence


EVIDENCE = {"xray": 1, "dysp": 1, "smoke": 1}


def z_scores(draws, evidence, network=None):
    network = network or asia()
    free = [node for node in network.nodes if node not in evidence]
    pulls = []
    for node in free:
        value, error = draws.probability({node: 1})
        pulls.append((value - exact_probability(network, {node: 1}, evidence)) / error)
    return np.array(pulls)


LARGEST_Z = stats.norm.isf(ALPHA / 2 / 8)


def test_weighted_draws_agree_with_elimination():
    draws = forward_sample(asia(), EVIDENCE, num_reads=READS, seed=1)
    assert np.abs(z_scores(draws, EVIDENCE)).max() < LARGEST_Z
    for node, state in EVIDENCE.items():
        assert np.all(draws.column(node) == state)


@pytest.mark.parametrize("seed", range(3))
def test_weighted_draws_of_random_networks(seed):
    network = random_network(7, seed=seed)
    evidence = random_evidence(network, 3, seed=seed)
    draws = forward_sample(network, evidence, num_reads=READS, seed=1)
    assert np.abs(z_scores(draws, evidence, network)).max() < LARGEST_Z


def test_control_weights_or_evidence_ignored_are_caught():
    draws = forward_sample(asia(), EVIDENCE, num_reads=READS, seed=1)
    unweighted = Draws(asia(), draws.spins)
    assert np.abs(z_scores(unweighted, EVIDENCE)).max() > LARGEST_Z
    ignored = forward_sample(asia(), num_reads=READS, seed=1)
    assert np.abs(z_scores(ignored, EVIDENCE)).max() > LARGEST_Z


def test_effective_size_against_its_exact_value():
    """E[w]^2 / E[w^2] over the draws of the network without the arrows to the evidence."""
    network, evidence = earthquake(), {"john": 1, "mary": 1}
    draws = forward_sample(network, evidence, num_reads=READS, seed=1)
    alarm = exact_table(network, ["alarm"])
    weights = np.array([0.05 * 0.01, 0.9 * 0.7])
    expected = (alarm @ weights) ** 2 / (alarm @ weights**2)
    # 1.6 % of draws carry nearly all weight: their number is known to 2 %.
    assert draws.effective_size / READS == pytest.approx(expected, rel=0.12)
    assert draws.weights.sum() == pytest.approx(1)


def test_evidence_at_the_roots_costs_nothing():
    draws = forward_sample(asia(), {"smoke": 1, "asia": 1}, num_reads=1000, seed=1)
    assert draws.effective_size == pytest.approx(1000)


def test_no_draw_meets_the_evidence():
    draws = forward_sample(asia(), {"tub": 1, "either": -1}, num_reads=100, seed=1)
    with pytest.raises(ValueError, match="evidence must be met by a draw, got weight 0 for all"):
        draws.probability({"lung": 1})


def test_bad_arguments():
    with pytest.raises(ValueError, match="num_reads must be >= 1"):
        forward_sample(asia(), num_reads=0)
    with pytest.raises(ValueError, match="num_reads must be >= 1"):
        gibbs_sample(asia(), num_reads=0)
    with pytest.raises(ValueError, match="num_sweeps must be >= 1"):
        gibbs_sample(asia(), num_reads=1, num_sweeps=0)
    with pytest.raises(ValueError, match="evidence must name nodes of the network"):
        forward_sample(asia(), {"nobody": 1}, num_reads=1)
    draws = forward_sample(asia(), num_reads=10, seed=1)
    with pytest.raises(ValueError, match="node must name nodes of the network"):
        draws.column("nobody")
    with pytest.raises(ValueError, match="event must name nodes of the network"):
        draws.probability({"nobody": 1})


# The family


FAMILY = {
    "grandfather": (),
    "grandmother": (),
    "father": (),
    "uncle": (),
    "mother": ("grandfather", "grandmother"),
    "aunt": ("grandfather", "grandmother"),
    "child": ("mother", "father"),
    "sibling": ("mother", "father"),
    "cousin": ("aunt", "uncle"),
}


def family_pulls(draws, network):
    pairs = [("child", "sibling"), ("mother", "child"), ("aunt", "child"), ("child", "cousin")]
    pairs += [("grandmother", "child"), ("father", "cousin")]
    measured = [draws.correlation(*pair) for pair in pairs]
    exact = [relatedness(network, *pair) for pair in pairs]
    return np.array([(m.value - e) / m.error for m, e in zip(measured, exact, strict=True)])


def test_relatedness_of_p_bits():
    people = family(FAMILY)
    draws = forward_sample(people, num_reads=READS, seed=1)
    assert np.abs(family_pulls(draws, people)).max() < LARGEST_Z


def test_control_a_cousin_adopted_is_caught():
    strangers = family(FAMILY | {"cousin": ("father", "uncle")})
    draws = forward_sample(strangers, num_reads=READS, seed=1)
    assert np.abs(family_pulls(draws, family(FAMILY))).max() > LARGEST_Z


# Undirected


@pytest.mark.parametrize("seed", range(8))
def test_undirected_law_is_the_conditional_law(seed):
    network = random_network(7, seed=seed, most_parents=4)
    evidence = random_evidence(network, seed % 4, seed=seed)
    found = undirected_network(network, evidence)
    all_states = found.expand(states(found.model.num_spins))
    joint = np.exp(network.log_probability(all_states))
    assert np.allclose(np.exp(-found.model.energy(states(found.model.num_spins))), joint)
    law = exact_boltzmann(found.model, 1.0)
    assert np.allclose(law, joint / joint.sum(), rtol=1e-9)
    assert np.log(joint.sum()) == pytest.approx(exact_log_probability(network, evidence), abs=1e-9)


def test_nodes_that_others_decide_are_summed_out():
    found = undirected_network(asia(), {"xray": 1})
    assert found.implied == ("either",)
    assert "either" not in found.model.labels
    full = found.expand(states(found.model.num_spins))
    columns = dict(zip(asia().nodes, full.T, strict=True))
    either = np.maximum(columns["tub"], columns["lung"])
    assert np.array_equal(columns["either"], either)
    joint = np.exp(asia().log_probability(full))
    assert np.allclose(exact_boltzmann(found.model, 1.0), joint / joint.sum())


def test_a_chain_of_decided_nodes():
    tables = {"a": ((), [0.3, 0.7]), "b": (("a",), [[0, 1], [1, 0]])}
    tables |= {"c": (("b",), [[1, 0], [0, 1]]), "d": (("c",), [[0.9, 0.1], [0.4, 0.6]])}
    network = BayesianNetwork.from_tables(tables)
    found = undirected_network(network)
    assert found.implied == ("b", "c")
    full = found.expand(states(2))
    joint = np.exp(network.log_probability(full))
    assert np.allclose(exact_boltzmann(found.model, 1.0), joint)


def test_one_parent_each_is_an_ising_model():
    tables = {0: ((), [0.3, 0.7])} | {k: ((k - 1,), [[0.9, 0.1], [0.4, 0.6]]) for k in range(1, 5)}
    model = undirected_network(BayesianNetwork.from_tables(tables)).model
    assert model.degree == 2
    assert model.to_ising_model().num_couplings == 4


def test_reduced_to_pairs_the_energies_of_answers_stay():
    """Chips with couplings of two p-bits alone: pbit.graphs.reduce_order takes the model."""
    model = undirected_network(earthquake()).model
    assert model.degree == 3
    assert reduce_order(model).model.num_spins > model.num_spins


@pytest.mark.parametrize("sweeps", [1, 3, 20])
def test_reads_follow_the_sweep_law(sweeps):
    evidence = {"john": 1}
    model = undirected_network(earthquake(), evidence).model
    law = exact_law(model, np.ones(sweeps), rule="heat-bath", order="sequential")
    draws = gibbs_sample(earthquake(), evidence, num_reads=READS, num_sweeps=sweeps, seed=1)
    free = [earthquake().nodes.index(node) for node in model.labels]
    outcomes = (draws.spins[:, free] > 0) @ (1 << np.arange(len(free)))
    assert chi_square_p_value(outcomes, law) > ALPHA


def mixed(network, evidence, sweeps):
    """How far the law after these sweeps is from the exact one: total variation."""
    model = undirected_network(network, evidence).model
    law = exact_law(model, np.ones(sweeps), rule="heat-bath", order="sequential")
    return np.abs(law - exact_boltzmann(model, 1.0)).sum() / 2


def test_long_runs_follow_the_exact_law():
    evidence = {"xray": 1, "dysp": 1}
    assert mixed(asia(), evidence, 40) < 1e-4  # 131,072 reads see 1e-2
    draws = gibbs_sample(asia(), evidence, num_reads=READS, num_sweeps=40, seed=1)
    assert p_value(draws, whole_law(asia(), evidence)) > ALPHA


def test_control_a_turned_arrow_or_evidence_ignored_is_caught():
    evidence = {"xray": 1, "dysp": 1}
    law = whole_law(asia(), evidence)
    draws = gibbs_sample(turned(), evidence, num_reads=READS, num_sweeps=40, seed=1)
    states_of = [turned().nodes.index(node) for node in asia().nodes]
    assert p_value(Draws(asia(), draws.spins[:, states_of]), law) < ALPHA
    draws = gibbs_sample(asia(), {"xray": 1}, num_reads=READS, num_sweeps=40, seed=1)
    assert p_value(draws, law) < ALPHA


def test_everything_known():
    evidence = dict.fromkeys(earthquake().nodes, -1)
    draws = gibbs_sample(earthquake(), evidence, num_reads=3)
    assert draws.spins.tolist() == [[-1] * 5] * 3


# Zeros


def test_zeros_that_are_left_are_refused():
    with pytest.raises(ValueError, match=r"floor must be given for tables with a probability of 0"):
        undirected_network(asia(), {"either": 1})


@pytest.mark.parametrize("floor", [1e-2, 1e-4])
def test_what_a_floor_costs(floor):
    """Impossible states get at most floor / P(evidence), and the law is off by that."""
    evidence = {"either": 1}
    found = undirected_network(asia(), evidence, floor=floor)
    law = exact_boltzmann(found.model, 1.0)
    joint = np.exp(asia().log_probability(found.expand(states(found.model.num_spins))))
    distance = np.abs(law - joint / joint.sum()).sum() / 2
    assert 0 < distance < floor / np.exp(exact_log_probability(asia(), evidence))
    assert law[joint == 0].sum() == pytest.approx(distance)


def test_a_floor_in_use():
    draws = gibbs_sample(asia(), {"either": 1}, num_reads=1000, num_sweeps=50, floor=1e-2, seed=1)
    assert draws.probability({"tub": -1, "lung": -1}).value > 0


@pytest.mark.parametrize("lung", [-1, 1])
def test_impossible_evidence(lung):
    with pytest.raises(ValueError, match="evidence must be possible"):
        undirected_network(asia(), {"tub": 1, "lung": lung, "either": -1})


@pytest.mark.parametrize("floor", [0.0, 0.2, np.nan])
def test_bad_floor(floor):
    with pytest.raises(ValueError, match=r"floor must be above 0 and at most 0.1"):
        undirected_network(asia(), floor=floor)
