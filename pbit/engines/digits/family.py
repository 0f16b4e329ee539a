"""What a family of digit models is, and the program that a model of it becomes.

A module of this folder with a ``FAMILY`` is found by it; what runs is in
:mod:`pbit.kernels.digits`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.labels import FloatArray

ValueArray = npt.NDArray[np.int16]
IntArray = npt.NDArray[np.int64]


class DigitModel(Protocol):
    """What every model of digits has."""

    @property
    def num_digits(self) -> int:
        """Number of digits n."""
        ...

    @property
    def log_states(self) -> float:
        """Logarithm of the number of states."""
        ...

    @property
    def offset(self) -> float:
        """Constant added to every energy."""
        ...

    def energy(self, values: npt.ArrayLike) -> FloatArray:
        """Energy of each state, shape (...) for values (..., n)."""
        ...

    def check(self, values: npt.ArrayLike) -> ValueArray:
        """The states as int16; an error where they are none."""
        ...


class DigitProgram(Protocol):
    """A model in the kernels' form, shared by all runs on it; it pickles."""

    @property
    def model(self) -> DigitModel:
        """The model."""
        ...

    @property
    def record(self) -> Any:
        """Its arrays: a record that :mod:`pbit.kernels.digits.family` chooses code by."""
        ...

    @property
    def law(self) -> str:
        """What a long run at fixed beta samples: a space and its law."""
        ...

    @property
    def updates(self) -> int:
        """Moves that are tried in a sweep."""
        ...

    @property
    def size(self) -> float:
        """Sum of absolute energies: what rounding is measured by."""
        ...

    @property
    def beta_range(self) -> tuple[float, float]:
        """Where nearly all moves are made, and where less than one digit of a local minimum is
        excited."""
        ...

    @property
    def usual_betas(self) -> FloatArray | None:
        """A ladder from hot to cold with one replica at each beta; None: better searched for."""
        ...

    def works(self, replicas: int) -> Any:
        """Kept arrays of so many replicas, with nothing in them yet."""
        ...

    def random(self, reads: IntArray, *, seed: int) -> ValueArray:
        """Random first states, one for each number of a read: int16 (reads, n)."""
        ...


@dataclass(frozen=True, eq=False)
class DigitFamily(ByValue):
    """A family by name: ``takes`` tells its models, ``compile`` makes programs of them."""

    name: str
    takes: Callable[[Any], bool]
    compile: Callable[[Any], DigitProgram]
    rank: int = 100
