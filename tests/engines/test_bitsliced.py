"""The bit-sliced kernel: against the slow reference, exact laws, and the other kernels."""

import numpy as np
import pytest

import naive
from clock import FakeClock
from pbit import Control, IsingModel, Schedule, anneal
from pbit.engines.bit_model import BitModel, whole_unit
from pbit.exact import exact_law, state_number
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6 / 20
READS = 65536
BETAS = [0.1, 0.4, 0.9, 1.5]


def whole_model(n, *, seed, largest=1, fields=0, unit=1.0, density=0.7):
    """Random model with weights from -largest to largest, in units."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((n, n)) < density, k=1)
    sizes = rng.integers(1, largest + 1, (n, n)) * rng.choice([-1, 1], (n, n))
    J = unit * upper * sizes
    h = unit * rng.integers(-fields, fields + 1, n)
    return IsingModel(h, J + J.T, offset=0.25)


MODELS = {
    "+-1": whole_model(7, seed=1),
    "+-1 and fields": whole_model(7, seed=2, fields=2),
    "weights to 3, fields to 5": whole_model(6, seed=3, largest=3, fields=5),
    "half units": whole_model(6, seed=4, largest=2, fields=1, unit=0.5),
    "large fields": whole_model(5, seed=5, fields=20, unit=1 / 16),
    "many classes": whole_model(6, seed=6, largest=9, fields=9, density=1.0),
}


def sample(model, betas, **options):
    return anneal(model, Schedule(np.asarray(betas)), kernel="bits", **options)


@pytest.mark.parametrize("name", MODELS)
def test_trajectories_equal_the_slow_reference(name):
    model = MODELS[name]
    reads = sample(model, BETAS, num_reads=140, seed=2**40 + 7)
    J = model.J.toarray()
    for k in (0, 63, 127, 128, 139):
        spins, _ = naive.anneal_bits(model.h, J, BETAS, k, 2**40 + 7)
        assert np.array_equal(reads.spins[k], spins), k


@pytest.mark.parametrize("num_reads", [3, 200, 400])
def test_best_seen_equals_the_slow_reference(num_reads):
    model = whole_model(12, seed=7, largest=2, fields=1)
    betas = np.full(20, 0.2)
    reads = sample(model, betas, num_reads=num_reads, seed=5, best_seen=True)
    J = model.J.toarray()
    for k in range(0, num_reads, 97):
        _, lowest = naive.anneal_bits(model.h, J, betas, k, 5)
        assert reads.energies[k] == lowest + model.offset
    assert np.array_equal(model.energy(reads.spins), reads.energies)


@pytest.mark.parametrize("name", MODELS)
def test_reads_follow_the_k_sweep_law(name):
    """alpha = 1e-6 / 20 a case; the controls below show what 65536 reads catch."""
    model = MODELS[name]
    spins = sample(model, BETAS, num_reads=READS, seed=11).spins
    assert chi_square_p_value(state_number(spins), exact_law(model, BETAS)) > ALPHA


@pytest.mark.parametrize("factor", [1.1, 0.5])
@pytest.mark.parametrize("name", ["+-1 and fields", "weights to 3, fields to 5"])
def test_control_a_wrong_beta_is_caught(name, factor):
    model = MODELS[name]
    spins = sample(model, factor * np.array(BETAS), num_reads=READS, seed=12).spins
    assert chi_square_p_value(state_number(spins), exact_law(model, BETAS)) < ALPHA


def test_reads_do_not_depend_on_threads_blocks_or_later_reads():
    model = whole_model(30, seed=8, density=0.1)
    whole = sample(model, BETAS, num_reads=1200, seed=3, num_threads=1)
    for threads, first, count in ((2, 0, 1200), (3, 0, 500), (1, 0, 1), (1, 70, 300), (2, 1000, 9)):
        part = sample(model, BETAS, num_reads=count, seed=3, num_threads=threads, first_read=first)
        assert np.array_equal(part.spins, whole.spins[first : first + count])


def test_initial_states_and_an_infinite_beta():
    model = whole_model(60, seed=9, density=0.05, fields=1)
    start = np.ones((5, 60), dtype=np.int8)
    same = sample(model, [], num_reads=5, seed=1, initial_spins=start)
    assert np.array_equal(same.spins, start)
    greedy = sample(model, [np.inf] * 80, num_reads=50, seed=1)
    assert np.all(greedy.spins * model.field(greedy.spins) >= 0)


def test_reads_of_a_word_are_uncorrelated():
    """Free p-bits: the largest of 32640 overlaps, each N(0, 1), exceeds 7.2 with p < 2e-8."""
    free = IsingModel(np.zeros(4096), np.zeros((4096, 4096)))
    spins = sample(free, [0.0], num_reads=256, seed=18).spins.astype(float)
    overlaps = (spins @ spins.T / np.sqrt(4096))[np.triu_indices(256, k=1)]
    assert np.abs(overlaps).max() < 7.2
    assert abs(overlaps.mean()) * np.sqrt(overlaps.size) < 5.5


def lattice(side):
    sites = np.arange(side**3).reshape(side, side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    signs = np.random.default_rng(1).choice([-1.0, 1.0], ends.size)
    return IsingModel.from_edges(np.tile(sites.ravel(), 3), ends, signs)


def test_kernels_agree_on_a_lattice():
    """Mean energy of independent reads, z-test: false alarm 1e-6, a beta off by 1 % gives z > 6."""
    model = lattice(6)
    betas = np.full(60, 0.5)

    def z(a, b):
        return (a.mean() - b.mean()) / np.sqrt(a.var() / a.size + b.var() / b.size)

    bits = sample(model, betas, num_reads=20000, seed=1).energies
    lanes = anneal(model, Schedule(betas), num_reads=20000, seed=2, kernel="lanes").energies
    wrong = anneal(model, Schedule(1.01 * betas), num_reads=20000, seed=3, kernel="lanes").energies
    assert abs(z(bits, lanes)) < 4.9
    assert abs(z(bits, wrong)) > 4.9


def test_target_trace_and_time_limit():
    model = lattice(6)
    reads = sample(
        model,
        np.geomspace(0.1, 3, 2000),
        num_reads=300,
        seed=1,
        traced=True,
        control=Control(target=-340.0),
    )
    assert reads.info["stop_reason"] == "target"
    assert reads.energies.min() <= -340.0
    assert reads.info["trace"].min() == reads.energies.min()
    cut = sample(
        model,
        np.geomspace(0.1, 3, 10**6),
        num_reads=300,
        seed=1,
        best_seen=True,
        control=Control(time_limit_s=0.2, clock=FakeClock()),
    )
    assert cut.info["stop_reason"] == "time_limit"
    assert len(cut.energies) == 1
    assert np.array_equal(model.energy(cut.spins), cut.energies)


def test_the_kernel_chosen_is_reported():
    whole, real, large = lattice(4), glass_of(lattice(4)), lattice(7)

    def kernel_of(model, num_reads, **options):
        one = Schedule([1.0])
        return anneal(model, one, seed=1, num_reads=num_reads, num_threads=1, **options).info[
            "kernel"
        ]

    assert kernel_of(whole, 32) == "bits"
    assert kernel_of(whole, 31) == "lanes"
    assert kernel_of(whole, 5) == "colors"
    assert kernel_of(whole, 5, order="sequential") == "lanes"
    assert kernel_of(whole, 2) == kernel_of(real, 1) == "cached"
    assert kernel_of(large, 1, order="sequential") == "reads"
    assert kernel_of(real, 32) == "lanes"
    assert kernel_of(glass_of(large), 1) == kernel_of(whole, 1, order="chromatic") == "colors"
    assert kernel_of(whole, 32, rule="metropolis") == "lanes"
    assert kernel_of(whole, 32, order="random") == "reads"
    assert kernel_of(whole, 32, order="permutation") == "reads"


def glass_of(model):
    rows, cols, weights = model.edges()
    return IsingModel.from_edges(rows, cols, weights * np.linspace(0.5, 1.5, weights.size))


def test_lanes_and_reads_give_the_same_reads():
    model = whole_model(20, seed=10)
    a, b = (
        anneal(model, Schedule(BETAS), num_reads=40, seed=1, kernel=kernel).spins
        for kernel in ("lanes", "reads")
    )
    assert np.array_equal(a, b)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kernel": "gpu"}, "kernel must be auto, bits, cached, colors, dense, lanes, reads"),
        ({"kernel": "bits", "rule": "metropolis"}, "needs rule 'heat-bath'"),
        ({"kernel": "lanes", "order": "random"}, "needs order 'sequential' or 'chromatic'"),
        ({"kernel": "colors", "order": "sequential"}, "needs order 'chromatic'"),
        ({"kernel": "bits"}, "small whole multiples"),
    ],
)
def test_a_kernel_that_does_not_fit_is_refused(options, message):
    real = IsingModel.from_edges([0], [1], [np.pi], h=[1.0, 0.0])
    with pytest.raises(ValueError, match=message):
        anneal(real, Schedule([1.0]), **options)


def test_units():
    assert whole_unit(np.zeros(3)) == 1.0
    assert whole_unit(np.array([2.0, -3.0])) == 1.0
    assert whole_unit(np.array([0.3, 0.1, -0.7])) == pytest.approx(0.1)
    assert whole_unit(np.array([1e-9, 1.0])) is None
    assert BitModel.of(whole_model(5, seed=1, fields=20, unit=1e-7)).unit == pytest.approx(1e-7)


def test_a_target_just_out_of_reach_does_not_end_a_run_of_a_large_model():
    """1.25 million units of weight: a slack of 1e-6 of them would be more than one unit."""
    n = 25001
    chain = np.arange(n - 2)
    h = np.zeros(n)
    h[-1] = 1.0
    model = IsingModel.from_edges(chain, chain + 1, np.full(n - 2, 50.0), h=h)
    start = np.ones((129, n), dtype=np.int8)  # as wide as other tests have it
    lowest = model.energy(start[0])
    reads = sample(
        model,
        [np.inf] * 4,
        num_reads=129,
        seed=1,
        initial_spins=start,
        control=Control(target=float(lowest) - 1.0),
    )
    assert reads.info["stop_reason"] == "completed"
    assert reads.energies.tolist() == [lowest] * 129
