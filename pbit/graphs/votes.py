"""From the states of a compiled network back to those of its source: every spin by vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.labels import FloatArray, SpinArray

IntArray = npt.NDArray[np.int64]
_BLOCK = 2**25


@dataclass(frozen=True, eq=False)
class Votes(ByValue):
    """Which p-bits stand for each of n source spins.

    Spin i is ``signs[i]`` times the majority of the p-bits ``members[pointers[i]:pointers[i + 1]]``
    (its chain), a tie going to the first of them; a spin without any is the constant ``signs[i]``.
    P-bits in no chain are ancillas. This one table decodes every pass of the compiler, and it is
    plain data.

    Parameters
    ----------
    pointers : int64, shape (n + 1,)
    members : int64, shape (pointers[n],)
        Indices of p-bits, from 0.
    signs : int8, shape (n,)
        -1 or +1.

    Examples
    --------
    >>> votes = Votes(np.array([0, 3, 4, 4]), np.array([0, 1, 2, 3]), np.array([1, -1, 1]))
    >>> votes.decode([[1, -1, 1, 1]]).tolist()
    [[1, -1, 1]]
    """

    pointers: IntArray
    members: IntArray
    signs: SpinArray

    @property
    def sizes(self) -> IntArray:
        """Length of each chain, int64 (n,)."""
        return np.diff(self.pointers)

    def decode(self, spins: npt.ArrayLike) -> SpinArray:
        """Source states, int8 (..., n), of states of the p-bits, shape (..., num_pbits)."""
        states = np.asarray(spins, dtype=np.int8)
        flat = _rows(states)
        decoded = np.empty((len(flat), self.signs.size), dtype=np.int8)
        for rows in self._blocks(len(flat)):
            decoded[rows] = self._decode(flat[rows])
        return decoded.reshape(*states.shape[:-1], self.signs.size)

    def _decode(self, states: SpinArray) -> SpinArray:
        chained = self.sizes > 0
        decoded = np.broadcast_to(self.signs, (len(states), self.signs.size)).astype(np.int8)
        if not self.members.size:
            return decoded
        starts = self.pointers[:-1][chained]
        first = states[:, self.members[starts]]
        if starts.size < self.members.size:
            sums = np.add.reduceat(states[:, self.members], starts, axis=1, dtype=np.int32)
            first = np.where(sums == 0, first, np.sign(sums))
        decoded[:, chained] *= first.astype(np.int8)
        return decoded

    def broken(self, spins: npt.ArrayLike) -> FloatArray:
        """Part of the chains of two and more whose p-bits differ, shape (...); 0 without any."""
        states = np.asarray(spins, dtype=np.int8)
        long = np.flatnonzero(self.sizes > 1)
        if not long.size:
            return np.zeros(states.shape[:-1])
        flat = _rows(states)
        owner = np.repeat(np.arange(self.signs.size), self.sizes)
        chosen = self.members[self.sizes[owner] > 1]
        starts = np.cumsum(np.append(0, self.sizes[long]))[:-1]
        parts = np.empty(len(flat))
        for rows in self._blocks(len(flat)):
            sums = np.add.reduceat(flat[rows][:, chosen], starts, axis=1, dtype=np.int32)
            parts[rows] = (np.abs(sums) < self.sizes[long]).mean(axis=1)
        return parts.reshape(states.shape[:-1])

    def spread(self, spins: npt.ArrayLike, num_pbits: int) -> SpinArray:
        """States of the p-bits, int8 (..., num_pbits): whole chains, and 0 on ancillas."""
        states = np.asarray(spins, dtype=np.int8)
        owner = np.repeat(np.arange(self.signs.size), self.sizes)
        out = np.zeros((*states.shape[:-1], num_pbits), dtype=np.int8)
        # Backwards: of several spins with one p-bit the first one has its way.
        out[..., self.members[::-1]] = (states * self.signs)[..., owner[::-1]]
        return out

    def _blocks(self, num_states: int) -> Any:
        step = max(1, _BLOCK // max(1, self.members.size))
        return (slice(first, first + step) for first in range(0, num_states, step))


def _rows(states: SpinArray) -> SpinArray:
    """States as a matrix, one a row; also where they have no spins."""
    return states.reshape(int(np.prod(states.shape[:-1])), states.shape[-1])


def one_each(members: npt.ArrayLike, signs: npt.ArrayLike | None = None) -> Votes:
    """Votes of a single p-bit each."""
    chosen = np.asarray(members, dtype=np.int64)
    given = np.ones(chosen.size) if signs is None else signs
    return Votes(np.arange(chosen.size + 1), chosen, np.asarray(given, dtype=np.int8))
