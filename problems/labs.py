"""Low autocorrelation binary sequences: four-spin terms, solved as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.polynomial import PolynomialModel
from pbit.problems.core.base import TwoValued
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind, told_by_file

if TYPE_CHECKING:
    from pbit.formats.specifications import LabsContents


@dataclass(frozen=True, eq=False)
class Labs(ByValue, TwoValued):
    r"""Sequence of n signs; an answer gives each place -1 or +1.

    ``E(s) = sum_{k=1}^{n-1} C_k^2``, ``C_k = sum_i s_i s_{i+k}`` the autocorrelations. Multiplied
    out, ``C_k^2 = (n - k) + 2 sum_{i<j} s_i s_{i+k} s_j s_{j+k}``; with ``j = i + k`` two spins are
    the same and a pair is left. No state is infeasible and nothing is penalised. The merit factor
    is ``n^2 / (2 E)``.

    Parameters
    ----------
    length : int
        n >= 2.

    Raises
    ------
    ValueError
        Fewer than 2 places.

    References
    ----------
    Golay, IEEE Trans. Inf. Theory 23, 43 (1977). Bernasconi, J. Physique 48, 559 (1987).

    Examples
    --------
    >>> barker = Labs(13)
    >>> barker.objective([1, 1, 1, 1, 1, -1, -1, 1, 1, -1, 1, -1, 1])
    6.0
    """

    length: int

    name = "labs"
    objective_name = "energy"
    values = (-1, 1)

    def __post_init__(self) -> None:
        if self.length < 2:
            raise ArgumentError(
                "length", "must be >= 2", self.length, remedy="one sign has no correlation"
            )
        # Each C_k with n - k odd is odd, so that its square is at least 1.
        object.__setattr__(self, "bound", float(self.length // 2))

    @property
    def labels(self) -> range:
        """Places in the sequence."""
        return range(self.length)

    @property
    def size(self) -> tuple[int, int]:
        """About ``n^3 / 6`` products before equal ones are added, of four spins each."""
        return self.length, 4 * self.length**3 // 6

    @cached_property
    def model(self) -> IsingModel | PolynomialModel:
        """Products of two and four spins."""
        pieces = [_products(self.length, k) for k in range(1, self.length)]
        members = np.concatenate(pieces)
        model = PolynomialModel.from_arrays(
            4 * np.arange(len(members) + 1),
            members.ravel(),
            np.full(len(members), -2.0),
            offset=float(self.length * (self.length - 1) // 2),
            num_spins=self.length,
        )
        return model.to_ising_model() if model.degree <= 2 else model

    def objective(self, answer: Answer) -> float:
        """Sum of the squared autocorrelations, from the sequence itself."""
        s = np.asarray(answer, dtype=np.int64)
        lags = np.correlate(s, s, mode="full")[self.length :]
        return float(lags @ lags)

    def energy_of(self, objective: float) -> float:
        """The objective is the energy."""
        return objective

    def written(self, answer: Answer | None) -> list[str]:
        """Run lengths and the merit factor."""
        if answer is None:
            return []
        s = np.asarray(answer)
        ends = np.flatnonzero(np.append(s[1:] != s[:-1], True))
        runs = np.diff(np.append(-1, ends)).tolist()
        energy = self.objective(answer)
        merit = f"{self.length**2 / (2 * energy):.6g}" if energy else "infinite"
        return [f"run lengths {','.join(map(str, runs))}", f"merit factor {merit}"]


def _products(n: int, k: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Members of ``s_i s_{i+k} s_j s_{j+k}``, i < j: int64 (pairs, 4)."""
    first, second = np.triu_indices(n - k, k=1)
    return np.stack([first, first + k, second, second + k], axis=1)


def _labs(contents: LabsContents, meaning: Meaning) -> Labs:
    return Labs(contents.length)


PROBLEM = ProblemKind(name="labs", of=("labs",), make=told_by_file(_labs), rank=130)
