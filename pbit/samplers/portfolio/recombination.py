"""Better states out of several: what one has lower in a place is taken over, place by place."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from pbit.engines.compiled_model import Extremes, rows_of
from pbit.graphs.neighbours import neighbours_of
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.samplers.portfolio.breeding import Children

_LITTER = 8  # children of the same parents
_SAME = 1e-12  # of all energies
_MOST_DEGREE, _STRONGEST, _MOST_ENTRIES = 16, 8, 2**24


class Recombination:
    """A model compiled for recombining its states.

    Islands are connected sets of spins in which two states differ; in the denser models the
    connections are each spin's eight strongest ones. Clusters are those of
    :class:`pbit.samplers.portfolio.breeding.Children`; models of terms of many spins have islands
    alone, and those of more than 2**24 entries neither.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    cold : float
        Beta at which clusters end.
    seed, num_threads : int

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, 1.0, 1.0])
    >>> both = np.array([[1, 1, 1, -1], [-1, 1, 1, 1]], np.int8)
    >>> Recombination(chain, cold=3.0, seed=0, num_threads=1).of_islands(both[0], both[1:]).tolist()
    [1, 1, 1, 1]
    """

    def __init__(self, model: AnyModel, *, cold: float, seed: int, num_threads: int) -> None:
        rows = rows_of(model)
        self.is_idle = rows.by_site[1].size > _MOST_ENTRIES
        self.model, n = model, model.num_spins
        self.h, self.couplings = rows.compiled(np.float64, "sparse", None)
        self.graph = (np.zeros(n + 1, np.int64), np.zeros(0, np.int32))
        if not self.is_idle:
            self.graph = neighbours_of(model)
        if self.graph[1].size > _MOST_DEGREE * n and isinstance(model, IsingModel):
            self.graph = _strongest(model)
        self.children: Children | None = None
        if isinstance(model, IsingModel) and not self.is_idle:
            self.children = Children(model, cold=cold, seed=seed, num_threads=num_threads)
        # A state and its opposite are equally low.
        self.even = self.children is not None and self.children.is_even
        self._size = float(Extremes.of(rows).total)
        self._scratch = np.empty(n, np.uint8), np.empty(n, np.int32)

    def of_islands(self, state: SpinArray, others: SpinArray) -> SpinArray:
        """The state with the islands of each of the others, int8 (k, n), that do not raise its
        energy, one after the other."""
        from pbit.kernels.graphs.islands import take_islands

        found = state.copy()
        if self.is_idle:
            return found
        rows = np.ascontiguousarray(self._nearer(found, others))
        gains = np.empty(len(rows))
        take_islands(found, rows, self.h, self.couplings, self.graph, *self._scratch, gains)
        return found

    def of_clusters(self, states: SpinArray) -> SpinArray | None:
        """A state made of the clusters of some states that is lower than the first."""
        if self.children is None or len(states) < 2:
            return None
        parents = np.broadcast_to(np.arange(len(states), dtype=np.int32), (_LITTER, len(states)))
        found = self.children.of(states, np.zeros(len(states)), parents)
        lowest = int(np.argmin(found.energies))
        if found.energies[lowest] >= -_SAME * self._size:
            return None
        lower: SpinArray = found.spins[lowest].copy()
        return lower

    def warm_up(self) -> None:
        """Compile, or load, what is used."""
        up = np.ones((2, self.model.num_spins), np.int8)
        self.of_islands(up[0], up)
        self.of_clusters(up)

    def _nearer(self, state: SpinArray, others: SpinArray) -> SpinArray:
        """Of each of the others and its opposite, where both are as low, the one nearer by."""
        if not self.even:
            return others
        far = np.count_nonzero(others != state, axis=1) * 2 > state.size
        return np.where(far[:, None], -others, others)


def _strongest(model: IsingModel) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Each spin's strongest couplings, and those of which it is one at the other end."""
    from scipy import sparse

    J, kept = model.J, []
    for first, last in itertools.pairwise(J.indptr.tolist()):
        weak = max(0, last - first - _STRONGEST)
        kept.append(first + np.argpartition(np.abs(J.data[first:last]), weak)[weak:])
    entries = np.concatenate(kept)
    rows = np.repeat(np.arange(model.num_spins), [each.size for each in kept])
    ones = np.ones(entries.size, np.int8)
    half = sparse.csr_array((ones, (rows, J.indices[entries])), shape=J.shape)
    both = sparse.csr_array(half + half.T)
    return both.indptr.astype(np.int64), both.indices.astype(np.int32)
