"""The multiplier circuit run backwards: invertible logic with the product clamped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from pbit.engines.bit_model import BitModel
from pbit.engines.words import Kernel
from pbit.models.ising import IsingModel
from pbit.models.polynomial import AnyModel
from pbit.problems.factoring.shapes import OfShape, check_shape
from pbit.problems.logic.circuits.inverse import LogicProblem, Unsatisfiable
from pbit.problems.logic.circuits.multiplier import multiplier_circuit
from pbit.problems.logic.circuits.running import num_terms

# Scales measured on 16- to 20-bit semiprimes: ANDs at half strength reach the ground state four
# times as often, half adders at double strength somewhat more often again.
_SCALES = {"AND": 0.5, "half adder": 2.0}


@dataclass(frozen=True)
class Factoring(OfShape):
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
    betas: ClassVar[tuple[float, float]] = (0.9, 1.3)

    def __post_init__(self) -> None:
        check_shape(self.n, self.width_x, self.width_y)

    @cached_property
    def circuit(self) -> LogicProblem:
        """The multiplier with the bits of n clamped on its product.

        Raises
        ------
        Unsatisfiable
            The truth tables of single gates show that no factors have these widths.
        """
        circuit = multiplier_circuit(self.width_x, self.width_y, ends_are_one=True)
        # Where no bit of x is free the truth tables would do a division: left to the p-bits.
        if self.width_x > 2:
            problem = LogicProblem(circuit, {"product": self.n}, scales=_SCALES)
            if problem.model.num_spins:
                return problem
        return LogicProblem(circuit, {"product": self.n}, scales=_SCALES, propagate=False)

    @property
    def is_possible(self) -> bool:
        """False if the truth tables show that no factors have these widths."""
        try:
            return self.circuit.model is not None
        except Unsatisfiable:
            return False

    @property
    def model(self) -> AnyModel:
        """The free p-bits; states at ``ground_energy`` are the factorisations of n."""
        return self.circuit.model

    @property
    def kernel(self) -> Kernel:
        """One for every shape, since each kernel is compiled once; long clamps add up weights."""
        suits = isinstance(self.model, IsingModel) and BitModel.of(self.model) is not None
        return "bits" if suits else "lanes"

    @property
    def num_terms(self) -> int:
        """Biases and couplings of the free p-bits."""
        return num_terms(self.model) + int(np.count_nonzero(getattr(self.model, "h", ())))

    @property
    def ground_energy(self) -> float:
        """Least energy if n has factors of these widths: the sum over the gates."""
        return self.circuit.ground_energy

    def decode_reads(self, spins: npt.ArrayLike) -> list[tuple[int, int]]:
        """The numbers x and y of every row of states of shape (num_reads, n)."""
        x, y = (np.atleast_1d(self.circuit.values(spins, name)) for name in ("x", "y"))
        return list(zip(map(int, x), map(int, y), strict=True))
