"""Classes of the rows that a network learns from."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils.multiclass import check_classification_targets

from pbit.checks import ArgumentError


def classes_of(labels: Any, classes: Any = None) -> npt.NDArray[Any]:
    """The classes, sorted; of the labels where they are not given.

    Raises
    ------
    ValueError
        Labels that are no classes, or fewer than two classes.
    """
    check_classification_targets(labels)
    found = np.unique(labels if classes is None else classes)
    if len(found) < 2:
        raise ArgumentError(
            "y", "must have two classes or more", got="1 class" if found.size else "none"
        )
    return np.asarray(found)
