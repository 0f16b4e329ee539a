"""Population annealing against exact laws, n <= 8.

For a given schedule the mean of ``Z p`` over independent populations (p the histogram of a
population's states, Z its estimate) is the exact Boltzmann law for EVERY number of members, so that
populations of 16 can be tested without a limit. Hotelling's T^2 over populations, which are
independent; members are not. False alarms: ALPHA a case, below 1e-6 for the file. Power, shown by
the controls: 10 % in the beta of the sweeps or of the weights is caught in every case.
"""

import numpy as np
import pytest
from scipy import stats

from cases import some
from pbit import IsingModel, PolynomialModel, Schedule, population_anneal
from pbit.exact import exact_boltzmann, exact_energies, state_number
from pbit.samplers.population import population_run
from pbit.samplers.population.population_run import PopulationRun
from pbit.statistics import chi_square_p_value
from random_models import hotelling_p_value, random_model, random_polynomial

ALPHA = 1e-6 / 100
POPULATIONS, MEMBERS = 4096, 16
BETAS = np.array([0.15, 0.35, 0.35, 0.8, 1.5])


def warmer(model):
    """The model with weights of 0.4: at beta = 1.5 more than one state is left."""
    return PolynomialModel(model.pointers, model.members, 0.4 * model.weights, labels=model.labels)


MODELS = {
    "reals": (random_model(6, seed=7), "lanes"),
    "one read at a time": (random_model(4, seed=7), "reads"),
    "colours": (random_model(6, seed=9, density=0.4), "auto"),
    "full matrix": (random_model(6, seed=7), "dense"),
    "whole numbers": (random_model(7, seed=3, integers=True), "bits"),
    "frustrated": (IsingModel(np.zeros(5), np.eye(5) - 1), "bits"),
    "polynomial": (warmer(random_polynomial(6, seed=2)), "lanes"),
    "whole products": (warmer(random_polynomial(6, seed=2, integers=True)), "bits"),
    "no couplings": (IsingModel([0.7, -0.3, 0.0], np.zeros((3, 3))), "lanes"),
}


def run(name, betas=BETAS, *, seed=1, sweeps=2, **options):
    model, kernel = MODELS[name]
    options = {"population_size": MEMBERS, "num_populations": POPULATIONS} | options
    schedule = Schedule(np.asarray(betas), sweeps)
    return population_anneal(model, schedule, kernel=kernel, seed=seed, **options)


def exact_log_z(model, beta):
    energies = exact_energies(model)
    lowest = energies.min()
    return np.log(np.exp(-beta * (energies - lowest)).sum()) - beta * lowest


def weighted_histograms(model, members, beta):
    """Z p of each population over the exact Z, shape (M, 2^n)."""
    ratios = np.exp(members.steps.log_z_by_population[-1] - exact_log_z(model, beta))
    counts = np.zeros((ratios.size, 2**model.num_spins))
    numbers = state_number(members.spins).reshape(ratios.size, -1)
    np.add.at(counts, (np.arange(ratios.size)[:, None], numbers), 1 / numbers.shape[1])
    return ratios[:, None] * counts


def law_p_value(name, members, beta):
    model, _ = MODELS[name]
    rows = weighted_histograms(model, members, beta)
    return hotelling_p_value(rows, exact_boltzmann(model, beta))


def log_z_p_value(name, members, beta):
    """z-test of the mean of Z over its exact value, one."""
    rows = weighted_histograms(MODELS[name][0], members, beta).sum(axis=1)
    if rows.std() < 1e-12:  # without couplings and fields every estimate is exact
        return float(abs(rows.mean() - 1) < 1e-12)
    return float(2 * stats.norm.sf(abs(rows.mean() - 1) / rows.std() * rows.size**0.5))


@pytest.mark.parametrize("steps", [1, 3, 5])
@pytest.mark.parametrize("name", MODELS)
def test_law_and_free_energy_at_every_beta(name, steps):
    """A run of a shorter schedule is the longer run at that step."""
    members = run(name, BETAS[:steps])
    assert law_p_value(name, members, BETAS[steps - 1]) > ALPHA
    assert log_z_p_value(name, members, BETAS[steps - 1]) > ALPHA


def test_shorter_schedules_are_the_longer_run_on_its_way():
    short, long = run("reals", BETAS[:3]), run("reals")
    ours = long.steps.log_z_by_population[:4]
    assert np.array_equal(short.steps.log_z_by_population, ours)
    assert np.array_equal(short.steps.energies_by_population, long.steps.energies_by_population[:4])


@pytest.mark.parametrize("name", ["reals", "whole numbers", "polynomial"])
def test_resampling_alone_is_unbiased(name, monkeypatch):
    """Without sweeps the estimates only get noisier."""
    monkeypatch.setattr(PopulationRun, "_sweep", lambda self, seed: None)
    members = run(name, BETAS[:4])
    assert law_p_value(name, members, BETAS[3]) > ALPHA
    assert log_z_p_value(name, members, BETAS[3]) > ALPHA


def test_metropolis_keeps_the_law():
    members = run("reals", rule="metropolis")
    assert law_p_value("reals", members, BETAS[-1]) > ALPHA


@pytest.mark.parametrize("name", some(["reals", "whole numbers"], "reals"))
def test_sweeping_until_energies_decorrelate_keeps_the_law(name):
    """One sweep at a time: when to stop depends on all 65536 members, too many to bias it here."""
    members = run(name, sweeps=1, decorrelation=0.02)
    assert members.steps.num_sweeps[1:].max() > 2
    assert law_p_value(name, members, BETAS[-1]) > ALPHA
    assert log_z_p_value(name, members, BETAS[-1]) > ALPHA


@pytest.mark.parametrize(
    "name", some(["reals", "whole numbers", "polynomial", "frustrated"], "whole numbers")
)
def test_one_member_of_each_population(name):
    """Chosen steps, 256 members: a member is a draw from the law but for a bias of O(1 / R)."""
    members = run(
        name, seed=3, betas=np.linspace(0.1, 1.2, 12), population_size=256, num_populations=2048
    )
    chosen = np.random.default_rng(1).integers(256, size=2048) + 256 * np.arange(2048)
    law = exact_boltzmann(MODELS[name][0], 1.2)
    assert chi_square_p_value(state_number(members.spins[chosen]), law) > ALPHA


def test_control_members_that_are_not_swept_are_no_draws(monkeypatch):
    """Unweighted members of small populations that only get copied."""
    name = "polynomial"
    law = exact_boltzmann(MODELS[name][0], BETAS[-1])
    chosen = MEMBERS * np.arange(POPULATIONS)
    members = run(name, sweeps=20)
    assert chi_square_p_value(state_number(members.spins[chosen]), law) > ALPHA
    monkeypatch.setattr(PopulationRun, "_sweep", lambda self, seed: None)
    members = run(name)
    assert chi_square_p_value(state_number(members.spins[chosen]), law) < ALPHA


@pytest.mark.parametrize("name", [name for name in MODELS if name != "no couplings"])
def test_control_sweeps_at_a_wrong_beta(name, monkeypatch):
    sweep = PopulationRun._sweep

    def too_cold(self, seed):
        self.beta *= 1.1
        sweep(self, seed)
        self.beta /= 1.1

    monkeypatch.setattr(PopulationRun, "_sweep", too_cold)
    assert law_p_value(name, run(name, sweeps=10), BETAS[-1]) < ALPHA


@pytest.mark.parametrize("name", ["reals", "whole numbers", "polynomial"])
def test_control_weights_of_a_wrong_step(name, monkeypatch):
    resample = PopulationRun._resample
    monkeypatch.setattr(
        PopulationRun, "_resample", lambda self, step, number: resample(self, 1.1 * step, number)
    )
    assert log_z_p_value(name, run(name), BETAS[-1]) < ALPHA


def test_control_copies_that_are_rounded_and_not_drawn(monkeypatch):
    """A fixed u makes systematic resampling favour the last member of what it passes."""
    monkeypatch.setattr(
        population_run, "_uniforms", lambda seed, first, count: np.full(count, 1 - 2.0**-33)
    )
    monkeypatch.setattr(PopulationRun, "_sweep", lambda self, seed: None)
    members = run("reals", BETAS[:4])
    assert law_p_value("reals", members, BETAS[3]) < ALPHA


def test_control_populations_that_are_not_weighted():
    """Populations of 16 without their weights are biased, and the test sees it."""
    name = "polynomial"
    members = run(name, BETAS[-1:], num_populations=4 * POPULATIONS)
    rows = weighted_histograms(MODELS[name][0], members, BETAS[-1])
    law = exact_boltzmann(MODELS[name][0], BETAS[-1])
    assert hotelling_p_value(rows, law) > ALPHA
    assert hotelling_p_value(rows / rows.sum(axis=1, keepdims=True), law) < ALPHA
