"""Solvers by name, all called alike: what ``pbit solve --solver NAME`` chooses from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from pbit.model import IsingModel
from pbit.result import Reads
from pbit.samplers.annealer import anneal
from pbit.samplers.control import Control, Progress
from pbit.samplers.effort import Effort
from pbit.schedule import Schedule, default_beta_range

DEFAULT_READS = 64
DEFAULT_SWEEPS = 1000


class Solver(Protocol):
    """One round: every read through the whole schedule, unless the control ends it."""

    def __call__(self, model: IsingModel, effort: Effort, control: Control) -> Reads: ...


def solver(name: str) -> Solver:
    """The solver of that name.

    Raises
    ------
    ValueError
        An unknown name.
    """
    if name == "pbit":
        return _p_bits
    if name == "neal":
        from pbit.samplers.neal_baseline import solve_with_neal

        return solve_with_neal
    raise ValueError(f"solver must be one of {', '.join(SOLVERS)}, got {name!r}")


SOLVERS = ("pbit", "neal")


def _p_bits(model: IsingModel, effort: Effort, control: Control) -> Reads:
    hot, cold = effort.beta_range or default_beta_range(model)
    make = Schedule.linear if effort.schedule_type == "linear" else Schedule.geometric
    return anneal(
        model,
        make(hot, cold, num_betas=effort.num_sweeps or 0),
        num_reads=effort.num_reads,
        seed=effort.seed,
        rule=effort.rule or "heat-bath",
        best_seen=True,
        num_threads=effort.num_threads,
        first_read=effort.first_read,
        traced=effort.traced,
        control=control,
    )


def solve(name: str, model: IsingModel, effort: Effort, control: Control) -> Reads:
    """Lowest states that the solver finds within the effort and before the control ends it.

    Returns
    -------
    Reads
        Of several rounds, the lowest state of each round. ``info["num_reads"]`` counts reads
        made, ``info["num_sweeps"]`` is the last round's, ``info["timing"]`` and
        ``info["updates"]`` are sums.
    """
    run = solver(name)
    if control.time_limit_s is None or effort.num_reads is not None:
        reads = run(model, _filled(effort), control)
        return Reads(reads.spins, reads.energies, reads.info | {"rounds": 1})
    return _rounds(run, model, effort, control)


def _filled(effort: Effort) -> Effort:
    return replace(
        effort,
        num_reads=effort.num_reads or DEFAULT_READS,
        num_sweeps=DEFAULT_SWEEPS if effort.num_sweeps is None else effort.num_sweeps,
    )


def _rounds(run: Solver, model: IsingModel, effort: Effort, control: Control) -> Reads:
    assert control.time_limit_s is not None
    part = _filled(effort)
    rounds: list[Reads] = []
    spent_s = 0.0
    while True:
        best = min((float(r.energies.min()) for r in rounds), default=np.inf)
        limits = replace(
            control,
            time_limit_s=max(control.time_limit_s - spent_s, 1e-3),
            progress=_shifted(control, best, spent_s),
        )
        reads = run(model, part, limits)
        rounds.append(reads)
        spent_s += reads.info["timing"]["sampling_ns"] / 1e9
        if reads.info["stop_reason"] != "completed":
            return _merged(rounds)
        if spent_s >= control.time_limit_s:
            reads.info["stop_reason"] = "time_limit"
            return _merged(rounds)
        part = replace(part, first_read=part.first_read + (part.num_reads or 0))
        if effort.num_sweeps is None:
            part = replace(part, num_sweeps=2 * (part.num_sweeps or DEFAULT_SWEEPS))


def _shifted(control: Control, best: float, spent_s: float) -> Callable[[Progress], None] | None:
    """The progress callback, seeing the whole run where a round reports itself."""
    tell, limit = control.progress, control.time_limit_s
    if tell is None or limit is None:
        return None

    def progress(report: Progress) -> None:
        elapsed = spent_s + report.elapsed_s
        tell(Progress(min(1.0, elapsed / limit), min(best, report.best_energy), elapsed))

    return progress


def _merged(rounds: list[Reads]) -> Reads:
    timing: dict[str, int] = {}
    for reads in rounds:
        for key, value in reads.info["timing"].items():
            timing[key] = timing.get(key, 0) + value
    sums = {key: sum(r.info[key] for r in rounds) for key in ("updates", "num_reads")}
    info = rounds[-1].info | sums | {"timing": timing, "rounds": len(rounds)}
    if "trace" in info:
        info["trace"] = np.concatenate([reads.info["trace"] for reads in rounds])
    spins = np.stack([reads.spins[reads.best] for reads in rounds])
    energies = np.array([reads.energies[reads.best] for reads in rounds])
    if len(rounds) == 1:
        return Reads(rounds[0].spins, rounds[0].energies, info)
    return Reads(spins, energies, info)
