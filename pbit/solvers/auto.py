"""Which solver suits a model."""

from __future__ import annotations

from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.samplers.tempering.replicas import LARGEST
from pbit.solvers.effort import Effort
from pbit.solvers.portfolio import unsuited
from pbit.solvers.tempering import asks_for_more

_SECONDS_A_SPIN = 5e-5  # for 20000 sweeps of a read: less is best spent on annealing alone


def choice_of(model: AnyModel, effort: Effort, control: Control) -> tuple[str, str]:
    """Name of a solver and why.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> pair = IsingModel.from_edges([0], [1], [1.0])
    >>> choice_of(pair, Effort(), Control())
    ('tempering', '2 spins, 32768 or fewer')
    >>> choice_of(pair, Effort(), Control(time_limit_s=3.0))
    ('portfolio', 'a time limit of 3 s is to be filled')
    """
    asked = asks_for_more(effort)
    if asked is not None:
        name = "anneal" if effort.hardware is None else "pbit"
        return name, f"tempering does not have the {asked} that was asked for"
    n, limit_s = model.num_spins, control.time_limit_s
    is_free = effort.num_reads is None and effort.num_sweeps is None
    if limit_s is not None and is_free and unsuited(effort) is None:
        if limit_s >= _SECONDS_A_SPIN * n:
            return "portfolio", f"a time limit of {limit_s:g} s is to be filled"
        return "anneal", f"{n} spins, too many for more in {limit_s:g} s"
    if n > LARGEST:
        return "anneal", f"{n} spins, more than {LARGEST}"
    return "tempering", f"{n} spins, {LARGEST} or fewer"
