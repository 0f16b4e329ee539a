"""One of n things with given odds, from a single uniform number and a comparison."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.kernels.jit import kernel


@kernel
def alias_table(weights: Any) -> Any:
    """(thresholds float64 (n,), aliases int32 (n,)): thing k, drawn evenly, stays k where a word of
    32 bits is below its threshold and becomes its alias where not.

    Source: Vose, "A linear algorithm for generating random numbers with a given distribution",
    IEEE Trans. Softw. Eng. 17, 972 (1991).
    """
    n = weights.size
    shares = weights * (n / weights.sum())
    thresholds = np.full(n, 4294967296.0)
    aliases = np.arange(n).astype(np.int32)
    stack = np.empty(n, np.int32)  # small ones from the left, large ones from the right
    small, large = 0, n
    for k in range(n):
        if shares[k] < 1.0:
            stack[small] = k
            small += 1
        else:
            large -= 1
            stack[large] = k
    while small > 0 and large < n:
        small -= 1
        k, other = stack[small], stack[large]
        thresholds[k] = shares[k] * 4294967296.0
        aliases[k] = other
        shares[other] -= 1.0 - shares[k]
        if shares[other] < 1.0:
            large += 1
            stack[small] = other
            small += 1
    return thresholds, aliases
