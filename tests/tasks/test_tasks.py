"""Data of experiments: splits, bundled sets, letters with noise."""

import re

import numpy as np
import pytest

from pbit.statistics import binomial_p_values
from pbit.tasks import accuracy, digits, iris, letters, noisy, split_of


def test_split_keeps_rows_with_their_labels_and_follows_the_seed():
    rows = np.arange(20.0)[:, None] / 20
    split = split_of(rows, np.arange(20), held_out=0.25, seed=3)
    both = np.concatenate([split.train, split.test])
    labels = np.concatenate([split.train_labels, split.test_labels])
    assert len(split.test) == 5 and sorted(labels) == list(range(20))
    np.testing.assert_array_equal(both[:, 0] * 20, labels)
    assert split == split_of(rows, np.arange(20), held_out=0.25, seed=3)
    assert split != split_of(rows, np.arange(20), held_out=0.25, seed=4)
    assert len(split.first(4, 2).train) == 4 and len(split.first(4, 2).test_labels) == 2


@pytest.mark.parametrize(
    ("rows", "labels", "share", "message"),
    [
        ([[1.0], [2.0]], [0], 0.5, "labels must have one class for each row"),
        ([1.0, 2.0], [0, 1], 0.5, "labels must have one class for each row"),
        ([[1.0], [2.0]], [0, 1], 0.1, "held_out must leave rows in both parts of 2, got 0.1"),
    ],
)
def test_splits_that_are_refused(rows, labels, share, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        split_of(rows, labels, held_out=share, seed=1)


def test_bundled_sets_are_between_0_and_1():
    for split, classes in ((digits(1), 10), (iris(1), 3)):
        both = np.concatenate([split.train, split.test])
        assert (both.min(), both.max(), split.num_classes) == (0.0, 1.0, classes)
    assert digits(1).image_shape == (8, 8)


def test_letters_differ_and_noise_turns_the_share_it_should():
    """The count of turned pixels is binomial; a share of 0.11 in the place of 0.1 is found out."""
    drawn = letters("CHILTVXYZ")
    assert len({tuple(each) for each in drawn}) == 9
    rows, labels = noisy(drawn, copies=2000, turned=0.1, seed=5)
    turned = int((rows != drawn[labels]).sum())
    assert binomial_p_values([turned], [rows.size], [0.1])[0] > 1e-6
    assert binomial_p_values([turned], [rows.size], [0.11])[0] < 1e-6


def test_letters_and_noise_that_are_refused():
    with pytest.raises(ValueError, match="names must be letters among CHILTVXYZ, got 'Q'"):
        letters("Q")
    with pytest.raises(ValueError, match="turned must be a probability, got 2"):
        noisy(letters(), copies=1, turned=2, seed=1)


def test_accuracy_counts_the_largest_score():
    assert accuracy([[0, 1], [1, 0], [3, 2]], [1, 1, 0]) == pytest.approx(2 / 3)
