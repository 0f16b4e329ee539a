"""Mean fields on graphs beside slow ones in float64."""

import numpy as np
import pytest
from scipy.special import logsumexp

from pbit.exact import states
from pbit.problems.boltzmann.graph_fields import BLOCK, GraphFields
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.problems.boltzmann.seating import Seating

N, VISIBLE = 30, 8


def machine_of(seed, n=N, visible=VISIBLE, scale=0.3):
    rng = np.random.default_rng(seed)
    pairs = np.array(np.triu_indices(n, 1))
    edges = pairs[:, rng.random(pairs.shape[1]) < 0.3]
    machine = GraphMachine(Seating.of(n, edges, rng.permutation(n)[:visible]), seed=seed)
    machine.h[...] = scale * rng.normal(size=n)
    machine.couplings[...] = scale * rng.normal(size=machine.couplings.size)
    return machine


def rows_of(machine, count, seed=1):
    rng = np.random.default_rng(seed)
    shape = count, machine.layout.visible.size
    return (2 * rng.integers(0, 2, shape) - 1).astype(np.int8)


def slow(machine, rows, sweeps):
    """Means, fields and free energies p-bit after p-bit, in the order of the machine."""
    order = GraphFields(machine.layout).order
    J, h = machine.model.J.toarray(), machine.h.astype(np.float64)
    means, fields = np.zeros((2, len(rows), h.size))
    means[:, machine.layout.visible] = rows
    in_turn = [i for i in order if i in set(machine.layout.hidden)]
    for _ in range(sweeps):
        for i in in_turn:
            fields[:, i] = means @ J[i] + h[i]
            means[:, i] = np.tanh(fields[:, i])
    seats = machine.layout.visible
    fields[:, seats] = means @ J[seats].T + h[seats]
    x, m = fields[:, in_turn], means[:, in_turn]
    entropy = (np.logaddexp(x, -x) - m * x).sum(axis=1)
    energy = -0.5 * np.einsum("ri,ij,rj->r", means, J, means) - means @ h
    return means, fields, energy - entropy


@pytest.mark.parametrize("sweeps", [1, 3, 10])
@pytest.mark.parametrize("count", [1, 16, 50, BLOCK, BLOCK + 3])
def test_a_machine_s_mean_field_is_the_slow_one(sweeps, count):
    machine = machine_of(1)
    rows = rows_of(machine, count)
    means, fields, free = slow(machine, rows, sweeps)
    found = machine.mean_field(rows, sweeps)
    assert np.allclose(found.hidden, means[:, machine.layout.hidden], atol=2e-6)
    assert np.allclose(found.visible_fields, fields[:, machine.layout.visible], atol=2e-6)
    assert np.allclose(found.free_energy, free, atol=2e-5)


@pytest.mark.parametrize("wrong", ["a coupling", "a sweep"])
def test_the_comparison_sees_what_is_wrong(wrong):
    machine = machine_of(1)
    rows = rows_of(machine, 50)
    means, _, free = slow(machine, rows, 3)
    if wrong == "a coupling":
        machine.couplings[0] += 0.01
    found = machine.mean_field(rows, 2 if wrong == "a sweep" else 3)
    assert not np.allclose(found.hidden, means[:, machine.layout.hidden], atol=2e-5)
    assert not np.allclose(found.free_energy, free, atol=2e-4)


def test_a_row_s_bits_do_not_depend_on_what_is_beside_it():
    machine = machine_of(1)
    rows = rows_of(machine, BLOCK + 20)
    together = machine.mean_field(rows, 5)
    for k in (0, 17, BLOCK, BLOCK + 19):
        alone = machine.mean_field(rows[k : k + 1], 5)
        for a, b in zip(together, alone, strict=True):
            assert np.array_equal(a[k : k + 1], b)


@pytest.mark.parametrize("seed", range(5))
def test_free_energies_fall_and_stay_above_the_true_ones(seed):
    machine = machine_of(seed, n=12, visible=4)
    rows = states(4).astype(np.int8)
    every = states(12)
    energies = machine.model.energy(every)
    seen = every[:, machine.layout.visible]
    true = [-logsumexp(-energies[(seen == row).all(axis=1)]) for row in rows]
    found = [machine.mean_field(rows, sweeps).free_energy for sweeps in (1, 2, 4, 8, 30)]
    assert (np.diff(found, axis=0) < 1e-5).all()
    assert (found[-1] > np.array(true) - 1e-5).all()


def test_means_are_right_from_0_to_certainty():
    fields = np.float32([0.0, -0.0, 1e-6, 0.1, -1.0, 3.0, -8.0, 30.0, -100.0, 1e6])
    machine = GraphMachine(Seating.of(10, np.empty((2, 0)), []), seed=1)
    machine.h[...] = fields
    found = machine.mean_field(np.empty((1, 0), np.int8), 1)
    assert np.allclose(found.hidden[0], np.tanh(fields.astype(np.float64)), atol=3e-7)
    wanted = -np.logaddexp(fields.astype(np.float64), -fields.astype(np.float64)).sum()
    assert np.isclose(found.free_energy[0], wanted, rtol=1e-6)


def test_weighted_correlations_are_sums_over_rows():
    machine = machine_of(3)
    fields = GraphFields(machine.layout)
    rows = rows_of(machine, 20)
    found = fields.settled(fields.network(machine.h, machine.couplings), rows, 4)
    weights = np.random.default_rng(2).normal(size=20).astype(np.float32)
    into = [np.ones_like(array) for array in machine.parameters]
    fields.add_correlations(into, found.means, weights)
    means = np.empty((20, N))
    means[:, fields.order] = found.means[:, :20].T
    first, second = machine.layout.edges
    assert np.allclose(into[0], 1 + weights @ means, atol=1e-5)
    assert np.allclose(into[1], 1 + weights @ (means[:, first] * means[:, second]), atol=1e-5)
