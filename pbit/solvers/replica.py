"""Simulated quantum annealing as a solver."""

from __future__ import annotations

from pbit.checks import ArgumentError
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver


def solve_with_replicas(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """``num_reads`` reads of ``num_sweeps`` sweeps of 32 replicas, the lowest replica of each.

    ``beta_range``: its cold end is the beta of a replica, which falls to it nowhere.

    Raises
    ------
    ValueError
        A rule, order, kernel or chip that replicas do not have.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> solve_with_replicas(chain, Effort(num_reads=2, num_sweeps=50), Control()).energies.tolist()
    [-2.0, -2.0]
    """
    from pbit.samplers.imaginary_time.quantum_anneal import DEFAULT_REPLICAS, quantum_anneal

    asked = {
        "rule": effort.rule not in (None, "heat-bath"),
        "order": effort.order not in ("auto", "sequential"),
        "kernel": effort.kernel not in ("auto", "bits"),
        "hardware": effort.hardware is not None,
    }
    for name, is_asked in asked.items():
        if is_asked:
            raise ArgumentError(name, "must be left out with solver 'replica'", remedy="use 'pbit'")
    cold = None if effort.beta_range is None else DEFAULT_REPLICAS * max(effort.beta_range)
    return quantum_anneal(
        model,
        num_reads=effort.num_reads or 1,
        num_sweeps=effort.num_sweeps,
        beta=cold,
        seed=effort.seed,
        num_threads=effort.num_threads,
        first_read=effort.first_read,
        control=control,
    )


SOLVER = Solver(
    "replica",
    "simulated quantum annealing, lowest of 32 replicas",
    solve_with_replicas,
    rank=50,
    num_reads=16,
    fixed_length=True,
)
