"""Digits whose values occur a fixed number of times each: balanced partitions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, instance
from pbit.machine import check_memory
from pbit.models.digits.checks import ValueArray
from pbit.models.digits.dit_model import DitModel
from pbit.models.labels import FloatArray, Labels
from pbit.seeds import seed_or_fresh


@dataclass(frozen=True, eq=False)
class CountedModel(ByValue):
    """A :class:`pbit.DitModel` over the states in which value a occurs ``counts[a]`` times.

    Energies are those of the model. Samplers exchange the values of two digits, so that the counts
    stay: parts of a graph that have their sizes, for instance.

    Parameters
    ----------
    model : DitModel
        All of its digits have the same number K of values.
    counts : int array, shape (K,), optional
        From 0, adding up to the number of digits; by default as equal as can be, the larger first.

    Raises
    ------
    TypeError, ValueError
        No such model, or counts that do not fit it.

    Examples
    --------
    >>> from pbit import DitModel
    >>> ring = DitModel.potts([0, 1, 2, 3], [1, 2, 3, 0], -1.0, num_values=2)
    >>> halves = CountedModel(ring)
    >>> halves.counts.tolist(), halves.energy([0, 0, 1, 1]).item()
    ([2, 2], -2.0)
    """

    model: DitModel
    counts: npt.ArrayLike | None = None

    def __post_init__(self) -> None:
        instance("model", self.model, DitModel, remedy="pbit.DitModel.potts makes one of edges")
        kinds = np.unique(self.model.num_values)
        if kinds.size != 1:
            raise ArgumentError(
                "model",
                "must have digits of one number of values",
                got=f"{kinds.size} numbers of them",
                remedy="give values that a digit must not have a high energy",
            )
        n, values = self.model.num_digits, int(kinds[0])
        equal = n // values + (np.arange(values) < n % values)
        object.__setattr__(
            self, "counts", _checked(equal if self.counts is None else self.counts, n, values)
        )

    @property
    def histogram(self) -> npt.NDArray[np.int64]:
        """How often each value occurs, shape (K,)."""
        return self.counts  # type: ignore[return-value]

    @property
    def num_digits(self) -> int:
        """Number of digits n."""
        return self.model.num_digits

    @property
    def log_states(self) -> float:
        """Logarithm of the number of states, ``ln n! - sum_a ln counts_a!``."""
        ways = math.lgamma(self.num_digits + 1)
        return ways - sum(math.lgamma(count + 1) for count in self.histogram.tolist())

    @property
    def offset(self) -> float:
        """The model's."""
        return self.model.offset

    @property
    def labels(self) -> Labels:
        """The model's."""
        return self.model.labels

    def energy(self, values: npt.ArrayLike) -> FloatArray:
        """Energy of each state, shape (...) for values (..., n).

        Raises
        ------
        TypeError, ValueError
            No states of the model, or of other counts.
        """
        return self.model.energy(self.check(values))

    def check(self, values: npt.ArrayLike) -> ValueArray:
        """The states as int16, shape (..., n).

        Raises
        ------
        TypeError, ValueError
            No states of the model, or of other counts.
        """
        found = self.model.check(values)
        bad = np.argwhere(~self.is_valid(found))
        if len(bad):
            got = np.bincount(found[tuple(bad[0])], minlength=self.histogram.size)
            raise ArgumentError(
                "values", f"must have counts {self.histogram.tolist()}", got=str(got.tolist())
            )
        return found

    def is_valid(self, values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether each state has these counts, shape (...)."""
        sizes = self.histogram
        ordered = np.repeat(np.arange(sizes.size), sizes)
        valid: npt.NDArray[np.bool_] = (np.sort(np.asarray(values), axis=-1) == ordered).all(-1)
        return valid

    def random(self, seed: int | None = None, rows: int = 1) -> ValueArray:
        """States of these counts, all as likely: int16 (rows, n).

        Raises
        ------
        TooLargeError
            More than fit into memory.
        """
        check_memory(10.0 * rows * self.num_digits, what="states", lower="rows")
        generator = np.random.default_rng(seed_or_fresh(seed))
        order = generator.random((rows, self.num_digits)).argsort(axis=1)
        return np.repeat(np.arange(self.histogram.size), self.histogram).astype(np.int16)[order]


def _checked(counts: npt.ArrayLike, n: int, values: int) -> npt.NDArray[np.int64]:
    found = np.asarray(counts)
    if found.dtype.kind not in "iu":
        raise TypeError(f"counts must be integers, got dtype {found.dtype}")
    if found.shape != (values,) or found.min(initial=0) < 0 or int(found.sum()) != n:
        raise ArgumentError(
            "counts",
            f"must be {values} numbers >= 0, one a value, that add up to {n} digits",
            got=np.array2string(found, threshold=8),
        )
    return found.astype(np.int64)
