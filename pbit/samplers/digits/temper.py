"""Parallel tempering of digits, as :func:`pbit.temper` calls it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from pbit.checks import ArgumentError, flag, integer, positive
from pbit.engines.digits.family import DigitProgram
from pbit.engines.digits.registry import digit_program
from pbit.engines.digits.sites import SiteProgram
from pbit.engines.words import Rule, rule_named
from pbit.machine import check_memory, threads_of
from pbit.run.control import Control
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.digits.anneal import checked_initial
from pbit.samplers.digits.dit_reads import TemperedDits
from pbit.samplers.digits.replicas import LANES_FROM, DigitTempering
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.orders import Orders, checked_clusters, checked_sweeps
from pbit.samplers.tempering.tempering_run import TemperingRun
from pbit.schedules.ladder import Ladder
from pbit.seeds import seed_or_fresh

_MOST_READS = 2**20
_REPLICAS = 2  # at each temperature: sweeps of more cost as much more


def temper_digits(
    model: Any,
    ladder: Ladder | LadderSearch,
    *,
    num_reads: int = 1,
    num_sweeps: int | None = 1000,
    num_replicas: int | None = None,
    patience: float | None = None,
    cluster_moves: bool | int | Literal["auto"] = "auto",
    initial_values: Any = None,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    num_threads: int | None = None,
    first_read: int = 0,
    executor: Any = None,
    keep_states: bool = False,
    traced: bool = False,
    control: Control,
) -> TemperedDits:
    """Parallel tempering runs of a model of digits, or of its program.

    The arguments are those of :func:`pbit.temper`; there are two replicas at each temperature by
    default, or one on a ladder of the model's own, as permutations have it.

    Raises
    ------
    TypeError, ValueError, MemoryError
        A model that no family takes, arguments out of range, replicas that do not fit into memory.
    """
    watch = Stopwatch()
    program = DigitTempering(digit_program(model), rule_named(rule))
    ladder, usual = usual_ladder(program.program, ladder)
    replicas = usual if num_replicas is None else integer("num_replicas", num_replicas, 1)
    every = cluster_every(cluster_moves, program.program, replicas)
    reads = integer("num_reads", num_reads, 1, _MOST_READS)
    orders = Orders(
        num_reads=reads,
        first_read=integer("first_read", first_read, 0, _MOST_READS),
        num_sweeps=checked_sweeps(num_sweeps, control, traced),
        replicas=replicas,
        cluster_every=every,
        patience=0.0 if patience is None else positive("patience", patience),
        initial=checked_initial(program.program, initial_values, reads),
        seed=seed_or_fresh(seed),
        traced=flag("traced", traced),
        keep_states=flag("keep_states", keep_states),
        ends=_ends(program, ladder),
    )
    threads = threads_of(num_threads)
    slots = program.usual_slots if isinstance(ladder, LadderSearch) else ladder.num_betas * replicas
    many = reads * orders.num_sweeps * slots * program.updates
    program = replace(program, is_long=many >= LANES_FROM, has_clusters=every > 0)
    check_memory(
        program.bytes_a_slot * slots * min(threads, reads),
        what=f"ladders of {program.num_spins} digits",
        lower="num_replicas",
        others=" or num_threads, or give a shorter ladder",
    )
    run = TemperingRun(program, ladder, orders, control, executor=executor)
    watch.mark()
    run.begin(threads)
    watch.mark()
    run.go(threads)
    watch.mark()
    found: TemperedDits = run.result(watch, num_threads=threads)
    return found


def cluster_every(asked: bool | int | str, program: DigitProgram, replicas: int) -> int:
    """Sweeps between two exchanges of clusters; 0, never, where they are not asked for.

    Raises
    ------
    ValueError
        Clusters of digits that are no sites of a graph, or of one replica.
    """
    every = checked_clusters(asked, usual=0)
    if every and not isinstance(program, SiteProgram):
        raise ArgumentError(
            "cluster_moves", "must be left out for all digits but those of a DitModel", asked
        )
    if every and replicas < 2:
        raise ArgumentError(
            "num_replicas", "must be 2 or more with cluster_moves, which take pairs", replicas
        )
    return every


def usual_ladder(
    program: DigitProgram, ladder: Ladder | LadderSearch
) -> tuple[Ladder | LadderSearch, int]:
    """The ladder, the program's own where a search was left to itself, and how many replicas there
    are at each of its temperatures."""
    if ladder == LadderSearch() and program.usual_betas is not None:
        return Ladder(program.usual_betas), 1
    return ladder, _REPLICAS


def _ends(program: DigitTempering, ladder: Ladder | LadderSearch) -> tuple[float, float]:
    """Hot and cold end, of the first ladder where one is to be found."""
    if isinstance(ladder, Ladder):
        return float(ladder.values[0]), float(ladder.values[-1])
    return ladder.beta_range or program.program.beta_range
