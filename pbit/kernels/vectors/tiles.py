"""Square tiles of vectors, turned in registers."""

from __future__ import annotations

from typing import Any

from pbit.kernels.vectors.llvm import I32, constant


def turned(b: Any, rows: list[Any]) -> list[Any]:
    """Columns of a square tile of these rows, by halves that change places: log2 steps."""
    size = len(rows)
    half = size // 2
    while half:
        keep = constant(I32, [k if not k & half else k - half + size for k in range(size)], size)
        move = constant(I32, [k + half if not k & half else k + size for k in range(size)], size)
        new = list(rows)
        for i in range(size):
            if not i & half:
                new[i] = b.shuffle_vector(rows[i], rows[i + half], keep)
                new[i + half] = b.shuffle_vector(rows[i], rows[i + half], move)
        rows, half = new, half // 2
    return rows
