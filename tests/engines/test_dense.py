"""The kernels for dense couplings: against the slow reference, exact laws and the other kernels.

"dense" goes over to the kept fields of "cached" where it is cold: BETAS are warm and cold. Both
equal the slow reference read by read and, in whole numbers, each other: of the grid of laws and
controls, "dense" stands for both, and the rest is slow.
"""

from functools import partial
from itertools import product

import numpy as np
import pytest

import naive
from cases import some
from clock import FakeClock
from pbit import Control, IsingModel, Schedule, anneal
from pbit.exact import exact_law, state_number
from pbit.statistics import chi_square_p_value
from random_models import random_model

ALPHA = 1e-6 / 40
READS = 32768  # a beta off by 10 % gives p < 1e-20
BETAS = [0.1, 0.4, 0.9, 1.5]
KERNELS = ("dense", "cached")
RULES = ("heat-bath", "metropolis")


@pytest.fixture(params=KERNELS)
def sample(request):
    """Anneal with either kernel."""
    return partial(annealed, request.param)


def annealed(kernel, model, betas, **options):
    return anneal(model, Schedule(np.asarray(betas)), kernel=kernel, **options)


@pytest.mark.parametrize("n", [1, 6, 12, 13])
@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("rule", RULES)
def test_trajectories_equal_the_slow_reference(sample, rule, integers, n):
    model = random_model(n, seed=21, integers=integers)
    reads = sample(model, BETAS, num_reads=80, seed=99, rule=rule)
    J = model.J.toarray()
    for k in (0, 15, 16, 63, 64, 79):
        spins, _ = naive.anneal_read(model.h, J, BETAS, k, 99, rule=rule)
        assert np.array_equal(reads.spins[k], spins), k


@pytest.mark.parametrize(
    ("kernel", "rule", "n"),
    some(product(KERNELS, RULES, (6, 8)), ("dense", "heat-bath", 8), ("dense", "metropolis", 6)),
)
def test_reads_follow_the_k_sweep_law(kernel, rule, n):
    model = random_model(n, seed=31, density=1.0)
    spins = annealed(kernel, model, BETAS, num_reads=READS, seed=11, rule=rule).spins
    law = exact_law(model, BETAS, rule=rule)
    assert chi_square_p_value(state_number(spins), law) > ALPHA


@pytest.mark.parametrize(
    ("kernel", "rule", "factor"),
    some(
        product(KERNELS, RULES, (1.1, 0.5)),
        ("dense", "heat-bath", 1.1),
        ("dense", "metropolis", 1.1),
    ),
)
def test_control_a_wrong_beta_is_caught(kernel, rule, factor):
    model, betas = random_model(6, seed=31, density=1.0), factor * np.array(BETAS)
    spins = annealed(kernel, model, betas, num_reads=READS, seed=12, rule=rule).spins
    law = exact_law(model, BETAS, rule=rule)
    assert chi_square_p_value(state_number(spins), law) < ALPHA


def test_law_in_double_precision(sample):
    model = random_model(6, seed=5)
    J = model.J.toarray()
    J[0, 1] = J[1, 0] = 1e6
    wide = IsingModel(model.h, J)
    spins = sample(wide, BETAS, num_reads=READS, seed=14).spins
    assert chi_square_p_value(state_number(spins), exact_law(wide, BETAS)) > ALPHA


@pytest.mark.parametrize("best_seen", [False, True])
def test_any_part_of_a_run_is_the_run(sample, best_seen):
    model = random_model(37, seed=44, density=1.0)
    options = {"seed": 9, "best_seen": best_seen}
    whole = sample(model, BETAS, num_reads=300, num_threads=1, **options)
    assert np.allclose(model.energy(whole.spins), whole.energies)
    for first, count, threads in ((0, 1, 1), (7, 100, 2), (120, 20, 3), (299, 1, 1)):
        part = sample(
            model, BETAS, num_reads=count, first_read=first, num_threads=threads, **options
        )
        assert np.array_equal(part.spins, whole.spins[first : first + count])


def test_target_and_initial_states(sample):
    model = random_model(40, seed=45, density=1.0)
    betas = np.geomspace(0.1, 5, 300)
    lowest = sample(model, betas, num_reads=64, seed=1, best_seen=True).energies.min()
    hit = sample(model, betas, num_reads=64, seed=1, control=Control(target=float(lowest)))
    assert hit.info["stop_reason"] == "target"
    assert hit.energies.min() == pytest.approx(lowest, rel=1e-12)
    start = np.where(np.random.default_rng(1).random((20, 40)) < 0.5, -1, 1)
    same = sample(model, [], num_reads=20, seed=1, initial_spins=start)
    assert np.array_equal(same.spins, start)


@pytest.mark.parametrize(
    ("kernel", "num_reads", "off"),
    some([("dense", 4000, 1.05), ("dense", 20000, 1.02), ("cached", 20000, 1.02)],
         ("dense", 4000, 1.05)),
)  # fmt: skip
def test_dense_and_sparse_kernels_agree(kernel, num_reads, off):
    """Mean energy, z-test at false alarm 1e-6; a beta off by 2 % (of 20000 reads, by 5 % of 4000)
    is caught.
    """
    sample = partial(annealed, kernel)
    model = random_model(100, seed=46, density=1.0)
    betas = np.full(200, 0.1)  # over 4096 flips: fields are summed anew on the way

    def z(a, b):
        return (a.mean() - b.mean()) / np.sqrt(a.var() / a.size + b.var() / b.size)

    dense = sample(model, betas, num_reads=num_reads, seed=1).energies
    lanes = anneal(model, Schedule(betas), num_reads=num_reads, seed=2, kernel="lanes").energies
    wrong = sample(model, off * betas, num_reads=num_reads, seed=3).energies
    assert abs(z(dense, lanes)) < 4.9
    assert abs(z(wrong, lanes)) > 4.9


def test_auto_takes_it_for_dense_models_only():
    one = Schedule([1.0])
    dense = random_model(40, seed=47, density=1.0)
    sparse = random_model(40, seed=47, density=0.05)
    assert anneal(dense, one, seed=1, num_reads=24).info["kernel"] == "dense"
    assert anneal(dense, one, seed=1, num_reads=23).info["kernel"] == "cached"
    assert anneal(sparse, one, seed=1, num_reads=40).info["kernel"] == "lanes"


@pytest.mark.parametrize("rule", RULES)
def test_whole_numbers_make_the_two_kernels_the_same(rule):
    model = random_model(70, seed=48, integers=True)
    betas = np.geomspace(0.02, 2.0, 60)
    runs = [
        anneal(
            model, Schedule(betas), num_reads=30, seed=2, kernel=kernel, rule=rule, traced=True,
            best_seen=True,
        )
        for kernel in ("dense", "cached")
    ]  # fmt: skip
    lanes = anneal(
        model, Schedule(betas), num_reads=30, seed=2, kernel="lanes", rule=rule, order="sequential",
        traced=True, best_seen=True,
    )  # fmt: skip
    for run in runs:
        assert np.array_equal(run.spins, lanes.spins)
        assert np.array_equal(run.info["trace"], lanes.info["trace"])


def test_stops_where_it_is_cold(sample):
    model = random_model(200, seed=49, density=1.0)
    control = Control(time_limit_s=0.1, clock=FakeClock())
    cut = sample(model, np.full(10**6, 5.0), num_reads=40, seed=1, control=control)
    assert cut.info["stop_reason"] == "time_limit"
    assert np.allclose(model.energy(cut.spins), cut.energies)
    assert cut.info["updates"] < 40 * 200 * 10**6


def test_betas_of_each_read(sample):
    """One column is cold from the start, the other never: no read may go over too early."""
    model = random_model(6, seed=31, density=1.0)
    schedules = np.array([[0.1, 0.2, 0.1], [1.5, 2.0, 1.5]])
    spins = sample(model, np.tile(schedules.T, READS // 2), num_reads=READS, seed=3).spins
    for k in range(2):
        law = exact_law(model, schedules[k])
        assert chi_square_p_value(state_number(spins[k::2]), law) > ALPHA
