"""Exact laws in continuous time: detailed balance, known tables, limits that close the circle."""

import numpy as np
import pytest
from scipy.linalg import expm

from pbit import DirectedModel, IsingModel
from pbit.exact import exact_boltzmann, exact_law, state_number, states
from pbit.exact.continuous import (
    PBits,
    exact_continuous_law,
    exact_generator,
    exact_stationary_law,
    exact_tick_matrix,
)
from pbit.problems.logic.gates.library import AND, FULL_ADDER
from random_models import random_model

DYNAMICS = ("heat-bath", "arrhenius")
SPREAD = PBits(
    gain=[1.2, 0.8, 1.1, 0.9, 1.3, 1.0],
    offset=[0.1, -0.3, 0.2, 0.0, 0.4, -0.1],
    tau=[1.0, 2.0, 0.5, 1.5, 0.7, 1.2],
)


def distance(p, q):
    return 0.5 * np.abs(p - q).sum()


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_detailed_balance(dynamics, glass):
    """pi(x) Q(x, y) is symmetric, whatever the time constants."""
    pi = exact_boltzmann(glass, 0.7)
    generator = exact_generator(glass, 0.7, dynamics=dynamics, pbits=PBits(tau=SPREAD.tau))
    flow = pi[:, None] * generator
    np.testing.assert_allclose(flow, flow.T, atol=1e-14)
    np.testing.assert_allclose(generator.sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(exact_stationary_law(generator), pi, atol=1e-12)


def test_control_gains_break_detailed_balance(glass):
    generator = exact_generator(glass, 0.7, pbits=SPREAD)
    flow = exact_stationary_law(generator)[:, None] * generator
    assert np.abs(flow - flow.T).max() > 1e-4


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_barriers_leave_the_law_where_the_cap_does_not_bite(exponent, glass):
    """Until x reaches ``exponent * barrier`` both shapes obey detailed balance."""
    pbits = PBits(barrier=30.0, barrier_exponent=exponent)
    generator = exact_generator(glass, 0.7, dynamics="arrhenius", pbits=pbits)
    np.testing.assert_allclose(
        exact_stationary_law(generator), exact_boltzmann(glass, 0.7), atol=1e-12
    )
    if exponent == 2:  # exp(-m x - x**2 / 4 D)
        free = exact_generator(glass, 0.7, dynamics="arrhenius")
        x = 0.7 * glass.field(states(6))[:, 0]
        away = np.arange(64) ^ 1
        ratio = generator[np.arange(64), away] / free[np.arange(64), away]
        np.testing.assert_allclose(ratio, np.exp(-(x**2) / (4 * 30.0)), rtol=1e-12)


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_each_pbit_has_its_own_barrier(exponent, glass):
    """Column i of the rates is that of a network whose barriers are all the i-th one's."""
    n = glass.num_spins
    barriers = np.linspace(1.0, 6.0, n)
    if exponent == 1:
        barriers[-1] = np.inf  # none
    own = PBits(barrier=barriers, barrier_exponent=exponent)
    Q = exact_generator(glass, 1.5, dynamics="arrhenius", pbits=own)
    x = np.arange(2**n)
    for i, barrier in enumerate(barriers):
        alike = PBits(barrier=barrier, barrier_exponent=exponent)
        same = exact_generator(glass, 1.5, dynamics="arrhenius", pbits=alike)
        assert np.array_equal(Q[x, x ^ (1 << i)], same[x, x ^ (1 << i)])
    mean = PBits(barrier=3.5, barrier_exponent=exponent)
    assert not np.allclose(Q, exact_generator(glass, 1.5, dynamics="arrhenius", pbits=mean))


def test_a_low_barrier_caps_the_rates():
    strong = IsingModel([3.0], [[0.0]])
    low = exact_generator(strong, 1.0, dynamics="arrhenius", pbits=PBits(barrier=2.0))
    assert low[0, 1] == pytest.approx(np.exp(2.0))
    assert low[1, 0] == pytest.approx(np.exp(-3.0))


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_law_after_a_time_is_the_matrix_exponential(dynamics, glass):
    start = np.array([1, -1, 1, 1, -1, -1])
    law = exact_continuous_law(glass, [0.3, 0.9], start=start, dynamics=dynamics, pbits=SPREAD)
    p = np.eye(64)[state_number(start)]
    for beta in (0.3, 0.9):
        p = p @ expm(exact_generator(glass, beta, dynamics=dynamics, pbits=SPREAD))
    np.testing.assert_allclose(law, p, atol=1e-12)


def test_one_spin_relaxes_as_it_should():
    """<m>(t) = tanh x + (m0 - tanh x) exp(-r t), r = 1 and 2 cosh x."""
    one, x = IsingModel([0.8], [[0.0]]), 0.8
    for dynamics, rate in (("heat-bath", 1.0), ("arrhenius", 2 * np.cosh(x))):
        law = exact_continuous_law(one, [1.0] * 2, start=[-1], dynamics=dynamics)
        mean = np.tanh(x) + (-1 - np.tanh(x)) * np.exp(-2 * rate)
        assert law[1] - law[0] == pytest.approx(mean, abs=1e-12)


def test_directed_couplings_feel_what_acts_on_them():
    """0 drives 1: the law of 0 is that of a free p-bit, 1 follows."""
    pair = DirectedModel.from_edges([0], [1], [2.0])
    law = exact_stationary_law(exact_generator(pair, 1.0))
    assert law[1] + law[3] == pytest.approx(0.5)
    assert law[3] > 0.35
    back = DirectedModel.from_edges([1], [0], [2.0])
    np.testing.assert_allclose(exact_stationary_law(exact_generator(back, 1.0)), law[[0, 2, 1, 3]])


def test_stuck_pbits_stay():
    pair = IsingModel.from_edges([0], [1], [1.0])
    pbits = PBits(stuck=[0, -1])
    law = exact_continuous_law(pair, [1.0] * 40, start=[1, 1], pbits=pbits)
    np.testing.assert_allclose(law, exact_stationary_law(exact_generator(pair, 1.0, pbits=pbits)))
    np.testing.assert_allclose(law, [1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2)), 0, 0], atol=1e-12)


def test_resolution_and_transfer_act_where_they_are():
    model = IsingModel([0.34], [[0.0]])
    pbits = PBits(gain=2.0, offset=0.1, quantise=lambda x: np.round(x / 0.1) * 0.1, transfer=np.sin)
    law = exact_stationary_law(exact_generator(model, 1.0, pbits=pbits))
    assert law[1] - law[0] == pytest.approx(np.sin(0.7))


def test_random_subset_ticks_are_those_of_the_sweep_matrices(glass):
    matrix = exact_tick_matrix(glass, 0.6, update_fraction=0.3)
    old = exact_law(glass, [0.6] * 3, order="random-subset", update_fraction=0.3)
    law = np.full(64, 1 / 64) @ np.linalg.matrix_power(matrix, 3)
    np.testing.assert_allclose(law, old, atol=1e-14)
    # A tick of length t redraws with probability 1 - exp(-t).
    tick = -np.log(0.7)
    np.testing.assert_allclose(exact_tick_matrix(glass, 0.6, tick=tick), matrix, atol=1e-14)


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_short_ticks_are_the_generator(dynamics, glass):
    """(P - 1) / t = Q + O(t); and the law after a sweep of ticks follows them."""
    errors = []
    for tick in (1e-3, 1e-4):
        matrix = exact_tick_matrix(glass, 0.6, tick=tick, dynamics=dynamics, pbits=SPREAD)
        generator = exact_generator(glass, 0.6, dynamics=dynamics, pbits=SPREAD)
        errors.append(np.abs((matrix - np.eye(64)) / tick - generator).max())
    assert errors[1] < 0.11 * errors[0]
    law = exact_continuous_law(glass, [0.6, 0.6], tick=0.4, dynamics=dynamics, pbits=SPREAD)
    matrix = exact_tick_matrix(glass, 0.6, tick=0.4, dynamics=dynamics, pbits=SPREAD)
    np.testing.assert_allclose(law, np.full(64, 1 / 64) @ np.linalg.matrix_power(matrix, 5))


# Total variation from Boltzmann, to the digits given.
SUBSETS = {
    ("AND", 0.5): {0.5: ".078", 0.2: ".0225", 0.1: ".0102", 0.05: ".0049", 0.01: ".0009"},
    ("AND", 1.0): {0.5: ".176", 0.2: ".0805", 0.1: ".0421", 0.05: ".0215", 0.01: ".0044"},
    ("FA", 0.5): {0.5: ".155", 0.2: ".048", 0.1: ".023", 0.05: ".011", 0.01: ".0021"},
    ("FA", 1.0): {0.5: ".196", 0.2: ".054", 0.1: ".024", 0.05: ".0115", 0.01: ".0022"},
}
PPSL = {
    ("AND", 0.5): {
        0.5: ".385", 1 / 6: ".073", 0.1: ".038", 0.05: ".018", 0.02: ".0068", 0.01: ".0034"
    },
    ("AND", 1.0): {
        0.5: ".886", 1 / 6: ".122", 0.1: ".050", 0.05: ".019", 0.02: ".0068", 0.01: ".0033"
    },
    ("FA", 1.0): {
        0.5: "1.00", 1 / 6: "1.00", 0.1: "1.00", 0.05: ".58", 0.02: ".016", 0.01: ".0073"
    },
}  # fmt: skip
GATES = {"AND": AND, "FA": FULL_ADDER}


def agrees(value, printed):
    """Equal to the printed digits."""
    digits = len(printed.split(".")[1])
    return abs(value - float(printed)) <= 0.5000001 * 10.0**-digits


@pytest.mark.parametrize(("gate", "beta"), SUBSETS)
def test_random_subset_table(gate, beta):
    model = GATES[gate].model
    for fraction, printed in SUBSETS[gate, beta].items():
        law = exact_stationary_law(exact_tick_matrix(model, beta, update_fraction=fraction))
        assert agrees(distance(law, exact_boltzmann(model, beta)), printed), (fraction, printed)


@pytest.mark.parametrize(("gate", "beta"), PPSL)
def test_parallel_arrhenius_table(gate, beta):
    model = GATES[gate].model
    for tick, printed in PPSL[gate, beta].items():
        law = exact_stationary_law(exact_tick_matrix(model, beta, tick=tick, dynamics="arrhenius"))
        assert agrees(distance(law, exact_boltzmann(model, beta)), printed), (tick, printed)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: PBits(tau=0.0), "tau must be > 0"),
        (lambda m: PBits(barrier=0.0), "barrier must be > 0"),
        (lambda m: PBits(barrier=[1.0, 0.0]), "barrier must be > 0, got 0.0"),
        (lambda m: PBits(barrier=[1.0, np.inf], barrier_exponent=2.0), "needs a finite barrier"),
        (lambda m: PBits(barrier_exponent=2.0), "needs a finite barrier"),
        (lambda m: exact_generator(random_model(11, seed=1), 1.0), "at most 10 spins"),
        (lambda m: exact_generator(m, np.inf), "beta must be >= 0 and finite"),
        (lambda m: exact_generator(m, 1.0, dynamics="telegraph"), "heat-bath or arrhenius"),
        (lambda m: exact_tick_matrix(m, 1.0), "one of them"),
        (lambda m: exact_tick_matrix(m, 1.0, tick=0.0), "tick must be > 0"),
        (lambda m: exact_tick_matrix(m, 1.0, update_fraction=2.0), "update_fraction must be"),
        (lambda m: exact_stationary_law([[1.0, 1.0], [0.0, 1.0]]), "rows must sum to 0"),
    ],
)
def test_errors(call, message, glass):
    with pytest.raises(ValueError, match=message):
        call(glass)
