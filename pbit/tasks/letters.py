"""Letters drawn on few pixels, with pixels turned over: generated, for small arrays of devices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer, real
from pbit.seeds import check_seed
from pbit.tasks.split import FloatArray, LabelArray

_DRAWN = {
    "C": "###|#..|###",
    "H": "#.#|###|#.#",
    "I": ".#.|.#.|.#.",
    "L": "#..|#..|###",
    "T": "###|.#.|.#.",
    "V": "#.#|#.#|.#.",
    "X": "#.#|.#.|#.#",
    "Y": "#.#|.#.|.#.",
    "Z": "##.|.#.|.##",
}


def letters(names: str = "ZYHL") -> FloatArray:
    """Letters of 3x3 pixels, 0 and 1, float64 (letters, 9).

    Raises
    ------
    ValueError
        A letter that is not drawn here.

    Examples
    --------
    >>> letters("L").reshape(3, 3).astype(int).tolist()
    [[1, 0, 0], [1, 0, 0], [1, 1, 1]]
    """
    unknown = [name for name in names if name not in _DRAWN]
    if unknown or not names:
        raise ArgumentError("names", f"must be letters among {''.join(_DRAWN)}", names)
    rows = [[pixel == "#" for pixel in _DRAWN[name].replace("|", "")] for name in names]
    return np.array(rows, dtype=np.float64)


def noisy(
    patterns: npt.ArrayLike, *, copies: int, turned: float, seed: int
) -> tuple[FloatArray, LabelArray]:
    """Copies of patterns of 0 and 1, each pixel turned over with a probability.

    Parameters
    ----------
    patterns : shape (num_patterns, num_pixels)
    copies : int
        Of each pattern.
    turned : float
        The probability, from 0 to 1.
    seed : int

    Returns
    -------
    (float64 array (copies * num_patterns, num_pixels), int64 array (copies * num_patterns,))
        The copies and the number of the pattern of each.

    Raises
    ------
    ValueError, TypeError
        Anything out of range.

    Examples
    --------
    >>> rows, labels = noisy(letters("HL"), copies=3, turned=0.1, seed=1)
    >>> rows.shape, labels.tolist()
    ((6, 9), [0, 1, 0, 1, 0, 1])
    """
    values = np.asarray(patterns, dtype=np.float64)
    if not 0 <= real("turned", turned) <= 1:
        raise ArgumentError("turned", "must be a probability", turned)
    rows = np.tile(values, (integer("copies", copies, 1), 1))
    flips = np.random.default_rng(check_seed(seed)).random(rows.shape) < turned
    labels = np.tile(np.arange(len(values)), copies)
    return np.where(flips, 1 - rows, rows), labels
