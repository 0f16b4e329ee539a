"""What was measured of a quantum model on its way: averages over imaginary time, look by look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.labels import FloatArray, SpinArray

COLUMNS = ("energy", "transverse", "m", "abs_m", "m2", "m4", "path_m2")
KINK_COLUMNS = ("kinks_first", "kinks_second", "kinks_both")
MOST_BINS = 16


@dataclass(frozen=True, eq=False)
class ImaginaryTimeSeries(ByValue):
    r"""Estimates of ``num_reads`` independent reads at ``looks`` times each.

    All are averages over imaginary time (the R slices) of the state that a look finds. Means over
    the looks of a bin are kept of what is too much for every look; successive looks and bins of a
    read are correlated, reads are not.

    Parameters
    ----------
    columns : tuple of str
        Names of the columns of ``values``. "energy": the diagonal energy
        :math:`-\sum J m m - \sum h m`, offset included. "transverse":
        :math:`\sum_i \Gamma_i \sigma^x_i`; the energy of the quantum model is "energy" less
        "transverse". "m": the magnetisation :math:`m_k = \sum_i m_{ik} / n`. "abs_m", "m2", "m4":
        :math:`|m_k|, m_k^2, m_k^4`. "path_m2": the square of the mean of :math:`m_k` over k. In
        continuous time also "kinks_first", "kinks_second", "kinks_both": kinks of all worldlines
        in the first and the second half of imaginary time, and the product of the two numbers.
    values : float64, shape (looks, num_reads, len(columns))
    bin_looks : int64, shape (bins,)
        Looks in each bin, in their order.
    spins : float64, shape (bins, num_reads, n)
        Mean of :math:`\sigma^z_i`.
    kinks : float64, shape (bins, num_reads, n)
        Part of a site's R bonds in imaginary time whose ends differ; in continuous time the number
        of kinks of its worldline.
    products : float64, shape (bins, num_reads, m)
        Mean of :math:`\sigma^z_i \sigma^z_j` of each pair, at equal times.
    pairs : int32, shape (2, m)
    beta : float
    gamma : float or float64, shape (n,)
    replicas : int or None
        R; None in continuous time.
    states : int8, shape (num_reads, R, n)
        Slices at the end.
    info : dict
        ``seed``, ``stop_reason``, ``timing`` and so on, as in :class:`pbit.Reads`.
    apart : float64, shape (bins, num_reads, 2, lags), or None
        Correlations in imaginary time, where they were measured: the mean over sites of
        :math:`\sigma^z_i(0) \sigma^z_i(\tau)`, and that of :math:`m(0) m(\tau)`, at
        :math:`\tau = \beta k / T`, k = 0 to T // 2, T the times of ``states``.

    Examples
    --------
    >>> series = ImaginaryTimeSeries(
    ...     ("m",), np.array([[[0.5]], [[1.0]]]), np.array([2]), *np.zeros((3, 1, 1, 0)),
    ...     np.zeros((2, 0), np.int32), 1.0, 1.0, 1, np.zeros((1, 1, 0), np.int8),
    ... )
    >>> series["m"].tolist(), series.num_reads
    ([[0.5], [1.0]], 1)
    """

    columns: tuple[str, ...]
    values: FloatArray
    bin_looks: npt.NDArray[np.int64]
    spins: FloatArray
    kinks: FloatArray
    products: FloatArray
    pairs: npt.NDArray[np.int32]
    beta: float
    gamma: float | FloatArray
    replicas: int | None
    states: SpinArray
    info: dict[str, Any] = field(default_factory=dict)
    apart: FloatArray | None = None

    def __getitem__(self, name: str) -> FloatArray:
        """A column by name, shape (looks, num_reads).

        Raises
        ------
        KeyError
            No such column.
        """
        if name not in self.columns:
            raise KeyError(f"the series has the columns {', '.join(self.columns)}, not {name!r}")
        return np.asarray(self.values[:, :, self.columns.index(name)])

    @property
    def num_looks(self) -> int:
        """Looks at each read."""
        return len(self.values)

    @property
    def num_reads(self) -> int:
        """Independent reads."""
        return int(self.values.shape[1])


def bin_sizes(looks: int) -> npt.NDArray[np.int64]:
    """Looks in each of up to 16 bins: look l is in bin ``l * bins // looks``.

    Examples
    --------
    >>> bin_sizes(3).tolist(), bin_sizes(40).tolist()[:4]
    ([1, 1, 1], [3, 2, 3, 2])
    """
    bins = min(looks, MOST_BINS)
    return np.bincount(np.arange(looks) * bins // max(looks, 1), minlength=bins)
