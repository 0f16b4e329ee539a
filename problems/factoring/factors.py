"""What a search for factors reports and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from pbit.problems.factoring.shapes import Shape

Method = Literal["cost", "columns", "multiplier"]
Reason = Literal["found", "even", "prime", "one", "time_limit", "interrupted"]


class FactorProgress(NamedTuple):
    """State of a search, for the ``progress`` callback."""

    elapsed_s: float
    shape: Shape
    p_bits: int
    method: Method


@dataclass(frozen=True)
class FactorResult:
    """What a search for factors came to.

    Parameters
    ----------
    n : int
    factors : (int, int) or None
        x <= y with x * y == n.
    p_bits, terms : int
        Free p-bits and terms (biases, couplings, products) of the network that found them, or of
        the largest one tried (cost: the first).
    updates, sweeps : int
        Update attempts of all reads together, and how many times all p-bits that is.
    seconds : float
        Wall-clock time, compilation apart.
    seed : int
    reason : str
        "found", "even" (by parity, no p-bits used), "prime", "one", "time_limit", "interrupted".
    shape : (int, int) or None
        Bit lengths of the factors in the network that found them.
    method : str or None
        The formulation; None if no p-bits were used.
    """

    n: int
    factors: tuple[int, int] | None
    p_bits: int
    sweeps: int
    seconds: float
    seed: int
    reason: Reason
    shape: Shape | None = None
    method: Method | None = None
    terms: int = 0
    updates: int = 0
