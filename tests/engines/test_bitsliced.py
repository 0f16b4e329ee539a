"""The bit-sliced kernel: against the slow reference, exact laws, and the other kernels."""

import numpy as np
import pytest

import naive
from clock import FakeClock
from pbit import Control, DirectedModel, IsingModel, PolynomialModel, Schedule, anneal, moments
from pbit.engines import bit_model
from pbit.engines.bit_model import BitModel, whole_unit
from pbit.engines.compiled_model import rows_of
from pbit.engines.engine import Ask
from pbit.engines.registry import choose
from pbit.exact import exact_law, state_number
from pbit.kernels.sweeps.books import block_energies
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6 / 20
READS = 65536
BETAS = [0.1, 0.4, 0.9, 1.5]
RULES = ("heat-bath", "metropolis")


def whole_model(n, *, seed, largest=1, fields=0, unit=1.0, density=0.7):
    """Random model with weights from -largest to largest, in units."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((n, n)) < density, k=1)
    sizes = rng.integers(1, largest + 1, (n, n)) * rng.choice([-1, 1], (n, n))
    J = unit * upper * sizes
    h = unit * rng.integers(-fields, fields + 1, n)
    return IsingModel(h, J + J.T, offset=0.25)


def whole_products(n, *, seed, degree, num_terms, largest=1, unit=1.0):
    """Random products of one to ``degree`` spins, weights from -largest to largest, in units."""
    rng = np.random.default_rng(seed)
    terms = {}
    for _ in range(num_terms):
        body = rng.choice(n, rng.integers(1, degree + 1), replace=False)
        weight = rng.integers(1, largest + 1) * rng.choice([-1, 1])
        terms[tuple(sorted(body.tolist()))] = unit * float(weight)
    return PolynomialModel.from_terms(terms, num_spins=n, offset=0.25)


def lattice(side):
    sites = np.arange(side**3).reshape(side, side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    signs = np.random.default_rng(1).choice([-1.0, 1.0], ends.size)
    return IsingModel.from_edges(np.tile(sites.ravel(), 3), ends, signs)


MODELS = {
    "+-1": whole_model(7, seed=1),
    "+-1 and fields": whole_model(7, seed=2, fields=2),
    "weights to 3, fields to 5": whole_model(6, seed=3, largest=3, fields=5),
    "half units": whole_model(6, seed=4, largest=2, fields=1, unit=0.5),
    "large fields": whole_model(5, seed=5, fields=20, unit=1 / 16),
    "many classes": whole_model(6, seed=6, largest=9, fields=9, density=1.0),
    "products of three": whole_products(7, seed=1, degree=3, num_terms=9),
    "half units, products of four": whole_products(
        7, seed=2, degree=4, num_terms=14, largest=3, unit=0.5
    ),
    "many products of five": whole_products(6, seed=3, degree=5, num_terms=30, largest=9),
}
KINDS = {
    "pairs": whole_model(30, seed=8, density=0.1),
    "products": whole_products(30, seed=8, degree=4, num_terms=40),
}


def sample(model, betas, **options):
    return anneal(model, Schedule(np.asarray(betas)), kernel="bits", **options)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", MODELS)
def test_trajectories_equal_the_slow_reference(name, rule):
    model = MODELS[name]
    reads = sample(model, BETAS, num_reads=140, seed=2**40 + 7, rule=rule)
    for k in (0, 63, 127, 128, 139):
        spins, _ = naive.anneal_bits(model, BETAS, k, 2**40 + 7, rule)
        assert np.array_equal(reads.spins[k], spins), k
    assert np.array_equal(model.energy(reads.spins), reads.energies)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["weights to 3, fields to 5", "many products of five"])
def test_reads_with_betas_of_their_own_equal_the_slow_reference(name, rule):
    model = MODELS[name]
    columns = np.outer(BETAS, np.linspace(0.5, 1.5, 200))
    spins = sample(model, columns, num_reads=200, seed=7, rule=rule).spins
    for k in (0, 70, 199):
        assert np.array_equal(spins[k], naive.anneal_bits(model, columns[:, k], k, 7, rule)[0])


@pytest.mark.parametrize(
    ("num_reads", "model", "rule"),
    [
        (3, whole_model(12, seed=7, largest=2, fields=1), "heat-bath"),
        (200, whole_model(12, seed=7, largest=2, fields=1), "metropolis"),
        (400, whole_products(12, seed=7, degree=4, num_terms=14, largest=2), "heat-bath"),
    ],
)
def test_best_seen_equals_the_slow_reference(num_reads, model, rule):
    betas = np.full(20, 0.2)
    reads = sample(model, betas, num_reads=num_reads, seed=5, best_seen=True, rule=rule)
    for k in range(0, num_reads, 97):
        _, lowest = naive.anneal_bits(model, betas, k, 5, rule)
        assert reads.energies[k] == lowest
    assert np.array_equal(model.energy(reads.spins), reads.energies)


def p_value(model, *, betas=BETAS, rule="heat-bath", law_rule=None, seed=11):
    """Of the exact law of the rule, or of another one, after the sweeps at BETAS."""
    spins = sample(model, betas, num_reads=READS, seed=seed, rule=rule).spins
    return chi_square_p_value(state_number(spins), exact_law(model, BETAS, rule=law_rule or rule))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", MODELS)
def test_reads_follow_the_k_sweep_law(name, rule):
    """alpha = 1e-6 / 20 a case; the controls below show what 65536 reads catch."""
    assert p_value(MODELS[name], rule=rule) > ALPHA


@pytest.mark.parametrize("factor", [1.1, 0.5])
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("+-1 and fields", "heat-bath"),
        ("weights to 3, fields to 5", "heat-bath"),
        ("products of three", "heat-bath"),
        ("+-1 and fields", "metropolis"),
        ("products of three", "metropolis"),
    ],
)
def test_control_a_wrong_beta_is_caught(name, rule, factor):
    wrong = factor * np.array(BETAS)
    assert p_value(MODELS[name], betas=wrong, rule=rule, seed=12) < ALPHA


@pytest.mark.parametrize("name", ["+-1", "products of three"])
def test_control_the_other_rule_is_caught(name):
    for rule, other in (RULES, RULES[::-1]):
        assert p_value(MODELS[name], rule=rule, law_rule=other) < ALPHA


def test_control_a_product_without_one_of_its_spins_is_caught():
    model = MODELS["products of three"]
    spins = sample(model, BETAS, num_reads=READS, seed=11).spins
    *terms, (last, weight) = model.terms()
    wrong = PolynomialModel.from_terms([*terms, (last[:-1], weight)], num_spins=model.num_spins)
    assert chi_square_p_value(state_number(spins), exact_law(wrong, BETAS)) < ALPHA


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", KINDS)
def test_reads_do_not_depend_on_threads_blocks_or_later_reads(kind, rule):
    model, options = KINDS[kind], {"seed": 3, "rule": rule}
    whole = sample(model, BETAS, num_reads=1200, num_threads=1, **options)
    for threads, first, count in ((2, 0, 1200), (3, 0, 500), (1, 0, 1), (1, 70, 300), (2, 1000, 9)):
        part = sample(
            model, BETAS, num_reads=count, num_threads=threads, first_read=first, **options
        )
        assert np.array_equal(part.spins, whole.spins[first : first + count])


def test_a_pairwise_polynomial_runs_as_its_ising_model():
    pairs = MODELS["+-1 and fields"]
    products = PolynomialModel.from_ising_model(pairs)
    a, b = (sample(model, BETAS, num_reads=140, seed=3) for model in (pairs, products))
    assert np.array_equal(a.spins, b.spins) and np.array_equal(a.energies, b.energies)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_observer_sees_spins_and_energies(kind, rule):
    """Moments at one beta, counted in the kernel, are those of the reads that end at each sweep."""
    model, options = KINDS[kind], {"num_reads": 40, "seed": 5, "rule": rule}
    seen = moments(model, beta=0.4, num_sweeps=6, burn_in=3, kernel="bits", **options)
    ends = [sample(model, [0.4] * k, **options) for k in (4, 5, 6)]
    assert np.allclose(seen.spins, np.mean([reads.spins for reads in ends], axis=(0, 1)))
    assert seen.energy == pytest.approx(np.mean([reads.energies for reads in ends]))


@pytest.mark.parametrize("rule", RULES)
def test_initial_states_and_an_infinite_beta(rule):
    model = whole_model(60, seed=9, density=0.05, fields=1)
    start = np.ones((5, 60), dtype=np.int8)
    same = sample(model, [], num_reads=5, seed=1, initial_spins=start, rule=rule)
    assert np.array_equal(same.spins, start)
    greedy = sample(model, [np.inf] * 80, num_reads=50, seed=1, rule=rule)
    assert np.all(greedy.spins * model.field(greedy.spins) >= 0)


def test_at_beta_zero_metropolis_flips_every_spin():
    """... but for one in 2**32 of those that lie along their fields."""
    model = KINDS["products"]
    start = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (200, 30))
    turned = sample(model, [0.0], num_reads=200, seed=1, initial_spins=start, rule="metropolis")
    assert np.array_equal(turned.spins, -start)


def test_reads_of_a_word_are_uncorrelated():
    """Free p-bits: the largest of 32640 overlaps, each N(0, 1), exceeds 7.2 with p < 2e-8."""
    free = IsingModel(np.zeros(4096), np.zeros((4096, 4096)))
    spins = sample(free, [0.0], num_reads=256, seed=18).spins.astype(float)
    overlaps = (spins @ spins.T / np.sqrt(4096))[np.triu_indices(256, k=1)]
    assert np.abs(overlaps).max() < 7.2
    assert abs(overlaps.mean()) * np.sqrt(overlaps.size) < 5.5


@pytest.mark.parametrize("rule", RULES)
def test_kernels_agree_on_a_lattice(rule):
    """Mean energy of independent reads, z-test: false alarm 1e-6, a beta off by 1 % gives z > 6."""
    model = lattice(6)
    betas = np.full(60, 0.5)

    def z(a, b):
        return (a.mean() - b.mean()) / np.sqrt(a.var() / a.size + b.var() / b.size)

    def lanes_at(betas, seed):
        options = {"num_reads": 20000, "kernel": "lanes", "rule": rule}
        return anneal(model, Schedule(betas), seed=seed, **options).energies

    bits = sample(model, betas, num_reads=20000, seed=1, rule=rule).energies
    lanes, wrong = lanes_at(betas, 2), lanes_at(1.01 * betas, 3)
    assert abs(z(bits, lanes)) < 4.9
    assert abs(z(bits, wrong)) > 4.9


@pytest.mark.parametrize(
    ("model", "target", "rule"),
    [
        (lattice(6), -340.0, "heat-bath"),
        (lattice(6), -340.0, "metropolis"),
        (KINDS["products"], -30.0, "metropolis"),
    ],
)
def test_target_trace_and_time_limit(model, target, rule):
    reads = sample(
        model,
        np.geomspace(0.1, 3, 2000),
        num_reads=300,
        seed=1,
        traced=True,
        rule=rule,
        control=Control(target=target),
    )
    assert reads.info["stop_reason"] == "target"
    assert reads.energies.min() <= target
    assert reads.info["trace"].min() == reads.energies.min()
    cut = sample(
        model,
        np.geomspace(0.1, 3, 10**6),
        num_reads=300,
        seed=1,
        best_seen=True,
        rule=rule,
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
    assert kernel_of(whole, 32, rule="metropolis") == "bits"
    assert kernel_of(whole, 31, rule="metropolis") == "lanes"
    assert kernel_of(KINDS["products"], 32) == "bits"
    assert kernel_of(KINDS["products"], 31) == "lanes"
    for many in (MODELS["many classes"], MODELS["many products of five"]):
        assert kernel_of(many, 255) != "bits" == kernel_of(many, 256)
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
        ({"kernel": "lanes", "order": "random"}, "needs order 'sequential' or 'chromatic'"),
        ({"kernel": "colors", "order": "sequential"}, "needs order 'chromatic'"),
        ({"kernel": "bits"}, "small whole multiples"),
    ],
)
def test_a_kernel_that_does_not_fit_is_refused(options, message):
    real = IsingModel.from_edges([0], [1], [np.pi], h=[1.0, 0.0])
    with pytest.raises(ValueError, match=message):
        anneal(real, Schedule([1.0]), **options)


def test_directed_couplings_are_refused():
    model = DirectedModel([0.0, 0.0], [[0.0, 1.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match="'bits' takes no directed couplings"):
        anneal(model, Schedule([1.0]), kernel="bits")
    assert choose(model, Ask(num_reads=64)).engine.name == "lanes"


def test_lists_that_are_too_long_are_left_to_other_kernels(monkeypatch):
    monkeypatch.setattr(bit_model, "_MOST_OTHERS", 40)
    assert BitModel.of(KINDS["products"]) is None


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


@pytest.mark.parametrize(
    ("unit", "exact"), [(1.0, True), (0.25, True), (3.0, True), (0.1, False), (1 / 3, False)]
)
@pytest.mark.parametrize("make", [whole_model, whole_products])
@pytest.mark.parametrize("best_seen", [False, True])
def test_energies_are_those_of_the_states_to_the_last_bit(make, unit, exact, best_seen):
    options = {"degree": 4, "num_terms": 60} if make is whole_products else {"fields": 2}
    model = make(20, seed=1, largest=3, unit=unit, **options)
    bits = BitModel.of(model)
    assert bits is not None and bits.is_exact == exact
    reads = anneal(
        model, Schedule.linear(0.1 / unit, 1.0 / unit, num_betas=7), num_reads=300, seed=1,
        kernel="bits", best_seen=best_seen,
    )  # fmt: skip
    summed, rows = np.empty(300), rows_of(model)
    block_energies(np.ascontiguousarray(reads.spins.T), rows.h, rows.exact, summed)
    assert np.array_equal(reads.energies, summed + model.offset)


def test_weights_that_are_multiples_up_to_rounding_have_no_exact_energies():
    model = IsingModel.from_edges([0, 1], [1, 2], [1.0, 1.0 + 2**-52])
    bits = BitModel.of(model)
    assert bits is not None and bits.unit == 1.0 and not bits.is_exact
