"""Greedy descent: single flips that lower the energy, until there are none left."""

from __future__ import annotations

from typing import Any

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.sweeps.single import field_of


@inner
def _descend_one(s: Any, h: Any, couplings: Any, slack: Any) -> Any:
    """Number of flips; every one lowers the energy, so that there is an end."""
    flips, since_flip, i = 0, 0, 0
    while since_flip < s.size:
        if s[i] * field_of(s, i, h[i], couplings) < -slack[i]:
            s[i] = -s[i]
            flips += 1
            since_flip = 0
        else:
            since_flip += 1
        i = i + 1 if i + 1 < s.size else 0
    return flips


@bare_kernel
def descend(spins: Any, h: Any, couplings: Any, slack: Any, flips: Any, stop: Any) -> None:
    """Take rows of int8 spins (R, n) to local minima, site after site, round and round.

    h float64 (n,); couplings = (indptr, indices, weights) or (weights, terms, pointers, members),
    float64, as in :mod:`pbit.kernels.sweeps.single`; slack float64 (n,): what rounding may add to a
    field; flips int64 (R,): flips made, -1 where ``stop`` was set before.
    """
    for r in range(spins.shape[0]):
        if stop[0]:
            flips[r] = -1
        else:
            flips[r] = _descend_one(spins[r], h, couplings, slack)
