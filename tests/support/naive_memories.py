"""Associative memories the slow way: energies of all states, one update at a time."""

import numpy as np

from brute_force import all_states
from naive import new_spin, word
from pbit import PolynomialModel


def energies_of(patterns, states, rule, degree=3):
    """Energies as they are defined, from overlaps."""
    n, overlaps = patterns.shape[1], states @ np.asarray(patterns, float).T
    if rule == "polynomial":
        return -n / degree * ((overlaps / n) ** degree).sum(axis=-1)
    if rule == "exponential":
        return -np.log(np.exp(overlaps).sum(axis=-1))
    return -0.5 * np.einsum("...i,ij,...j->...", states, couplings_of(patterns, rule), states)


def couplings_of(patterns, rule):
    """Couplings, sum by sum."""
    patterns = np.asarray(patterns, float)
    if rule == "storkey":
        return _storkey(patterns)
    count, n = patterns.shape
    inverse = np.eye(count)
    if rule == "pseudo-inverse":
        inverse = np.linalg.inv(patterns @ patterns.T / n)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j:
                J[i, j] = patterns[:, i] @ inverse @ patterns[:, j] / n
    return J


def _storkey(patterns):
    n = patterns.shape[1]
    J = np.zeros((n, n))
    for xi in patterns:
        before = J.copy()

        def field(i, j, before=before, xi=xi):
            return sum(before[i, k] * xi[k] for k in range(n) if k not in (i, j))

        for i in range(n):
            for j in range(n):
                if i != j:
                    correction = xi[i] * field(j, i) + field(i, j) * xi[j]
                    J[i, j] += (xi[i] * xi[j] - correction) / n
    return J


def model_of(energy, n):
    """Any energy of n spins as products of them, by its 2**n values."""
    states = all_states(n)
    values = energy(states)
    members = [[i for i in range(n) if number >> i & 1] for number in range(2**n)]
    weights = [-(values * states[:, body].prod(axis=1)).mean() for body in members]
    return PolynomialModel.from_terms(zip(members, weights, strict=True), num_spins=n)


def recall_read(energy, spins, betas, read, seed):
    """One read, by differences of energy."""
    s = np.array(spins)
    for sweep, beta in enumerate(betas):
        for i in range(len(s)):
            up, down = s.copy(), s.copy()
            up[i], down[i] = 1, -1
            field = float(energy(down) - energy(up)) / 2
            u = (word(seed, i, sweep, read, "update") + 0.5) / 2**32
            s[i] = new_spin(beta, field, s[i], u, "heat-bath")
    return s


def settled(energy, spins):
    """The fixed point in the order of the sites; a spin without a field stays."""
    s, moved = np.array(spins), True
    while moved:
        moved = False
        for i in range(len(s)):
            other = s.copy()
            other[i] = -s[i]
            if energy(other) < energy(s) - 1e-9:
                s, moved = other, True
    return s


def recall_many(energy, starts, betas, rng, *, fault=None):
    """Reads side by side, with a planted fault: "sign", "factor" (a 2 dropped), or "stale", fields
    that go on from the overlaps at the start."""
    n = starts.shape[1]
    values, bits = energy(all_states(n)), 1 << np.arange(n)
    numbers = (starts > 0) @ bits
    first = numbers.copy()
    for beta in betas:
        for bit in bits:
            seen = first if fault == "stale" else numbers
            field = (values[seen & ~bit] - values[seen | bit]) / 2
            field *= {"sign": -1.0, "factor": 0.5}.get(fault, 1.0)
            is_up = rng.random(len(numbers)) < 1 / (1 + np.exp(-2 * beta * field))
            numbers = np.where(is_up, numbers | bit, numbers & ~bit)
    return all_states(n)[numbers]
