"""Population annealing of digits: what does not change a result, control, what is refused."""

import math

import numpy as np
import pytest

from clock import FakeClock
from pbit import Control, DitModel, Schedule, machine, population_anneal
from pbit.engines.digits.registry import digit_program
from pbit.exact import digits
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.digits.counted import CountedModel
from pbit.models.digits.tour import TourModel
from pbit.samplers.digits.population import population_anneal_digits
from pbit.samplers.population import population_run
from random_dits import random_dits, random_potts

STEPS = Schedule(np.linspace(0.1, 1.0, 6), 2)
LONG = Schedule(np.linspace(0.0, 1.0, 10**5), 100)
MATRIX = np.random.default_rng(1).integers(0, 9, (6, 6)).astype(float)
MODELS = {
    "tables": random_dits(seed=1),
    "Potts": random_potts([3] * 30, seed=2, density=0.2, integers=True),
    "counts": CountedModel(random_potts([3] * 9, seed=3)),
    "assignment": AssignmentModel(MATRIX, MATRIX.T),
    "tour": TourModel(MATRIX),
}


def same(one, two):
    return np.array_equal(one.values, two.values) and np.array_equal(
        one.steps.log_z_by_population, two.steps.log_z_by_population
    )


@pytest.mark.parametrize("name", MODELS)
def test_any_number_of_threads_gives_the_same(name):
    options = {"population_size": 150, "num_populations": 2, "beta": 0.5}
    one, two, other = (
        population_anneal(MODELS[name], num_threads=threads, seed=seed, **options)
        for threads, seed in ((1, 5), (3, 5), (3, 6))
    )
    assert same(one, two)
    assert not same(two, other)
    assert np.all(MODELS[name].is_valid(one.values))


def test_a_population_does_not_depend_on_those_beside_it():
    model = MODELS["tables"]
    options = {"population_size": 100, "seed": 5}
    many = population_anneal(model, STEPS, num_populations=9, **options)
    few = population_anneal(model, STEPS, num_populations=2, first_read=3, **options)
    assert np.array_equal(few.values, many.values[300:500])
    assert np.array_equal(few.families, many.families[300:500])
    assert np.array_equal(few.best_values, many.best_values[3:5])


@pytest.mark.parametrize("name", MODELS)
def test_energies_and_lowest_states(name):
    model = MODELS[name]
    members = population_anneal(model, seed=1, num_populations=3, population_size=100)
    assert np.array_equal(members.energies, model.energy(members.values))
    assert np.array_equal(members.best_energies, model.energy(members.best_values))
    assert np.all(members.energies.reshape(3, -1).min(axis=1) >= members.best_energies)
    assert members.steps.lowest_energies.min() == pytest.approx(members.best_energies.min())
    assert members.values.dtype == members.best_values.dtype == np.int16
    assert members.weights.sum() == pytest.approx(1)


def test_the_lowest_state_is_found():
    lowest, _ = digits.ground_states(MODELS["tables"])
    members = population_anneal(MODELS["tables"], seed=1)
    assert members.best_energies == pytest.approx(lowest)


def test_what_is_told():
    members = population_anneal(MODELS["tour"], seed=1, rule="metropolis", num_threads=2)
    info = members.info
    assert (info["law"], info["rule"], info["kernel"]) == (
        "Boltzmann over all tours",
        "metropolis",
        "digits",
    )
    assert (info["num_reads"], info["num_threads"], info["seed"]) == (1024, 2, 1)
    assert info["updates"] == 1024 * 6 * info["num_sweeps"]
    assert info["beta_range"][1] == digit_program(MODELS["tour"]).beta_range[1]
    assert info["equilibrated"] and members.log_z == info["log_z"]


def test_the_offset_is_in_ln_z():
    model = DitModel.potts([0, 1], [1, 2], num_values=3)
    moved = DitModel.potts([0, 1], [1, 2], num_values=3, offset=10.0)
    one, two = (population_anneal(each, STEPS, seed=1) for each in (model, moved))
    assert two.log_z == pytest.approx(one.log_z - 10)
    assert two.steps.energies == pytest.approx(one.steps.energies + 10)


def test_sweeping_until_energies_decorrelate():
    model = MODELS["Potts"]
    options = {"beta": 3.0, "seed": 1, "sweeps_per_beta": 1}
    plain = population_anneal(model, **options)
    more = population_anneal(model, decorrelation=0.3, **options)
    assert np.all(plain.steps.num_sweeps[1:] == 1)
    assert more.steps.num_sweeps[1] < more.steps.num_sweeps.max() <= 20


@pytest.mark.parametrize("factor", [2.0**-700, 2.0**700])
def test_correlations_of_energies_whose_squares_are_no_numbers(factor):
    energies = np.random.default_rng(1).normal(size=(2, 3, 50))
    plain = population_run._correlation(*energies)
    assert population_run._correlation(*(factor * energies)) == plain != 0


def test_nothing_to_do():
    none = DitModel([], [], [0], [], weights=[], offset=2.0)
    empty = population_anneal(none, seed=1)
    assert empty.values.shape == (1024, 0)
    assert empty.best_energies.tolist() == [2.0]
    hot = population_anneal(MODELS["counts"], beta=0.0, seed=1)
    assert hot.info["num_betas"] == 0
    assert hot.log_z == pytest.approx(math.log(math.factorial(9) / 6**3))
    alone = population_anneal(MODELS["tables"], population_size=1, seed=1)
    assert alone.values.shape == (1, 4) and alone.log_z_error == np.inf


def test_programs_are_taken():
    program = digit_program(MODELS["Potts"])
    options = {"seed": 1, "population_size": 20}
    one = population_anneal_digits(program, STEPS, **options)
    assert same(one, population_anneal(MODELS["Potts"], STEPS, **options))


def test_a_run_that_is_ended():
    model = MODELS["Potts"]
    timed = population_anneal(
        model, LONG, seed=1, control=Control(time_limit_s=0.3, clock=FakeClock())
    )
    assert timed.info["stop_reason"] == "time_limit"
    assert 0 < timed.info["num_betas"] < 10**5
    assert np.array_equal(timed.energies, model.energy(timed.values))
    stopped = population_anneal(
        model,
        LONG,
        seed=1,
        control=Control(interrupt=lambda: True, on_interrupt="return"),
    )
    assert (stopped.info["stop_reason"], stopped.info["num_betas"]) == ("interrupted", 0)


def test_a_target():
    model = MODELS["tables"]
    lowest, _ = digits.ground_states(model)
    found = population_anneal(model, LONG, seed=2, control=Control(target=lowest))
    assert found.info["stop_reason"] == "target"
    assert found.best_energies[0] == pytest.approx(lowest)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"order": "chromatic"}, "order must be left out for digits"),
        ({"kernel": "lanes"}, "kernel must be left out for digits"),
        ({"population_size": 0}, "population_size must be >= 1"),
        ({"num_populations": 0}, "num_populations must be >= 1"),
        ({"population_size": 2**20, "num_populations": 2**12}, "population_size \\* num_pop"),
        ({"beta": -1.0}, "beta must be >= 0 and finite"),
        ({"beta": np.inf}, "beta must be >= 0 and finite"),
        ({"beta": 1.0, "schedule": STEPS}, "beta must be left out with a schedule"),
        ({"schedule": Schedule([0.1, np.inf])}, "must have finite betas"),
        ({"schedule": Schedule([0.2, 0.1])}, "must not fall"),
        ({"schedule": Schedule([[0.1, 0.2]])}, "must have one column of betas"),
        ({"culling_fraction": 0.0}, "culling_fraction must be > 0 and < 1"),
        ({"decorrelation": 1.0}, "decorrelation must be > 0 and < 1"),
        ({"sweeps_per_beta": 0}, "sweeps_per_beta must be >= 1"),
        ({"num_threads": 0}, "num_threads must be >= 1"),
        ({"rule": "glauber"}, "rule must be"),
        ({"first_read": -1}, "first_read must be >= 0"),
    ],
)
def test_arguments_that_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        population_anneal(MODELS["tables"], **options)


def test_members_that_do_not_fit_into_memory(monkeypatch):
    monkeypatch.setattr(machine, "memory_bytes", lambda: 1e6)
    with pytest.raises(MemoryError, match="members of 30 digits"):
        population_anneal(MODELS["Potts"], population_size=10**5)
