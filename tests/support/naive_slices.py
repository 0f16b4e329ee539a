"""Slices of imaginary time in plain Python: the heat bath one spin at a time, and exact laws."""

import itertools
import math

import numpy as np

from naive import bitwise_uniform, start_spins


def bond(beta, gamma, replicas):
    """K of the two-fold neighbours in imaginary time."""
    return -0.5 * math.log(math.tanh(beta * gamma / replicas))


def lanes_of(replicas):
    """L: lanes of a read, of R slices."""
    fitting = [k for k in range(1, max(1, min(replicas // 2, 128)) + 1) if replicas % k == 0]
    return max(fitting, key=lambda k: (min(128 // k * k, 96), k))


def sweep_slices(h, J, state, step, sweep, read, seed):
    """One sweep, in place, of the slices (R, n) of a read; step = (beta, gamma)."""
    replicas, n = state.shape
    beta, gamma = step
    lanes = lanes_of(replicas)
    rows, reads = replicas // lanes, 128 // lanes
    K = bond(beta, gamma, replicas) if replicas > 1 else 0.0
    for i, p in itertools.product(range(n), range(rows)):
        for lane in range(lanes):
            k = p + rows * lane
            times = state[k - 1, i] + state[(k + 1) % replicas, i]
            field = J[i] @ state[k] + h[i]
            sign = 1 if field >= 0 else -1
            work = 2 * (beta / replicas * abs(field) + K * sign * times)
            if work < 0:
                sign, work = -sign, -work
            limit = math.floor(2**32 / (1 + math.exp(min(work, 700.0))) + 0.5)
            place = 128 * (read // reads) + read % reads * lanes + lane
            u = bitwise_uniform(seed, i * rows + p, sweep, place)
            state[k, i] = -sign if u < limit else sign


def start_slices(n, replicas, read, seed):
    """Fair coins (R, n)."""
    return start_spins(n * replicas, read, seed).reshape(n, replicas).T.copy()


def bonds_of(replicas, *, is_open=False, doubled=True):
    """Pairs of slices that are bound: periodic, so that R = 2 has its bond twice and R = 1 none."""
    if replicas == 1:
        return []
    pairs = [(k, (k + 1) % replicas) for k in range(replicas)]
    if is_open or (replicas == 2 and not doubled):
        pairs.pop()
    return pairs


def exact_slices(h, J, step, replicas, *, K=None, **bonds):
    """Boltzmann law of all 2^(R n) states, numbered as :func:`pbit.exact.state_number` does."""
    beta, gamma = step
    n = len(h)
    spins = _states(replicas * n).reshape(-1, replicas, n)
    diagonal = 0.5 * np.einsum("ski,ij,skj->s", spins, J, spins) + (spins @ h).sum(axis=1)
    K = bond(beta, gamma, replicas) if K is None else K
    times = sum((spins[:, a] * spins[:, b]).sum(axis=1) for a, b in bonds_of(replicas, **bonds))
    work = beta / replicas * diagonal + K * times
    weights = np.exp(work - work.max())
    return weights / weights.sum()


def exact_after(h, J, steps, replicas):
    """Law after one sweep at each step, from fair coins."""
    n, lanes = len(h), lanes_of(replicas)
    spins = _states(replicas * n).reshape(-1, replicas, n)
    law = np.full(len(spins), 1 / len(spins))
    numbers = np.arange(len(spins))
    for (beta, gamma), i, p, lane in itertools.product(
        steps, range(n), range(replicas // lanes), range(lanes)
    ):
        k = p + replicas // lanes * lane
        K = bond(beta, gamma, replicas) if replicas > 1 else 0.0
        field = beta / replicas * (spins[:, k] @ J[i] + h[i])
        field = field + K * (spins[:, k - 1, i] + spins[:, (k + 1) % replicas, i])
        up = 1 / (1 + np.exp(-2 * field))
        pair = law + law[numbers ^ (1 << (k * n + i))]
        law = pair * np.where(spins[:, k, i] > 0, up, 1 - up)
    return law


def _states(n):
    return 2.0 * (np.arange(2**n)[:, None] >> np.arange(n) & 1) - 1
