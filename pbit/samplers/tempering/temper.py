"""Parallel tempering: replicas at many temperatures that exchange places."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.machine import available_threads, memory_bytes
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control, Progress
from pbit.run.network import check_seed
from pbit.run.reads import Reads
from pbit.run.team import share
from pbit.samplers.coldest import coldest_beta
from pbit.samplers.tempering.exchange_books import summary
from pbit.samplers.tempering.ladder_search import find_ladder, replicas_for
from pbit.samplers.tempering.replicas import RNG, Engine, Kernel, Prepared, Watch
from pbit.schedules.ladder import Ladder
from pbit.schedules.schedule import default_beta_range

_MAX_SEED = 2**64
_MOST_READS = 2**20
_ENDLESS = 2**40
_FIRST_BETAS = 32


@dataclass(frozen=True, eq=False)
class Tempered(Reads):
    """Of every run the lowest state, and more.

    Parameters
    ----------
    spins, energies, info
        As in :class:`pbit.Reads`: one row a run, the lowest state any of its replicas was in at
        the end of a sweep. These are no samples.
    ladder : Ladder
        The T betas.
    states : int8, shape (num_reads, T, R, n), or None
        Last states of all replicas of the runs that came to their end, hot to cold: samples of
        the Boltzmann laws at these betas. Kept where ``keep_states`` asks for them.
    """

    ladder: Ladder = field(default_factory=lambda: Ladder([0.0]))
    states: SpinArray | None = None


def temper(
    model: AnyModel,
    ladder: Ladder | None = None,
    *,
    num_reads: int = 1,
    num_sweeps: int | None = 1000,
    num_replicas: int | None = None,
    beta_range: tuple[float, float] | None = None,
    alpha: float = 1.25,
    feedback_rounds: int = 0,
    patience: float | None = None,
    cluster_moves: bool | int | Literal["auto"] = "auto",
    initial_spins: npt.ArrayLike | None = None,
    seed: int | None = None,
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    keep_states: bool = False,
    traced: bool = False,
    control: Control | None = None,
) -> Tempered:
    r"""Parallel tempering runs with swaps and cluster moves, each on a ladder of temperatures.

    A sweep is one heat-bath sweep of every replica, a cluster move of every pair of replicas (see
    ``cluster_moves``), and swaps of neighbours in temperature, even pairs after one sweep and odd
    ones after the next, accepted with probability :math:`\min(1, e^{(\beta' - \beta)(E' - E)})`.
    On a given ladder all of it leaves the product of the Boltzmann laws at all betas unchanged.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    ladder : Ladder, optional
        Found by the first run, in its first sweeps, when None: ``beta' = beta + alpha /
        sigma_E(beta)`` (:meth:`Ladder.by_spread`), then ``feedback_rounds`` times
        :meth:`Ladder.by_flow`. The other runs start anew on the ladder that was found.
    num_reads : int
        Independent runs.
    num_sweeps : int, optional
        Of each; None: until the control ends the run (it needs a time limit or a target).
    num_replicas : int, optional
        R at each temperature; by default what fills the kernel's vectors, at least 2.
    beta_range : (float, float), optional
        Hot and cold end of the ladder that is found; by default from the model, the cold end
        where less than one spin of a local minimum is excited
        (:func:`pbit.samplers.coldest.coldest_beta`), the hot end no hotter than where replicas
        left alone forget where they were in some tens of sweeps.
    alpha : float
        Step of the ladder in units of 1 / sigma_E; 1.25 accepts about 38 % of the swaps.
    patience : float, optional
        Begin a run again from fair coins, on the same ladder, once it has gone without a lower
        state for 1000 sweeps and ``patience`` times as many as it took to find its lowest one: in
        rugged models the replicas end up alike, and then cluster moves find nothing new. The
        lowest state of all is returned. None: never; last states are samples only then.
    cluster_moves : bool, int or "auto"
        After every so many sweeps (True: each), flip a connected cluster of spins, in which two
        replicas at one temperature differ, in both (Houdayer 2001; Zhu, Ochoa, Katzgraber 2015).
        The sum of the two energies is conserved, with biases and many-spin terms too (spins
        that share a term are neighbours). "auto": where spins have 8 neighbours or fewer on
        average, with kernel "bits" each sweep, else every fifth, because there a move costs more
        than a sweep; in denser graphs a cluster is nearly everything and nothing is gained.
    initial_spins : array of -1 and +1, shape (n,) or (num_reads, n), optional
        Where all replicas of a run start; fair coins by default.
    seed : int, optional
        0 <= seed < 2**64; drawn when None and returned in ``info["seed"]``.
    kernel : {"auto", "bits", "lanes", "dense"}
        "bits": one bit a replica, for small whole-number weights; "lanes": one vector lane a
        replica; "dense": lanes with a full matrix.
    num_threads : int, optional
        Runs side by side. No effect on the result of runs that end with their sweeps.
    keep_states : bool
        Return the last states of all replicas.
    traced : bool
        Record ``info["trace"]``, the lowest energy of any replica after each sweep, shape
        (num_reads, num_sweeps); NaN where a run was stopped before.
    control : Control, optional
        Time limit, target, interrupt, progress.

    Returns
    -------
    Tempered
        ``info`` has ``betas``, ``num_replicas``, ``swap_rates``, ``flow``, ``round_trips``,
        ``energies`` and ``energy_spreads`` (see
        :func:`pbit.samplers.tempering.exchange_books.summary`; counted on the final ladder),
        ``num_sweeps`` (of each run), ``ladder_sweeps`` (spent on the ladder), ``best_sweep``,
        ``kernel``, ``updates``, ``seed``, ``stop_reason``, ``timing``.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range.
    MemoryError
        Replicas that cannot fit into memory.

    References
    ----------
    Hukushima, Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996). Houdayer, Eur. Phys. J. B 22, 479
    (2001). Zhu, Ochoa, Katzgraber, Phys. Rev. Lett. 115, 077201 (2015). Chowdhury et al., Nat.
    Commun. 16, 9193 (2025).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> ring = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 0], [1.0, 1.0, 1.0, -1.0])
    >>> temper(ring, Ladder([0.2, 0.5, 1.0]), num_sweeps=20, seed=1).energies.tolist()
    [-2.0]
    """
    start = time.perf_counter_ns()
    control = control or Control()
    run = _Run(
        model,
        ladder,
        _Orders(
            num_reads=integer("num_reads", num_reads, 1, _MOST_READS),
            num_sweeps=_check_sweeps(num_sweeps, control, traced),
            replicas=None if num_replicas is None else integer("num_replicas", num_replicas, 1),
            ends=_ends(model, ladder, beta_range),
            free_hot=beta_range is None,
            alpha=_positive("alpha", alpha),
            feedback_rounds=integer("feedback_rounds", feedback_rounds, 0),
            patience=0.0 if patience is None else _positive("patience", patience),
            initial=_check_initial(initial_spins, num_reads, model.num_spins),
            seed=secrets.randbelow(_MAX_SEED) if seed is None else check_seed(seed),
            traced=traced,
            keep_states=keep_states,
        ),
        control,
        kernel,
    )
    run.cluster_every = _cluster_every(cluster_moves, run.prepared)
    threads = available_threads() if num_threads is None else integer("num_threads", num_threads, 1)
    prepared = time.perf_counter_ns()
    run.begin(threads)
    warm = time.perf_counter_ns()
    reason = run.go(threads)
    sampled = time.perf_counter_ns()
    return run.result(
        reason,
        num_threads=threads,
        timing={
            "preprocessing_ns": prepared - start,
            "compile_ns": warm - prepared,
            "sampling_ns": sampled - warm,
            "postprocessing_ns": 1,
        },
    )


@dataclass(frozen=True, eq=False)
class _Orders:
    """What was asked for, checked."""

    num_reads: int
    num_sweeps: int
    replicas: int | None
    ends: tuple[float, float]
    free_hot: bool
    alpha: float
    feedback_rounds: int
    patience: float
    initial: SpinArray | None
    seed: int
    traced: bool
    keep_states: bool


class _Run:
    """All runs of one call: the first finds the ladder, then threads take one after another."""

    def __init__(
        self, model: AnyModel, ladder: Ladder | None, orders: _Orders, control: Control, kernel: str
    ) -> None:
        self.orders, self.control = orders, control
        self.ladder = ladder
        self.prepared = Prepared.of(model, kernel, orders.ends[1])
        self.cluster_every = 0
        self.room = self.prepared.usual_slots if ladder is None else 0
        self.ladder_sweeps = 0
        self.stop = np.zeros(1, np.uint8)
        self._watches: dict[int, Watch] = {}
        self._engines: dict[int, Engine] = {}
        self._lock = threading.Lock()
        self._target = self._aim()

    def begin(self, threads: int) -> None:
        """Make the first run and compile, or load, its kernel."""
        ladder, replicas = self._start()
        reads = self.orders.num_reads
        kept = reads if self.orders.keep_states else 0
        size = self.prepared.num_spins * ladder.num_betas * replicas
        _check_memory(size * (min(threads, reads) + kept))
        engine = self._engine(0, ladder, replicas)
        engine.advance(0, self.cluster_every, Watch(-np.inf))

    def go(self, threads: int) -> str:
        """Run all; why they ended."""
        reads = iter(range(self.orders.num_reads))
        first = threading.Event()

        def work() -> None:
            while (read := self._next(reads)) is not None:
                if read:
                    first.wait()  # for the ladder
                try:
                    self._one(read, first)
                except BaseException:
                    self.stop[0] = 1  # before others go on without the ladder
                    raise
                finally:
                    first.set()

        def watch(finished: threading.Event) -> str | None:
            return self.control.watch(finished, self._report)

        if self.control.interrupted():
            self.stop[0] = 1
            work()
            return "interrupted"
        threads = min(threads, self.orders.num_reads)
        reason = share(work, num_threads=threads, stop=self.stop, watch=watch)
        return reason or "completed"

    def _one(self, read: int, first: threading.Event) -> None:
        """A run from its start to its end."""
        orders = self.orders
        watch = Watch(self._target, orders.num_sweeps if orders.traced else 0)
        watch.stop = self.stop
        if read == 0:
            engine = self._engines[0]
        else:
            if self.stop[0]:
                return
            assert self.ladder is not None
            engine = self._engine(read, self.ladder, self._engines[0].replicas)
        with self._lock:
            self._watches[read] = watch
        if self.ladder is None:
            self.ladder = find_ladder(
                engine,
                watch,
                cluster_every=self.cluster_every,
                lanes=self.prepared.most_slots if orders.replicas else self.prepared.usual_slots,
                replicas=orders.replicas,
                alpha=orders.alpha,
                free_hot=orders.free_hot,
                feedback_rounds=orders.feedback_rounds,
                most_sweeps=orders.num_sweeps,
            )
            self.ladder_sweeps = engine.sweep
        first.set()
        while not self.stop[0]:
            engine.advance(orders.num_sweeps, self.cluster_every, watch, patience=orders.patience)
            if engine.sweep >= orders.num_sweeps or self.stop[0]:
                break
            engine.restart()
        if not orders.keep_states and np.isfinite(engine.lowest[0]):
            engine.forget()

    def _start(self) -> tuple[Ladder, int]:
        """Ladder and number of replicas of the first run."""
        lanes, ladder, replicas = self.prepared.usual_slots, self.ladder, self.orders.replicas
        if ladder is None:
            few = replicas or lanes // _FIRST_BETAS
            many = max(2, min(_FIRST_BETAS, self.prepared.most_slots // few))
            return Ladder.geometric(*self.orders.ends, num_betas=many), few
        if replicas is None and 2 * ladder.num_betas > self.prepared.most_slots:
            replicas = 1
        return ladder, replicas_for(ladder, replicas, lanes)

    def _engine(self, read: int, ladder: Ladder, replicas: int) -> Engine:
        engine = self.prepared.run(
            ladder, replicas, seed=self.orders.seed, read=read, room=self.room
        )
        if self.orders.initial is not None:
            shape = (ladder.num_betas, replicas, self.prepared.num_spins)
            engine.put(np.broadcast_to(self.orders.initial[read], shape))
        with self._lock:
            self._engines[read] = engine
        return engine

    def _next(self, reads: Iterator[int]) -> int | None:
        with self._lock:
            return next(reads, None)

    def _aim(self) -> float:
        if self.control.target is None:
            return -np.inf
        model, size = self.prepared.model, self.prepared.compiled.size
        return self.control.target - model.offset + 1e-12 * (size + abs(model.offset))

    def _report(self, elapsed: float) -> Progress:
        orders = self.orders
        with self._lock:
            lowest = min((w.beat[1] for w in self._watches.values()), default=np.inf)
            done = sum(e.sweep for e in self._engines.values())
            first = self._engines[0]
            slots = first.ladder.num_betas * first.replicas
            running = sum(w.beat[0] for w in self._watches.values()) / slots
        fraction = None
        if orders.num_sweeps < _ENDLESS:
            whole = orders.num_reads * max(1, orders.num_sweeps)
            fraction = min(1.0, max(done, running) / whole)
        elif self.control.time_limit_s is not None:
            fraction = min(1.0, elapsed / self.control.time_limit_s)
        return Progress(fraction, lowest + self.prepared.model.offset, elapsed)

    def result(self, reason: str, *, num_threads: int, timing: dict[str, int]) -> Tempered:
        """What came of it."""
        orders, model = self.orders, self.prepared.model
        began = time.perf_counter_ns()
        engines = [self._engines[read] for read in sorted(self._engines)]
        swept = [e for e in engines if np.isfinite(e.lowest[0])]
        engines = swept or engines
        # Where no sweep was made: the states there are.
        rows = [e.lowest if swept else (0.0, e.states()[-1, 0], 0) for e in engines]
        spins = np.stack([row[1] for row in rows])
        energies = np.asarray(model.energy(spins), dtype=np.float64)
        if self.control.target is not None and energies.min() - model.offset <= self._target:
            reason = "target"  # whatever else came at the same time
        ladder = self.ladder or engines[0].ladder
        replicas = engines[0].replicas
        slots = ladder.num_betas * replicas
        info: dict[str, Any] = {
            "seed": orders.seed,
            "stop_reason": reason,
            "betas": ladder.values.tolist(),
            "beta_range": ladder.values[[0, -1]].tolist(),
            "beta_schedule_type": "ladder",
            "rule": "heat-bath",
            "order": "sequential",
            "num_replicas": replicas,
            "num_reads": len(engines),
            "num_sweeps": max(e.sweep for e in engines),
            "ladder_sweeps": self.ladder_sweeps,
            "restarts": sum(e.restarts for e in engines),
            "best_sweep": [row[2] for row in rows],
            "cluster_every": self.cluster_every,
            "kernel": self.prepared.kernel,
            "law": "Boltzmann at every beta of the ladder; the lowest states are no samples",
            "updates": sum(e.sweep for e in engines) * slots * self.prepared.num_spins,
            "num_threads": num_threads,
            "rng": RNG,
        } | summary([e.books for e in engines], model.offset)
        if orders.traced:
            info["trace"] = self._trace([e.read for e in engines])
        states = None
        if orders.keep_states:
            whole = [e for e in engines if e.sweep == orders.num_sweeps]
            shape = (0, ladder.num_betas, replicas, self.prepared.num_spins)
            states = np.stack([e.states() for e in whole]) if whole else np.empty(shape, np.int8)
        timing["postprocessing_ns"] = max(1, time.perf_counter_ns() - began)
        return Tempered(spins, energies, info | {"timing": timing}, ladder, states)

    def _trace(self, reads: list[int]) -> FloatArray:
        traces = np.stack([self._watches[read].trace for read in reads])
        return np.where(np.isfinite(traces), traces + self.prepared.model.offset, np.nan)


def _check_sweeps(num_sweeps: int | None, control: Control, traced: bool) -> int:
    if num_sweeps is not None:
        return integer("num_sweeps", num_sweeps, 0, _ENDLESS - 1)
    if control.time_limit_s is None and control.target is None:
        raise ValueError("num_sweeps must be given unless a time limit or a target is")
    if traced:
        raise ValueError("num_sweeps must be given with traced=True, which keeps one energy each")
    return _ENDLESS


def _ends(
    model: AnyModel, ladder: Ladder | None, beta_range: tuple[float, float] | None
) -> tuple[float, float]:
    if ladder is not None:
        if beta_range is None:
            return float(ladder.values[0]), float(ladder.values[-1])
        raise ValueError("beta_range must be left out where a ladder is given, which has its own")
    if beta_range is None:
        hot = default_beta_range(model)[0]
        return hot, max(2 * hot, coldest_beta(model))
    values = tuple(float(beta) for beta in beta_range)
    if len(values) != 2 or not 0 < values[0] < values[1] < np.inf:
        raise ValueError(f"beta_range must be two numbers, 0 < hot < cold, got {beta_range}")
    return values[0], values[1]


def _check_initial(initial: npt.ArrayLike | None, num_reads: int, n: int) -> SpinArray | None:
    """One row a run."""
    if initial is None:
        return None
    spins = np.asarray(initial)
    if spins.shape not in ((n,), (num_reads, n)):
        raise ValueError(
            f"initial_spins must have shape ({n},) or ({num_reads}, {n}), one row a run, got "
            f"{spins.shape}"
        )
    if not np.all((spins == 1) | (spins == -1)):
        raise ValueError("initial_spins must be -1 or +1; for bits x in {0, 1} pass 2*x - 1")
    return np.broadcast_to(spins.astype(np.int8), (num_reads, n))


def _positive(name: str, value: float) -> float:
    number = float(value)
    if not 0 < number < np.inf:
        raise ValueError(f"{name} must be a number > 0, got {value}")
    return number


def _cluster_every(asked: bool | int | str, prepared: Prepared) -> int:
    if isinstance(asked, str):
        if asked != "auto":
            raise ValueError(f"cluster_moves must be a bool, a number or 'auto', got {asked!r}")
        return prepared.usual_clusters
    every = int(asked) if isinstance(asked, bool) else asked
    return integer("cluster_moves", every, 0, _ENDLESS) if prepared.num_spins else 0


def _check_memory(needed: int) -> None:
    memory = memory_bytes()
    if needed > 0.4 * memory:
        raise MemoryError(
            f"ladders of {needed} spins need about {2 * needed / 2**30:.1f} GiB, this machine "
            f"has {memory / 2**30:.1f}; lower num_replicas or num_threads, "
            "or give a shorter ladder"
        )
