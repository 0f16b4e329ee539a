"""Which spins see each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.models.ising import IsingModel
from pbit.models.polynomial import AnyModel


def neighbours_of(model: AnyModel) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Neighbours in CSR, those that share a term: int64 pointers (n + 1,) and int32 indices.

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> [each.tolist() for each in neighbours_of(chain)]
    [[0, 1, 3, 4], [1, 0, 2, 1]]
    """
    if isinstance(model, IsingModel):
        return model.J.indptr.astype(np.int64), model.J.indices.astype(np.int32)
    sizes = np.diff(model.pointers)
    terms = np.repeat(np.arange(sizes.size), sizes)
    shape = (sizes.size, model.num_spins)
    member = sparse.csr_array((np.ones(terms.size, np.int32), (terms, model.members)), shape=shape)
    shared = sparse.csr_array(member.T @ member)
    shared.setdiag(0)
    shared.eliminate_zeros()
    return shared.indptr.astype(np.int64), shared.indices.astype(np.int32)


def has_short_loops(indptr: npt.NDArray[np.int64], indices: npt.NDArray[np.int32]) -> bool:
    """Whether spins are in a loop of four or three on the average, as in lattices and not in sparse
    random graphs.

    Examples
    --------
    >>> square = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 0], np.ones(4))
    >>> chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], np.ones(3))
    >>> has_short_loops(*neighbours_of(square)), has_short_loops(*neighbours_of(chain))
    (True, False)
    """
    n = indptr.size - 1
    graph = sparse.csr_array((np.ones(indices.size, np.int64), indices, indptr), shape=(n, n))
    paths = sparse.csr_array(graph @ graph)
    paths.setdiag(0)
    pairs = float((paths.data * (paths.data - 1)).sum()) / 8  # of paths with the same two ends
    triangles = float(graph.multiply(paths).sum()) / 6
    return 4 * pairs + 3 * triangles >= n
