"""Short-term plasticity and long-term potentiation of a tilted junction."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from pbit.devices.macrospin import Macrospin, simulate
from pbit.devices.synapses import VolatileJunction

ALPHA = 1e-6
MANY = 20_000


def switching_law(device, interval_s, pulses):
    """Probability of having switched after a train, from the tilts written out."""
    tilt, stays = 0.0, 1.0
    for _ in range(pulses):
        tilt = min(tilt * math.exp(-device.pulse_s / device.relaxation_s) + device.kick, 1.0)
        rate = device.attempt_Hz * math.exp(-device.barrier * (1 - tilt) ** 2)
        stays *= math.exp(-rate * device.pulse_s)
        tilt *= math.exp(-interval_s / device.relaxation_s)
    return 1 - stays


def switched(device, interval_s, pulses):
    array = device.made(MANY, seed=1)
    for _ in range(pulses):
        array.pulse()
        array.wait(interval_s)
    array.wait(1.0)
    high = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    assert set(np.round(high, 9)) <= {0.0, 1.0}
    return int(high.sum().round())


@pytest.mark.parametrize("interval_s", [3e-9, 4.5e-9])
def test_trains_switch_as_often_as_their_tilts_say(interval_s):
    """A tilt that nothing adds up to is told: the first pulse's odds, every time."""
    device = VolatileJunction()
    count = switched(device, interval_s, 4)
    law = switching_law(device, interval_s, 4)
    assert 0.005 < law < 0.95
    tails = binom.cdf(count, MANY, law), binom.sf(count - 1, MANY, law)
    assert 2 * min(tails) > ALPHA
    alone = switching_law(device, 1.0, 4)
    assert binom.sf(count - 1, MANY, alone) < ALPHA


def test_rare_pulses_are_forgotten():
    device = VolatileJunction()
    array = device.made(10, seed=1)
    array.pulse()
    tilted = array.conductance()
    assert np.allclose(tilted, array.lowest + 0.2 * (array.highest - array.lowest))
    array.wait(device.relaxation_s)
    share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    assert np.allclose(share, 0.2 / math.e)
    assert switched(device, 50e-9, 10) < 10


def test_pulses_back_undo_a_tilt_and_switch_back():
    device = VolatileJunction()
    array = device.made(1000, seed=2)
    array.pulse()
    array.pulse(-device.write_pulse)
    assert np.allclose(array.conductance(), array.lowest)
    array.reset("high")
    array.pulse(-device.write_pulse, count=10)
    array.wait(1.0)
    assert (array.conductance() < array.highest).mean() > 0.9


@pytest.mark.parametrize(("of", "words"), [
    ({"kick": 1.5}, "kick must be .* 1 reaches the barrier's top"),
    ({"relaxation_s": 0.0}, "relaxation_s must be .* > 0"),
])  # fmt: skip
def test_refusals(of, words):
    with pytest.raises(ValueError, match=words):
        VolatileJunction(**of)


def test_macrospins_remember_a_pulse_for_a_while():
    """What the tilt stands for: two pulses in a row switch more often than two apart.

    Pulses of 0.8 damping times at i = 2.5: a gap of a tenth of a damping time forgets next to
    nothing, one of four makes two pulses two independent ones.
    """
    magnet = Macrospin(saturation_A_m=8e5, volume_m3=1.2566e-24, damping=0.05).with_barrier(40)
    tau, current, reads = magnet.damping_time_s, 2.5 * magnet.critical_current_A(), 2000
    pulse = (0.8 * tau, current)

    def share(*parts):
        run = simulate(magnet, 5 * tau, initial=(0.0, 0.0, -1.0), num_reads=reads, seed=1)
        first = run.info["num_steps"]
        for seconds, drive in parts:
            run = simulate(
                magnet, seconds, current_A=drive, initial=run.m[:, -1], num_reads=reads, seed=1,
                first_step=first,
            )  # fmt: skip
            first += run.info["num_steps"]
        return (run.m[:, -1, 2] > 0).mean()

    alone = share(pulse)
    near, far = (share(pulse, (gap * tau, 0.0), pulse) for gap in (0.1, 4.0))
    independent = 1 - (1 - alone) ** 2
    assert abs(far - independent) < 5 * math.sqrt(3 * independent / reads)  # three sampled numbers
    assert near > 10 * far
