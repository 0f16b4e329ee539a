"""Ladders: spacings against their definitions, what is refused."""

import pickle

import numpy as np
import pytest
from scipy.special import erfc

from pbit import Ladder


def test_geometric_and_its_ends():
    ladder = Ladder.geometric(0.1, 10.0, num_betas=5)
    assert np.allclose(np.diff(np.log(ladder.values)), np.log(100) / 4)
    assert ladder.num_betas == 5


def test_betas_stay_read_only_in_another_process():
    """Kernels are compiled for the one kind of array."""
    sent = pickle.loads(pickle.dumps(Ladder([0.1, 2.0])))
    assert sent.values.tolist() == [0.1, 2.0] and not sent.values.flags.writeable


def test_steps_are_alpha_over_the_spread():
    """Of a spread known as a formula: sigma = 30 / (1 + beta)."""
    betas = np.linspace(0.5, 3.0, 4000)
    ladder = Ladder.by_spread(betas, 30 / (1 + betas), alpha=1.25).values
    lengths = 30 * np.diff(np.log1p(ladder))  # the integral of sigma over each step
    whole = 30 * np.log(4 / 1.5)
    assert np.allclose(lengths, lengths[0], rtol=1e-5)
    assert len(ladder) == int(np.ceil(whole / 1.25)) + 1
    assert (ladder[0], ladder[-1]) == (0.5, 3.0)
    assert np.allclose(ladder[1:], ladder[:-1] + lengths[0] / (30 / (1 + ladder[:-1])), rtol=0.05)


def test_rates_of_gaussian_energies_give_the_same_ladder():
    """Steps of x / sigma accept erfc(x / 2): from such rates the spacing is found again."""
    betas = np.cumsum([0.2, 0.1, 0.3, 0.2, 0.4])
    sigma = np.full(5, 5.0)
    rates = erfc(5.0 * np.diff(betas) / 2)
    means = -25.0 * betas  # sigma^2 = -dE/dbeta
    by_rates = Ladder(betas).by_rates(rates, np.zeros(5), alpha=0.7)
    by_spread = Ladder.by_spread(betas, sigma, alpha=0.7)
    assert np.allclose(by_rates.values, by_spread.values)
    unknown = Ladder(betas).by_rates([np.nan, 0.001, rates[2], rates[3]], means, alpha=0.7)
    assert np.allclose(unknown.values, by_spread.values)


def test_the_rate_between_gaussian_energies_is_erfc():
    """Energies N(-sigma^2 beta, sigma^2) at beta, as one density of states has them."""
    rng = np.random.default_rng(1)
    sigma, step = 3.0, 0.4
    hot, cold = (rng.normal(-(sigma**2) * beta, sigma, 10**6) for beta in (1.0, 1.0 + step))
    rate = np.minimum(1, np.exp(step * (cold - hot)))
    assert abs(rate.mean() - erfc(sigma * step / 2)) < 5 * rate.std() / 1000


def test_feedback_puts_betas_where_the_flow_falls():
    ladder = Ladder(np.linspace(1.0, 2.0, 11))
    flow = np.where(np.arange(11) < 5, 1.0, 0.0)  # all of the fall between 1.4 and 1.5
    found = ladder.by_flow(flow).values
    inside = np.count_nonzero((found > 1.4) & (found < 1.5))
    assert inside >= 2 and (found[0], found[-1]) == (1.0, 2.0)
    even = ladder.by_flow(np.linspace(1, 0, 11))
    assert np.allclose(even.values, ladder.values)
    assert Ladder([1.0, 2.0]).by_flow([1.0, 0.0]).values.tolist() == [1.0, 2.0]
    unseen = ladder.by_flow(np.where(np.arange(11) % 2, np.nan, np.linspace(1, 0, 11)))
    assert np.allclose(unseen.values, ladder.values)
    assert ladder.by_flow(np.linspace(1, 0, 11), num_betas=5).num_betas == 5


def test_nothing_fluctuates():
    assert Ladder.by_spread([1.0, 2.0, 3.0], [0.0] * 3).values.tolist() == [1.0, 3.0]
    assert Ladder.by_spread([1.0], [2.0]).values.tolist() == [1.0]
    partly = Ladder.by_spread([1.0, 2.0, 3.0], [4.0, 0.0, 0.0])
    assert (np.diff(partly.values) > 0).all()


@pytest.mark.parametrize("betas", [[], [1.0, 1.0], [2.0, 1.0], [-1.0, 1.0], [1.0, np.inf], [[1.0]]])
def test_bad_betas(betas):
    with pytest.raises(ValueError, match="betas must be"):
        Ladder(betas)


def test_bad_arguments():
    ladder = Ladder([1.0, 2.0])
    with pytest.raises(ValueError, match="num_betas must be"):
        Ladder.geometric(1.0, 2.0, num_betas=1)
    with pytest.raises(ValueError, match="beta_range must be 0 < hot < cold"):
        Ladder.geometric(0.0, 2.0, num_betas=3)
    for spreads in ([1.0], [1.0, -1.0], [1.0, np.nan]):
        with pytest.raises(ValueError, match="spreads must be"):
            Ladder.by_spread([1.0, 2.0], spreads)
    with pytest.raises(ValueError, match="alpha must be"):
        Ladder.by_spread([1.0, 2.0], [1.0, 1.0], alpha=0.0)
    with pytest.raises(ValueError, match="rates must have"):
        ladder.by_rates([0.1, 0.2], [1.0, 1.0])
    with pytest.raises(ValueError, match="fraction must have"):
        ladder.by_flow([1.0])
