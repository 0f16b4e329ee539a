"""Bitstreams: the law of junctions that are read, products, training, and what is refused."""

import itertools
import math
import re

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import binom

from pbit.devices.laws.telegraph_law import correlation_time_s
from pbit.devices.mtj import Junction
from pbit.networks.bitstreams import (
    Perceptron,
    StreamSource,
    exclusive_or,
    quantised,
    standard_error,
    train_perceptron,
    von_neumann,
)
from pbit.networks.bitstreams.perceptron import _counted
from pbit.networks.bitstreams.training import _Learnt, _Stored
from pbit.statistics import binomial_p_values, chi_square_p_value
from pbit.statistics.randomness import autocorrelation, monobit_p_value, runs_p_value

ALPHA = 1e-6
JUNCTION = Junction(8.0, asymmetry=0.05)


def law_of_three(value, interval):
    """Probabilities of three successive bits from the rates, by the matrix exponential."""
    source = StreamSource(JUNCTION, interval_s=interval)
    from_P, from_AP = (float(rate) for rate in JUNCTION.rates_Hz(source.currents_A(value)))
    step = expm(np.array([[-from_AP, from_AP], [from_P, -from_P]]) * interval)
    start = [from_P / (from_P + from_AP), from_AP / (from_P + from_AP)]
    return np.array(
        [start[a] * step[a, b] * step[b, c] for a, b, c in itertools.product(range(2), repeat=3)]
    )


def test_three_successive_bits_follow_the_rates():
    """20000 streams of value 0.3; the law of an interval 20 % longer fails."""
    interval = 0.7 * float(correlation_time_s(JUNCTION))
    source = StreamSource(JUNCTION, interval_s=interval)
    bits = np.array(list(source.steps(np.full(20_000, 0.3), 3, np.random.default_rng(1)))) > 0
    seen = 4 * bits[0] + 2 * bits[1] + bits[2]
    assert chi_square_p_value(seen, law_of_three(0.3, interval)) > ALPHA
    assert chi_square_p_value(seen, law_of_three(0.3, 1.2 * interval)) < ALPHA


def test_independent_bits_have_the_mean_asked_for():
    values = np.array([-1.0, -0.4, 0.0, 0.9])
    found = StreamSource(JUNCTION).estimates(values, length=40_000, seed=2)
    ones = np.rint((found + 1) / 2 * 40_000).astype(int)
    assert ones[0] < 10  # the critical current leaves tanh(8)
    p = (1 + values[1:]) / 2
    assert binomial_p_values(ones[1:], [40_000] * 3, p).min() > ALPHA
    assert binomial_p_values(ones[1:], [40_000] * 3, p - 0.02).max() < ALPHA


def test_standard_error_is_the_sum_of_covariances():
    for rho, length in ((0.0, 7), (0.6, 9)):
        off = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
        variance = (1 - 0.3**2) * (rho**off).sum() / length**2
        assert standard_error(0.3, length, rho) == pytest.approx(math.sqrt(variance))


def test_correlation_falls_with_the_bias():
    """Rates grow with the drive, 1 / sqrt(1 - v^2) for exponent 1."""
    junction = Junction(8.0)
    tau = float(correlation_time_s(junction))
    rho = StreamSource(junction, interval_s=tau).correlations([0.0, 0.8])
    np.testing.assert_allclose(rho, np.exp([-1.0, -1 / 0.6]))


def test_products_of_streams_are_binomial():
    """Of four bits each, values 0.6 and 0.7; a product that is 20 % larger fails."""
    generator, source = np.random.default_rng(3), StreamSource()
    x, w = np.array([[0.6]]), np.array([[0.7]])
    sums = [_counted(x, w, 4, source, generator)[0, 0] for _ in range(3000)]
    ones = np.rint(2 * np.array(sums) + 2).astype(int)
    for factor, holds in ((1.0, True), (1.2, False)):
        law = binom(4, (1 + 0.42 * factor) / 2).pmf(np.arange(5))
        assert (chi_square_p_value(ones, law) > ALPHA) is holds


def test_long_streams_give_the_scores_without_streams():
    """Five standard errors: sums of products are known, hidden outputs are -1 and +1 for sure."""
    hidden = np.array([[1.0, -1.0], [1.0, -1.0], [0.0, 0.0]])
    output = np.array([[0.5, -0.5], [0.25, 1.0], [0.0, 0.5]])
    network = Perceptron(hidden, output, (1.0, 1.0), levels=3)
    rows = np.array([[1.0, 1.0], [-1.0, -1.0]])
    found = network.scores_by_streams(rows, length=10_000, seed=4)
    assert np.abs(found - network.scores(rows)).max() < 5 * math.sqrt(3 / 10_000)
    np.testing.assert_array_equal(found, network.scores_by_streams(rows, length=10_000, seed=4))
    assert network.bits_per_example(10) == 10 * (3 + 6 + 3 + 6)


def test_levels_are_evenly_spaced_and_none_only_cuts_off():
    np.testing.assert_array_equal(quantised([-3, -0.3, 0.2, 0.9], 3), [-1, 0, 0, 1])
    np.testing.assert_array_equal(quantised([-3, 0.123], None), [-1, 0.123])
    assert len(np.unique(quantised(np.linspace(-1, 1, 999), 11))) == 11


def test_gradients_are_those_of_the_loss():
    generator = np.random.default_rng(5)
    learnt = _Learnt.drawn(4, 3, 2, generator)
    inputs, classes = generator.uniform(-0.5, 0.5, (6, 4)), np.array([0, 1, 1, 0, 1, 0])

    def loss():
        hidden, output, gain1, gain2 = learnt.weights
        middle = np.clip(gain1 * inputs @ hidden, -1, 1)
        scores = gain2 * (np.concatenate([middle, np.ones((6, 1))], axis=1) @ output)
        return float(np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(6), classes]))

    found = learnt.gradients(inputs, classes, learnt.weights[:2], None)
    for weights, gradient in zip(learnt.weights, found, strict=True):
        for place in np.ndindex(weights.shape):
            kept = weights[place]
            weights[place] = kept + 1e-6
            high = loss()
            weights[place] = kept - 1e-6
            low = loss()
            weights[place] = kept
            assert gradient[place] == pytest.approx((high - low) / 2e-6, abs=1e-7)


def test_writes_fail_as_often_as_they_should_and_are_counted():
    stored = _Stored([np.zeros((100, 100))], write_error=0.3)
    stored.write([np.ones((100, 100))], np.random.default_rng(6))
    left = int((stored.weights[0] == 0).sum())
    assert stored.writes == 10_000
    assert binomial_p_values([left], [10_000], [0.3])[0] > ALPHA
    assert binomial_p_values([left], [10_000], [0.34])[0] < ALPHA
    stored.write([np.ones((100, 100))], np.random.default_rng(7))
    assert stored.writes == 10_000 + left


def test_training_repeats_and_its_weights_are_levels():
    generator = np.random.default_rng(8)
    rows = generator.uniform(-1, 1, (200, 3))
    labels = (rows.sum(axis=1) > 0).astype(int)
    one, two = (
        train_perceptron(rows, labels, num_hidden=6, levels=5, seed=1, epochs=20) for _ in "ab"
    )
    assert one.network == two.network and one.writes == two.writes > 0
    assert set(np.unique(one.network.hidden)) <= {-1.0, -0.5, 0.0, 0.5, 1.0}
    right = int((one.network.scores(rows).argmax(axis=1) == labels).sum())
    assert right > 100 and binomial_p_values([right], [200], [0.5])[0] < ALPHA


# --- coins


def weighted(bits, p):
    return math.prod(p if bit else 1 - p for bit in bits)


def test_processed_bits_have_exactly_the_bias_they_should():
    """All sequences of six bits, P(1) = 0.7: fair after von Neumann, -(-2 e)^k / 2 after xor."""
    pairs = {0: 0.0, 1: 0.0}
    odd = {2: 0.0, 3: 0.0}
    for bits in itertools.product((0, 1), repeat=6):
        chance = weighted(bits, 0.7)
        for first in von_neumann(bits)[:1]:
            pairs[int(first)] += chance
        for k in odd:
            odd[k] += chance * exclusive_or(bits, of=k)[0]
    assert pairs[0] == pytest.approx(pairs[1])
    for k, share in odd.items():
        assert share - 0.5 == pytest.approx(-((-2 * 0.2) ** k) / 2)


def test_tests_of_coins_reject_as_often_as_they_should():
    """1000 sequences at 1 %: binomial; biased and sticky ones are rejected far more often."""
    generator = np.random.default_rng(9)
    fair = generator.integers(0, 2, (1000, 1000))
    for test in (monobit_p_value, runs_p_value):
        rejected = sum(test(bits) < 0.01 for bits in fair)
        assert binomial_p_values([rejected], [1000], [0.01])[0] > ALPHA
    assert monobit_p_value(generator.random(1000) < 0.6) < ALPHA
    sticky = np.repeat(generator.integers(0, 2, 500), 2)
    assert runs_p_value(sticky) < ALPHA and autocorrelation(sticky) > 0.4


def test_bits_that_are_all_alike():
    assert runs_p_value([1] * 100) == 0.0 and math.isnan(autocorrelation([0] * 10))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: StreamSource(interval_s=0.0), "interval_s must be a number > 0"),
        (lambda: StreamSource(Junction(8.0, barrier_exponent=1.5)), "junction must have barrier_"),
        (lambda: StreamSource().currents_A([1.5]), "values must be from -1 to 1, got 1.5 to 1.5"),
        (lambda: StreamSource().estimates([0.0], length=0, seed=1), "length must be >= 1, got 0"),
        (lambda: monobit_p_value([0, 2]), "bits must be at least 1 of 0 and 1 in one row"),
        (lambda: von_neumann([1]), "bits must be at least 2 of 0 and 1"),
        (lambda: autocorrelation([0, 1], 2), "lag must be from 1 to 1, got 2"),
        (lambda: Perceptron(np.zeros((2, 3)), np.zeros((3, 2)), (1, 1)), "output must have a row"),
        (lambda: Perceptron(np.full((2, 3), 2.0), np.zeros((4, 2)), (1, 1)), "weights must be"),
        (lambda: train([0, 1], levels=1), "levels must be >= 2, got 1"),
        (lambda: train([0]), "labels must be one for each of 2 rows"),
        (lambda: train([0, 1], write_error=1.0), "write_error must be from 0 to below 1"),
        (lambda: train([0, 1], rate=0), "rate must be a number > 0"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def train(labels, levels=5, **keywords):
    rows = [[0.0], [1.0]]
    return train_perceptron(rows, labels, num_hidden=2, levels=levels, seed=1, **keywords)
