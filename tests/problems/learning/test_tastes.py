"""Likes and dislikes: the law they are drawn from, and the best that can be said of it."""

from itertools import product

import numpy as np
import pytest

from pbit.problems.learning import Tastes
from pbit.statistics import chi_square_p_value

# 4 tests at this level: 1e-6 for the file. Power: catches a probability of 0.8 that is 0.79.
ALPHA = 2.5e-7
SMALL = Tastes(shares=[0.5, 0.3, 0.2], likes=[[0.8, 0.1, 0.6], [0.3, 0.9, 0.9], [0.5, 0.5, 0.2]])
STATES = np.array(list(product((-1, 1), repeat=3)), dtype=np.int8)


def chance(state, taste):
    """P of a state for a user of this taste, item by item."""
    likes = SMALL.likes[taste]
    return np.prod([p if s > 0 else 1 - p for s, p in zip(state, likes, strict=True)])


def law():
    return np.array([sum(SMALL.shares[k] * chance(state, k) for k in range(3)) for state in STATES])


def numbers(spins):
    return (spins > 0) @ np.array([4, 2, 1])


def test_draws_follow_the_law():
    likes = SMALL.draw(200_000, missing=0.25, seed=1)
    assert chi_square_p_value(numbers(likes.spins), law()) > ALPHA
    assert chi_square_p_value(likes.tastes, SMALL.shares) > ALPHA
    assert chi_square_p_value(likes.known.sum(axis=1), [1 / 64, 9 / 64, 27 / 64, 27 / 64]) > ALPHA


def test_control_another_probability_is_caught():
    other = SMALL.likes.copy()
    other[0, 0] = 0.79
    likes = Tastes(SMALL.shares, other).draw(200_000, missing=0.25, seed=1)
    assert chi_square_p_value(numbers(likes.spins), law()) < ALPHA


def test_log_likelihood():
    assert np.allclose(SMALL.log_likelihood(STATES), np.log(law()))
    known = np.array([True, False, True])
    both = np.exp(SMALL.log_likelihood(STATES)) + np.exp(
        SMALL.log_likelihood(STATES * np.array([1, -1, 1], dtype=np.int8))
    )
    some = SMALL.log_likelihood(STATES, np.broadcast_to(known, STATES.shape))
    assert np.allclose(np.exp(some), both)


def test_predictions_are_bayes_rule():
    known = np.array([[True, True, False]] * 8)
    found = SMALL.predict(STATES, known)[:, 2]
    up = STATES.copy()
    up[:, 2] = 1
    joint = law()
    assert np.allclose(found, joint[numbers(up)] / (joint[numbers(up)] + joint[numbers(up) - 1]))


def test_nothing_known():
    found = SMALL.predict(STATES[:1], np.zeros((1, 3), dtype=bool))
    assert np.allclose(found, SMALL.shares @ SMALL.likes)


def test_no_method_is_better_than_the_best():
    """The rule itself reaches what is said of it, within five standard errors; others do not."""
    tastes = Tastes.random(64, num_tastes=4, clarity=0.85, seed=3)
    likes = tastes.draw(4000, missing=0.5, seed=1)
    hidden = ~likes.known
    best = tastes.best_accuracy(likes)
    truth = likes.spins > 0
    right = ((tastes.predict(likes.spins, likes.known) > 0.5) == truth)[hidden]
    error = np.sqrt(best * (1 - best) / hidden.sum())
    assert abs(right.mean() - best) < 5 * error
    assert abs(best - 0.85) < 0.005  # 32 answers tell the taste
    popular = ((tastes.shares @ tastes.likes > 0.5) == truth)[hidden]
    assert popular.mean() < best - 20 * error


def test_certain_tastes():
    sure = Tastes(shares=[0.5, 0.5], likes=[[1, 1, 0], [0, 0, 0]])
    known = np.array([[True, False, False]])
    spins = np.array([[1, 1, -1]], dtype=np.int8)
    assert sure.predict(spins, known).tolist() == [[1, 1, 0]]
    assert sure.log_likelihood(spins).tolist() == [np.log(0.5)]
    with pytest.raises(ValueError, match="spins must be possible for a taste, got row 0"):
        sure.predict(np.array([[1, -1, 1]], dtype=np.int8), np.ones((1, 3), dtype=bool))


def test_the_matrix_of_means_has_the_rank_of_the_tastes():
    tastes = Tastes.random(64, num_tastes=4, seed=1)
    likes = tastes.draw(500, missing=0.3, seed=2)
    assert np.linalg.matrix_rank(2 * tastes.likes[likes.tastes] - 1) == 4
    assert likes.spins.shape == likes.known.shape == (500, 64)
    assert set(np.unique(likes.spins)) == {-1, 1}
    assert np.array_equal(likes.spins, tastes.draw(500, missing=0.3, seed=2).spins)


def test_everything_known():
    likes = SMALL.draw(3, missing=0, seed=1)
    assert likes.known.all()
    with pytest.raises(ValueError, match="known must leave something to predict, got all True"):
        SMALL.best_accuracy(likes)


@pytest.mark.parametrize(
    ("shares", "likes", "message"),
    [
        ([0.5, 0.5], [[0.1]], r"likes must have one row of items for each of the 2 tastes, got sh"),
        ([1.0], [0.5], "likes must have one row"),
        ([1.0], [[]], "likes must have one row"),
        ([0.5, 0.4], [[0.1], [0.2]], "shares must have the sum 1, got 0.9"),
        ([1.5, -0.5], [[0.1], [0.2]], "shares must be probabilities from 0 to 1"),
        ([1.0], [[1.1]], "likes must be probabilities from 0 to 1"),
        ([1.0], [[np.nan]], "likes must be probabilities from 0 to 1"),
    ],
)
def test_bad_tastes(shares, likes, message):
    with pytest.raises(ValueError, match=message):
        Tastes(shares, likes)


def test_bad_numbers():
    with pytest.raises(ValueError, match="num_items must be >= 1"):
        Tastes.random(0, seed=1)
    with pytest.raises(ValueError, match="num_tastes must be >= 1"):
        Tastes.random(num_tastes=0, seed=1)
    with pytest.raises(ValueError, match=r"clarity must be 0.5 \(chance\) to 1"):
        Tastes.random(clarity=0.4, seed=1)
    with pytest.raises(ValueError, match="num_users must be >= 1"):
        SMALL.draw(0, missing=0.1, seed=1)
    with pytest.raises(ValueError, match="missing must be a probability from 0 to 1, got 2"):
        SMALL.draw(1, missing=2, seed=1)
    with pytest.raises(ValueError, match="seed must be >= 0"):
        SMALL.draw(1, missing=0, seed=-1)
