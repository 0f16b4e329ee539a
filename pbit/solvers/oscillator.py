"""An Ising machine of oscillators as a solver."""

from __future__ import annotations

from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort
from pbit.solvers.refusals import check_motion
from pbit.solvers.solver import Solver


def solve_with_oscillators(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """``num_reads`` reads of ``num_sweeps`` steps of all phases, each lowered by a descent.

    Raises
    ------
    ValueError
        Terms of more than two spins; what belongs to single updates or temperatures.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> effort = Effort(num_reads=2, num_sweeps=100)
    >>> solve_with_oscillators(chain, effort, Control()).energies.tolist()
    [-2.0, -2.0]
    """
    from pbit.samplers.oscillators.phases import oscillate

    check_motion("oscillator", model, effort)
    return oscillate(
        model,
        num_reads=effort.num_reads or 1,
        num_sweeps=effort.num_sweeps or 0,
        seed=effort.seed,
        num_threads=effort.num_threads,
        first_read=effort.first_read,
        control=control,
    )


SOLVER = Solver(
    "oscillator",
    "phases of oscillators locked to a second harmonic, then a descent",
    solve_with_oscillators,
    rank=60,
    num_reads=16,
    fixed_length=True,
)
