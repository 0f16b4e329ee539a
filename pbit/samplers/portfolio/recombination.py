"""Better states out of several: what one has lower in a place is taken over, place by place."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from pbit.engines.compiled_model import rows_of
from pbit.graphs.neighbours import neighbours_of
from pbit.models.contraction import contracted
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.reads import Reads
from pbit.samplers.anneal import anneal
from pbit.samplers.portfolio.anneals import seconds_of

_SWEEPS, _READS = 100, 16  # of the clusters
_MOST_DEGREE, _STRONGEST, _MOST_ENTRIES = 16, 8, 2**24


class Recombination:
    """A model compiled for recombining its states.

    Islands are connected sets of spins in which two states differ; in the denser models the
    connections are each spin's eight strongest ones. Clusters are those of
    :func:`pbit.models.contraction.contracted`; models of terms of many spins have islands alone,
    and those of more than 2**24 entries neither.

    Parameters
    ----------
    model : IsingModel or PolynomialModel

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, 1.0, 1.0])
    >>> both = np.array([[1, 1, 1, -1], [-1, 1, 1, 1]], np.int8)
    >>> Recombination(chain).of_islands(both[0], both[1:]).tolist()
    [1, 1, 1, 1]
    """

    def __init__(self, model: AnyModel) -> None:
        rows = rows_of(model)
        self.is_idle = rows.by_site[1].size > _MOST_ENTRIES
        self.model, n = model, model.num_spins
        self.h, self.couplings = rows.compiled(np.float64, "sparse", None)
        self.graph = (np.zeros(n + 1, np.int64), np.zeros(0, np.int32))
        if not self.is_idle:
            self.graph = neighbours_of(model)
        if self.graph[1].size > _MOST_DEGREE * n and isinstance(model, IsingModel):
            self.graph = _strongest(model)
        # A state and its opposite are equally low.
        self.even = isinstance(model, IsingModel) and not model.h.any()
        self.compile_s = 0.0  # of the last clusters
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

    def of_clusters(self, states: SpinArray, seed: int) -> SpinArray | None:
        """A state of the clusters of some states, int8 (k, n), that is lower than the first."""
        self.compile_s = 0.0
        if self.is_idle or not isinstance(self.model, IsingModel):
            return None
        small = contracted(self.model, states)
        if small.model.num_spins < 2:
            return None
        found = _annealed(small.model, seed)
        self.compile_s = seconds_of(found.info)[1]
        up = small.model.energy(np.ones((1, small.model.num_spins), np.int8))[0]
        lowest = int(np.argmin(found.energies))
        if found.energies[lowest] >= up:
            return None
        return small.expanded(found.spins[lowest])

    def warm_up(self) -> None:
        """Compile, or load, what is used."""
        up = np.ones((1, self.model.num_spins), np.int8)
        self.of_islands(up[0], up)
        _annealed(IsingModel.from_edges([0, 1], [1, 2], [1.0, 0.5]), 0)

    def _nearer(self, state: SpinArray, others: SpinArray) -> SpinArray:
        """Of each of the others and its opposite, where both are as low, the one nearer by."""
        if not self.even:
            return others
        far = np.count_nonzero(others != state, axis=1) * 2 > state.size
        return np.where(far[:, None], -others, others)


def _annealed(model: IsingModel, seed: int) -> Reads:
    return anneal(
        model, num_sweeps=_SWEEPS, num_reads=_READS, seed=seed, rule="metropolis", kernel="lanes",
        order="sequential", best_seen=True, num_threads=1,
    )  # fmt: skip


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
