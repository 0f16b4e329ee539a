"""What is looked at while machines learn, beside sums over all states."""

import networkx as nx
import numpy as np
import pytest

from pbit.exact import states
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann import BoltzmannMachine, RestrictedBoltzmannMachine
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.problems.boltzmann.layered_machine import LayeredMachine
from pbit.problems.boltzmann.measures import (
    free_energy_gap,
    moments_mismatch,
    reconstruction_error,
)
from pbit.problems.boltzmann.seating import Seating


def restricted():
    rng = np.random.default_rng(1)
    model = LayeredModel.of(
        [rng.normal(size=4), rng.normal(size=3)], [rng.normal(size=(4, 3)) * 0.5]
    )
    return LayeredMachine(model, seed=1)


def log_laws(machine):
    """-F(v) for all 16 states of the visible layer, its hidden states summed one by one."""
    below, above = states(4), states(3)
    model = machine.model
    return np.array(
        [np.log(np.exp(-model.energy(np.hstack([np.tile(v, (8, 1)), above]))).sum()) for v in below]
    )


@pytest.mark.parametrize("sign", [1, pytest.param(-1, marks=pytest.mark.xfail(strict=True))])
def test_the_gap_is_what_the_rows_log_likelihoods_differ_by(sign):
    machine, every = restricted(), states(4)
    learnt, apart = np.array([0, 3, 7, 7]), np.array([1, 2, 15])
    log_p = log_laws(machine)
    gap = free_energy_gap(machine, every[learnt], every[apart])
    assert sign * gap == pytest.approx(log_p[learnt].mean() - log_p[apart].mean(), rel=1e-5)


def test_the_gap_of_the_same_rows_is_nought():
    assert free_energy_gap(restricted(), states(4), states(4)) == 0


def test_reconstruction_is_counted_unit_by_unit():
    machine, rows = restricted(), states(4)
    (b, c), (W,) = machine.model.biases, machine.model.weights
    wrong = 0.0
    for v in rows:
        means = [np.tanh(c[j] + sum(v[i] * W[i, j] for i in range(4))) for j in range(3)]
        for i in range(4):
            field = b[i] + sum(W[i, j] * means[j] for j in range(3))
            up = 1 / (1 + np.exp(-2 * field))
            wrong += 1 - up if v[i] > 0 else up
    assert reconstruction_error(machine, rows) == pytest.approx(wrong / 64, rel=1e-5)


def test_reconstruction_runs_from_none_to_half_wrong():
    coins = LayeredMachine(LayeredModel([[0.0] * 4, [0.0]], [[[0.0]] * 4]), seed=1)
    assert reconstruction_error(coins, states(4)) == 0.5
    strong = LayeredModel([[0.0] * 2, [0.0] * 2], [[[9.0, 0.0], [0.0, 9.0]]])
    assert reconstruction_error(LayeredMachine(strong, seed=1), states(2)) < 1e-6


def test_a_graph_without_hidden_p_bits_reconstructs_each_from_the_others():
    machine = GraphMachine(Seating.of(2, [[0], [1]], [1, 0]), seed=1)
    machine.couplings[...], machine.h[...] = 0.7, [0.2, -0.1]
    rows = np.array([[1, -1]])  # p-bit 1 is up, p-bit 0 down
    fields = np.array([-0.1 - 0.7, 0.2 + 0.7])
    expected = (0.5 - 0.5 * rows * np.tanh(fields)).mean()
    assert reconstruction_error(machine, rows) == pytest.approx(expected, rel=1e-6)


def test_moments_by_hand():
    first = np.array([[1, 1], [1, -1]])
    second = np.array([[-1, -1], [-1, -1], [-1, -1]])
    found = moments_mismatch(first, second)
    assert found == (np.sqrt((2**2 + 1**2) / 2), 1.0)
    assert moments_mismatch(first, first) == (0, 0)
    assert moments_mismatch(first[:, :1], second[:, :1]) == (2, 0)


def test_the_floor_of_two_samples_of_one_law_is_as_said():
    rng = np.random.default_rng(1)
    first, second = (rng.choice([-1, 1], (n, 300)) for n in (400, 100))
    for one in moments_mismatch(first, second):
        # 300 means, 44,850 pairs: the root mean square scatters by 4 % and by 0.3 %
        assert one == pytest.approx(np.sqrt(1 / 400 + 1 / 100), rel=0.2)


X = np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 60, axis=0)
MACHINES = [
    RestrictedBoltzmannMachine(4, learning_rate=0.05, n_iter=60, random_state=1, verbose=1),
    RestrictedBoltzmannMachine(
        4, learning_rate=0.05, n_iter=60, random_state=1, verbose=1, negative="tempered"
    ),
    BoltzmannMachine(
        nx.complete_graph(6), learning_rate=0.05, n_iter=60, random_state=1, verbose=1
    ),
]


@pytest.mark.parametrize("machine", MACHINES, ids=["restricted", "tempered", "graph"])
def test_history_tells_them(machine):
    y = np.repeat([0, 1], 60)
    machine.set_params(n_iter=60).fit(X, held_out=(X[::7], None))
    first, last = machine.history_[0], machine.history_[-1]
    assert last["reconstruction_error"] < 0.5 * first["reconstruction_error"]
    assert last["pairs_mismatch"] < 0.5 and last["means_mismatch"] < 0.5
    assert abs(last["free_energy_gap"]) < 0.5
    assert "free_energy_gap" not in machine.set_params(n_iter=1).fit(X, y).history_[0]


def test_held_out_rows_have_labels_where_the_others_have():
    with pytest.raises(ValueError, match="must be given at every call or at none"):
        MACHINES[0].fit(X, np.repeat([0, 1], 60), held_out=(X, None))
