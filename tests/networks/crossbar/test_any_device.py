"""Every synapse device there is in an array: programmed, read and updated."""

import numpy as np
import pytest

from pbit.devices.synapses.registry import KNOWN
from pbit.networks.crossbar import Crossbar, OpenLoop, Placed, WriteVerify

W = np.random.default_rng(1).uniform(-1, 1, (6, 5))
every = pytest.mark.parametrize("device", [kind.device for kind in KNOWN.all().values()],
                                ids=list(KNOWN.all()))  # fmt: skip


@every
def test_programming(device):
    """Placed ones are at the nearest level; pulses come as near as they say."""
    placed = Crossbar(W, device, weight_range=1.0, programming=Placed(0.1), seed=1)
    gap = 1.0 if device.num_levels is None else 1 / (device.num_levels - 1)
    assert np.abs(placed.weights - W).max() <= 2 * gap  # levels need not be even
    for way in (OpenLoop(0.1, 300), WriteVerify(0.1, 300)):
        array = Crossbar(W, device, weight_range=1.0, programming=way, seed=1)
        done, span = array.programmed, device.highest_S - device.lowest_S
        G = array.cells.conductance()
        np.testing.assert_allclose(done.errors_S, G - array.layout.targets(W), atol=1e-12 * span)
        assert ((np.abs(done.errors_S) > 0.1 * span) == done.failed).all()
        assert done.pulses.max() <= 300
        assert done.rms_error_S < 0.35 * span  # better than all left where they began
        again = Crossbar(W, device, weight_range=1.0, programming=way, seed=1)
        assert (again.weights == array.weights).all()


@every
def test_updates(device):
    """Trains of their own step move weights the right way."""
    array = Crossbar(np.zeros((6, 5)), device, layout="balanced", weight_range=1.0, seed=1)
    trains, before = array.trains(), array.weights
    signs = np.outer(np.sign(W[:, 0]), np.ones(5))
    for _ in range(5):
        array.update(np.sign(W[:, 0]), np.ones(5), rate=trains.step * 4, trains=trains)
    assert ((array.weights - before) * signs).mean() > 0
    np.testing.assert_allclose(array.T @ W[:, 0], array.weights.T @ W[:, 0], atol=1e-9)
