"""Flips on their way: a timing wheel of (time, what), taken out in the order of time.

Times are floor(time * pace) buckets; what is due lies less than ``len(heads) - 2`` buckets ahead.
Insertion and removal cost the same for any number. Compiled code is never out of room: it asks
before (:func:`is_short`, :func:`is_due`), and its caller makes more.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, njit

from pbit.kernels.jit import bare

NOW, LOW, HIGH, FREE, LEFT = range(5)  # of the state
PER_BUCKET = 4.0  # entries wanted


class Queue(NamedTuple):
    """Lists of entries by bucket of time, and of free ones; the entries of the present bucket in
    order."""

    heads: Any  # int32 (buckets,)
    links: Any  # int32 (capacity,)
    times: Any  # float64 (capacity,)
    whats: Any  # int64 (capacity,)
    near: Any  # float64 (c,)
    near_whats: Any  # int64 (c,)
    state: Any  # int64 (5,)


def new_queue(buckets: int, capacity: int) -> Queue:
    """An empty wheel; ``buckets`` a power of two."""
    queue = Queue(
        np.empty(buckets, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity),
        np.empty(capacity, np.int64),
        np.empty(64),
        np.empty(64, np.int64),
        np.empty(5, np.int64),
    )
    empty.py_func(queue)
    return queue


@njit(inline="always")
def empty(queue: Any) -> None:
    """Take everything out."""
    heads, links, state = queue.heads, queue.links, queue.state
    for k in range(heads.size):
        heads[k] = -1
    for k in range(links.size):
        links[k] = k + 1
    state[NOW], state[LOW], state[HIGH], state[FREE], state[LEFT] = -1, 0, 0, 0, links.size


def with_room(queue: Queue, need: int) -> Queue:
    """The same entries with room for ``need`` more."""
    while queue.state[LEFT] < need:
        queue = _grown(queue)
    return _widened(queue, need) if queue.near.size - queue.state[HIGH] < need else queue


def _grown(queue: Queue) -> Queue:
    """Room for twice as many."""
    old, state = queue.links.size, queue.state
    more = np.arange(old + 1, 2 * old + 1, dtype=np.int32)
    more[-1] = state[FREE]
    state[FREE] = old
    state[LEFT] += old
    return queue._replace(
        links=np.concatenate([queue.links, more]),
        times=np.concatenate([queue.times, np.empty(old)]),
        whats=np.concatenate([queue.whats, np.empty(old, np.int64)]),
    )


def _widened(queue: Queue, room: int) -> Queue:
    """This much room in the present bucket."""
    state = queue.state
    held = slice(state[LOW], state[HIGH])
    count = int(state[HIGH] - state[LOW])
    near, near_whats = np.empty(2 * (count + room)), np.empty(2 * (count + room), np.int64)
    near[:count], near_whats[:count] = queue.near[held], queue.near_whats[held]
    state[LOW], state[HIGH] = 0, count
    return queue._replace(near=near, near_whats=near_whats)


@njit(inline="always")
def _sort_in(near: Any, near_whats: Any, state: Any, time: Any, what: Any) -> None:
    k = state[HIGH]
    while k > state[LOW] and near[k - 1] > time:
        near[k] = near[k - 1]
        near_whats[k] = near_whats[k - 1]
        k -= 1
    near[k] = time
    near_whats[k] = what
    state[HIGH] += 1


@bare
def push(queue: Any, pace: Any, time: Any, what: Any) -> None:
    """Insert; there must be room (``state[LEFT]``, and that of the present bucket)."""
    heads, links, times, whats, near, near_whats, state = queue
    bucket = int64(time * pace)
    if bucket <= state[NOW]:
        _sort_in(near, near_whats, state, time, what)
        return
    k = state[FREE]
    state[FREE] = links[k]
    state[LEFT] -= 1
    times[k] = time
    whats[k] = what
    slot = bucket & (heads.size - 1)
    links[k] = heads[slot]
    heads[slot] = k


@njit(inline="always")
def _crowd(queue: Any) -> Any:
    """Entries in the bucket after the present one."""
    heads, links, state = queue.heads, queue.links, queue.state
    k = heads[(state[NOW] + 1) & (heads.size - 1)]
    count = 0
    while k >= 0:
        count += 1
        k = links[k]
    return count


@njit(inline="always")
def _turn(queue: Any) -> None:
    """Sort the next bucket in; there must be room for it."""
    heads, links, times, whats, near, near_whats, state = queue
    state[NOW] += 1
    if state[LOW] == state[HIGH]:
        state[LOW] = state[HIGH] = 0
    slot = state[NOW] & (heads.size - 1)
    k = heads[slot]
    heads[slot] = -1
    while k >= 0:
        _sort_in(near, near_whats, state, times[k], whats[k])
        after = links[k]
        links[k] = state[FREE]
        state[FREE] = k
        state[LEFT] += 1
        k = after


@njit(inline="always")
def is_short(queue: Any, need: Any) -> Any:
    """Whether fewer than ``need`` entries are sure to find room."""
    near, state = queue.near, queue.state
    return state[LEFT] < need or near.size - state[HIGH] < need


@bare
def is_due(queue: Any, pace: Any, time: Any, need: Any) -> Any:
    """1 if the first entry comes before ``time``, 0 if not, 2 if the next bucket needs room."""
    near, state = queue.near, queue.state
    last = int64(time * pace)
    while state[LOW] == state[HIGH] and state[NOW] < last:
        if _crowd(queue) + need > near.size:
            return 2
        _turn(queue)
    return 1 if state[LOW] < state[HIGH] and near[state[LOW]] < time else 0


@bare
def taken(queue: Any) -> Any:
    """(time, what) of the first entry of the present bucket, which is taken out."""
    near, near_whats, state = queue.near, queue.near_whats, queue.state
    low = state[LOW]
    if low + 1 == state[HIGH]:
        state[LOW] = state[HIGH] = 0
    else:
        state[LOW] = low + 1
    return near[low], near_whats[low]
