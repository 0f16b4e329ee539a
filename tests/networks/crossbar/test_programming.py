"""What programming leaves behind, against its exact law. False alarms: 1e-6 a test.

Kolmogorov and Smirnov's test of 10 000 devices sees a spread that is 15 % off with a power above
0.99 (its statistic grows by 3.6 / sqrt(n), the threshold is 2.7), of 20 000 one that is 10 % off.
"""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.synapses import BinaryJunction, LinearSynapse, SynapseVariation
from pbit.networks.crossbar import Crossbar, OpenLoop, Placed, WriteVerify
from pbit.networks.crossbar.programming import mean_rise, mean_step
from pbit.statistics import binomial_p_values, chi_square_p_value

ALPHA = 1e-6
SIDE = 100  # 20 000 devices
DEVICE = LinearSynapse(1e-6, 1e-4, num_steps=100)
SPAN = 99e-6
HALVES = np.full((SIDE, SIDE), 0.5)


def normal_p_value(values):
    return stats.kstest(np.ravel(values), "norm").pvalue


def test_placed_devices_are_where_they_are_wanted():
    W = np.random.default_rng(1).normal(size=(5, 4))
    array = Crossbar(W, DEVICE, seed=1)
    np.testing.assert_allclose(array.weights, W, atol=1e-12)
    assert (array.programmed.num_pulses, array.programmed.num_failed) == (0, 0)


def test_placed_devices_stop_at_their_own_ends():
    variation = SynapseVariation(window_d2d=0.3)
    array = Crossbar(np.ones((SIDE, 2)), DEVICE, variation=variation, seed=1)
    small = array.cells.synapses.highest < 1e-4
    short = array.programmed.errors_S < -1e-12
    assert (short == (small & (array.layout.targets(np.ones((SIDE, 2))) > 5e-5))).all()
    assert 0.4 < short[::2].mean() < 0.6


def test_errors_of_placed_devices_are_normal():
    array = Crossbar(HALVES, DEVICE, weight_range=1.0, layout="balanced",
                     programming=Placed(error=0.02), seed=1)  # fmt: skip
    z = array.programmed.errors_S / (0.02 * SPAN)
    assert normal_p_value(z) > ALPHA
    assert normal_p_value(1.1 * z) < ALPHA  # control: a spread 10 % off
    p = binomial_p_values([array.programmed.num_failed], z.size, [2 * stats.norm.sf(0.5)])
    assert p.min() > ALPHA


def test_counted_pulses_without_variation_are_exact():
    W = np.round(np.random.default_rng(1).uniform(-1, 1, (6, 7)), 2)
    array = Crossbar(W, DEVICE, weight_range=1.0, programming=OpenLoop(), seed=1)
    np.testing.assert_allclose(array.weights, W, atol=1e-12)
    pulses = array.programmed.pulses
    assert (pulses[::2] - pulses[1::2]).tolist() == np.rint(100 * W).astype(int).tolist()


def test_counted_pulses_stop_at_the_most():
    array = Crossbar([[1.0]], DEVICE, programming=OpenLoop(max_pulses=30), seed=1)
    assert array.weights[0, 0] == pytest.approx(0.3)
    assert array.programmed.pulses.tolist() == [[30], [0]]
    assert array.programmed.failed.tolist() == [[True], [False]]


def test_from_device_to_device_and_counted():
    """The step is log-normal, the conductance the count times it."""
    array = Crossbar(HALVES, DEVICE, weight_range=1.0, programming=OpenLoop(),
                     variation=SynapseVariation(drive_d2d=0.1), seed=1)  # fmt: skip
    gained = array.cells.conductance()[::2] - 1e-6
    z = np.log(gained / (0.5 * SPAN)) / 0.1
    assert normal_p_value(z) > ALPHA > normal_p_value(1.15 * z)


def steps_after(count, c):
    """Of 10 000 devices whose steps, 200 from end to end, spread by c from pulse to pulse."""
    array = Crossbar(np.full((SIDE, SIDE), count / 200), LinearSynapse(0.0, 1.0, num_steps=200),
                     weight_range=1.0, programming=OpenLoop(), seed=1,
                     variation=SynapseVariation(drive_c2c=c))  # fmt: skip
    return 200 * array.cells.conductance()[::2].ravel()


def test_from_cycle_to_cycle_one_pulse():
    z = np.log(steps_after(1, 0.3)) / 0.3
    assert normal_p_value(z) > ALPHA > normal_p_value(1.15 * z)


def test_from_cycle_to_cycle_many_pulses():
    """Steps are independent: mean and variance of the sum of 20, exactly."""
    c, n = 0.3, 20
    steps = steps_after(n, c)
    mean, variance = np.exp(c**2 / 2), np.exp(c**2) * (np.exp(c**2) - 1)
    error = np.sqrt(n * variance / steps.size)
    limit = stats.norm.isf(ALPHA / 2)
    assert abs(steps.mean() - n * mean) < limit * error
    assert abs(steps.mean() - n) > limit * error  # control: the median of a step is no mean
    z = (steps.var(ddof=1) / (n * variance) - 1) / np.sqrt(2.2 / steps.size)  # kurtosis below 3.2
    assert abs(z) < limit
    assert abs(n * z) > limit  # control: one spread for all pulses of a device would be n times it


def verified(p, most):
    """Pulses that junctions got which are wanted in P, and which of them failed."""
    device = BinaryJunction().with_probability(p)
    array = Crossbar(np.ones((SIDE, 50)), device, seed=1,
                     programming=WriteVerify(max_pulses=most))  # fmt: skip
    pulses, failed = array.programmed.pulses, array.programmed.failed
    assert not failed[1::2].any() and not pulses[1::2].any()  # those wanted in AP are there
    return pulses[::2].ravel(), failed[::2].ravel()


def test_verified_junctions_take_a_geometric_number_of_pulses():
    p, most = 0.3, 8
    pulses, failed = verified(p, most)
    shares = p * (1 - p) ** np.arange(most)
    shares[-1] += (1 - p) ** most
    assert chi_square_p_value(pulses - 1, shares) > ALPHA
    assert binomial_p_values([failed.sum()], failed.size, [(1 - p) ** most]).min() > ALPHA
    off = 1.1 * p * (1 - 1.1 * p) ** np.arange(most)
    off[-1] += 1 - off.sum()
    assert chi_square_p_value(pulses - 1, off) < ALPHA  # control: 10 % off


def test_verified_devices_are_within_the_tolerance_or_failed():
    rng = np.random.default_rng(4)
    W = rng.uniform(-1, 1, (30, 20))
    variation = SynapseVariation(drive_d2d=0.3, drive_c2c=0.3, window_d2d=0.1)
    array = Crossbar(W, DEVICE, variation=variation, stuck=0.02, seed=2,
                     programming=WriteVerify(tolerance=0.02, max_pulses=200))  # fmt: skip
    done = array.programmed
    assert (np.abs(done.errors_S[~done.failed]) <= 0.02 * SPAN * (1 + 1e-9)).all()
    assert (np.abs(done.errors_S[done.failed]) > 0.02 * SPAN).all()
    assert (done.pulses[done.failed] == 200).all()
    assert done.pulses[~done.failed].max() < 200
    assert done.failed[array.cells.stuck == 0].mean() < 0.05 < done.failed.mean() + 0.05
    assert f"{done.num_failed} of 1200 devices failed" in str(done)
    counted = Crossbar(W, DEVICE, variation=variation, seed=2, programming=OpenLoop()).programmed
    assert done.rms_error_S < counted.rms_error_S


def test_verifying_gives_pulses_down_where_it_went_too_far():
    """Steps of 0.3 of the range around 0.5: up, up, down, up ... and never within 1 %."""
    device = LinearSynapse(0.0, 1.0, num_steps=3)
    array = Crossbar([[0.5]], device, weight_range=1.0,
                     programming=WriteVerify(max_pulses=5))  # fmt: skip
    assert array.cells.conductance()[0, 0] == pytest.approx(1 / 3)
    assert array.programmed.pulses[:, 0].tolist() == [5, 0]


def test_rise_and_step_of_a_stochastic_device():
    """Card B17: a binary junction gains p of what is missing with every pulse, on average."""
    p, device = 0.2, BinaryJunction().with_probability(0.2)
    span = device.highest_S - device.lowest_S
    rise = (mean_rise(device, 6) - device.lowest_S) / span
    for n, share in enumerate(rise):
        expected = 1 - (1 - p) ** n
        assert abs(share - expected) <= 4.9 * np.sqrt(expected * (1 - expected) / 1024)
    assert mean_step(device) / span == pytest.approx(p / 2, abs=4.9 * 0.2 * 0.5 / np.sqrt(1024))


def test_other_weights_into_the_same_devices():
    W = np.array([[0.4, -0.2]])
    variation = SynapseVariation(conductance_d2d=0.1)
    array = Crossbar(W, DEVICE, weight_range=1.0, variation=variation, seed=3)
    array @ [1.0, 1.0]
    done = array.program(-W, Placed())
    assert array.programmed is done
    np.testing.assert_allclose(array.weights, -W, atol=1e-2)
    fresh = Crossbar(-W, DEVICE, weight_range=1.0, variation=variation, seed=3)
    assert (array.weights == fresh.weights).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Placed(tolerance=0), "tolerance must be a finite number > 0 and <= 1, got 0; 1 %"),
        (lambda: Placed(error=-0.1), "error must be a finite number >= 0 and <= 1, got -0.1"),
        (lambda: OpenLoop(max_pulses=0), "max_pulses must be >= 1, got 0"),
        (lambda: WriteVerify(max_pulses=0), "max_pulses must be >= 1, got 0"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()
