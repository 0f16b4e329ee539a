"""Directed couplings: exact laws of networks that have no energy."""

import numpy as np
import pytest

from pbit import DirectedModel, IsingModel, Schedule, anneal
from pbit.exact import exact_law, state_number
from pbit.run.control import Control
from pbit.statistics import chi_square_p_value
from random_models import random_model

ALPHA = 1e-6 / 20
READS = 65536
BETAS = [0.3, 0.6, 1.0]


def network(n=6, *, seed=4):
    rng = np.random.default_rng(seed)
    J = rng.normal(size=(n, n)) * (rng.random((n, n)) < 0.6)
    np.fill_diagonal(J, 0)
    return DirectedModel(rng.normal(size=n) / 2, J)


def p_value(model, law_of, **options):
    chosen = {"rule": "heat-bath", "order": "sequential"} | options
    fraction = {"update_fraction": 0.4} if chosen["order"] == "random-subset" else {}
    kernel = {"kernel": chosen.pop("kernel")} if "kernel" in chosen else {}
    law = exact_law(law_of, BETAS, **chosen, **fraction)
    reads = anneal(model, Schedule(BETAS), num_reads=READS, seed=2, **chosen, **fraction, **kernel)
    return chi_square_p_value(state_number(reads.spins), law)


@pytest.mark.parametrize(
    "options",
    [
        {"kernel": "lanes"},
        {"kernel": "reads"},
        {"rule": "metropolis"},
        {"order": "random"},
        {"order": "permutation"},
        {"order": "random-subset"},
        {"order": "synchronous"},
    ],
    ids=lambda o: "-".join(o.values()),
)
def test_reads_follow_the_k_sweep_law(options):
    model = network()
    assert p_value(model, model, **options) > ALPHA
    turned = DirectedModel(model.h, model.J.T)
    assert p_value(model, turned, **options) < ALPHA  # control: the arrows turned round


def test_a_bayesian_network_is_drawn_in_one_sweep():
    """Rain, sprinkler, wet grass: parents first; exact by the product of the conditionals."""
    model = DirectedModel.from_edges(
        ["rain", "rain", "sprinkler"],
        ["sprinkler", "wet", "wet"],
        [-0.8, 1.1, 0.9],
        h=[-0.5, -0.2, -0.4],
        labels=["rain", "sprinkler", "wet"],
    )
    law = np.empty(8)
    for x in range(8):
        s = np.array([1 if x >> i & 1 else -1 for i in range(3)])
        law[x] = np.prod([1 / (1 + np.exp(-2 * s[i] * f)) for i, f in enumerate(model.field(s))])
    assert law.sum() == pytest.approx(1)
    spins = anneal(model, Schedule([1.0]), num_reads=READS, seed=3).spins
    assert chi_square_p_value(state_number(spins), law) > ALPHA
    backwards = DirectedModel(model.h, model.J.T)
    wrong = anneal(backwards, Schedule([1.0]), num_reads=READS, seed=3).spins
    assert chi_square_p_value(state_number(wrong), law) < ALPHA


def test_relaxation_of_two_spins():
    """The slow eigenvalue of a sweep is tanh(J12) tanh(J21), each direction its own coupling."""
    model = DirectedModel([0.0, 0.0], [[0.0, 0.7], [1.3, 0.0]])
    rate = np.tanh(0.7) * np.tanh(1.3)
    after = [
        exact_law(model, [1.0] * sweeps, start=[1, 1]) @ np.array([-1, 1, -1, 1])
        for sweeps in (3, 4, 5)
    ]
    assert np.allclose(np.array(after[1:]) / after[:-1], rate)


def test_info_and_energies():
    reads = anneal(network(), Schedule([1.0] * 5), num_reads=3, seed=1)
    assert np.isnan(reads.energies).all()
    assert reads.info["law"].startswith("not Boltzmann: directed")
    assert reads.info["order"] == "sequential"


def test_the_same_couplings_in_both_directions_give_the_same_reads():
    model = random_model(20, seed=1, density=0.3)
    options = {"num_reads": 30, "seed": 4, "kernel": "lanes", "order": "sequential"}
    a = anneal(model, Schedule(BETAS), **options)
    b = anneal(DirectedModel.from_ising_model(model), Schedule(BETAS), **options)
    assert np.array_equal(a.spins, b.spins)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: anneal(network()), "schedule must be given for directed couplings"),
        (lambda: anneal(network(), Schedule([1.0]), best_seen=True), "need an energy"),
        (
            lambda: anneal(
                network(), Schedule([1.0]), num_reads=None, control=Control(time_limit_s=0.1)
            ),
            "num_reads must be given for directed couplings",
        ),
        (lambda: anneal(network(), Schedule([1.0]), control=Control(target=1.0)), "need an energy"),
        (lambda: anneal(network(), Schedule([1.0]), kernel="bits"), "takes no directed couplings"),
        (lambda: anneal(network(), Schedule([1.0]), order="chromatic"), "takes no directed"),
        (lambda: DirectedModel([0.0], [[1.0]]), "empty diagonal"),
        (lambda: DirectedModel([0.0, 0.0], [[0, np.nan], [0, 0]]), "J must be finite"),
        (lambda: DirectedModel([0.0], np.zeros((2, 2))), "J must have shape"),
        (lambda: DirectedModel.from_edges([0], [5], [1.0], num_spins=3), "index 5 is out of range"),
        (lambda: DirectedModel.from_edges([0], [-1], [1.0]), "index -1 is out of range"),
        (lambda: DirectedModel.from_edges([0.5], [1], [1.0]), "must be integers"),
        (lambda: DirectedModel.from_edges("a", "b", [1.0], labels="ac"), "no spin is called 'b'"),
        (lambda: network().field([1, 2, 1, 1, 1, 1]), "spins must be -1 or"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_edges_add_up():
    model = DirectedModel.from_edges([0, 0, 1], [1, 1, 0], [1.0, 2.0, 5.0])
    assert model.J.toarray().tolist() == [[0.0, 5.0], [3.0, 0.0]]
    assert IsingModel.from_edges([0], [1], [1.0]).J.nnz == 2


def test_reads_cut_short_are_not_chosen_by_an_energy_that_means_nothing(after_blocks):
    """Two spins whose "energy" would favour agreement: what a time limit leaves is unbiased."""
    model = DirectedModel.from_edges([0], [1], [0.5], h=[0.0, 0.0])
    spins = anneal(
        model,
        Schedule([1.0] * 20000),
        num_reads=4000,
        seed=1,
        control=Control(time_limit_s=0.3, clock=after_blocks(20)),
    ).spins
    agree = (spins[:, 0] == spins[:, 1]).astype(float)
    expected = (1 + np.tanh(0.5)) / 2
    assert abs(agree.mean() - expected) < 5.5 * np.sqrt(expected * (1 - expected) / agree.size)
