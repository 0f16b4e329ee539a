"""Population annealing of digits, as :func:`pbit.population_anneal` calls it."""

from __future__ import annotations

from typing import Any

from pbit.engines.digits.registry import digit_program
from pbit.engines.words import Rule, rule_named
from pbit.machine import check_memory, threads_of
from pbit.run.control import Control, control_from
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.digits.dit_population import DitPopulation
from pbit.samplers.digits.members import DigitMembers
from pbit.samplers.population.cooling import cooling_of, counts_of
from pbit.samplers.population.population_run import PopulationRun
from pbit.schedules.schedule import Schedule, schedule_from
from pbit.seeds import seed_or_fresh


def population_anneal_digits(
    model: Any,
    schedule: Schedule | None = None,
    *,
    population_size: int = 1024,
    num_populations: int = 1,
    beta: float | None = None,
    culling_fraction: float = 0.1,
    sweeps_per_beta: int = 10,
    decorrelation: float | None = None,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> DitPopulation:
    """Populations of digits cooled from beta = 0, resampled and swept at every step.

    ``model`` may be its program; the other arguments are those of :func:`pbit.population_anneal`.

    Raises
    ------
    TypeError, ValueError, MemoryError
        A model that no family takes, arguments out of range, members that do not fit into memory.
    """
    watch = Stopwatch()
    program = digit_program(model)
    rule = rule_named(rule)
    counts = counts_of(population_size, num_populations, first_read)
    threads = threads_of(num_threads)
    cooling = cooling_of(
        None if schedule is None else schedule_from(schedule),
        beta=beta,
        culling_fraction=culling_fraction,
        sweeps_per_beta=sweeps_per_beta,
        decorrelation=decorrelation,
        coldest=lambda: program.beta_range[1],
    )
    n = program.model.num_digits
    what = f"{counts.total} members of {n} digits"
    check_memory(counts.total * (4.0 * n + 64), what=what, lower="population_size")
    members = DigitMembers(
        program, rule=rule, sweeps=cooling.sweeps, counts=counts, seed=seed_or_fresh(seed)
    )
    run = PopulationRun(members, cooling, control_from(control), counts=counts)
    run.run(threads, watch)
    values, _ = run.rows()
    return DitPopulation(
        values=values,
        energies=program.model.energy(values),
        weights=run.weights,
        families=counts.first_read + run.families,
        steps=run.steps,
        best_values=run.best_states,
        best_energies=program.model.energy(run.best_states),
        info=run.info(threads, watch)
        | {"rule": rule, "order": "sequential", "law": program.law, "kernel": "digits"},
    )
