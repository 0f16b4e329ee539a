"""Constant steps by hand, spreads that are those of the steps, and states put by hand."""

import numpy as np
import pytest

from pbit.devices.synapses import BinaryJunction, LinearSynapse, SynapseVariation

DEVICE = LinearSynapse(1.0, 5.0, num_steps=8, write_V=2.0)


def test_steps_up_and_down_until_an_end():
    array = DEVICE.made(3, seed=1)
    array.pulse(count=[1, 5, 9])
    assert array.conductance().tolist() == [1.5, 3.5, 5.0]
    array.pulse(-2.0, where=[True, True, False], count=2)
    assert array.conductance().tolist() == [1.0, 2.5, 5.0]


def test_a_step_is_proportional_to_the_amplitude():
    array = DEVICE.made(1, seed=1)
    array.pulse(3.0)
    assert array.conductance().tolist() == [1.75]
    array.pulse(0.0)
    assert array.conductance().tolist() == [1.75]


def test_spreads_are_those_of_the_steps():
    of_devices = DEVICE.made(1000, seed=1, variation=SynapseVariation(drive_d2d=0.1))
    of_devices.pulse()
    first = of_devices.conductance() - 1
    of_devices.pulse()
    np.testing.assert_allclose(of_devices.conductance() - 1, 2 * first, rtol=1e-12)
    assert np.log(2 * first).std() == pytest.approx(0.1, rel=0.11)  # 4.9 standard errors
    of_cycles = DEVICE.made(1000, seed=1, variation=SynapseVariation(drive_c2c=0.1))
    of_cycles.pulse()
    first = of_cycles.conductance() - 1
    of_cycles.pulse()
    second = of_cycles.conductance() - 1 - first
    assert abs(np.corrcoef(np.log(first), np.log(second))[0, 1]) < 4.9 / np.sqrt(1000)
    assert np.log(2 * second).std() == pytest.approx(0.1, rel=0.11)


def test_states_put_by_hand():
    array = DEVICE.made((1, 2), seed=1)
    array.reset(np.array([[0.25, 1.0]]))
    assert array.conductance().tolist() == [[2.0, 5.0]]
    junctions = BinaryJunction().made((1, 2), seed=1)
    junctions.reset(np.array([[0.4, 0.6]]))
    assert (junctions.conductance() == junctions.highest).tolist() == [[False, True]]
    for state, message in [
        (np.ones(2), r"state must have the shape \(1, 2\), got \(2,\)"),
        (np.full((1, 2), 1.1), "state must have shares of the range, from 0 to 1"),
        (np.full((1, 2), np.nan), "state must have shares of the range"),
    ]:
        with pytest.raises(ValueError, match=message):
            array.reset(state)
