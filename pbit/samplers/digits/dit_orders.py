"""In which order the digits of a read are updated."""

from __future__ import annotations

from pbit.checks import ArgumentError
from pbit.engines.digits.family import DigitProgram
from pbit.engines.digits.sites import SiteProgram

ORDERS = ("auto", "sequential", "chromatic")
HUGE = 10**5  # sites of one read that are sorted by colour
FEW = 4  # reads that are: more of them go side by side as quickly


def chosen_order(program: DigitProgram, order: object, num_reads: int | None) -> str:
    """The order by name; "auto": colour after colour where huge models have few reads.

    Raises
    ------
    ValueError
        Another name, or colours of what is no graph of sites.
    """
    if order not in ORDERS:
        remedy = "digits are updated in their order, or colour after colour"
        raise ArgumentError("order", f"must be one of {', '.join(ORDERS)}", order, remedy=remedy)
    if order == "chromatic" and not isinstance(program, SiteProgram):
        rule = "'chromatic' is for sites of a graph, pbit.DitModel"
        raise ArgumentError("order", rule, remedy="use 'sequential'")
    if order != "auto":
        return str(order)
    few = program.model.num_digits >= HUGE and (num_reads or FEW + 1) <= FEW
    if few and isinstance(program, SiteProgram) and program.chromatic.is_worth_it:
        return "chromatic"
    return "sequential"
