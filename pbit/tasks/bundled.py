"""Small data sets that come with scikit-learn: handwritten digits and irises."""

from __future__ import annotations

from typing import Any

from pbit.system.extras import imported
from pbit.tasks.split import Split, split_of


def digits(seed: int, *, held_out: float = 0.25) -> Split:
    """The 1797 handwritten digits of 8x8 pixels, grey values from 0 to 1, a quarter held out.

    Raises
    ------
    ImportError
        No scikit-learn.

    References
    ----------
    E. Alpaydin, C. Kaynak, "Optical recognition of handwritten digits", UCI repository (1998).

    Examples
    --------
    >>> split = digits(1)
    >>> split.train.shape, split.test.shape, split.num_classes
    ((1348, 64), (449, 64), 10)
    """
    data = _datasets("digits need").load_digits()
    return split_of(data.data / 16, data.target, held_out=held_out, seed=seed, image_shape=(8, 8))


def iris(seed: int, *, held_out: float = 0.25) -> Split:
    """The 150 irises of three kinds, four lengths each, brought to 0 to 1.

    Raises
    ------
    ImportError
        No scikit-learn.

    References
    ----------
    R. A. Fisher, Ann. Eugenics 7, 179 (1936).

    Examples
    --------
    >>> iris(1).train.shape
    (112, 4)
    """
    data = _datasets("irises need").load_iris()
    low, high = data.data.min(axis=0), data.data.max(axis=0)
    rows = (data.data - low) / (high - low)
    return split_of(rows, data.target, held_out=held_out, seed=seed)


def _datasets(what: str) -> Any:
    return imported("sklearn.datasets", what=what, package="scikit-learn")
