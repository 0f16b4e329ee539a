"""What callers give for a model: taken where nothing is lost, else told what to do."""

import dimod
import networkx as nx
import numpy as np
import pytest
from scipy import sparse

import pbit
from pbit.models.taking import energetic, model_from
from pbit.problems.max_cut import MaxCut

BQM = dimod.BQM({"a": 0.5, "b": -1.0, "c": 0.0}, {"ab": 1.5, "bc": -0.5}, 0.25, "BINARY")
MODEL = pbit.IsingModel.from_bqm(BQM)
CUT = MaxCut(np.array([0]), np.array([1]), np.array([1.0]), range(2))


def test_bqms_and_polynomials_are_taken_with_their_energies():
    assert np.array_equal(model_from(BQM).h, MODEL.h)
    polynomial = dimod.BinaryPolynomial({"abc": 1.0, "a": -1.0}, "SPIN")
    model = model_from(polynomial)
    state = dict(zip("abc", (1, 1, -1), strict=True))
    assert model.energy([1, 1, -1]) == polynomial.energy(state)
    assert model_from(MODEL) is MODEL


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ({("a", "b"): 1.0}, ("got a dict", "IsingModel.from_qubo(Q)", "from_ising(h, J)")),
        (np.eye(3), ("ndarray of shape (3, 3)", "IsingModel(h, J)", "from_qubo(Q)")),
        ([[0, 1], [1, 0]], ("got a list", "IsingModel(h, J)")),
        (sparse.eye_array(3).tocsr(), ("csr_array", "IsingModel(h, J)")),
        ("G1.txt", ("the name 'G1.txt'", "pbit.read('G1.txt').model", "pbit.solve")),
        (nx.path_graph(3), ("a networkx Graph", "IsingModel.from_networkx(graph)")),
        (dimod.CQM(), ("ConstrainedQuadraticModel", "pbit.solve(cqm)")),
        (dimod.DQM(), ("DiscreteQuadraticModel", "DitModel.from_dqm(dqm)")),
        (CUT, ("the problem MaxCut", "its .model")),
        (None, ("got None (NoneType)",)),
        (3, ("got 3 (int)",)),
    ],
)
def test_others_are_refused_with_a_way_to_a_model(value, parts):
    with pytest.raises(TypeError) as raised:
        model_from(value)
    assert str(raised.value).startswith("model must be an IsingModel, a PolynomialModel or a dimod")
    for part in parts:
        assert part in str(raised.value)


def test_directed_networks_have_no_energy():
    directed = pbit.DirectedModel.from_edges([0], [1], [1.0])
    assert model_from(directed) is directed
    with pytest.raises(TypeError, match="got DirectedModel; other networks have no energy"):
        energetic(directed, to="lower")


CALLS = {
    "anneal": lambda model: pbit.anneal(model, seed=1, num_reads=3).energies,
    "descend": lambda model: pbit.descend(model, np.ones((1, 3))).energies,
    "temper": lambda model: pbit.temper(model, num_sweeps=10, seed=1).energies,
    "population": lambda model: pbit.population_anneal(model, beta=1.0, seed=1).log_z,
    "moments": lambda model: pbit.moments(model, 0.5, num_sweeps=9, burn_in=1, seed=1).energy,
    "trajectory": lambda model: pbit.trajectory(model, [0.5, 0.5], seed=1).spins,
    "time average": lambda model: (
        pbit.time_average(model, 0.5, hardware=pbit.Hardware(), num_sweeps=20, seed=1).spins
    ),
    "betas": pbit.default_beta_range,
    "schedule": lambda model: pbit.default_schedule(model).betas,
    "clamp": lambda model: pbit.clamp(model, {"a": 1}).model.h,
    "program": lambda model: pbit.Program.compile(model).run(num_sweeps=5, seed=1).spins,
    "energies": pbit.exact.exact_energies,
    "boltzmann": lambda model: pbit.exact.exact_boltzmann(model, 1.0),
    "ground states": lambda model: pbit.exact.exact_ground_states(model)[1],
    "law": lambda model: pbit.exact.exact_law(model, [1.0]),
    "synchronous": lambda model: pbit.exact.exact_synchronous(model, 1.0),
    "log Z": lambda model: pbit.exact.exact_log_z(model, 1.0),
    "marginals": lambda model: pbit.exact.exact_marginals(model, 1.0).means,
    "ground state": lambda model: pbit.exact.exact_ground_state(model)[1],
    "verify": lambda model: pbit.verification.verify(model, 0.5, num_reads=200, seed=1).beta,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_call_takes_a_bqm_and_refuses_a_dict(call):
    assert np.array_equal(call(BQM), call(MODEL))
    with pytest.raises(TypeError, match="must be an IsingModel, a PolynomialModel or a dimod BQM"):
        call({("a", "b"): 1.0})


@pytest.mark.parametrize(
    "sampler",
    [pbit.PBitSampler, pbit.AnnealingSampler, pbit.TemperingSampler, pbit.PopulationSampler],
)
def test_samplers_take_models(sampler):
    ours = sampler().sample(MODEL, seed=1)
    theirs = sampler().sample(MODEL.to_bqm(), seed=1)
    assert np.array_equal(ours.record, theirs.record) and ours.vartype is dimod.SPIN
    with pytest.raises(TypeError, match=r"got .* \(dict\); use sample_qubo\(Q\) for a QUBO"):
        sampler().sample({("a", "b"): 1.0})
    with pytest.raises(TypeError, match=r"use pbit.solve\(cqm\)"):
        sampler().sample(dimod.CQM())
    with pytest.raises(TypeError, match=r"bqm must be a dimod BQM or an IsingModel, got 3 \(int\)"):
        sampler().sample(3)


def test_edges_from_pairs():
    pairs = pbit.IsingModel.from_edges([(0, 1), (1, 2)], [1.0, -1.0])
    columns = pbit.IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    assert np.array_equal(pairs.J.toarray(), columns.J.toarray())
    assert pbit.IsingModel.from_edges([], [], num_spins=2).num_spins == 2
    with pytest.raises(ValueError, match="weights must be given with rows and cols, or with pairs"):
        pbit.IsingModel.from_edges([0, 1], [1, 2])


def test_indices_from_one_are_noticed(recwarn):
    with pytest.warns(UserWarning, match="no edge has spin 0"):
        pbit.IsingModel.from_edges([1, 2], [2, 3], [1.0, 1.0])
    recwarn.clear()
    for options in ({"num_spins": 4}, {"h": np.zeros(4)}):
        pbit.IsingModel.from_edges([1, 2], [2, 3], [1.0, 1.0], **options)
    pbit.IsingModel.from_edges([2], [3], [1.0])  # a part of a larger network
    assert not recwarn.list
