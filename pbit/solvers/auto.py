"""Which solver suits a model."""

from __future__ import annotations

from pbit.models.polynomial import AnyModel
from pbit.solvers.effort import Effort
from pbit.solvers.tempering import asks_for_more

LARGEST = 2**15  # spins whose ladder of replicas still stays near the processor


def choice_of(model: AnyModel, effort: Effort) -> tuple[str, str]:
    """Name of a solver and why.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> choice_of(IsingModel.from_edges([0], [1], [1.0]), Effort())
    ('tempering', '2 spins, 32768 or fewer')
    """
    asked = asks_for_more(effort)
    if asked is not None:
        name = "anneal" if effort.hardware is None else "pbit"
        return name, f"tempering does not have the {asked} that was asked for"
    if model.num_spins > LARGEST:
        return "anneal", f"{model.num_spins} spins, more than {LARGEST}"
    return "tempering", f"{model.num_spins} spins, {LARGEST} or fewer"
