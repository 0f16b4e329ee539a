"""Population annealing: a population of networks cooled together, and ln Z on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from pbit.checks import ArgumentError
from pbit.engines.digits.registry import is_digit_model
from pbit.engines.words import TOGETHER, Kernel, Order, Rule, law_of, rule_named
from pbit.machine import check_memory, threads_of
from pbit.models.numbers import check_squares
from pbit.models.polynomial import AnyModel
from pbit.models.taking import energetic
from pbit.run.control import Control, control_from
from pbit.run.program import Program
from pbit.run.request import Request
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.population.cooling import cooling_of, counts_of
from pbit.samplers.population.population import Population
from pbit.samplers.population.population_run import PopulationRun
from pbit.samplers.population.spin_members import SpinMembers
from pbit.schedules.schedule import Schedule, default_beta_range, schedule_from
from pbit.seeds import seed_or_fresh

if TYPE_CHECKING:
    from pbit.engines.digits.family import DigitModel
    from pbit.samplers.digits.dit_population import DitPopulation


@overload
def population_anneal(
    model: DigitModel,
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
) -> DitPopulation: ...


@overload
def population_anneal(
    model: AnyModel,
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
    order: Order | Literal["auto"] = "auto",
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> Population: ...


def population_anneal(
    model: AnyModel | DigitModel,
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
    order: Order | Literal["auto"] = "auto",
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> Population | DitPopulation:
    r"""Populations of p-bit networks cooled from beta = 0, resampled and swept at every step.

    From :math:`\beta` to :math:`\beta'` a member of energy E gets
    :math:`\tau = e^{-(\beta' - \beta) E} / Q` copies on the mean, Q being the mean of the
    numerators over the R members: systematic resampling, R copies in all. Then every member is
    swept at :math:`\beta'`. The products of the Q estimate Z:
    :math:`\ln Z(\beta_K) = n \ln 2 + \sum_k \ln Q_k`. (Digits begin with the logarithm of the
    number of their states: all values, or all orders of a permutation.)

    What is exact. For a given schedule the mean over runs of ``Z f`` (f the mean of any quantity
    over the members) is its exact value, whatever R, sweeps and schedule: averages over
    populations weighted with their Z tend to the Boltzmann averages. Members are draws from the
    Boltzmann law only as R grows: a single population is biased by O(1/R), times a number that is
    huge where sweeps and R are too few for a rugged model. What is approximate: steps chosen
    from the energies of the members add a bias of the same order, and so does
    ``decorrelation``; the energies in the weights are rounded like the kernel's fields; errors
    from families are estimates (:meth:`Population.mean`). The verdict can show that a run
    failed, never that a valley was not missed.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        Or a model of digits, such as :class:`pbit.DitModel`; ``order`` and ``kernel`` are refused.
    schedule : Schedule, optional
        Finite betas, not falling, one column; the start at beta = 0 is understood. By default
        steps are chosen so that ``culling_fraction`` of the members is replaced in each.
    population_size : int
        Members R of a population. One alone is never culled: chosen steps are then a single one.
    num_populations : int
        Independent populations M, side by side; steps that are not given are chosen for all of
        them together.
    beta : float, optional
        Where chosen steps end; by default the cold end of :func:`pbit.default_beta_range`, or of
        what :func:`pbit.anneal` says in ``info["beta_range"]`` of digits.
    culling_fraction : float
        0 < c < 1. One minus the overlap of the laws of the energy at the two betas.
    sweeps_per_beta : int
        Sweeps at each chosen beta. A schedule has its own.
    decorrelation : float, optional
        0 < c < 1. Sweep on at each beta, so many sweeps at a time, until the members' energies
        correlate less than this with those right after resampling; 20 times at most.
    seed : int, optional
        0 <= seed < 2**64; drawn when None and returned in ``info["seed"]``.
    rule, order, kernel
        As for :func:`pbit.anneal`, but for the orders that move several spins at once.
    num_threads : int, optional
        All processors this process may use by default. No effect on the result of a run that
        ends with its schedule.
    first_read : int
        Number of the first population: continues an earlier call with populations of its own.
        With a schedule and without ``decorrelation`` they are those of one call; steps that are
        chosen look at all populations of a call.
    control : Control, optional
        Time limit, target (looked for after each step), interrupt, progress. A run that ends
        early returns the members at the beta it came to.

    Returns
    -------
    Population, or DitPopulation of digits
        ``info["equilibrated"]`` and ``info["verdict"]``: at least 100 effective families are
        left, and variance of ln Z between populations is at most 1. ``info["rho_s"]`` and
        ``info["rho_t"]``: the entropic and the mean square size of a family.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range.
    MemoryError
        Members that cannot fit into memory.

    References
    ----------
    Hukushima, Iba, AIP Conf. Proc. 690, 200 (2003); Machta, Phys. Rev. E 82, 026704 (2010);
    families and their number: Wang, Machta, Katzgraber, Phys. Rev. E 92, 063307 (2015); steps by
    overlap: Barash, Weigel, Borovsky, Janke, Shchur, Comput. Phys. Commun. 220, 341 (2017).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, -1.0])
    >>> members = population_anneal(ring, beta=1.0, seed=1)
    >>> exact = np.log(6 * np.exp(1.0) + 2 * np.exp(-3.0))
    >>> bool(abs(members.log_z - exact) < 5 * members.log_z_error)
    True
    >>> members.info["equilibrated"], members.best_energies.tolist()
    (True, [-1.0])
    """
    if is_digit_model(model):
        from pbit.samplers.digits.population import population_anneal_digits
        from pbit.samplers.digits.refusals import refuse

        refuse({"order": (order, "auto"), "kernel": (kernel, "auto")})
        return population_anneal_digits(
            model,
            schedule,
            population_size=population_size,
            num_populations=num_populations,
            beta=beta,
            culling_fraction=culling_fraction,
            sweeps_per_beta=sweeps_per_beta,
            decorrelation=decorrelation,
            seed=seed,
            rule=rule,
            num_threads=num_threads,
            first_read=first_read,
            control=control,
        )
    watch = Stopwatch()
    network = energetic(model, to="reweight")
    if decorrelation is not None:
        check_squares(network)
    rule = rule_named(rule)
    counts = counts_of(population_size, num_populations, first_read)
    total = counts.total
    threads = threads_of(num_threads)
    cooling = cooling_of(
        None if schedule is None else schedule_from(schedule),
        beta=beta,
        culling_fraction=culling_fraction,
        sweeps_per_beta=sweeps_per_beta,
        decorrelation=decorrelation,
        coldest=lambda: default_beta_range(network)[1],
    )
    _check_rule(rule, order)
    _check_memory(network.num_spins, total)
    program = Program.compile(
        network, rule=rule, order=order, kernel=kernel, num_reads=counts.total
    )
    request = Request(
        num_reads=total,
        seed=seed_or_fresh(seed),
        rule=rule,
        kernel=kernel,
        num_threads=1,  # kernels differ in the roundings of energies: not by a thread's share
        max_num_samples=total,
        first_read=counts.first_read,
        keeps_fields=False,  # they are summed anew whenever a block is handed to the kernel
    )
    # The precision is that of the last beta.
    task = program.task(Schedule(np.array([cooling.last]), cooling.sweeps), request)
    run = PopulationRun(SpinMembers(task), cooling, control_from(control), counts=counts)
    run.run(threads, watch)
    spins, energies = run.rows()
    return Population(
        spins=spins,
        energies=energies + network.offset,
        weights=run.weights,
        families=counts.first_read + run.families,
        steps=run.steps,
        best_spins=run.best_states,
        best_energies=run.best_energies + network.offset,
        info=run.info(threads, watch)
        | {
            "rule": rule,
            "order": program.plan.order,
            "law": law_of(program.plan.order, directed=False),
            "kernel": task.engine.name,
        },
    )


def _check_rule(rule: str, order: str) -> None:
    if order in TOGETHER:
        raise ArgumentError(
            "order",
            "must keep the Boltzmann law",
            got=f"{order!r}, which moves several spins at once",
            remedy="use 'auto'",
        )


def _check_memory(n: int, members: int) -> None:
    what = f"{members} members of {n} spins"
    check_memory(members * (3.0 * n + 64), what=what, lower="population_size")
