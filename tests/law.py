"""Chi-square test of independent reads against an exact law, with cells pooled to expectation 5."""

import numpy as np
from scipy import stats

from pbit import exact


def p_value(numbers, law, *, least=5.0):
    """p-value of state numbers of independent reads under ``law`` (probabilities by state)."""
    expected = law * len(numbers)
    counts = np.bincount(numbers, minlength=law.size)
    impossible = law < 1e-300
    if counts[impossible].any():
        return 0.0
    order = np.argsort(expected, kind="stable")
    cells, group = np.zeros(law.size, dtype=int), 0
    total = 0.0
    for state in order:
        cells[state] = group
        total += expected[state]
        if total >= least:
            group, total = group + 1, 0.0
    if total > 0 and group > 0:
        cells[cells == group] = group - 1
    observed = np.bincount(cells, weights=counts)
    wanted = np.bincount(cells, weights=expected)
    if observed.size < 2:
        raise ValueError("one cell left: more reads are needed")
    return float(stats.chi2.sf(((observed - wanted) ** 2 / wanted).sum(), observed.size - 1))


def reads_p_value(spins, law):
    """p-value of spins (reads, n) under ``law``."""
    return p_value(exact.state_number(spins), law)
