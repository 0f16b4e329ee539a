"""Random Bayesian networks, and their answers by summing over all states."""

from itertools import product

import numpy as np

from pbit.problems.bayes import BayesianNetwork


def random_network(n, *, seed, most_parents=3, lowest=0.05):
    """Nodes 0..n-1 in a random order of arrows, tables between ``lowest`` and 1 - ``lowest``."""
    rng = np.random.default_rng(seed)
    names = rng.permutation(n).tolist()
    tables = {}
    for k, node in enumerate(names):
        count = int(rng.integers(0, min(k, most_parents) + 1))
        parents = tuple(names[j] for j in rng.choice(k, count, replace=False)) if count else ()
        yes = rng.uniform(lowest, 1 - lowest, (2,) * count)
        tables[node] = (parents, np.stack([1 - yes, yes], axis=-1))
    return BayesianNetwork.from_tables(tables)


def probability_of(network, state):
    """P of a state of all nodes, a number for each table: nothing of the package's algebra."""
    total = 1.0
    for node in network.nodes:
        at = tuple(int(state[parent] > 0) for parent in network.parents[node])
        total *= network.tables[node][at][int(state[node] > 0)]
    return total


def summed_table(network, nodes, evidence=None):
    """P(nodes, evidence), shape (2,) * len(nodes), by summing over all states."""
    table = np.zeros((2,) * len(nodes))
    for spins in product((-1, 1), repeat=network.num_nodes):
        state = dict(zip(network.nodes, spins, strict=True))
        if all(state[node] == value for node, value in (evidence or {}).items()):
            table[tuple(int(state[node] > 0) for node in nodes)] += probability_of(network, state)
    return table


def random_evidence(network, count, *, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(network.nodes), count, replace=False)
    return {network.nodes[k]: int(rng.choice([-1, 1])) for k in chosen}
