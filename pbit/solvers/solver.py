"""What a solver is: a sampler under an effort and a time limit, and how it likes to be called.

A module of this folder with a ``SOLVER`` is found by its name, in the shell too. Modules load
what they need to run when they run, for names are asked for by ``--help`` as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pbit.run.control import Control
from pbit.solvers.effort import Effort

if TYPE_CHECKING:
    from pbit.models.polynomial import AnyModel
    from pbit.run.reads import Reads


class Round(Protocol):
    """One round: every read through the whole schedule, unless the control ends it."""

    def __call__(self, model: AnyModel, effort: Effort, control: Control) -> Reads: ...


@dataclass(frozen=True)
class Solver:
    """A solver by name.

    ``what``: in a few words; ``run``: one round; ``rank``: its place in lists; ``num_reads``: of a
    round, by default; ``endless``: without a number of sweeps it fills a time limit alone;
    ``fixed_length``: its reads are independent and of one length, which is how it is timed;
    ``side_by_side``: many reads cost little more than one; ``least_reads``: of a round.
    """

    name: str
    what: str
    run: Round
    rank: int = 100
    num_reads: int = 64
    endless: bool = False
    fixed_length: bool = False
    side_by_side: bool = True
    least_reads: int = 1
