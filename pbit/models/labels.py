"""Names of spins, and the array types that all of the package shares."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

Labels = Sequence[Hashable]
FloatArray = npt.NDArray[np.float64]
SpinArray = npt.NDArray[np.int8]


def index_of(labels: Iterable[Hashable]) -> dict[Hashable, int]:
    """Position of each label."""
    return {label: k for k, label in enumerate(labels)}
