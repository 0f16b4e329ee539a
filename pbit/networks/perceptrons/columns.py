"""Sums of +-1 products over more rows than a column has: column by column, added digitally."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.synapses import BinaryJunction, Synapse, SynapseVariation
from pbit.devices.synapses.variation import NO_VARIATION
from pbit.networks.crossbar import Counter, Placed, Programming, XnorArray
from pbit.seeds import seed_of


@dataclass(frozen=True)
class Columns:
    """How the columns of a binary network are made.

    Parameters
    ----------
    rows : int
        Cells of a column at most; longer sums are shared evenly among several.
    device, summation, counter, access_ohm, programming, variation, stuck, noise
        As for :class:`pbit.networks.crossbar.XnorArray`.

    Raises
    ------
    TypeError, ValueError
        No row.
    """

    rows: int = 64
    device: Synapse = field(default_factory=BinaryJunction)
    summation: Literal["resistance", "current"] = "resistance"
    counter: Counter = field(default_factory=Counter)
    access_ohm: float = 0.0
    programming: Programming = field(default_factory=Placed)
    variation: SynapseVariation = NO_VARIATION
    stuck: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        integer("rows", self.rows, 1)

    def array(self, weights: FloatArray, *, seed: int) -> XnorArray:
        """One array of columns for these weights, (out, n)."""
        return XnorArray(
            weights,
            self.device,
            summation=self.summation,
            counter=self.counter,
            access_ohm=self.access_ohm,
            programming=self.programming,
            variation=self.variation,
            stuck=self.stuck,
            noise=self.noise,
            seed=seed,
        )


class ColumnSums:
    """Weights +-1 in as many arrays as their rows take: ``sums @ x`` adds what those say.

    Parameters
    ----------
    weights : shape (out, n)
        -1 or 1.
    columns : Columns
    seed : int

    Attributes
    ----------
    shape : tuple of int
        (out, n).
    arrays : list of XnorArray
        One for each piece of the rows.

    Raises
    ------
    TypeError, ValueError
        Other weights, parameters that are none.

    Examples
    --------
    >>> weights = np.where(np.arange(200).reshape(2, 100) % 3, 1, -1)
    >>> sums = ColumnSums(weights, Columns(rows=64, counter=Counter(bits=None)), seed=1)
    >>> len(sums.arrays), (sums @ np.ones(100)).round(9).tolist()
    (2, [32.0, 34.0])
    """

    def __init__(self, weights: npt.ArrayLike, columns: Columns, *, seed: int) -> None:
        values = np.asarray(weights, np.float64)
        self.shape = values.shape
        pieces = np.array_split(values, -(-values.shape[1] // columns.rows), axis=1)
        self.arrays = [
            columns.array(piece, seed=seed_of(seed, k)) for k, piece in enumerate(pieces)
        ]

    def __matmul__(self, x: npt.ArrayLike) -> FloatArray:
        """Sums of products with a vector (n,) or the columns of a batch (n, b), as they are read.

        Raises
        ------
        TypeError, ValueError
            Another shape, numbers that are not -1 or 1.
        """
        ends = np.cumsum([array.shape[1] for array in self.arrays])[:-1]
        parts = np.split(np.asarray(x), ends)
        read = [array @ part for array, part in zip(self.arrays, parts, strict=True)]
        return np.asarray(np.sum(read, axis=0))
