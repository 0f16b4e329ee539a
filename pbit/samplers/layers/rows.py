"""Pieces of a layer's work shared among threads that wait for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TypeVar

from pbit.machine import available_threads

_WORTH_NS = 1e5  # of work a thread: handing it over takes some 20 microseconds

Piece = TypeVar("Piece")


def shared(work: Callable[[Piece], None], pieces: Sequence[Piece]) -> None:
    """Call ``work`` with every piece, in as many threads as there are."""
    parts = min(len(pieces), _num_threads())

    def turn(first: int) -> None:
        for piece in pieces[first::parts]:
            work(piece)

    later = [_threads(_num_threads()).submit(turn, k) for k in range(1, parts)]
    turn(0)
    for one in later:
        one.result()


def spans(count: int, work_ns: float, *, multiple: int = 1) -> list[tuple[int, int]]:
    """Cuts of range(count), as many as threads pay for so much work; (start, stop) each."""
    units = -(-count // multiple)
    parts = max(1, min(units, int(work_ns / _WORTH_NS), _num_threads()))
    bounds = [units * part // parts * multiple for part in range(parts + 1)]
    return list(pairwise([*bounds[:-1], count]))


@cache
def _num_threads() -> int:
    return available_threads()


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count - 1, thread_name_prefix="pbit-layers")
