"""Exchange models, XXZ and Heisenberg, measured by loops in imaginary time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, instance, real
from pbit.graphs.balance import balancing_signs, frustrated_cycle
from pbit.models.ising import IsingModel
from pbit.problems.transverse_ising.averages import autocorrelation
from pbit.problems.transverse_ising.exchange_averages import ExchangeAverages
from pbit.samplers.imaginary_time.loops import check_signs, measure_loops


@dataclass(frozen=True, eq=False, init=False)
class ExchangeModel(ByValue):
    r"""Quantum spins that change places: the XXZ model on any graph without a sign problem.

    .. math:: H = -\sum_{i<j} \left[ J^{xy}_{ij} (\sigma^x_i \sigma^x_j + \sigma^y_i \sigma^y_j)
              + J^z_{ij} \sigma^z_i \sigma^z_j \right] - \sum_i h_i \sigma^z_i

    in Pauli matrices, not spins of 1/2; S = sigma / 2 makes J four times as large there. Equal
    couplings J > 0 are the Heisenberg ferromagnet, J < 0 the antiferromagnet.

    **Signs.** Turning the spins of one sublattice by pi about z changes the sign of the
    :math:`J^{xy}` that lead to the other and nothing that is measured here. Where
    :math:`J^{xy} \ge 0` can be reached so, which takes an even number of negative ones around every
    cycle (any on a bipartite graph), weights of worldlines are positive. Elsewhere it is refused:
    the frustrated antiferromagnet of a triangle has weights of both signs, which are no
    probabilities. The signs of :math:`J^z` and h are free.

    **p-bits.** Suzuki and Trotter's slices, bonds of a chain taken even and odd in turn, make a
    checkerboard of p-bits: each shaded square joins a bond at two times, with a weight of all four
    spins. At :math:`\epsilon = \beta / R` it is :math:`e^{\epsilon J^z}` for equal spins that stay,
    :math:`e^{-\epsilon J^z} \cosh 2 \epsilon J^{xy}` for opposite ones that stay and
    :math:`e^{-\epsilon J^z} \sinh 2 \epsilon J^{xy}` for those that change places; the other 10 of
    16 states have weight 0, since the number of spins up is conserved. A p-bit that flips alone
    breaks that law in both squares that it is part of: its input is infinite against it, so single
    flips never leave the state they begin in, and finite penalties in place of infinite ones
    sample another model. What flips without breaking the law are closed loops of p-bits. Here a
    sweep draws where worldlines are broken up into loops, in continuous time, and then each loop is
    one p-bit: its input is the field along it, that is a fair coin at h = 0.

    Parameters
    ----------
    h : float array, shape (n,)
    j_xy, j_z : symmetric matrices, shape (n, n)
        Dense or sparse, as J of :class:`pbit.IsingModel`.

    Attributes
    ----------
    xy, z : IsingModel
        :math:`J^{xy}`, without fields, and the diagonal part.

    Raises
    ------
    TypeError, ValueError
        As for :class:`pbit.IsingModel`; a sign problem, with a cycle that makes it.

    References
    ----------
    Barma, Shastry, Phys. Rev. B 18, 3351 (1978): checkerboard of four-spin terms; Camsari,
    Chowdhury, Datta, Phys. Rev. Applied 12, 034061 (2019): slices on p-circuits; Beard, Wiese,
    Phys. Rev. Lett. 77, 5130 (1996): loops in continuous time; Evertz, Adv. Phys. 52, 1 (2003).

    Examples
    --------
    >>> from pbit.problems.transverse_ising import ring
    >>> antiferromagnet = ExchangeModel.of(ring(8, -1.0))
    >>> averages = antiferromagnet.measure(beta=1.0, num_sweeps=3000, seed=1)
    >>> value, error = averages.energy_per_spin
    >>> bool(abs(value + 1.71717883) < 5 * error), error < 0.01
    (True, True)
    """

    xy: IsingModel
    z: IsingModel

    def __init__(self, h: npt.ArrayLike, j_xy: Any, j_z: Any) -> None:
        self._set(_model("j_xy", np.zeros(np.shape(h)), j_xy), _model("j_z", h, j_z))

    @classmethod
    def of(cls, model: IsingModel, anisotropy: float = 1.0) -> ExchangeModel:
        r"""Couplings and fields of a model: :math:`J^{xy} = J, J^z = \text{anisotropy} J`.

        Raises
        ------
        TypeError, ValueError
            No IsingModel, an anisotropy that is not finite, a sign problem.
        """
        remedy = "exchange is between pairs: give pbit.IsingModel"
        instance("model", model, IsingModel, remedy=remedy)
        ratio = real("anisotropy", anisotropy)
        if not np.isfinite(ratio):
            raise ArgumentError("anisotropy", "must be finite", anisotropy)
        made = cls.__new__(cls)
        xy = IsingModel(np.zeros(model.num_spins), model.J)
        made._set(xy, IsingModel(model.h, ratio * model.J, model.offset))
        return made

    def _set(self, xy: IsingModel, z: IsingModel) -> None:
        check_signs(xy)
        object.__setattr__(self, "xy", xy)
        object.__setattr__(self, "z", z)

    @property
    def num_spins(self) -> int:
        """Number n of sites."""
        return self.z.num_spins

    def measure(self, beta: float, **options: Any) -> ExchangeAverages:
        """Averages at a temperature.

        Parameters
        ----------
        beta : float
            Inverse temperature > 0 in the units of J.
        **options
            num_sweeps, burn_in, every, num_reads, pairs, seed, num_threads, first_read, control as
            of :func:`measure_loops`.

        Raises
        ------
        TypeError, ValueError, MemoryError
        """
        bonds = -(abs(self.xy.J) + abs(self.z.J))
        sides = balancing_signs(bonds)
        series = measure_loops(self.xy, self.z, beta, sublattices=sides, **options)
        info = series.info | {
            "method": "loops",
            "beta": series.beta,
            "trotter_error": 0.0,
            "odd_cycle": frustrated_cycle(bonds) if sides is None else [],
            "autocorrelation": autocorrelation(series, series.info["every"]),
        }
        return ExchangeAverages(series, info)


def _model(name: str, h: npt.ArrayLike, couplings: Any) -> IsingModel:
    """A model of these couplings, which a refusal calls by their name."""
    try:
        return IsingModel(h, couplings)  # type: ignore[arg-type]
    except ArgumentError as error:
        if error.argument != "J":
            raise
        raise ValueError(error.sentence(name)) from None
