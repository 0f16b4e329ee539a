"""Spins that are held."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def checked_held(held: npt.ArrayLike | None, n: int) -> npt.NDArray[np.bool_] | None:
    """Mask of the spins that are held; None if none are.

    Raises
    ------
    ValueError
        No mask of n truth values.
    """
    if held is None:
        return None
    mask: npt.NDArray[Any] = np.asarray(held)
    if mask.shape != (n,) or mask.dtype != np.bool_:
        raise ValueError(
            f"held must be a mask of shape ({n},), True where a spin is held, got {mask.dtype} of "
            f"shape {mask.shape}; for indices pass np.isin(np.arange(n), indices)"
        )
    return mask if mask.any() else None
