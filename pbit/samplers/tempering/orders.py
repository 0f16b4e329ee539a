"""What was asked for of a tempering run, checked."""

from __future__ import annotations

from typing import Any, NamedTuple

from pbit.checks import ArgumentError, integer
from pbit.run.control import Control

ENDLESS = 2**40  # sweeps, where their number is not given
PATIENCE = 3.0  # of runs without a number of sweeps that are to find low states


class Orders(NamedTuple):
    """The keywords of :func:`pbit.temper`; ``patience`` and ``cluster_every`` 0: never; ``ends`` of
    the ladder, or of the first one in the search for it."""

    num_reads: int
    first_read: int
    num_sweeps: int
    replicas: int | None
    cluster_every: int
    patience: float
    initial: Any
    seed: int
    traced: bool
    keep_states: bool
    ends: tuple[float, float]

    @classmethod
    def to_go_on(
        cls,
        *,
        num_reads: int,
        seed: int,
        ends: tuple[float, float],
        replicas: int | None = None,
        cluster_every: int = 0,
    ) -> Orders:
        """Of one that goes on and on for low states, as long as it is told to."""
        return cls(
            num_reads=num_reads,
            first_read=0,
            num_sweeps=ENDLESS,
            replicas=replicas,
            cluster_every=cluster_every,
            patience=PATIENCE,
            initial=None,
            seed=seed,
            traced=False,
            keep_states=False,
            ends=ends,
        )


def checked_clusters(asked: bool | int | str, usual: int) -> int:
    """Sweeps between two moves of clusters, 0: never; ``usual`` for "auto".

    Raises
    ------
    TypeError, ValueError
        Another word, no number, or one out of range.
    """
    if isinstance(asked, str):
        if asked != "auto":
            raise ArgumentError("cluster_moves", "must be a bool, a number or 'auto'", asked)
        return usual
    return integer("cluster_moves", int(asked) if isinstance(asked, bool) else asked, 0, ENDLESS)


def checked_sweeps(num_sweeps: int | None, control: Control, traced: bool) -> int:
    """Number of sweeps, :data:`ENDLESS` where the control ends the run.

    Raises
    ------
    ValueError
        Out of range, or not given where it is needed.
    """
    if num_sweeps is not None:
        return integer("num_sweeps", num_sweeps, 0, ENDLESS - 1)
    if control.time_limit_s is None and control.target is None:
        raise ArgumentError("num_sweeps", "must be given unless a time limit or a target is")
    if traced:
        raise ArgumentError(
            "num_sweeps", "must be given with traced=True, which keeps one energy each"
        )
    return ENDLESS
