"""Moves of permutations and of counted digits in plain Python, from the same random words: slow
references."""

import math

import numpy as np

from naive_digits import uniform, word
from pbit.kernels.random.stream import START, UPDATE
from tour_moves import carried, partners, reversed_after, walked

KINDS = {False: ["reverse"] * 4 + [1, 2, 3, 1], True: ["reverse", 1, 2, 3, 1, 2, "any", "any"]}


def first_order(n, read, *, seed):
    return np.argsort([word(i, 0, read, START, seed=seed) for i in range(n)], kind="stable")


def first_counted(model, read, *, seed):
    """Values in their order, dealt out."""
    values = np.repeat(np.arange(model.counts.size), model.counts)
    return values[first_order(model.num_digits, read, seed=seed)]


def words_of(proposal, sweep, read, *, seed):
    return [word(4 * proposal + k, sweep, read, UPDATE, seed=seed) for k in range(4)]


def taken(rise, ratio, beta, rule, bits):
    weight = ratio * math.exp(-min(700.0, beta * rise if rise else 0.0))
    return uniform(bits) < (weight if rule == "metropolis" else weight / (1 + weight))


def two_of(n, first, second):
    i, j = first * n >> 32, second * (n - 1) >> 32
    return i, j + (j >= i)


def swapped(model, values, betas, rule, *, read, seed):
    """Last state of a read that exchanges values of two digits."""
    n = len(values)
    for sweep, beta in enumerate(betas):
        for proposal in range(n if n > 1 else 0):
            first, second, _, bits = words_of(proposal, sweep, read, seed=seed)
            i, j = two_of(n, first, second)
            new = values.copy()
            new[[i, j]] = values[[j, i]]
            if taken(float(model.energy(new) - model.energy(values)), 1.0, beta, rule, bits):
                values = new
    return values


def toured(model, order, betas, rule, near, *, read, seed):
    """Last tour of a read, begun anywhere and in any direction if distances have none."""
    n, asked = len(order), partners(model.distances, near)
    order = [int(city) for city in order]
    for sweep, beta in enumerate(betas):
        for proposal in range(n if n > 2 else 0):
            words = words_of(proposal, sweep, read, seed=seed)
            new, ratio = _proposed(model, order, asked, words, near)
            if new and taken(
                float(model.energy(new) - model.energy(order)), ratio, beta, rule, words[3]
            ):
                order = new
    return order


def _proposed(model, order, asked, words, near):
    """The order after the move, and how often the way back is proposed over the way there."""
    n, directed = len(order), not model.is_symmetric
    x, way = words[0] * n >> 32, words[1] >> 3 & 1
    y = _partner(model.distances, x, way, words, near)
    kind, turned = KINDS[directed][words[1] & 7], not directed and bool(words[1] >> 4 & 1)
    forward = way == 1 if kind == "reverse" else way == 0
    walk = walked(order, x, forward)
    if kind == "reverse":
        last = (walk.index(y) + 1) % n
        b, d = walk[1], walk[last]
        if y == b or (d == x and not directed):
            return None, 1.0
        new = reversed_after(walk, y)[1]
        if not directed and 2 * walk.index(y) > n:  # the other stretch is turned, the shorter one
            new = new[::-1]
        there, back = ((x, y), (d, b)), ((x, b), (d, y))
    else:
        count = 1 + ((words[1] >> 16) * (n - 2) >> 16) if kind == "any" else kind
        change = carried(walk, count, y, turned)
        if change is None:
            return None, 1.0
        new = change[1]
        other = walk[(walk.index(y) + (-1 if turned else 1)) % n]
        there, back = (
            ((x, y), (walk[count - 1], other)),
            ((x, walk[-1]), (walk[count - 1], walk[count])),
        )
    chances = [float(asked[way, *one] + asked[1 - way, *two]) for one, two in (there, back)]
    return (new if forward else new[::-1]), chances[1] / chances[0]


def _partner(distances, x, way, words, near):
    n = len(distances)
    if (words[1] >> 5) % 16 == 0:
        y = words[2] * (n - 1) >> 32
        return y + (y >= x)
    away = distances[:, x] if way == 0 else distances[x]
    others = sorted((y for y in range(n) if y != x), key=lambda y: (away[y], y))
    return others[words[2] * near >> 32]
