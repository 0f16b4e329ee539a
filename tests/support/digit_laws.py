"""Referees of digits, slow and plain: every space listed, every move a row of a matrix.

A space is a list of states (tuples of ints), a law one number a state of it in that order.
``energy`` is a function of one state, ``model.energy`` for instance.
"""

import itertools
import math

import numpy as np


def all_values(counts):
    """Every state of digits with K_i values."""
    return list(itertools.product(*map(range, counts)))


def all_permutations(n):
    """Every order of n things."""
    return list(itertools.permutations(range(n)))


def all_of_histogram(histogram):
    """Every state that has value a ``histogram[a]`` times."""
    n = sum(histogram)
    return [x for x in all_values([len(histogram)] * n) if _counted(x, histogram)]


def _counted(x, histogram):
    return all(x.count(a) == count for a, count in enumerate(histogram))


def numbers_of(space, rows):
    """Number of each row of an array in the space; KeyError for one that is not in it."""
    at = {state: k for k, state in enumerate(space)}
    return np.array([at[tuple(row)] for row in np.asarray(rows).tolist()])


def energies_of(space, energy):
    return np.array([float(energy(np.array(x))) for x in space])


def boltzmann(space, energy, beta):
    """The law exp(-beta E) / Z on a space."""
    levels = energies_of(space, energy)
    weights = np.exp(-beta * (levels - levels.min()))
    return weights / weights.sum()


def start_row(space, start=None):
    """All in one state, or all states alike."""
    if start is None:
        return np.full(len(space), 1 / len(space))
    return np.array([float(x == tuple(start)) for x in space])


# --- updates of one digit


def site_law(levels, value, beta, rule):
    """Probabilities of the next value of a digit that has ``value``, by its energies."""
    count = len(levels)
    if rule == "heat-bath":
        weights = [math.exp(-beta * (level - min(levels))) for level in levels]
        return [weight / sum(weights) for weight in weights]
    proposed = {"metropolis": count - 1, "metropolis among all": count}[rule]
    moves = [
        min(1.0, math.exp(-beta * (level - levels[value]))) / proposed if b != value else 0.0
        for b, level in enumerate(levels)
    ]
    moves[value] = 1 - sum(moves)
    return moves


def site_matrix(space, energy, site, *, count, beta, rule="heat-bath"):
    """Matrix of an update of one digit, rows from, columns to."""
    at, levels = {x: k for k, x in enumerate(space)}, energies_of(space, energy)
    matrix = np.zeros((len(space), len(space)))
    for k, x in enumerate(space):
        reached = [at[(*x[:site], a, *x[site + 1 :])] for a in range(count)]
        chances = site_law([levels[r] for r in reached], x[site], beta, rule)
        for r, chance in zip(reached, chances, strict=True):
            matrix[k, r] += chance
    return matrix


def sweep_matrix(energy, counts, beta, *, rule="heat-bath", order=None):
    """Matrix of updates of all digits, one after the other: P_1 P_2 ... P_n."""
    space = all_values(counts)
    matrix = np.eye(len(space))
    for site in range(len(counts)) if order is None else order:
        matrix = matrix @ site_matrix(space, energy, site, count=counts[site], beta=beta, rule=rule)
    return matrix


def law_after(row, matrix, times):
    """The law after so many sweeps."""
    for _ in range(times):
        row = row @ matrix
    return row


def law_of(model, betas, rule, *, start=None, order=None):
    """The law of a model of sites after one sweep at each beta."""
    law = start_row(all_values(model.num_values), start)
    for beta in betas:
        matrix = sweep_matrix(model.energy, model.num_values, beta, rule=rule, order=order)
        law = law_after(law, matrix, 1)
    return law


# --- moves of any kind


def proposal_matrix(space, proposals):
    """Q of ``proposals(x)``, pairs of a state and its chance to be proposed; the rest stays."""
    at = {x: k for k, x in enumerate(space)}
    matrix = np.zeros((len(space), len(space)))
    for k, x in enumerate(space):
        for y, chance in proposals(x):
            matrix[k, at[tuple(y)]] += chance
    matrix[np.diag_indices(len(space))] += 1 - matrix.sum(axis=1)
    return matrix


def move_matrix(space, energy, proposals, *, beta, accept="metropolis", corrected=False):
    """Matrix of proposals that are taken or not.

    ``accept`` is "metropolis", min(1, r), or "heat-bath", r / (1 + r), of r = exp(-beta dE);
    ``corrected`` multiplies r by how often the way back is proposed over the way there.
    """
    forth, levels = proposal_matrix(space, proposals), energies_of(space, energy)
    ratio = np.exp(-beta * (levels[None, :] - levels[:, None]))
    if corrected:
        ratio = np.divide(ratio * forth.T, forth, out=np.zeros_like(forth), where=forth > 0)
    taken = np.minimum(1, ratio) if accept == "metropolis" else ratio / (1 + ratio)
    matrix = forth * taken
    matrix[np.diag_indices(len(space))] = 0
    matrix[np.diag_indices(len(space))] = 1 - matrix.sum(axis=1)
    return matrix


def swaps(x):
    """Every exchange of two places, all alike."""
    pairs = list(itertools.combinations(range(len(x)), 2))
    for i, j in pairs:
        y = list(x)
        y[i], y[j] = y[j], y[i]
        yield tuple(y), 1 / len(pairs)


# --- what a matrix keeps


def stationary_error(matrix, law):
    """How far one step moves a law."""
    return float(np.abs(law @ matrix - law).max())


def balance_error(matrix, law):
    """How far the flow between two states is from that back: detailed balance."""
    flow = law[:, None] * matrix
    return float(np.abs(flow - flow.T).max())
