"""Annealing of digits, as :func:`pbit.anneal` calls it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, flag, integer
from pbit.engines.digits.family import DigitProgram, ValueArray
from pbit.engines.digits.registry import digit_program
from pbit.engines.words import rule_named
from pbit.machine import check_memory, threads_of
from pbit.run.control import control_from
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.digits.annealing_run import AnnealingRun
from pbit.samplers.digits.blocks import AnnealTask
from pbit.samplers.digits.dit_orders import chosen_order
from pbit.samplers.digits.dit_reads import DitReads
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS, Schedule, hot_and_cold, schedule_from
from pbit.seeds import seed_or_fresh

_MOST_READS = 2**32


def anneal_digits(
    model: Any,
    schedule: Schedule | npt.ArrayLike | None = None,
    *,
    num_sweeps: int | None = None,
    beta: float | None = None,
    beta_range: tuple[float, float] | None = None,
    num_reads: int | None = 1,
    seed: int | None = None,
    rule: str = "heat-bath",
    order: str = "auto",
    initial_values: npt.ArrayLike | None = None,
    best_seen: bool = False,
    num_threads: int | None = None,
    max_num_samples: int = 1000,
    first_read: int = 0,
    traced: bool = False,
    control: Any = None,
    executor: Any = None,
) -> DitReads:
    """Independent reads of a model of digits, each swept once through the schedule.

    ``model`` may be its program (:func:`pbit.engines.digits.registry.digit_program`), which is
    compiled once and run often; ``beta_range``: ends of the default schedule; the others as for
    :func:`pbit.anneal`.

    Raises
    ------
    TypeError, ValueError, MemoryError
        A model that no family takes, arguments out of range, reads that do not fit into memory.
    """
    watch = Stopwatch()
    program = digit_program(model)
    control = control_from(control)
    chosen = _schedule(program, schedule, num_sweeps, beta, beta_range)
    if num_reads is None and control.time_limit_s is None:
        raise ArgumentError("num_reads", "must be given unless a time limit is")
    threads = threads_of(num_threads)
    many = None if num_reads is None else integer("num_reads", num_reads, 1, _MOST_READS)
    n = program.model.num_digits
    check_memory(4 * (many or 0) * n, what=f"{many} reads of {n} digits", lower="num_reads")
    if chosen.columns.shape[1] not in (1, many):
        raise ArgumentError(
            "schedule",
            f"must have one column of betas, or one for each of {many} reads",
            chosen.columns.shape[1],
        )
    task = AnnealTask(
        program=program,
        schedule=chosen,
        rule=rule_named(rule),
        seed=seed_or_fresh(seed),
        first_read=integer("first_read", first_read, 0, _MOST_READS - (many or 1)),
        num_reads=many,
        best_seen=flag("best_seen", best_seen),
        traced=flag("traced", traced),
        initial=checked_initial(program, initial_values, many),
        aim=-np.inf,
        order=chosen_order(program, order, many),
        threads=max(1, threads // min(many or threads, threads)),
    )
    run = AnnealingRun(
        task,
        control,
        threads=threads,
        executor=executor,
        most_rows=integer("max_num_samples", max_num_samples, 1),
    )
    watch.mark()
    run.warm_up()
    watch.mark()
    run.go()
    watch.mark()
    return run.reads(watch)


def checked_initial(
    program: DigitProgram, initial: npt.ArrayLike | None, num_reads: int | None
) -> ValueArray | None:
    """First states, one row a read.

    Raises
    ------
    ValueError
        A wrong shape, values that digits do not have, or no number of reads.
    """
    if initial is None:
        return None
    if num_reads is None:
        raise ArgumentError("num_reads", "must be given with initial_values, one row a read")
    n, values = program.model.num_digits, np.asarray(initial)
    if values.shape not in ((n,), (num_reads, n)):
        raise ArgumentError(
            "initial_values",
            f"must have shape ({num_reads}, {n}), one row a read, or ({n},) for all of them",
            values.shape,
        )
    return np.array(np.broadcast_to(program.model.check(values), (num_reads, n)))


def _schedule(
    program: DigitProgram,
    schedule: Schedule | npt.ArrayLike | None,
    num_sweeps: int | None,
    beta: float | None,
    beta_range: tuple[float, float] | None,
) -> Schedule:
    others = {"num_sweeps": num_sweeps, "beta": beta, "beta_range": beta_range}
    if schedule is not None:
        for name, value in others.items():
            if value is not None:
                raise ArgumentError(name, "must be left out with a schedule, which says it", value)
        return schedule_from(schedule)
    sweeps = DEFAULT_NUM_SWEEPS if num_sweeps is None else integer("num_sweeps", num_sweeps, 0)
    if beta is not None:
        return Schedule.constant(beta, num_sweeps=sweeps)
    hot, cold = program.beta_range if beta_range is None else hot_and_cold(beta_range)
    return Schedule.geometric(hot, cold, num_betas=sweeps)
