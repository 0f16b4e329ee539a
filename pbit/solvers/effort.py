"""How much a solver may do, in words that every solver understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pbit.engines.words import Kernel, Order, Rule
from pbit.hardware.parameters import Hardware
from pbit.models.labels import SpinArray


@dataclass(frozen=True)
class Effort:
    """How much a solver may do.

    ``num_reads`` and ``num_sweeps`` None: 64 reads of 1000 sweeps; under a time limit, rounds of
    such reads until it is over, the sweeps doubled from round to round unless they are given,
    and the reads instead where they are and a round is short.
    ``rule`` and ``beta_range`` None: the solver's own. ``kernel``, ``order`` and
    ``update_fraction`` are for p-bits alone, ``hardware`` is the chip they are on.
    ``worth``: energy of the answer that a state is read as, infinite where that is infeasible;
    solvers may keep the state of the best answer beside the lowest ones.
    """

    num_reads: int | None = None
    num_sweeps: int | None = None
    seed: int = 0
    beta_range: tuple[float, float] | None = None
    schedule_type: str = "geometric"
    rule: Rule | None = None
    num_threads: int | None = None
    first_read: int = 0
    traced: bool = False
    kernel: Kernel | Literal["auto"] = "auto"
    order: Order | Literal["auto"] = "auto"
    update_fraction: float | None = None
    hardware: Hardware | None = None
    worth: Callable[[SpinArray], float] | None = field(default=None, compare=False)
