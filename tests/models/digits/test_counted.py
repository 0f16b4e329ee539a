"""Digits of fixed counts: energies, states, refusals."""

import pickle

import numpy as np
import pytest

import pbit
from pbit import CountedModel
from pbit.checks import TooLargeError
from random_dits import random_dits

RING = pbit.DitModel.potts(range(6), [1, 2, 3, 4, 5, 0], -1.0, num_values=3)


def test_counts_are_as_equal_as_can_be():
    assert CountedModel(RING).counts.tolist() == [2, 2, 2]
    path = pbit.DitModel.potts(range(6), range(1, 7), num_values=3)
    assert CountedModel(path).counts.tolist() == [3, 2, 2]


def test_energies_and_names_are_those_of_the_model():
    model = CountedModel(random_dits([3] * 5, seed=1), [1, 3, 1])
    states = model.random(2, rows=30)
    assert (model.energy(states) == model.model.energy(states)).all()
    assert (model.offset, model.labels) == (model.model.offset, model.model.labels)


def test_random_states_have_the_counts_all_as_likely():
    model = CountedModel(pbit.DitModel.potts([0], [1], num_values=2, num_digits=4))
    states = model.random(3, rows=60000)
    assert states.dtype == np.int16
    counts = np.unique(states, axis=0, return_counts=True)[1]
    assert counts.size == 6
    assert np.abs(counts - 10000).max() < 600  # six standard deviations
    assert model.is_valid([[0, 0, 1, 1], [0, 1, 1, 1]]).tolist() == [True, False]


def test_models_are_equal_by_value_and_pickle():
    model = CountedModel(RING)
    assert pickle.loads(pickle.dumps(model)) == model != CountedModel(RING, [3, 3, 0])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CountedModel(random_dits([2, 3], seed=1)), "one number of values, got 2 numbers"),
        (lambda: CountedModel(RING, [3, 3]), r"must be 3 numbers >= 0.* up to 6 digits, got \[3 3"),
        (lambda: CountedModel(RING, [7, -1, 0]), "counts must be 3 numbers >= 0"),
        (lambda: CountedModel(RING, [2, 2, 1]), "counts must be 3 numbers >= 0"),
        (
            lambda: CountedModel(RING).energy([0, 0, 0, 1, 1, 2]),
            r"have counts \[2, 2, 2\], got \[3",
        ),
        (lambda: CountedModel(RING).energy([0, 0, 0, 1, 1, 3]), "of digit 5 must be 0..2"),
    ],
)
def test_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_wrong_types():
    with pytest.raises(TypeError, match="model must be of type DitModel"):
        CountedModel(pbit.TourModel(np.zeros((3, 3))))
    with pytest.raises(TypeError, match="counts must be integers"):
        CountedModel(RING, [2.0, 2.0, 2.0])


def test_states_that_do_not_fit_into_memory():
    with pytest.raises(TooLargeError, match="lower rows"):
        CountedModel(RING).random(1, rows=10**13)
