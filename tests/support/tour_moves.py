"""Referee of moves in tours: every proposal listed with plain lists, every law a matrix.

A proposal has a key, the stretch that it carries or reverses: the way back is the proposal of that
key from the new tour. Its chance is that of all draws which come to the same.
"""

import itertools
from collections import defaultdict
from fractions import Fraction

import numpy as np

PLAIN = {"reverse": Fraction(1, 2), 1: Fraction(1, 4), 2: Fraction(1, 8), 3: Fraction(1, 8)}
DIRECTED = {"reverse": Fraction(1, 8), 1: Fraction(1, 4), 2: Fraction(1, 4), 3: Fraction(1, 8),
            "any": Fraction(1, 4)}  # fmt: skip
UNIFORM = Fraction(1, 16)


def canonical(order, directed):
    """One of the orders that are the same tour."""
    order = tuple(int(city) for city in order)
    k = order.index(0)
    order = order[k:] + order[:k]
    return order if directed else min(order, (order[0], *order[:0:-1]))


def all_tours(n, directed):
    return sorted({canonical((0, *rest), directed) for rest in itertools.permutations(range(1, n))})


def partners(distances, near):
    """Chances that x asks for y as the city before it (0), and after it (1)."""
    n = len(distances)
    chances = {}
    for way, x in itertools.product((0, 1), range(n)):
        away = distances[:, x] if way == 0 else distances[x]
        others = sorted((y for y in range(n) if y != x), key=lambda y: (away[y], y))
        for y in others:
            chances[way, x, y] = UNIFORM / (n - 1) + (y in others[:near]) * (1 - UNIFORM) / near
    return chances


def counts_of(kinds, n):
    """Chances of stretches of so many cities."""
    chances = defaultdict(Fraction)
    for kind, chance in kinds.items():
        if kind == "any":
            for count in range(1, n - 1):
                chances[count] += chance / (n - 2)
        elif kind != "reverse":
            chances[kind] += chance
    return chances


def walked(order, x, forward):
    """The tour from x on, in either direction."""
    k = order.index(x)
    walk = order[k:] + order[:k]
    return walk if forward else [walk[0], *walk[:0:-1]]


def reversed_after(walk, y):
    """The stretch after the first city up to y, and the walk with it turned."""
    j = walk.index(y)
    return walk[1 : j + 1], [walk[0], *walk[j:0:-1], *walk[j + 1 :]]


def carried(walk, count, y, turned):
    """The first cities of a walk, put next to y; None where that cannot be."""
    stretch, rest = walk[:count], walk[count:]
    if count > len(walk) - 2 or y in stretch:
        return None
    k = rest.index(y) + (not turned)
    if k in (0, len(rest)):
        return None
    return stretch, rest[:k] + (stretch[::-1] if turned else stretch) + rest[k:]


def proposals(order, asked, directed):
    """{(kind, stretch, tour): chance} of all that is proposed from an order."""
    n, kinds, found = len(order), DIRECTED if directed else PLAIN, defaultdict(Fraction)

    def add(kind, change, forward, chance):
        if change:
            stretch, walk = change
            key = min(tuple(stretch), tuple(stretch[::-1]))
            found[kind, key, canonical(walk if forward else walk[::-1], directed)] += chance

    for (way, x, y), chance in asked.items():
        chance, forward = chance / (2 * n), way == 1
        change = reversed_after(walked(list(order), x, forward), y)
        add("reverse", change, forward, chance * kinds["reverse"])
        for count, part in counts_of(kinds, n).items():
            for turned in (False,) if directed else (False, True):
                change = carried(walked(list(order), x, not forward), count, y, turned)
                add("move", change, not forward, chance * part / (1 if directed else 2))
    return found


def tour_matrix(distances, near, beta, *, accept, corrected=True):
    """Matrix of one proposal over all tours; not ``corrected``: as if it were as likely as the way
    back."""
    n, directed = len(distances), bool((distances != distances.T).any())
    space, asked = all_tours(n, directed), partners(distances, near)
    at = {tour: k for k, tour in enumerate(space)}
    listed = [proposals(tour, asked, directed) for tour in space]
    levels = [sum(distances[a, b] for a, b in zip(t, t[1:] + t[:1], strict=True)) for t in space]
    matrix = np.zeros((len(space), len(space)))
    for k, tour in enumerate(space):
        for (kind, key, new), chance in listed[k].items():
            back = listed[at[new]][kind, key, tour] if corrected else chance
            ratio = float(back / chance) * np.exp(-beta * (levels[at[new]] - levels[k]))
            taken = min(1.0, ratio) if accept == "metropolis" else ratio / (1 + ratio)
            matrix[k, at[new]] += float(chance) * taken
    matrix[np.diag_indices(len(space))] += 1 - matrix.sum(axis=1)
    return space, np.array(levels), matrix
