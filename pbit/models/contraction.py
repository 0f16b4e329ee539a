"""A smaller model whose spins are clusters of another one's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray


class Contraction(NamedTuple):
    """``model``: of the clusters; ``clusters`` int (n,): the one of each spin; ``state`` int8 (n,):
    what all clusters up stand for."""

    model: IsingModel
    clusters: npt.NDArray[np.int32]
    state: SpinArray

    def expanded(self, spins: SpinArray) -> SpinArray:
        """Spins of the whole model, int8 (..., n), of the clusters' spins (..., c)."""
        return np.asarray(spins[..., self.clusters] * self.state, dtype=np.int8)


def contracted(model: IsingModel, states: SpinArray) -> Contraction:
    r"""The model of the clusters in which some states agree up to a common flip.

    Neighbours i and j belong to one cluster where :math:`s_i s_j` is the same in all states
    (Houdayer and Martin, Phys. Rev. Lett. 83, 1030 (1999)). With c the clusters' spins and s the
    first state, :math:`J_{AB} = \sum_{i \in A, j \in B} J_{ij} s_i s_j` and
    :math:`h_A = \sum_{i \in A} h_i s_i`; energies differ by what clusters have inside, which is in
    the offset: those of both models are equal.

    Parameters
    ----------
    model : IsingModel
    states : int8, shape (k, n)

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, -1.0, 1.0])
    >>> small = contracted(chain, np.array([[1, 1, 1, 1], [1, 1, -1, -1]], np.int8))
    >>> small.clusters.tolist(), small.model.energy([[1, -1]]).tolist()
    ([0, 0, 1, 1], [-3.0])
    """
    first, n = states[0], model.num_spins
    coo = model.J.tocoo()
    upper = coo.row < coo.col
    rows, cols, weights = coo.row[upper], coo.col[upper], coo.data[upper]
    alike = np.packbits(states == first, axis=0).T.copy()
    inside = (alike[rows] == alike[cols]).all(axis=1)
    graph = sparse.coo_array(
        (np.ones(np.count_nonzero(inside), np.int8), (rows[inside], cols[inside])), shape=(n, n)
    )
    count, clusters = connected_components(graph, directed=False)
    signed = weights * first[rows] * first[cols]
    ends = clusters[rows], clusters[cols]
    between = ends[0] != ends[1]
    small = IsingModel.from_edges(
        ends[0][between],
        ends[1][between],
        signed[between],
        h=np.bincount(clusters, weights=model.h * first, minlength=count),
        num_spins=count,
        offset=model.offset - float(signed[~between].sum()),
    )
    return Contraction(small, clusters, first)
