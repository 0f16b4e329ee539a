"""A time limit filled with annealing and tempering of digits in turn."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.digits.family import DigitProgram, ValueArray
from pbit.engines.words import Rule
from pbit.kernels.random.stream import RNG
from pbit.run.control import Changed, Control, Progress
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.digits.anneal import anneal_digits
from pbit.samplers.digits.blocks import LANES_FROM
from pbit.samplers.digits.dit_reads import DitReads
from pbit.samplers.digits.replicas import DigitTempering
from pbit.samplers.digits.temper import usual_ladder
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.orders import ENDLESS, PATIENCE, Orders
from pbit.samplers.tempering.tempering_run import TemperingRun

_FIRST_READS, _FIRST_SWEEPS = 16, 125  # as many as run side by side
_MOST_SWEEPS = 2**17  # of a read: where these do not do, others do
_SHORT = 0.15  # of the time spent: rounds of less grow
_WARM = 0.25  # of the cold end, where every second round begins: what is hotter costs most
_AHEAD, _LEVEL, _BEHIND = 4.0, 2.0, 1.0  # seconds of tempering for one of annealing


class MixedSearch:
    """One search for low states under a control that ends it.

    Annealing from the hot end finds what is hidden behind a jump of the energy, planted states
    above all; tempering goes on and on near the cold end, where most states are alike. They take
    turns, whoever has the lowest state more of the time; reads become more and longer by turns.

    Parameters
    ----------
    program : DigitProgram
    control : Control
        With a time limit.
    seed, num_threads : int
    rule : {"heat-bath", "metropolis"}
    beta_range : (float, float), optional
        Ends of schedules and ladder.
    """

    def __init__(
        self,
        program: DigitProgram,
        control: Control,
        *,
        seed: int,
        num_threads: int,
        rule: Rule = "heat-bath",
        beta_range: tuple[float, float] | None = None,
        num_sweeps: int | None = None,
    ) -> None:
        self._watch = Stopwatch()
        self.program, self.control, self.seed = program, control, seed
        self.threads, self.rule, self.beta_range = num_threads, rule, beta_range
        self._fixed_sweeps = num_sweeps
        self._aim = Aim.at(control.target, offset=program.model.offset, size=program.size)
        self._rows: list[ValueArray] = []
        self._energies: list[float] = []
        self._reads, self._updates, self._growth = 0, 0, 0
        self._spent = {"anneal": 0.0, "tempering": 0.0}
        self._tempering = self._tempering_run()

    def run(self) -> DitReads:
        """The lowest state of each round of annealing, and that of tempering."""
        self._watch.mark()
        self._tempering.begin(self.threads)
        self._warm_up()
        self._watch.mark()
        self._start, turn, reason = self.control.clock.now(), 0, None
        while reason is None:
            reason = self._anneal(turn)
            if reason is None:
                reason = self._temper()
            turn += 1
        self._watch.mark()
        return self._result(reason)

    def _warm_up(self) -> None:
        """Compile, or load, the kernels of annealing: of few reads, and of many."""
        nothing = Control(interrupt=lambda: True)
        long = int(LANES_FROM // max(1, self.program.updates * _FIRST_READS)) + 1
        for sweeps in (1, long):
            anneal_digits(
                self.program,
                num_sweeps=sweeps,
                num_reads=_FIRST_READS,
                num_threads=1,
                seed=0,
                rule=self.rule,
                control=nothing,
            )

    @property
    def lowest(self) -> float:
        """Lowest energy of annealing so far."""
        return min(self._energies, default=np.inf)

    def _tempering_run(self) -> TemperingRun:
        program = DigitTempering(self.program, self.rule, is_long=True)
        ladder, replicas = usual_ladder(self.program, LadderSearch(self.beta_range))
        orders = Orders(
            num_reads=self.threads,
            first_read=0,
            num_sweeps=ENDLESS,
            replicas=replicas,
            cluster_every=0,
            patience=PATIENCE,
            initial=None,
            seed=self.seed,
            traced=False,
            keep_states=False,
            ends=self.beta_range or self.program.beta_range,
        )
        return TemperingRun(program, ladder, orders, self.control, goes_on=True)

    def _rest(self, seconds: float = np.inf) -> Control:
        """What is left of the control, for so long at most; it tells about the whole."""
        elapsed = self.control.clock.now() - self._start
        rest, limit = self.control.rest(elapsed), self.control.time_limit_s or np.inf
        left = limit - elapsed
        tell = self.control.tell
        best = min(self.lowest, self._tempering.lowest + self.program.model.offset)

        def whole(report: Progress) -> Progress:
            now = elapsed + report.elapsed_s
            return Progress(min(1.0, now / limit), min(best, report.best_energy), now)

        progress = None if tell is None else Changed(tell, whole)
        return Control(
            time_limit_s=max(1e-3, min(seconds, left)),
            target=rest.target,
            interrupt=rest.interrupt,
            progress=progress,
            on_interrupt=rest.on_interrupt,
            clock=rest.clock,
        )

    def _anneal(self, turn: int) -> str | None:
        """A round of reads; why all is over, if it is."""
        began = self.control.clock.now()
        reads = anneal_digits(
            self.program,
            num_sweeps=self._sweeps,
            beta_range=self._range(turn),
            num_reads=max(self.threads, _FIRST_READS << self._growth // 2),
            first_read=self._reads,
            seed=self.seed,
            rule=self.rule,
            best_seen=True,
            num_threads=self.threads,
            control=self._rest(),
        )
        seconds = self.control.clock.now() - began
        self._growth += seconds < _SHORT * sum(self._spent.values())
        self._spent["anneal"] += seconds
        self._rows.append(reads.values[reads.best])
        self._energies.append(float(reads.energies[reads.best]))
        self._reads += reads.info["num_reads"]
        self._updates += reads.info["updates"]
        reason = str(reads.info["stop_reason"])
        return None if reason == "completed" else reason

    @property
    def _sweeps(self) -> int:
        """Of a read of the next round."""
        if self._fixed_sweeps is not None:
            return self._fixed_sweeps
        return min(_MOST_SWEEPS, _FIRST_SWEEPS << (self._growth + 1) // 2)

    def _range(self, turn: int) -> tuple[float, float]:
        """From the hot end, and from warm states by turns."""
        if self.beta_range is not None:
            return self.beta_range
        hot, cold = self.program.beta_range
        return (hot, cold) if turn % 2 == 0 else (max(hot, _WARM * cold), cold)

    def _temper(self) -> str | None:
        """As much of tempering as it is worth; why all is over, if it is."""
        own = self._tempering.lowest + self.program.model.offset
        share = _LEVEL if own == self.lowest or own == np.inf else _BEHIND
        share = _AHEAD if own < self.lowest else share
        seconds = share * self._spent["anneal"] - self._spent["tempering"]
        if seconds <= 0:
            return None
        began = self.control.clock.now()
        reason = self._tempering.go_on(self.threads, self._rest(seconds))
        self._spent["tempering"] += self.control.clock.now() - began
        if self._aim.is_hit(self._tempering.lowest):
            return "target"
        if reason == "interrupted":
            return reason
        elapsed = self.control.clock.now() - self._start
        return self.control.reason_to_stop(elapsed)

    def _result(self, reason: str) -> DitReads:
        threads = self.threads
        if not np.isfinite(self._tempering.lowest):
            info: dict[str, Any] = {"beta_range": list(self.beta_range or self.program.beta_range)}
            rows, energies = self._rows, self._energies
        else:
            runs = self._tempering.result(self._watch, num_threads=threads)
            info = dict(runs.info)
            rows = [*self._rows, runs.values[runs.best]]
            energies = [*self._energies, float(runs.energies[runs.best])]
        info |= {
            "seed": self.seed,
            "stop_reason": reason,
            "num_reads": self._reads + info.get("num_reads", 0),
            "num_sweeps": self._sweeps,
            "rule": self.rule,
            "order": "sequential",
            "kernel": "digits",
            "law": self.program.law + ", annealed and tempered: the lowest states are no samples",
            "updates": self._updates + self._tempering.updates,
            "num_threads": threads,
            "rng": RNG,
            "rounds": len(rows),
            "seconds_by": self._spent,
            "timing": self._watch.timing(),
        }
        return DitReads(np.stack(rows), np.array(energies), info)
