"""Chains as arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


def kept(chains: Any) -> dict[str, npt.NDArray[Any]]:
    """States and how far they are."""
    return {"spins": chains.states(), "steps_done": np.array([chains.steps_done], np.int64)}


def put_back(chains: Any, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Go on from :func:`kept`, which chains of this number were given."""
    chains.put(arrays["spins"])
    chains.steps_done = int(arrays["steps_done"][0])
