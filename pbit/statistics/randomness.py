"""Whether bits look like fair coins: the first tests of NIST's suite, and correlations."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import erfc

from pbit.checks import ArgumentError

BitArray = npt.NDArray[np.uint8]


def checked_bits(bits: npt.ArrayLike, *, least: int = 1) -> BitArray:
    """The bits as uint8.

    Raises
    ------
    ValueError
        Not one row of 0 and 1, or fewer than ``least``.

    Examples
    --------
    >>> checked_bits([True, False]).tolist()
    [1, 0]
    """
    values = np.asarray(bits)
    if values.ndim != 1 or len(values) < least or not np.isin(values, (0, 1)).all():
        raise ArgumentError(
            "bits",
            f"must be at least {least} of 0 and 1 in one row",
            got=f"shape {values.shape}",
            remedy="states of -1 and +1 are bits as (states > 0)",
        )
    return values.astype(np.uint8)


def monobit_p_value(bits: npt.ArrayLike) -> float:
    r"""P-value of fair coins by their sum, :math:`\mathrm{erfc}(|\sum s| / \sqrt{2 n})`.

    Parameters
    ----------
    bits : shape (n,)
        0 and 1; the normal approximation wants n >= 100.

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.1.

    Examples
    --------
    >>> round(monobit_p_value([int(bit) for bit in "1011010101"]), 6)  # example 2.1.4
    0.527089
    """
    values = checked_bits(bits)
    total = 2 * int(values.sum(dtype=np.int64)) - len(values)
    return float(erfc(abs(total) / math.sqrt(2 * len(values))))


def runs_p_value(bits: npt.ArrayLike) -> float:
    r"""P-value of independent bits by the number of their runs, whatever the share of ones.

    With the share p and V runs it is
    :math:`\mathrm{erfc}(|V - 2 n p (1 - p)| / (2 \sqrt{2 n} p (1 - p)))`; 0 where all are alike.

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.3.

    Examples
    --------
    >>> round(runs_p_value([int(bit) for bit in "1001101011"]), 6)  # example 2.3.4
    0.147232
    """
    values = checked_bits(bits, least=2)
    n, share = len(values), float(values.mean())
    if share in (0.0, 1.0):
        return 0.0
    runs = 1 + int(np.count_nonzero(np.diff(values)))
    expected = 2 * n * share * (1 - share)
    return float(erfc(abs(runs - expected) / (2 * math.sqrt(2 * n) * share * (1 - share))))


def autocorrelation(bits: npt.ArrayLike, lag: int = 1) -> float:
    """Correlation of bits with those ``lag`` places on; NaN where all are alike.

    Of n independent bits it has a standard error of 1 / sqrt(n).

    Examples
    --------
    >>> autocorrelation([0, 1] * 50, 1)
    -1.0
    """
    values = checked_bits(bits, least=2)
    if not 0 < lag < len(values):
        raise ArgumentError("lag", f"must be from 1 to {len(values) - 1}", lag)
    off = values - values.mean()
    variance = float(np.mean(off**2))
    return float(np.mean(off[:-lag] * off[lag:]) / variance) if variance else math.nan
