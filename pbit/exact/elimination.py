"""Exact sums over all states of models of low treewidth, spin by spin.

Strips, trees, rings, sparse random graphs near their tree: what counts is the width of the
elimination order, not the number of spins. Small dense models work as well: n spins need at most
width n - 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.exact.elimination_order import IntArray, TooWide, bucket_tree
from pbit.kernels.graphs import elimination as kernels
from pbit.machine import memory_bytes
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.taking import model_from

__all__ = [
    "Elimination",
    "Marginals",
    "TooWide",
    "exact_ground_state",
    "exact_log_z",
    "exact_marginals",
]

DEFAULT_MAX_WIDTH = 20
_LARGEST_WIDTH = 40
_NUMBERS_A_CALL = 2**24  # so that Ctrl-C is seen a few times a second


@dataclass(frozen=True, eq=False)
class Marginals(ByValue):
    """Exact means of a Boltzmann law.

    Parameters
    ----------
    means : float64, shape (n,)
        ``<s_i>``.
    correlations : float64, shape (num_couplings,)
        ``<s_i s_j>`` of the coupled pairs, in the order of :meth:`pbit.IsingModel.edges`.
    energy : float
        ``<E>``, offset included.
    log_z : float
        ``ln sum_s exp(-beta E(s))``.
    """

    means: FloatArray
    correlations: FloatArray
    energy: float
    log_z: float


class Elimination:
    r"""A model with an elimination order found once, for exact sums at any beta.

    Spin v is summed out of everything that involves it, which leaves a table over the spins S_v
    it was tied to: :math:`m_v(s_S) = \ln \sum_{s_v} \exp(\beta s_v (h_v + \sum_{j \in S} J_{vj}
    s_j) + \sum_c m_c)`, c over the tables of spins eliminated before that involve v. Means follow
    on the way back, from :math:`P(s_v, s_S) = P(s_S) P(s_v | s_S)`. Tables are kept in log space,
    less their largest entry: couplings of any size neither overflow nor round to zero.

    Parameters
    ----------
    model : IsingModel
    max_width : int
        Largest number of spins in S_v, 0 to 40. Time and memory grow as 2**width.

    Raises
    ------
    TooWide
        A ValueError: no order within ``max_width`` was found.
    TypeError, ValueError
        ``max_width`` no integer or out of range.

    References
    ----------
    Dechter, Artif. Intell. 113, 41 (1999), figs. 4 and 9; Lauritzen, Spiegelhalter, J. R. Stat.
    Soc. B 50, 157 (1988).

    Examples
    --------
    >>> ring = IsingModel.from_edges(np.arange(1000), np.roll(np.arange(1000), -1), np.ones(1000))
    >>> exact = Elimination(ring)
    >>> exact.width
    2
    >>> [round(exact.marginals(beta).energy / 1000, 6) for beta in (0.5, 1.0)]
    [-0.462117, -0.761594]
    """

    def __init__(self, model: IsingModel, *, max_width: int = DEFAULT_MAX_WIDTH) -> None:
        integer("max_width", max_width, 0, _LARGEST_WIDTH)
        self.model: IsingModel = model_from(model)
        model = self.model
        self._tree = tree = bucket_tree(model.J, max_width=max_width)
        self._sizes = tree.sizes
        self._edges, self._weights = _local_couplings(
            model, tree.spins, tree.separators, tree.starts
        )
        self._h = model.h[tree.spins]
        self._child_starts, self._children = _children(tree.parents)
        self._masks = _masks(tree.parents, tree.starts, tree.separators)

    @property
    def width(self) -> int:
        """Largest separator met, an upper bound of the treewidth."""
        return self._tree.width

    @property
    def numbers(self) -> float:
        """Entries of all tables together: what one sum costs, in units of about 20 ns."""
        return float(np.sum(2.0 ** (self._sizes + 1)))

    def log_z(self, beta: float) -> float:
        """``ln sum_s exp(-beta E(s))``; see :func:`exact_log_z`."""
        beta = self._check_beta(beta)
        where, total = self._stack()
        self._check_memory(8 * total)
        return self._sum_out(beta, where, np.empty(total))

    def marginals(self, beta: float) -> Marginals:
        """Means of spins, of coupled pairs and of the energy; see :func:`exact_marginals`."""
        beta = self._check_beta(beta)
        ends = np.cumsum(2**self._sizes)
        total = int(ends[-1]) if ends.size else 0
        self._check_memory(8 * total)
        where, messages = ends - 2**self._sizes, np.empty(total)
        log_z = self._sum_out(beta, where, messages)
        n = self.model.num_spins
        in_order, products = np.empty(n), np.empty(self._weights.size)
        scratch = self._scratch()
        for begin, end in reversed(list(self._calls())):
            kernels.marginalise(
                begin, end, beta, *self._shared(), where, messages, *scratch, in_order, products
            )
        means, correlations = np.empty(n), np.empty(self.model.num_couplings)
        means[self._tree.spins] = in_order
        coupled = self._edges >= 0
        correlations[self._edges[coupled]] = products[coupled]
        energy = self.model.offset - math.fsum(self.model.h * means)
        energy -= math.fsum(self.model.edges()[2] * correlations)
        return Marginals(means, correlations, energy, log_z)

    def energy_variance(self, beta: float) -> float:
        """``<E^2> - <E>^2 = -d<E>/d beta``, by central difference, good to about 1e-6 of itself."""
        field = np.abs(self.model.h) + abs(self.model.J).sum(axis=1)
        largest = float(field.max(initial=0.0))
        if largest == 0.0:
            return 0.0
        step = 1e-4 / largest
        above, below = (self.marginals(beta + sign * step).energy for sign in (1, -1))
        return max(0.0, (below - above) / (2 * step))

    def ground_state(self) -> tuple[float, SpinArray]:
        """Lowest energy and one state that has it; see :func:`exact_ground_state`."""
        self._check_beta(1.0)
        where, total = self._stack()
        ends = np.cumsum(2**self._sizes)
        bits = int(ends[-1]) if ends.size else 0
        self._check_memory(8 * total + bits // 8)
        messages, choices = np.empty(total), np.zeros(bits // 8 + 1, dtype=np.uint8)
        choice_starts = ends - 2**self._sizes
        scratch = self._scratch()
        for begin, end in self._calls():
            kernels.max_out(
                begin, end, *self._shared(), where, messages, *scratch, choice_starts, choices
            )
        in_order = np.empty(self.model.num_spins, dtype=np.int8)
        kernels.choose(self._tree.starts, self._tree.separators, choice_starts, choices, in_order)
        spins = np.empty_like(in_order)
        spins[self._tree.spins] = in_order
        return float(self.model.energy(spins)), spins

    def _sum_out(self, beta: float, where: IntArray, messages: FloatArray) -> float:
        peaks, scratch = np.empty(self.model.num_spins), self._scratch()
        for begin, end in self._calls():
            kernels.sum_out(begin, end, beta, *self._shared(), where, messages, *scratch, peaks)
        return math.fsum(peaks) - beta * self.model.offset

    def _shared(self) -> tuple[npt.NDArray[np.float64] | IntArray, ...]:
        tree = self._tree
        return (
            self._h, tree.starts, self._weights, self._child_starts, self._children, self._masks
        )  # fmt: skip

    def _scratch(self) -> tuple[FloatArray, FloatArray, IntArray]:
        largest = 2**self.width
        return np.empty(2 * largest), np.empty(largest), np.empty(largest, dtype=np.int64)

    def _calls(self) -> Iterator[tuple[int, int]]:
        """Ranges of buckets, each about as much work as goes between two looks at signals."""
        done = np.cumsum(2.0**self._sizes) // _NUMBERS_A_CALL
        cuts = np.flatnonzero(np.diff(done)) + 1
        edges = [0, *cuts.tolist(), self.model.num_spins]
        return pairwise(edges)

    def _stack(self) -> tuple[IntArray, int]:
        """First entry of each table where tables are dropped once read, and entries in all."""
        where, sizes = [0] * self._sizes.size, (2**self._sizes).tolist()
        starts, children = self._child_starts.tolist(), self._children.tolist()
        top = highest = 0
        for bucket, size in enumerate(sizes):
            if starts[bucket + 1] > starts[bucket]:
                top = where[children[starts[bucket]]]
            where[bucket] = top
            top += size
            highest = max(highest, top)
        return np.array(where, dtype=np.int64), highest

    def _check_beta(self, beta: float) -> float:
        beta = float(beta)
        if not math.isfinite(beta):
            raise ArgumentError(
                "beta", "must be finite", beta, remedy="for beta = infinity see exact_ground_state"
            )
        model = self.model
        with np.errstate(over="ignore"):
            total = np.abs(model.J.data).sum() / 2 + np.abs(model.h).sum() + abs(model.offset)
            largest = max(1.0, abs(beta)) * 4 * total
        if not math.isfinite(largest):
            raise ArgumentError(
                "beta",
                "times the sum of all couplings and fields must stay below 1e308",
                got=f"beta {beta} and sum {total:.3g}",
                remedy="divide the weights by a common factor",
            )
        return beta

    def _check_memory(self, tables: int) -> None:
        needed, memory = tables + 32 * 2**self.width, memory_bytes()
        if needed > 0.8 * memory:
            raise MemoryError(
                f"the tables of width {self.width} need about {needed / 2**30:.1f} GiB, this "
                f"machine has {memory / 2**30:.1f}; clamp spins (pbit.clamp) or take a smaller or "
                "sparser model"
            )


def exact_log_z(model: IsingModel, beta: float, *, max_width: int = DEFAULT_MAX_WIDTH) -> float:
    r"""Logarithm of the partition function, :math:`\ln Z = \ln \sum_s e^{-\beta E(s)}`.

    Parameters
    ----------
    model : IsingModel
        Of low treewidth; any number of components, fields and couplings of any size.
    beta : float
        Finite; negative values favour high energies.
    max_width : int
        See :class:`Elimination`, which to use for several betas of one model.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        beta not finite, weights that overflow, a model wider than ``max_width``
        (:class:`TooWide`).
    MemoryError
        Tables that this machine cannot hold; raised before they are allocated.

    References
    ----------
    Dechter, Artif. Intell. 113, 41 (1999).

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, 1.0])
    >>> round(exact_log_z(chain, 0.5), 6), round(float(np.log(8 * np.cosh(0.5) ** 2)), 6)
    (2.319671, 2.319671)
    """
    return Elimination(model, max_width=max_width).log_z(beta)


def exact_marginals(
    model: IsingModel, beta: float, *, max_width: int = DEFAULT_MAX_WIDTH
) -> Marginals:
    r"""Means ``<s_i>``, ``<s_i s_j>`` of coupled pairs, ``<E>`` and ``ln Z`` at beta.

    Takes about three times as long as :func:`exact_log_z` and keeps every table in memory.

    Parameters
    ----------
    model, beta, max_width
        As in :func:`exact_log_z`.

    Returns
    -------
    Marginals

    Raises
    ------
    ValueError, MemoryError
        As in :func:`exact_log_z`.

    References
    ----------
    Lauritzen, Spiegelhalter, J. R. Stat. Soc. B 50, 157 (1988).

    Examples
    --------
    >>> pair = IsingModel.from_edges([0], [1], [1.0])
    >>> exact = exact_marginals(pair, 0.5)
    >>> bool(np.isclose(exact.correlations[0], np.tanh(0.5))), exact.means.tolist()
    (True, [0.0, 0.0])
    """
    return Elimination(model, max_width=max_width).marginals(beta)


def exact_ground_state(
    model: IsingModel, *, max_width: int = DEFAULT_MAX_WIDTH
) -> tuple[float, SpinArray]:
    """Lowest energy and one state that has it, by maximising over one spin after the other.

    Of several ground states the same one comes back every time: on the way back, a spin that may
    take either value is +1. Real-valued weights are summed in float64, so that the state is the
    lowest to about 1e-15 of the sum of the weights it involves.

    Parameters
    ----------
    model, max_width
        As in :func:`exact_log_z`.

    Returns
    -------
    (float, int8 array of shape (n,))

    Raises
    ------
    ValueError, MemoryError
        As in :func:`exact_log_z`.

    References
    ----------
    Bertele, Brioschi, Nonserial Dynamic Programming (1972), ch. 2.

    Examples
    --------
    >>> ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [-1.0, -1.0, -1.0])
    >>> energy, spins = exact_ground_state(ring)
    >>> energy, float(ring.energy(spins))
    (-1.0, -1.0)
    """
    return Elimination(model, max_width=max_width).ground_state()


def _local_couplings(
    model: IsingModel, spins: IntArray, separators: IntArray, starts: IntArray
) -> tuple[IntArray, FloatArray]:
    """Edge number (-1: none) and coupling between each bucket's spin and its separator's."""
    n = model.num_spins
    rows, cols, weights = model.edges()
    keys = rows.astype(np.int64) * n + cols
    own = np.repeat(spins, np.diff(starts))
    other = spins[separators]
    wanted = np.minimum(own, other) * n + np.maximum(own, other)
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys[order], wanted), max(0, keys.size - 1))
    found = order[at] if keys.size else np.zeros(0, dtype=np.int64)
    edges = np.where(keys[found] == wanted, found, -1)
    return edges, np.where(edges >= 0, weights[edges], 0.0) if keys.size else np.zeros(0)


def _children(parents: IntArray) -> tuple[IntArray, IntArray]:
    """Children of each bucket, ascending, in CSR form."""
    counts = np.bincount(parents[parents >= 0], minlength=parents.size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    order = np.argsort(parents, kind="stable")
    return starts, order[np.count_nonzero(parents < 0) :].astype(np.int64)


def _masks(parents: IntArray, starts: IntArray, separators: IntArray) -> IntArray:
    """Which of the parent's separator each bucket's own has, as bits."""
    masks = np.zeros(parents.size, dtype=np.int64)
    lists = np.split(separators, starts[1:-1])
    for bucket, parent in enumerate(parents.tolist()):
        if parent >= 0:
            at = np.searchsorted(lists[parent], lists[bucket][1:])
            masks[bucket] = np.sum(1 << at)
    return masks
