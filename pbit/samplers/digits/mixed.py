"""A time limit filled with annealing, tempering and crossing of digits in turn."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.digits.family import DigitProgram, ValueArray
from pbit.engines.digits.sites import SiteProgram
from pbit.engines.words import Rule
from pbit.kernels.random.stream import RNG
from pbit.run.control import Control
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.budget import Budget
from pbit.samplers.digits.anneal import anneal_digits
from pbit.samplers.digits.blocks import LANES_FROM
from pbit.samplers.digits.crossing import Crossing, is_crossable
from pbit.samplers.digits.dit_reads import DitReads
from pbit.samplers.digits.replicas import DigitTempering
from pbit.samplers.digits.temper import usual_ladder
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.orders import Orders
from pbit.samplers.tempering.tempering_run import TemperingRun

_FIRST_READS, _FIRST_SWEEPS = 16, 125  # as many as run side by side
_MOST_SWEEPS = 2**17  # of a read: where these do not do, others do
_SHORT = 0.15  # of the time spent: rounds of less grow
_WARM = 0.25  # of the cold end, where every second round begins: what is hotter costs most
_AHEAD, _LEVEL, _BEHIND = 4.0, 2.0, 1.0  # parts of the time, that of annealing being 1
_HOPEFUL = 2.0  # times the energy of tempering: more, and the first population is behind
_CHANCES = 12  # generations, before that is looked at
_BESIDE = 0.5  # that of annealing where there is crossing


class MixedSearch:
    """One search for low states under a control that ends it.

    Annealing from the hot end finds what is hidden behind a jump of the energy, planted states
    above all; tempering goes on and on near the cold end, where most states are alike. They take
    turns, whoever has the lowest state more of the time; reads become more and longer by turns.
    Colourings are crossed, too (:mod:`pbit.samplers.digits.crossing`), unless the ends of schedules
    are given.

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
        self._crossing: Crossing | None = None
        if beta_range is None and isinstance(program, SiteProgram) and is_crossable(program):
            self._spent["crossing"], self._floor = 0.0, program.model.bounds[0]
            self._crossing = Crossing(program, seed=seed, num_threads=num_threads, rule=rule)

    def run(self) -> DitReads:
        """The lowest state of each round of annealing, and that of tempering."""
        self._watch.mark()
        self._tempering.begin(self.threads)
        self._warm_up()
        self._watch.mark()
        self._budget, reason = Budget(self.control), None
        rounds = {"anneal": self._anneal, "tempering": self._temper, "crossing": self._cross}
        while reason is None:
            who, seconds = self._next()
            began = self.control.clock.now()
            reason = rounds[who](seconds)
            self._spent[who] += self.control.clock.now() - began
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

    def _tempering_run(self) -> TemperingRun:
        program = DigitTempering(self.program, self.rule, is_long=True, fills=True)
        ladder, replicas = usual_ladder(self.program, LadderSearch(self.beta_range))
        orders = Orders.to_go_on(
            num_reads=self.threads,
            seed=self.seed,
            ends=self.beta_range or self.program.beta_range,
            replicas=replicas,
        )
        return TemperingRun(program, ladder, orders, self.control, goes_on=True)

    def _rest(self, seconds: float = np.inf) -> Control:
        """What is left of the control, for so long at most; it tells about the whole."""
        self._budget.lowest = min(self._lowest().values())
        return self._budget.slice(seconds)

    def _next(self) -> tuple[str, float]:
        """Whose turn it is: who has had least of their part; seconds until all have had theirs."""
        shares = {"anneal": 1.0 if self._crossing is None else _BESIDE, **self._shares()}
        had = {who: spent / shares[who] for who, spent in self._spent.items()}
        who = min(had, key=lambda who: had[who])
        return who, shares[who] * (max(had.values()) - had[who])

    def _lowest(self) -> dict[str, float]:
        """Lowest energy that each has found."""
        tempered = self._tempering.lowest + self.program.model.offset
        found = {"anneal": min(self._energies, default=np.inf), "tempering": tempered}
        return found if self._crossing is None else found | {"crossing": self._crossing.lowest}

    def _shares(self) -> dict[str, float]:
        """Parts of the time of those that go on and on: more for who has the lowest state, or for
        the first population that is crossed, which ends lower than it begins."""
        lowest, shares = self._lowest(), {}
        for who in lowest.keys() - {"anneal"}:
            others = min(lowest[other] for other in lowest.keys() - {who})
            level = _LEVEL if lowest[who] == np.inf or lowest[who] == others else _BEHIND
            shares[who] = _AHEAD if lowest[who] < others else level
        if self._crossing is not None and not self._crossing.restarts:
            crossed, tempered = lowest["crossing"] - self._floor, lowest["tempering"] - self._floor
            hope = crossed <= _HOPEFUL * tempered or self._crossing.generations < _CHANCES
            ahead, behind = ("crossing", "tempering") if hope else ("tempering", "crossing")
            shares |= {ahead: _AHEAD, behind: _BEHIND}
        return shares

    def _anneal(self, seconds: float) -> str | None:
        """A round of reads, however long it takes; why all is over, if it is."""
        began = self.control.clock.now()
        reads = anneal_digits(
            self.program,
            num_sweeps=self._sweeps,
            beta_range=self._range(len(self._rows)),
            num_reads=max(self.threads, _FIRST_READS << self._growth // 2),
            first_read=self._reads,
            seed=self.seed,
            rule=self.rule,
            best_seen=True,
            num_threads=self.threads,
            control=self._rest(),
        )
        took = self.control.clock.now() - began
        self._growth += took < _SHORT * sum(self._spent.values())
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

    def _temper(self, seconds: float) -> str | None:
        """Tempering for so long; why all is over, if it is."""
        reason = self._tempering.go_on(self.threads, self._rest(seconds))
        if self._aim.is_hit(self._tempering.lowest):
            return "target"
        if reason == "interrupted":
            return reason
        return self._budget.reason

    def _cross(self, seconds: float) -> str | None:
        """A generation; why all is over, if it is."""
        assert self._crossing is not None
        reason = self._crossing.go_on(self._rest())
        return None if reason == "completed" else reason

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
        if self._crossing is not None and self._crossing.generations:
            rows, energies = [*rows, self._crossing.best], [*energies, self._crossing.lowest]
            self._updates += self._crossing.updates
            self._reads += self._crossing.reads
        info |= {
            "seed": self.seed,
            "stop_reason": reason,
            "num_reads": self._reads + info.get("num_reads", 0),
            "num_sweeps": self._sweeps,
            "rule": self.rule,
            "order": "sequential",
            "kernel": "digits",
            "law": self.program.law + ", searched: the lowest states are no samples",
            "updates": self._updates + self._tempering.updates,
            "num_threads": threads,
            "rng": RNG,
            "rounds": len(rows),
            "seconds_by": self._spent,
            "timing": self._watch.timing(),
        }
        return DitReads(np.stack(rows), np.array(energies), info)
