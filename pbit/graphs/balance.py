"""Whether couplings are frustrated: a cycle with an odd number of negative ones."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from pbit.models.ising import IsingModel


def is_balanced(model: IsingModel) -> bool:
    """Whether some state satisfies all couplings at once; biases do not count.

    In the graph in which every spin is there twice, up and down, and couplings tie what they
    favour, that is so where no spin's two copies are in one component.

    References
    ----------
    Harary, Michigan Math. J. 2, 143 (1953), theorem 3.

    Examples
    --------
    >>> edges = ([0, 1, 2], [1, 2, 0])
    >>> [is_balanced(IsingModel.from_edges(*edges, [1.0, sign, -1.0])) for sign in (1.0, -1.0)]
    [False, True]
    """
    n, J = model.num_spins, sparse.coo_array(model.J)
    favours_opposite = (J.data < 0) * n
    rows, cols = np.tile(J.row, 2), np.tile(J.col, 2)
    rows[J.nnz :] += n
    cols[: J.nnz] += favours_opposite
    cols[J.nnz :] += n - favours_opposite
    ties = (np.ones(rows.size), (rows, cols))
    doubled = sparse.csr_array(ties, shape=(2 * n, 2 * n))
    _, component = sparse.csgraph.connected_components(doubled, directed=False)
    return not np.any(component[:n] == component[n:])
