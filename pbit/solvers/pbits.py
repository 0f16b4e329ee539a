"""Annealed p-bits as a solver."""

from __future__ import annotations

import numpy as np

from pbit.engines.bit_terms import terms_of_spins
from pbit.engines.words import TOGETHER, Rule
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.schedules.schedule import Schedule, default_beta_range, hot_and_cold
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver

_FEW_IN_CHAINS = 0.1  # of all spins


def solve_with_p_bits(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """``num_reads`` annealing reads of ``num_sweeps`` sweeps, the lowest state of each.

    The rule is that of :func:`usual_rule` where none is asked for.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> solve_with_p_bits(chain, Effort(num_reads=2, num_sweeps=20), Control()).energies.tolist()
    [-2.0, -2.0]
    """
    from pbit.samplers.anneal import anneal

    hot, cold = (
        default_beta_range(model) if effort.beta_range is None else hot_and_cold(effort.beta_range)
    )
    make = Schedule.linear if effort.schedule_type == "linear" else Schedule.geometric
    return anneal(
        model,
        make(hot, cold, num_betas=effort.num_sweeps or 0),
        num_reads=effort.num_reads,
        seed=effort.seed,
        rule=effort.rule or usual_rule(model, effort),
        best_seen=True,
        num_threads=effort.num_threads,
        first_read=effort.first_read,
        traced=effort.traced,
        kernel=effort.kernel,
        order=effort.order,
        update_fraction=effort.update_fraction,
        hardware=effort.hardware,
        control=control,
    )


def usual_rule(model: AnyModel, effort: Effort) -> Rule:
    """Metropolis, which ends lower than the heat bath after as many sweeps, but where it is known
    to fail.

    In chains of equal couplings all walls between domains move in step with the sweeps and never
    meet: the heat bath has models of which more than a tenth of the spins are in two terms, and
    also spins that move at once, of which Metropolis would turn most round together, and chips.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> pair = IsingModel.from_edges([0], [1], [1.0])
    >>> ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    >>> usual_rule(pair, Effort()), usual_rule(ring, Effort())
    ('metropolis', 'heat-bath')
    """
    if effort.hardware is not None or effort.order in TOGETHER:
        return "heat-bath"
    in_chains = np.count_nonzero(terms_of_spins(model) == 2)
    return "heat-bath" if in_chains > _FEW_IN_CHAINS * model.num_spins else "metropolis"


SOLVER = Solver("pbit", "annealed p-bits", solve_with_p_bits, rank=10, fixed_length=True)
