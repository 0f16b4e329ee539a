"""A machine trained while signals are taken and progress is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pbit.by_value import ByValue

if TYPE_CHECKING:
    from pbit.cli.running import Bar, Interrupt

_AT_A_TIME = 1000  # rows that are scored


@dataclass(frozen=True, eq=False)
class Examples(ByValue):
    """Rows of 0 and 1 from a file, with a label each or none."""

    source: str
    bits: Any
    labels: Any = None

    def part(self, first: int, last: int) -> tuple[Any, Any]:
        """Some rows and their labels."""
        return self.bits[first:last], None if self.labels is None else self.labels[first:last]


@dataclass(frozen=True, eq=False)
class Course(ByValue):
    """A machine that has learnt nothing, what it learns from, and what it is tested on."""

    machine: Any
    rows: Examples
    test: Examples | None = None
    kind: str = ""
    most_scored: int = 1000  # training rows that are looked at when all is done


@dataclass
class Outcome:
    """The machine after its last whole epoch, None where there was none; how it went.

    ``scores``: by "training" and "test", accuracy where there are labels, else what the machine
    calls its score.
    """

    machine: Any = None
    seconds: float = 0.0
    scores: dict[str, float] = field(default_factory=dict)
    stopped: bool = False
    notes: list[str] = field(default_factory=list)


class _Stopped(Exception):
    """A signal in the middle of an epoch."""


def train_machine(
    task: Course, interrupt: Interrupt, bar: Bar, clock: Callable[[], float] = time.perf_counter
) -> Outcome:
    """The machine that has learnt from the task's rows, and how good it is.

    After a signal, it is the machine of the last whole epoch, without scores.
    """
    began = clock()
    outcome = Outcome()
    try:
        if hasattr(task.machine, "epochs"):
            _learn(task, outcome, interrupt, _Meter(task.machine.n_iter, bar, clock))
        else:
            outcome.machine = task.machine.fit(task.rows.bits)
        outcome.seconds = clock() - began
        _score(task, outcome, interrupt, bar)
    except _Stopped:
        outcome.seconds = outcome.seconds or clock() - began
    outcome.stopped = interrupt()
    return outcome


def _learn(task: Course, outcome: Outcome, interrupt: Interrupt, meter: _Meter) -> None:
    def after_update(share: float) -> None:
        meter.show(share)
        if share < 1 and interrupt():
            raise _Stopped

    machine = task.machine
    for entry in machine.epochs(task.rows.bits, task.rows.labels, after_update=after_update):
        outcome.machine = _copy(machine)
        meter.epoch_done(entry)
        if interrupt():
            raise _Stopped


def _copy(machine: Any) -> Any:
    """The machine as it is now; training goes on in place."""
    arrays, settings = machine.to_arrays()
    arrays = {name: array.copy() for name, array in arrays.items()}
    copied = type(machine).from_arrays(arrays, settings | {"history": list(machine.history_)})
    copied.learnt_from_ = machine.learnt_from_
    return copied


def _score(task: Course, outcome: Outcome, interrupt: Interrupt, bar: Bar) -> None:
    parts = {"training": (task.rows, min(task.most_scored, len(task.rows.bits)))}
    if task.test is not None:
        parts["test"] = (task.test, len(task.test.bits))
    for name, (rows, count) in parts.items():
        total = 0.0
        for first in range(0, count, _AT_A_TIME):
            bits, labels = rows.part(first, min(first + _AT_A_TIME, count))
            total += outcome.machine.score(bits, labels) * len(bits)
            bar.show((first + len(bits)) / count, f"{name} rows")
            if interrupt():
                raise _Stopped
        outcome.scores[name] = total / count


class _Meter:
    """How far a training is, how good, and how long it has to go."""

    def __init__(self, num_epochs: int, bar: Bar, clock: Callable[[], float]) -> None:
        self._num_epochs, self._bar, self._clock = num_epochs, bar, clock
        self._done, self._measured = 0, ""
        self._first: tuple[float, float] | None = None  # time and epochs done at the first look

    def epoch_done(self, entry: dict[str, float]) -> None:
        """Note what was measured."""
        self._done = int(entry["epoch"])
        self._measured = f", PL {entry['pseudo_likelihood']:.2f}"
        if self._first is not None and self._done < self._num_epochs:
            self.show(0.0)

    def show(self, share: float) -> None:
        """Draw the bar, with this share of an epoch done."""
        done = self._done + share
        number = min(self._done + 1, self._num_epochs)
        text = f"epoch {number}/{self._num_epochs}{self._measured}{self._left(done)}"
        self._bar.show(done / self._num_epochs, text)

    def _left(self, done: float) -> str:
        """Time to go; not told at the first look, before which kernels may have been compiled."""
        now = self._clock()
        if self._first is None:
            self._first = now, done
        began, there = self._first
        if done == there:
            return ""
        return f", {(now - began) / (done - there) * (self._num_epochs - done):.0f} s left"
