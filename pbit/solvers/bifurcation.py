"""Simulated bifurcation as a solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort
from pbit.solvers.refusals import check_motion
from pbit.solvers.solver import Solver

if TYPE_CHECKING:
    from pbit.samplers.oscillators.bifurcation import Form


def solve_with_bifurcation(
    model: AnyModel, effort: Effort, control: Control, *, form: Form = "discrete"
) -> Reads:
    """``num_reads`` reads of ``num_sweeps`` steps, the last state of each.

    Raises
    ------
    ValueError
        Terms of more than two spins; what belongs to single updates or temperatures.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> effort = Effort(num_reads=2, num_sweeps=100)
    >>> solve_with_bifurcation(chain, effort, Control()).energies.tolist()
    [-2.0, -2.0]
    """
    from pbit.samplers.oscillators.bifurcation import bifurcate

    check_motion("bifurcation" if form == "discrete" else "ballistic", model, effort)
    return bifurcate(
        model,
        form=form,
        num_reads=effort.num_reads or 1,
        num_sweeps=effort.num_sweeps or 0,
        seed=effort.seed,
        num_threads=effort.num_threads,
        first_read=effort.first_read,
        control=control,
    )


SOLVER = Solver(
    "bifurcation",
    "simulated bifurcation, discrete form",
    solve_with_bifurcation,
    rank=70,
    fixed_length=True,
)
