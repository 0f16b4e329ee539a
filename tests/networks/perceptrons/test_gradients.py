"""Gradients read through arrays against finite differences; controls turned and misread."""

import numpy as np
import pytest

from pbit.devices.synapses import LinearSynapse
from pbit.networks.crossbar import Crossbar, Placed, Reading
from pbit.networks.perceptrons import (
    ArrayWeights,
    IdealWeights,
    Network,
    Ramp,
    Sigmoid,
    SwitchingNeuron,
    Weights,
)

ROWS = np.random.default_rng(1).uniform(0, 1, (7, 5))
CLASSES = np.array([0, 1, 2, 0, 1, 2, 2])
SIZES = ((4, 6), (6, 5), (3, 7))  # (out, in) with the constant


def matrices(seed=2):
    rng = np.random.default_rng(seed)
    return [rng.uniform(-0.9, 0.9, shape) for shape in SIZES]


def in_arrays(values):
    return [
        ArrayWeights(Crossbar(w, LinearSynapse(), layout="balanced", weight_range=1.0, seed=1))
        for w in values
    ]


def gradients(network):
    """d loss / d W of each layer, by the passes forwards and backwards."""
    passed = network.passed(ROWS)
    errors = network.errors(passed, CLASSES)
    return [d @ a.T for d, a in zip(errors, passed.inputs, strict=True)]


def differences(values, activation, h=1e-5):
    """The same by the loss of arrays programmed a little to either side."""
    layers = in_arrays(values)
    network = Network(layers, activation)
    found = []
    for layer, w in zip(layers, values, strict=True):
        slope = np.zeros(w.shape)
        for place in np.ndindex(w.shape):
            ends = []
            for side in (h, -h):
                moved = w.copy()
                moved[place] += side
                layer.array.program(moved, Placed())
                ends.append(network.loss(ROWS, CLASSES))
            slope[place] = (ends[0] - ends[1]) / (2 * h)
        layer.array.program(w, Placed())
        found.append(slope)
    return found


def agree(one, other, rtol=1e-4):
    return all(np.allclose(a, b, rtol=rtol, atol=1e-7) for a, b in zip(one, other, strict=True))


class TurnedBack(ArrayWeights):
    """Control: errors go back with the sign turned."""

    def backward(self, outputs):
        return -super().backward(outputs)


class MisreadBack(ArrayWeights):
    """Control: errors go back through another array of the same shape."""

    def backward(self, outputs):
        (other,) = in_arrays([np.roll(self.values, 1, axis=0)])
        return other.backward(outputs)


@pytest.mark.parametrize("activation", [Sigmoid(), Ramp(top=3.0), SwitchingNeuron()])
def test_gradients_are_those_of_the_loss(activation):
    """Every weight of three layers; with a wrong pass backwards they are not."""
    values = [np.abs(w) if k < 2 else w for k, w in enumerate(matrices())]  # away from the corner
    wanted = differences(values, activation)
    assert agree(gradients(Network(in_arrays(values), activation)), wanted)
    for control in (TurnedBack, MisreadBack):
        layers = in_arrays(values)
        layers[1] = control(layers[1].array)
        found = gradients(Network(layers, activation))
        assert agree(found[1:], wanted[1:])
        assert not agree(found[:1], wanted[:1], rtol=0.1)


def test_errors_are_scaled_for_converters():
    """Errors of 1e-6 pass 8-bit converters as errors of 1 do; gradients as coarse as they are."""

    class Seen(ArrayWeights):
        most = 0.0

        def backward(self, outputs):
            self.most = float(np.abs(outputs).max())
            return super().backward(outputs)

    values = matrices()
    reading = Reading(dac_bits=8, adc_bits=8)
    array = Crossbar(values[2], layout="balanced", weight_range=1.0, reading=reading, seed=1)
    exact, coarse = in_arrays(values), in_arrays(values)
    coarse[2] = Seen(array)
    one, other = (gradients(Network(layers, Sigmoid())) for layers in (exact, coarse))
    assert 0.5 < coarse[2].most <= 1.0
    assert np.abs(one[0] - other[0]).max() < 0.1 * np.abs(one[0]).max()
    assert coarse[2].array.clipped.adc == 0


def test_certain_answers_have_no_errors():
    layer = IdealWeights(np.array([[1000.0], [-1000.0]]), weight_range=1e4)
    network = Network([layer, IdealWeights(np.zeros((2, 3)), weight_range=1.0)], Sigmoid())
    assert network.errors(network.passed(np.zeros((1, 0))), np.array([0]))[0].shape == (2, 1)


def test_weights_are_abstract():
    with pytest.raises(TypeError, match="abstract"):
        Weights()
