"""What a published system claims, and what is measured of it here."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.samplers.layers.products import blas_in_one_thread

Size = Literal["small", "default", "full"]
SIZES: tuple[Size, ...] = ("small", "default", "full")

EVIDENCE = {
    "S0": "review: Marrows et al. (2024)",
    "S1": "review: Grollier et al. (2020)",
    "S2": "review: Yang et al. (2026)",
    "S3": "review: Grollier, Querlioz, Stiles (2016)",
    "S4": "review: Locatelli, Cros, Grollier (2014)",
    "ABS": "the paper's own abstract",
    "V": "an independent computation with the same equations",
}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, eq=False, kw_only=True)
class Measured(ByValue):
    """What one run of an experiment found.

    Parameters
    ----------
    value, baseline : float
        In the unit of the experiment; the baseline without devices: ideal weights, the ideal
        algorithm, logistic regression, on the same data.
    details : mapping of str to float
        Other numbers, told by ``pbit network run``.
    note : str
        Which data, what is held out, what is not as in the paper.
    counts : mapping of str to float
        Operations for a bill, "updates", "synapses", "reads", "writes", "pbit_seconds"; the note
        says of what: one recall, one example, a training.
    curves : mapping of str to array
        For the picture.
    """

    value: float
    baseline: float
    details: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    counts: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bound:
    """A number that must come out: the mean over seeds of ``of``, from ``low`` to ``high``.

    ``of`` is "value" or one of the details.

    Examples
    --------
    >>> Bound("accuracy", low=0.9).holds([0.8, 1.0]), Bound("error", high=0.1).holds([0.2])
    (True, False)
    """

    of: str = "value"
    low: float = -math.inf
    high: float = math.inf

    def holds(self, values: Sequence[float]) -> bool:
        """Whether the mean is between the ends."""
        return bool(self.low <= float(np.mean(values)) <= self.high)

    def __str__(self) -> str:
        ends = [f">= {self.low:g}"] if self.low > -math.inf else []
        ends += [f"<= {self.high:g}"] if self.high < math.inf else []
        return f"{self.of} {' and '.join(ends)}"


Run = Callable[..., Measured]
Plot = Callable[[Sequence[Measured], Any], None]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A published system: what is claimed, and how it is measured.

    Parameters
    ----------
    id : str
        Words of small letters and digits with hyphens, as typed on the command line.
    rows : tuple of int
        Its numbers in the list of published systems.
    device, task : str
        In the words that lists are filtered by.
    source : str
        Authors, journal, year, DOI where it is known.
    claim : str
        As the source says it.
    claim_value : float, optional
        The claim as a number in ``unit``; None where none was claimed.
    claim_tag : str
        Where the claim was read, a key of :data:`EVIDENCE`.
    measures : str
        What the measured number is.
    unit : str
        Its unit; "1" for fractions and ratios.
    baseline : str
        What stands beside it.
    needs : tuple of str
        Data sets that serve, the paper's own first; empty where all is generated.
    bounds : tuple of Bound
        What must come out at the default size.
    run : callable
        ``run(seed, size, data)`` gives :class:`Measured`: ``size`` one of :data:`SIZES`, ``data``
        the folder of data sets or None; further keywords are what cards may set.
    plot : callable, optional
        ``plot(results, axes)`` draws the results of all seeds on axes of matplotlib.

    Raises
    ------
    ValueError
        An ID that cannot be typed, no rows, an unknown tag.
    """

    id: str
    rows: tuple[int, ...]
    device: str
    task: str
    source: str
    claim: str
    claim_tag: str
    unit: str
    baseline: str
    run: Run
    claim_value: float | None = None
    measures: str = ""
    needs: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    plot: Plot | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ArgumentError(
                "id", "must be words of a-z and 0-9 with hyphens", self.id, remedy="author-year"
            )
        if not self.rows or not all(type(row) is int and row > 0 for row in self.rows):
            raise ArgumentError("rows", "must be some numbers > 0", self.rows)
        if self.claim_tag not in EVIDENCE:
            raise ArgumentError(
                "claim_tag", f"must be one of {', '.join(EVIDENCE)}", self.claim_tag
            )

    @property
    def name(self) -> str:
        """The ID, which the registry calls a name."""
        return self.id

    @property
    def rank(self) -> int:
        """Place in lists."""
        return min(self.rows)

    def measure(self, seed: int, *, size: Size = "default", data: Path | None = None) -> Measured:
        """What a run with this seed finds.

        Raises
        ------
        ValueError
            No such size; data that the folder lacks.
        ImportError
            An extra is not installed.
        """
        if size not in SIZES:
            raise ArgumentError("size", f"must be one of {', '.join(SIZES)}", size)
        with blas_in_one_thread():
            return self.run(seed, size, data)
