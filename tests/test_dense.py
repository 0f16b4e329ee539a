"""The kernel for dense couplings: against the slow reference, exact laws and the other kernels."""

import naive
import numpy as np
import pytest
from conftest import random_model

from pbit import Control, IsingModel, Schedule, anneal
from pbit.exact import exact_law, state_number
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6 / 20
READS = 65536
BETAS = [0.1, 0.4, 0.9, 1.5]
RULES = ("heat-bath", "metropolis")


def sample(model, betas, **options):
    return anneal(model, Schedule(np.asarray(betas)), kernel="dense", **options)


@pytest.mark.parametrize("n", [1, 6, 12, 13])
@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("rule", RULES)
def test_trajectories_equal_the_slow_reference(rule, integers, n):
    model = random_model(n, seed=21, integers=integers)
    reads = sample(model, BETAS, num_reads=80, seed=99, rule=rule)
    J = model.J.toarray()
    for k in (0, 15, 16, 63, 64, 79):
        spins, _ = naive.anneal_read(model.h, J, BETAS, k, 99, rule=rule)
        assert np.array_equal(reads.spins[k], spins), k


@pytest.mark.parametrize("n", [6, 8])
@pytest.mark.parametrize("rule", RULES)
def test_reads_follow_the_k_sweep_law(rule, n):
    model = random_model(n, seed=31, density=1.0)
    spins = sample(model, BETAS, num_reads=READS, seed=11, rule=rule).spins
    law = exact_law(model, BETAS, rule=rule)
    assert chi_square_p_value(state_number(spins), law) > ALPHA


@pytest.mark.parametrize("factor", [1.1, 0.5])
@pytest.mark.parametrize("rule", RULES)
def test_control_a_wrong_beta_is_caught(rule, factor):
    model = random_model(6, seed=31, density=1.0)
    spins = sample(model, factor * np.array(BETAS), num_reads=READS, seed=12, rule=rule).spins
    law = exact_law(model, BETAS, rule=rule)
    assert chi_square_p_value(state_number(spins), law) < ALPHA


def test_law_in_double_precision():
    model = random_model(6, seed=5)
    J = model.J.toarray()
    J[0, 1] = J[1, 0] = 1e6
    wide = IsingModel(model.h, J)
    spins = sample(wide, BETAS, num_reads=READS, seed=14).spins
    assert chi_square_p_value(state_number(spins), exact_law(wide, BETAS)) > ALPHA


@pytest.mark.parametrize("best_seen", [False, True])
def test_any_part_of_a_run_is_the_run(best_seen):
    model = random_model(37, seed=44, density=1.0)
    options = {"seed": 9, "best_seen": best_seen}
    whole = sample(model, BETAS, num_reads=300, num_threads=1, **options)
    assert np.allclose(model.energy(whole.spins), whole.energies)
    for first, count, threads in ((0, 1, 1), (7, 100, 2), (120, 20, 3), (299, 1, 1)):
        part = sample(
            model, BETAS, num_reads=count, first_read=first, num_threads=threads, **options
        )
        assert np.array_equal(part.spins, whole.spins[first : first + count])


def test_target_and_initial_states():
    model = random_model(40, seed=45, density=1.0)
    betas = np.geomspace(0.1, 5, 300)
    lowest = sample(model, betas, num_reads=64, seed=1, best_seen=True).energies.min()
    hit = sample(model, betas, num_reads=64, seed=1, control=Control(target=float(lowest)))
    assert hit.info["stop_reason"] == "target"
    assert hit.energies.min() == pytest.approx(lowest, rel=1e-12)
    start = np.where(np.random.default_rng(1).random((20, 40)) < 0.5, -1, 1)
    same = sample(model, [], num_reads=20, seed=1, initial_spins=start)
    assert np.array_equal(same.spins, start)


def test_dense_and_sparse_kernels_agree():
    """Mean energy, z-test at false alarm 1e-6; a beta off by 2 % is caught."""
    model = random_model(100, seed=46, density=1.0)
    betas = np.full(40, 0.1)

    def z(a, b):
        return (a.mean() - b.mean()) / np.sqrt(a.var() / a.size + b.var() / b.size)

    dense = sample(model, betas, num_reads=20000, seed=1).energies
    lanes = anneal(model, Schedule(betas), num_reads=20000, seed=2, kernel="lanes").energies
    wrong = sample(model, 1.02 * betas, num_reads=20000, seed=3).energies
    assert abs(z(dense, lanes)) < 4.9
    assert abs(z(wrong, lanes)) > 4.9


def test_auto_takes_it_for_dense_models_only():
    one = Schedule([1.0])
    dense = random_model(40, seed=47, density=1.0)
    sparse = random_model(40, seed=47, density=0.05)
    assert anneal(dense, one, seed=1).info["kernel"] == "dense"
    assert anneal(sparse, one, seed=1, num_reads=40).info["kernel"] == "lanes"
