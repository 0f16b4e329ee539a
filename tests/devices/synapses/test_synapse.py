"""What holds for every synapse device: numbered devices, turns, variation, refusals."""

import pickle

import numpy as np
import pytest

from pbit.devices.synapses import (
    BinaryJunction,
    SynapseVariation,
    plasticity,
    synapse_kind,
    synapse_of,
    values_of,
)
from pbit.devices.synapses.registry import KNOWN

KINDS = KNOWN.all()
ALL = SynapseVariation(conductance_d2d=0.1, window_d2d=0.2, drive_d2d=0.1, drive_c2c=0.05)
many = pytest.mark.parametrize("device", [kind.device for kind in KINDS.values()], ids=list(KINDS))


def train(array, first, size):
    """Pulses that differ from device to device, a wait, and a random reset."""
    mine = slice(first, first + size)
    signs = np.sign(np.sin(np.arange(60.0)))[mine].reshape(array.shape)
    array.reset("random")
    array.pulse(signs * array.device.write_pulse)
    array.pulse(where=(np.arange(60)[mine] % 3 == 0).reshape(array.shape), count=2)
    array.wait(1e-9)
    array.pulse(-0.9 * array.device.write_pulse)
    return array.conductance().ravel()


@many
def test_halves_equal_the_whole_bit_for_bit(device):
    whole = train(device.made((6, 10), seed=7, variation=ALL), 0, 60)
    halves = [
        train(device.made(shape, seed=7, first_device=first, variation=ALL), first, size)
        for shape, first, size in [((2, 10), 0, 20), (40, 20, 40)]
    ]
    assert whole.tobytes() == np.concatenate(halves).tobytes()
    assert np.unique(whole).size > 5
    other = train(device.made((6, 10), seed=8, variation=ALL), 0, 60)
    assert (other != whole).mean() > 0.5


@many
def test_a_device_knows_nothing_of_the_pulses_of_others(device):
    """Pulses all at once, and device by device in another order."""
    at_once, in_turn = (device.made(12, seed=3, variation=ALL) for _ in range(2))
    at_once.pulse(count=3)
    for k in (5, 0, 11, 1, 2, 3, 4, 6, 7, 8, 9, 10):
        in_turn.pulse(where=k, count=2)
    for k in range(12):
        in_turn.pulse(where=[k])
    assert (at_once.conductance() == in_turn.conductance()).all()


@many
def test_counts_of_each_device(device):
    by_count, by_hand = (device.made((2, 3), seed=3) for _ in range(2))
    counts = np.array([0, 1, 2])
    by_count.pulse(count=counts)
    for turn in range(2):
        by_hand.pulse(where=np.broadcast_to(counts > turn, (2, 3)))
    assert (by_count.conductance() == by_hand.conductance()).all()


@many
def test_resets_and_range(device):
    array = device.made((3, 4), seed=1, variation=ALL)
    assert np.allclose(array.conductance(), array.lowest, rtol=1e-12)
    array.reset("high")
    assert np.allclose(array.conductance(), array.highest, rtol=1e-12)
    array.reset("random")
    G = array.conductance()
    assert ((array.lowest <= G * (1 + 1e-12)) & (array.highest * (1 + 1e-12) >= G)).all()
    assert G.dtype == array.lowest.dtype == np.float64
    assert G.shape == array.lowest.shape == array.highest.shape == (3, 4)
    assert np.unique(G).size > 1


@many
def test_pulses_raise_and_lower(device):
    array = device.made(400, seed=1)
    array.pulse(device.write_pulse, count=3)
    up = array.conductance().mean()
    assert device.lowest_S < up
    array.pulse(-device.write_pulse, count=3)
    assert array.conductance().mean() < up


def test_kinds():
    assert len(KINDS) > 12
    assert {kind.device.drive_unit for kind in KINDS.values()} <= {"A", "V", "A/m^2"}
    assert all(kind.what.endswith(".") and kind.source for kind in KINDS.values())
    with pytest.raises(ValueError, match=r"name must be one of binary, compound, .* got 'pcm'"):
        synapse_kind("pcm")


@many
def test_trains_through_the_range(device):
    """Pulses of the ramp, up and down again, take the conductance through most of the range."""
    array = device.made(50, seed=1)
    train = device.write_pulse * np.linspace(*device.ramp, 60)
    share = []
    for sign in (1, -1):
        for amplitude in train:
            array.pulse(sign * amplitude)
        share.append(((array.conductance() - array.lowest) / (array.highest - array.lowest)).mean())
    assert share[0] > 0.9 and share[1] < 0.1


def test_spreads_are_those_asked_for():
    array = BinaryJunction().made(40_000, seed=1, variation=ALL)
    share = array.lowest / BinaryJunction().lowest_S
    assert np.log(share).std() == pytest.approx(0.1, rel=0.02)  # 5 standard errors
    assert abs(np.log(share).mean()) < 5 * 0.1 / 200
    window = (array.highest - array.lowest) / (share * 1e-4)
    assert np.log(window).std() == pytest.approx(0.2, rel=0.02)


@pytest.mark.parametrize("name", ["drive_d2d", "drive_c2c"])
def test_spread_of_drives(name):
    """One pulse tells the spread, a second one whether it is the device's or the pulse's."""
    device, many = BinaryJunction(), 10_000
    points, weights = np.polynomial.hermite_e.hermegauss(80)
    p = device.odds(2e-5 * np.exp(0.3 * points), np.zeros(80, bool))
    once, twice = ((weights * q).sum() / weights.sum() for q in (p, 1 - (1 - p) ** 2))
    expected = {"drive_d2d": (once, twice), "drive_c2c": (once, 1 - (1 - once) ** 2)}
    array = device.made(many, seed=2, variation=SynapseVariation(**{name: 0.3}))
    for turn in range(2):
        array.pulse(2e-5)
        found = (array.conductance() == array.highest).mean()
        for other, laws in expected.items():
            z = (found - laws[turn]) / np.sqrt(laws[turn] * (1 - laws[turn]) / many)
            assert (abs(z) < 4.9) == (other == name or turn == 0)


@pytest.mark.parametrize(("pulse", "error", "words"), [
    ({"amplitude": np.nan}, ValueError, "amplitude must be finite, got nan; in A"),
    ({"amplitude": [1e-5, 2e-5]}, ValueError, r"amplitude must be one number or fit .*\(2, 3\)"),
    ({"amplitude": "up"}, TypeError, "amplitude must be a number"),
    ({"count": -1}, ValueError, "count must be >= 0, got -1"),
    ({"count": 1.5}, TypeError, "count must be an integer"),
    ({"where": np.ones((3, 2), bool)}, ValueError, r"where must be bool of shape \(2, 3\)"),
    ({"where": (5, 0)}, ValueError, "where must be bool"),
])  # fmt: skip
def test_refused_pulses(pulse, error, words):
    array = BinaryJunction().made((2, 3), seed=1)
    with pytest.raises(error, match=words):
        array.pulse(**pulse)


@pytest.mark.parametrize(("of", "error", "words"), [
    ({"shape": (2, 0)}, ValueError, "shape must be >= 1"),
    ({"seed": -1}, ValueError, "seed must be >= 0"),
    ({"first_device": 2**32}, ValueError, "first_device must be <= 4294967292"),
    ({"variation": 0.1}, TypeError, "variation must be of type SynapseVariation"),
])  # fmt: skip
def test_refused_arrays(of, error, words):
    with pytest.raises(error, match=words):
        BinaryJunction().made(**({"shape": 4} | of))


def test_other_refusals():
    array = BinaryJunction().made(2, seed=1)
    with pytest.raises(ValueError, match="state must be one of low, high, random, got 'up'"):
        array.reset("up")
    with pytest.raises(ValueError, match="seconds must be a finite number >= 0"):
        array.wait(-1.0)
    with pytest.raises(ValueError, match=r"drive_d2d must be .* got 20; 20 % is 0.2"):
        SynapseVariation(drive_d2d=20)
    with pytest.raises(ValueError, match="write_current_A must be a finite number > 0"):
        BinaryJunction(write_current_A=0.0)
    with pytest.raises(ValueError, match=r"probability must be in reach of 1.2e-05 A"):
        BinaryJunction(write_current_A=1.2e-5).with_probability(1e-9)


def test_too_many_devices_are_refused_before_they_are_made():
    with pytest.raises(MemoryError, match=r"synapses need about .* lower shape"):
        synapse_of("spin-orbit").made((60_000, 60_000), seed=1)
    with pytest.raises(MemoryError, match=r"learning curves need about .* lower devices or pulses"):
        plasticity(BinaryJunction(), pulses=100_000, devices=10_000_000)


@many
def test_parameters_by_name(device):
    """Each is found, and put back as it was gives the same device."""
    name = next(name for name, kind in KINDS.items() if kind.device is device)
    assert synapse_of(name, values_of(device)) == device


def test_parameters_inside():
    device = synapse_of("compound", {"element.junction.barrier": 60, "num_junctions": 4})
    assert device.element.junction.barrier == 60.0
    assert values_of(device)["num_junctions"] == 4
    for values, words in [
        ({"element": 1.0}, "a CompoundJunction has no parameter 'element'; did you mean"),
        ({"num_junctions": -1}, "num_junctions must be >= 1, got -1"),
        ({"num_junctions.x": 1.0}, "has no parameter 'num_junctions.x'; did you mean"),
    ]:
        with pytest.raises(ValueError, match=words):
            synapse_of("compound", values)
    with pytest.raises(TypeError, match=r"num_junctions must be an integer, got 2.5"):
        synapse_of("compound", {"num_junctions": 2.5})


@many
def test_arrays_go_through_pickle_and_do_the_same(device):
    array = device.made(20, seed=1, variation=ALL)
    array.pulse()
    other = pickle.loads(pickle.dumps(array))
    for each in (array, other):
        each.pulse(0.8 * device.write_pulse, count=2)
        each.wait(1e-9)
    assert (array.conductance() == other.conductance()).all()
