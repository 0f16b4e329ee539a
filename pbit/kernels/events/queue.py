"""Flips on their way: a timing wheel of (time, what), taken out in the order of time.

queue = (heads int32 (buckets,), links int32, times float64, whats int64 (capacity,): lists of
entries by bucket of time and of free ones; sorted float64, int64 (c,): the entries of the present
bucket in order; state int64 (5,)). Times are floor(time * pace) buckets; what is due lies less
than ``len(heads) - 2`` buckets ahead. Insertion and removal cost the same for any number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit

from pbit.kernels.jit import bare

NOW, LOW, HIGH, FREE, LEFT = range(5)  # of the state
PER_BUCKET = 4.0  # entries wanted


@njit
def new_queue(buckets: Any, capacity: Any) -> Any:
    """An empty wheel; ``buckets`` a power of two."""
    links = np.arange(1, capacity + 1).astype(np.int32)
    state = np.array([-1, 0, 0, 0, capacity], np.int64)
    return (
        np.full(buckets, -1, np.int32),
        links,
        np.empty(capacity),
        np.empty(capacity, np.int64),
        np.empty(64),
        np.empty(64, np.int64),
        state,
    )


@njit
def grown(queue: Any) -> Any:
    """The same entries with room for twice as many."""
    heads, links, times, whats, near, near_whats, state = queue
    old, new = links.size, 2 * links.size
    more = np.empty(new, np.int32)
    more[:old] = links
    for k in range(old, new):
        more[k] = k + 1
    more[new - 1] = state[FREE]
    state[FREE] = old
    state[LEFT] += new - old
    more_times, more_whats = np.empty(new), np.empty(new, np.int64)
    more_times[:old] = times
    more_whats[:old] = whats
    return heads, more, more_times, more_whats, near, near_whats, state


@njit
def widened(queue: Any, room: Any) -> Any:
    """The same entries with this much room in the present bucket."""
    heads, links, times, whats, near, near_whats, state = queue
    low, high = state[LOW], state[HIGH]
    size = 2 * (high - low + room)
    new, new_whats = np.empty(size), np.empty(size, np.int64)
    new[: high - low] = near[low:high]
    new_whats[: high - low] = near_whats[low:high]
    state[LOW], state[HIGH] = 0, high - low
    return heads, links, times, whats, new, new_whats, state


@bare
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


@bare
def crowd(queue: Any) -> Any:
    """Entries in the bucket after the present one."""
    heads, links, _, _, _, _, state = queue
    k = heads[(state[NOW] + 1) & (heads.size - 1)]
    count = 0
    while k >= 0:
        count += 1
        k = links[k]
    return count


@bare
def advance(queue: Any) -> None:
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


@bare
def is_short(queue: Any, need: Any) -> Any:
    """Whether fewer than ``need`` entries are sure to find room."""
    near, state = queue[4], queue[6]
    return state[LEFT] < need or near.size - state[HIGH] < need


@njit
def with_room(queue: Any, need: Any) -> Any:
    """The same entries with room for ``need`` more."""
    while queue[6][LEFT] < need:
        queue = grown(queue)
    return widened(queue, need) if queue[4].size - queue[6][HIGH] < need else queue


@bare
def is_due(queue: Any, pace: Any, time: Any, need: Any) -> Any:
    """1 if the first entry comes before ``time``, 0 if not, 2 if the next bucket needs room."""
    near, state = queue[4], queue[6]
    last = int64(time * pace)
    while state[LOW] == state[HIGH] and state[NOW] < last:
        if crowd(queue) + need > near.size:
            return 2
        advance(queue)
    return 1 if state[LOW] < state[HIGH] and near[state[LOW]] < time else 0


@bare
def taken(queue: Any) -> Any:
    """(time, what) of the first entry of the present bucket, which is taken out."""
    near, near_whats, state = queue[4], queue[5], queue[6]
    low = state[LOW]
    if low + 1 == state[HIGH]:
        state[LOW] = state[HIGH] = 0
    else:
        state[LOW] = low + 1
    return near[low], near_whats[low]
