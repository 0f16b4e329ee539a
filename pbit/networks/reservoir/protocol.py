"""What a reservoir is: a description that begins courses, which series drive from step to step."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.machine import check_memory
from pbit.seeds import seed_or_fresh

FloatArray = npt.NDArray[np.float64]


class Course(Protocol):
    """A reservoir on its way: it goes on where the last drive has left it."""

    @property
    def num_nodes(self) -> int:
        """Numbers that a step gives."""
        ...

    def advance(self, drive: FloatArray) -> FloatArray:
        """States after every step.

        Parameters
        ----------
        drive : float64, shape (num_series, steps, num_inputs)

        Returns
        -------
        float64, shape (num_series, steps, num_nodes)
        """
        ...


class Reservoir(Protocol):
    """A system that series drive, as it is described: all randomness comes from the seed."""

    def begin(
        self, num_inputs: int, *, num_series: int = 1, seed: int, first_series: int = 0
    ) -> Course:
        """The system at rest, once for each of ``num_series`` independent series.

        What happens to a series depends on the seed, on its number, the first of which is
        ``first_series``, and on its drive, not on the others.
        """
        ...


def checked_drive(drive: Any, name: str = "drive") -> FloatArray:
    """The drive as float64 (num_series, steps, num_inputs); one series may lack the first axis.

    Raises
    ------
    TypeError, ValueError
        No numbers, other axes, nothing in it, NaN or infinity.
    """
    values = floats(name, drive)
    if values.ndim not in (2, 3) or 0 in values.shape:
        raise ArgumentError(
            name, "must have the shape (steps, inputs) or (series, steps, inputs)",
            got=f"shape {values.shape}", remedy="a single input is series[:, None]",
        )  # fmt: skip
    if not np.isfinite(values).all():
        raise ArgumentError(name, "must be finite", remedy="fill the gaps of the series")
    return np.ascontiguousarray(values if values.ndim == 3 else values[None])


def num_axes(values: Any) -> int:
    """Number of axes of an array, or of what becomes one."""
    return int(values.ndim if hasattr(values, "ndim") else np.asarray(values).ndim)


def check_room(reservoir: Reservoir, rows: int, others: int, *, lower: str) -> None:
    """Refuse series whose states, and other numbers of a row, do not fit, before they are made.

    Raises
    ------
    TooLargeError
    """
    nodes = reservoir.begin(1, num_series=1, seed=0).num_nodes
    needed = 8.0 * rows * (nodes + others)
    check_memory(needed, what="states and what is wanted of them", lower=lower)


def states_of(reservoir: Reservoir, drive: Any, *, seed: int | None = None) -> FloatArray:
    """States of a reservoir at rest that series drive.

    Parameters
    ----------
    reservoir : Reservoir
    drive : shape (steps, inputs) or (series, steps, inputs)
    seed : int, optional
        Of masks, weights and noise.

    Returns
    -------
    float64, shape (steps, nodes) or (series, steps, nodes)

    Raises
    ------
    TypeError, ValueError
        See :func:`checked_drive`.

    Examples
    --------
    >>> from pbit.networks.reservoir import Delays
    >>> states_of(Delays(num_delays=2), [[1.0], [2.0], [3.0]], seed=1).tolist()
    [[1.0, 0.0], [2.0, 1.0], [3.0, 2.0]]
    """
    values = checked_drive(drive)
    course = reservoir.begin(values.shape[2], num_series=len(values), seed=seed_or_fresh(seed))
    states = course.advance(values)
    return states if num_axes(drive) == 3 else states[0]
