"""Spins whose value, alone or next to another, is plain from their weights: they need no p-bit."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.graphs.compilation import Compiled
from pbit.graphs.votes import Votes
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray

KEEP = ("all", "one")
_ROUNDING = 1e-9
_Adjacency = list[dict[int, float]]


def merge_fixed(model: IsingModel, *, keep: str = "all") -> Compiled:
    """Smaller network without the spins that others or their own bias decide.

    Until none is left, for a spin i with ``T = sum_j |J_ij|``:

    - *fixed* where ``|h_i| > T``: s_i is the sign of h_i whatever the others do. A spin without
      couplings is of this kind.
    - *merged* with j where ``|J_ij| > T - |J_ij| + |h_i|``: s_i = sign(J_ij) s_j whatever the
      others do. A leaf is of one of the two kinds unless its bias and its coupling are equal.

    Both hold in every ground state, so that with ``keep="all"`` **all ground states are kept, and
    no other state becomes one**. With ``keep="one"`` equality is enough, also 0 = 0 for a spin
    without bias and couplings, which becomes +1: **at least one ground state is kept**, and the
    least energy always. Spins are dealt with one after the other, since rules that hold with
    equality can contradict each other. Sums that agree to 1e-9 count as equal.

    Parameters
    ----------
    model : IsingModel
    keep : {"all", "one"}
        Which ground states.

    Returns
    -------
    Compiled
        Labels of the spins that are left are those of the source. ``encode`` is exact for states
        that obey the rules, others are moved. ``report``: fixed, merged, left.

    Raises
    ------
    ValueError
        Another ``keep``.

    References
    ----------
    Persistencies: Hammer, Hansen, Simeone, Math. Program. 28, 121 (1984).

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, -2.0, 3.0], h=[0.5, 0, 0, 0])
    >>> compiled = merge_fixed(chain)
    >>> compiled.report, compiled.decode(np.zeros((1, 0))).tolist(), compiled.model.offset
    ({'fixed': 1, 'merged': 3, 'left': 0}, [[1, 1, -1, -1]], -6.5)
    """
    if keep not in KEEP:
        raise ArgumentError("keep", f"must be one of {', '.join(KEEP)}", keep)
    work = _Work(model, equal=keep == "one")
    if _candidates(model).any():
        work.run()
    return work.compiled()


def _candidates(model: IsingModel) -> npt.NDArray[np.bool_]:
    """Spins that a rule may apply to at the start: none in most dense models."""
    sizes = abs(model.J)
    total = np.asarray(sizes.sum(axis=1)).reshape(-1) + np.abs(model.h)
    strongest = np.abs(model.h)
    if model.J.nnz:
        strongest = np.maximum(strongest, sizes.max(axis=1).toarray().reshape(-1))
    return np.asarray(2 * strongest >= total * (1 - _ROUNDING))


class _Work:
    """Spins taken out one by one: what each is told by is written down."""

    def __init__(self, model: IsingModel, *, equal: bool) -> None:
        self.model, self.equal = model, equal
        self.h: list[float] = model.h.tolist()
        self.offset = model.offset
        self.out: list[int] = []  # in the order in which they left
        self.told_by: dict[int, tuple[int, int]] = {}  # other spin or -1, sign
        self.near: _Adjacency = []

    def run(self) -> None:
        J = self.model.J
        starts, others, weights = J.indptr.tolist(), J.indices.tolist(), J.data.tolist()
        rows = range(self.model.num_spins)
        self.near = [
            dict(zip(others[a:b], weights[a:b], strict=True))
            for a, b in ((starts[i], starts[i + 1]) for i in rows)
        ]
        queue, waiting = deque(rows), [True] * self.model.num_spins
        while queue:
            i = queue.popleft()
            waiting[i] = False
            for j in self._settle(i):
                if not waiting[j]:
                    waiting[j] = True
                    queue.append(j)

    def _settle(self, i: int) -> list[int]:
        """Take spin i out if a rule applies; the spins to look at again."""
        near, h = self.near[i], self.h[i]
        total = sum(map(abs, near.values()))
        if self._beats(abs(h), total):
            return self._fix(i, -1 if h < 0 else 1)
        if not near:
            return []
        j = max(near, key=lambda other: abs(near[other]))
        if self._beats(abs(near[j]), total - abs(near[j]) + abs(h)):
            return self._merge(i, j)
        return []

    def _beats(self, size: float, others: float) -> bool:
        if self.equal:
            return size >= others * (1 - _ROUNDING)
        return size > others + _ROUNDING * size

    def _fix(self, i: int, value: int) -> list[int]:
        near = self._remove(i, -1, value)
        self.offset -= value * self.h[i]
        for j, weight in near.items():
            self.h[j] += weight * value
        return list(near)

    def _merge(self, i: int, j: int) -> list[int]:
        sign = 1 if self.near[i][j] > 0 else -1
        near = self._remove(i, j, sign)
        self.offset -= abs(near.pop(j))
        self.h[j] += sign * self.h[i]
        for k, weight in near.items():
            summed = self.near[j].get(k, 0.0) + sign * weight
            if abs(summed) > _ROUNDING * abs(weight):
                self.near[j][k] = self.near[k][j] = summed
            else:
                del self.near[j][k], self.near[k][j]
        return [j, *near]

    def _remove(self, i: int, other: int, sign: int) -> dict[int, float]:
        self.told_by[i] = (other, sign)
        self.out.append(i)
        near, self.near[i] = self.near[i], {}
        for j in near:
            del self.near[j][i]
        return near

    def compiled(self) -> Compiled:
        model, n = self.model, self.model.num_spins
        place, signs = np.full(n, -1, dtype=np.int64), np.ones(n, dtype=np.int8)
        left = np.array([i for i in range(n) if i not in self.told_by], dtype=np.int64)
        place[left] = np.arange(left.size)
        for i in reversed(self.out):
            other, sign = self.told_by[i]
            place[i] = place[other] if other >= 0 else -1
            signs[i] = sign * (signs[other] if other >= 0 else 1)
        held = place >= 0
        votes = Votes(np.append(0, np.cumsum(held)), place[held], signs)
        fixed = sum(other < 0 for other, _ in self.told_by.values())
        report = {"fixed": fixed, "merged": len(self.out) - fixed, "left": int(left.size)}
        return Compiled("merge_fixed", model, self._rest(left, place), votes, report)

    def _rest(self, left: npt.NDArray[np.int64], place: npt.NDArray[np.int64]) -> IsingModel:
        if not self.out:
            return self.model
        pairs = [(i, j, w) for i in left.tolist() for j, w in self.near[i].items() if i < j]
        table = np.array(pairs, dtype=np.float64).reshape(-1, 3)
        ends = place[table[:, :2].astype(np.int64)]
        labels = tuple(self.model.labels[i] for i in left.tolist())
        h: FloatArray = np.array(self.h, dtype=np.float64)[left]
        return IsingModel.from_edges(
            ends[:, 0], ends[:, 1], table[:, 2], h=h, offset=self.offset, labels=labels
        )
