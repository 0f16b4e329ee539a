"""The multiplier circuit run backwards: invertible logic with the product clamped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from pbit.clamping import Clamped, clamp
from pbit.model import IsingModel
from pbit.problems.factoring.shapes import check_shape, is_answer
from pbit.problems.logic.gates import AND, HALF_ADDER
from pbit.problems.logic.multiplier import Cells, Multiplier, build_multiplier, read_numbers

# Scales measured on 16- and 20-bit semiprimes: with ANDs at half strength reads of equal length
# reach the ground state eight times as often, with half adders at double strength twice as often
# again.
_CELLS = Cells(product=AND.scaled(0.5), half_adder=HALF_ADDER.scaled(2.0))


@dataclass(frozen=True)
class Factoring:
    """The odd number n as a product of two odd factors of given bit lengths.

    First and last bits of both factors are 1, so that 1 and n are no factors.

    Parameters
    ----------
    n : int
        Odd, >= 9.
    width_x, width_y : int
        Exact bit lengths of the factors, >= 2; their sum is the bit length of n or one more.

    Raises
    ------
    TypeError, ValueError
        n even or below 9, widths that no product of n's bit length has.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017): invertible multiplier.

    Examples
    --------
    >>> from pbit import anneal
    >>> problem = Factoring(35, 3, 3)
    >>> reads = anneal(problem.model, num_reads=20, seed=1)
    >>> problem.check(problem.decode(reads.spins[reads.best]))
    True
    """

    n: int
    width_x: int
    width_y: int

    # Between these the network still moves and consistent states already last.
    betas: ClassVar[tuple[float, float]] = (1.3, 1.6)

    def __post_init__(self) -> None:
        check_shape(self.n, self.width_x, self.width_y)

    @cached_property
    def multiplier(self) -> Multiplier:
        """The circuit before the product is clamped."""
        return build_multiplier(self.width_x, self.width_y, cells=_CELLS, ends_are_one=True)

    @cached_property
    def clamped(self) -> Clamped:
        """The circuit with the bits of n clamped on its product."""
        return clamp(self.multiplier.model, self.multiplier.constants(self.n))

    @property
    def model(self) -> IsingModel:
        """The free p-bits; states at ``ground_energy`` are the factorisations of n."""
        return self.clamped.model

    @property
    def num_terms(self) -> int:
        """Biases and couplings of the free p-bits."""
        return int(np.count_nonzero(self.model.h)) + int(self.model.J.nnz) // 2

    @property
    def ground_energy(self) -> float:
        """Least energy if n has factors of these widths: the sum over the gates."""
        return self.multiplier.ground_energy

    def decode(self, spins: npt.ArrayLike) -> tuple[int, int]:
        """The numbers x and y of one state, shape (n,)."""
        return self.decode_reads(np.asarray(spins)[None, :])[0]

    def decode_reads(self, spins: npt.ArrayLike) -> list[tuple[int, int]]:
        """:meth:`decode` of every row."""
        full = self.clamped.expand(spins)
        x = read_numbers(full, self.multiplier.x)
        y = read_numbers(full, self.multiplier.y)
        return list(zip(x, y, strict=True))

    def check(self, answer: tuple[int, int]) -> bool:
        """Whether x * y == n and neither is 1."""
        return is_answer(self.n, answer)
