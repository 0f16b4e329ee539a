"""Mean fields of machines on graphs, p-bit after p-bit, many rows side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from pbit.kernels.layers.mean_fields import (
    Columns,
    Network,
    add_free_energies,
    add_products,
    look,
    settle,
)
from pbit.kernels.sweeps.lanes import LANES
from pbit.problems.boltzmann.gradient import Arrays
from pbit.problems.boltzmann.seating import Seating

BLOCK = 4 * LANES  # rows whose means stay near the processor


class Settled(NamedTuple):
    """Mean fields of up to BLOCK rows.

    means, fields: float32 (n, columns), in the order of :class:`GraphFields`; columns after the
    rows are there to fill vectors. free_energies: float64 (rows,), never below the true ones but
    for rounding.
    """

    means: npt.NDArray[np.float32]
    fields: npt.NDArray[np.float32]
    free_energies: npt.NDArray[np.float64]


class GraphFields:
    """The mean field of the hidden p-bits of a machine on a graph.

    P-bits are put into an order in which neighbours are near each other, and take the mean that
    their field asks for one after the other, so that the variational free energy never rises.

    Source: Peterson, Anderson, Complex Systems 1, 995 (1987), eq. 23; ordered by Cuthill, McKee,
    Proc. 24th Nat. Conf. ACM, 157 (1969).
    """

    def __init__(self, layout: Seating) -> None:
        n, (first, second) = layout.num_spins, layout.edges
        number = np.arange(first.size)
        ends = np.concatenate([first, second]), np.concatenate([second, first])
        # Edge 0 would be no entry at all if it were called 0.
        rows = csr_array((np.concatenate([number, number]) + 1, ends), shape=(n, n))
        order = reverse_cuthill_mckee(rows, symmetric_mode=True).astype(np.int64)
        place = np.empty(n, np.int64)
        place[order] = np.arange(n)
        rows = rows[order][:, order].tocsr()
        self.order, self.edges = order, np.ascontiguousarray(place[layout.edges])
        self._pointers = rows.indptr.astype(np.int64)
        self._neighbours, self._edge_of = rows.indices.astype(np.int32), rows.data - 1
        self.visible, self.hidden = place[layout.visible], place[layout.hidden]
        self._in_turn = np.sort(self.hidden)

    def network(self, h: npt.NDArray[np.float32], couplings: npt.NDArray[np.float32]) -> Network:
        """The network with these biases and weights."""
        weights = couplings[self._edge_of]
        return Network(self._pointers, self._neighbours, weights, h[self.order])

    def settled(
        self, network: Network, visible: npt.NDArray[np.int8] | npt.NDArray[np.float32], sweeps: int
    ) -> Settled:
        """Mean fields of the hidden p-bits after sweeps from 0, visible ones held; rows of these,
        up to BLOCK."""
        rows = len(visible)
        shape = (self.order.size, -(-rows // LANES) * LANES)
        columns = Columns(np.zeros(shape, np.float32), np.empty(shape, np.float32))
        columns.means[self.visible, :rows] = visible.T
        settle(network, columns, self._in_turn, sweeps)
        look(network, columns, self.visible)
        energies = np.zeros(shape[1])
        add_free_energies(
            network, columns, self._in_turn, (energies, np.ones(shape[1], np.float32))
        )
        return Settled(*columns, energies[:rows])

    def add_correlations(
        self,
        into: Arrays,
        means: npt.NDArray[np.float32],
        weights: npt.NDArray[np.float32],
    ) -> None:
        """Add means and their products along edges, weighted by row, to biases and couplings."""
        weighted = np.zeros_like(means)
        np.multiply(means[:, : weights.size], weights, out=weighted[:, : weights.size])
        into[0][self.order] += weighted.sum(axis=1)
        add_products(weighted, means, self.edges, into[1])
