"""Population annealing: resampling, errors, families, control, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from cases import some
from clock import FakeClock
from pbit import Control, DirectedModel, IsingModel, Schedule, machine, population_anneal
from pbit.exact import exact_boltzmann, exact_energies, exact_ground_states, states
from pbit.exact.elimination import exact_log_z
from pbit.kernels import population as kernels
from pbit.samplers.population import population_run
from pbit.samplers.population.population import Steps, verdict_on
from random_models import random_model, random_polynomial

GRID = Schedule(np.linspace(0.1, 1.5, 15), 2)


def grid_model(side, *, seed):
    """+-1 couplings on a square lattice with open ends."""
    rng = np.random.default_rng(seed)
    sites = np.arange(side**2).reshape(side, side)
    rows = np.concatenate([sites[:, :-1].ravel(), sites[:-1].ravel()])
    cols = np.concatenate([sites[:, 1:].ravel(), sites[1:].ravel()])
    return IsingModel.from_edges(rows, cols, rng.choice([-1.0, 1.0], rows.size))


def expected_copies(energies, step):
    weights = np.exp(-step * (energies - energies.min(axis=1, keepdims=True)))
    return energies.shape[1] * weights / weights.sum(axis=1, keepdims=True)


@pytest.fixture
def energies():
    return np.random.default_rng(1).normal(size=(3, 40)) * 5


def test_copies_are_tau_on_the_mean_and_next_to_it(energies):
    tau = expected_copies(energies, 0.3)
    copies, ratios = np.empty(energies.shape, np.int32), np.empty(3)
    draws = 4000
    total = np.zeros(energies.shape)
    for k in range(draws):
        kernels.count_copies(energies, 0.3, np.full(3, (k + 0.5) / draws), copies, ratios)
        assert np.all(copies.sum(axis=1) == 40)
        assert np.all((copies == np.floor(tau)) | (copies == np.ceil(tau)))
        total += copies
    assert np.abs(total / draws - tau).max() <= 1.01 / draws
    assert ratios == pytest.approx(np.log(np.exp(-0.3 * energies).mean(axis=1)), rel=1e-12)


def test_each_step_and_population_has_a_number_of_its_own(monkeypatch):
    """... all uniform in (0, 1): Kolmogorov and Smirnov's test at 1e-6."""
    drawn = []

    def spy(seed, first, count, draw=population_run._uniforms):
        drawn.append(draw(seed, first, count))
        return drawn[-1]

    monkeypatch.setattr(population_run, "_uniforms", spy)
    population_anneal(random_model(4, seed=1), GRID, seed=1, num_populations=200, population_size=4)
    numbers = np.concatenate(drawn)
    assert len(drawn) == 15 and np.unique(numbers).size == 3000
    assert stats.kstest(numbers, "uniform").pvalue > 1e-6


def test_replacements_give_each_member_its_copies(energies):
    copies, targets = np.empty(energies.shape, np.int32), np.empty((2, 120), np.int64)
    kernels.count_copies(energies, 1.0, np.array([0.1, 0.5, 0.9]), copies, np.empty(3))
    count = kernels.replacements(copies, *targets)
    lanes = np.arange(120)
    lanes[targets[0, :count]] = lanes[targets[1, :count]]
    assert np.array_equal(np.bincount(lanes, minlength=120).reshape(3, 40), copies)
    assert np.array_equal(lanes // 40, np.arange(120) // 40)
    assert count == np.count_nonzero(copies == 0)


@pytest.mark.parametrize("fraction", [0.01, 0.1, 0.5])
def test_steps_cull_the_fraction_asked_for(energies, fraction):
    step = kernels.next_step(energies, 10.0, fraction)
    culled = np.maximum(0, 1 - expected_copies(energies, step)).mean()
    assert culled == pytest.approx(fraction, rel=2e-3)
    assert kernels.next_step(energies, 0.5 * step, fraction) == 0.5 * step
    assert kernels.next_step(1e6 * energies, 10.0, fraction) == pytest.approx(step / 1e6, rel=3e-3)


def test_equal_energies_take_one_step():
    assert kernels.next_step(np.full((2, 5), -7.0), 3.0, 0.1) == 3.0
    members = population_anneal(IsingModel(np.zeros(4), np.zeros((4, 4))), seed=1, beta=2.0)
    assert members.info["num_betas"] == 1
    assert members.log_z == pytest.approx(4 * np.log(2), rel=1e-14)
    assert members.log_z_error < 1e-8


def test_chosen_steps_end_at_beta_and_rise():
    members = population_anneal(random_model(8, seed=1), beta=2.0, seed=1)
    betas = members.steps.betas
    assert betas[0] == 0 and betas[-1] == 2.0 and np.all(np.diff(betas) > 0)
    assert members.steps.culled[1:-1] == pytest.approx(0.1, abs=0.03)


def test_free_energy_of_a_lattice():
    """Exact by elimination; errors of the populations' spread, z within 5.5 (alpha 1e-6 for 15)."""
    model = grid_model(8, seed=1)
    members = population_anneal(model, GRID, population_size=128, num_populations=64, seed=1)
    exact = np.array([exact_log_z(model, beta) for beta in members.steps.betas[1:]])
    z = (members.steps.log_z[1:] - exact) / members.steps.log_z_errors[1:]
    assert np.abs(z).max() < 5.5
    assert members.steps.log_z_errors[-1] < 0.1
    wrong = members.steps.log_z[1:] - 1.1 * exact
    assert np.abs(wrong / members.steps.log_z_errors[1:]).min() > 5.5
    free = -exact / members.steps.betas[1:]
    assert members.steps.free_energies[1:] == pytest.approx(free, rel=0.01)


def pulls_of_spread(members, exact, count):
    """(ln Z - exact) / error of many runs of ``count`` populations, cut from one run."""
    s, pulls = members.steps, []
    for first in range(0, members.best_energies.size, count):
        part = slice(first, first + count)
        small = Steps(
            s.betas,
            s.log_z_by_population[:, part],
            s.energies_by_population[:, part],
            s.culled,
            s.entropic_families,
            s.mean_square_families,
            s.family_squares[:, part],
            s.num_sweeps,
            s.lowest_energies,
        )
        pulls.append((small.log_z[-1] - exact) / small.log_z_errors[-1])
    return np.array(pulls)


def test_errors_of_ln_z_are_honest():
    """Pulls over 256 runs of 16 populations: variance that of Student's t with 15, 15/13, within
    5 standard errors; over 4096 runs of one, families overestimate the error, up to twofold."""
    model = random_model(7, seed=3, integers=True)
    members = population_anneal(model, GRID, population_size=64, num_populations=4096, seed=2)
    energies = exact_energies(model)
    beta = members.steps.betas[-1]
    exact = np.log(np.exp(-beta * energies).sum())
    of_spread = pulls_of_spread(members, exact, 16)
    assert abs(of_spread.mean()) < 5 / 16
    assert of_spread.var() == pytest.approx(15 / 13, abs=5 * np.sqrt(2 / 256) * 1.3)
    of_families = pulls_of_spread(members, exact, 1)
    assert 0.5 < of_families.std() < 1.05


def test_family_errors_hold_where_few_families_are_left():
    """Seven families of 128: pulls of 512 populations of a glass are about normal."""
    model = grid_model(8, seed=1)
    members = population_anneal(
        model, population_size=128, num_populations=512, beta=2.0, sweeps_per_beta=2, seed=3
    )
    pulls = pulls_of_spread(members, exact_log_z(model, 2.0), 1)
    assert members.info["mean_square_families"] < 10
    assert 0.75 < pulls.std() < 1.25
    assert np.abs(members.log_z - exact_log_z(model, 2.0)) < 5.5 * members.log_z_error < 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("populations", "limits"), some([(16, (0.8, 1.3)), (1, (0.5, 1.15))], (1, (0.5, 1.15)))
)
def test_errors_of_means_are_honest(populations, limits):
    """The magnetisation of a spin, in 200 runs of 16 populations and of one."""
    model = random_model(7, seed=3, integers=True)
    schedule = Schedule(np.linspace(0.05, 0.6, 12), 2)
    exact = float(exact_boltzmann(model, 0.6) @ states(7)[:, 0])
    assert abs(exact) < 0.9
    pulls = []
    for seed in range(200):
        members = population_anneal(
            model, schedule, population_size=128, num_populations=populations, seed=seed
        )
        mean, error = members.mean(members.spins[:, 0])
        pulls.append((mean - exact) / error)
    assert abs(np.mean(pulls)) < 5 * limits[1] / 200**0.5
    assert limits[0] < np.std(pulls) < limits[1]


def test_mean_takes_columns():
    members = population_anneal(random_model(5, seed=1), beta=1.0, seed=1, num_populations=9)
    means, errors = members.mean(members.spins)
    mean, error = members.mean(members.spins[:, 3])
    assert means.shape == errors.shape == (5,)
    assert (means[3], errors[3]) == pytest.approx((mean, error))
    assert members.weights.sum() == pytest.approx(1)


def test_families_and_verdict():
    members = population_anneal(random_model(8, seed=1), beta=1.0, seed=1)
    fractions = np.bincount(members.families) / 1024
    f = fractions[fractions > 0]
    assert members.info["entropic_families"] == pytest.approx(np.exp(-(f * np.log(f)).sum()))
    assert members.info["mean_square_families"] == pytest.approx(1 / (f**2).sum())
    assert members.info["rho_s"] == pytest.approx(1024 * np.exp((f * np.log(f)).sum()))
    assert members.info["rho_t"] == pytest.approx(1024 * (f**2).sum())
    assert members.info["equilibrated"]
    assert members.steps.entropic_families[0] == pytest.approx(1024)
    stuck = population_anneal(grid_model(8, seed=1), beta=3.0, seed=1, sweeps_per_beta=1)
    assert not stuck.info["equilibrated"]
    assert "effective families" in stuck.info["verdict"]
    steps = members.steps
    apart = np.tile(steps.log_z_by_population, 2) + np.array([0.0, 2.0])
    verdict = verdict_on(replace(steps, log_z_by_population=apart))
    assert not verdict.equilibrated
    assert "populations differ in ln Z by 1.4" in verdict.words


@pytest.mark.parametrize("kernel", ["bits", "lanes", "dense"])
def test_any_number_of_threads_gives_the_same(kernel):
    model = random_model(40, seed=2, integers=True, density=0.2)
    options = {"population_size": 300, "num_populations": 2, "beta": 1.0, "seed": 5}
    one, two = (
        population_anneal(model, kernel=kernel, num_threads=threads, **options)
        for threads in (1, 2)
    )
    assert np.array_equal(one.spins, two.spins)
    assert np.array_equal(one.steps.log_z_by_population, two.steps.log_z_by_population)
    again = population_anneal(model, kernel=kernel, num_threads=2, **options | {"seed": 6})
    assert not np.array_equal(again.spins, two.spins)


@pytest.mark.parametrize("kernel", ["bits", "lanes"])
def test_a_population_does_not_depend_on_how_many_follow(kernel):
    model = random_model(10, seed=2, integers=True)
    options = {"population_size": 100, "kernel": kernel, "seed": 5}
    few = population_anneal(model, GRID, num_populations=2, **options)
    many = population_anneal(model, GRID, num_populations=9, **options)
    assert np.array_equal(few.spins, many.spins[:200])


@pytest.mark.parametrize("model", [random_model(12, seed=1), random_polynomial(10, seed=1)])
def test_energies_and_lowest_states(model):
    members = population_anneal(model, seed=1, num_populations=3, population_size=200)
    assert members.energies == pytest.approx(model.energy(members.spins), rel=1e-12)
    assert members.best_energies == pytest.approx(model.energy(members.best_spins), rel=1e-12)
    lowest, _ = exact_ground_states(model)
    assert members.best_energies == pytest.approx(lowest, rel=1e-12)
    assert members.energies.reshape(3, -1).min(axis=1) == pytest.approx(lowest, rel=1e-12)
    assert members.steps.lowest_energies.min() == pytest.approx(lowest, rel=1e-12)


def test_the_offset_is_in_ln_z():
    model = random_model(6, seed=1)
    moved = IsingModel(model.h, model.J, model.offset + 10)
    one, two = (population_anneal(each, GRID, seed=1) for each in (model, moved))
    assert two.log_z == pytest.approx(one.log_z - 10 * GRID.betas[-1])
    assert two.steps.energies == pytest.approx(one.steps.energies + 10)


def test_decorrelation_sweeps_more_where_it_is_slow():
    model = grid_model(8, seed=1)
    options = {"beta": 2.0, "seed": 1, "sweeps_per_beta": 1}
    plain = population_anneal(model, **options)
    more = population_anneal(model, decorrelation=0.5, **options)
    assert np.all(plain.steps.num_sweeps[1:] == 1)
    assert more.steps.num_sweeps[1] <= 2 < more.steps.num_sweeps.max() <= 20
    assert more.info["entropic_families"] > plain.info["entropic_families"]


def test_nothing_to_sweep():
    empty = population_anneal(IsingModel(np.zeros(0), np.zeros((0, 0)), offset=2.0), seed=1)
    assert empty.spins.shape == (1024, 0)
    assert empty.best_energies.tolist() == [2.0]
    hot = population_anneal(random_model(5, seed=1), beta=0.0, seed=1)
    assert hot.info["num_betas"] == 0
    assert hot.log_z == pytest.approx(5 * np.log(2))
    alone = population_anneal(random_model(5, seed=1), population_size=1, seed=1)
    assert alone.spins.shape == (1, 5)
    assert not alone.info["equilibrated"]
    assert alone.log_z_error == alone.mean(alone.spins[:, 0])[1] == np.inf
    flat = population_anneal(random_model(5, seed=1), Schedule(np.zeros(3)), seed=1)
    assert flat.info["num_betas"] == 3
    assert flat.log_z == pytest.approx(5 * np.log(2))


def test_seed_is_drawn_and_told():
    model = random_model(5, seed=1)
    first = population_anneal(model, beta=1.0)
    again = population_anneal(model, beta=1.0, seed=first.info["seed"])
    assert np.array_equal(first.spins, again.spins)


def test_huge_and_tiny_couplings():
    model = random_model(8, seed=3)
    plain = population_anneal(model, seed=1)
    for factor in (2.0**-20, 2.0**20):
        scaled = IsingModel(factor * model.h, factor * model.J)
        members = population_anneal(scaled, seed=1)
        assert members.info["stop_reason"] == "completed"
        assert members.best_energies[0] == pytest.approx(
            factor * (plain.best_energies[0] - model.offset)
        )


LONG = Schedule(np.linspace(0.0, 1.0, 10**5), 100)


def test_time_limit():
    control = Control(time_limit_s=0.3, clock=FakeClock())
    members = population_anneal(grid_model(10, seed=1), LONG, seed=1, control=control)
    assert members.info["stop_reason"] == "time_limit"
    assert 0 < members.info["num_betas"] < 10**5
    assert members.energies == pytest.approx(grid_model(10, seed=1).energy(members.spins))


def test_target():
    model = grid_model(6, seed=1)
    lowest = population_anneal(model, seed=1).best_energies[0]
    members = population_anneal(model, seed=2, control=Control(target=lowest))
    assert members.info["stop_reason"] == "target"
    assert members.best_energies[0] == lowest
    missed = population_anneal(model, seed=2, control=Control(target=lowest - 1))
    assert missed.info["stop_reason"] == "completed"


def test_interrupt_and_progress():
    model = grid_model(10, seed=1)
    seen = []
    members = population_anneal(
        model,
        LONG,
        seed=1,
        control=Control(interrupt=lambda: len(seen) > 2, progress=seen.append),
    )
    assert members.info["stop_reason"] == "interrupted"
    assert all(0 <= report.fraction <= 1 for report in seen)
    assert seen[-1].best_energy >= members.best_energies[0]
    at_once = population_anneal(model, LONG, seed=1, control=Control(interrupt=lambda: True))
    assert at_once.info["stop_reason"] == "interrupted"
    assert at_once.info["num_betas"] == 0


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"population_size": 0}, ValueError, "population_size must be >= 1"),
        ({"population_size": 2**20, "num_populations": 2**20}, ValueError, "must be <= 2147483648"),
        ({"num_populations": 1.5}, TypeError, "num_populations must be an integer"),
        ({"beta": -1.0}, ValueError, "beta must be >= 0 and finite"),
        ({"beta": np.nan}, ValueError, "beta must be >= 0 and finite"),
        ({"beta": np.inf}, ValueError, "beta must be >= 0 and finite"),
        ({"culling_fraction": 1.0}, ValueError, "culling_fraction must be > 0 and < 1"),
        ({"culling_fraction": np.nan}, ValueError, "culling_fraction must be > 0"),
        ({"decorrelation": 0.0}, ValueError, "decorrelation must be > 0"),
        ({"sweeps_per_beta": 0}, ValueError, "sweeps_per_beta must be >= 1"),
        ({"num_threads": 0}, ValueError, "num_threads must be >= 1"),
        ({"seed": -1}, ValueError, "seed must be >= 0"),
        ({"rule": "glauber"}, ValueError, "rule must be one of"),
        ({"order": "synchronous"}, ValueError, "order must keep the Boltzmann law"),
        ({"kernel": "gpu"}, ValueError, "kernel must be"),
        ({"schedule": Schedule([1.0]), "beta": 1.0}, ValueError, "beta must be left out"),
        ({"schedule": Schedule([1.0, np.inf])}, ValueError, "finite betas"),
        ({"schedule": Schedule([1.0, 0.5])}, ValueError, "must not fall"),
        ({"schedule": Schedule([[1.0, 0.5]])}, ValueError, "one column"),
    ],
)
def test_what_is_refused(options, error, words):
    with pytest.raises(error, match=words):
        population_anneal(random_model(5, seed=1), **options)


def test_networks_without_an_energy_are_refused():
    with pytest.raises(TypeError, match="no energy to reweight"):
        population_anneal(DirectedModel(np.zeros(2), np.zeros((2, 2))))


def test_memory_is_checked(monkeypatch):
    monkeypatch.setattr(machine, "memory_bytes", lambda: 1e5)
    with pytest.raises(MemoryError, match="lower population_size"):
        population_anneal(random_model(5, seed=1))


def test_values_of_another_length_are_refused():
    members = population_anneal(random_model(5, seed=1), beta=0.1, seed=1)
    with pytest.raises(ValueError, match="values must have 1024 rows"):
        members.mean(np.zeros(3))
