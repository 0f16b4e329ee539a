"""A portfolio of searches as a solver."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pbit.checks import ArgumentError
from pbit.machine import available_threads
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver
from pbit.solvers.tempering import asks_for_more

if TYPE_CHECKING:
    from pbit.graphs.elimination import Eliminated

# Of the spins that are left as pairs: fewer products than that are better than these.
_WORTH_PRODUCTS = 0.75


def unsuited(effort: Effort) -> str | None:
    """What the effort asks for and a portfolio does not have, if anything."""
    own = {
        "rule": effort.rule not in (None, "metropolis"),
        "order": effort.order != "auto",
        "kernel": effort.kernel != "auto",
    }
    return asks_for_more(effort) or next((name for name, given in own.items() if given), None)


def solve_with_portfolio(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """Low states of one search, the lowest first.

    With ``num_sweeps`` it ends by them, of a read in all, and does not depend on the time that
    anything takes; else by the control.

    Raises
    ------
    ValueError
        A rule, order, kernel or chip that it does not have.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> effort = Effort(num_reads=4, num_sweeps=100)
    >>> float(solve_with_portfolio(chain, effort, Control()).energies[0])
    -2.0
    """
    from pbit.samplers.portfolio.portfolio import Portfolio

    asked = unsuited(effort)
    if asked is not None:
        raise ArgumentError(asked, "must be left out with solver 'portfolio'", remedy="use 'pbit'")
    small, worth = smaller(model), effort.worth
    if small.model is model:
        decoded = worth
    else:
        decoded = None if worth is None else lambda state: worth(small.decode(state))
    unfrustrated = unfrustrated_state(small.model)
    found = Portfolio(
        small.model,
        control,
        seed=effort.seed,
        num_threads=effort.num_threads or available_threads(),
        beta_range=effort.beta_range,
        num_reads=effort.num_reads,
        num_sweeps=effort.num_sweeps,
        worth=decoded,
        known=None if unfrustrated is None else unfrustrated[None],
    ).run()
    if small.model is model:
        return found
    states = small.decode(found.spins)
    info = {**found.info, "eliminated": model.num_spins - small.model.num_spins}
    return replace(found, spins=states, energies=np.asarray(model.energy(states)), info=info)


def unfrustrated_state(model: AnyModel) -> SpinArray | None:
    """A state in which nothing can be lower, where linear algebra finds one."""
    from pbit.graphs.balance import balancing_signs, satisfying_state

    if not isinstance(model, IsingModel):
        return satisfying_state(model)
    return None if model.h.any() or not model.J.nnz else balancing_signs(model.J)


def smaller(model: AnyModel) -> Eliminated:
    """The model without the spins that can be minimised out; products of many where these are
    far fewer."""
    from pbit.graphs.elimination import LONGEST, eliminate

    pairs = eliminate(model)
    if not isinstance(model, IsingModel):
        return pairs
    products = eliminate(model, longest=LONGEST)
    return products if products.left.size <= _WORTH_PRODUCTS * pairs.left.size else pairs


SOLVER = Solver(
    "portfolio",
    "annealing, recombining and tempering, by what does best",
    solve_with_portfolio,
    rank=5,
    endless=True,
)
