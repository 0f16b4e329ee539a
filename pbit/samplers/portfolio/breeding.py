"""A pool of states whose children are made of the clusters in which several of them agree."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.engines.together import run_together
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.samplers.portfolio.elite import key_of

_SWEEPS = 60  # of the clusters of a child
_HOT = 0.1  # of the cold end, where they begin
_BATCH = 16  # children of one and the same pool
_FEW = 6  # clusters, on average, below which the states of a pool are too much alike
_SAME = 1e-9  # of an energy
_PARENTS = 3  # of a child


class Brood(NamedTuple):
    """Children: int8 (c, n), their energies without offset, of how many clusters each was made,
    and the row of the pool that the parent most like it has."""

    spins: SpinArray
    energies: FloatArray
    sizes: npt.NDArray[np.int32]
    nearest: npt.NDArray[np.int32]


class Children:
    """Makes children of states of one model.

    Neighbours i and j belong to one cluster where :math:`s_i s_j` is the same in all parents; the
    model of the clusters is annealed from a random state (Houdayer and Martin, Phys. Rev. Lett. 83,
    1030 (1999)).

    Parameters
    ----------
    model : IsingModel
    cold : float
        Beta at the end.
    seed : int
    num_threads : int
    """

    def __init__(self, model: IsingModel, *, cold: float, seed: int, num_threads: int) -> None:
        J = model.J
        self.model = (
            J.indptr.astype(np.int64), J.indices.astype(np.int32, copy=False),
            np.asarray(J.data, np.float64), np.asarray(model.h, np.float64),
        )  # fmt: skip
        self.betas = np.linspace(_HOT * cold, cold, _SWEEPS)
        self.key = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
        self.is_even = not model.h.any()
        self.num_made = 0
        self._threads = num_threads
        self._scratch = [_scratch_of(model) for _ in range(num_threads)]

    def of(self, pool: SpinArray, energies: FloatArray, parents: npt.NDArray[np.int32]) -> Brood:
        """Children of rows ``parents``, int32 (c, k), of a pool int8 (p, n) of these energies
        without offset."""
        from pbit.kernels.graphs.children import make_children

        count = len(parents)
        brood = Brood(
            np.empty((count, pool.shape[1]), np.int8), np.empty(count),
            np.empty(count, np.int32), np.empty(count, np.int32),
        )  # fmt: skip

        def make(thread: int, threads: int) -> None:
            part = slice(count * thread // threads, count * (thread + 1) // threads)
            make_children(
                pool, energies, parents[part], self.model, self.betas, self.num_made + part.start,
                self.key, *(each[part] for each in brood), self._scratch[thread],
            )  # fmt: skip

        run_together(make, self._threads)
        self.num_made += count
        return brood


def _scratch_of(model: IsingModel) -> tuple[Any, ...]:
    n, entries = model.num_spins, model.J.nnz
    return (
        np.empty((6, n + 1), np.int32), np.empty(entries, np.int32), np.empty((3, n + 1)),
        np.empty(entries), np.empty(n, np.int8), np.empty(5, np.uint32),
    )  # fmt: skip


class Breeding:
    """A pool in which children that are as low take the place of the parent most like them.

    Parameters
    ----------
    children : Children
    spins : int8, shape (p, n)
        The first pool, which may be empty; taken over.
    energies : float64, shape (p,)
        Without offset.
    num_parents : int
        Of a child.
    seed : int
        Who are parents.

    Attributes
    ----------
    is_settled : bool
        Whether states are so much alike, or lower ones so rare, that little is to be hoped for.
    """

    def __init__(
        self, children: Children, spins: SpinArray, energies: FloatArray, *, seed: int,
        num_parents: int = _PARENTS,
    ) -> None:  # fmt: skip
        self._children, self.spins, self.energies = children, spins, energies
        self._num_parents = num_parents
        self._draw = np.random.default_rng(seed)
        self._keys = set(map(self._key, spins))
        self._idle = 0
        self.is_settled = len(spins) < 2

    @property
    def lowest(self) -> int:
        """Row of the lowest state."""
        return int(np.argmin(self.energies))

    def step(self) -> bool:
        """Some children; whether one is lower than all before."""
        p = len(self.spins)
        k = min(self._num_parents, p)
        picked = np.argpartition(self._draw.random((_BATCH, p)), k - 1, axis=1)[:, :k]
        parents = picked.astype(np.int32)
        found = self._children.of(self.spins, self.energies, parents)
        before, taken = self.energies.min(), 0
        for child, energy, row in zip(found.spins, found.energies, found.nearest, strict=True):
            taken += self._take(child, float(energy), int(row))
        self._idle = 0 if taken else self._idle + _BATCH
        self.is_settled = self._idle >= 2 * p or float(found.sizes.mean()) < _FEW
        return bool(self.energies.min() < before)

    def join(self, spins: SpinArray, energies: FloatArray, *, most: int = 0) -> None:
        """Put in states that are not there yet: beside the others up to so many in all, then in the
        place of the highest ones."""
        for state, energy in zip(spins, energies, strict=True):
            key = self._key(state)
            if key in self._keys:
                continue
            if len(self.spins) < most:
                self.spins = np.concatenate([self.spins, state[None]])
                self.energies = np.append(self.energies, energy)
                self._keys.add(key)
            elif energy < self.energies.max(initial=-np.inf):
                self._put(int(np.argmax(self.energies)), state, float(energy), key)
            else:
                continue
            self._idle, self.is_settled = 0, len(self.spins) < 2

    def _take(self, child: SpinArray, energy: float, row: int) -> bool:
        """Whether the child is lower than the parent whose place it takes."""
        level = float(self.energies[row])
        if energy > level + _SAME * abs(level):
            return False
        key = self._key(child)
        if key in self._keys:
            return False
        self._put(row, child, energy, key)
        return energy < level - _SAME * abs(level)

    def _put(self, row: int, state: SpinArray, energy: float, key: bytes) -> None:
        self._keys.discard(self._key(self.spins[row]))
        self._keys.add(key)
        self.spins[row], self.energies[row] = state, energy

    def _key(self, spins: SpinArray) -> bytes:
        """The same for a state and its opposite, where both are as low."""
        turned = self._children.is_even and spins[0] < 0
        return key_of(-spins if turned else spins)
