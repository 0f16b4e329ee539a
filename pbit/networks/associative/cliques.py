r"""Clustered associative memory: a message is a clique of one unit a cluster, links are bits.

Of c clusters of l units each, a message activates the unit of its symbol in every cluster and links
these with each other; a junction a pair of units keeps whether any message links it. Erased symbols
are found again by what is linked with the known ones. After M random messages a share
:math:`d = 1 - (1 - 1/l^2)^M` of the links is set.

References
----------
V. Gripon, C. Berrou, IEEE Trans. Neural Networks 22, 1087 (2011); H. Jarollahi et al., IEEE J.
Emerg. Sel. Topics Circuits Syst. 4, 460 (2014), with magnetic tunnel junctions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer, real
from pbit.machine import check_memory
from pbit.seeds import check_seed

SymbolArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]
ERASED = -1
_AT_ONCE = 256  # probes side by side


@dataclass(frozen=True, eq=False)
class Recalled(ByValue):
    """What a memory recalls.

    Parameters
    ----------
    messages : int64, shape (num_probes, num_clusters)
        Where several symbols are left, the lowest of them.
    ambiguous : bool, shape (num_probes,)
        Whether several were left somewhere.
    reads : int
        Junctions read: for every erased symbol, the links between the units of its cluster that may
        be meant and the units that are active elsewhere, in every round.
    """

    messages: SymbolArray
    ambiguous: npt.NDArray[np.bool_]
    reads: int


class CliqueMemory:
    """Links between units, and what they recall.

    Parameters
    ----------
    num_clusters, num_symbols : int
        c >= 2 and l >= 2.

    Raises
    ------
    ValueError, TypeError
        Numbers out of range.
    MemoryError
        More links than this machine has memory for.

    Examples
    --------
    >>> memory = CliqueMemory(4, 16)
    >>> memory.store([[3, 1, 4, 1], [5, 9, 2, 6]])
    >>> memory.recall([[5, ERASED, 2, ERASED]]).messages.tolist()
    [[5, 9, 2, 6]]
    """

    def __init__(self, num_clusters: int, num_symbols: int) -> None:
        c = integer("num_clusters", num_clusters, 2)
        n = integer("num_symbols", num_symbols, 2)
        check_memory(4.0 * (c * n) ** 2, what="links", lower="num_symbols")
        self.links = np.zeros((c, c, n, n), dtype=np.float32)

    @property
    def num_clusters(self) -> int:
        """c."""
        return int(self.links.shape[0])

    @property
    def num_symbols(self) -> int:
        """l."""
        return int(self.links.shape[2])

    @property
    def num_junctions(self) -> int:
        """Junctions that keep the links, one a pair of units of different clusters."""
        return self.num_clusters * (self.num_clusters - 1) // 2 * self.num_symbols**2

    @property
    def density(self) -> float:
        """Share of the links that are set."""
        return float(self.links.sum(dtype=np.float64)) / (2 * self.num_junctions)

    def store(self, messages: npt.ArrayLike, *, failed: float = 0.0, seed: int = 0) -> None:
        """Set the links of messages.

        Parameters
        ----------
        messages : int, shape (num_messages, num_clusters)
            Symbols from 0.
        failed : float
            Share of the junctions that were to switch and did not.
        seed : int
            Which ones these are.

        Raises
        ------
        ValueError, TypeError
            Other shapes, unknown symbols, a share that is none.
        """
        symbols = self._checked("messages", messages, 0)
        if not 0 <= real("failed", failed) < 1:
            raise ArgumentError("failed", "must be from 0 to below 1", failed)
        generator = np.random.default_rng(check_seed(seed))
        for i in range(self.num_clusters):
            for j in range(i):
                new = np.zeros((self.num_symbols, self.num_symbols), dtype=bool)
                new[symbols[:, i], symbols[:, j]] = True
                if failed:
                    new &= generator.random(new.shape) >= failed
                np.maximum(self.links[i, j], new, out=self.links[i, j])
                self.links[j, i] = self.links[i, j].T

    def recall(self, probes: npt.ArrayLike, *, rounds: int = 4) -> Recalled:
        """The messages that probes with erased symbols are completed to.

        In each round those units of an erased symbol stay that are linked with active units in the
        most other clusters; of several active ones in a cluster, one is enough. In the first round
        only known symbols are active, later also what stayed. Rounds end where one unit is left in
        each cluster, or where nothing changes.

        Parameters
        ----------
        probes : int, shape (num_probes, num_clusters)
            Symbols, ``ERASED`` = -1 where unknown.
        rounds : int

        Raises
        ------
        ValueError, TypeError
            Other shapes, unknown symbols.
        """
        symbols = self._checked("probes", probes, ERASED)
        rounds = integer("rounds", rounds, 1)
        parts = [
            self._recall(symbols[first : first + _AT_ONCE], rounds)
            for first in range(0, len(symbols), _AT_ONCE)
        ]
        return Recalled(
            np.concatenate([part.messages for part in parts]),
            np.concatenate([part.ambiguous for part in parts]),
            sum(part.reads for part in parts),
        )

    def _recall(self, symbols: SymbolArray, rounds: int) -> Recalled:
        active = (symbols[:, :, None] == np.arange(self.num_symbols)).astype(np.float32)
        meant = np.where((symbols == ERASED)[:, :, None], np.float32(1), active)
        open_, reads = np.arange(len(symbols)), 0
        for _ in range(rounds):
            before = meant[open_]
            meant[open_], links = self._narrowed(active[open_], before, symbols[open_] == ERASED)
            reads += links
            active[open_] = meant[open_]
            changed = (meant[open_] != before).any(axis=(1, 2))
            open_ = open_[changed & (meant[open_].sum(axis=2) > 1).any(axis=1)]
            if not len(open_):
                break
        left = meant.sum(axis=2)
        return Recalled(meant.argmax(axis=2), (left != 1).any(axis=1), reads)

    def _narrowed(
        self, active: FloatArray, meant: FloatArray, erased: npt.NDArray[np.bool_]
    ) -> tuple[FloatArray, int]:
        """Units that still may be meant after one round, and how many links were read."""
        after, units = meant.copy(), active.sum(axis=2)
        others = units.sum(axis=1, keepdims=True) - units
        reads = int((erased * meant.sum(axis=2) * others).sum())
        for i in range(self.num_clusters):
            probes = np.flatnonzero(erased[:, i])
            score = np.zeros((len(probes), self.num_symbols), dtype=np.float32)
            for j in (j for j in range(self.num_clusters) if j != i):
                rows = np.flatnonzero(units[probes, j])
                score[rows] += active[probes[rows], j] @ self.links[j, i] > 0
            score = np.where(meant[probes, i] > 0, score, -1)
            after[probes, i] = score == score.max(axis=1, keepdims=True)
        return after, reads

    def _checked(self, name: str, symbols: npt.ArrayLike, least: int) -> SymbolArray:
        values = np.asarray(symbols)
        good = values.ndim == 2 and values.shape[1] == self.num_clusters and len(values)
        if not good or values.dtype.kind not in "iu":
            raise ArgumentError(
                name,
                f"must be whole numbers of shape (rows, {self.num_clusters})",
                got=f"{values.dtype} of shape {values.shape}",
            )
        if values.min() < least or values.max() >= self.num_symbols:
            raise ArgumentError(
                name,
                f"must be symbols from {least} to {self.num_symbols - 1}",
                got=f"{values.min()} to {values.max()}",
            )
        return values.astype(np.int64)


def expected_density(num_messages: float, num_symbols: int) -> float:
    """Share of links that random messages set, ``1 - (1 - 1/l^2)^M``.

    Examples
    --------
    >>> round(expected_density(5000, 256), 4)
    0.0735
    """
    return float(-np.expm1(num_messages * np.log1p(-1 / num_symbols**2)))


def expected_error(num_messages: int, *, num_symbols: int, known: int, erased: int) -> float:
    r"""Chance that one round leaves another symbol for one of M random messages.

    Another unit stays if each of the k known ones shares a message with it. The messages that have
    it, binomial in number, make these links dependent: its chance is

    .. math:: q = \sum_m \binom{k}{m} (-1)^m \left(1 - \frac{1 - (1 - 1/l)^m}{l}\right)^{M - 1}

    and not :math:`d^k`, which is less. Units are then taken as independent,
    :math:`1 - (1 - q)^{(l - 1) e}` with e erased symbols; exact for l = 2 and e = 1.

    Examples
    --------
    >>> round(expected_error(5000, num_symbols=256, known=4, erased=4), 4)
    0.0378
    """
    keep = 1 - 1 / num_symbols
    terms = (
        math.comb(known, m) * (-1) ** m * (1 - (1 - keep**m) / num_symbols) ** (num_messages - 1)
        for m in range(known + 1)
    )
    other = max(0.0, math.fsum(terms))
    return float(-np.expm1((num_symbols - 1) * erased * np.log1p(-other)))
