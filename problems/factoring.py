"""Factoring: a multiplier of p-bits run backwards until a state multiplies to the number.

The factors come out of p-bit states alone. The classical steps are the multiplication that
verifies a state, the parity of the number and a primality test, so that a prime gets a plain
answer. Finding factors this way demonstrates invertible logic: the time grows exponentially with
the bits, and trial division is faster at every size that can be reached.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import isqrt
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.polynomial import AnyModel
from pbit.problems.logic.inverse import LogicProblem, Unsatisfiable
from pbit.problems.logic.multiplier import multiplier_circuit
from pbit.problems.primality import WITNESS_BOUND, is_prime
from pbit.samplers.annealer import anneal
from pbit.samplers.control import Control, Progress
from pbit.samplers.network import check_seed
from pbit.schedule import Schedule

Shape = tuple[int, int]
Reason = Literal["found", "even", "prime", "one", "time_limit", "interrupted"]

# Scales measured on 16- and 20-bit semiprimes: with ANDs at half strength reads of equal length
# reach the ground state eight times as often, with half adders at double strength twice as often
# again. Between beta = 1.3 and 1.6 the network still moves and consistent states already last.
_SCALES = {"AND": 0.5, "half adder": 2.0}
_BETAS = (1.3, 1.6)
_NUM_READS = 512
_FIRST_SWEEPS = 250
_MOST_SWEEPS = 20_000


@dataclass(frozen=True)
class Factoring:
    """The odd number n as a product of two odd factors of given bit lengths.

    First and last bits of both factors are 1, so that 1 and n are no factors.

    Parameters
    ----------
    n : int
        Odd, >= 9.
    width_x, width_y : int
        Exact bit lengths of the factors, >= 2; their sum is the bit length of n or one more.

    Raises
    ------
    TypeError, ValueError
        n even or below 9, widths that no product of n's bit length has.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017): invertible multiplier.

    Examples
    --------
    >>> problem = Factoring(35, 3, 3)
    >>> reads = anneal(problem.model, num_reads=20, seed=1)
    >>> problem.check(problem.decode(reads.spins[reads.best]))
    True
    """

    n: int
    width_x: int
    width_y: int

    def __post_init__(self) -> None:
        _check_integer("n", self.n, least=9)
        if self.n % 2 == 0:
            raise ValueError(f"n must be odd, got {self.n}; 2 is a factor: factor n / 2 instead")
        bits = self.n.bit_length()
        if min(self.width_x, self.width_y) < 2 or self.width_x + self.width_y - bits not in (0, 1):
            raise ValueError(
                f"width_x and width_y must be >= 2 and add up to {bits} or {bits + 1} for the "
                f"{bits}-bit number {self.n}, got {self.width_x} and {self.width_y}; "
                "factor() tries all widths"
            )

    @cached_property
    def circuit(self) -> LogicProblem:
        """The multiplier with the bits of n clamped on its product."""
        circuit = multiplier_circuit(self.width_x, self.width_y, ends_are_one=True)
        clamp = {"product": self.n}
        problem = LogicProblem(circuit, clamp, scales=_SCALES)
        if problem.model.num_spins:
            return problem
        # The truth tables alone would multiply out the factors: that is left to the p-bits.
        return LogicProblem(circuit, clamp, scales=_SCALES, propagate=False)

    @property
    def is_open(self) -> bool:
        """False if the truth tables show that no factors have these widths."""
        try:
            return self.circuit.model is not None
        except Unsatisfiable:
            return False

    @property
    def model(self) -> AnyModel:
        """The free p-bits; states at ``ground_energy`` are the factorisations of n."""
        return self.circuit.model

    @property
    def ground_energy(self) -> float:
        """Least energy if n has factors of these widths: the sum over the gates."""
        return self.circuit.ground_energy

    def decode(self, spins: npt.ArrayLike) -> tuple[int, int]:
        """The numbers x and y of one state, shape (n,)."""
        return self.decode_reads(np.asarray(spins)[None, :])[0]

    def decode_reads(self, spins: npt.ArrayLike) -> list[tuple[int, int]]:
        """:meth:`decode` of every row."""
        x, y = (np.atleast_1d(self.circuit.values(spins, name)) for name in ("x", "y"))
        return list(zip(map(int, x), map(int, y), strict=True))

    def check(self, answer: tuple[int, int]) -> bool:
        """Whether x * y == n and neither is 1."""
        x, y = answer
        return x > 1 and y > 1 and x * y == self.n


class FactorProgress(NamedTuple):
    """State of a search, for the ``progress`` callback."""

    elapsed_s: float
    shape: Shape
    p_bits: int


@dataclass(frozen=True)
class FactorResult:
    """What a search for factors came to.

    Parameters
    ----------
    n : int
    factors : (int, int) or None
        x <= y with x * y == n.
    p_bits : int
        Free p-bits of the network that found them, or of the largest one tried.
    sweeps : int
        Sweeps of all reads together.
    seconds : float
        Wall-clock time, compilation apart.
    seed : int
    reason : str
        "found", "even" (by parity, no p-bits used), "prime", "one", "time_limit", "interrupted".
    shape : (int, int) or None
        Bit lengths of the factors in the network that found them.
    """

    n: int
    factors: tuple[int, int] | None
    p_bits: int
    sweeps: int
    seconds: float
    seed: int
    reason: Reason
    shape: Shape | None = None


def factor(
    n: int,
    *,
    time_limit_s: float | None = 60.0,
    seed: int | None = None,
    num_threads: int | None = None,
    interrupt: Callable[[], bool] | None = None,
    progress: Callable[[FactorProgress], None] | None = None,
) -> FactorResult:
    """Two factors of n from annealed multipliers, one network for each pair of bit lengths.

    Turn t = 0, 1, 2 ... anneals 512 reads of t + 1 times 250 sweeps of every i-th shape of
    :func:`shapes_of` for which i + 1 divides t: all of them at first, then mostly the balanced
    ones. A state counts if its x and y multiply to n, whatever its energy is.

    Parameters
    ----------
    n : int
        >= 1.
    time_limit_s : float or None
        Wall-clock seconds, compilation apart; None: no limit.
    seed : int, optional
        The result depends on n and seed alone unless the limit or an interrupt cuts the search.
    num_threads : int, optional
        All processors by default.
    interrupt : callable, optional
        Polled about twenty times a second; a true value ends the search.
    progress : callable, optional
        Called with a :class:`FactorProgress` as each anneal begins and about twenty times a
        second during it.

    Raises
    ------
    TypeError, ValueError
        An argument that is no number or out of range.

    Examples
    --------
    >>> factor(64507, seed=1).factors
    (251, 257)
    """
    _check_integer("n", n, least=1)
    if time_limit_s is not None and not time_limit_s > 0:
        raise ValueError(f"time_limit_s must be > 0, got {time_limit_s}; None is no limit")
    seed = secrets.randbelow(2**63) if seed is None else check_seed(seed)
    search = _Search(n, seed, time_limit_s, num_threads, interrupt, progress)
    return _without_pbits(n, seed) or search.run()


def shapes_of(n: int) -> list[Shape]:
    """Bit lengths (x, y) that factors x <= y of n can have, the most balanced first."""
    bits, widest = n.bit_length(), isqrt(n).bit_length()
    pairs = [(k, bits - k + extra) for k in range(widest, 1, -1) for extra in (0, 1)]
    return [(k, width) for k, width in pairs if width >= k]


def _without_pbits(n: int, seed: int) -> FactorResult | None:
    if n == 1:
        return FactorResult(n, None, 0, 0, 0.0, seed, "one")
    if n > 2 and n % 2 == 0:
        return FactorResult(n, (2, n // 2), 0, 0, 0.0, seed, "even")
    if n < WITNESS_BOUND and is_prime(n):
        return FactorResult(n, None, 0, 0, 0.0, seed, "prime")
    return None


class _Search:
    """Turns of anneals over the shapes until factors are found or time is up."""

    def __init__(
        self,
        n: int,
        seed: int,
        time_limit_s: float | None,
        num_threads: int | None,
        interrupt: Callable[[], bool] | None,
        progress: Callable[[FactorProgress], None] | None,
    ) -> None:
        self.n, self.seed, self.num_threads = n, seed, num_threads
        self.time_limit_s, self.interrupt, self.progress = time_limit_s, interrupt, progress
        self.sweeps = self.p_bits = 0
        self.compiling_s = 0.0
        self.start = time.perf_counter()

    def run(self) -> FactorResult:
        problems = [Factoring(self.n, *shape) for shape in shapes_of(self.n)]
        turn = 0
        while True:
            for index, problem in enumerate(problems):
                if turn % (index + 1) == 0:
                    result = self._try(problem, turn, index)
                    if result is not None:
                        return result
            turn += 1

    def _try(self, problem: Factoring, turn: int, index: int) -> FactorResult | None:
        left = None if self.time_limit_s is None else self.time_limit_s - self._elapsed()
        if left is not None and left <= 0:
            return self._result("time_limit")
        if not problem.is_open:
            return None
        self._report(problem)
        num_sweeps = min(_FIRST_SWEEPS * (turn + 1), _MOST_SWEEPS)
        reads = anneal(
            problem.model,
            Schedule.geometric(*_BETAS, num_betas=num_sweeps),
            num_reads=_NUM_READS,
            seed=_seed_of(self.seed, turn, index),
            best_seen=True,
            kernel="lanes",  # one kernel for every shape: small ones would compile another
            order="sequential",
            num_threads=self.num_threads,
            control=self._control(problem, left),
        )
        self._count(problem, reads.info)
        for answer in problem.decode_reads(reads.spins):
            if problem.check(answer):
                found = self._result("found")
                shape = (problem.width_x, problem.width_y)
                x, y = sorted(answer)
                p_bits = problem.model.num_spins
                return replace(found, factors=(x, y), shape=shape, p_bits=p_bits)
        return self._result("interrupted") if self._interrupted(reads.info) else None

    def _control(self, problem: Factoring, left: float | None) -> Control:
        def report(_: Progress) -> None:
            self._report(problem)

        return Control(time_limit_s=left, interrupt=self.interrupt, progress=report)

    def _report(self, problem: Factoring) -> None:
        if self.progress is not None:
            shape = (problem.width_x, problem.width_y)
            self.progress(FactorProgress(self._elapsed(), shape, problem.model.num_spins))

    def _count(self, problem: Factoring, info: dict[str, Any]) -> None:
        self.sweeps += info["updates"] // problem.model.num_spins
        self.p_bits = max(self.p_bits, problem.model.num_spins)
        self.compiling_s += info["timing"]["compile_ns"] / 1e9

    def _interrupted(self, info: dict[str, Any]) -> bool:
        if info["stop_reason"] == "interrupted":
            return True
        return self.interrupt is not None and bool(self.interrupt())

    def _elapsed(self) -> float:
        return time.perf_counter() - self.start - self.compiling_s

    def _result(self, reason: Reason) -> FactorResult:
        return FactorResult(
            self.n, None, self.p_bits, self.sweeps, self._elapsed(), self.seed, reason
        )


def _seed_of(seed: int, turn: int, index: int) -> int:
    sequence = np.random.SeedSequence([seed, turn, index])
    return int(sequence.generate_state(1, np.uint64)[0])


def _check_integer(name: str, value: Any, *, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be an int, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be >= {least}, got {value}")
