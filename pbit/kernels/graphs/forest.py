"""Sums over groups, and over trees whose nodes come after their parents."""

from __future__ import annotations

from typing import Any

from pbit.kernels.jit import bare_kernel


@bare_kernel
def subtree_sums(parents: Any, sums: Any) -> None:
    """Add to every node what hangs below it; ``parents[k] < k``, -1 for a root."""
    for k in range(parents.size - 1, -1, -1):
        if parents[k] >= 0:
            sums[parents[k]] += sums[k]


@bare_kernel
def running_sums(sizes: Any, values: Any, sums: Any) -> None:
    """Write the running sums of ``values``, starting anew with every group."""
    at = 0
    for size in sizes:
        total = 0.0
        for k in range(at, at + size):
            total += values[k]
            sums[k] = total
        at += size
