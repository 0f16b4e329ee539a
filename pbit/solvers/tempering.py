"""Parallel tempering as a solver."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.machine import available_threads
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.orders import PATIENCE
from pbit.samplers.tempering.replicas import KERNELS
from pbit.samplers.tempering.tempered import Tempered
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver

_RUNS = 2


def solve_with_tempering(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """``num_reads`` tempering runs of ``num_sweeps`` sweeps, the lowest state of each.

    ``num_sweeps`` None: until the control's time limit is over, one run a thread, begun again
    where it finds nothing lower for long (``patience`` of :func:`pbit.temper`). The ladder is
    found by the first run; ``beta_range`` are its ends.

    Raises
    ------
    ValueError
        An order, kernel or chip that tempering does not have.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> solve_with_tempering(chain, Effort(num_reads=2, num_sweeps=20), Control()).energies.tolist()
    [-2.0, -2.0]
    """
    from pbit.samplers.tempering.temper import temper

    asked = asks_for_more(effort)
    if asked is not None:
        raise ArgumentError(asked, "must be left out with solver 'tempering'", remedy="use 'pbit'")
    endless = effort.num_sweeps is None
    threads = effort.num_threads or available_threads()
    kernel: Any = effort.kernel
    result: Tempered = temper(
        model,
        LadderSearch(effort.beta_range),
        num_reads=effort.num_reads or (threads if endless else _RUNS),
        num_sweeps=effort.num_sweeps,
        seed=effort.seed,
        first_read=effort.first_read,
        rule=effort.rule or "heat-bath",
        kernel=kernel,
        num_threads=effort.num_threads,
        patience=PATIENCE if endless else None,
        traced=effort.traced and not endless,
        control=control,
    )
    info = result.info | {"seed": effort.seed}
    if effort.traced:
        info["trace"] = _lowest(result)
    return replace(result, info=info)


def _lowest(result: Tempered) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Lowest energy of any run after each sweep; of a run without end, only the last is known."""
    if "trace" not in result.info:
        return np.full(1, result.energies.min())
    trace = result.info["trace"]
    made = np.isfinite(trace).any(axis=0)
    return np.asarray(np.nanmin(trace[:, made], axis=0))


def asks_for_more(effort: Effort) -> str | None:
    """What the effort asks for and tempering does not have, if anything."""
    unsuited = {
        "hardware": effort.hardware is not None,
        "order": effort.order not in ("auto", "sequential"),
        "update_fraction": effort.update_fraction is not None,
        "kernel": effort.kernel not in ("auto", *KERNELS),
    }
    return next((name for name, given in unsuited.items() if given), None)


SOLVER = Solver(
    "tempering",
    "parallel tempering with cluster moves",
    solve_with_tempering,
    rank=30,
    num_reads=_RUNS,
    endless=True,
)
