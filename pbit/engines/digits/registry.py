"""The families of digit models there are: one for each record in a module of this folder."""

from __future__ import annotations

from typing import Any

from pbit.engines.digits.family import DigitFamily, DigitProgram
from pbit.registry import Registry

KNOWN = Registry("pbit.engines.digits", DigitFamily)


def is_digit_model(model: object) -> bool:
    """Whether it is a model of digits, told without loading any family."""
    return hasattr(model, "num_digits") and hasattr(model, "energy")


def digit_program(model: Any) -> DigitProgram:
    """The program of a model of digits; a program is its own.

    Raises
    ------
    TypeError
        A model that no family takes.
    """
    if hasattr(model, "record"):
        program: DigitProgram = model
        return program
    for family in KNOWN.all().values():
        if family.takes(model):
            return family.compile(model)
    raise TypeError(
        f"model must be of {', '.join(KNOWN.all())}, got {model!r:.60}; "
        "pbit.DitModel.potts and from_pairs make one of edges"
    )
