"""Search for the auxiliary bits and weights that give a truth table the largest gap.

A node of the search has the auxiliary bits of some rows fixed. A linear program gives its largest
gap g: rows with fixed bits lie at the ground energy, all other states of theirs and all states
that are no row at least g above it, rows without fixed bits anywhere from the ground energy up. To
fix more rows only adds constraints, so that g is an upper bound for what lies below the node, and
no big constant is needed anywhere, as in a program with a binary unknown for each auxiliary bit.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from pbit.by_value import ByValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_TOLERANCE = 1e-6  # of the largest weight; HiGHS solves to 1e-7
_MOST_SYMMETRIC_PINS = 6
_MOST_SYMMETRIES = 2048
_POLISH_S = 5.0


class Found(NamedTuple):
    """The best gap, its weights and auxiliary bits, and what no gap can exceed."""

    gap: float
    weights: FloatArray
    patterns: IntArray
    bound: float
    num_programs: int


class Solved(NamedTuple):
    """Weights, ground energy and gap in one array, and whether the gap is the largest."""

    solution: FloatArray | None
    is_optimal: bool


@dataclass(frozen=True, eq=False)
class GateProgram(ByValue):
    """The linear programs of one truth table with a number of auxiliary pins.

    Parameters
    ----------
    rows : int64, shape (R,)
        Numbers of the allowed states of the visible pins, the first pin the highest bit.
    num_visible, num_auxiliaries : int
    products : tuple of tuples of int
        Sets of pins that may have a weight, auxiliary pins last.
    limits : float64, shape (number of products,)
        Largest absolute weights.
    integer : bool
        Whole-number weights only.
    """

    rows: IntArray
    num_visible: int
    num_auxiliaries: int
    products: tuple[tuple[int, ...], ...]
    limits: FloatArray
    integer: bool = False
    # Energy of state [visible, auxiliary] is energies @ weights.
    energies: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        n = self.num_visible + self.num_auxiliaries
        spins = 2.0 * (np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1) - 1
        columns = [-spins[:, list(product)].prod(axis=1) for product in self.products]
        shape = (2**self.num_visible, 2**self.num_auxiliaries, len(self.products))
        object.__setattr__(self, "energies", np.stack(columns, axis=1).reshape(shape))

    @property
    def scale(self) -> float:
        """The largest weight of all."""
        return float(self.limits.max())

    def solve(
        self, patterns: IntArray, *, integer: bool = False, time_limit_s: float = np.inf
    ) -> Solved:
        """The program of a node; a pattern of -1 is not fixed."""
        inequalities, equalities = self._constraints(patterns)
        cost = np.zeros(len(self.products) + 2)
        cost[-1] = -1.0
        free = np.array([np.inf, np.inf])
        result = milp(
            cost,
            constraints=[
                LinearConstraint(inequalities, ub=0.0),
                LinearConstraint(equalities, lb=0.0, ub=0.0),
            ],
            bounds=Bounds(np.append(-self.limits, [-np.inf, 0.0]), np.append(self.limits, free)),
            integrality=np.append(np.full(len(self.products), int(integer)), [0, 0]),
            options={} if np.isinf(time_limit_s) else {"time_limit": max(time_limit_s, 0.1)},
        )
        return Solved(None if result.x is None else np.asarray(result.x), result.status == 0)

    def smallest(self, patterns: IntArray, gap: float) -> FloatArray | None:
        """Weights of a small sum of absolute values with at least this gap, all bits fixed."""
        inequalities, equalities = self._constraints(patterns)
        # Weights are differences of two parts that are not negative, whose sum is the cost.
        split = [np.hstack([part[:, :-2], -part[:, :-2], part[:, -2:]])
                 for part in (inequalities, equalities)]  # fmt: skip
        count = len(self.products)
        result = milp(
            np.append(np.ones(2 * count), [0.0, 0.0]),
            constraints=[
                LinearConstraint(split[0], ub=0.0),
                LinearConstraint(split[1], lb=0.0, ub=0.0),
            ],
            bounds=Bounds(
                np.append(np.zeros(2 * count), [-np.inf, gap]),
                np.append(np.tile(self.limits, 2), [np.inf, np.inf]),
            ),
            integrality=np.append(np.full(2 * count, int(self.integer)), [0, 0]),
            options={"time_limit": _POLISH_S},
        )
        return None if result.x is None else np.asarray(result.x[:count] - result.x[count:-2])

    def _constraints(self, patterns: IntArray) -> tuple[FloatArray, FloatArray]:
        """``A x <= 0`` and ``B x = 0`` over weights, ground energy and gap."""
        above = np.ones(self.energies.shape[:2])  # 1: a gap above, 0: not below the ground state
        above[self.rows[patterns < 0]] = 0.0
        fixed = np.flatnonzero(patterns >= 0)
        ground = np.zeros(above.shape, dtype=bool)
        ground[self.rows[fixed], patterns[fixed]] = True
        energies = np.concatenate([-self.energies[~ground], -self.energies[ground]])
        bounds = np.concatenate([above[~ground], np.zeros(fixed.size)])
        both = np.column_stack([energies, np.ones(len(energies)), bounds])
        return both[: len(both) - fixed.size], both[len(both) - fixed.size :]

    def misfits(self, solution: FloatArray, patterns: IntArray) -> FloatArray:
        """How far each row without fixed bits is from one ground state and the rest above."""
        levels = np.sort(self._levels(solution), axis=1)
        misfit = levels[:, 0]
        if levels.shape[1] > 1:
            misfit = misfit + np.maximum(0.0, solution[-1] - levels[:, 1])
        return np.where(patterns < 0, misfit, -1.0)

    def rounded(self, solution: FloatArray, patterns: IntArray) -> IntArray:
        """Fixed bits, and those of lowest energy for the other rows."""
        return np.where(patterns < 0, self._levels(solution).argmin(axis=1), patterns)

    def _levels(self, solution: FloatArray) -> FloatArray:
        levels: FloatArray = self.energies[self.rows] @ solution[:-2] - solution[-2]
        return levels

    def symmetries(self) -> IntArray:
        """Orders of the rows, shape (count, R), under permutations and flips of visible pins."""
        count, n = self.rows.size, self.num_visible
        identity = np.arange(count)[None]
        if n > _MOST_SYMMETRIC_PINS or not self._is_complete():
            return identity
        number = np.full(2**n, -1)
        number[self.rows] = np.arange(count)
        bits = self.rows[:, None] >> np.arange(n)[::-1] & 1
        flips = np.arange(2**n)[:, None]
        found: list[IntArray] = []
        for order in permutations(range(n)):
            images = number[(bits[:, order] @ (1 << np.arange(n)[::-1])) ^ flips]
            found.extend(images[(images >= 0).all(axis=1)])
            if len(found) >= _MOST_SYMMETRIES:
                break
        return np.unique(np.array(found), axis=0)

    def _is_complete(self) -> bool:
        """Whether products of one size are all there with one limit: pins can be exchanged."""
        n = self.num_visible + self.num_auxiliaries
        sizes = sorted({len(product) for product in self.products})
        every = [product for size in sizes for product in combinations(range(n), size)]
        same = all(
            np.ptp(self.limits[[len(product) == size for product in self.products]]) == 0
            for size in sizes
        )
        return same and set(every) == {tuple(sorted(product)) for product in self.products}


class _Node(NamedTuple):
    """Sorted by bound, then by the rows that are fixed, most first."""

    rank: tuple[int, int, int]  # the last one differs between any two
    bound: float
    patterns: IntArray
    solution: FloatArray


class GateSearch:
    """Best-first search over the auxiliary bits of the rows.

    Nodes that a symmetry of the table or of the auxiliary pins takes to one seen before are left
    out: an auxiliary bit may be inverted in all rows, two of them may be exchanged.
    """

    def __init__(
        self, program: GateProgram, min_gap: float, seconds_left: Callable[[], float]
    ) -> None:
        self.program = program
        self.seconds_left = seconds_left
        self.tolerance = _TOLERANCE * program.scale
        self.floor = max(min_gap - self.tolerance, self.tolerance)
        self.best: tuple[FloatArray, IntArray] | None = None
        self.bound = float("inf")
        self.num_programs = 0
        self.is_proven = False
        self._is_sound = True  # every program was solved
        self._has_stopped = False
        self._seen: set[bytes] = set()
        self._orders = program.symmetries() if program.num_auxiliaries else None
        self._swaps = _exchanges(program.num_auxiliaries)

    def found(self) -> Found | None:
        """The best gate so far, with the smallest weights of its gap."""
        if self.best is None:
            return None
        solution, patterns = self.best
        gap = float(solution[-1])
        weights = self.program.smallest(patterns, gap - 0.1 * self.tolerance)
        weights = solution[:-2] if weights is None else weights
        bound = gap if self.is_proven else max(self.bound, gap) if self._is_sound else np.inf
        return Found(gap, weights, patterns, bound, self.num_programs)

    def run(self) -> None:
        """Search until the best gap is proven to be so, or time is over."""
        patterns = np.full(self.program.rows.size, -1)
        patterns[0] = 0  # an auxiliary pin may be inverted in all rows
        root = self._node(patterns)
        nodes = [] if root is None else [root]
        while nodes:
            top = heapq.heappop(nodes)
            self.bound = top.bound
            if top.bound <= self.floor:
                break
            node: _Node | None = top
            # Dive until there is a gate, whose gap then cuts off most of what is open.
            while node is not None and node.bound > self.floor:
                children = sorted(self._opened(node))
                if self._has_stopped:  # some children are missing
                    return
                node = children.pop(0) if children and self.best is None else None
                for child in children:
                    heapq.heappush(nodes, child)
        self.is_proven = self._is_sound

    def _opened(self, node: _Node) -> list[_Node]:
        """Nodes that fix one row more; the gate where none needs to be."""
        misfits = self.program.misfits(node.solution, node.patterns)
        k = int(misfits.argmax())
        if misfits[k] < self.tolerance:  # also where all rows are fixed
            self._take(self.program.rounded(node.solution, node.patterns))
            if not self.program.integer or (node.patterns >= 0).all():
                return []
            k = int((node.patterns < 0).argmax())
        children = []
        for pattern in range(2**self.program.num_auxiliaries):
            if self.seconds_left() <= 0:
                self._has_stopped = True
                break
            patterns = node.patterns.copy()
            patterns[k] = pattern
            child = self._node(patterns) if self._is_new(patterns) else None
            if child is not None and child.bound > self.floor:
                children.append(child)
        return children

    def _node(self, patterns: IntArray) -> _Node | None:
        """A node with its bound; None where the solver fails, since zero weights are a solution."""
        self.num_programs += 1
        solution, is_optimal = self.program.solve(patterns)
        self._is_sound &= is_optimal
        if solution is None:
            return None
        bound = float(solution[-1])
        if self.program.integer:  # energies of two states differ by an even number
            bound = 2 * float(np.floor((bound + self.tolerance) / 2))
        rank = (-round(bound / self.tolerance), -int((patterns >= 0).sum()), self.num_programs)
        return _Node(rank, bound, patterns, solution)

    def _take(self, patterns: IntArray) -> None:
        """Make a candidate of rows that are all fixed."""
        self.num_programs += 1
        integer = self.program.integer
        left = self.seconds_left() if integer else np.inf
        solution, is_optimal = self.program.solve(patterns, integer=integer, time_limit_s=left)
        self._is_sound &= is_optimal
        if solution is not None and solution[-1] > self.floor:
            self.best = solution, patterns
            self.floor = float(solution[-1]) + self.tolerance

    def _is_new(self, patterns: IntArray) -> bool:
        """Whether no symmetry takes the node to one met before."""
        if self._orders is None:
            return True
        images = patterns[self._orders]
        open_ = images < 0
        first = np.take_along_axis(images, (~open_).argmax(axis=1)[:, None], axis=1)
        images = np.where(open_, 0, images ^ first)
        keys = [np.where(open_, -1, swap[images]).astype(np.int8) for swap in self._swaps]
        key = min(row.tobytes() for each in keys for row in np.unique(each, axis=0)[:1])
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _exchanges(num_auxiliaries: int) -> list[IntArray]:
    """What each pattern of auxiliary bits becomes where the pins are exchanged."""
    patterns = np.arange(2**num_auxiliaries)
    bits = patterns[:, None] >> np.arange(num_auxiliaries) & 1
    return [
        bits[:, list(order)] @ (1 << np.arange(num_auxiliaries))
        for order in permutations(range(num_auxiliaries))
    ]
