"""Storage rules by name, and the memories that they make of patterns.

A new rule is a file in ``problems/hopfield/rules/`` with a record of one function: couplings of
patterns (:class:`PairRule`), or energies of overlaps (:class:`DenseRule`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.machine import check_memory
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.hopfield.dense_memory import DenseMemory
from pbit.problems.hopfield.pair_memory import PairMemory
from pbit.registry import Registry

Memory = PairMemory | DenseMemory
Couplings = Callable[[SpinArray, int, FloatArray | None], FloatArray]
_PAIR_BYTES = 48  # of a coupling: full, in CSR, and what is made on the way


@dataclass(frozen=True, eq=False)
class StorageRule(ByValue):
    """How patterns are stored.

    ``name``: how it is asked for; ``what``: it in a few words; ``rank``: place in lists.
    """

    name: str
    what: str
    rank: int = 100

    def store(self, patterns: SpinArray, *, degree: int, before: Any = None) -> Memory:
        """Memory of checked patterns, of which ``before`` has the first."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, eq=False)
class PairRule(StorageRule):
    """Couplings of pairs: ``couplings(patterns, first, J)`` float64 (n, n), symmetric with an empty
    diagonal, once ``patterns[first:]`` are stored too, J being those of ``patterns[:first]``."""

    couplings: Couplings

    def store(self, patterns: SpinArray, *, degree: int, before: Any = None) -> PairMemory:
        """See :class:`StorageRule`."""
        n = patterns.shape[1]
        check_memory(_PAIR_BYTES * n**2, what=f"couplings of {n} pixels", lower="their number")
        first = 0 if before is None else len(before.patterns)
        J = self.couplings(patterns, first, None if before is None else before.model.J.toarray())
        if not np.isfinite(J).all():
            raise ArgumentError(
                "X",
                f"must have fewer patterns for {n} pixels, with rule {self.name!r}",
                got=f"{len(patterns)}, and couplings beyond all numbers",
            )
        return PairMemory(patterns, J)


@dataclass(frozen=True, kw_only=True, eq=False)
class DenseRule(StorageRule):
    """Energies of all overlaps at once; see :mod:`pbit.kernels.memories.recall`.

    ``energies(agreements, n, degree)`` float64 (...), of the pixels (..., P) that agree with each
    pattern; ``table(n, degree)`` float64 (2, n + 1); ``exponential``: which of the two kinds.
    """

    energies: Callable[[Any, int, int], FloatArray]
    table: Callable[[int, int], FloatArray]
    exponential: bool = False

    def store(self, patterns: SpinArray, *, degree: int, before: Any = None) -> DenseMemory:
        """See :class:`StorageRule`."""
        count, n = patterns.shape
        check_memory(12 * count * n, what=f"{count} patterns of {n} pixels", lower="their number")
        return DenseMemory(patterns, self, integer("degree", degree, 2))


KNOWN = Registry("pbit.problems.hopfield.rules", StorageRule)


def register_rule(rule: StorageRule) -> StorageRule:
    """The rule, which from now on can be asked for by its name.

    Raises
    ------
    ValueError
        Another one has its name.
    """
    return KNOWN.register(rule)


def storage_rules() -> dict[str, StorageRule]:
    """All storage rules by name.

    Examples
    --------
    >>> list(storage_rules())
    ['hebb', 'pseudo-inverse', 'storkey', 'polynomial', 'exponential']
    """
    return KNOWN.all()


def rule_named(name: str) -> StorageRule:
    """The rule of that name.

    Raises
    ------
    ValueError
        There is none.
    """
    rule = KNOWN.find(str(name))
    if rule is None:
        raise ArgumentError("rule", f"must be one of {', '.join(storage_rules())}", name)
    return rule


def store(
    patterns: npt.ArrayLike, rule: str = "pseudo-inverse", *, degree: int = 3, before: Any = None
) -> Memory:
    """A memory of patterns of -1 and +1.

    Parameters
    ----------
    patterns : array of -1 and +1, shape (P, n)
    rule : str
        "hebb", "pseudo-inverse", "storkey": couplings of pairs; "polynomial", "exponential":
        dense, energies of overlaps.
    degree : int
        Of "polynomial", >= 2.
    before : PairMemory or DenseMemory, optional
        A memory by the same rule, to which the patterns are added: the result is that of all
        patterns at once.

    Returns
    -------
    PairMemory or DenseMemory

    Raises
    ------
    ValueError
        No patterns, patterns without pixels or of another number than before, values that are no
        spins, an unknown rule, a degree below 2.
    MemoryError
        Couplings that cannot fit.

    Examples
    --------
    >>> store([[1, -1, 1], [1, 1, 1]], "hebb").model.J.toarray().round(2).tolist()
    [[0.0, 0.0, 0.67], [0.0, 0.0, 0.0], [0.67, 0.0, 0.0]]
    """
    found = rule_named(rule)
    spins: npt.NDArray[Any] = np.asarray(patterns)
    if spins.ndim != 2 or not spins.size:
        raise ArgumentError(
            "patterns", "must be rows of pixels, one a pattern", got=f"shape {spins.shape}"
        )
    if not np.all((spins == 1) | (spins == -1)):
        raise ArgumentError(
            "patterns", "must be -1 or +1", remedy="for bits x in {0, 1} pass 2*x - 1"
        )
    spins = spins.astype(np.int8)
    if before is not None:
        if before.num_spins != spins.shape[1]:
            raise ArgumentError(
                "patterns", f"must have {before.num_spins} pixels as before", spins.shape[1]
            )
        spins = np.concatenate([before.patterns, spins])
    return found.store(spins, degree=degree, before=before)
