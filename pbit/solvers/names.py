"""Names of the solvers, and how each likes to be called; imports nothing heavy."""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """How a solver is called.

    ``num_reads``: of a round, by default; ``endless``: without a number of sweeps it fills a time
    limit alone; ``fixed_length``: its reads are independent and of one length, which is how it is
    timed; ``side_by_side``: many reads cost little more than one; ``least_reads``: of a round.
    """

    module: str
    function: str
    what: str
    num_reads: int = 64
    endless: bool = False
    fixed_length: bool = False
    side_by_side: bool = True
    least_reads: int = 1


ENTRIES = {
    "pbit": Named(
        "pbit.solvers.pbits",
        "solve_with_p_bits",
        "annealed p-bits",
        fixed_length=True,
    ),
    "anneal": Named(
        "pbit.solvers.annealing",
        "solve_with_annealing",
        "annealed p-bits, then a greedy descent",
        fixed_length=True,
    ),
    "tempering": Named(
        "pbit.solvers.tempering",
        "solve_with_tempering",
        "parallel tempering with cluster moves",
        num_reads=2,
        endless=True,
    ),
    "population": Named(
        "pbit.solvers.population",
        "solve_with_population",
        "population annealing",
        num_reads=512,
        least_reads=64,  # a smaller population is none
    ),
    "neal": Named(
        "pbit.solvers.neal",
        "solve_with_neal",
        "D-Wave's simulated annealing",
        fixed_length=True,
        side_by_side=False,
    ),
}
AUTO = "auto"
SOLVERS = (*ENTRIES, AUTO)
WHAT = {name: entry.what for name, entry in ENTRIES.items()} | {
    AUTO: "tempering or annealing, by size and structure"
}
