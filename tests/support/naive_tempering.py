"""Parallel tempering, slow and obvious: one replica, one pair, one cluster after the other."""

import math

import numpy as np

from naive import bitwise_spin, bitwise_uniform, new_spin, word
from pbit import IsingModel, PolynomialModel


def bit_update(model, beta, spins, i, seed, sweep, read, rule):
    """Update of the bit-sliced kernel."""
    u = bitwise_uniform(seed, i, sweep, read)
    return bitwise_spin(beta, model.field(spins)[i], spins[i], u, rule)


def lane_update(model, beta, spins, i, seed, sweep, read, rule):
    """Update of the float kernels."""
    u = (word(seed, i, sweep, read, "update") + 0.5) / 2**32
    return new_spin(beta, model.field(spins)[i], spins[i], u, rule)


def neighbours_of(model):
    """Spins that share a term with each."""
    if isinstance(model, IsingModel):
        model = PolynomialModel.from_ising_model(model)
    found = [set() for _ in range(model.num_spins)]
    for term, _ in model.terms():
        for i in term:
            found[i] |= set(term) - {i}
    return [sorted(near) for near in found]


def pairs_of(replicas, k):
    return [(r, r + k) for r in range(replicas - k) if (r // k) % 2 == 0]


def cluster(differ, neighbours, start):
    """Connected sites with ``differ`` set, from the first one at ``start`` or after it."""
    n = len(differ)
    seeds = [(start + k) % n for k in range(n) if differ[(start + k) % n]]
    if not seeds:
        return []
    found, waiting = {seeds[0]}, [seeds[0]]
    while waiting:
        for j in neighbours[waiting.pop()]:
            if differ[j] and j not in found:
                found.add(j)
                waiting.append(j)
    return sorted(found)


def temper(model, betas, states, *, seed, read, sweeps, cluster_every, kind, width, rule):
    """Last states of all replicas, (T, R, n), and where each walker is.

    ``width``: numbers of reads that a run takes in the random stream; slots keep theirs with bits,
    lanes keep theirs with floats, where swaps exchange temperatures.
    """
    states = np.array(states)
    temperatures, replicas, n = states.shape
    lane = np.arange(temperatures * replicas).reshape(temperatures, replicas)
    walker = lane.copy()
    neighbours = neighbours_of(model)
    has_fields = not isinstance(model, IsingModel) or model.h.any()
    update = bit_update if kind == "bits" else lane_update
    for sweep in range(sweeps):
        for t in range(temperatures):
            for r in range(replicas):
                slot = t * replicas + r if kind == "bits" else int(lane[t, r])
                number = read * width + slot
                for i in range(n):
                    s = states[t, r]
                    s[i] = update(model, betas[t], s, i, seed, sweep, number, rule)
        if cluster_every and replicas > 1 and (sweep + 1) % cluster_every == 0:
            drawn = [word(seed, k, sweep, read, "cluster") for k in range(32)]
            polled = [w * n >> 32 for w in drawn[:31]]
            k = 1 + drawn[31] % max(1, replicas // 2)
            for t in range(temperatures):
                for a, b in pairs_of(replicas, k):
                    differ = states[t, a] != states[t, b]
                    if not has_fields and sum(differ[i] for i in polled) >= 16:
                        differ = ~differ
                    flips = cluster(differ, neighbours, polled[0])
                    states[t, a, flips] *= -1
                    states[t, b, flips] *= -1
        energies = np.array([[model.energy(s) for s in row] for row in states])
        for t in range(sweep & 1, temperatures - 1, 2):
            for r in range(replicas):
                odds = (betas[t + 1] - betas[t]) * (energies[t + 1, r] - energies[t, r])
                u = (word(seed, t * replicas + r, sweep, read, "exchange") + 0.5) / 2**32
                if odds >= 0 or u < math.exp(odds):
                    for array in (states, lane, walker):
                        array[[t, t + 1], r] = array[[t + 1, t], r]
    return states, walker
