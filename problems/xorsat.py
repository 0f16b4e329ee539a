"""Parities of bits: as many equations modulo 2 fulfilled as can be, and planted random ones."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.polynomial import PolynomialModel
from pbit.problems.core.problem import Answer
from pbit.problems.parts.pairs import PairsOrProducts

IntArray = npt.NDArray[np.int64]
_DEGREE = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class Xorsat(ByValue, PairsOrProducts):
    r"""Fewest equations ``x_i + x_j + ... = b mod 2`` left unfulfilled; an answer is bits.

    An equation is one product of spins, s = 2 x - 1: with k bits it holds where
    ``prod s = c = (-1)^(k + b)``, so that ``E = sum_e (1 - c_e prod s)`` is twice the number of
    equations that do not hold. With ``pairs`` the products are replaced by the parity gadget, one
    ancilla for three spins, which keeps the energy of every state:
    :func:`pbit.graphs.reduce_order`.

    Whether all can hold at once is a matter of linear algebra; as a landscape such equations are
    among the hardest for local search.

    Parameters
    ----------
    pointers, members : int64 arrays, shapes (m + 1,) and (pointers[m],)
        Equation e has the variables ``members[pointers[e]:pointers[e + 1]]``, from 0.
    parities : int64 array, shape (m,)
        0 or 1.
    labels : sequence of n hashables
    pairs : bool
        A model of pairs, with ancillas.

    Raises
    ------
    ValueError
        Parities that are not 0 or 1, or not one an equation.

    References
    ----------
    Hen, Phys. Rev. Applied 12, 011003 (2019), arXiv:1903.10928: planted equations as a benchmark.

    Examples
    --------
    >>> problem = Xorsat(pointers=np.array([0, 3]), members=np.array([0, 1, 2]),
    ...                  parities=np.array([1]), labels=range(3))
    >>> problem.objective(np.array([1, 1, 1])), problem.objective(np.array([1, 1, 0]))
    (0.0, 1.0)
    """

    pointers: IntArray
    members: IntArray
    parities: IntArray
    labels: Sequence[Hashable]
    pairs: bool = False

    name = "xorsat"
    objective_name = "unfulfilled equations"
    bound = 0.0

    def __post_init__(self) -> None:
        if np.shape(self.parities) != (len(self.pointers) - 1,):
            raise ArgumentError(
                "parities",
                "must be one an equation",
                got=f"{np.size(self.parities)} for {len(self.pointers) - 1}",
            )
        if not np.isin(self.parities, (0, 1)).all():
            raise ArgumentError(
                "parities", "must be 0 or 1", remedy="take the right-hand sides modulo 2"
            )

    @cached_property
    def products(self) -> IsingModel | PolynomialModel:
        """One product an equation."""
        signs = 1.0 - 2.0 * ((np.diff(self.pointers) + self.parities) % 2)
        return PolynomialModel.from_arrays(
            self.pointers,
            self.members,
            signs,
            num_spins=len(self.labels),
            offset=float(self.parities.size),
            labels=self.labels,
        )

    def energy_of(self, objective: float) -> float:
        """Energy 2 an equation."""
        return 2.0 * objective

    def objective(self, answer: Answer) -> float:
        """Number of equations that do not hold."""
        sums = np.append(0, np.cumsum(np.asarray(answer)[self.members]))
        found = np.diff(sums[self.pointers]) % 2
        return float(np.count_nonzero(found != self.parities))


def planted_3r3x(n: int, *, seed: int, pairs: bool = False) -> tuple[Xorsat, Answer]:
    """Random equations of three bits, three a bit, and bits that fulfil them all.

    n equations in n bits, every such system without a repeated equation equally likely; the bits
    are fair coins.

    Parameters
    ----------
    n : int
        Bits, >= 4.
    seed : int
    pairs : bool
        As for :class:`Xorsat`.

    Raises
    ------
    ValueError
        n below 4, which leaves fewer than n different equations.

    References
    ----------
    Hen, Phys. Rev. Applied 12, 011003 (2019), arXiv:1903.10928; Kowalsky, Albash, Hen, Lidar,
    Quantum Sci. Technol. 7, 025008 (2022), arXiv:2103.08464.

    Examples
    --------
    >>> problem, planted = planted_3r3x(16, seed=1)
    >>> problem.objective(planted), problem.model.num_terms
    (0.0, 16)
    """
    if n < _DEGREE + 1:
        raise ArgumentError(
            "n", f"must be >= {_DEGREE + 1}", n, remedy="smaller systems repeat equations"
        )
    random = np.random.default_rng(seed)
    answer = random.integers(0, 2, n)
    equations = _regular(n, random)
    problem = Xorsat(
        pointers=np.arange(n + 1) * _DEGREE,
        members=equations.ravel(),
        parities=answer[equations].sum(axis=1) % 2,
        labels=range(n),
        pairs=pairs,
    )
    return problem, answer


def _regular(n: int, random: np.random.Generator) -> IntArray:
    """Rows of three different variables, each in three rows, no row twice: by rejection."""
    stubs = np.repeat(np.arange(n), _DEGREE)
    while True:  # an attempt succeeds with a probability of about exp(-2)
        rows = np.sort(random.permutation(stubs).reshape(n, _DEGREE), axis=1)
        if (rows[:, 1:] != rows[:, :-1]).all() and len(np.unique(rows, axis=0)) == n:
            return rows
