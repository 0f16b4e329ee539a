"""Quantum averages with error bars, from looks at independent reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, real
from pbit.models.labels import FloatArray
from pbit.samplers.imaginary_time.series import ImaginaryTimeSeries
from pbit.statistics.autocorrelation import autocorrelation_time

_ENOUGH_READS = 8
"""From so many reads on errors come from their spread, below from that of the bins of all reads."""


class Measured(NamedTuple):
    """A mean and its standard error: numbers, or arrays of one shape."""

    value: Any
    error: Any


@dataclass(frozen=True, eq=False)
class QuantumAverages(ByValue):
    r"""Thermal averages of :math:`H = E(\sigma^z) - \sum_i \Gamma_i \sigma^x_i`.

    Every error is a standard error from the spread of independent reads, or with fewer than 8 from
    that of up to 16 bins of each, which is too small where a bin is shorter than some ten
    autocorrelation times. Functions of averages take theirs from the jackknife.

    Parameters
    ----------
    series : ImaginaryTimeSeries
    info : dict
        How it came about: ``method``, ``replicas``, ``trotter_error`` (an estimate, 0 in continuous
        time), ``seed``, ``autocorrelation`` (sweeps, of the energy and of m^2), ``timing``.

    Attributes
    ----------
    energy, energy_per_spin : Measured
        :math:`\langle H \rangle`, offset included, and the same over n.
    sigma_x, sigma_z : Measured
        :math:`\langle \sigma^x_i \rangle, \langle \sigma^z_i \rangle`, float64 (n,).
    transverse_magnetization : Measured
        Mean of :math:`\langle \sigma^x_i \rangle` over the sites.
    correlations : Measured
        :math:`\langle \sigma^z_i \sigma^z_j \rangle` of ``pairs``, float64 (m,).
    m, abs_m, m2, m4 : Measured
        Of the magnetisation :math:`m = \sum_i \sigma^z_i / n`.
    binder : Measured
        :math:`U = 1 - \langle m^4 \rangle / (3 \langle m^2 \rangle^2)`.
    susceptibility : Measured
        Of m in a uniform longitudinal field, :math:`n \int_0^\beta d\tau
        [\langle m(\tau) m(0) \rangle - \langle m \rangle^2]`.
    fidelity_susceptibility : Measured
        :math:`\int_0^{\beta/2} \tau [\langle V(\tau) V(0) \rangle - \langle V \rangle^2] d\tau`,
        :math:`V = \partial H / \partial \Gamma`, of the whole system: how fast the ground state
        turns, largest near a critical point. With a field for each site the derivative is that by
        a common factor of all fields at 1. Half the covariance of the kinks in the two halves of
        imaginary time, over :math:`\Gamma^2` (Wang et al., Phys. Rev. X 5, 031007 (2015)); in
        continuous time only.

    Raises
    ------
    ValueError
        The fidelity susceptibility of slices, or without a field.
    """

    series: ImaginaryTimeSeries
    info: dict[str, Any]
    _in_time: ClassVar[tuple[str, str]] = ("sites", "m")  # what ``series.apart`` has

    @property
    def num_spins(self) -> int:
        """Number n of sites."""
        return int(self.series.spins.shape[2])

    @property
    def beta(self) -> float:
        """Inverse temperature."""
        return self.series.beta

    @property
    def energy(self) -> Measured:
        """See the class."""
        return self._jackknife(lambda mean: mean["energy"] - mean["transverse"])

    @property
    def energy_per_spin(self) -> Measured:
        """See the class."""
        value, error = self.energy
        return Measured(value / self.num_spins, error / self.num_spins)

    @property
    def m(self) -> Measured:
        """See the class."""
        return self._jackknife(lambda mean: mean["m"])

    @property
    def abs_m(self) -> Measured:
        """See the class."""
        return self._jackknife(lambda mean: mean["abs_m"])

    @property
    def m2(self) -> Measured:
        """See the class."""
        return self._jackknife(lambda mean: mean["m2"])

    @property
    def m4(self) -> Measured:
        """See the class."""
        return self._jackknife(lambda mean: mean["m4"])

    @property
    def binder(self) -> Measured:
        """See the class."""
        return self._jackknife(lambda mean: 1 - mean["m4"] / (3 * mean["m2"] ** 2))

    @property
    def susceptibility(self) -> Measured:
        """See the class."""
        scale = self.num_spins * self.beta
        return self._jackknife(lambda mean: scale * (mean["path_m2"] - mean["m"] ** 2))

    @property
    def fidelity_susceptibility(self) -> Measured:
        """See the class."""
        if self.series.replicas is not None or "kinks_both" not in self.series.columns:
            raise ArgumentError(
                "replicas", "must be None, continuous time, for the fidelity susceptibility",
                self.series.replicas,
            )  # fmt: skip
        gamma = self.series.gamma
        if not np.any(gamma):
            raise ArgumentError("gamma", "must be > 0 for the fidelity susceptibility", gamma)
        scale = 2.0 * gamma**2 if isinstance(gamma, float) else 2.0
        return self._jackknife(
            lambda mean: (mean["kinks_both"] - mean["kinks_first"] * mean["kinks_second"]) / scale
        )

    @property
    def sigma_z(self) -> Measured:
        """See the class."""
        return self._of_blocks(self.series.spins)

    @property
    def sigma_x(self) -> Measured:
        """See the class."""
        return self._of_blocks(_sigma_x(self.series))

    @property
    def transverse_magnetization(self) -> Measured:
        """See the class."""
        return self._of_blocks(_sigma_x(self.series).mean(axis=2))

    @property
    def correlations(self) -> Measured:
        """See the class."""
        return self._of_blocks(self.series.products)

    def imaginary_time(self, of: str | None = None) -> tuple[FloatArray, Measured]:
        r"""Correlation in imaginary time: times from 0 to beta / 2, and values at them.

        Parameters
        ----------
        of : {"m", "sites"}, optional
            :math:`\langle m(\tau) m(0) \rangle`, the default, or the mean over sites of
            :math:`\langle \sigma^z_i(\tau) \sigma^z_i(0) \rangle`.

        Returns
        -------
        times : float64, shape (lags,)
        values : Measured
            float64 (lags,) each.

        Raises
        ------
        ValueError
            Other words; averages of slices that took down no such products.
        """
        words = self._in_time
        of = words[1] if of is None else of
        if of not in words:
            raise ArgumentError("of", f"must be '{words[1]}' or 'sites'", of)
        if self.series.apart is None:
            raise ArgumentError(
                "method", "must be 'worldlines' for correlations in imaginary time",
                self.info.get("method"),
            )  # fmt: skip
        values = self._of_blocks(self.series.apart[:, :, words.index(of)])
        times = self.series.states.shape[1]
        return self.beta * np.arange(values.value.size) / times, values

    def gap(self, after: float | None = None) -> Measured:
        r"""Gap between the ground state and the lowest state that m leads to.

        :math:`\langle m(\tau) m(0) \rangle` is fitted by :math:`A \cosh \Delta (\beta / 2 - \tau)`
        at :math:`\tau \ge` ``after``; an upper bound where higher states have not died away by
        then or where beta is not large against the inverse of the gap.

        Parameters
        ----------
        after : float, optional
            beta / 8 by default.

        Raises
        ------
        ValueError
            Fewer than 3 times left.
        """
        from scipy.optimize import curve_fit

        times, values = self.imaginary_time()
        least = self.beta / 8 if after is None else real("after", after)
        used = times >= least
        if used.sum() < 3:
            raise ArgumentError("after", f"must leave 3 of the times up to {times[-1]:g}", least)
        blocks = self._blocked(self.series.apart[:, :, 1])[:, used]  # type: ignore[index]
        away, errors = self.beta / 2 - times[used], np.maximum(values.error[used], 1e-300)

        def law(t: FloatArray, amplitude: float, gap: float) -> FloatArray:
            return np.asarray(amplitude * np.cosh(gap * t))

        def fitted(mean: FloatArray) -> float:
            steepest = np.arccosh(max(1.0, mean[0] / mean[-1])) / max(away[0] - away[-1], 1e-300)
            start = (mean[-1], max(float(steepest), 1e-3 / self.beta))
            found, _ = curve_fit(law, away, mean, p0=start, sigma=errors, maxfev=10_000)
            return abs(float(found[1]))

        return _jackknife(blocks, fitted)

    @cached_property
    def _rows(self) -> dict[str, FloatArray]:
        """Means of the blocks of each column."""
        series = self.series
        ends = np.cumsum(series.bin_looks)
        sums = np.add.reduceat(series.values, np.r_[0, ends[:-1]], axis=0)
        means = sums / series.bin_looks[:, None, None]
        return dict(zip(series.columns, np.moveaxis(self._blocked(means), 1, 0), strict=True))

    def _blocked(self, bins: FloatArray) -> FloatArray:
        """Means (bins, reads, ...) as independent blocks (blocks, ...)."""
        if bins.shape[1] < _ENOUGH_READS:
            return bins.reshape(-1, *bins.shape[2:])
        return np.average(bins, axis=0, weights=self.series.bin_looks)

    def _of_blocks(self, bins: FloatArray) -> Measured:
        blocks = self._blocked(bins)
        return Measured(blocks.mean(axis=0), _error(blocks))

    def _jackknife(self, function: Callable[[Any], Any]) -> Measured:
        names = list(self._rows)
        blocks = np.stack([self._rows[name] for name in names], axis=1)
        return _jackknife(blocks, lambda mean: function(dict(zip(names, mean, strict=True))))


def autocorrelation(series: ImaginaryTimeSeries, every: int) -> dict[str, float]:
    """Integrated autocorrelation times of the energy and of m^2, in sweeps."""
    energy = series["energy"] - series["transverse"]
    return {
        "energy": every * autocorrelation_time(energy),
        "m2": every * autocorrelation_time(series["m2"]),
    }


def _jackknife(blocks: FloatArray, function: Callable[[Any], Any]) -> Measured:
    """A function of the mean of blocks (blocks, ...), and its error; infinite of one block."""
    count, mean = len(blocks), blocks.mean(axis=0)
    value = function(mean)
    if count < 2:
        return Measured(value, np.inf)
    others = np.array([function((count * mean - block) / (count - 1)) for block in blocks])
    spread = np.sqrt((count - 1) * ((others - others.mean(axis=0)) ** 2).mean(axis=0))
    return Measured(float(value), float(spread))


def _error(blocks: FloatArray) -> FloatArray:
    if len(blocks) < 2:
        return np.full(blocks.shape[1:], np.inf)
    return np.asarray(blocks.std(axis=0, ddof=1) / np.sqrt(len(blocks)))


def _sigma_x(series: ImaginaryTimeSeries) -> FloatArray:
    r"""Of each site: :math:`\tanh a` at equal neighbours in time, :math:`\coth a` at different
    ones; in continuous time the number of kinks over :math:`\beta \Gamma`."""
    rates = series.beta * np.broadcast_to(np.asarray(series.gamma), series.kinks.shape[2:])
    with np.errstate(divide="ignore", invalid="ignore"):
        if series.replicas is None:
            values = series.kinks / rates
        else:
            equal = np.tanh(rates / series.replicas)
            values = equal + (1 / equal - equal) * series.kinks
    return np.where(rates > 0, values, 0.0)
