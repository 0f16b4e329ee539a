"""All runs of one call: run 0 finds the ladder, then workers take one after another."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from pbit.kernels.random.stream import RNG
from pbit.machine import check_memory
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.control import Control, Progress
from pbit.run.pieces import run_pieces
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.tempering.exchange_books import Books, summary
from pbit.samplers.tempering.ladder_search import LadderSearch, find_ladder, replicas_for
from pbit.samplers.tempering.orders import ENDLESS, Orders
from pbit.samplers.tempering.program import LadderProgram
from pbit.samplers.tempering.replicas import Replicas, Watch
from pbit.schedules.ladder import Ladder

_FIRST_BETAS = 32


class Done(NamedTuple):
    """A run that is over, or was stopped: its lowest state, the last ones where they are kept."""

    read: int
    lowest: tuple[float, SpinArray, int]
    sweep: int
    restarts: int
    books: Books
    trace: FloatArray
    states: SpinArray | None


class Job(NamedTuple):
    """What all runs have in common; it pickles, for other processes."""

    program: LadderProgram
    ladder: Ladder
    replicas: int
    orders: Orders
    aim: Aim
    room: int

    @property
    def slots(self) -> int:
        """Replicas in all."""
        return self.ladder.num_betas * self.replicas

    def begin(self, read: int) -> Replicas:
        """A run at its start."""
        orders, ladder = self.orders, self.ladder
        run = self.program.start(ladder, self.replicas, seed=orders.seed, read=read, room=self.room)
        if orders.initial is not None:
            shape = (ladder.num_betas, self.replicas, self.program.num_spins)
            row = max(0, read - orders.first_read)
            run.put(np.broadcast_to(orders.initial[row], shape))
        return run

    def watch(self, stop: Any) -> Watch:
        """What a run and its kernel share."""
        watch = Watch(self.aim.target, self.orders.num_sweeps if self.orders.traced else 0)
        watch.stop = stop
        return watch


class TemperingRun:
    """Finds the ladder, makes the runs, puts their results together."""

    def __init__(
        self,
        program: LadderProgram,
        ladder: Ladder | LadderSearch,
        orders: Orders,
        control: Control,
        *,
        executor: Any = None,
        goes_on: bool = False,
    ) -> None:
        self.orders, self.control, self.executor = orders, control, executor
        self._goes_on = goes_on
        self.ladder_sweeps = 0
        self._reason: str | None = None
        self._search = ladder if isinstance(ladder, LadderSearch) else None
        self._stop = np.zeros(1, np.uint8)
        self._watches: dict[int, Watch] = {}
        self._done: list[Done] = []
        self._runs: list[Replicas] = []
        self._has_ladder = self._search is None
        aim = _aim_of(program, control)
        room = 0 if self._search is None else program.usual_slots
        self.job = Job(program, *_first_slots(program, ladder, orders), orders, aim, room)

    def begin(self, threads: int) -> None:
        """Make the first run and compile, or load, its kernel."""
        orders, job = self.orders, self.job
        kept = orders.num_reads if orders.keep_states else 0
        copies = job.program.num_spins * job.slots * (min(threads, orders.num_reads) + kept)
        check_memory(
            2 * copies,
            what=f"ladders of {copies} spins",
            lower="num_replicas",
            others=" or num_threads, or give a shorter ladder",
        )
        self._first = job.begin(orders.first_read if self._search is None else 0)
        self._first.advance(0, orders.cluster_every, Watch(-np.inf))

    def go(self, threads: int) -> None:
        """Find the ladder, then make all runs."""
        start = self.control.clock.now()
        over = self.control.interrupted()
        self._stop[0] = over
        reason: str | None = None
        with self.control.listening() as ctrl_c:  # between the loops, too
            if self._search is not None:
                find = partial(self._find, self._search)
                reason = self._loop(iter([self._first]), find, self._found, 1, self.control)
            if not self._stop[0]:
                reason = self._make(threads, self.control.rest(self.control.clock.now() - start))
        if ctrl_c.pressed:
            self._stop[0] = over = True
        if not self._done:
            self._take(self._one(self._first))
        self._reason = "interrupted" if over else reason

    def go_on(self, threads: int, control: Control) -> str | None:
        """Further sweeps of all runs, made to go on, which were stopped; why they ended."""
        self.control = control
        if self._runs and self.control.interrupted():
            return "interrupted"
        self._stop[0] = 0
        self.job = self.job._replace(aim=_aim_of(self.job.program, control))
        for watch in self._watches.values():
            watch.target = self.job.aim.target
        if not self._runs or not self._has_ladder:
            self._done, self._runs = [], []
            self.go(threads)
            return self._reason
        stopped, self._done, self._runs = self._runs, [], []
        self._reason = self._loop(iter(stopped), self._one, self._take, threads, control)
        return self._reason

    @property
    def lowest(self) -> float:
        """Lowest energy so far, no offset."""
        return min((done.lowest[0] for done in self._done), default=np.inf)

    @property
    def updates(self) -> int:
        """Update attempts of all runs."""
        return sum(done.sweep for done in self._done) * self.job.slots * self.job.program.updates

    def restart(self) -> None:
        """All runs from fair coins, on the same ladder; their lowest states stay."""
        for run in self._runs:
            run.restart()

    def lowest_states(self) -> SpinArray:
        """The lowest state of each run."""
        return np.stack([done.lowest[1] for done in self._done])

    def coldest(self, count: int) -> SpinArray:
        """The coldest replicas of each run now, ``count`` of each."""
        n = self.job.program.num_spins
        return np.concatenate([run.states().reshape(-1, n)[-count:] for run in self._runs])

    def result(self, stopwatch: Stopwatch, *, num_threads: int) -> Any:
        """What came of it."""
        orders, job = self.orders, self.job
        model, ladder = job.program.model, job.ladder
        swept = [done for done in self._done if np.isfinite(done.lowest[0])]
        runs = sorted(swept or self._done, key=lambda done: done.read)
        spins = np.stack([done.lowest[1] for done in runs])
        energies = np.asarray(model.energy(spins), dtype=np.float64)
        hit = job.aim.is_hit(energies - model.offset)  # whatever else came at the same time
        info: dict[str, Any] = {
            "seed": orders.seed,
            "stop_reason": "target" if hit else self._reason or "completed",
            "betas": ladder.values.tolist(),
            "beta_range": ladder.values[[0, -1]].tolist(),
            "beta_schedule_type": "ladder",
            "rule": job.program.rule,
            "order": "sequential",
            "num_replicas": job.replicas,
            "num_reads": len(runs),
            "num_sweeps": max(done.sweep for done in runs),
            "ladder_sweeps": self.ladder_sweeps,
            "restarts": sum(done.restarts for done in runs),
            "best_sweep": [done.lowest[2] for done in runs],
            "cluster_every": orders.cluster_every,
            "kernel": job.program.kernel,
            "law": job.program.law,
            "updates": self.updates,
            "num_threads": num_threads,
            "rng": RNG,
        } | summary([done.books for done in runs], model.offset)
        if orders.traced:
            traces = np.stack([done.trace for done in runs])
            info["trace"] = np.where(np.isfinite(traces), traces + model.offset, np.nan)
        states = None
        if orders.keep_states:
            whole = [done.states for done in runs if done.sweep == orders.num_sweeps]
            shape = (0, ladder.num_betas, job.replicas, job.program.num_spins)
            states = np.stack(whole) if whole else np.empty(shape, job.program.dtype)  # type: ignore[arg-type]
        info["timing"] = stopwatch.timing()
        return job.program.reads(spins, energies, info, ladder, states)

    def _make(self, threads: int, control: Control) -> str | None:
        """All runs on the ladder that is known now."""
        first, orders = self._first, self.orders
        reads = range(orders.first_read, orders.first_read + orders.num_reads)
        pieces = (first if read == first.read else read for read in reads)
        call = self._one if self.executor is None else partial(run_one, self.job, self._stop)
        many = min(threads, orders.num_reads)
        return self._loop(pieces, call, self._take, many, control, self.executor)

    def _loop(
        self,
        pieces: Any,
        call: Any,
        take: Any,
        threads: int,
        control: Control,
        executor: Any = None,
    ) -> str | None:
        return run_pieces(
            pieces,
            call,
            take,
            stop=self._stop,
            control=control,
            report=self._report,
            threads=threads,
            executor=executor,
        )

    def _find(self, search: LadderSearch, first: Replicas) -> Ladder:
        """The ladder, found by run 0."""
        orders, program = self.orders, self.job.program
        return find_ladder(
            first,
            self._watch(first.read),
            search=search,
            cluster_every=orders.cluster_every,
            lanes=program.most_slots if orders.replicas else program.usual_slots,
            replicas=orders.replicas,
            most_sweeps=orders.num_sweeps,
        )

    def _found(self, ladder: Ladder) -> None:
        first = self._first
        self.ladder_sweeps = first.sweep
        self._has_ladder = not self._stop[0]
        ladder = ladder if self._has_ladder else first.ladder
        self.job = self.job._replace(ladder=ladder, replicas=first.replicas)

    def _one(self, piece: Replicas | int) -> Done:
        """A run of this process, from its start to its end."""
        run = self.job.begin(piece) if isinstance(piece, int) else piece
        done = finish(run, self.orders, self._watch(run.read))
        if self._goes_on:
            self._runs.append(run)
        else:
            run.forget()
        return done

    def _watch(self, read: int) -> Watch:
        if read not in self._watches:
            self._watches[read] = self.job.watch(self._stop)
        return self._watches[read]

    def _take(self, done: Done) -> None:
        self._done.append(done)
        if self.executor is not None:
            self._stop[0] |= self.job.aim.is_hit(done.lowest[0])

    def _report(self, elapsed: float) -> Progress:
        orders = self.orders
        watches = list(self._watches.values())
        lowest = min((watch.beat[1] for watch in watches), default=np.inf)
        lowest = min([lowest, *(done.lowest[0] for done in list(self._done))])
        running = sum(watch.beat[0] for watch in watches) / self.job.slots
        done = sum(done.sweep for done in list(self._done))
        fraction = None
        if orders.num_sweeps < ENDLESS:
            whole = orders.num_reads * max(1, orders.num_sweeps)
            fraction = min(1.0, max(done, running) / whole)
        elif self.control.time_limit_s is not None:
            fraction = min(1.0, elapsed / self.control.time_limit_s)
        return Progress(fraction, lowest + self.job.program.model.offset, elapsed)


def _aim_of(program: LadderProgram, control: Control) -> Aim:
    return Aim.at(control.target, offset=program.model.offset, size=program.size)


def _first_slots(
    program: LadderProgram, ladder: Ladder | LadderSearch, orders: Orders
) -> tuple[Ladder, int]:
    """Ladder and number of replicas of the first run."""
    lanes, replicas = program.usual_slots, orders.replicas
    if isinstance(ladder, LadderSearch):
        few = replicas or lanes // _FIRST_BETAS
        many = max(2, min(_FIRST_BETAS, program.most_slots // few))
        return Ladder.geometric(*orders.ends, num_betas=many), few
    if replicas is None and 2 * ladder.num_betas > program.most_slots:
        replicas = 1
    return ladder, replicas_for(ladder, replicas, lanes)


def finish(run: Replicas, orders: Orders, watch: Watch) -> Done:
    """Go on to the end, begun again where patience is over."""
    while not watch.stop[0]:
        run.advance(orders.num_sweeps, orders.cluster_every, watch, patience=orders.patience)
        if run.sweep >= orders.num_sweeps or watch.stop[0]:
            break
        run.restart()
    lowest = run.lowest
    if not np.isfinite(lowest[0]):  # no sweep was made: a state there is
        lowest = (np.inf, run.states()[-1, 0], 0)
    states = run.states() if orders.keep_states and run.sweep == orders.num_sweeps else None
    return Done(run.read, lowest, run.sweep, run.restarts, run.books, watch.trace, states)


def run_one(job: Job, stop: Any, piece: Replicas | int) -> Done:
    """A run from its start to its end, in any process."""
    run = job.begin(piece) if isinstance(piece, int) else piece
    return finish(run, job.orders, job.watch(stop))
