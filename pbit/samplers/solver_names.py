"""Names of the solvers, and how each likes to be called; imports nothing heavy."""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """Where a solver is, what it is, the reads of a round, whether it fills a time limit alone,
    and the reads that a round has at least."""

    module: str
    function: str
    what: str
    num_reads: int = 64
    endless: bool = False
    least_reads: int = 1


ENTRIES = {
    "pbit": Named("pbit.samplers.annealer_solver", "solve_with_p_bits", "annealed p-bits"),
    "anneal": Named(
        "pbit.samplers.annealing_sampler",
        "solve_with_annealing",
        "annealed p-bits, then a greedy descent",
    ),
    "tempering": Named(
        "pbit.samplers.tempering_solver",
        "solve_with_tempering",
        "parallel tempering with cluster moves",
        num_reads=2,
        endless=True,
    ),
    "population": Named(
        "pbit.samplers.population_solver",
        "solve_with_population",
        "population annealing",
        num_reads=512,
        least_reads=64,  # a smaller population is none
    ),
    "neal": Named("pbit.samplers.neal_baseline", "solve_with_neal", "D-Wave's simulated annealing"),
}
AUTO = "auto"
SOLVERS = (*ENTRIES, AUTO)
WHAT = {name: entry.what for name, entry in ENTRIES.items()} | {
    AUTO: "tempering or annealing, by size and structure"
}
