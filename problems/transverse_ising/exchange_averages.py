"""Thermal averages of exchange models, with those of their staggered magnetisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.problems.transverse_ising.averages import Measured, QuantumAverages
from pbit.samplers.imaginary_time.loops import named_cycle


@dataclass(frozen=True, eq=False)
class ExchangeAverages(QuantumAverages, ByValue):
    r"""Thermal averages of an :class:`ExchangeModel`, errors as of :class:`QuantumAverages`.

    Without a transverse field :math:`\langle \sigma^x_i \rangle = 0`. The magnetisation m keeps its
    value in time, so its susceptibility is :math:`n \beta (\langle m^2 \rangle - \langle m
    \rangle^2)`; correlations in imaginary time (:meth:`imaginary_time`, of "staggered" or "sites")
    and the gap are those of the staggered magnetisation :math:`m_s = \sum_i e_i \sigma^z_i / n`,
    e = +1 and -1 on the two sides of a bipartite graph.

    Attributes
    ----------
    exchange_energy : Measured
        :math:`-\sum J^{xy}_{ij} \langle \sigma^x_i \sigma^x_j + \sigma^y_i \sigma^y_j \rangle`.
    staggered_m2 : Measured
        :math:`\langle m_s^2 \rangle` at one time.
    staggered_susceptibility : Measured
        Of m_s in a staggered field where there is none yet, :math:`n \int_0^\beta d\tau
        \langle m_s(\tau) m_s(0) \rangle`.

    Raises
    ------
    ValueError
        By what is staggered, on a graph that is not bipartite.
    """

    _in_time: ClassVar[tuple[str, str]] = ("sites", "staggered")

    @property
    def exchange_energy(self) -> Measured:
        """See the class."""
        return self._jackknife(lambda mean: -mean["transverse"])

    @property
    def staggered_m2(self) -> Measured:
        """See the class."""
        self._check_sides()
        return self._jackknife(lambda mean: mean["staggered_m2"])

    @property
    def staggered_susceptibility(self) -> Measured:
        """See the class."""
        self._check_sides()
        scale = self.num_spins * self.beta
        return self._jackknife(lambda mean: scale * mean["staggered_path_m2"])

    def imaginary_time(self, of: str | None = None) -> tuple[Any, Measured]:
        """As of :class:`QuantumAverages`, of "staggered", the default, or "sites"."""
        if of != "sites":
            self._check_sides()
        return super().imaginary_time(of)

    def _check_sides(self) -> None:
        cycle = self.info["odd_cycle"]
        if cycle:
            raise ArgumentError(
                "j_xy, j_z",
                "must make a bipartite graph for a staggered magnetisation",
                got=f"an odd cycle of sites {named_cycle(cycle)}",
                remedy="take correlations of pairs",
            )
