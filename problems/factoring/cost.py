"""Factoring as the least value of (XY - n)^2, with couplings of up to four p-bits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np
import numpy.typing as npt

from pbit.models.polynomial import PolynomialModel
from pbit.problems.factoring.shapes import OfShape, check_shape
from pbit.problems.factoring.squares import ONE, Form, model_of_squares, product


@dataclass(frozen=True)
class ProductCost(OfShape):
    r"""The odd number n as a product of odd factors, by the energy :math:`E = (XY - n)^2`.

    .. math:: X = 1 + \sum_{p=1}^{a-2} 2^p x_p + 2^{a-1}, \qquad
              Y = 1 + \sum_{q=1}^{b-2} 2^q y_q + 2^{b-1}

    One p-bit for each bit between the ends: a + b - 4 of them, with no auxiliary ones.

    Parameters
    ----------
    n : int
        Odd, >= 9.
    width_x, width_y : int
        Exact bit lengths a and b of the factors, >= 2; their sum is the bit length of n or one
        more.
    top_is_one : bool
        False leaves the last bits to p-bits, too, as Borders et al. did: factors of at most a and
        b bits, a + b - 2 p-bits. Widths are then free, and factors may be 1.

    Raises
    ------
    TypeError, ValueError
        n even or below 9, widths that no product of n's bit length has.

    References
    ----------
    Borders et al., Nature 573, 390 (2019): 35, 161 and 945 with 4, 6 and 8 p-bits.

    Examples
    --------
    >>> ProductCost(945, 6, 4, top_is_one=False).model.num_spins
    8
    >>> problem = ProductCost(35, 3, 3)
    >>> problem.model.energy([[1, -1], [1, 1]]).tolist(), problem.decode([1, -1])
    ([0.0, 196.0], (7, 5))
    """

    n: int
    width_x: int
    width_y: int
    top_is_one: bool = True

    def __post_init__(self) -> None:
        if self.top_is_one:
            check_shape(self.n, self.width_x, self.width_y)

    @property
    def free_bits(self) -> tuple[range, range]:
        """Positions of the p-bits in X and in Y."""
        top = 1 if self.top_is_one else 0
        return range(1, self.width_x - top), range(1, self.width_y - top)

    @property
    def num_p_bits(self) -> int:
        """Number of p-bits."""
        return sum(len(bits) for bits in self.free_bits)

    @property
    def num_terms(self) -> int:
        """Terms of one to four p-bits: up to two from either factor (rarely one of them is 0)."""
        counts = (sum(comb(len(bits), k) for k in range(3)) for bits in self.free_bits)
        first, second = counts
        return first * second - 1

    @cached_property
    def model(self) -> PolynomialModel:
        """The network; weights are float64, exact while the energies are below 2**53.

        The sampler behind ``factor`` keeps the couplings factored and needs none of this.
        """
        form = product(self._number(0), self._number(1))
        form[ONE] = form.get(ONE, 0) - self.n
        x, y = self.free_bits
        return model_of_squares([(1, form)], [f"x{p}" for p in x] + [f"y{q}" for q in y])

    @property
    def ground_energy(self) -> float:
        """Least energy if n has factors of these widths."""
        return 0.0

    def decode_reads(self, spins: npt.ArrayLike) -> list[tuple[int, int]]:
        """The numbers x and y of every row of states of shape (num_reads, n)."""
        return [self._read(row) for row in (np.asarray(spins) > 0).tolist()]

    def _ends(self, side: int) -> int:
        width = (self.width_x, self.width_y)[side]
        return 1 + (1 << width - 1 if self.top_is_one else 0)

    def _number(self, side: int) -> Form:
        first = len(self.free_bits[0]) if side else 0
        number: Form = {ONE: self._ends(side)}
        for k, p in enumerate(self.free_bits[side]):
            number[frozenset([first + k])] = 1 << p
        return number

    def _read(self, row: list[bool]) -> tuple[int, int]:
        bits = iter(row)
        x, y = (
            self._ends(side) + sum(1 << p for p in self.free_bits[side] if next(bits))
            for side in range(2)
        )
        return x, y
