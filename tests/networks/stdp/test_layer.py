"""A layer against one written in plain loops; winners, order, seeds, homeostasis, refusals."""

import math
import re

import numpy as np
import pytest

from pbit.checks import TooLargeError
from pbit.devices.synapses import BinaryJunction, LinearSynapse, SynapseVariation
from pbit.networks.stdp import Neurons, SimplifiedSTDP, WinnerTakeAll, poisson_events

STEPS = 5
LINEAR = LinearSynapse(1e-6, 2e-6, num_steps=STEPS)
NEURONS = Neurons(
    threshold=0.4,
    leak_s=0.05,
    inhibition_s=0.004,
    refractory_s=0.01,
    raised_by=0.05,
    raised_s=0.3,
)
RULE = SimplifiedSTDP(0.01)


def events(*, num_inputs, count, seed):
    """Several events at a time, some twice."""
    rng = np.random.default_rng(seed)
    times = np.repeat(np.cumsum(rng.exponential(1e-3, count // 4)), 4)
    return times, rng.integers(0, num_inputs, len(times))


def slow_feed(weights, times, inputs, *, learn=True):
    """Every neuron by itself, every event a loop: spikes, weights and raised thresholds."""
    n, m = weights.shape
    levels = [[2 * g - 1 for g in row] for row in weights.tolist()]
    v, until, raised, last = [0.0] * n, [0.0] * n, [0.0] * n, [-math.inf] * m
    spikes, now, k = [], 0.0, 0
    while k < len(times):
        gap, now = times[k] - now, times[k]
        charge = [0.0] * n
        while k < len(times) and times[k] == now:
            last[inputs[k]] = now
            for j in range(n):
                charge[j] += (1 + levels[j][inputs[k]]) / 2 / m
            k += 1
        best, winner = 1.0, None
        for j in range(n):
            if learn:
                raised[j] *= math.exp(-gap / NEURONS.raised_s)
            v[j] *= math.exp(-gap / NEURONS.leak_s)
            if until[j] <= now:
                v[j] += charge[j]
                over = v[j] / (NEURONS.threshold + raised[j])
                if over >= best and (winner is None or over > best):
                    best, winner = over, j
        if winner is None:
            continue
        spikes.append((now, winner))
        v[winner] = 0.0
        for j in range(n):
            hold = NEURONS.refractory_s if j == winner else NEURONS.inhibition_s
            until[j] = max(until[j], now + hold)
        if learn:
            raised[winner] += NEURONS.raised_by
            for i in range(m):
                step = 1 if now - last[i] <= RULE.window_s else -1
                levels[winner][i] = min(1.0, max(0.0, levels[winner][i] + step / STEPS))
    return spikes, (1 + np.array(levels)) / 2, np.array(raised)


def layer_of(shape, *, device=LINEAR, seed=1, **more):
    return WinnerTakeAll(shape, device, neurons=NEURONS, rule=RULE, seed=seed, **more)


@pytest.mark.parametrize("learn", [True, False])
def test_events_as_by_plain_loops(learn):
    """Spikes, synapses, thresholds; a window, an inhibition or a leak that differ a little give
    other spikes, so the stream has power."""
    times, inputs = events(num_inputs=12, count=2400, seed=4)
    layer = layer_of((4, 12))
    spikes, weights, raised = slow_feed(layer.weights, times, inputs, learn=learn)
    found = layer.feed(times, inputs, learn=learn)
    assert len(spikes) > 30 and len({winner for _, winner in spikes}) > 1
    assert list(zip(found.times_s, found.neurons, strict=True)) == spikes
    np.testing.assert_allclose(layer.weights, weights, atol=1e-12)
    np.testing.assert_allclose(layer.raised, raised, atol=1e-12)
    assert layer.num_pulses == (12 * len(spikes) if learn else 0)


@pytest.mark.parametrize(
    ("neurons", "rule"),
    [
        ({"leak_s": 0.06}, RULE),
        ({"inhibition_s": 0.006}, RULE),
        ({"refractory_s": 0.014}, RULE),
        ({"raised_s": 0.2}, RULE),
        ({}, SimplifiedSTDP(0.011)),
    ],
)
def test_another_layer_gives_other_spikes(neurons, rule):
    times, inputs = events(num_inputs=12, count=2400, seed=4)
    other = Neurons(**(vars(NEURONS) | neurons))
    layer = WinnerTakeAll((4, 12), LINEAR, neurons=other, rule=rule, seed=1)
    spikes, _, _ = slow_feed(layer.weights, times, inputs)
    found = layer.feed(times, inputs)
    assert list(zip(found.times_s, found.neurons, strict=True)) != spikes


def test_who_spikes_first_is_the_argmax_of_the_dense_product():
    """By exact sums, for rows of any brightness, with devices that differ and thresholds that do;
    without the thresholds it is somebody else for some rows."""
    rng = np.random.default_rng(2)
    layer = WinnerTakeAll(
        (20, 30),
        BinaryJunction(),
        neurons=Neurons(threshold=0.2),
        variation=SynapseVariation(conductance_d2d=0.3, window_d2d=0.3),
        seed=2,
    )
    layer.raised[:] = rng.uniform(0, 0.1, 20)
    rows = rng.uniform(0.2, 1, (200, 30))
    others = 0
    for row, currents in zip(rows, layer.currents(rows), strict=True):
        sums = [math.fsum(pair) for pair in layer.weights * row]
        best = int(np.argmax(np.array(sums) / layer.thresholds))
        spikes = layer.show(row * 1000, seconds=0.1, learn=False)
        assert spikes.neurons[0] == best == currents.argmax()
        drive = 1000 * sums[best] / 30
        time = -0.1 * math.log(1 - layer.thresholds[best] / (0.1 * drive))
        assert spikes.times_s[0] == pytest.approx(time)
        others += int(np.argmax(sums) != best)
    assert others > 50


def test_many_small_events_become_a_current():
    """Ten neurons, thousands of regular packets: spikes as under the current, each of them later by
    no more than two packets, once for reaching the threshold and once for being let go."""
    rng = np.random.default_rng(3)
    layer = WinnerTakeAll(
        (10, 40),
        BinaryJunction(),
        neurons=Neurons(threshold=30.0, leak_s=0.1, inhibition_s=0.01, refractory_s=0.02),
        seed=8,
    )
    each = rng.integers(0, 5, 40)
    gap = 2.0**-12
    packets = np.arange(1, int(0.3 / gap))
    times = np.repeat(packets * gap, each.sum())
    fed = layer.feed(times, np.tile(np.repeat(np.arange(40), each), len(packets)), learn=False)
    shown = layer.show(each / gap, seconds=0.3, learn=False)
    late = fed.times_s - shown.times_s
    assert len(shown.times_s) > 10 and len(set(shown.neurons.tolist())) > 2
    np.testing.assert_array_equal(fed.neurons, shown.neurons)
    assert (np.abs(late) <= 2 * gap * np.arange(1, len(late) + 1)).all()


def test_permuted_inputs_give_permuted_synapses():
    times, inputs = events(num_inputs=12, count=1200, seed=5)
    order = np.random.default_rng(6).permutation(12)
    one, other = (layer_of((3, 12), start="low") for _ in range(2))
    spikes, same = one.feed(times, inputs), other.feed(times, np.argsort(order)[inputs])
    np.testing.assert_array_equal(spikes.neurons, same.neurons)
    np.testing.assert_array_equal(one.weights[:, order], other.weights)
    assert not np.array_equal(one.weights, other.weights)


def test_devices_are_numbered_and_follow_the_seed():
    """Those of the first neurons do not know how many follow; two streams are as one seed says."""
    binary = BinaryJunction().with_probability(0.3)
    few, many = (layer_of((size, 12), device=binary) for size in (3, 5))
    np.testing.assert_array_equal(few.weights, many.weights[:3])
    rows = np.random.default_rng(1).uniform(0, 400, (50, 12))

    def trained(seed):
        layer = layer_of((3, 12), device=binary, seed=seed)
        for row in rows:
            layer.show(row, seconds=0.05)
        return layer.weights

    np.testing.assert_array_equal(trained(1), trained(1))
    assert not np.array_equal(trained(1), trained(2))


def test_thresholds_rise_by_spikes_and_come_down_with_time():
    layer = layer_of((2, 4), start="high")
    spikes = layer.show(np.full(4, 100.0), seconds=0.03)
    wins = np.bincount(spikes.neurons, minlength=2)
    expected = NEURONS.raised_by * wins * math.exp(-0.03 / NEURONS.raised_s)
    np.testing.assert_allclose(layer.raised, expected)
    assert wins.sum() > 2 and abs(int(wins[0]) - int(wins[1])) <= 1  # equals take turns


def test_nobody_spikes_without_enough_input():
    layer = layer_of((2, 4))
    assert layer.show(np.zeros(4), seconds=1.0).times_s.shape == (0,)
    assert layer.feed([], []).neurons.dtype == np.int64
    assert len(layer.show(np.full(4, 7.9), seconds=1e3, learn=False).times_s) == 0  # 7.9 * 0.05


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda layer: layer.show(np.ones(3), seconds=1.0), "rates_Hz must have the shape (4,)"),
        (lambda layer: layer.show(-np.ones(4), seconds=1.0), "finite and >= 0, got -1.0"),
        (lambda layer: layer.show(np.full(4, np.nan), seconds=1.0), "finite and >= 0, got nan"),
        (lambda layer: layer.show(np.ones(4), seconds=0), "seconds must be a finite number > 0"),
        (lambda layer: layer.currents(np.ones(4)), "rows must have the shape (rows, 4)"),
        (lambda layer: layer.feed([1.0, 2.0], [0]), "addresses must be one for each time"),
        (lambda layer: layer.feed([1.0], [4]), "addresses must be from 0 to 3, got 4"),
        (lambda layer: layer.feed([1.0], [-1]), "addresses must be from 0 to 3, got -1"),
        (lambda layer: layer.feed([2.0, 1.0], [0, 0]), "times_s must ascend from 0 on"),
        (lambda layer: layer.feed([-1.0], [0]), "times_s must ascend from 0 on"),
        (lambda layer: layer.feed([0.0, np.nan], [0, 0]), "times_s must ascend from 0 on"),
        (lambda layer: SimplifiedSTDP(0.0), "window_s must be a finite number > 0"),
        (lambda layer: SimplifiedSTDP(raising=-1.0), "raising must be a finite number > 0"),
        (lambda layer: SimplifiedSTDP(lowering=1.0), "lowering must be a finite number < 0"),
        (lambda layer: Neurons(leak_s=0.0), "leak_s must be a finite number > 0"),
        (lambda layer: Neurons(inhibition_s=-1.0), "inhibition_s must be a finite number >= 0"),
        (lambda layer: poisson_events([-1.0], seconds=1.0, seed=1), "finite and >= 0"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call(layer_of((2, 4)))


def test_what_is_of_the_wrong_kind():
    with pytest.raises(TypeError, match="addresses must be integers, got float64"):
        layer_of((2, 4)).feed([1.0], [0.5])
    with pytest.raises(TypeError, match="device must be of type Synapse"):
        layer_of((2, 4), device=3)
    with pytest.raises(TypeError, match="neurons must be of type Neurons"):
        WinnerTakeAll((2, 4), LINEAR, neurons=3)
    with pytest.raises(TypeError, match="rule must be of type SimplifiedSTDP"):
        WinnerTakeAll((2, 4), LINEAR, rule=3)
    with pytest.raises(ValueError, match="shape must be >= 1, got 0"):
        layer_of((0, 4))
    with pytest.raises(TooLargeError, match="lower shape"):
        layer_of((2**20, 2**20))
    with pytest.raises(ValueError, match="state must be one of low, high, random"):
        layer_of((2, 4), start="up")
