"""Population annealing of digits against exact laws, every space listed.

As for spins (tests/samplers/test_population_law.py): for a given schedule the mean of ``Z p`` over
independent populations of any size is the exact law. Hotelling's T^2 of the states, z-tests of
ln Z and of the mean energies at every beta. False alarms: ALPHA a case, below 1e-6 for the file.
Power, shown by the controls: 10 % in the beta of the sweeps or of the weights, and a wrong number
of states, are caught.
"""

import math

import numpy as np
import pytest
from scipy import stats

from digit_laws import all_of_histogram, all_permutations, all_values, energies_of, numbers_of
from pbit import Schedule, population_anneal
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.digits.counted import CountedModel
from pbit.models.digits.tour import TourModel
from pbit.samplers.digits.members import DigitMembers
from pbit.samplers.population.population_run import PopulationRun
from random_dits import COUNTS, random_dits, random_potts
from random_models import hotelling_p_value

ALPHA = 1e-6 / 100
POPULATIONS, MEMBERS = 4096, 16
BETAS = np.array([0.15, 0.35, 0.35, 0.8, 1.5])


def whole_matrix(n, *, seed, symmetric):
    matrix = np.random.default_rng(seed).integers(0, 10, (n, n)) / 8
    return matrix + matrix.T if symmetric else matrix


ORDERS = all_permutations(5)
CASES = {
    "tables": (random_dits(seed=1), all_values(COUNTS)),
    "whole Potts": (random_potts(seed=2, integers=True), all_values(COUNTS)),
    "two values": (random_potts([2] * 6, seed=3), all_values([2] * 6)),
    "counts": (
        CountedModel(random_potts([3] * 5, seed=4), [2, 2, 1]),
        all_of_histogram([2, 2, 1]),
    ),
    "assignment": (
        AssignmentModel(
            whole_matrix(4, seed=1, symmetric=False), whole_matrix(4, seed=2, symmetric=False)
        ),
        all_permutations(4),
    ),
    "tour": (TourModel(2 * whole_matrix(5, seed=3, symmetric=True), offset=-3.0), ORDERS),
    "directed tour": (TourModel(2 * whole_matrix(5, seed=4, symmetric=False)), ORDERS),
}


def run(name, betas=BETAS, *, sweeps=2, **options):
    options = {"population_size": MEMBERS, "num_populations": POPULATIONS, "seed": 1} | options
    return population_anneal(CASES[name][0], Schedule(np.asarray(betas), sweeps), **options)


def weights_of(name, beta):
    """exp(-beta E) of every state, and ln of their sum."""
    model, space = CASES[name]
    levels = energies_of(space, model.energy)
    lowest = levels.min()
    weights = np.exp(-beta * (levels - lowest))
    return levels, weights / weights.sum(), math.log(weights.sum()) - beta * lowest


def law_p_value(name, members, beta):
    _, space = CASES[name]
    _, law, log_z = weights_of(name, beta)
    ratios = np.exp(members.steps.log_z_by_population[-1] - log_z)
    counts = np.zeros((ratios.size, len(space)))
    numbers = numbers_of(space, members.values).reshape(ratios.size, -1)
    np.add.at(counts, (np.arange(ratios.size)[:, None], numbers), 1 / numbers.shape[1])
    return hotelling_p_value(ratios[:, None] * counts, law)


def z_p_value(draws, mean):
    error = draws.std(ddof=1) / draws.size**0.5
    return float(2 * stats.norm.sf(abs(draws.mean() - mean) / error))


def p_values_of_steps(name, members):
    """z-tests of Z and of Z E at every beta > 0: (betas, 2)."""
    steps, found = members.steps, []
    for k, beta in enumerate(steps.betas[1:], start=1):
        levels, law, log_z = weights_of(name, beta)
        ratios = np.exp(steps.log_z_by_population[k] - log_z)
        energies = ratios * steps.energies_by_population[k]
        found.append((z_p_value(ratios, 1.0), z_p_value(energies, law @ levels)))
    return np.array(found)


@pytest.mark.parametrize("name", CASES)
def test_free_and_mean_energies_at_every_beta(name):
    members = run(name)
    assert p_values_of_steps(name, members).min() > ALPHA / 10
    assert law_p_value(name, members, BETAS[-1]) > ALPHA
    start = members.steps.log_z_by_population[0]
    assert start == pytest.approx(math.log(len(CASES[name][1])), rel=1e-14)


@pytest.mark.parametrize("name", ["whole Potts", "tour"])
def test_metropolis_keeps_the_law(name):
    assert law_p_value(name, run(name, rule="metropolis"), BETAS[-1]) > ALPHA


def test_errors_of_one_population_hold():
    """Chosen steps, errors from families, z within 5.5."""
    model, _ = CASES["tables"]
    members = population_anneal(model, beta=1.5, population_size=4096, seed=2)
    levels, law, log_z = weights_of("tables", 1.5)
    mean, error = members.mean(members.energies)
    assert abs(members.log_z - log_z) < 5.5 * members.log_z_error < 0.2
    assert abs(mean - law @ levels) < 5.5 * error < 0.3


@pytest.mark.parametrize("name", CASES)
def test_control_sweeps_at_a_wrong_beta(name, monkeypatch):
    sweep = DigitMembers.sweep
    monkeypatch.setattr(
        DigitMembers,
        "sweep",
        lambda self, number, beta, **others: sweep(self, number, 1.1 * beta, **others),
    )
    members = run(name, sweeps=4)
    assert law_p_value(name, members, BETAS[-1]) < ALPHA


@pytest.mark.parametrize("name", ["tables", "counts", "assignment", "tour"])
def test_control_weights_of_a_wrong_step(name, monkeypatch):
    resample = PopulationRun._resample
    monkeypatch.setattr(
        PopulationRun, "_resample", lambda self, step, number: resample(self, 1.1 * step, number)
    )
    assert p_values_of_steps(name, run(name)).min() < ALPHA / 10


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("tables", 4 * math.log(3)), ("counts", 5 * math.log(3)), ("tour", math.log(12))],
)
def test_control_a_wrong_number_of_states(name, wrong, monkeypatch):
    """... the mean K, counts that are not kept, tours without their beginnings and ways."""
    monkeypatch.setattr(DigitMembers, "log_states", wrong)
    assert p_values_of_steps(name, run(name)).max() < ALPHA / 10
