"""Factoring: three networks of p-bits whose lowest states are the factors of a number.

The factors come out of p-bit states alone. Finding factors this way demonstrates invertible logic
and energies with many-body couplings: the time grows exponentially with the bits, and trial
division is faster at every size that can be reached.
"""

from pbit.problems.factoring.columns import Columns
from pbit.problems.factoring.cost import ProductCost
from pbit.problems.factoring.factors import FactorProgress, FactorResult, Method
from pbit.problems.factoring.multiplier import Factoring
from pbit.problems.factoring.search import factor
from pbit.problems.factoring.shapes import shapes_of

__all__ = [
    "Columns",
    "FactorProgress",
    "FactorResult",
    "Factoring",
    "Method",
    "ProductCost",
    "factor",
    "shapes_of",
]
