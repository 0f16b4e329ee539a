"""Learning ln p(label | features): gradients beside finite differences of exact laws."""

from itertools import pairwise, product

import networkx as nx
import numpy as np
import pytest
from scipy.special import logsumexp

from cases import some
from pbit import Hardware
from pbit.exact import states
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann import (
    BoltzmannMachine,
    DeepBoltzmannMachine,
    RestrictedBoltzmannMachine,
)
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.problems.boltzmann.labelled import Conditional, Labelled
from pbit.problems.boltzmann.layered_machine import LayeredMachine
from pbit.problems.boltzmann.mean_field import ITERATIONS
from pbit.problems.boltzmann.seating import Seating

FEATURES = 3
CODES = np.array([[1, -1], [-1, 1], [1, 1]], np.int8)  # of three classes; -1, -1 is none
ROWS = states(FEATURES)[[1, 2, 4, 7, 6]].astype(np.int8)
LABELS = np.array([0, 2, 1, 1, 0])
BATCH = Labelled(ROWS.astype(np.float32), LABELS, CODES.astype(np.float32))
SWEEPS = 100  # until mean fields of weak couplings stand still


def layers(*hidden):
    rng = np.random.default_rng(1)
    sizes = (FEATURES + 2, *hidden)
    weights = [0.4 * rng.normal(size=pair) for pair in pairwise(sizes)]
    biases = [0.4 * rng.normal(size=n) for n in sizes]
    return LayeredMachine(LayeredModel.of(biases, weights), seed=2)


def graph(edges, hidden):
    """Seven p-bits or more; the visible ones are 4, 0, 2, 6 and 1."""
    rng = np.random.default_rng(1)
    layout = Seating.of(5 + hidden, np.array(edges).T, [4, 0, 2, 6, 1])
    machine = GraphMachine(layout, seed=2, clamped_steps=SWEEPS)
    machine.h[...] = 0.4 * rng.normal(size=machine.h.size)
    machine.couplings[...] = 0.4 * rng.normal(size=machine.couplings.size)
    return machine


def held_apart():
    """The hidden p-bits 3, 5 and 7 see visible ones alone: the mean field is exact."""
    edges = [(3, 4), (3, 0), (3, 1), (5, 0), (5, 2), (5, 6), (7, 4), (7, 6), (7, 1), (0, 1), (2, 4)]
    return graph(edges, 3)


def coupled():
    """Hidden p-bits that see each other, too."""
    edges = [(3, 4), (3, 0), (5, 2), (5, 6), (7, 1), (7, 8), (8, 3), (8, 5), (3, 5), (8, 6), (0, 1)]
    return graph(edges, 4)


EXACT = {"restricted": lambda: layers(4), "graph, hidden apart": held_apart}
MEAN_FIELD = {"deep": lambda: layers(3, 3), "graph": coupled}
MACHINES = EXACT | MEAN_FIELD


def with_codes():
    for code in CODES:
        yield np.hstack([ROWS, np.broadcast_to(code, (len(ROWS), 2))])


def exact_free_energies(machine):
    """Of each row with each class, by enumeration of the hidden p-bits."""
    is_graph = isinstance(machine, GraphMachine)
    model = machine.model if is_graph else machine.model.to_ising()
    seats = machine.layout.visible if is_graph else np.arange(FEATURES + 2)
    every = states(model.num_spins)
    energies = model.energy(every)
    return np.array(
        [
            [-logsumexp(-energies[(every[:, seats] == row).all(axis=1)]) for row in rows]
            for rows in with_codes()
        ]
    ).T


def variational_free_energies(machine):
    count = SWEEPS if isinstance(machine, GraphMachine) else ITERATIONS
    return np.array([machine.mean_field(rows, count).free_energy for rows in with_codes()]).T


def value(machine, free_energies):
    """Mean of ln p(label | features)."""
    found = -free_energies(machine)
    own = found[np.arange(len(LABELS)), LABELS]
    return float((own - logsumexp(found, axis=1)).mean())


def finite_differences(machine, free_energies, step=1e-2):
    """Slope along each parameter, of fourth order in the step."""
    slopes = []
    for array in machine.parameters:
        for at in np.ndindex(array.shape):
            kept, values = array[at], []
            for k in (-2, -1, 1, 2):
                array[at] = kept + k * step
                values.append(value(machine, free_energies))
            moved = float(np.float32(kept + 2 * step) - np.float32(kept - 2 * step)) / 4
            array[at] = kept
            slopes.append((values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * moved))
    return np.array(slopes)


def gradient(machine, batch=BATCH):
    into = [np.zeros_like(array) for array in machine.parameters]
    machine.add_conditional(into, batch, 1.0)
    return np.concatenate([array.ravel() for array in into])


# Energies are sums of a dozen float32 numbers of order 1, right to 1e-6: slopes over a step of 0.01
# are to 1e-4. Power: the largest slopes are 0.1.
CLOSE = 3e-4


@pytest.mark.parametrize("name", EXACT)
def test_the_gradient_is_that_of_the_exact_conditional_likelihood(name):
    machine = EXACT[name]()
    wanted = finite_differences(machine, exact_free_energies)
    assert np.abs(wanted).max() > 0.1
    assert np.allclose(gradient(machine), wanted, atol=CLOSE)


@pytest.mark.parametrize("name", MACHINES)
def test_in_a_mean_field_it_is_that_of_the_variational_one(name):
    machine = MACHINES[name]()
    wanted = finite_differences(machine, variational_free_energies)
    assert np.abs(wanted).max() > 0.1
    assert np.allclose(gradient(machine), wanted, atol=CLOSE)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("wrong", ["sign", "factor 2", "another label", "the label alone"])
def test_the_check_sees_what_is_wrong(name, wrong, monkeypatch):
    machine = EXACT[name]()
    wanted = finite_differences(machine, exact_free_energies)
    batch = BATCH
    if wrong == "sign":
        wanted = -wanted
    elif wrong == "factor 2":
        for array in machine.parameters:
            array *= 2
    elif wrong == "another label":
        batch = BATCH._replace(truth=np.roll(LABELS, 1))
    else:  # no free phase
        monkeypatch.setattr(
            Labelled, "excess", lambda self, f: np.eye(3, dtype=np.float32)[self.truth] / 5
        )
    assert not np.allclose(gradient(machine, batch), wanted, atol=10 * CLOSE)


@pytest.mark.parametrize("name", MACHINES)
def test_it_teaches_nothing_that_features_alone_decide(name):
    machine = MACHINES[name]()
    into = [np.zeros_like(array) for array in machine.parameters]
    machine.add_conditional(into, BATCH, 1.0)
    if isinstance(machine, GraphMachine):
        features = machine.layout.visible[:FEATURES]
        among = np.isin(machine.layout.edges, features).all(axis=0)
        assert np.abs(into[0][features]).max() < 1e-6
        assert np.abs(into[1][among]).max(initial=0.0) < 1e-6
    else:
        assert not into[0][:FEATURES].any()


@pytest.mark.parametrize("name", MACHINES)
def test_a_batch_counts_as_the_mean_of_its_rows(name):
    machine = MACHINES[name]()
    many = Labelled(np.tile(BATCH.features, (40, 1)), np.tile(LABELS, 40), BATCH.codes)
    assert np.allclose(gradient(machine, many), gradient(machine), atol=1e-5)


def test_batches_are_taken_apart():
    codes = 2 * np.tile(np.eye(3, dtype=np.int8), (1, 2)) - 1  # two copies
    batch = np.hstack([ROWS, codes[LABELS]]).astype(np.float32)
    found = Conditional(0.5, codes).of(batch)
    assert np.array_equal(found.features, ROWS)
    assert np.array_equal(found.truth, LABELS)


X = np.repeat(states(4), 10, axis=0) > 0
Y = np.array(["few", "many"])[X[:, :3].sum(axis=1) // 2]  # the last feature says nothing
LEARNERS = {
    "restricted": RestrictedBoltzmannMachine(12, learning_rate=0.03, n_iter=120),
    "deep": DeepBoltzmannMachine((12, 4), learning_rate=0.02, adaptive=True, n_iter=60),
    "graph": BoltzmannMachine(
        nx.complete_bipartite_graph(8, 10), learning_rate=0.03, adaptive=True, n_iter=30
    ),
}


@pytest.mark.parametrize(
    ("share", "name"), some(product([0.5, 1.0], LEARNERS), (0.5, "restricted"), (1.0, "graph"))
)
def test_machines_learn_to_tell_majorities(name, share):
    machine = LEARNERS[name].set_params(
        conditional=share, batch_size=20, momentum=0.9, random_state=1
    )
    assert machine.fit(X, Y).score(X, Y) > 0.95


def test_the_share_is_that_of_both_gradients():
    def moved(share):
        """What one batch moves."""
        machine = RestrictedBoltzmannMachine(
            5, conditional=share, momentum=0.0, batch_size=len(X), n_iter=1, random_state=1
        )
        return machine.fit(X, Y).training_.moments.velocities

    joint, both, conditional = (moved(share) for share in (0.0, 0.25, 1.0))
    for a, b, c in zip(joint, both, conditional, strict=True):
        assert np.allclose(b, 0.75 * a + 0.25 * c, atol=1e-7)
    assert not np.allclose(joint[2], conditional[2], atol=1e-4)


@pytest.mark.parametrize(
    ("machine", "labels", "message"),
    [
        (RestrictedBoltzmannMachine(conditional=1.5), Y, "conditional must be >= 0 and <= 1"),
        (RestrictedBoltzmannMachine(conditional=-0.5), Y, "conditional must be >= 0 and <= 1"),
        (RestrictedBoltzmannMachine(conditional=1.0), None, "must be 0 without labels"),
        (RestrictedBoltzmannMachine(conditional=1.0, missing=True), Y, "must be 0 with missing"),
        (BoltzmannMachine(conditional=1.0, hardware=Hardware()), Y, "must be 0 with hardware"),
    ],
)
def test_what_is_refused(machine, labels, message):
    with pytest.raises(ValueError, match=message):
        machine.fit(X, labels)
