"""Names of spins, and the array types that all of the package shares."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Labels = Sequence[Hashable]
FloatArray = npt.NDArray[np.float64]
SpinArray = npt.NDArray[np.int8]


def index_of(labels: Iterable[Hashable]) -> dict[Hashable, int]:
    """Position of each label."""
    return {label: k for k, label in enumerate(labels)}


def check_labels(labels: Any) -> Any:
    """The labels, if they are a list of some kind.

    Raises
    ------
    TypeError
    """
    if not (hasattr(labels, "__len__") and hasattr(labels, "__iter__")):
        raise TypeError(f"labels must be a list, one a spin, got {labels!r:.60}")
    return labels


def check_pairs(name: str, keys: Iterable[Any]) -> None:
    """Refuse keys that are no pairs of labels.

    Raises
    ------
    TypeError
    """
    bad = next((key for key in keys if not hasattr(key, "__len__") or len(key) != 2), None)
    if bad is not None:
        raise TypeError(
            f"{name} must have pairs of labels as keys, got {bad!r:.60}; one alone is a field: "
            "(v, v) of a QUBO, in h of an Ising model"
        )
