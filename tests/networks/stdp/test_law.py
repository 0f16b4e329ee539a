"""The law of one synapse under stated spikes before and behind it, wrong laws told."""

import numpy as np
import pytest

from pbit.devices.synapses import BinaryJunction
from pbit.networks.stdp import Neurons, SimplifiedSTDP, WinnerTakeAll, poisson_events
from pbit.statistics import binomial_p_values, chi_square_p_value

ALPHA = 1e-6
MANY = 3000
TRIGGER = np.arange(10)
HISTORIES = ("RRSRSR", "SRRSSS", "RSRSRR")  # at each output spike: recent or silent
WINDOW_S, LATE_S = 0.5, 0.625  # exact in binary, the first one still in the window
DEVICE = BinaryJunction().with_probability(0.3)
LOWERING = -2.4e-5
UP, DOWN = (float(odds) for odds in DEVICE.odds([DEVICE.write_pulse, LOWERING], [False, True]))
RULE = SimplifiedSTDP(WINDOW_S, lowering=LOWERING)


def chain(start, history, up, down):
    """Chance of P after pulses."""
    chance = float(start)
    for each in history:
        chance = chance + up * (1 - chance) if each == "R" else chance * (1 - down)
    return chance


def joint(history, up, down):
    """Law of the states after the history and after it once more: four outcomes, from AP."""
    first = chain(0, history, up, down)
    then = [chain(state, history, up, down) for state in (0, 1)]
    return np.array(
        [(1 - first) * (1 - then[0]), (1 - first) * then[0], first * (1 - then[1]), first * then[1]]
    )


def stream():
    """Output spikes at 0, 1, 2, ... by some inputs at once; the others before, recent or late."""
    events = [(0.0, TRIGGER)]
    for k in range(len(HISTORIES[0])):
        for group, history in enumerate(HISTORIES):
            before = WINDOW_S if history[k] == "R" else LATE_S
            events.append((k + 1 - before, len(TRIGGER) + group * MANY + np.arange(MANY)))
        events.append((k + 1.0, TRIGGER))
    events.sort(key=lambda each: each[0])
    times = np.repeat([time for time, _ in events], [len(who) for _, who in events])
    return times, np.concatenate([who for _, who in events])


def states_after_two_streams(rule):
    """Joint outcome of every synapse, int (groups, MANY)."""
    layer = WinnerTakeAll(
        (1, len(TRIGGER) + len(HISTORIES) * MANY),
        DEVICE,
        neurons=Neurons(threshold=1e-9, refractory_s=0.9, raised_by=0.0),
        rule=rule,
        start="low",
        seed=7,
    )
    states = []
    for _ in range(2):
        np.testing.assert_array_equal(layer.feed(*stream()).times_s, np.arange(7.0))
        states.append(layer.weights[0, len(TRIGGER) :] == 1.0)
    return (2 * states[0] + states[1]).reshape(len(HISTORIES), MANY)


def p_values(found, up, down):
    """One for each history; the spike at 0 finds everybody silent."""
    laws = [joint("S" + history, up, down) for history in HISTORIES]
    return np.array([chi_square_p_value(*each) for each in zip(found, laws, strict=True)])


def test_states_follow_the_chain_of_the_stated_spikes():
    """Four joint outcomes of 3000 synapses each. Controls that fail on their own: probabilities
    taken for each other, 2 % apart in current; a window that is longer by one packet of spikes."""
    assert abs(UP - DOWN) > 0.05
    found = states_after_two_streams(RULE)
    assert p_values(found, UP, DOWN).min() > ALPHA / 3
    assert p_values(found, DOWN, UP).min() < ALPHA / 3
    longer = states_after_two_streams(SimplifiedSTDP(LATE_S, lowering=LOWERING))
    assert p_values(longer, UP, DOWN).max() < ALPHA / 3


SHARES = np.array([0.1, 0.3, 0.5, 0.9])


def stationary(shares, up, down):
    return shares * up / (shares * up + (1 - shares) * down)


def test_poisson_inputs_end_in_the_stationary_law():
    """60 output spikes forget the start (0.7^60). 4000 synapses of each rate tell probabilities
    that are taken for each other, and a window shorter by a fifth."""
    rates = np.repeat(-np.log1p(-SHARES) / WINDOW_S, 4000)
    layer = WinnerTakeAll(
        (1, len(rates)),
        DEVICE,
        neurons=Neurons(threshold=1e-3, refractory_s=1.0, raised_by=0.0),
        rule=RULE,
        seed=3,
    )
    spikes = layer.show(rates, seconds=60.0)
    assert len(spikes.times_s) >= 59 and np.diff(spikes.times_s).min() >= 1.0
    high = (layer.weights.reshape(4, -1) == 1.0).sum(axis=1)

    def least(law):
        return binomial_p_values(high, np.full(4, 4000), law).min()

    assert least(stationary(SHARES, UP, DOWN)) > ALPHA / 4
    assert least(stationary(SHARES, DOWN, UP)) < ALPHA / 4
    shorter = 1 - (1 - SHARES) ** 0.8
    assert least(stationary(shorter, UP, DOWN)) < ALPHA / 4


def crowd(output_spikes):
    """Layer after so many output spikes 0.2 s apart, the first at once, from low states."""
    layer = WinnerTakeAll(
        (1, CROWD),
        DEVICE,
        neurons=Neurons(threshold=1e-9, refractory_s=0.2, raised_by=0.0),
        rule=RULE,
        start="low",
        seed=5,
    )
    seconds = 0.2 * output_spikes - 0.1
    times = layer.show(np.full(CROWD, RATE_HZ), seconds=seconds).times_s
    np.testing.assert_allclose(times, 0.2 * np.arange(output_spikes), atol=1e-6)
    return int((layer.weights == 1.0).sum())


CROWD, RATE_HZ = 20_000, 1.5
SOON = -np.expm1(-RATE_HZ * 0.2)


def test_inputs_are_silent_before_a_row_is_shown():
    """Recent in 0.2 s, not in the whole window of 0.5 s, told by 20 000 synapses."""
    high = crowd(2)
    assert binomial_p_values([high], [CROWD], [SOON * UP])[0] > ALPHA
    whole = -np.expm1(-RATE_HZ * WINDOW_S)
    assert binomial_p_values([high], [CROWD], [whole * UP])[0] < ALPHA


def test_ages_within_a_window_know_of_each_other():
    """An input that spiked before the second output spike is recent at the third as well, against
    ages that are drawn anew."""
    both, last, first = (chain(0, each, UP, DOWN) for each in ("RR", "SR", "RS"))
    high = crowd(3)
    law = SOON * both + (1 - SOON) * SOON * last
    assert binomial_p_values([high], [CROWD], [law])[0] > ALPHA
    anew = SOON * SOON * both + (1 - SOON) * SOON * (last + first)
    assert binomial_p_values([high], [CROWD], [anew])[0] < ALPHA


def test_events_of_a_poisson_process():
    """The first output spike is at the k-th event: gamma law, by its mean over 300 streams (z).
    Rates off by a tenth are told."""
    n, rate, events = 20, 50.0, 100
    layer = WinnerTakeAll(
        (1, n),
        DEVICE,
        neurons=Neurons(threshold=(events - 0.5) / n, leak_s=1e9, refractory_s=1e3),
        start="high",
        seed=1,
    )
    firsts = [
        layer.feed(
            *poisson_events(np.full(n, rate), seconds=0.2, seed=2, turn=turn), learn=False
        ).times_s[0]
        for turn in range(300)
    ]
    error = np.sqrt(events) / (n * rate) / np.sqrt(300)
    assert abs(np.mean(firsts) - events / (n * rate)) < 4.9 * error
    assert abs(np.mean(firsts) - events / (n * rate * 1.1)) > 4.9 * error
    shown = layer.show(np.full(n, rate), seconds=1.0, learn=False).times_s[0]
    assert shown == pytest.approx((events - 0.5) / (n * rate))
