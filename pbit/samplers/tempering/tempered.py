"""What tempering returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.labels import SpinArray
from pbit.run.reads import Reads
from pbit.schedules.ladder import Ladder


@dataclass(frozen=True, eq=False)
class Tempered(Reads):
    """Of every run the lowest state, and more.

    Parameters
    ----------
    spins, energies, info
        As in :class:`pbit.Reads`: one row a run, the lowest state any of its replicas was in at
        the end of a sweep. These are no samples.
    ladder : Ladder
        The T betas.
    states : int8, shape (num_reads, T, R, n), or None
        Last states of all replicas of the runs that came to their end, hot to cold: samples of
        the Boltzmann laws at these betas. Kept where ``keep_states`` asks for them.
    """

    ladder: Ladder = field(default_factory=lambda: Ladder([0.0]))
    states: SpinArray | None = None

    @classmethod
    def concatenate(cls, parts: Sequence[Reads]) -> Tempered:
        """The runs of several calls on one ladder; see :meth:`pbit.Reads.concatenate`.

        Swap rates, flow and energies of the books are those of the first part.

        Raises
        ------
        TypeError, ValueError
            Parts that are no tempering runs, or have ladders of their own.
        """
        tempered = [part for part in parts if isinstance(part, Tempered)]
        if len(tempered) < len(parts):
            raise TypeError("parts must all be Tempered; use Reads.concatenate for their rows")
        reads = Reads.concatenate(parts)
        first = tempered[0]
        if any(not np.array_equal(part.ladder.values, first.ladder.values) for part in tempered):
            raise ArgumentError(
                "parts", "must be runs on one ladder", remedy="give it to all calls"
            )
        kept = [part.states for part in tempered if part.states is not None]
        states = np.concatenate(kept) if len(kept) == len(tempered) else None
        return Tempered(reads.spins, reads.energies, reads.info, first.ladder, states)
