"""Better bits from biased ones: exclusive or of successive bits, von Neumann's pairs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.statistics.randomness import BitArray, checked_bits


def exclusive_or(bits: npt.ArrayLike, *, of: int = 2) -> BitArray:
    r"""The exclusive or of each ``of`` successive bits: uint8 (n // of,).

    Independent bits of bias e = P(1) - 1/2 come out with :math:`(-1)^{k+1} 2^{k-1} e^k`, where k is
    ``of``.

    Raises
    ------
    ValueError
        Bits that are none, fewer than ``of`` of them.

    Examples
    --------
    >>> exclusive_or([1, 0, 1, 1, 1]).tolist()
    [1, 0]
    """
    values = checked_bits(bits, least=max(1, of))
    groups = values[: len(values) // of * of].reshape(-1, of)
    return np.asarray(groups.sum(axis=1) & 1, dtype=np.uint8)


def von_neumann(bits: npt.ArrayLike) -> BitArray:
    """The first of each pair of bits that differ: fair where bits are independent, however biased.

    A share P(1) P(0) of the bits comes out.

    Raises
    ------
    ValueError
        Bits that are none, fewer than two of them.

    References
    ----------
    J. von Neumann, "Various techniques used in connection with random digits", NBS Applied Math.
    Series 12, 36 (1951).

    Examples
    --------
    >>> von_neumann([1, 0, 1, 1, 0, 1]).tolist()
    [1, 0]
    """
    values = checked_bits(bits, least=2)
    pairs = values[: len(values) // 2 * 2].reshape(-1, 2)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1], 0])
