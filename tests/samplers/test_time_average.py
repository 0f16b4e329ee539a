"""Averages over the time of a chip: telegraph junctions against their exact chain, delays against
known numbers, the interface.

False alarms: Hotelling's T^2 of independent reads at a nominal alpha of 1e-8 each; the table of
delays at 5 standard errors, 1e-5 in all. Other laws: tests/engines/test_asynchronous.py.
"""

import numpy as np
import pytest

from pbit import Control, Hardware, IsingModel, time_average
from pbit.exact import exact_boltzmann
from pbit.exact.continuous import exact_generator, exact_stationary_law
from pbit.hardware.chip import Chip
from pbit.problems.logic.gates.library import AND
from random_models import hotelling_p_value, random_model
from telegraph_chain import TelegraphChain

ALPHA = 1e-8
TELEGRAPH = Hardware(dynamics="telegraph", tau_spread=0.4, seed=2)


def distance(p, q):
    return 0.5 * np.abs(p - q).sum()


@pytest.mark.parametrize(
    ("model", "beta"),
    [
        (AND.model, 0.5),
        (random_model(3, seed=12), 1.0),
        pytest.param(random_model(4, seed=4), 1.0, marks=pytest.mark.slow),
        pytest.param(random_model(4, seed=5), 0.7, marks=pytest.mark.slow),
    ],
)
def test_telegraph_junctions_follow_their_chain(model, beta):
    """Thresholds that persist: not Boltzmann, without any lag; nor what a beta 10 % off gives.

    A burn-in of 200 tau leaves exp(-200 gap) of the start, the gap that of the exact chain where it
    is small enough to be known.
    """
    tau = Chip.of(TELEGRAPH, model).tau
    chain, wrong = (TelegraphChain(model, b, tau) for b in (beta, 1.1 * beta))
    if chain.generator.shape[0] < 200:
        rates = np.sort(-np.linalg.eigvals(chain.generator.toarray()).real)
        assert np.exp(-200 * rates[1]) < 1e-4
    result = time_average(
        model, beta, hardware=TELEGRAPH, num_sweeps=300, burn_in=200, num_reads=3000, seed=1
    )
    law = chain.stationary()
    assert hotelling_p_value(result.by_read, law) > ALPHA
    assert hotelling_p_value(result.by_read, wrong.stationary()) < ALPHA
    assert hotelling_p_value(result.by_read, exact_boltzmann(model, beta)) < ALPHA
    assert distance(law, exact_boltzmann(model, beta)) > 0.05
    assert "a threshold that persists" in result.info["law"]


def test_a_lone_telegraph_junction_is_a_pbit():
    """Nothing moves its input, so that P(+) = sigma(2 x); at beta = 0 it is a coin."""
    lone = IsingModel([0.4], [[0.0]])
    chain = TelegraphChain(lone, 1.0)
    np.testing.assert_allclose(chain.stationary(), exact_boltzmann(lone, 1.0))
    for beta in (1.0, 0.0):
        result = time_average(
            lone, beta, hardware=TELEGRAPH, num_sweeps=60, burn_in=40, num_reads=2000, seed=2
        )
        assert hotelling_p_value(result.by_read, exact_boltzmann(lone, beta)) > ALPHA


# Delay in units of tau: total variation from Boltzmann of an AND gate of heat-bath p-bits, from
# 3e5 events (10^5 tau) each.
DELAYS = {
    0.5: {0.05: 0.012, 0.1: 0.021, 0.25: 0.051, 0.5: 0.093, 1: 0.168, 2: 0.276},
    1.0: {0.05: 0.034, 0.1: 0.063, 0.25: 0.133, 0.5: 0.176, 1: 0.236, 2: 0.255},
}
SHOWN = [(beta, late) for beta in DELAYS for late in DELAYS[beta]]


def distance_at(beta, late, reads=800):
    """Total variation from Boltzmann, and its standard error for 10^5 tau."""
    result = time_average(
        AND.model, beta, hardware=Hardware(delay_s=late * 1e-9), num_sweeps=400, burn_in=150,
        num_reads=reads, seed=3,
    )  # fmt: skip
    off = result.states - exact_boltzmann(AND.model, beta)
    by_read = 0.5 * (result.by_read - exact_boltzmann(AND.model, beta)) @ np.sign(off)
    return distance(off, 0), by_read.std(ddof=1) * np.sqrt(250 / 1e5), reads * 250 / 1e5


@pytest.mark.parametrize(
    ("beta", "late"),
    [pytest.param(*case, marks=() if case[1] in (0.25, 1) else pytest.mark.slow) for case in SHOWN],
)
def test_delays_cost_what_is_known(beta, late):
    found, error, longer = distance_at(beta, late)
    assert abs(found - DELAYS[beta][late]) < 5 * error * np.sqrt(1 + 1 / longer) + 0.0005


def test_control_a_delay_is_told_from_another():
    """Twice the delay is 5 standard errors of the comparison off, at I0 = 0.5."""
    found, error, longer = distance_at(0.5, 0.5)
    assert abs(found - DELAYS[0.5][1]) > 5 * error * np.sqrt(1 + 1 / longer) + 0.0005


def test_without_delay_the_average_is_boltzmann():
    for dynamics in ("heat-bath", "arrhenius"):
        result = time_average(
            AND.model, 0.5, hardware=Hardware(dynamics=dynamics), num_sweeps=100, burn_in=40,
            num_reads=3000, seed=4,
        )  # fmt: skip
        generator = exact_generator(AND.model, 0.5, dynamics=dynamics)
        gap = np.sort(-np.linalg.eigvals(generator).real)[1]
        assert np.exp(-40 * gap) < 1e-4
        assert hotelling_p_value(result.by_read, exact_stationary_law(generator)) > ALPHA
        assert hotelling_p_value(result.by_read, exact_boltzmann(AND.model, 0.55)) < ALPHA


def test_errors_of_the_means_are_those_of_reads():
    """z of many p-bits' means against tanh(h): variance 1 within 5 standard deviations."""
    free = IsingModel(np.linspace(-1, 1, 200), np.zeros((200, 200)))
    result = time_average(
        free, 1.0, hardware=Hardware(), num_sweeps=60, burn_in=30, num_reads=200, seed=5
    )
    z = (result.spins - np.tanh(free.h)) / result.spins_error
    assert abs((z**2).mean() - 1) < 5 * np.sqrt(2 / 200) * 1.02
    assert result.states is None and result.by_read is None
    single = time_average(free, 1.0, hardware=Hardware(), num_sweeps=2, num_reads=1, seed=5)
    assert np.isnan(single.spins_error).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"burn_in": 10}, "burn_in must be >= 0 and < num_sweeps"),
        ({"num_sweeps": 0}, "num_sweeps must be"),
        ({"num_reads": 0}, "num_reads must be"),
        ({"order": "chromatic"}, "order must be 'auto' with hardware"),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        time_average(AND.model, 1.0, **{"hardware": Hardware(), "num_sweeps": 10, **options})


def test_states_of_many_spins_are_refused():
    many = IsingModel(np.zeros(17), np.zeros((17, 17)))
    with pytest.raises(ValueError, match="states are told apart up to 16 spins"):
        time_average(many, 1.0, hardware=Hardware(), num_sweeps=10, states=True)


def test_an_interrupt_leaves_nothing_to_average():
    with pytest.raises(ValueError, match="no read came to its end"):
        time_average(
            random_model(200, seed=1), 1.0, hardware=Hardware(), num_sweeps=10**6, num_reads=2,
            seed=1, control=Control(interrupt=lambda: True),
        )  # fmt: skip
