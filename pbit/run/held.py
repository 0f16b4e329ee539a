"""Spins that are held."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError


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
        raise ArgumentError(
            "held",
            f"must be a mask of shape ({n},), True where a spin is held",
            got=f"{mask.dtype} of shape {mask.shape}",
            remedy="for indices pass np.isin(np.arange(n), indices)",
        )
    return mask if mask.any() else None
