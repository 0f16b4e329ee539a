"""The Ising model: energies, conventions, conversions, refusals."""

import dimod
import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from pbit import IsingModel
from pbit.exact import states
from random_models import random_model


def dense_energy(model, s):
    return -0.5 * s @ model.J.toarray() @ s - model.h @ s + model.offset


def test_energy_and_field_are_the_formula():
    model = random_model(7, seed=1)
    all_states = states(7)
    expected = [dense_energy(model, s.astype(float)) for s in all_states]
    assert np.allclose(model.energy(all_states), expected, atol=1e-12)
    flipped = all_states.copy()
    flipped[:, 3] *= -1
    cost = model.energy(flipped) - model.energy(all_states)
    assert np.allclose(cost, 2 * all_states[:, 3] * model.field(all_states)[:, 3])


def test_positive_coupling_is_ferromagnetic():
    model = IsingModel.from_edges([0], [1], [2.0])
    assert model.energy([1, 1]) == -2.0
    assert model.energy([1, -1]) == 2.0


def test_duplicate_edges_add_up_in_either_direction():
    model = IsingModel.from_edges([0, 1, 0], [1, 0, 1], [1.0, 2.0, 4.0])
    assert model.J[0, 1] == model.J[1, 0] == 7.0
    assert model.num_couplings == 1


def test_edges_that_cancel_leave_no_coupling():
    model = IsingModel.from_edges([0, 0], [1, 1], [1.0, -1.0])
    assert model.num_couplings == 0
    assert model.num_spins == 2


def test_energies_of_many_states_go_in_blocks():
    model = random_model(3, seed=2)
    s = np.tile(states(3), (100, 1)).reshape(20, 40, 3)
    assert np.allclose(model.energy(s).ravel(), np.tile(model.energy(states(3)), 100))


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_bqm_round_trip_keeps_every_energy(vartype):
    rng = np.random.default_rng(3)
    labels = ["a", 0, ("b", 1), "c", (("d",),)]
    bqm = dimod.BinaryQuadraticModel(vartype)
    for v in labels:
        bqm.add_linear(v, float(rng.normal()))
    for i in range(5):
        for j in range(i):
            bqm.add_quadratic(labels[i], labels[j], float(rng.normal()))
    bqm.offset = 1.25
    model = IsingModel.from_bqm(bqm)
    assert list(model.labels) == labels
    s = states(5)
    values = s if vartype == "SPIN" else (s + 1) // 2
    assert np.allclose(model.energy(s), bqm.energies((values, labels)))
    assert np.allclose(model.to_bqm().energies((s, labels)), bqm.energies((values, labels)))


def test_ising_dictionaries_have_dimods_sign():
    h = {"a": 0.5, "b": -1.0}
    J = {("a", "b"): 2.0, ("b", "c"): -1.0}
    model = IsingModel.from_ising(h, J, 0.25)
    bqm = dimod.BQM.from_ising(h, J, 0.25)
    s = states(3)
    assert np.allclose(model.energy(s), bqm.energies((s, list(model.labels))))
    assert IsingModel.from_ising([1.0, 2.0], {(0, 1): 1.0}).h.tolist() == [-1.0, -2.0]
    assert IsingModel.from_ising(*model.to_ising()).to_ising() == model.to_ising()


@pytest.mark.parametrize("kind", ["dict", "dense", "sparse"])
def test_qubo_energies(kind):
    rng = np.random.default_rng(4)
    Q = rng.normal(size=(6, 6))
    given = {
        "dict": {(i, j): Q[i, j] for i in range(6) for j in range(6)},
        "dense": Q,
        "sparse": sparse.csr_array(Q),
    }[kind]
    model = IsingModel.from_qubo(given, 0.5)
    s = states(6)
    x = (s + 1) // 2
    expected = np.einsum("ki,ij,kj->k", x, Q, x) + 0.5
    assert np.allclose(model.energy(s), expected)
    back, offset = model.to_qubo()
    assert np.allclose(np.einsum("ki,ki->k", x, (back.T @ x.T).T) + offset, expected)


def test_networkx_round_trip():
    graph = nx.Graph()
    graph.add_node("isolated", bias=0.5)
    graph.add_edge("a", "b", weight=-1.5)
    graph.add_edge("b", "c")
    model = IsingModel.from_networkx(graph)
    assert model.num_couplings == 2
    assert model.energy(np.ones(4)) == -0.5 + 1.5 - 1.0
    again = IsingModel.from_networkx(model.to_networkx())
    assert np.allclose(again.J.toarray(), model.J.toarray())
    with pytest.raises(ValueError, match="graph must be undirected"):
        IsingModel.from_networkx(nx.DiGraph([(0, 1)]))


def test_sparse_input_is_not_changed():
    J = sparse.csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
    before = J.copy()
    IsingModel(np.zeros(2), J)
    assert (J != before).nnz == 0


@pytest.mark.parametrize(
    ("h", "J", "message"),
    [
        ([0, 0], [[0, 1], [2, 0]], r"J must be symmetric, got J\[0, 1\] = 1.0"),
        ([0, 0], [[0, 1], [0, 0]], "J must be symmetric"),
        ([0, 0], [[1, 0], [0, 0]], r"empty diagonal, got J\[0, 0\] = 1"),
        ([0, 0], [[0, np.nan], [np.nan, 0]], "J must be finite, got nan"),
        ([np.inf, 0], [[0, 0], [0, 0]], "h must be finite, got inf"),
        ([0, 0, 0], [[0, 1], [1, 0]], "J must have shape"),
        ([0], [0], "J must be a square matrix"),
        ([[0]], [[0]], "h must be one-dimensional"),
    ],
)
def test_bad_arrays_are_refused(h, J, message):
    with pytest.raises(ValueError, match=message):
        IsingModel(h, J)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0], [0], [1.0]), "spin 0 is coupled to itself"),
        (([0], [-1], [1.0]), "spin index -1 is out of range"),
        (([0.5], [1], [1.0]), "spin indices must be integers"),
        (([0], [1, 2], [1.0]), "rows, cols and weights must have one length"),
    ],
)
def test_bad_edges_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        IsingModel.from_edges(*arguments)


def test_other_refusals():
    with pytest.raises(ValueError, match="index 7 is out of range"):
        IsingModel.from_edges([0], [7], [1.0], num_spins=5)
    with pytest.raises(ValueError, match="labels must be distinct"):
        IsingModel([0, 0], np.zeros((2, 2)), labels=["a", "a"])
    with pytest.raises(ValueError, match="labels must name each"):
        IsingModel([0, 0], np.zeros((2, 2)), labels=["a"])
    with pytest.raises(ValueError, match="offset must be finite"):
        IsingModel([0], np.zeros((1, 1)), offset=np.nan)
    with pytest.raises(ValueError, match="Q must be a square"):
        IsingModel.from_qubo(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="last axis 2"):
        IsingModel([0, 0], np.zeros((2, 2))).energy([1, 1, 1])
    with pytest.raises(ValueError, match="for bits x"):
        IsingModel([0, 0], np.zeros((2, 2))).energy([0, 1])


def test_the_model_shares_nothing_with_its_input():
    J = sparse.csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
    model = IsingModel(np.zeros(2), J)
    J.data[0] = 7.0
    assert model.J[0, 1] == 1.0


def test_small_integer_types_do_not_overflow():
    model = IsingModel.from_edges(np.array([255], np.uint8), np.array([0], np.uint8), [1.0])
    assert model.num_spins == 256
    Q = sparse.coo_array(np.array([[1, 3], [0, 0]], dtype=np.uint8))
    assert IsingModel.from_qubo(Q).energy([1, 1]) == 4.0


def test_networkx_keeps_the_offset():
    model = IsingModel([0.0], np.zeros((1, 1)), offset=2.5)
    assert IsingModel.from_networkx(model.to_networkx()).offset == 2.5
