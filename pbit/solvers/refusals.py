"""What solvers of motion do not have, said in the words of the effort."""

from __future__ import annotations

from pbit.checks import ArgumentError
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.solvers.effort import Effort


def check_motion(name: str, model: AnyModel, effort: Effort) -> None:
    """Refuse what a solver whose spins are read from a motion cannot do.

    Raises
    ------
    ValueError
        Terms of more than two spins; a rule, order, kernel, chip, range of betas or schedule
        of them: such a solver makes no single updates and has no temperature.
    """
    if isinstance(model, PolynomialModel):
        raise ArgumentError(
            "solver",
            f"'{name}' takes terms of at most 2 spins",
            got=f"one of {model.degree}",
            remedy="use 'pbit', or reduce it with auxiliary variables (dimod.make_quadratic)",
        )
    asked = {
        "rule": effort.rule is not None,
        "order": effort.order != "auto",
        "kernel": effort.kernel != "auto",
        "schedule_type": effort.schedule_type != "geometric",
        "update_fraction": effort.update_fraction is not None,
        "beta_range": effort.beta_range is not None,
        "hardware": effort.hardware is not None,
    }
    for argument, is_asked in asked.items():
        if is_asked:
            raise ArgumentError(
                argument, f"must be left out with solver '{name}'", remedy="use 'pbit'"
            )
