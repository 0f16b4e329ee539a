"""Sampling terms of many spins: laws, equality of kernels, dimod's interface, the shell."""

import json

import dimod
import numpy as np
import pytest
from click.testing import CliRunner

from pbit import IsingModel, PBitSampler, PolynomialModel, Schedule, anneal, default_beta_range
from pbit.cli.main import cli
from pbit.exact import exact_energies, exact_law, state_number
from pbit.run.control import Control
from pbit.statistics import chi_square_p_value
from random_models import random_model, random_polynomial

# 20 cases at this level: 1e-6 for the file.
ALPHA = 5e-8
READS = 65536
BETAS = [0.1, 0.4, 0.9, 1.5]


def cubic(n=6, *, seed=3):
    """Biases, pairs, and terms of three and four spins, real weights."""
    return random_polynomial(n, seed=seed)


def p_value(model, *, law_of=None, betas=BETAS, rule="heat-bath", order="sequential", **options):
    fraction = {"update_fraction": 0.4} if order == "random-subset" else {}
    law = exact_law(law_of or model, BETAS, rule=rule, order=order, **fraction)
    reads = anneal(
        model,
        Schedule(betas),
        num_reads=READS,
        seed=1,
        rule=rule,
        order=order,
        **fraction,
        **options,
    )
    return chi_square_p_value(state_number(reads.spins), law)


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize(
    "order", ["sequential", "random", "permutation", "random-subset", "synchronous"]
)
def test_reads_follow_the_k_sweep_law(rule, order):
    assert p_value(cubic(), rule=rule, order=order) > ALPHA


def test_law_in_double_precision():
    model = cubic()
    model = PolynomialModel.from_terms([*model.terms(), ((0, 1, 2), 1e6)], num_spins=6)
    assert p_value(model, kernel="lanes") > ALPHA


@pytest.mark.parametrize("kernel", ["lanes", "reads"])
def test_control_a_wrong_beta_and_a_missing_term_are_caught(kernel):
    model = cubic()
    assert p_value(model, betas=1.1 * np.asarray(BETAS), kernel=kernel) < ALPHA
    *terms, _ = model.terms()
    without = PolynomialModel.from_terms(terms, num_spins=6)
    assert p_value(model, law_of=without, kernel=kernel) < ALPHA


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("best_seen", [False, True])
def test_kernels_give_the_same_reads(rule, best_seen):
    model = random_polynomial(50, seed=5)
    a, b = (
        anneal(
            model,
            Schedule.geometric(0.05, 2.0, num_betas=30),
            num_reads=40,
            seed=2,
            rule=rule,
            kernel=kernel,
            best_seen=best_seen,
        )
        for kernel in ("lanes", "reads")
    )
    assert np.array_equal(a.spins, b.spins)
    assert np.allclose(model.energy(a.spins), a.energies)


def test_a_pairwise_polynomial_runs_as_its_ising_model():
    pairs = random_model(20, seed=6, density=0.3)
    schedule = Schedule.geometric(0.05, 2.0, num_betas=30)
    options = {"num_reads": 20, "seed": 3, "kernel": "lanes", "order": "sequential"}
    a = anneal(pairs, schedule, **options)
    b = anneal(PolynomialModel.from_ising_model(pairs), schedule, **options)
    assert np.array_equal(a.spins, b.spins)


def test_ground_states_targets_and_limits():
    model = random_polynomial(16, seed=7)
    lowest = exact_energies(model).min()
    reads = anneal(model, num_reads=64, seed=1)
    assert reads.energies.min() == pytest.approx(lowest)
    hit = anneal(
        model, Schedule(np.full(10**6, 1.0)), num_reads=64, seed=1, control=Control(target=lowest)
    )
    assert hit.info["stop_reason"] == "target"


def test_default_beta_range_of_pairs_is_the_same():
    pairs = random_model(20, seed=6, density=0.3)
    polynomial = PolynomialModel.from_ising_model(pairs)
    assert default_beta_range(polynomial) == pytest.approx(default_beta_range(pairs))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kernel": "bits"}, "kernel 'bits' needs weights that are small whole multiples"),
        ({"kernel": "dense"}, "kernel 'dense' takes no terms"),
        ({"kernel": "colors"}, "kernel 'colors' takes no terms"),
        ({"order": "chromatic"}, "order 'chromatic' takes no terms"),
    ],
)
def test_what_terms_cannot_run_on(options, message):
    with pytest.raises(ValueError, match=message):
        anneal(cubic(), Schedule([1.0]), **options)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_dimods_interface(vartype):
    rng = np.random.default_rng(8)
    polynomial = dimod.BinaryPolynomial(
        {tuple(rng.choice(list("abcdefgh"), 3, replace=False)): rng.normal() for _ in range(12)},
        vartype,
    )
    sampler = PBitSampler()
    assert isinstance(sampler, dimod.PolySampler)
    sampleset = sampler.sample_poly(polynomial, num_reads=50, seed=1)
    assert sampleset.vartype is polynomial.vartype
    assert np.allclose(polynomial.energies(sampleset), sampleset.record.energy)
    exact = dimod.ExactPolySolver().sample_poly(polynomial).first.energy
    assert sampleset.first.energy == pytest.approx(exact)


def test_mixins_and_initial_states():
    sampler = PBitSampler()
    assert sampler.sample_hising({"a": 0.5}, {"abc": -1}, num_reads=30, seed=1).first.energy == -1.5
    assert sampler.sample_hubo({"abc": 1, "a": -2}, num_reads=30, seed=1).first.energy == -2
    polynomial = dimod.BinaryPolynomial({"cab": 1.0, "d": 0.5}, "SPIN")
    state = {"d": -1, "c": 1, "b": -1, "a": 1}
    kept = sampler.sample_poly(polynomial, initial_states=[state], num_sweeps=0)
    assert kept.first.sample == state
    with pytest.raises(TypeError, match=r"must be a dimod\.BinaryPolynomial, got dict"):
        sampler.sample_poly({"abc": 1})


def test_solve_a_file(tmp_path):
    file = tmp_path / "parity.hubo"
    file.write_text("hubo 4 3 spin\n1.5 0 1 2\n-1 1 2 3\n0.5 3\n")
    run = CliRunner().invoke(cli, ["solve", str(file), "--seed", "1", "--json"])
    assert run.exit_code == 0
    assert json.loads(run.stdout)["energy"] == -3


def test_free_spins_of_a_polynomial_are_fair():
    model = PolynomialModel.from_terms({(0, 1, 2): 1.0}, num_spins=5)
    spins = anneal(model, Schedule([1.0]), num_reads=READS, seed=1).spins
    assert abs(spins[:, 3:].mean()) * np.sqrt(2 * READS) < 5.5
    assert isinstance(PolynomialModel.from_terms({(0, 1): 1.0}).to_ising_model(), IsingModel)
