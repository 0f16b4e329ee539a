"""Weights that float64 cannot hold, and energies that it cannot, are refused."""

import copy

import dimod
import networkx as nx
import numpy as np
import pytest
from scipy import sparse

import pbit
from pbit import DirectedModel, IsingModel, PolynomialModel
from pbit.checks import ArgumentError
from pbit.hardware.correction import Correction
from pbit.measure.chip_sweep import success_of
from pbit.measure.tts.measure import time_to_solution
from pbit.measure.verification.verify import verify

ODD = 2**53 + 1  # float64 has 2**53 and 2**53 + 2
ROUNDED = r"must be exact in float64, got 9007199254740993 \(entry 0\); divide all weights"
HUGE = 1.7e308


def graph(weight, bias=0):
    made = nx.Graph()
    made.add_edge("a", "b", weight=weight)
    made.add_node("a", bias=bias)
    return made


CONSTRUCTORS = {
    "from_edges": lambda w: IsingModel.from_edges([0], [1], [w]),
    "from_edges, array": lambda w: IsingModel.from_edges([0], [1], np.array([w])),
    "from_edges, mixed": lambda w: IsingModel.from_edges([0, 1], [1, 2], [w, 0.5]),
    "from_edges, h": lambda w: IsingModel.from_edges([0], [1], [1], h=[w, 0]),
    "h": lambda w: IsingModel([w], [[0]]),
    "from_ising": lambda w: IsingModel.from_ising({}, {("a", "b"): w}),
    "from_ising, h": lambda w: IsingModel.from_ising({"a": w}, {}),
    "from_qubo": lambda w: IsingModel.from_qubo({("a", "b"): w}),
    "from_qubo, matrix": lambda w: IsingModel.from_qubo([[w, 0], [0, 0]]),
    "from_networkx": lambda w: IsingModel.from_networkx(graph(w)),
    "from_networkx, bias": lambda w: IsingModel.from_networkx(graph(1, w)),
    "from_terms": lambda w: PolynomialModel.from_terms({(0, 1, 2): w}),
    "from_arrays": lambda w: PolynomialModel.from_arrays([0, 3], [0, 1, 2], [w]),
    "directed": lambda w: DirectedModel.from_edges([0], [1], [w]),
    "directed, h": lambda w: DirectedModel([w], [[0]]),
}


@pytest.mark.parametrize("make", CONSTRUCTORS.values(), ids=CONSTRUCTORS)
def test_integers_that_float64_rounds_are_refused(make):
    make(2**53)
    make(float(ODD))  # rounded by who wrote it
    with pytest.raises(ArgumentError, match=ROUNDED):
        make(ODD)


@pytest.mark.parametrize("matrix", [[[0, ODD], [ODD, 0]], np.array([[0, ODD], [ODD, 0]])])
def test_a_matrix_of_them_is_refused(matrix):
    with pytest.raises(ArgumentError, match=r"exact in float64, got 9007199254740993 \(entry 1\)"):
        IsingModel([0.0, 0.0], matrix)


@pytest.mark.parametrize(
    "make",
    [
        lambda: IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1e308] * 3),
        lambda: IsingModel.from_edges([0], [1], [HUGE]),
        lambda: IsingModel([HUGE, HUGE], np.zeros((2, 2))),
        lambda: IsingModel([HUGE], [[0.0]], offset=HUGE),
        lambda: PolynomialModel.from_terms({(0, 1, 2): HUGE, (0,): HUGE}),
        lambda: PolynomialModel.from_terms({(0, 1, 2): HUGE}, offset=HUGE),
        lambda: DirectedModel.from_edges([0, 0], [1, 2], [HUGE, HUGE]),
    ],
)
def test_energies_beyond_float64_are_refused(make):
    with pytest.raises(ArgumentError, match="must have a finite sum of absolute values"):
        make()


THREE = IsingModel.from_edges([0, 1], [1, 2], [4e307, 4e307])


@pytest.mark.parametrize(
    "make",
    [
        THREE.to_qubo,
        PolynomialModel.from_terms({(0, 1, 2): 1e308}).to_hubo,
        PolynomialModel.from_terms({(0, 1): 4e307, (1, 2): 4e307}).to_hubo,
        lambda: IsingModel.from_qubo({(0, 1): HUGE, (1, 2): HUGE}),
        lambda: IsingModel.from_qubo(np.full((2, 2), HUGE)),
        lambda: IsingModel.from_qubo(sparse.csr_array([[0, HUGE], [-HUGE, HUGE]]), offset=HUGE),
        lambda: IsingModel.from_qubo({(0, 0): HUGE}, offset=HUGE),
        lambda: IsingModel.from_bqm(dimod.BQM({0: HUGE, 1: HUGE}, {(0, 1): HUGE}, "BINARY")),
        lambda: PolynomialModel.from_hubo({(0, 1, 2): HUGE, (0, 1): HUGE, (0,): HUGE}),
        lambda: pbit.solve(dimod.BQM({0: HUGE, 1: HUGE}, {(0, 1): HUGE}, "BINARY")),
    ],
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_conversions_beyond_float64_are_refused(make):
    with pytest.raises(ArgumentError, match="must have a finite sum of absolute values"):
        make()


def test_conversions_that_float64_holds_are_exact():
    model = IsingModel.from_edges([0, 1], [1, 2], [2.0**1019] * 2)
    Q, offset = model.to_qubo()
    x = np.array([1, 0, 1])
    assert x @ Q @ x + offset == model.energy(2 * x - 1)
    assert IsingModel.from_qubo(Q, offset) == model


def test_large_energies_that_are_numbers_are_right():
    model = IsingModel.from_edges([0], [1], [8e307])
    assert model.energy([[1, 1], [1, -1]]).tolist() == [-8e307, 8e307]


@pytest.mark.parametrize("weight", [1e-200, 1e-320, 1e150])
def test_moments_refuse_squares_beyond_float64(weight):
    model = IsingModel.from_edges([0], [1], [weight])
    with pytest.raises(ArgumentError, match="largest weight of 1e-140 to 1e\\+140"):
        pbit.moments(model, 1.0, num_sweeps=5, burn_in=1, num_reads=2, seed=1)


@pytest.mark.parametrize("weight", [1e-200, 1e200])
@pytest.mark.parametrize(
    "call",
    [
        lambda model: pbit.temper(model, num_sweeps=4, seed=1),
        lambda model: pbit.population_anneal(
            model, beta=1.0, population_size=9, decorrelation=0.1, seed=1
        ),
        lambda model: verify(model, 1.0, num_reads=9, seed=1),
        lambda model: time_to_solution(pbit.PBitSampler(), model, target=0.0, seed=1),
    ],
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_what_squares_energies_refuses_those_beyond_float64(call, weight):
    with pytest.raises(ArgumentError, match="largest weight of 1e-140 to 1e\\+140"):
        call(IsingModel.from_edges([0], [1], [weight]))


@pytest.mark.parametrize("scale", [2.0**-700, 2.0**700])
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_error_bars_of_large_and_small_energies(scale):
    """By a power of two nothing is rounded otherwise."""
    edges = ([0, 1, 2], [1, 2, 0])
    one, other = (
        pbit.population_anneal(
            IsingModel.from_edges(*edges, [w, -w, w]), beta=1 / w, population_size=50,
            num_populations=8, seed=1,
        )
        for w in (1.0, scale)
    )  # fmt: skip
    for values in ("energies", "spins"):
        unit = scale if values == "energies" else 1.0
        mean, error = one.mean(getattr(one, values))
        assert np.array_equal(other.mean(getattr(other, values))[0], mean * unit)
        assert np.array_equal(other.mean(getattr(other, values))[1], error * unit)
    energies = np.array([-3.0, -1.0, 1.0])
    found = success_of(energies * scale, -3.0 * scale)
    assert found.energy_error == success_of(energies, -3.0).energy_error * scale


@pytest.mark.parametrize("power", [-400, 400])
def test_errors_follow_the_scale(power):
    """By a power of two nothing is rounded otherwise."""
    one, other = (
        pbit.moments(
            IsingModel.from_edges([0], [1], [scale]), 0.5 / scale, num_sweeps=20, burn_in=2, seed=1
        )
        for scale in (1.0, 2.0**power)
    )
    assert other.energy_error == one.energy_error * 2.0**power > 0


def test_equal_corrections_are_equal():
    parts = (
        np.array([1.0, 2.0]),
        np.zeros(2),
        np.array([0.1, np.nan]),
        np.ones(2),
        np.zeros(2, bool),
    )
    one = Correction(*parts, 7)
    other = copy.deepcopy(one)
    assert one == other and hash(one) == hash(other)
    assert pbit.Hardware(correction=one) == copy.deepcopy(pbit.Hardware(correction=one))
    assert one != Correction(*parts, 8) and one != "a text"
    assert one != Correction(parts[0] + 1, *parts[1:], 7)
