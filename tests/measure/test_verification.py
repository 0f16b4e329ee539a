"""The certificate: sound samplers pass, planted mistakes fail for the right reason."""

import networkx as nx
import numpy as np
import pytest
from scipy import stats

from cases import some
from pbit import Control, IsingModel, Schedule, exact
from pbit.exact.elimination import TooWide
from pbit.measure.verification import verify as verification
from pbit.measure.verification.verify import verify
from pbit.models.patch import patch, spins_around
from pbit.run.reads import Reads
from random_models import random_model

SURE = 1e-6


def lattice(*sides, seed=1, fields=False):
    """Couplings +1 and -1 on a periodic lattice."""
    graph = nx.convert_node_labels_to_integers(
        nx.grid_graph(sides, periodic=True), ordering="sorted"
    )
    ends = np.array(graph.edges())
    rng = np.random.default_rng(seed)
    h = rng.normal(size=graph.number_of_nodes()) if fields else None
    return IsingModel.from_edges(ends[:, 0], ends[:, 1], rng.choice([-1.0, 1.0], len(ends)), h=h)


def plant(monkeypatch, wrong):
    """Put ``wrong(anneal)`` in the place of the sampler."""
    monkeypatch.setattr(verification, "anneal", wrong(verification.anneal))


def hotter(factor):
    def wrong(anneal):
        def sampler(model, schedule, **options):
            return anneal(
                model, Schedule(schedule.betas * factor, schedule.sweeps_per_beta), **options
            )

        return sampler

    return wrong


def flipped(anneal):
    """The strongest coupling with the wrong sign; energies are those of the right model."""

    def sampler(model, schedule, **options):
        rows, cols, weights = model.edges()
        weights = weights.copy()
        weights[np.argmax(np.abs(weights))] *= -1
        wrong = IsingModel.from_edges(rows, cols, weights, h=model.h)
        reads = anneal(wrong, schedule, **options)
        return Reads(reads.spins, model.energy(reads.spins), reads.info)

    return sampler


# --- what passes


SOUND = [
    {"kernel": "lanes"}, {"kernel": "dense"}, {"rule": "metropolis"}, {"num_threads": 1},
    {"kernel": "reads"}, {"order": "random"}, {"order": "random", "rule": "metropolis"},
]  # fmt: skip


@pytest.mark.parametrize(
    "options", some(SOUND, *SOUND[:5]), ids=lambda options: "-".join(map(str, options.values()))
)
def test_sound_kernels_pass_on_a_small_model(options):
    certificate = verify(random_model(9, seed=2), 0.5, seed=3, **options)
    assert certificate.passed and certificate.cause == "" and certificate.centre is None
    assert certificate.law.num_tests == 9 + certificate.law.pair_means.size + 2
    assert certificate.burn_in.relaxation_sweeps < 40


def test_a_strip_is_tested_whole():
    certificate = verify(lattice(4, 40), 0.4, seed=1)
    assert certificate.passed and certificate.centre is None
    assert certificate.spins.tolist() == list(range(160))
    assert certificate.law.num_tests == 160 + 320 + 1


@pytest.mark.parametrize("kernel", ["auto", "lanes", "dense", "reads"])
def test_a_cube_is_tested_by_a_patch(kernel):
    certificate = verify(lattice(6, 6, 6), kernel=kernel, seed=2)
    assert certificate.passed and certificate.spins.size == 20
    assert certificate.centre in certificate.spins
    assert certificate.info["kernel"] == ("bits" if kernel == "auto" else kernel)
    assert certificate.beta == pytest.approx(0.2242, abs=1e-4)


def test_the_patch_is_sampled_by_another_kernel_where_it_has_to_be(monkeypatch):
    """A kernel that takes the model may refuse the patch."""

    def fussy(anneal):
        def sampler(model, schedule, *, kernel, **options):
            if kernel == "bits" and model.num_spins < 100:
                raise ValueError("kernel 'bits' needs something")
            return anneal(
                model, schedule, kernel="lanes" if model.num_spins < 100 else kernel, **options
            )

        return sampler

    plant(monkeypatch, fussy)
    certificate = verify(lattice(6, 6, 6), seed=2, num_reads=1000)
    assert certificate.info["kernel"] == "lanes"


def test_the_same_seed_gives_the_same_certificate():
    first, second = (verify(lattice(5, 5, 5), seed=7, num_reads=500) for _ in range(2))
    assert np.array_equal(first.law.p_values, second.law.p_values)
    assert (first.centre, first.info["seed"]) == (second.centre, 7)
    assert verify(random_model(4, seed=1), num_reads=500).info["seed"] >= 0


def test_a_given_centre_and_size():
    certificate = verify(lattice(5, 5, 5), seed=1, centre=17, patch_size=7, num_reads=500)
    assert certificate.centre == 17 and certificate.spins.size == 7
    assert verify(lattice(3, 4), seed=1, patch_size=12, num_reads=500).centre is None
    assert verify(lattice(3, 4), seed=1, centre=3, num_reads=500).spins.size == 12


def test_single_spins_and_no_couplings():
    assert verify(IsingModel([0.3], [[0.0]]), 1.0, seed=1).passed
    free = verify(IsingModel(np.zeros(5), np.zeros((5, 5))), seed=1)
    assert free.passed and free.beta == 0.1
    assert verify(IsingModel(np.zeros(2000), np.zeros((2000, 2000))), seed=1).spins.size == 1
    assert verify(random_model(6, seed=1), 0.0, seed=1).passed


@pytest.mark.parametrize("seeds", some([100, 300], 100))
def test_false_alarms_of_the_whole_procedure(seeds):
    """Sound reads, short burn-in of a fast model: at most alpha of the seeds fail.

    A rate of 0.18 instead of 0.05 is caught by 300 seeds with more than 99 %, one of 0.3 by 100.
    """
    model = random_model(6, seed=8)
    alarms = [not verify(model, 0.3, num_reads=300, num_sweeps=40, seed=seed, alpha=0.05).passed
              for seed in range(seeds)]  # fmt: skip
    assert stats.binom.sf(sum(alarms) - 1, seeds, 0.05) > SURE


# --- what must fail


@pytest.mark.parametrize("model", [random_model(9, seed=2), lattice(4, 10), lattice(6, 6, 6)],
                         ids=["dense", "strip", "cube"])  # fmt: skip
@pytest.mark.parametrize("mistake", [hotter(1.1), hotter(0.9), hotter(0.5), hotter(2.0), flipped],
                         ids=["1.1", "0.9", "half", "twice", "flipped"])  # fmt: skip
def test_control_mistakes_fail_and_the_sampler_is_blamed(monkeypatch, mistake, model):
    plant(monkeypatch, mistake)
    for seed in range(3):
        certificate = verify(model, seed=seed)
        assert (certificate.passed, certificate.cause) == (False, "law")


def test_control_reads_all_alike_are_blamed_on_the_sampler(monkeypatch):
    def stuck(anneal):
        def sampler(model, schedule, **options):
            reads = anneal(model, schedule, **options)
            return Reads(np.ones_like(reads.spins), 0 * reads.energies, reads.info)

        return sampler

    plant(monkeypatch, stuck)
    assert verify(random_model(6, seed=1), 0.5, seed=1).cause == "law"


def test_cold_glasses_are_told_to_burn_in_longer():
    certificate = verify(lattice(8, 8), 3.0, seed=1, num_sweeps=50)
    assert (certificate.passed, certificate.cause) == (False, "burn-in")
    assert certificate.burn_in.relaxation_sweeps > 50


def test_a_burn_in_that_is_too_short_shows_and_a_longer_one_passes():
    """A chain at low temperature: domain walls take about exp(4 beta) sweeps to go."""
    chain = IsingModel.from_edges(np.arange(40), (np.arange(40) + 1) % 40, np.ones(40))
    short = verify(chain, 1.0, seed=1, num_sweeps=4)
    assert (short.passed, short.cause) == (False, "burn-in")
    long = verify(chain, 1.0, seed=1, num_sweeps=1500)
    assert long.passed and long.burn_in.relaxation_sweeps < 750


def test_a_symmetry_that_reads_keep_is_no_failure():
    """Cold ferromagnet without fields: each read stays up or down, and half of them do each."""
    sites = np.arange(16)
    pairs = [(i, j) for i in sites for j in sites if i < j]
    rows, cols = np.array(pairs).T
    certificate = verify(IsingModel.from_edges(rows, cols, np.full(rows.size, 0.1)), 2.0, seed=1)
    assert certificate.passed
    assert certificate.burn_in.spin_memory > 0.5 > abs(certificate.burn_in.energy_memory)


# --- patches


def test_the_law_of_a_patch_is_the_conditional_law():
    model = random_model(8, seed=9)
    state = np.random.default_rng(1).choice([-1, 1], 8)
    free = np.array([1, 4, 6])
    held = np.setdiff1d(np.arange(8), free)
    states = exact.states(8)
    fits = (states[:, held] == state[held]).all(axis=1)
    law = exact.exact_boltzmann(model, 0.7)[fits]
    assert np.allclose(exact.exact_boltzmann(patch(model, free, state).model, 0.7), law / law.sum())


def test_spins_around():
    square = lattice(5, 5)
    around = spins_around(square, 12, 5)
    assert around.tolist() == [7, 11, 12, 13, 17]
    assert spins_around(square, 12, 3).tolist() == [7, 11, 12]
    assert spins_around(square, 12, 100).size == 25
    parts = IsingModel.from_edges([0, 2], [1, 3], [1.0, 1.0])
    assert spins_around(parts, 3, 4).tolist() == [2, 3]


@pytest.mark.parametrize(("centre", "size", "message"), [
    (-1, 3, "centre must be >= 0"), (25, 3, "centre must be <= 24"), (0, 0, "size must be >= 1"),
])  # fmt: skip
def test_patches_that_cannot_be(centre, size, message):
    with pytest.raises(ValueError, match=message):
        spins_around(lattice(5, 5), centre, size)


# --- refusals


@pytest.mark.parametrize(("options", "message"), [
    ({"beta": np.inf}, "beta must be finite and >= 0, got inf"),
    ({"beta": -1.0}, "beta must be finite and >= 0"),
    ({"beta": np.nan}, "beta must be finite and >= 0"),
    ({"num_sweeps": 1}, "num_sweeps must be >= 2"),
    ({"num_reads": 0}, "num_reads must be >= 1"),
    ({"alpha": 0.0}, "alpha must be a probability between 0 and 1, got 0"),
    ({"centre": 6}, "centre must be <= 5"),
    ({"patch_size": 0}, "patch_size must be >= 1"),
    ({"seed": -1}, "seed must be >= 0"),
    ({"rule": "x"}, "rule must be one of"),
    ({"control": Control(time_limit_s=1.0)}, "control must have no time limit and no target"),
    ({"control": Control(target=1.0)}, "control must have no time limit and no target"),
])  # fmt: skip
def test_arguments_out_of_range(glass, options, message):
    with pytest.raises(ValueError, match=message):
        verify(glass, **options)


def test_no_spins():
    with pytest.raises(ValueError, match="at least one spin to verify, got none"):
        verify(IsingModel([], np.zeros((0, 0))))


def test_a_patch_that_is_too_wide():
    with pytest.raises(TooWide, match="max_width is 23"):
        verify(random_model(60, seed=1, density=1.0), patch_size=30, num_reads=10)


def test_an_interrupt_ends_it(glass):
    with pytest.raises(KeyboardInterrupt):
        verify(glass, num_reads=10**5, num_sweeps=10**6, control=Control(interrupt=lambda: True))
