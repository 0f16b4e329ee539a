"""Greedy descent: single flips that lower the energy, until there are none left."""

from __future__ import annotations

from typing import Any

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.sweeps.fields import field_of


@inner
def _is_free(held: Any, r: Any, i: Any) -> Any:
    return held.shape[0] == 0 or held[r, i] == 0


@inner
def _descend_one(s: Any, h: Any, couplings: Any, slack: Any, held: Any, r: Any) -> Any:
    """Number of flips; every one lowers the energy, so that there is an end."""
    flips, since_flip, i = 0, 0, 0
    while since_flip < s.size:
        if _is_free(held, r, i) and s[i] * field_of(s, i, h[i], couplings) < -slack[i]:
            s[i] = -s[i]
            flips += 1
            since_flip = 0
        else:
            since_flip += 1
        i = i + 1 if i + 1 < s.size else 0
    return flips


@bare_kernel
def descend(
    spins: Any, h: Any, couplings: Any, slack: Any, held: Any, flips: Any, stop: Any
) -> None:
    """Take rows of int8 spins (R, n) to local minima, site after site, round and round.

    h float64 (n,); couplings = (indptr, indices, weights) or (weights, terms, pointers, members),
    float64, as in :mod:`pbit.kernels.sweeps.single`; slack float64 (n,): what rounding may add to a
    field; held uint8 (R, n), nonzero where a spin stays as it is, or (0, n); flips int64 (R,):
    flips made, -1 where ``stop`` was set before.
    """
    for r in range(spins.shape[0]):
        if stop[0]:
            flips[r] = -1
        else:
            flips[r] = _descend_one(spins[r], h, couplings, slack, held, r)


@inner
def _keep_one(
    s: Any, fields: Any, h: Any, couplings: Any, matrix: Any, rounding: Any, held: Any, r: Any
) -> Any:
    """:func:`_descend_one`, decision by decision, on fields that are kept.

    They are off by the rounding of sums in another order and of the flips so far; where that could
    matter, as it does at ties, the field is summed anew in the order of the couplings.
    """
    slack, drift = rounding
    flips, since_flip, i = 0, 0, 0
    while since_flip < s.size:
        cost = s[i] * fields[i]
        doubt = 2.0 * slack[i] + flips * drift[i]
        if cost < doubt and _is_free(held, r, i):
            if cost > -doubt:
                fields[i] = field_of(s, i, h[i], couplings)
                cost = s[i] * fields[i]
            if cost < -slack[i]:
                row, twice = matrix[i], -2.0 * s[i]
                s[i] = -s[i]
                for k in range(fields.size):
                    fields[k] += twice * row[k]
                flips += 1
                since_flip = -1
        since_flip += 1
        i = i + 1 if i + 1 < s.size else 0
    return flips


@bare_kernel
def descend_kept(
    spins: Any, fields: Any, h: Any, couplings: Any, matrix: Any, rounding: Any, held: Any,
    flips: Any, stop: Any,
) -> None:  # fmt: skip
    """:func:`descend`, bit for bit, for couplings that fill a matrix: a flip costs n operations, an
    update one.

    fields float64 (R, n), those of the spins, overwritten; couplings = (indptr, indices, weights),
    matrix float64 (n, n), the same in full; rounding = (slack, drift), drift float64 (n,) being
    what a flip may add to the error of a field.
    """
    for r in range(spins.shape[0]):
        if stop[0]:
            flips[r] = -1
        else:
            flips[r] = _keep_one(spins[r], fields[r], h, couplings, matrix, rounding, held, r)
