"""The phase diagram of switching in current and field, against its closed form."""

from dataclasses import replace

import numpy as np
import pytest

from pbit.devices.magnet import Macrospin
from pbit.devices.switching_diagram import switching_diagram

WARM = Macrospin(saturation_A_m=8e5, volume_m3=1.2566e-24, damping=0.1).with_barrier(40)
COLD = replace(WARM, temperature_K=0.0)
H_K = COLD.anisotropy_field_A_m
I_C = COLD.critical_current_A()


def test_boundaries_at_zero_kelvin():
    """Five per cent on either side of i = 1 - h and of i = -1 - h, for fields of both signs."""
    fields = np.array([-0.6, 0.0, 0.4])
    for h in fields:
        edges = np.array([1 - h, -1 - h])
        currents = np.concatenate([edges - 0.05, edges + 0.05])
        found = switching_diagram(COLD, currents * I_C, [h * H_K], pulse_s=40e-9, seed=1)
        assert found.from_AP[0].tolist() == [0.0, 0.0, 1.0, 0.0]
        assert found.from_P[0].tolist() == [1.0, 0.0, 1.0, 1.0]
        assert found.bistable[0].tolist() == [1.0, 0.0, 0.0, 1.0]


def test_heat_narrows_the_band():
    """At 300 K half the magnets leave well below the critical current; P favoured by a field."""
    fields = [-0.3 * H_K, 0.3 * H_K]
    found = switching_diagram(WARM, [0.6 * I_C], fields, pulse_s=10e-9, num_reads=100, seed=2)
    assert found.from_AP[1, 0] > 0.9
    assert found.from_AP[0, 0] < 0.1
    again = switching_diagram(WARM, [0.6 * I_C], fields, pulse_s=10e-9, num_reads=100, seed=2)
    assert found == again


@pytest.mark.parametrize(("grid", "words"), [
    ({"currents_A": [[1.0]]}, "currents_A must be a list of finite numbers"),
    ({"fields_A_m": []}, "fields_A_m must be a list of finite numbers"),
    ({"fields_A_m": [np.nan]}, "fields_A_m must be a list of finite numbers"),
])  # fmt: skip
def test_refusals(grid, words):
    with pytest.raises(ValueError, match=words):
        switching_diagram(COLD, **({"currents_A": [0.0], "fields_A_m": [0.0]} | grid), pulse_s=1e-9)
