"""Sweeps over digits in plain Python floats, from the same random words: slow references."""

import math

import numpy as np

from pbit.kernels.random.numbers import words as stream_words
from pbit.kernels.random.stream import ORDER, START, UPDATE


def word(slot, sweep, read, purpose, *, seed):
    """The word of the random stream for one use."""
    tag = purpose << 28 | (sweep >> 32 & 0xFFF) << 16
    counter = np.array([[slot // 4, sweep & 0xFFFFFFFF, read, tag]], np.uint64)
    return int(stream_words(counter.astype(np.uint32), seed=seed)[0, slot % 4])


def uniform(bits):
    return (bits + 0.5) / 2.0**32


def random_values(model, read, *, seed):
    """First states: each value as likely."""
    return [
        word(i, 0, read, START, seed=seed) * int(count) >> 32
        for i, count in enumerate(model.num_values)
    ]


def energies_of_site(model, values, site):
    """Energy of the whole state with each value of one site."""
    rows = np.tile(values, (int(model.num_values[site]), 1))
    rows[:, site] = np.arange(len(rows))
    return model.energy(rows).tolist()


def heat_bath(energies, old, bits, beta):
    """The other values share the lower end of the uniform number, the present one has the rest."""
    low = min(energies)
    weights = [1.0 if e == low else math.exp(-beta * (e - low)) for e in energies]
    reach, passed = uniform(bits) * sum(weights), 0.0
    for value, weight in enumerate(weights):
        passed += weight if value != old else 0.0
        if value != old and weight and reach < passed:
            return value
    return old


def metropolis(energies, old, bits, proposal, beta):
    """One of the others, taken by its energy."""
    others = len(energies) - 1
    if not others:
        return old
    new = proposal * others >> 32
    new += new >= old
    rise = energies[new] - energies[old]
    return new if rise <= 0 or uniform(bits) <= math.exp(-beta * rise) else old


def sweep(model, values, beta, rule, *, number, read, seed, order=None):
    """One sweep in place; words go by the place in the order."""
    for slot, i in enumerate(range(model.num_digits) if order is None else order):
        energies, old = energies_of_site(model, values, i), int(values[i])
        bits = word(slot, number, read, UPDATE, seed=seed)
        if rule == "metropolis":
            proposal = word(slot, number, read, ORDER, seed=seed)
            values[i] = metropolis(energies, old, bits, proposal, beta)
        else:
            values[i] = heat_bath(energies, old, bits, beta)


def anneal(model, betas, rule, *, read, seed):
    """Last state of a read."""
    values = np.array(random_values(model, read, seed=seed), np.int16)
    for number, beta in enumerate(betas):
        sweep(model, values, beta, rule, number=number, read=read, seed=seed)
    return values
