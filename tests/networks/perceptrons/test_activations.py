"""Neurons: slopes are derivatives, junctions fire by their odds."""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.synapses import BinaryJunction
from pbit.networks.perceptrons import Ramp, Sigmoid, SwitchingNeuron
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6
SUMS = np.linspace(-6.0301, 6.0507, 400)  # off the corners of curves and tables


@pytest.mark.parametrize("neuron", [Sigmoid(), Ramp(top=2.5), SwitchingNeuron()])
def test_slopes_are_derivatives(neuron):
    h = 1e-6
    slopes = (neuron(SUMS + h) - neuron(SUMS - h)) / (2 * h)
    np.testing.assert_allclose(neuron.slopes(SUMS), slopes, atol=1e-6)
    outputs = neuron(SUMS)
    assert (np.diff(outputs) >= 0).all() and outputs.min() >= 0
    assert (neuron.fired(SUMS, np.random.default_rng(1)) == outputs).all()  # no chance


def test_levels_of_a_ramp():
    neuron = Ramp(top=2.0, levels=5)
    assert set(neuron(SUMS)) == {0.0, 0.5, 1.0, 1.5, 2.0}
    assert np.abs(neuron(SUMS) - Ramp(top=2.0)(SUMS)).max() <= 0.25
    assert (neuron.slopes(SUMS) == Ramp(top=2.0).slopes(SUMS)).all()


def test_a_switching_neuron_is_its_junction():
    """The table gives the odds of the device; half at 0, a slope of 1/4; flat beyond the table."""
    device = BinaryJunction(pulse_s=1e-7)
    neuron = SwitchingNeuron()
    assert neuron.device == device
    current = np.maximum(neuron.half_current_A + SUMS * neuron.unit_A, 0)
    np.testing.assert_allclose(neuron(SUMS), device.odds(current, False), atol=1e-5)
    assert neuron(np.zeros(1))[0] == pytest.approx(0.5, abs=1e-6)
    assert neuron.slopes(np.zeros(1))[0] == pytest.approx(0.25, rel=1e-2)
    assert (neuron.slopes(np.array([-50.0, 50.0])) == 0).all()
    weak = SwitchingNeuron(BinaryJunction(pulse_s=1e-7, write_current_A=1e-7))
    assert weak.half_current_A == pytest.approx(neuron.half_current_A)


def test_junctions_fire_by_the_binomial_law():
    """Control: odds of a sum larger by 0.1 are seen."""
    neuron, sums = SwitchingNeuron(junctions=9), np.full(20_000, 0.6)
    shares = neuron.fired(sums, np.random.default_rng(1))
    counts = np.rint(9 * shares).astype(int)
    laws = [stats.binom.pmf(np.arange(10), 9, neuron(np.array([s]))[0]) for s in (0.6, 0.7)]
    assert chi_square_p_value(counts, laws[0]) > ALPHA
    assert chi_square_p_value(counts, laws[1]) < ALPHA


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Ramp(top=0.0), "top must be a finite number > 0"),
        (lambda: Ramp(levels=1), "levels must be >= 2, got 1"),
        (lambda: SwitchingNeuron(junctions=0), "junctions must be >= 1, got 0"),
        (lambda: SwitchingNeuron(BinaryJunction(pulse_s=1e-21)),
         "device must switch half of the time at some current"),
        (lambda: SwitchingNeuron(BinaryJunction()),
         "device must switch more often with more current, got pulses of 5e-09 s"),
    ],
)  # fmt: skip
def test_values_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
