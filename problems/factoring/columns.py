"""Factoring by the columns of the long multiplication, a few at a time, linked by carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from pbit.engines.words import Kernel
from pbit.models.polynomial import PolynomialModel
from pbit.problems.factoring.carries import Block, Bounds, bound_carries, carry_form
from pbit.problems.factoring.shapes import OfShape, check_integer, check_shape
from pbit.problems.factoring.squares import ONE, Form, model_of_squares, product

_ONE: Form = {ONE: 1}
BLOCK = 4


@dataclass(frozen=True)
class Columns(OfShape):
    r"""The odd number n as a product of odd factors, block of columns after block of columns.

    Columns s to t - 1 of the long multiplication, with the carry :math:`C_s` into them and
    :math:`C_t` out of them, must add up to the bits of n there. The energy is a square for each
    block, products of up to four bits of X and Y included:

    .. math:: E = \sum_{\rm blocks} \Bigl(\sum_{k=s}^{t-1} 2^{k-s} \sum_{i+j=k} x_i y_j
              + C_s - 2^{t-s} C_t - n_{s..t}\Bigr)^2

    Carries are p-bits, as many as their bounds need. Classical preprocessing: bounds on sums and
    carries, passed on from block to block until nothing changes, and the parity of column 1,
    ``y_1 = x_1 xor n_1``. No case is ever tried out. One block of all columns would be
    :class:`~pbit.problems.factoring.cost.ProductCost`.

    Parameters
    ----------
    n : int
        Odd, >= 9.
    width_x, width_y : int
        Exact bit lengths of the factors, >= 2; their sum is the bit length of n or one more.
    block : int
        Columns a block, >= 1.

    Raises
    ------
    TypeError, ValueError
        n even or below 9, widths that no product of n's bit length has, block < 1.

    References
    ----------
    Dridi, Alghassi, Sci. Rep. 7, 43048 (2017): factors and carries as the zeros of equations in
    bits. Jiang, Britt, McCaskey, Humble, Kais, "Quantum annealing for prime factorization", Sci.
    Rep. (2018), doi 10.1038/s41598-018-36058-z: energies of products of bits.

    Examples
    --------
    >>> problem = Columns(899, 5, 5, block=2)
    >>> problem.model.num_spins, problem.num_carries
    (7, 2)
    """

    n: int
    width_x: int
    width_y: int
    block: int = BLOCK

    kernel: ClassVar[Kernel] = "lanes"

    def __post_init__(self) -> None:
        check_shape(self.n, self.width_x, self.width_y)
        check_integer("block", self.block, least=1)

    @property
    def is_possible(self) -> bool:
        """False if the bounds leave some carry no value: n has no factors of these widths."""
        return self._carry_bounds is not None

    @property
    def num_carries(self) -> int:
        """P-bits that hold carries."""
        return self.model.num_spins - len(self._bits[2])

    @property
    def num_terms(self) -> int:
        """Terms of the model."""
        return self.model.num_terms

    @cached_property
    def model(self) -> PolynomialModel:
        """The network; its states at energy 0 are the factorisations of n.

        Raises
        ------
        ValueError
            Bounds that leave no value for some carry.
        """
        if self._carry_bounds is None:
            raise ValueError(
                f"{self.n} must have factors of {self.width_x} and {self.width_y} bits for a "
                "model, and the bounds of the carries exclude them; ask is_possible first"
            )
        labels = list(self._bits[2])
        carries = [self._first_carry]
        for index, bounds in enumerate(self._carry_bounds[1:], 1):
            form, count = carry_form(bounds, len(labels))
            labels += [f"c{index}.{k}" for k in range(count)]
            carries.append(form)
        squares = [
            (1, _total(block, into, out))
            for block, into, out in zip(self._blocks, carries[:-1], carries[1:], strict=True)
        ]
        return model_of_squares(squares, labels)

    @property
    def betas(self) -> tuple[float, float]:
        """Ends of a good anneal: the errors a block may have grow with the worth of its columns.

        Measured on 24- and 28-bit semiprimes with blocks of 3 to 8 columns, which differ little.
        """
        return 4.0**-self.block, 8 * 4.0**-self.block

    @property
    def ground_energy(self) -> float:
        """Least energy if n has factors of these widths."""
        return 0.0

    def decode_reads(self, spins: npt.ArrayLike) -> list[tuple[int, int]]:
        """The numbers x and y of every row of states of shape (num_reads, n)."""
        x, y, _ = self._bits
        rows = (np.asarray(spins) > 0).tolist()
        return [(_value(x, row), _value(y, row)) for row in rows]

    @cached_property
    def _bits(self) -> tuple[list[Form], list[Form], list[str]]:
        """Bits of X and of Y as polynomials of p-bits, and the names of these."""
        x_names = [f"x{k}" for k in range(1, self.width_x - 1)]
        y_names = [f"y{k}" for k in range(2, self.width_y - 1)]
        x = [_ONE, *({frozenset([k]): 1} for k in range(len(x_names))), _ONE]
        if self.width_y == 2:
            return x, [_ONE, _ONE], x_names
        first = _complement(x[1]) if self.n >> 1 & 1 else x[1]
        rest: list[Form] = [{frozenset([len(x_names) + k]): 1} for k in range(len(y_names))]
        return x, [_ONE, first, *rest, _ONE], x_names + y_names

    @property
    def _first_column(self) -> int:
        """The first column that is in a block; the parity of those before is used up."""
        return 1 if self.width_y == 2 else 2

    @property
    def _first_carry(self) -> Form:
        """Carry out of column 1: x_1 if n_1 is 0, for then y_1 = x_1, and 0 else."""
        used = self._first_column == 2 and not self.n >> 1 & 1
        return self._bits[0][1] if used else {}

    @cached_property
    def _carry_bounds(self) -> list[Bounds] | None:
        first = self._first_carry
        low = high = first.get(ONE, 0)
        high += sum(value for body, value in first.items() if body != ONE)
        return bound_carries(self._blocks, (low, high))

    @cached_property
    def _blocks(self) -> list[Block]:
        last = self.width_x + self.width_y - 1
        starts = range(self._first_column, last, self.block)
        return [self._columns(start, min(start + self.block, last)) for start in starts]

    def _columns(self, start: int, end: int) -> Block:
        x, y, _ = self._bits
        form: Form = {}
        low = high = 0
        for k in range(start, end):
            for i in range(max(0, k - self.width_y + 1), min(k, self.width_x - 1) + 1):
                bit = product(x[i], y[k - i])
                low += bit.get(ONE, 0) << k - start if not _varies(bit) else 0
                high += 1 << k - start if _varies(bit) else bit.get(ONE, 0) << k - start
                for body, value in bit.items():
                    form[body] = form.get(body, 0) + (value << k - start)
        is_last = end == self.width_x + self.width_y - 1
        target = self.n >> start if is_last else self.n >> start & (1 << end - start) - 1
        return Block(form, low, high, target, end - start)


def _varies(bit: Form) -> bool:
    return any(value for body, value in bit.items() if body != ONE)


def _complement(bit: Form) -> Form:
    return {ONE: 1 - bit.get(ONE, 0)} | {b: -value for b, value in bit.items() if b != ONE}


def _value(number: list[Form], row: list[bool]) -> int:
    bits = (
        sum(value for body, value in bit.items() if all(row[i] for i in body)) for bit in number
    )
    return sum(bit << k for k, bit in enumerate(bits))


def _total(block: Block, into: Form, out: Form) -> Form:
    """What must be 0."""
    total = dict(block.form)
    for body, value in into.items():
        total[body] = total.get(body, 0) + value
    for body, value in out.items():
        total[body] = total.get(body, 0) - (value << block.width)
    total[ONE] = total.get(ONE, 0) - block.target
    return total
