"""Convolutions of oscillators: gradients, what inputs of 0 and 1 make equal, ranges, learning."""

import re

import numpy as np
import pytest
from scipy.special import log_softmax

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.radio import Convolution, OscillatorSynapse
from pbit.tasks import alphabet, noisy

OSCILLATOR = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6, nonlinear_damping=0.7)
SYNAPSE = OscillatorSynapse(oscillator=OSCILLATOR, bias=1.6)
RNG = np.random.default_rng(3)
IMAGES, CLASSES = RNG.random((5, 12)), np.array([0, 1, 2, 1, 0])


def made(synapse, **others):
    return Convolution((4, 3), 3, synapse=synapse, kernels=2, seed=4, **others)


def test_a_product_is_the_voltage_of_the_oscillator():
    """By the power of the record, and its slope; small products are themselves."""
    u = np.linspace(-SYNAPSE.weight_range, SYNAPSE.weight_range, 9)
    voltage = np.sqrt(OSCILLATOR.power((1.6 + u) * OSCILLATOR.threshold_A))
    rest, step = np.sqrt(OSCILLATOR.power(1.6e-3)), 1e-6
    slope = SYNAPSE.slope(u)
    unit = 0.5 * 1.7 / (1.6 + 0.7) ** 2 / rest
    np.testing.assert_allclose(SYNAPSE(u), (voltage - rest) / unit, atol=1e-12)
    np.testing.assert_allclose(slope, (SYNAPSE(u + step) - SYNAPSE(u - step)) / (2 * step), 1e-6)
    np.testing.assert_allclose(SYNAPSE(1e-6 * u), 1e-6 * u, rtol=1e-5, atol=1e-12)


def loss(network):
    odds = log_softmax(network.scores(IMAGES), axis=1)
    return -odds[np.arange(5), CLASSES].mean()


@pytest.mark.parametrize("synapse", [None, SYNAPSE])
def test_gradients_are_those_of_the_loss(synapse):
    """Every weight; control: those of the other kind of synapse are not."""
    network = made(synapse)
    found = network.gradients(IMAGES, CLASSES)
    wanted = []
    for each in network.weights:
        slopes = np.zeros(each.shape)
        for place in np.ndindex(each.shape):
            kept, ends = each[place], []
            for side in (1e-5, -1e-5):
                each[place] = kept + side
                ends.append(loss(network))
            each[place], slopes[place] = kept, (ends[0] - ends[1]) / 2e-5
        wanted.append(slopes)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-9)
    network.synapse = SYNAPSE if synapse is None else None
    assert not np.allclose(network.gradients(IMAGES, CLASSES)[0], wanted[0], rtol=1e-2)


def test_of_black_and_white_pixels_both_kinds_are_one():
    """A voltage at 1 is a weight; of grey pixels (control) it is not."""
    bent, straight = made(SYNAPSE), made(None)
    bent.weights[0] *= 1.5
    straight.weights = [SYNAPSE(bent.weights[0]), bent.weights[1]]
    binary = np.rint(IMAGES)
    np.testing.assert_allclose(bent.scores(binary), straight.scores(binary), atol=1e-12)
    assert np.abs(bent.scores(IMAGES) - straight.scores(IMAGES)).max() > 1e-3


def test_a_kernel_sees_each_window_once():
    network = made(None)
    kernel, last = network.weights[0][0].reshape(3, 3), network.weights[1]
    image = IMAGES[0].reshape(4, 3)
    wanted = [max((image[k : k + 3] * kernel).sum(), 0.0) for k in range(2)]
    last[:] = 0.0
    last[[0, 2], [0, 1]] = 1.0  # features are places times kernels
    np.testing.assert_allclose(network.scores(IMAGES[:1])[0, :2], wanted)


@pytest.mark.parametrize("synapse", [None, SYNAPSE])
def test_letters_are_learnt(synapse):
    """Ten letters with a pixel in fifty turned; kernels stay in their range. Control: unlearnt."""
    rows, labels = noisy(alphabet("ABCDEFGHIJ"), copies=6, turned=0.02, seed=1)
    tests, wanted = noisy(alphabet("ABCDEFGHIJ"), copies=6, turned=0.02, seed=2)
    network = Convolution((7, 5), 10, synapse=synapse, seed=1)

    def right():
        return (network.scores(tests).argmax(axis=1) == wanted).mean()

    before = right()
    for _ in range(60):
        network.learn(rows, labels, 0.03)
    assert before < 0.4 and right() > 0.9
    assert np.abs(network.weights[0]).max() <= network.weight_range


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: made(None, side=4), ValueError, "side must fit into images of (4, 3), got 4"),
        (lambda: made(None, side=0), ValueError, "side must be >= 1, got 0"),
        (lambda: Convolution((4, 3), 3, kernels=0), ValueError, "kernels must be >= 1, got 0"),
        (lambda: OscillatorSynapse(oscillator=1), TypeError, "oscillator must be of type Auto"),
        (lambda: OscillatorSynapse(oscillator=OSCILLATOR, bias=1.0), ValueError,
         "bias must be a finite number > 1, got 1.0; below threshold there is no voltage"),
    ],
)  # fmt: skip
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
