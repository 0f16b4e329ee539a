"""The model of a problem as products of many spins, or as pairs with ancillas."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import PolynomialModel
from pbit.problems.core.base import TwoValued
from pbit.problems.core.problem import Answer

if TYPE_CHECKING:
    from pbit.graphs.compilation import Compiled


class PairsOrProducts(TwoValued):
    """Bits with an energy of ``products``, which become pairs where ``pairs`` says so.

    Ancillas come last, and the lowest energy over them is the energy of the products: answers,
    objectives and ground states are the same.
    """

    if TYPE_CHECKING:
        pairs: bool

        @property
        def products(self) -> IsingModel | PolynomialModel: ...

    @cached_property
    def model(self) -> IsingModel | PolynomialModel:
        """Products, or pairs and ancillas; pairs alone where no product is longer."""
        products = self.products
        if isinstance(products, PolynomialModel) and products.degree <= 2:
            return products.to_ising_model()
        return products if self._reduced is None else self._reduced.model

    def decode(self, spins: SpinArray) -> Answer:
        """The value of each spin that is no ancilla."""
        return super().decode(np.asarray(spins)[: len(self.labels)])

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """State of the lowest energy that says the answer."""
        spins = self.product_state(answer)
        return spins if self._reduced is None else self._reduced.encode(spins)

    def product_state(self, answer: npt.ArrayLike) -> SpinArray:
        """The same for the products: the spin of each value."""
        return super().encode(answer)

    @cached_property
    def _reduced(self) -> Compiled | None:
        products = self.products
        if not self.pairs or isinstance(products, IsingModel) or products.degree <= 2:
            return None
        from pbit.graphs import reduce_order  # not loaded where nothing is compiled

        return reduce_order(products)
