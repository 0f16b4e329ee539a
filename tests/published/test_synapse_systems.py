"""What experiments on single devices count, against plain loops and exact laws."""

import itertools

import numpy as np
import pytest

from pbit.devices.synapses import CompoundJunction
from pbit.devices.synapses.multilevel_stack import LEVELS, MultilevelStack
from pbit.devices.synapses.volatile_junction import VolatileJunction
from pbit.published import experiments
from pbit.published.aoki_multilevel import right
from pbit.published.levels import resolved, run
from pbit.published.sengupta_2016 import switched
from pbit.statistics import binomial_p_values

ALPHA = 1e-6
SYSTEMS = experiments()


def test_levels_are_counted_as_by_a_plain_loop():
    curves = np.random.default_rng(1).random((20, 40)).cumsum(axis=1) / 20
    expected = []
    for curve in curves:
        last, count = curve[0], 1
        for here in curve:
            if here > last + 0.2 - 1e-9:
                last, count = here, count + 1
        expected.append(count)
    assert resolved(curves, reading=0.05).tolist() == expected
    assert len(set(expected)) > 2


@pytest.mark.parametrize("name", ["chain", "stepped-strip", "notched-wall", "skyrmions", "stack"])
def test_no_device_has_more_levels_than_it_can_be_left_at(name):
    found = run(1, "small", None, device=name, pulses=60, d2d=0.0, c2c=0.0)
    assert 1 < found.value <= found.baseline


def test_devices_of_more_parts_have_more_levels():
    few, many = (
        run(1, "small", None, device="compound", pulses=40, changes={"num_junctions": parts}).value
        for parts in (3, 15)
    )
    assert few < many and CompoundJunction(num_junctions=3).num_levels == 4


@pytest.mark.parametrize("interval_s", [2e-9, 3.2e-9, 5e-9])
def test_trains_switch_as_their_law_says(interval_s):
    """4000 junctions against the product over pulses; sees intervals that are off by a fifth."""
    device, count = VolatileJunction(), 4000
    array = device.made(count, seed=2)
    for _ in range(10):
        array.pulse()
        array.wait(interval_s)
    array.wait(1e-6)
    hits = int((array.conductance() > 1.5e-4).sum())
    law = switched(device, 10, interval_s)
    assert binomial_p_values([hits], count, law)[0] > ALPHA
    if interval_s > 3e-9:
        assert binomial_p_values([hits], count, switched(device, 10, 0.8 * interval_s))[0] < ALPHA


def test_writes_of_levels_follow_their_law():
    """Four levels by products of chains, 4000 stacks each; weaker by a tenth is another law."""
    stack, count = MultilevelStack(partial_current_A=1.2e-5), 4000
    weaker = MultilevelStack(partial_current_A=1.1e-5)
    array = stack.made((4, count), seed=3)
    array.reset("random")
    for level in range(4):
        for amplitude in stack.pulses_to(level):
            array.pulse(amplitude, where=level)
    ohm = (1 / array.conductance()).round(-1)
    aims = [15000.0, 12500.0, 10000.0, 7500.0]
    for level, aim in enumerate(aims):
        hits = int((ohm[level] == aim).sum())
        assert binomial_p_values([hits], count, right(stack, level))[0] > ALPHA / 4
    partly = [k for k, (small, large) in enumerate(LEVELS) if small != large]
    hits = int(sum((ohm[k] == aims[k]).sum() for k in partly))
    wrong = np.mean([right(weaker, k) for k in partly])
    assert binomial_p_values([hits], len(partly) * count, wrong)[0] < ALPHA


def test_variation_costs_levels():
    calm, rough = (
        run(1, "small", None, device="chain", pulses=60, d2d=spread, c2c=spread / 2).details[
            "told apart in all devices alike"
        ]
        for spread in (0.0, 0.2)
    )
    assert rough < calm


def test_all_rows_of_these_systems_are_there():
    rows = set(itertools.chain(*(each.rows for each in SYSTEMS.values())))
    assert {17, 18, 19, 20, 21, 45, 46, 47, 51, 85, 86} <= rows


def test_claims_of_the_associative_memory_hold_small():
    """Three sets: learnt, and neither at once nor with the wrong sign."""
    found = SYSTEMS["borders-2017"].measure(1, size="small")
    assert found.details["sets that reach it, wrong sign"] == 0.0
    assert found.details["recalled after"] > found.details["recalled before"]
    alike = SYSTEMS["borders-2017"].run(1, "small", None, gain=0.0, offset=0.0)
    assert alike.details["recalled before"] > found.details["recalled before"]


def test_wall_memristor_without_spread_is_the_charge():
    found = SYSTEMS["wang-2009"].run(1, "small", None, over=20.0, d2d=0.0, c2c=0.0)
    assert found.value > 0.95
    assert found.details["at half of depinning"] < 0.8


def test_loops_close_without_variation_of_pulses():
    found = SYSTEMS["fukami-2016"].run(1, "small", None, drive_d2d=0.05, drive_c2c=0.0)
    assert found.details["minor loops closed to, with spread"] == 0.0
    other = SYSTEMS["fukami-2016"].run(1, "small", None, drive_d2d=0.0, drive_c2c=0.1)
    assert other.details["minor loops closed to, with spread"] > 0.0
