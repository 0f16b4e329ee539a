"""Tempering of digits with clusters: the reference, the law, what changes nothing, refusals.

Law tests at alpha = 1e-6 / 100 as in ``test_digit_law``; controls at a beta off by 10 %.
"""

import numpy as np
import pytest

import naive_clusters
import pbit
from digit_laws import all_values, boltzmann, numbers_of
from pbit.samplers.digits import temper
from pbit.statistics import chi_square_p_value
from random_dits import random_dits, random_potts

ALPHA = 1e-6 / 100
RUNS = 16384
LADDER = [0.2, 0.7, 1.5]


@pytest.fixture
def model():
    return random_potts([4] * 20, seed=1, integers=True)


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("replicas", [2, 5])
@pytest.mark.parametrize("kind", [random_dits, random_potts])
def test_states_are_those_of_the_reference(kind, replicas, rule):
    model = kind([3, 2, 5, 4, 3, 3], seed=1, integers=True)
    found = pbit.temper(
        model, [0.6], num_sweeps=9, num_replicas=replicas, cluster_moves=2, seed=2**40 + 7,
        rule=rule, keep_states=True, initial_values=[0, 1, 2, 3, 0, 1],
    )  # fmt: skip
    expected = naive_clusters.run(
        model, [[0, 1, 2, 3, 0, 1]] * replicas, 0.6, rule=rule, sweeps=9, every=2, seed=2**40 + 7
    )
    assert found.states[0, 0].tolist() == expected.tolist()


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
def test_clusters_keep_the_law_at_each_beta(rule):
    model = random_dits(seed=1)
    runs = pbit.temper(
        model, LADDER, num_reads=RUNS, num_sweeps=60, seed=13, rule=rule, cluster_moves=True,
        keep_states=True,
    )  # fmt: skip
    space = all_values(model.num_values)
    for t, beta in enumerate(LADDER):
        law = boltzmann(space, model.energy, beta)
        for r in range(2):
            assert chi_square_p_value(numbers_of(space, runs.states[:, t, r]), law) > ALPHA
    wrong = boltzmann(space, model.energy, 1.1 * LADDER[-1])
    assert chi_square_p_value(numbers_of(space, runs.states[:, -1, 0]), wrong) < ALPHA


def test_pairs_of_replicas_stay_independent():
    model = random_potts([3, 2, 3], seed=3, density=1.0)
    runs = pbit.temper(
        model, LADDER, num_reads=RUNS, num_sweeps=60, seed=14, cluster_moves=True, keep_states=True
    )
    space = all_values(model.num_values)
    for t, beta in enumerate(LADDER):
        one, other = (numbers_of(space, runs.states[:, t, r]) for r in range(2))
        joint = one * len(space) + other
        assert chi_square_p_value(joint, law_of_pairs(model, beta)) > ALPHA
    assert chi_square_p_value(joint, law_of_pairs(model, 1.1 * LADDER[-1])) < ALPHA


def law_of_pairs(model, beta):
    law = boltzmann(all_values(model.num_values), model.energy, beta)
    return np.outer(law, law).ravel()


def test_threads_and_lanes_change_nothing(model, monkeypatch):
    options = {"num_reads": 3, "num_sweeps": 400, "seed": 1, "keep_states": True}
    options |= {"cluster_moves": 3, "num_replicas": 4}
    one = pbit.temper(model, num_threads=1, **options)
    monkeypatch.setattr(temper, "LANES_FROM", 0)
    other = pbit.temper(model, num_threads=3, **options)
    assert np.array_equal(one.states, other.states)
    assert np.array_equal(one.energies, other.energies)
    assert one.info["energies"] == other.info["energies"]
    assert one.info["cluster_every"] == 3


def test_none_by_default(model):
    options = {"num_sweeps": 50, "seed": 1, "keep_states": True, "ladder": LADDER}
    auto, off, on = (
        pbit.temper(model, cluster_moves=moves, **options) for moves in ("auto", False, True)
    )
    assert np.array_equal(auto.states, off.states) and auto.info["cluster_every"] == 0
    assert not np.array_equal(auto.states, on.states)


def test_kept_energies_are_those_of_the_states():
    model = random_dits([3, 2, 5, 4, 3, 3], seed=1)
    runs = pbit.temper(model, LADDER, num_sweeps=2000, seed=1, cluster_moves=True, traced=True)
    assert runs.info["trace"].min() == pytest.approx(float(model.energy(runs.values[0])), rel=1e-9)


def test_other_digits_have_no_clusters(model):
    plan = pbit.AssignmentModel([[0, 5], [5, 0]], [[0, 8], [8, 0]])
    for other in (plan, pbit.TourModel(1.0 - np.eye(5)), pbit.CountedModel(model)):
        with pytest.raises(ValueError, match="all digits but those of a DitModel"):
            pbit.temper(other, cluster_moves=True)
