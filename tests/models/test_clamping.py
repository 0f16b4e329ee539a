"""Clamped models: energies, labels, refusals, and the conditional law they sample."""

import numpy as np
import pytest

from pbit import IsingModel, Schedule, anneal, clamp
from pbit.exact import exact_boltzmann, state_number, states
from pbit.statistics import chi_square_p_value
from random_models import random_model


@pytest.fixture
def model():
    plain = random_model(7, seed=3, density=1.0)
    return IsingModel(plain.h, plain.J, 0.7, labels=tuple("abcdefg"))


@pytest.mark.parametrize("constants", [{}, {"c": 1}, {"a": -1, "f": 1, "g": -1}])
def test_energies_and_labels_are_kept(model, constants):
    clamped = clamp(model, constants)
    free = states(7 - len(constants))
    full = clamped.expand(free)
    np.testing.assert_allclose(clamped.model.energy(free), model.energy(full), atol=1e-12)
    index = {label: k for k, label in enumerate(model.labels)}
    assert all((full[:, index[label]] == value).all() for label, value in constants.items())
    assert [index[label] for label in clamped.model.labels] == clamped.free.tolist()


def test_with_all_spins_clamped_the_offset_is_the_energy(model):
    spins = np.array([1, -1, 1, 1, -1, -1, 1])
    clamped = clamp(model, dict(zip("abcdefg", spins.tolist(), strict=True)))
    assert clamped.model.num_spins == 0
    assert clamped.model.offset == pytest.approx(float(model.energy(spins)))


def test_clamping_twice_is_clamping_once(model):
    once = clamp(model, {"a": 1, "d": -1}).model
    twice = clamp(clamp(model, {"a": 1}).model, {"d": -1}).model
    assert np.allclose(once.h, twice.h)
    assert once.offset == pytest.approx(twice.offset)


def test_a_clamped_network_samples_the_conditional_law(model):
    """False alarm 1e-6; the control, one constant turned round, must fail."""
    law = exact_boltzmann(model, 0.4)
    right, wrong = (clamp(model, {"b": 1, "e": value}) for value in (-1, 1))
    all_states = states(7)
    given = law * (all_states[:, 1] == 1) * (all_states[:, 4] == -1)
    conditional = given[state_number(right.expand(states(5)))]
    for clamped, agrees in ((right, True), (wrong, False)):
        spins = anneal(clamped.model, Schedule(np.full(300, 0.4)), num_reads=16384, seed=5).spins
        p = chi_square_p_value(state_number(spins), conditional / conditional.sum())
        assert (p > 1e-6) == agrees


def test_bad_constants_are_refused(model):
    with pytest.raises(ValueError, match="clamped spin 'z' is not a label of the model"):
        clamp(model, {"z": 1})
    with pytest.raises(ValueError, match=r"clamped at -1 or \+1, got 0 for spin 'c'; for a bit x"):
        clamp(model, {"c": 0})
