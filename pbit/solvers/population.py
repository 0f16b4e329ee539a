"""Population annealing as a solver: so many members, so many sweeps, the lowest state."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.samplers.coldest import coldest_beta
from pbit.samplers.population.path import PILOTS, along
from pbit.samplers.population.population import Population
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_of
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver


def solve_with_population(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """One population of ``num_reads`` members, each making ``num_sweeps`` sweeps (or a few less).

    A small population with steps of its own choice goes first; the betas follow its path, closer
    or wider as the sweeps allow, to the cold end of ``beta_range``. The rows are the members at
    the end, and the lowest state on the way, the small one's too, where none of them is as low.
    ``schedule_type`` and the hot end of ``beta_range`` have no say.

    Raises
    ------
    ValueError
        ``hardware`` or an order that moves several spins at once.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> reads = solve_with_population(chain, Effort(num_reads=50, num_sweeps=100), Control())
    >>> float(reads.energies.min()), reads.info["num_sweeps"]
    (-2.0, 100)
    """
    if effort.hardware is not None:
        raise ArgumentError(
            "hardware", "must be left out with solver 'population'", remedy="use 'pbit'"
        )
    pilot = _run(model, effort, control, members=PILOTS, schedule=None)
    if pilot.info["stop_reason"] != "completed":
        return _reads(pilot, effort, pilot)
    sweeps = effort.num_sweeps or 0
    schedule = along(pilot.steps.betas, sweeps)
    spent_s = pilot.info["timing"]["sampling_ns"] / 1e9
    if control.time_limit_s is not None:
        control = control.rest(spent_s)
    members = _run(model, effort, control, members=effort.num_reads or 1, schedule=schedule)
    for key, value in pilot.info["timing"].items():
        members.info["timing"][key] += value
    members.info["updates"] += pilot.info["updates"]
    return _reads(members, effort, pilot)


def _run(
    model: AnyModel, effort: Effort, control: Control, *, members: int, schedule: Schedule | None
) -> Population:
    from pbit.samplers.population.population_anneal import population_anneal

    cold = effort.beta_range[1] if effort.beta_range else coldest_beta(model)
    first = schedule is None
    return population_anneal(
        model,
        schedule,
        population_size=members,
        beta=cold if first else None,
        sweeps_per_beta=1,
        seed=seed_of(effort.seed, effort.first_read, int(first)),
        rule=effort.rule or "heat-bath",
        order=effort.order,
        kernel=effort.kernel,
        num_threads=effort.num_threads,
        control=replace(control, progress=None) if first else control,
    )


def _reads(members: Population, effort: Effort, pilot: Population) -> Reads:
    info = members.info | {"seed": effort.seed}
    if effort.traced:
        steps = members.steps
        info["trace"] = np.repeat(steps.lowest_energies, steps.num_sweeps)
    spins, energies = members.spins, members.energies
    best = min(members, pilot, key=lambda found: float(found.best_energies[0]))
    if best.best_energies[0] < energies.min():
        spins = np.concatenate([spins, best.best_spins])
        energies = np.concatenate([energies, best.best_energies])
    return Reads(spins, energies, info)


SOLVER = Solver(
    "population",
    "population annealing",
    solve_with_population,
    rank=40,
    num_reads=512,
    least_reads=64,  # a smaller population is none
)
