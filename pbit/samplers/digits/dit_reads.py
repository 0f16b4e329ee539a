"""What a run of digits returns: one state of values a read, its energy, and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.engines.digits.family import ValueArray
from pbit.models.labels import FloatArray
from pbit.run.reads import joined
from pbit.schedules.ladder import Ladder


@dataclass(frozen=True, eq=False)
class DitReads(ByValue):
    """Samples of a run of digits.

    Parameters
    ----------
    values : int16, shape (num_reads, n)
        One state a row: the number of each digit's value, from 0.
    energies : float64, shape (num_reads,)
        Their energies, offset included.
    info : dict
        As :class:`pbit.Reads` has it; ``info["law"]`` says which states are sampled by which law.
    """

    values: ValueArray
    energies: FloatArray
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> int:
        """Row of the lowest energy."""
        return int(np.argmin(self.energies))

    @classmethod
    def concatenate(cls, parts: Sequence[DitReads]) -> DitReads:
        """One run of the reads of several, in their order; see :meth:`pbit.Reads.concatenate`.

        Raises
        ------
        ValueError
            No parts, or parts of other numbers of digits.

        Examples
        --------
        >>> import pbit
        >>> edge = pbit.DitModel.potts([0], [1], num_values=3)
        >>> shards = [pbit.anneal(edge, num_reads=2, first_read=k, seed=1) for k in (0, 2)]
        >>> whole = pbit.anneal(edge, num_reads=4, seed=1)
        >>> bool((DitReads.concatenate(shards).values == whole.values).all())
        True
        """
        if not parts:
            raise ArgumentError("parts", "must be one or more DitReads", got="none")
        sizes = sorted({part.values.shape[1] for part in parts})
        if len(sizes) > 1:
            raise ArgumentError(
                "parts", "must have the same digits", got=f"models of {sizes} digits"
            )
        values = np.concatenate([part.values for part in parts])
        energies = np.concatenate([part.energies for part in parts])
        return DitReads(values, energies, joined([part.info for part in parts]))


@dataclass(frozen=True, eq=False)
class TemperedDits(DitReads):
    """Of every tempering run of digits the lowest state, and more.

    Parameters
    ----------
    values, energies, info
        As in :class:`DitReads`: one row a run, the lowest state any of its replicas was in at the
        end of a sweep. These are no samples.
    ladder : Ladder
        The T betas.
    states : int16, shape (num_reads, T, R, n), or None
        Last states of all replicas of the runs that came to their end, hot to cold: samples of
        the laws at these betas. Kept where ``keep_states`` asks for them.
    """

    ladder: Ladder = field(default_factory=lambda: Ladder([0.0]))
    states: ValueArray | None = None
