"""Seeds: checked, drawn where none is given, derived for the parts of a search."""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np

from pbit.checks import integer

MAX_SEED = 2**64


def check_seed(seed: Any) -> int:
    """The seed as int, if 0 <= seed < 2**64.

    Raises
    ------
    TypeError, ValueError
    """
    return integer("seed", seed, 0, MAX_SEED - 1)


def seed_or_fresh(seed: Any, *, bits: int = 64) -> int:
    """The seed, or fresh entropy of so many bits; fewer where dimod has to take it, too.

    Raises
    ------
    TypeError, ValueError
        A seed that is no whole number from 0 to 2**64 - 1.
    """
    return secrets.randbits(bits) if seed is None else check_seed(seed)


def seed_of(seed: int, *turns: int) -> int:
    """Seed of one of many runs of a search, from that of the search."""
    return int(np.random.SeedSequence([seed, *turns]).generate_state(1, np.uint64)[0])
