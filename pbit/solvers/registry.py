"""The solvers there are: one for each record in a module of :mod:`pbit.solvers`."""

from __future__ import annotations

from pbit.checks import ArgumentError
from pbit.registry import Registry
from pbit.solvers.solver import Solver

AUTO = "auto"
KNOWN = Registry("pbit.solvers", Solver)


def register(solver: Solver) -> Solver:
    """The solver, which from now on is found like those of :mod:`pbit.solvers`.

    Raises
    ------
    ValueError
        Another one has its name.
    """
    return KNOWN.register(solver)


def solver_names() -> tuple[str, ...]:
    """Names that may be asked for, "auto" last."""
    return (*KNOWN.all(), AUTO)


def descriptions() -> dict[str, str]:
    """What each of them is, in a few words."""
    told = {name: solver.what for name, solver in KNOWN.all().items()}
    return told | {AUTO: "what suits the model, the effort and the time limit"}


def solver(name: str) -> Solver:
    """The solver of that name.

    Raises
    ------
    ArgumentError
        An unknown name; "auto" is none of one solver.
    """
    found = KNOWN.find(name)
    if found is None:
        raise ArgumentError("solver", f"must be one of {', '.join(solver_names())}", name)
    return found
