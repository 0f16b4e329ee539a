"""Simulated bifurcation in its ballistic form, as a solver."""

from __future__ import annotations

import functools

from pbit.solvers.bifurcation import solve_with_bifurcation
from pbit.solvers.solver import Solver

SOLVER = Solver(
    "ballistic",
    "simulated bifurcation, ballistic form",
    functools.partial(solve_with_bifurcation, form="ballistic"),
    rank=71,
    fixed_length=True,
)
