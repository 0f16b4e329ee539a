"""Digits as a solver: whole values are drawn, in place of one p-bit for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.machine import available_threads
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver

if TYPE_CHECKING:
    from pbit.models.digits.dit_model import DitModel
    from pbit.samplers.digits.dit_reads import DitReads

_READS = 64


def unsuited_to_digits(effort: Effort) -> str | None:
    """What the effort asks for and digits do not have, if anything."""
    own = {
        "hardware": effort.hardware is not None,
        "order": effort.order not in ("auto", "sequential"),
        "update_fraction": effort.update_fraction is not None,
        "kernel": effort.kernel not in ("auto", "digits"),
        "schedule_type": effort.schedule_type != "geometric",
    }
    return next((name for name, given in own.items() if given), None)


def solve_digits(model: Any, effort: Effort, control: Control) -> DitReads:
    """Low states of a model of digits.

    Under a time limit, without a number of reads: annealing, tempering and, of colourings, crossing
    in turn (:mod:`pbit.samplers.digits.mixed`), the lowest state of each round. Else ``num_reads``
    reads, 64 by default, of ``num_sweeps`` sweeps, 1000 by default, the lowest state that each was
    in. ``effort.beta_range`` is in energies of the model.

    Raises
    ------
    ValueError
        An order, kernel or chip that digits do not have.

    Examples
    --------
    >>> from pbit import DitModel
    >>> triangle = DitModel.potts([0, 1, 2], [1, 2, 0], num_values=3)
    >>> float(solve_digits(triangle, Effort(num_reads=4), Control()).energies.min())
    0.0
    """
    from pbit.engines.digits.registry import digit_program
    from pbit.samplers.digits.anneal import anneal_digits
    from pbit.samplers.digits.mixed import MixedSearch

    asked = unsuited_to_digits(effort)
    if asked is not None:
        raise ArgumentError(asked, "must be left out with solver 'dits'", remedy="use 'pbit'")
    program, rule = digit_program(model), effort.rule or "heat-bath"
    threads = effort.num_threads or available_threads()
    if control.time_limit_s is not None and effort.num_reads is None:
        reads = MixedSearch(
            program,
            control,
            seed=effort.seed,
            num_threads=threads,
            rule=rule,
            beta_range=effort.beta_range,
            num_sweeps=effort.num_sweeps,
        ).run()
        if effort.traced:  # of a search without end, only the last is known
            reads.info["trace"] = np.full(1, reads.energies.min())
    else:
        reads = anneal_digits(
            program,
            num_sweeps=effort.num_sweeps,
            beta_range=effort.beta_range,
            num_reads=effort.num_reads or _READS,
            seed=effort.seed,
            rule=rule,
            best_seen=True,
            num_threads=threads,
            first_read=effort.first_read,
            traced=effort.traced,
            control=control,
        )
        reads.info["rounds"] = 1
    if effort.traced:
        reads.info["trace_sweeps"] = np.arange(1, reads.info["trace"].size + 1)
    return reads


def solve_with_dits(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """The same of a network of p-bits: each is a digit of two values.

    Raises
    ------
    ValueError
        Terms of more than two spins, or what :func:`solve_digits` refuses.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> solve_with_dits(chain, Effort(num_reads=2, num_sweeps=20), Control()).energies.tolist()
    [-2.0, -2.0]
    """
    found = solve_digits(_two_valued(model), effort, control)
    return Reads(np.where(found.values > 0, 1, -1).astype(np.int8), found.energies, found.info)


def _two_valued(model: AnyModel) -> DitModel:
    """Of s s' = 2 [s = s'] - 1: Potts pairs of -2 J."""
    from pbit.models.digits.dit_model import DitModel
    from pbit.models.ising import IsingModel

    if not isinstance(model, IsingModel):
        raise ArgumentError(
            "solver", "must be another than 'dits' for terms of more than two spins", "dits"
        )
    rows, cols, weights = model.edges()
    return DitModel.potts(
        rows,
        cols,
        -2.0 * weights,
        num_values=2,
        num_digits=model.num_spins,
        h=np.stack([model.h, -model.h], axis=1).ravel(),
        offset=model.offset + float(weights.sum()),
    )


SOLVER = Solver(
    "dits",
    "digits of many values and permutations, annealed and tempered",
    solve_with_dits,
    rank=75,
    endless=True,
)
