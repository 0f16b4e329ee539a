"""Steps of an ascent that are by the size of each parameter's own gradients."""

import numpy as np
import pytest

from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.boltzmann.gradient import Ascent, Moments

RATE, MOMENTUM, DECAY = 0.01, 0.8, 0.5


class Two:
    """A machine of a bias and weights."""

    def __init__(self):
        self.parameters = [np.float32([1.0]), np.float32([2.0, -3.0])]
        self.weights = self.parameters[1:]


def zeros():
    return [np.zeros_like(array) for array in Two().parameters]


def by_hand(gradients, decay):
    x, mean, square = np.array([1.0, 2.0, -3.0]), np.zeros(3), np.zeros(3)
    for k, g in enumerate(gradients, start=1):
        x[1:] *= 1 - RATE * decay
        mean = MOMENTUM * mean + (1 - MOMENTUM) * g
        square = 0.999 * square + 0.001 * g * g
        unbiased = mean / (1 - MOMENTUM**k), square / (1 - 0.999**k)
        x += RATE * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
    return x


@pytest.mark.parametrize("decay", [0.0, DECAY])
def test_steps_are_those_by_hand(decay):
    gradients = np.random.default_rng(1).normal(size=(20, 3)) * [1.0, 1e-3, 1e3]
    machine, moments = Two(), Moments(zeros(), zeros())
    ascent = Ascent(MOMENTUM, decay, adaptive=True)
    for k, g in enumerate(gradients):
        slopes = [g[:1].astype(np.float32), g[1:].astype(np.float32)]
        ascent.adapted(machine, moments, slopes, rate=RATE, updates=k)
    found = np.concatenate(machine.parameters)
    assert np.allclose(found, by_hand(gradients, decay), atol=2e-6)
    assert not np.allclose(found, by_hand(gradients, DECAY - decay), atol=1e-3)


def test_the_first_step_is_the_rate_whatever_the_gradient():
    machine = Two()
    slopes = [np.float32([1e-3]), np.float32([-1e3, 0.0])]
    Ascent(MOMENTUM, adaptive=True).adapted(
        machine, Moments(zeros(), zeros()), slopes, rate=RATE, updates=0
    )
    assert np.allclose(np.concatenate(machine.parameters), [1 + RATE, 2 - RATE, -3], atol=1e-6)


def test_a_machine_learns_by_them():
    X = np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 50, axis=0)
    rbm = RestrictedBoltzmannMachine(
        8, adaptive=True, learning_rate=0.02, n_iter=50, random_state=1
    )
    assert rbm.fit(X).score(X) > -1.0
