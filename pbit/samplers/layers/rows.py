"""Pieces of a layer's work shared among threads that wait for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TypeVar

from pbit.machine import available_threads

_FEW = 2**16  # draws below which handing them over costs more than doing them

Piece = TypeVar("Piece")


def shared(work: Callable[[Piece], None], pieces: Sequence[Piece], *, parts: int) -> None:
    """Call ``work`` with every piece, in at most so many threads."""
    parts = min(parts, len(pieces))
    if parts < 2 or _num_threads() < 2:
        for piece in pieces:
            work(piece)
        return
    parts = min(parts, _num_threads())

    def turn(first: int) -> None:
        for piece in pieces[first::parts]:
            work(piece)

    later = [_threads(_num_threads()).submit(turn, k) for k in range(1, parts)]
    turn(0)
    for one in later:
        one.result()


def shared_rows(work: Callable[[int, int], None], num_rows: int, row_size: int) -> None:
    """Call ``work(start, stop)`` over all rows, in as many threads as pay."""
    parts = max(1, min(num_rows, num_rows * row_size // _FEW, _num_threads()))
    bounds = [num_rows * part // parts for part in range(parts + 1)]
    shared(lambda span: work(*span), list(pairwise(bounds)), parts=parts)


@cache
def _num_threads() -> int:
    return available_threads()


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count - 1, thread_name_prefix="pbit-layers")
