"""Exchanges of clusters between two replicas of digits in plain Python: a slow reference."""

import numpy as np

import naive_digits
from pbit.kernels.random.stream import CLUSTER


def pair_energy(model, entry, i, j, a, b):
    """What edge ``entry``, from i to j, costs with values a and b."""
    if model.weights is not None:
        return float(model.weights[entry]) * (a == b)
    return float(model.tables[model.table_of[entry] + a * model.num_values[j] + b])


def is_active(model, entry, ends, x, y):
    """Whether exchanging one end changes the sum."""
    (i, j), cost = ends, lambda a, b: pair_energy(model, entry, *ends, int(a), int(b))
    return cost(x[i], x[j]) + cost(y[i], y[j]) != cost(y[i], x[j]) + cost(x[i], y[j])


def cluster(model, x, y, start, active=is_active):
    """Digits reached from the start."""
    found, waiting = {start}, [start]
    while waiting:
        i = waiting.pop()
        for entry in range(model.pointers[i], model.pointers[i + 1]):
            j = int(model.neighbours[entry])
            if j not in found and active(model, entry, (i, j), x, y):
                found.add(j)
                waiting.append(j)
    return sorted(found)


def exchange(model, x, y, pick, active=is_active):
    """Both states with a cluster exchanged, that of the pick-th digit that differs."""
    x, y = np.array(x), np.array(y)
    sites = cluster(model, x, y, int(np.flatnonzero(x != y)[pick]), active)
    x[sites], y[sites] = y[sites], x[sites]
    return x, y


def run(model, states, beta, *, rule, sweeps, every, seed):
    """Run 0 of replicas (R, n) at one beta: sweeps, and clusters after every so many."""
    states = np.array(states, np.int16)
    many = len(states)
    for number in range(sweeps):
        for r, values in enumerate(states):
            naive_digits.sweep(model, values, beta, rule, number=number, read=r, seed=seed)
        if (number + 1) % every:
            continue
        apart = 1 + naive_digits.word(0, number, 0, CLUSTER, seed=seed) % max(1, many // 2)
        for r in (r for r in range(many - apart) if r // apart % 2 == 0):
            x, y = states[r], states[r + apart]
            bits = naive_digits.word(4 * (1 + r), number, 0, CLUSTER, seed=seed)
            count = int((x != y).sum())
            if count:
                states[r], states[r + apart] = exchange(model, x, y, bits * count >> 32)
    return states
