"""Variation from device to device, without any chip: laws at a nominal alpha of 1e-8 each."""

import numpy as np
import pytest
from scipy import stats

from pbit.hardware.draws import Trait, device_normals, device_uniforms, edge_normals, spread
from pbit.hardware.dynamics import Dynamics, time_constants
from pbit.hardware.imperfections import Devices, Imperfections, made_devices, received
from pbit.statistics import binomial_p_values

ALPHA = 1e-8
MANY = 20000


def normal_p_value(values):
    return stats.kstest(values, "norm").pvalue


@pytest.mark.parametrize("trait", list(Trait))
def test_normals_are_normal(trait):
    if trait < 16:
        z = device_normals(trait, MANY, seed=7)
    else:
        z = edge_normals(trait, *np.divmod(np.arange(MANY), 150), seed=7)
    assert normal_p_value(z) > ALPHA
    assert normal_p_value(1.1 * z) < ALPHA  # a spread 10 % off


def test_traits_seeds_and_directions_are_independent():
    first, second = np.arange(MANY), np.arange(MANY) + 1
    drawn = [
        *(device_normals(trait, MANY, seed=7) for trait in (Trait.GAIN, Trait.OFFSET, Trait.TAU)),
        *(device_normals(Trait.GAIN, MANY, seed=seed) for seed in (8, 7 + 2**32)),
        edge_normals(Trait.EDGE_WEIGHT, first, second, seed=7),
        edge_normals(Trait.EDGE_WEIGHT, second, first, seed=7),
        edge_normals(Trait.EDGE_DELAY, first, second, seed=7),
    ]
    correlations = np.corrcoef(drawn)[np.triu_indices(len(drawn), 1)]
    assert np.abs(correlations).max() < 6 / np.sqrt(MANY)


def test_a_device_is_the_same_whatever_their_number():
    for draw in (device_uniforms, device_normals):
        np.testing.assert_array_equal(draw(Trait.TAU, 5, seed=3), draw(Trait.TAU, 500, seed=3)[:5])
    assert device_normals(Trait.TAU, 0, seed=3).shape == (0,)


def test_the_layout_of_the_stream():
    """Chips made today are the chips of tomorrow: a change of these is one of the changelog."""
    assert {trait.name: int(trait) for trait in Trait} == {
        "GAIN": 0, "OFFSET": 1, "TAU": 2, "STUCK": 3, "DELAY": 4, "RC": 5,
        "DIAMETER": 6,
        "EDGE_WEIGHT": 16, "EDGE_DELAY": 17, "EDGE_RC": 18,
    }  # fmt: skip
    words = device_uniforms(Trait.GAIN, 3, seed=2**63 + 5) * 2**32 - 0.5
    assert words.tolist() == [1828443576, 1908331394, 623596158]
    # A connection of sender 0 to receiver 2 is counted as device 2 of that trait.
    assert edge_normals(Trait.EDGE_RC, 2, 0, seed=1) == device_normals(Trait.EDGE_RC, 3, seed=1)[2]


def test_spread_is_that_of_the_logarithm():
    assert spread(2.0, 0.0, np.array([1.0, -3.0])).tolist() == [2.0, 2.0]
    np.testing.assert_allclose(np.log(spread(2.0, 0.5, np.array([1.0, -2.0])) / 2.0), [0.5, -1.0])


def test_devices_are_as_was_asked_for():
    asked = Imperfections(
        gain=1.5, gain_spread=0.3, offset=0.2, offset_spread=0.5, stuck_fraction=0.1
    )
    devices = made_devices(asked, 2 * MANY, seed=7)
    for z in (np.log(devices.gain / 1.5) / 0.3, (devices.offset - 0.2) / 0.5):
        assert normal_p_value(z) > ALPHA > normal_p_value(1.1 * z)
    up, down = ((devices.stuck == s).sum() for s in (1, -1))
    assert binomial_p_values([up, down], 2 * MANY, [0.05, 0.05]).min() > ALPHA
    assert binomial_p_values([up, down], 2 * MANY, [0.06, 0.06]).max() < ALPHA
    few = made_devices(asked, 10, seed=7)
    for one, all_of_them in zip(few, devices, strict=True):
        np.testing.assert_array_equal(one, all_of_them[:10])


def test_perfect_devices_receive_what_comes():
    x = np.random.default_rng(1).normal(size=(4, 3))
    perfect = made_devices(Imperfections(), 3, seed=1)
    np.testing.assert_array_equal(received(x, perfect), x)
    assert perfect.stuck.dtype == np.int8 and not perfect.stuck.any()


def test_noise_comes_on_top_of_gain_and_offset():
    devices = Devices(np.array([2.0, 3.0]), np.array([0.5, 0.0]), np.zeros(2, np.int8))
    normals = np.array([[1.0, -1.0], [0.0, 2.0]])
    found = received([[1.0, 1.0], [0.0, 1.0]], devices, noise=0.1 * normals)
    np.testing.assert_allclose(found, [[2.6, 2.9], [0.5, 3.2]])


def test_time_constants_are_in_units_of_their_median():
    tau = time_constants(Dynamics(tau_s=3e-9, tau_spread=0.4), MANY, seed=7)
    z = np.log(tau) / 0.4
    assert normal_p_value(z) > ALPHA > normal_p_value(1.1 * z)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"num_devices": -1}, ValueError, "num_devices must be >= 0, got -1"),
        ({"num_devices": 2.0}, TypeError, "num_devices must be an integer"),
        ({"seed": -1}, ValueError, "seed must be >= 0, got -1"),
        ({"seed": 2**64}, ValueError, "seed must be <= 18446744073709551615"),
    ],
)
def test_what_cannot_be_drawn(changes, error, message):
    with pytest.raises(error, match=message):
        made_devices(Imperfections(), **{"num_devices": 2, "seed": 1, **changes})
