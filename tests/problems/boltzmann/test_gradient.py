"""The gradient of the likelihood against exact laws, for layers and for graphs."""

from itertools import pairwise, product

import numpy as np
import pytest
from scipy.special import logsumexp

from cases import some
from pbit import Hardware
from pbit.exact import exact_boltzmann, states
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann.free_energy import free_energy
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.problems.boltzmann.layered_machine import LayeredMachine
from pbit.problems.boltzmann.seating import Seating

ALPHA = 1e-6  # of all z-tests of a case together
CHAINS = 40000


def layers(sizes, seed=1, scale=0.4):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) * scale for pair in pairwise(sizes)]
    return LayeredMachine(
        LayeredModel.of([rng.normal(size=n) * scale for n in sizes], weights), seed=2,
        clamped_steps=30,
    )  # fmt: skip


def graph(seed=1, scale=0.4, **options):
    """Seven p-bits, four of them visible, a ring with chords."""
    rng = np.random.default_rng(seed)
    edges = np.array([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (0, 6), (1, 5), (2, 6)]).T
    machine = GraphMachine(Seating.of(7, edges, [6, 1, 3, 4]), seed=2, clamped_steps=30, **options)
    machine.h[...] = rng.normal(size=7) * scale
    machine.couplings[...] = rng.normal(size=9) * scale
    return machine


def ising(machine):
    return machine.model if isinstance(machine, GraphMachine) else machine.model.to_ising()


def visible_sites(machine):
    if isinstance(machine, GraphMachine):
        return machine.layout.visible
    return np.arange(machine.model.sizes[0])


def log_likelihood(machine, data):
    """Mean log p of what is known of the rows, entries not 0, by enumeration of everything."""
    every = states(ising(machine).num_spins)
    energies = ising(machine).energy(every)
    log_p = -energies - logsumexp(-energies)
    seen = every[:, visible_sites(machine)]
    fits = [((seen == row) | (row == 0)).all(axis=1) for row in data]
    return np.mean([logsumexp(log_p[fit]) for fit in fits])


def finite_differences(machine, data, step=1e-2):
    """Slope of the log-likelihood along each parameter, of fourth order in the step."""
    slopes = []
    for array in machine.parameters:
        slope = np.zeros(array.shape)
        for at in np.ndindex(array.shape):
            kept, values = array[at], []
            for k in (-2, -1, 1, 2):
                array[at] = kept + k * step
                values.append(log_likelihood(machine, data))
            moved = float(np.float32(kept + 2 * step) - np.float32(kept - 2 * step)) / 4
            array[at] = kept
            slope[at] = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * moved)
        slopes.append(slope)
    return slopes


def sampled_gradient(machine, data, parts=40, chains_of_all=CHAINS):
    """Mean over batches of chains and its error, parameter by parameter."""
    batches = []
    for part in range(parts):
        into = [np.zeros_like(array) for array in machine.parameters]
        rows = np.tile(data, (chains_of_all // parts // len(data), 1)).astype(np.float32)
        machine.add_gradient(into, machine.data_means(rows), 1.0)
        chains = machine.chains(chains_of_all // parts, seed=part)
        machine.advance(chains, 30)
        machine.add_gradient(into, machine.means(chains), -1.0)
        batches.append(np.concatenate([array.ravel() for array in into]).astype(np.float64))
    stacked = np.array(batches)
    return stacked.mean(axis=0), stacked.std(axis=0, ddof=1) / np.sqrt(parts)


MACHINES = {
    "restricted": lambda: layers((4, 3)),
    "deep": lambda: layers((3, 3, 2)),
    "graph": graph,
}
WRONG = ["sign", "factor 2", "chains that stand still"]


def largest_z(machine, exact, data):
    return largest_of(sampled_gradient(machine, data), exact)


def largest_of(sampled, exact):
    mean, error = sampled
    wanted = np.concatenate([slope.ravel() for slope in exact])
    return np.max(np.abs(mean - wanted) / np.maximum(error, 1e-6))


def data_of(machine):
    rng = np.random.default_rng(5)
    count = len(visible_sites(machine))
    return np.where(rng.random((5, count)) < 0.6, 1, -1).astype(np.int8)


# 40 batches: t with 39 degrees of freedom exceeds 6.7 with probability 6e-8, of at most 20
# parameters one in 1e-6. Power: an error of 10 % of the gradient's larger entries (0.3, standard
# error 0.003) is 10 standard errors.
LIMIT = 6.7


@pytest.mark.parametrize("name", MACHINES)
def test_the_gradient_is_that_of_the_exact_likelihood(name):
    machine = MACHINES[name]()
    data = data_of(machine)
    assert largest_z(machine, finite_differences(machine, data), data) < LIMIT


@pytest.mark.parametrize(
    ("wrong", "name"),
    some(
        product(WRONG, MACHINES),
        *(("sign", "graph"), ("factor 2", "restricted"), ("chains that stand still", "deep")),
    ),
)
def test_the_check_sees_what_is_wrong(name, wrong, monkeypatch):
    machine = MACHINES[name]()
    data = data_of(machine)
    exact = finite_differences(machine, data)
    if wrong == "sign":
        exact = [-slope for slope in exact]
    elif wrong == "factor 2":
        for array in machine.parameters:
            array *= 2
    else:
        monkeypatch.setattr(type(machine), "advance", lambda *a, **k: None)
    assert largest_z(machine, exact, data) > LIMIT


# Of the entries of five rows, of which one says nothing; each row lacks others.
MISSING = np.array([[0, 1, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], bool)


def partly_known(machine):
    data = data_of(machine)
    return data, np.where(MISSING[:, : data.shape[1]], 0, data).astype(np.int8)


@pytest.mark.parametrize("name", MACHINES)
def test_with_missing_entries_it_is_the_likelihood_of_the_known_ones(name):
    machine = MACHINES[name]()
    _, known = partly_known(machine)
    assert largest_z(machine, finite_differences(machine, known), known) < LIMIT


@pytest.mark.parametrize(
    ("wrong", "name"),
    some(
        product(["a dislike", "what nobody was told"], MACHINES),
        *(("a dislike", "graph"), ("what nobody was told", "restricted")),
    ),
)
def test_missing_entries_that_are_taken_for_something_are_seen(name, wrong):
    machine = MACHINES[name]()
    truth, known = partly_known(machine)
    exact = finite_differences(machine, known)
    taken = np.where(known == 0, -1 if wrong == "a dislike" else truth, known).astype(np.int8)
    assert largest_z(machine, exact, taken) > LIMIT


# A tenth of the chains, whose clamped rows run one after the other: errors of 0.01.
@pytest.mark.parametrize("missing", [False, True])
def test_an_ideal_chip_has_the_gradient_too(missing):
    machine = graph(hardware=Hardware())
    data = partly_known(machine)[missing]
    exact = finite_differences(machine, data)
    sampled = sampled_gradient(machine, data, chains_of_all=CHAINS // 10)
    assert largest_of(sampled, exact) < LIMIT
    assert largest_of(sampled, [-slope for slope in exact]) > LIMIT


def test_the_clamped_phase_of_one_hidden_layer_is_exact():
    machine = layers((4, 3))
    data = data_of(machine).astype(np.float32)
    visible, hidden = machine.data_means(data)
    law = exact_boltzmann(ising(machine), 1.0)
    every = states(7)
    for row, means in zip(data, hidden, strict=True):
        fits = (every[:, :4] == row).all(axis=1)
        wanted = (law[fits, None] * every[fits, 4:]).sum(axis=0) / law[fits].sum()
        assert np.allclose(means, wanted, atol=1e-6)
    assert np.array_equal(visible, data)


def test_free_energies_are_sums_over_hidden_states():
    machine = layers((4, 3))
    every = states(7)
    energies = ising(machine).energy(every)
    visible = states(4)
    wanted = [-logsumexp(-energies[(every[:, :4] == row).all(axis=1)]) for row in visible]
    assert np.allclose(free_energy(machine.model, visible), wanted, atol=1e-5)
    chains = machine.chains(len(visible), seed=1)
    machine.start(chains, visible)
    assert np.allclose(machine.free_energies(chains), wanted, atol=1e-5)
    assert np.allclose(machine.energies(chains), machine.model.energy(chains.states()), atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, [[0], [3]], [0]), "edges must lie in 0..2"),
        ((3, [[0], [1]], [3]), "visible must lie in 0..2"),
        ((3, [[1], [1]], [0]), "must join two p-bits"),
        ((3, [[0], [1]], [1, 1]), "must name p-bits once"),
        ((3, [[0, 1], [1, 0]], [0]), "must be given once each"),
    ],
)
def test_layouts_that_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Seating.of(*arguments)
