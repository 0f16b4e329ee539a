"""What a run returns: one spin state a read, its energy, and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray, SpinArray


@dataclass(frozen=True, eq=False)
class Reads(ByValue):
    """Samples of a run.

    Parameters
    ----------
    spins : int8, shape (num_reads, n)
        One state of -1 and +1 a row.
    energies : float64, shape (num_reads,)
        Their energies, offset included.
    info : dict
        ``seed``, ``stop_reason`` ("completed", "time_limit", "target" or "interrupted"),
        ``timing`` in nanoseconds and whatever else the sampler has to say.
    """

    spins: SpinArray
    energies: FloatArray
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> int:
        """Row of the lowest energy."""
        return int(np.argmin(self.energies))

    @classmethod
    def concatenate(cls, parts: Sequence[Reads]) -> Reads:
        """One run of the reads of several, in their order.

        Shards of a run with a named kernel, each with its ``first_read``, are bit for bit the run
        that makes all reads at once.

        Parameters
        ----------
        parts : sequence of Reads
            With equal numbers of spins, one at least.

        Returns
        -------
        Reads
            ``info`` of the first part; reads, updates and times are sums, ``stop_reason`` the
            first that is not "completed".

        Raises
        ------
        ValueError
            No parts, or parts of other numbers of spins.

        Examples
        --------
        >>> import pbit
        >>> pair = pbit.IsingModel.from_edges([0], [1], [1.0])
        >>> shards = [pbit.anneal(pair, num_reads=8, first_read=k, seed=1, kernel="lanes")
        ...           for k in (0, 8)]
        >>> whole = pbit.anneal(pair, num_reads=16, seed=1, kernel="lanes")
        >>> bool((Reads.concatenate(shards).spins == whole.spins).all())
        True
        """
        check_parts(parts)
        spins = np.concatenate([part.spins for part in parts])
        energies = np.concatenate([part.energies for part in parts])
        return Reads(spins, energies, joined([part.info for part in parts]))


def check_parts(parts: Sequence[Reads]) -> None:
    """Refuse parts that are no parts of one run.

    Raises
    ------
    ValueError
    """
    if not parts:
        raise ArgumentError("parts", "must be one or more Reads", got="none")
    sizes = sorted({part.spins.shape[1] for part in parts})
    if len(sizes) > 1:
        raise ArgumentError("parts", "must have the same spins", got=f"models of {sizes} spins")


def joined(infos: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How the reads of several runs came about."""
    info = dict(infos[0])
    for key in ("num_reads", "updates"):
        if key in info:
            info[key] = sum(each[key] for each in infos)
    if "timing" in info:
        info["timing"] = {
            stage: sum(each["timing"].get(stage, 0) for each in infos) for stage in info["timing"]
        }
    if "best_sweep" in info:
        info["best_sweep"] = [sweep for each in infos for sweep in each["best_sweep"]]
    reasons = [each.get("stop_reason", "completed") for each in infos]
    info["stop_reason"] = next((r for r in reasons if r != "completed"), "completed")
    return info
