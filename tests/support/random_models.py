"""Random models, and the test of a mean of rows that follow a law."""

import numpy as np

from pbit import IsingModel, PolynomialModel


def random_model(n, *, seed, integers=False, density=0.7):
    """Random model with fields; dense enough to be frustrated."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((n, n)) < density, k=1)
    J = upper * (rng.choice([-1.0, 1.0], (n, n)) if integers else rng.normal(size=(n, n)))
    h = rng.choice([-1.0, 0.0, 1.0], n) if integers else rng.normal(size=n) / 2
    return IsingModel(h, J + J.T, offset=float(rng.normal()))


def sparse_network(seed, *, most=10, density=0.5):
    """Trees, leaves, isolated spins, some denser; half of them with whole weights, where ties are
    common."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, most + 1))
    upper = np.triu(rng.random((n, n)) < rng.uniform(0.05, density), k=1)
    whole = seed % 2 == 0
    J = upper * (rng.integers(-2, 3, (n, n)) if whole else rng.normal(size=(n, n)))
    h = (rng.integers(-2, 3, n) if whole else rng.normal(size=n)) * (rng.random(n) < 0.5)
    return IsingModel(h, J + J.T, offset=float(rng.integers(-3, 4)))


def random_polynomial(n, *, seed, degree=4, num_terms=None, integers=False):
    """Random model with terms of 1 to ``degree`` bodies; every size is there, n of each."""
    rng = np.random.default_rng(seed)
    per_size = n if num_terms is None else num_terms
    terms = []
    for k in range(1, min(degree, n) + 1):
        for _ in range(per_size):
            body = rng.choice(n, size=k, replace=False).tolist()
            terms.append((body, rng.choice([-1.0, 1.0]) if integers else rng.normal()))
    return PolynomialModel.from_terms(terms, num_spins=n, offset=float(rng.normal()))


def random_lattice(side, *, seed, fields=False):
    """Square lattice of couplings +1 and -1 on a torus, with normal fields if asked for."""
    rng = np.random.default_rng(seed)
    site = np.arange(side * side).reshape(side, side)
    rows = np.concatenate([site.ravel(), site.ravel()])
    cols = np.concatenate([np.roll(site, 1, 0).ravel(), np.roll(site, 1, 1).ravel()])
    h = rng.normal(size=side * side) if fields else None
    return IsingModel.from_edges(rows, cols, rng.choice([-1.0, 1.0], rows.size), h=h)


def hotelling_p_value(rows, mean):
    """p-value of the mean of independent rows that sum to one, by Hotelling's T^2.

    Columns expected below 0.002 are merged with the largest: what is rare is far from normal.
    """
    from scipy import stats

    mean = np.asarray(mean)
    if rows[:, mean < 1e-10].any():
        return 0.0
    kept = (mean >= 0.002) & (np.arange(mean.size) != mean.argmax())
    rows, mean = rows[:, kept], mean[kept]
    count, p = rows.shape
    off = rows.mean(axis=0) - mean
    t2 = count * off @ np.linalg.solve(np.atleast_2d(np.cov(rows.T)), off)
    return float(stats.f.sf(t2 * (count - p) / (p * (count - 1)), p, count - p))
