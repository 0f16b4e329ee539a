"""Sums by elimination against enumeration, closed forms, transfer matrices and D-Wave's solver."""

from itertools import pairwise

import dimod
import networkx as nx
import numpy as np
import pytest
from dwave.samplers import TreeDecompositionSampler, TreeDecompositionSolver

from cases import some
from pbit import IsingModel, exact
from pbit.exact.elimination import Elimination, TooWide
from pbit.exact.elimination_order import _cuthill_mckee, _least_fill, _least_front, bucket_tree
from random_models import random_model

CASES = [(n, density, seed) for seed, n in enumerate((1, 2, 3, 5, 8, 11)) for density in (0.3, 1.0)]


def from_graph(graph, *, seed, integers=False):
    """Random couplings and fields on a graph."""
    rng = np.random.default_rng(seed)
    graph = nx.convert_node_labels_to_integers(graph)
    n, ends = graph.number_of_nodes(), np.array(graph.edges()).reshape(-1, 2)
    draw = (lambda k: rng.choice([-1.0, 1.0], k)) if integers else rng.normal
    weights, h = (rng.choice([-1.0, 1.0], len(ends)), rng.choice([-1.0, 0.0, 1.0], n))
    if not integers:
        weights, h = draw(size=len(ends)), draw(size=n) / 2
    return IsingModel.from_edges(ends[:, 0], ends[:, 1], weights, h=h, num_spins=n, offset=0.7)


def by_enumeration(model, beta):
    """log Z, <s_i>, <s_i s_j> of the edges and <E>."""
    energies, states = exact.exact_energies(model), exact.states(model.num_spins).astype(float)
    exponents = -beta * energies
    weights = np.exp(exponents - exponents.max())
    log_z = exponents.max() + np.log(weights.sum())
    law = weights / weights.sum()
    rows, cols, _ = model.edges()
    return log_z, law @ states, law @ (states[:, rows] * states[:, cols]), law @ energies


def torus(side):
    sites = np.arange(side * side).reshape(side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in (0, 1)])
    return IsingModel.from_edges(np.tile(sites.ravel(), 2), ends, np.ones(ends.size))


# --- against enumeration


@pytest.mark.parametrize("beta", [-0.8, 0.0, 0.1, 0.9, 3.0, 40.0])
@pytest.mark.parametrize(("n", "density", "seed"), CASES)
def test_sums_equal_enumeration(n, density, seed, beta):
    model = random_model(n, seed=seed, density=density)
    log_z, means, correlations, energy = by_enumeration(model, beta)
    found = exact.exact_marginals(model, beta)
    assert exact.exact_log_z(model, beta) == pytest.approx(log_z, rel=1e-13, abs=1e-12)
    assert found.log_z == pytest.approx(log_z, rel=1e-13, abs=1e-12)
    assert np.allclose(found.means, means, rtol=0, atol=1e-12)
    assert np.allclose(found.correlations, correlations, rtol=0, atol=1e-12)
    assert found.energy == pytest.approx(energy, abs=1e-11)


@pytest.mark.parametrize("graph", [nx.cycle_graph(9), nx.star_graph(9), nx.path_graph(10),
                                   nx.grid_2d_graph(3, 4), nx.random_regular_graph(3, 12, seed=4),
                                   nx.barbell_graph(4, 3), nx.complete_graph(9),
                                   nx.complete_bipartite_graph(4, 5), nx.empty_graph(6),
                                   nx.disjoint_union(nx.cycle_graph(4), nx.grid_2d_graph(2, 4))],
                         ids=lambda graph: f"{graph.number_of_nodes()}-{graph.size()}")  # fmt: skip
def test_sums_equal_enumeration_on_graphs(graph):
    model = from_graph(graph, seed=5)
    log_z, means, correlations, _ = by_enumeration(model, 0.7)
    found = exact.exact_marginals(model, 0.7)
    assert found.log_z == pytest.approx(log_z, abs=1e-12)
    assert np.allclose(found.means, means, rtol=0, atol=1e-13)
    assert np.allclose(found.correlations, correlations, rtol=0, atol=1e-13)


@pytest.mark.parametrize("integers", [False, True])
@pytest.mark.parametrize(("n", "density", "seed"), CASES)
def test_ground_state_equals_enumeration(n, density, seed, integers):
    model = random_model(n, seed=seed, density=density, integers=integers)
    lowest, all_lowest = exact.exact_ground_states(model)
    energy, spins = exact.exact_ground_state(model)
    assert energy == pytest.approx(lowest, abs=1e-12)
    assert spins.dtype == np.int8 and spins.tolist() in all_lowest.tolist()


def test_ties_are_decided_the_same_way_every_time():
    model = from_graph(nx.grid_2d_graph(4, 5), seed=3, integers=True)
    assert len(exact.exact_ground_states(model)[1]) > 1
    first = exact.exact_ground_state(model)[1]
    assert np.array_equal(exact.exact_ground_state(model)[1], first)
    free = IsingModel(np.zeros(3), np.zeros((3, 3)))
    assert exact.exact_ground_state(free)[1].tolist() == [1, 1, 1]


# --- against D-Wave's tree decomposition, which knows no offset and is limited to its own order


@pytest.mark.parametrize("seed", range(8))
def test_sums_equal_dwave(seed):
    graphs = [
        nx.grid_2d_graph(5, 9),
        nx.random_regular_graph(3, 40, seed=seed),
        nx.random_labeled_tree(60, seed=seed),
        nx.gnm_random_graph(30, 40, seed=seed),
    ]
    model = from_graph(graphs[seed % 4], seed=seed)
    beta = float(np.random.default_rng(seed).uniform(0.2, 2.0))
    run = TreeDecompositionSampler().sample(model.to_bqm(), beta=beta, marginals=True, seed=1)
    found, theirs = exact.exact_marginals(model, beta), run.info
    assert found.log_z == pytest.approx(theirs["log_partition_function"], rel=1e-12)
    means = [2 * theirs["variable_marginals"][i] - 1 for i in range(model.num_spins)]
    assert np.allclose(found.means, means, rtol=0, atol=1e-11)
    rows, cols, _ = model.edges()
    laws = {frozenset(pair): law for pair, law in theirs["interaction_marginals"].items()}
    for i, j, mine in zip(rows.tolist(), cols.tolist(), found.correlations, strict=True):
        product = sum(s * t * p for (s, t), p in laws[frozenset((i, j))].items())
        assert product == pytest.approx(mine, abs=1e-11)


@pytest.mark.parametrize("seed", range(4))
def test_ground_state_equals_dwave(seed):
    model = from_graph(nx.grid_2d_graph(7, 12), seed=seed, integers=seed % 2 == 1)
    theirs = TreeDecompositionSolver().sample(model.to_bqm()).first.energy
    energy, spins = exact.exact_ground_state(model)
    assert energy == pytest.approx(theirs, abs=1e-10)
    assert energy == model.energy(spins)


# --- against closed forms


@pytest.mark.parametrize(("coupling", "beta"), [(1.0, 0.4), (-1.0, 1.1), (0.3, 2.0)])
def test_ring_closed_form(coupling, beta):
    """Z = l+^n + l-^n and <s s'> = (l+^(n-1) l- + l-^(n-1) l+) / Z; Ising, Z. Phys. 31, 253."""
    n, sites = 101, np.arange(101)
    model = IsingModel.from_edges(sites, np.roll(sites, -1), np.full(n, coupling))
    plus, minus = 2 * np.cosh(beta * coupling), 2 * np.sinh(beta * coupling)
    found = exact.exact_marginals(model, beta)
    ratio = minus / plus
    assert found.log_z == pytest.approx(n * np.log(plus) + np.log1p(ratio**n), rel=1e-14)
    nearest = (ratio + ratio ** (n - 1)) / (1 + ratio**n)
    assert np.allclose(found.correlations, nearest, rtol=1e-12)
    assert np.allclose(found.means, 0, atol=1e-15)


def test_ring_with_fields_by_transfer_matrix():
    n, beta, rng = 400, 0.8, np.random.default_rng(6)
    J, h, sites = rng.normal(size=n), rng.normal(size=n), np.arange(n)
    model = IsingModel.from_edges(sites, np.roll(sites, -1), J, h=h)
    spins = np.array([-1.0, 1.0])
    product, log_scale = np.eye(2), 0.0
    for k in range(n):
        matrix = np.exp(beta * (J[k] * np.outer(spins, spins) + h[k] * spins[:, None]))
        product = product @ matrix
        log_scale += np.log(product.sum())
        product /= product.sum()
    log_z = np.log(np.trace(product)) + log_scale
    law = np.diag(product) / np.trace(product)  # of spin 0, where the ring was cut
    found = exact.exact_marginals(model, beta)
    assert found.log_z == pytest.approx(log_z, rel=1e-13)
    assert found.means[0] == pytest.approx(law @ spins, abs=1e-12)


@pytest.mark.parametrize("beta", [0.1, 0.3, 0.4406867935, 0.8])
@pytest.mark.parametrize("side", [3, 4, 5])
def test_kaufmans_formula_is_the_derivative_of_log_z(side, beta):
    exact_sum = Elimination(torus(side))
    energy = exact_sum.marginals(beta).energy
    kaufman = exact.exact_square_lattice_energy(side, beta) * side**2
    assert kaufman == pytest.approx(energy, abs=1e-7 * side**2)
    step = 1e-4
    slope = (exact_sum.log_z(beta + step) - exact_sum.log_z(beta - step)) / (2 * step)
    assert energy == pytest.approx(-slope, rel=1e-5)


@pytest.mark.parametrize("shape", ["chain", "star", "tree"])
@pytest.mark.parametrize("n", some([4000, 15_000], 4000))
def test_a_large_tree(n, shape):
    """Z = 2^n prod cosh(beta J) and <s s'> = tanh(beta J) on any tree without fields."""
    rng = np.random.default_rng(7)
    ends = {
        "chain": lambda k: k - 1,
        "star": np.zeros_like,
        "tree": lambda k: (rng.random(k.size) * k).astype(int),
    }[shape](np.arange(1, n))
    J = rng.normal(size=n - 1)
    model = IsingModel.from_edges(ends, np.arange(1, n), J)
    found, (energy, _) = exact.exact_marginals(model, 0.9), exact.exact_ground_state(model)
    log_z = n * np.log(2) + np.log(np.cosh(0.9 * J)).sum()
    assert found.log_z == pytest.approx(log_z, rel=1e-13)
    weights = model.edges()[2]
    assert np.allclose(found.correlations, np.tanh(0.9 * weights), rtol=0, atol=1e-12)
    assert energy == pytest.approx(-np.abs(J).sum(), rel=1e-13)


@pytest.mark.parametrize("length", some([200, 1000], 200))
def test_a_long_strip_is_narrow(length):
    model = from_graph(nx.grid_2d_graph(10, length), seed=8)
    found = Elimination(model, max_width=10)
    assert found.width == 10
    # Means from the other direction of summation: the derivative of log Z by a field.
    means, step = found.marginals(0.5).means, 1e-3
    for spin in (0, 5 * length + 3):
        log_z = []
        for sign in (1, -1):
            h = model.h.copy()
            h[spin] += sign * step
            log_z.append(exact.exact_log_z(IsingModel(h, model.J), 0.5))
        assert means[spin] == pytest.approx((log_z[0] - log_z[1]) / (2 * step * 0.5), abs=1e-6)


# --- limits


def test_no_spins():
    model = IsingModel([], np.zeros((0, 0)), offset=2.0)
    found = exact.exact_marginals(model, 0.5)
    assert (found.log_z, found.energy) == (-1.0, 2.0)
    assert found.means.shape == found.correlations.shape == (0,)
    energy, spins = exact.exact_ground_state(model)
    assert (energy, spins.shape) == (2.0, (0,))


def test_only_fields():
    h = np.array([0.5, -2.0, 0.0])
    found = exact.exact_marginals(IsingModel(h, np.zeros((3, 3))), 1.5)
    assert found.log_z == pytest.approx(np.log(2 * np.cosh(1.5 * h)).sum())
    assert np.allclose(found.means, np.tanh(1.5 * h))


def test_infinite_temperature():
    model = random_model(9, seed=1)
    found = exact.exact_marginals(model, 0.0)
    assert found.log_z == pytest.approx(9 * np.log(2))
    assert np.allclose(found.means, 0, atol=1e-15)
    assert np.allclose(found.correlations, 0, atol=1e-15)
    assert found.energy == pytest.approx(model.offset)


@pytest.mark.parametrize("scale", [1e6, 1e150, 1e300, 1e-300])
def test_couplings_of_any_size(scale):
    """Energies beyond the range of exp: ln Z tends to -beta E_0 + ln(number of ground states)."""
    model = from_graph(nx.grid_2d_graph(3, 3), seed=2, integers=True)
    large = IsingModel(scale * model.h, scale * model.J)
    lowest, ground = exact.exact_ground_states(large)
    found = exact.exact_marginals(large, 1.0)
    means = ground.mean(axis=0) if scale > 1 else np.zeros(9)
    assert np.allclose(found.means, means, rtol=0, atol=1e-12)
    log_z = -lowest + np.log(len(ground)) if scale > 1 else 9 * np.log(2)
    assert found.log_z == pytest.approx(log_z, rel=1e-14)


def test_a_rare_spin_value_keeps_its_probability():
    """1 - <s> of 1e-13 comes out to the digits that float64 has left."""
    field = 15.0
    found = exact.exact_marginals(IsingModel([field], np.zeros((1, 1))), 1.0)
    assert 1 - found.means[0] == pytest.approx(2 / (1 + np.exp(2 * field)), abs=3e-16)


# --- the order


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("order", [_cuthill_mckee, _least_front, _least_fill])
def test_orders_name_every_spin_once(order, seed):
    model = from_graph(nx.gnm_random_graph(40, 45, seed=seed), seed=seed)
    indptr, indices = model.J.indptr, model.J.indices
    neighbours = [indices[a:b].tolist() for a, b in pairwise(indptr)]
    assert sorted(order(model.J, neighbours, 40)) == list(range(40))


@pytest.mark.parametrize("seed", range(6))
def test_buckets_follow_their_children_and_hold_every_coupling(seed):
    model = from_graph(nx.gnm_random_graph(40, 70, seed=seed), seed=seed)
    tree = bucket_tree(model.J, max_width=30)
    assert sorted(tree.spins.tolist()) == list(range(40))
    held, sizes = set(), np.ones(40, dtype=int)
    for k, parent in enumerate(tree.parents.tolist()):
        separator = tree.separators[tree.starts[k] : tree.starts[k + 1]].tolist()
        assert separator == sorted(separator) and all(other > k for other in separator)
        assert parent == (separator[0] if separator else -1)
        if separator:
            above = tree.separators[tree.starts[parent] : tree.starts[parent + 1]]
            assert set(separator[1:]) <= set(above.tolist())
            sizes[parent] += sizes[k]
        held |= {frozenset(tree.spins[[k, other]].tolist()) for other in separator}
    rows, cols, _ = model.edges()
    assert {frozenset(pair) for pair in zip(rows.tolist(), cols.tolist(), strict=True)} <= held
    for k, parent in enumerate(tree.parents.tolist()):  # subtrees are unbroken
        assert parent < 0 or k > parent - sizes[parent]


@pytest.mark.parametrize(("graph", "width"), [
    (nx.path_graph(50), 1), (nx.star_graph(50), 1), (nx.cycle_graph(50), 2),
    (nx.complete_graph(8), 7), (nx.grid_2d_graph(4, 50), 4), (nx.empty_graph(5), 0),
    (nx.circular_ladder_graph(30), 4), (nx.complete_bipartite_graph(3, 40), 3),
], ids=str)  # fmt: skip
def test_width_of_known_graphs(graph, width):
    """Equal to the treewidth, or for the ladder to that of the strip it is cut into."""
    assert Elimination(from_graph(graph, seed=1)).width == width


# --- refusals


@pytest.mark.parametrize("beta", [np.inf, -np.inf, np.nan])
def test_beta_must_be_finite(beta):
    with pytest.raises(ValueError, match=r"beta must be finite, got .*see exact_ground_state"):
        exact.exact_log_z(random_model(3, seed=1), beta)


def test_sums_that_overflow_are_refused():
    model = IsingModel.from_edges([0, 1], [1, 2], [4e307, 4e307])
    with pytest.raises(ValueError, match="divide the weights by a common factor"):
        exact.exact_marginals(model, 1.0)
    with pytest.raises(ValueError, match="divide the weights by a common factor"):
        exact.exact_ground_state(model)


@pytest.mark.parametrize(("value", "message"), [(-1, "must be >= 0"), (41, "must be <= 40")])
def test_max_width_out_of_range(value, message):
    with pytest.raises(ValueError, match=f"max_width {message}"):
        exact.exact_log_z(random_model(3, seed=1), 1.0, max_width=value)
    with pytest.raises(TypeError, match="max_width must be an integer"):
        exact.exact_log_z(random_model(3, seed=1), 1.0, max_width=2.5)


@pytest.mark.parametrize(("graph", "width"), [
    (nx.complete_graph(26), 25),  # by its core
    (nx.grid_graph((6, 6, 6)), 21),  # no core, found on the way
    (nx.complete_graph(200), 199),
])  # fmt: skip
def test_wide_models_are_refused_with_a_number(graph, width):
    with pytest.raises(TooWide, match=r"max_width is 20, .* 2\*\*") as refusal:
        exact.exact_log_z(from_graph(graph, seed=1), 1.0)
    assert refusal.value.width >= width
    assert "pbit.clamp" in str(refusal.value)


def test_a_dense_model_of_24_spins_is_not_too_wide():
    model = random_model(20, seed=4, density=1.0)
    energies = -0.7 * exact.exact_energies(model)
    log_z = energies.max() + np.log(np.exp(energies - energies.max()).sum())
    assert exact.exact_log_z(model, 0.7) == pytest.approx(log_z, rel=1e-12)


@pytest.mark.parametrize("sum_over", [
    lambda model: exact.exact_log_z(model, 1.0),
    lambda model: exact.exact_marginals(model, 1.0),
    exact.exact_ground_state,
])  # fmt: skip
def test_tables_beyond_memory_are_refused_before_they_are_made(monkeypatch, sum_over):
    monkeypatch.setattr("pbit.exact.elimination.memory_bytes", lambda: 2.0**11)
    with pytest.raises(MemoryError, match=r"tables of width 6 need about 0\.0 GiB"):
        sum_over(from_graph(nx.complete_graph(7), seed=1))


def test_sums_that_are_not_kept_need_little_memory():
    """log Z drops a table once it is read: a strip needs no more than its width asks for."""
    exact_sum = Elimination(from_graph(nx.grid_2d_graph(8, 300), seed=1))
    needed, kept = exact_sum._stack()[1], np.sum(2.0**exact_sum._sizes)
    assert needed <= 4 * 2**exact_sum.width < kept / 20


def test_dimod_agrees_on_the_sign():
    bqm = dimod.BQM.from_ising({"a": 1.0}, {("a", "b"): -1.0})
    energy, spins = exact.exact_ground_state(IsingModel.from_bqm(bqm))
    assert energy == bqm.energy({"a": int(spins[0]), "b": int(spins[1])}) == -2.0
