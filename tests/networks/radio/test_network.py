"""Chains and networks of them: exact weights, cross-talk, gradients against finite differences."""

import itertools
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from pbit.devices.oscillator import AutoOscillator, SpinTorqueDiode
from pbit.networks.radio import Chains, OscillatorNeuron, RadioNetwork, carriers

DIODE = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0)
SYMMETRIC = SpinTorqueDiode(
    linewidth_Hz=2e6, sensitivity_V_W=300.0, phase_rad=0.6, saturation_W=3e-6
)
OSCILLATOR = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6, nonlinear_damping=1.5)
MOVING = replace(OSCILLATOR, shift_Hz=-1.5e7)
NEURON = OscillatorNeuron(oscillator=OSCILLATOR, transconductance_S=3.0, most_W=2e-6, bias_A=1.1e-3)
RNG = np.random.default_rng(1)


def weight(x):
    return 2 * x / (1 + x * x)


# --- chains


def test_one_resonator_and_one_carrier_multiply_exactly():
    for x in (-3.0, -1.0, 0.0, 0.2, 1.0, 7.0):
        chains = Chains([1e9], [[1e9 - 5e6 * x]], DIODE)
        assert chains.weights() == pytest.approx(np.array([[weight(x)]]), abs=1e-9)
        volts = chains.voltages_V([[0.0], [1e-6], [3e-6]])[:, 0]
        np.testing.assert_allclose(volts, [0.0, *(250.0 * weight(x) * np.array([1e-6, 3e-6]))])


def test_weights_are_the_sums_over_all_resonators():
    """Against loops; without the others (control) they are not."""
    line, rests = carriers(4, spacing=3.0, diode=DIODE), 1e9 + 6e7 * RNG.random((3, 5))
    wanted = np.zeros((3, 4))
    for k in range(3):
        for i in range(4):
            for j in range(5):
                wanted[k, i] += weight((line[i] - rests[k, j]) / 5e6)
    found = Chains(line, rests, DIODE).weights()
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    assert np.abs(Chains(line, rests[:, :4], DIODE).weights() - wanted).max() > 0.01


def test_cross_talk_goes_as_one_over_the_spacing():
    """Weights of eight resonators next to their carriers, against what each alone would be."""
    away = RNG.uniform(-1, 1, 8)
    off = []
    for spacing in (30.0, 300.0, 3000.0, 3e6):
        line = carriers(8, spacing=spacing, diode=DIODE)
        found = Chains(line, [line - 5e6 * away], DIODE).weights()[0]
        off.append(np.abs(found - weight(away)).max())
    np.testing.assert_allclose(np.divide(off[:2], off[1:3]), 10.0, rtol=0.3)
    assert off[-1] < 1e-5


def test_a_saturated_carrier_counts_less():
    diode = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0, saturation_W=1e-6)
    one, other = (Chains([1e9], [[1.005e9]], each) for each in (DIODE, diode))
    powers = [[1e-9], [1e-6]]
    shares = other.voltages_V(powers) / one.voltages_V(powers)
    np.testing.assert_allclose(shares[:, 0], [1 / 1.001, 0.5])


# --- gradients


def network(sizes, seed=0, diode=DIODE, neuron=NEURON):
    rng, layers = np.random.default_rng(seed), []
    for below, above in itertools.pairwise(sizes):
        line = carriers(below + 1, spacing=3.0, diode=diode)
        rests = line + diode.linewidth_Hz * rng.uniform(-1.5, 1.5, (above, below + 1))
        layers.append(Chains(line, rests, diode))
    return RadioNetwork(layers=tuple(layers), neuron=neuron, pilot_W=1.3e-6)


POWERS, CLASSES = RNG.random((6, 4)) * 1e-6, np.array([0, 1, 2, 2, 1, 0])
PER_V = 8e3


def differences(of, step_Hz):
    found = []
    for k, chains in enumerate(of.layers):
        slope = np.zeros(chains.resonances_Hz.shape)
        for place in np.ndindex(slope.shape):
            ends = []
            for side in (step_Hz, -step_Hz):
                by = [np.zeros(each.resonances_Hz.shape) for each in of.layers]
                by[k][place] = side
                ends.append(of.moved(by).loss(POWERS, CLASSES, per_V=PER_V))
            slope[place] = (ends[0] - ends[1]) / (2 * step_Hz)
        found.append(slope)
    return found


def agree(one, other):
    return [np.abs(a - b).max() < 1e-5 * np.abs(b).max() for a, b in zip(one, other, strict=True)]


@pytest.mark.parametrize("sizes", [(4, 3), (4, 5, 3), (4, 6, 5, 3)])
@pytest.mark.parametrize("diode", [DIODE, SYMMETRIC])
@pytest.mark.parametrize("oscillator", [OSCILLATOR, MOVING])
def test_gradients_are_those_of_the_loss(sizes, diode, oscillator):
    """Every resonance of up to three layers; control: of another loss they are not."""
    of = network(sizes, diode=diode, neuron=replace(NEURON, oscillator=oscillator))
    wanted = differences(of, 3e-5 * diode.linewidth_Hz)
    assert all(np.abs(each).max() > 0 for each in wanted)
    assert all(agree(of.gradients(POWERS, CLASSES, per_V=PER_V), wanted))
    assert not any(agree(of.gradients(POWERS, CLASSES, per_V=1.001 * PER_V), wanted))


def test_cross_talk_is_in_the_gradient():
    """Control: with each resonator seeing its own carrier alone the gradient is another."""
    chains = network((4, 3)).layers[0]
    by = RNG.standard_normal((3, 5))
    alone = [
        -2
        / 5e6
        * by[:, i]
        * DIODE.slope((chains.carriers_Hz[i] - chains.resonances_Hz[:, i]) / 5e6)
        for i in range(5)
    ]
    assert np.abs(chains.resonance_gradient(by) - np.transpose(alone)).max() > 1e-9


# --- neurons


def test_a_neuron_emits_what_its_oscillator_does():
    """Nothing below threshold, then (zeta - 1) / (zeta + Q) of the most; slopes by differences."""
    volts = np.array([-1e-3, -1e-4, 1e-4, 1e-3, 1.0])
    zeta = (1.1e-3 + 3.0 * volts) / 1e-3
    wanted = np.where(zeta > 1, 2e-6 * (zeta - 1) / (zeta + 1.5), 0.0)
    np.testing.assert_allclose(NEURON.emitted_W(volts), wanted, rtol=1e-12)
    step = 1e-9
    slopes = (NEURON.emitted_W(volts + step) - NEURON.emitted_W(volts - step)) / (2 * step)
    np.testing.assert_allclose(NEURON.slope_W_V(volts), slopes, rtol=1e-4, atol=1e-13)
    at_threshold = OscillatorNeuron(oscillator=OSCILLATOR, transconductance_S=1.0, most_W=1e-6)
    assert float(at_threshold.emitted_W(0.0)) == 0.0 < float(at_threshold.emitted_W(1e-9))


def test_a_matched_neuron_is_raised_by_its_gain_by_a_full_carrier():
    neuron = OscillatorNeuron.matched(OSCILLATOR, DIODE, full_W=2e-6, gain=3.0)
    full = Chains([1e9], [[0.995e9]], DIODE).voltages_V([[2e-6]])
    assert float(OSCILLATOR.supercriticality(neuron.current_A(full))[0, 0]) == pytest.approx(4.0)
    assert float(neuron.emitted_W(1e3)) == pytest.approx(2e-6, rel=1e-3)


def test_layers_are_chains_neurons_chains():
    of = network((4, 5, 3))
    with_pilot = np.column_stack([POWERS, np.full(6, 1.3e-6)])
    emitted = NEURON.emitted_W(of.layers[0].voltages_V(with_pilot))
    wanted = of.layers[1].voltages_V(np.column_stack([emitted, np.full(6, 1.3e-6)]))
    assert np.array_equal(of.voltages_V(POWERS), wanted)
    odds = np.exp(PER_V * wanted)
    odds /= odds.sum(axis=1, keepdims=True)
    loss = -np.log(odds[np.arange(6), CLASSES]).mean()
    assert of.loss(POWERS, CLASSES, per_V=PER_V) == pytest.approx(loss)


def test_carriers_move_with_the_power_of_their_oscillators():
    """As chains on a line of their own for every signal say; without the shift they are others."""
    still, moving = (
        network((4, 5, 3), neuron=replace(NEURON, oscillator=each)) for each in (OSCILLATOR, MOVING)
    )
    volts = still.layers[0].voltages_V(np.column_stack([POWERS, np.full(6, 1.3e-6)]))
    powers, wanted = NEURON.emitted_W(volts), []
    for row in powers:
        off = np.append(-1.5e7 * row / NEURON.most_W, 0.0)
        there = replace(still.layers[1], carriers_Hz=still.layers[1].carriers_Hz + off)
        wanted.append(there.voltages_V([np.append(row, 1.3e-6)])[0])
    np.testing.assert_allclose(moving.voltages_V(POWERS), wanted, rtol=1e-12)
    assert np.abs(still.voltages_V(POWERS) - wanted).max() > 1e-5


LINE = [1e9, 2e9]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Chains(LINE, [1e9], DIODE), ValueError, "resonances_Hz must be frequencies > 0"),
        (lambda: Chains([-1e9], [LINE], DIODE), ValueError, "carriers_Hz must be frequencies > 0"),
        (lambda: Chains(["x"], [LINE], DIODE), TypeError, "carriers_Hz must be a number or"),
        (lambda: Chains(LINE, [LINE], 1), TypeError, "diode must be of type SpinTorqueDiode"),
        (lambda: Chains(LINE, [LINE], DIODE).voltages_V([[1.0]]), ValueError,
         "powers_W must have a column for each of 2 carriers, got shape (1, 1)"),
        (lambda: Chains(LINE, [LINE], DIODE).voltages_V([[-1.0, 1.0]]), ValueError,
         "power_W must be finite and >= 0, got -1 to 1"),
        (lambda: RadioNetwork(layers=()), ValueError, "layers must be chains"),
        (lambda: RadioNetwork(layers=network((4, 3)).layers, pilot_W=0.0), ValueError, "pilot_W m"),
        (lambda: RadioNetwork(layers=network((4, 3, 2)).layers), TypeError, "neuron must be of"),
        (lambda: RadioNetwork(layers=network((4, 3, 2)).layers[:1] * 2, neuron=NEURON), ValueError,
         "layers must go on with 3 carriers and a constant one, got 5 carriers"),
        (lambda: OscillatorNeuron(oscillator=1, transconductance_S=1.0, most_W=1.0), TypeError,
         "oscillator must be of type AutoOscillator"),
        (lambda: OscillatorNeuron.matched(OSCILLATOR, DIODE, full_W=0.0), ValueError,
         "full_W must be a finite number > 0"),
        (lambda: OscillatorNeuron.matched(OSCILLATOR, DIODE, full_W=1.0, gain=0.0), ValueError,
         "gain must be a finite number > 0"),
        (lambda: OscillatorNeuron(oscillator=OSCILLATOR, transconductance_S=0.0, most_W=1.0),
         ValueError, "transconductance_S must be a finite number > 0"),
        (lambda: OscillatorNeuron(oscillator=OSCILLATOR, transconductance_S=1.0, most_W=0.0),
         ValueError, "most_W must be a finite number > 0"),
        (lambda: OscillatorNeuron(oscillator=OSCILLATOR, transconductance_S=1.0, most_W=1.0,
                                  bias_A=math.inf), ValueError, "bias_A must be a finite number"),
    ],
)  # fmt: skip
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=re.escape(message)):
        make()
