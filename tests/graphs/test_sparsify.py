"""COPY chains: ground states, energies and degrees by enumeration, and what breaks them."""

import numpy as np
import pytest

from cases import of_all
from ground_states import keeps_ground_states
from pbit import IsingModel
from pbit.exact import states
from pbit.graphs import Compilation, Compiled, Votes, sparsify
from pbit.graphs.chains import margin_of, shared_out


def random_network(seed):
    """5 to 8 spins with hubs; fields, whole or real weights."""
    rng = np.random.default_rng(seed)
    while True:
        n = int(rng.integers(5, 9))
        k = int(rng.integers(3, 5))
        upper = np.triu(rng.random((n, n)) < rng.uniform(0.4, 1.0), k=1)
        weights = rng.integers(-3, 4, (n, n)) if seed % 2 else rng.normal(size=(n, n))
        J = upper * weights
        h = rng.integers(-2, 3, n) if seed % 4 < 2 else rng.normal(size=n)
        h = h * (rng.random(n) < 0.6)
        model = IsingModel(h, J + J.T, offset=float(rng.normal()))
        degrees = np.diff(model.J.indptr)
        pbits = np.where(degrees > k, -(-(degrees - 2) // (k - 2)), 1).sum()
        if degrees.max() > k and pbits <= 18:
            return model, k


@of_all(range(100))
def test_ground_states_of_random_networks(seed):
    model, k = random_network(seed)
    compiled = sparsify(model, k)
    assert np.diff(compiled.model.J.indptr).max() <= k
    assert compiled.report["exact"]
    assert keeps_ground_states(compiled)
    every = states(model.num_spins)
    assert np.array_equal(compiled.decode(compiled.encode(every)), every)
    np.testing.assert_allclose(
        compiled.model.energy(compiled.encode(every)), model.energy(every), rtol=0, atol=1e-10
    )


def frustrated_star():
    """Half of the leaves hold the hub up, half down: the chain is pulled apart in the middle."""
    leaves = np.arange(1, 7)
    h = np.concatenate([[0.0], 10.0 * np.array([1, 1, 1, -1, -1, -1])])
    return IsingModel.from_edges(np.zeros(6, dtype=int), leaves, np.full(6, 2.0), h=h)


def test_weak_chains_fail_the_same_check():
    model = frustrated_star()
    assert keeps_ground_states(sparsify(model, 3))
    weak = sparsify(model, 3, chain_strength=1.0)
    assert not weak.report["exact"] and weak.report["links_below_bound"] > 0
    assert not keeps_ground_states(weak)
    strong = sparsify(model, 3, chain_strength=6.5)
    assert strong.report["exact"] and keeps_ground_states(strong)


def test_scale_is_a_factor_on_the_exact_links():
    model = frustrated_star()
    exact, half = sparsify(model, 4), sparsify(model, 4, chain_scale=0.5)
    assert half.report["strongest_link"] == 0.5 * exact.report["strongest_link"]
    assert exact.report["exact"] and not half.report["exact"]
    assert not keeps_ground_states(half)
    assert keeps_ground_states(sparsify(model, 4, chain_scale=0.7))  # 6.3, above the bound of 6
    assert keeps_ground_states(sparsify(model, 4, chain_scale=3.0))


@of_all(range(100))
def test_ground_states_at_a_tiny_margin(seed):
    """What is proven needs no more than a margin above 0."""
    model, k = random_network(seed)
    compiled = sparsify(model, k)
    owner = np.repeat(np.arange(model.num_spins), compiled.votes.sizes)
    links = np.flatnonzero(owner[1:] == owner[:-1])
    cut = margin_of(model) - 1e-6
    weaker = IsingModel.from_edges(
        links, links + 1, np.full(links.size, -cut), num_spins=owner.size
    )
    tight = IsingModel(
        compiled.model.h, compiled.model.J + weaker.J, compiled.model.offset - cut * links.size
    )
    assert keeps_ground_states(Compiled("tight", model, tight, compiled.votes))


def test_bound_is_tight():
    """At the bound itself a broken chain ties: one ground state too many, caught by the check."""
    model = frustrated_star()
    compiled = sparsify(model, 4)
    assert compiled.model.num_spins == 8
    link = compiled.report["strongest_link"]
    assert link == 6 + 3  # 3 couplings of 2 on either side; margin: half of (6 * 2 + 6 * 10) / 12
    at_bound = sparsify(model, 4, chain_strength=6.0)
    assert at_bound.report["links_below_bound"] == 1
    assert not keeps_ground_states(at_bound)
    assert keeps_ground_states(sparsify(model, 4, chain_strength=6.0 + 1e-3))


@pytest.mark.parametrize("k", [3, 4, 5, 6, 9])
@pytest.mark.parametrize("n", [2, 7, 30])
def test_least_number_of_copies_and_shape(k, n):
    full = IsingModel(np.zeros(n), np.ones((n, n)) - np.eye(n))
    compiled = sparsify(full, k)
    d = n - 1
    assert compiled.model.num_spins == n * (1 if d <= k else -(-(d - 2) // (k - 2)))
    degrees = np.diff(compiled.model.J.indptr)
    assert degrees.max(initial=0) <= k
    assert compiled.report["max_degree"] == degrees.max()
    links = compiled.model.num_spins - n
    assert compiled.model.num_couplings == full.num_couplings + links
    assert compiled.report["links"] == links


def test_nothing_to_do():
    ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, -2.0, 0.5], h=[1.0, 0, -1], offset=2.0)
    for k in (2, 3):
        compiled = sparsify(ring, k)
        assert (compiled.model.J != ring.J).nnz == 0
        assert np.array_equal(compiled.model.h, ring.h) and compiled.model.offset == 2.0
    empty = sparsify(IsingModel([], []), 3)
    assert empty.model.num_spins == 0
    assert empty.decode(np.zeros((4, 0))).shape == (4, 0)


def test_whole_numbers_stay_whole():
    rng = np.random.default_rng(3)
    J = np.triu(rng.integers(-3, 4, (20, 20)), k=1)
    model = IsingModel(rng.integers(-5, 6, 20), J + J.T, offset=3.0)
    compiled = sparsify(model, 4)
    for values in (compiled.model.J.data, compiled.model.h):
        assert (values == np.rint(values)).all()
    spins = rng.choice([-1, 1], (50, 20))
    assert np.array_equal(compiled.model.energy(compiled.encode(spins)), model.energy(spins))


@pytest.mark.slow
def test_large_network_is_quick_and_right():
    rng = np.random.default_rng(5)
    n, m = 100_000, 800_000
    i, j = rng.integers(0, n, (2, m))
    model = IsingModel.from_edges(
        i[i != j], j[i != j], rng.normal(size=(i != j).sum()), num_spins=n
    )
    compiled = sparsify(model, 6)
    assert np.diff(compiled.model.J.indptr).max() == 6
    spins = rng.choice([-1, 1], (2, n)).astype(np.int8)
    encoded = compiled.encode(spins)
    # The offset is about 10^7: sums of 10^6 numbers, rounded.
    np.testing.assert_allclose(compiled.model.energy(encoded), model.energy(spins), atol=1e-5)
    assert np.array_equal(compiled.decode(encoded), spins)


# --- votes


def test_majority_ties_and_broken_chains():
    votes = Votes(np.array([0, 3, 5, 6, 6]), np.arange(6), np.array([1, 1, -1, -1], dtype=np.int8))
    reads = np.array([[1, -1, -1, 1, -1, 1], [1, 1, 1, -1, 1, -1], [1, 1, 1, 1, 1, 1]], np.int8)
    assert votes.decode(reads).tolist() == [[-1, 1, -1, -1], [1, -1, 1, -1], [1, 1, -1, -1]]
    assert votes.broken(reads).tolist() == [1.0, 0.5, 0.0]
    assert votes.decode(reads[0]).tolist() == [-1, 1, -1, -1]
    assert votes.decode(np.ones((2, 3, 6))).shape == (2, 3, 4)
    assert votes.spread([1, -1, -1, -1], 7).tolist() == [1, 1, 1, -1, -1, 1, 0]


def test_long_chains_do_not_overflow_their_votes():
    votes = Votes(np.array([0, 300]), np.arange(300), np.array([1], dtype=np.int8))
    spins = np.ones(300, dtype=np.int8)
    spins[:100] = -1
    assert votes.decode(spins).tolist() == [1]


@pytest.mark.parametrize("whole", [True, False])
def test_shares_add_up(whole):
    rng = np.random.default_rng(1)
    values = rng.integers(-9, 10, 50).astype(float) if whole else rng.normal(size=50)
    parts = rng.integers(1, 6, 50)
    shares = shared_out(values, parts, whole=whole)
    owner = np.repeat(np.arange(50), parts)
    np.testing.assert_allclose(np.bincount(owner, weights=shares), values, rtol=1e-15)
    assert (shares * values[owner] >= 0).all()
    if whole:
        assert (shares == np.rint(shares)).all()


# --- refusals


def test_refusals():
    star = frustrated_star()
    with pytest.raises(TypeError, match="max_degree must be an integer"):
        sparsify(star, 3.0)
    with pytest.raises(ValueError, match="max_degree must be >= 3, got 2"):
        sparsify(star, 2)
    with pytest.raises(ValueError, match="max_degree must be >= 1, got 0"):
        sparsify(star, 0)
    for strength in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="chain_strength must be > 0"):
            sparsify(star, 3, chain_strength=strength)
        with pytest.raises(ValueError, match="chain_scale must be > 0"):
            sparsify(star, 3, chain_scale=strength)
    with pytest.raises(ValueError, match=r"must not both be given, got 2\.0 and 0\.5"):
        sparsify(star, 3, chain_strength=2.0, chain_scale=0.5)
    compiled = sparsify(star, 3)
    with pytest.raises(ValueError, match="last axis"):
        compiled.decode([1, 1])
    with pytest.raises(ValueError, match="last axis"):
        compiled.encode([1, 1])
    with pytest.raises(ValueError, match="-1 or \\+1"):
        compiled.broken(np.zeros(compiled.model.num_spins))
    with pytest.raises(ValueError, match="steps must each start from the model"):
        Compilation(frustrated_star(), (compiled,))


def test_steps_compose():
    model, k = random_network(4)
    first = sparsify(model, k + 1)
    both = Compilation(model).then(first).then(sparsify(first.model, k))
    every = states(model.num_spins)
    assert np.array_equal(both.decode(both.encode(every)), every)
    np.testing.assert_allclose(both.model.energy(both.encode(every)), model.energy(every))
    assert len(both.votes) == 2
    assert Compilation(model).model is model
