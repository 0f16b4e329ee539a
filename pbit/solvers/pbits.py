"""Annealed p-bits as a solver."""

from __future__ import annotations

from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.schedules.schedule import Schedule, default_beta_range, hot_and_cold
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver


def solve_with_p_bits(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """``num_reads`` annealing reads of ``num_sweeps`` sweeps, the lowest state of each.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> solve_with_p_bits(chain, Effort(num_reads=2, num_sweeps=20), Control()).energies.tolist()
    [-2.0, -2.0]
    """
    from pbit.samplers.anneal import anneal

    hot, cold = (
        default_beta_range(model) if effort.beta_range is None else hot_and_cold(effort.beta_range)
    )
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
        kernel=effort.kernel,
        order=effort.order,
        update_fraction=effort.update_fraction,
        hardware=effort.hardware,
        control=control,
    )


SOLVER = Solver("pbit", "annealed p-bits", solve_with_p_bits, rank=10, fixed_length=True)
