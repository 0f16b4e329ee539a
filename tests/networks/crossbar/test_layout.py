"""Weights as conductances: tables by hand, and what every layout must keep."""

import numpy as np
import pytest

from pbit.networks.crossbar.layout import LAYOUTS, layout_named

W = np.array([[2.0, -1.0, 0.0], [-2.0, 0.5, 1.5]])
LINES = {  # low 1, high 5, range 2: in the differential ones 2 S a unit of weight
    "differential": [[5, 1, 1], [1, 3, 1], [1, 2, 4], [5, 1, 1]],
    "balanced": [[5, 2, 3], [1, 4, 3], [1, 3.5, 4.5], [5, 2.5, 1.5]],
    "offset": [[5, 2, 3], [1, 3.5, 4.5], [3, 3, 3]],
}
every = pytest.mark.parametrize("name", LAYOUTS)


@every
def test_conductances_by_hand(name):
    layout = layout_named(name)(1.0, 5.0, 2.0)
    assert layout.targets(W).tolist() == LINES[name]


@every
def test_outputs_are_the_weights_again(name):
    layout = layout_named(name)(1e-6, 1e-4, 3.0)
    G = layout.targets(W)
    assert ((G >= 1e-6) & (G <= 1e-4)).all()
    np.testing.assert_allclose(layout.outputs(G) / layout.siemens, W, atol=1e-12)


@every
def test_lines_driven_backwards_give_the_transposed_product(name):
    layout = layout_named(name)(1.0, 5.0, 2.0)
    rng = np.random.default_rng(1)
    G, y = rng.random(layout.targets(W).shape), rng.normal(size=(2, 4))
    np.testing.assert_allclose(G.T @ layout.drives(y), layout.outputs(G).T @ y, atol=1e-12)


@every
def test_devices_go_where_the_weights_go(name):
    layout = layout_named(name)(1.0, 5.0, 2.0)
    moved = layout.outputs(layout.signs(np.sign(W))) / layout.devices_moved
    assert moved.tolist() == np.sign(W).tolist()


def test_an_unknown_layout():
    with pytest.raises(ValueError, match="layout must be one of differential, balanced, offset"):
        layout_named("pairs")
