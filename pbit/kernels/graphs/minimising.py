"""Spins minimised out of products of spins: what is left has the same least energy.

Terms are records that stay where they are; one whose weight has become 0 may come back. The
arrays of a book, for n spins and room for c terms of up to w members:

- ``members`` int32 (c, w), rising; ``sizes`` int32 (c,); ``weights`` float64 (c,);
- ``keys`` uint64 (c,): exclusive or of the ``words`` uint64 (n,) of the members; ``table`` int32, a
  power of two: open addresses of records by their key, -1 where there is none;
- ``heads`` int32 (n,), ``nexts`` int32 (c, w): the records of each spin, by number times w plus the
  place of the spin in it, -1 at the end;
- ``counts`` int64 (3,): records, spins taken out, records written down when they were.

Scratch: ``own`` int32 (c,), ``place`` int32 (n,) all -1, ``near`` int32 (MOST + 2,), ``values``
float64 (3, 2**MOST), ``body`` int32 (2 * w,). What is written down, in the order of leaving:
``gone`` int32 (n, 2), the spin and the one that left with it or -1; ``first`` int64 (n + 1,);
``told`` int32 (c,) and ``told_weights`` float64 (c,): the terms that it was in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.kernels.jit import bare_kernel, inner

MOST = 6  # spins that one is tried with in all their states
_ROUNDING = 1e-9
_LOOKED = 64  # terms of a neighbour in which a twin is looked for


@inner
def _find(body: Any, size: Any, key: Any, book: Any) -> Any:
    """Number of the record with these members, or -1 minus its address in the table."""
    members, sizes, _, keys, table = book[0], book[1], book[2], book[3], book[4]
    mask = np.uint64(table.size - 1)
    at = key & mask
    while True:
        k = table[at]
        if k < 0:
            return -1 - np.int64(at)
        if keys[k] == key and sizes[k] == size:
            same = True
            for m in range(size):
                same = same and members[k, m] == body[m]
            if same:
                return np.int64(k)
        at = (at + np.uint64(1)) & mask


@inner
def _key_of(body: Any, size: Any, words: Any) -> Any:
    key = np.uint64(0)
    for m in range(size):
        key ^= words[body[m]]
    return key


@inner
def _add(body: Any, size: Any, weight: Any, least: Any, book: Any) -> Any:
    """Add to a term, a new one where there is none; False where there is no room."""
    members, sizes, weights, keys, table, words, heads, nexts, counts = book
    key = _key_of(body, size, words)
    k = _find(body, size, key, book)
    if k >= 0:
        weights[k] += weight
        if abs(weights[k]) <= least:
            weights[k] = 0.0
        return True
    if counts[0] >= sizes.size:
        return False
    at = -1 - k
    k = counts[0]
    counts[0] += 1
    table[at] = k
    keys[k], sizes[k], weights[k] = key, size, weight
    for m in range(size):
        i = body[m]
        members[k, m] = i
        nexts[k, m] = heads[i]
        heads[i] = k * members.shape[1] + m
    return True


@inner
def _gather(i: Any, own: Any, count: Any, skip: Any, book: Any) -> Any:
    """Append the terms of spin i without ``skip``; how many there are then."""
    members, sizes, weights, heads, nexts = book[0], book[1], book[2], book[6], book[7]
    width = members.shape[1]
    node = heads[i]
    while node >= 0:
        k, m = node // width, node % width
        node = nexts[k, m]
        if weights[k] == 0.0:
            continue
        held = False
        for m in range(sizes[k]):
            held = held or members[k, m] == skip
        if not held:
            own[count] = k
            count += 1
    return count


@inner
def _neighbours(own: Any, count: Any, i: Any, j: Any, near: Any, place: Any, book: Any) -> Any:
    """Other spins of these terms, rising; MOST + 1 where there are more than MOST."""
    members, sizes = book[0], book[1]
    size = 0
    for c in range(count):
        k = own[c]
        for m in range(sizes[k]):
            other = members[k, m]
            if other != i and other != j and place[other] < 0 and size <= MOST:
                near[size] = other
                place[other] = 0
                size += 1
    for a in range(1, size):
        other, b = near[a], a
        while b > 0 and near[b - 1] > other:
            near[b] = near[b - 1]
            b -= 1
        near[b] = other
    for a in range(size):
        place[near[a]] = -1
    return size


@inner
def _expand(
    i: Any, j: Any, own: Any, count: Any, near: Any, size: Any, place: Any, values: Any, book: Any
) -> None:
    """Largest sum of these terms over spins i and j, as weights of the products of the others,
    by the transform of Walsh and Hadamard."""
    members, sizes, weights = book[0], book[1], book[2]
    for a in range(size):
        place[near[a]] = a
    states = 1 << size
    for part in range(3):
        for x in range(states):
            values[part, x] = 0.0
    for c in range(count):
        k = own[c]
        bits, with_i, with_j = 0, False, False
        for m in range(sizes[k]):
            other = members[k, m]
            if other == i:
                with_i = True
            elif other == j:
                with_j = True
            else:
                bits |= 1 << place[other]
        part = 2 if with_i and with_j else 0 if with_i else 1
        values[part, bits] += weights[k]
    for a in range(size):
        place[near[a]] = -1
    for part in range(3):
        _transform(values[part], states)
    for x in range(states):
        f, g, both = values[0, x], values[1, x], values[2, x]
        values[0, x] = max(abs(f + g) + both, abs(f - g) - both) / states
    _transform(values[0], states)


@inner
def _transform(values: Any, size: Any) -> None:
    half = 1
    while half < size:
        for start in range(0, size, 2 * half):
            for x in range(start, start + half):
                a, b = values[x], values[x + half]
                values[x], values[x + half] = a + b, a - b
        half *= 2


@inner
def _members_of(bits: Any, near: Any, size: Any, body: Any) -> Any:
    count = 0
    for a in range(size):
        if bits >> a & 1:
            body[count] = near[a]
            count += 1
    return count


@inner
def _change(near: Any, size: Any, values: Any, least: Any, most: Any, body: Any, book: Any) -> Any:
    """How many terms more there are with these products; a million where one is too long."""
    weights, words = book[2], book[5]
    change = 0
    for bits in range(1, 1 << size):
        if abs(values[bits]) <= least:
            continue
        count = _members_of(bits, near, size, body)
        if count > most:
            return 1_000_000
        k = _find(body, count, _key_of(body, count, words), book)
        if k < 0 or weights[k] == 0.0:
            change += 1
        elif abs(weights[k] + values[bits]) <= least:
            change -= 1
    return change


@inner
def _leave(i: Any, j: Any, own: Any, count: Any, written: Any, book: Any) -> None:
    """Write down what a spin was in, and take these terms away."""
    weights, counts = book[2], book[8]
    gone, first, told, told_weights = written
    at = counts[1]
    gone[at, 0], gone[at, 1] = i, j
    for c in range(count):
        k = own[c]
        told[counts[2]], told_weights[counts[2]] = k, weights[k]
        weights[k] = 0.0
        counts[2] += 1
    counts[1] += 1
    first[counts[1]] = counts[2]


@inner
def _try(
    i: Any,
    j: Any,
    own: Any,
    count: Any,
    reach: Any,
    most: Any,
    scratch: Any,
    written: Any,
    book: Any,
) -> Any:
    """Take out i, and j with it if there is one, where they have so few neighbours and that makes
    no more terms; the constant that this leaves, or NaN."""
    _, place, near, values, body = scratch
    size = _neighbours(own, count, i, j, near, place, book)
    if size > reach:
        return np.nan
    weights, total = book[2], 0.0
    for c in range(count):
        total += abs(weights[own[c]])
    least = _ROUNDING * total
    _expand(i, j, own, count, near, size, place, values, book)
    if _change(near, size, values[0], least, most, body, book) > count:
        return np.nan
    if book[8][0] + (1 << size) > book[1].size:
        return np.nan
    _leave(i, j, own, count, written, book)
    for bits in range(1, 1 << size):
        if abs(values[0, bits]) > least:
            held = _members_of(bits, near, size, body)
            _add(body, held, values[0, bits], least, book)
    return values[0, 0]


@inner
def _follow(i: Any, own: Any, count: Any, most: Any, scratch: Any, written: Any, book: Any) -> Any:
    """Take out a spin that one term outweighs all others on; the constant, or NaN."""
    sizes, weights = book[1], book[2]
    body = scratch[4]
    total, strongest = 0.0, 0
    for c in range(count):
        total += abs(weights[own[c]])
        if abs(weights[own[c]]) > abs(weights[own[strongest]]):
            strongest = c
    if count == 0:
        _leave(i, -1, own, 0, written, book)
        return 0.0
    leader = own[strongest]
    weight = weights[leader]
    if 2.0 * abs(weight) < total * (1.0 - _ROUNDING) or book[8][0] + count > sizes.size:
        return np.nan
    for c in range(count):
        if _product(leader, own[c], i, body, book) > most:
            return np.nan
    sign = 1.0 if weight > 0.0 else -1.0
    first = book[8][2]
    _leave(i, -1, own, count, written, book)
    told_weights, constant = written[3], abs(weight)
    for c in range(count):
        if c != strongest:
            size, added = _product(leader, own[c], i, body, book), sign * told_weights[first + c]
            if size:
                _add(body, size, added, _ROUNDING * total, book)
            else:
                constant += added
    return constant


@inner
def _product(k: Any, other: Any, i: Any, body: Any, book: Any) -> Any:
    """Members of the product of two terms of spin i; how many there are."""
    members, sizes = book[0], book[1]
    count, a, b = 0, 0, 0
    while a < sizes[k] or b < sizes[other]:
        x = members[k, a] if a < sizes[k] else np.int32(2**31 - 1)
        y = members[other, b] if b < sizes[other] else np.int32(2**31 - 1)
        if x == y:
            a, b = a + 1, b + 1
        elif x < y:
            body[count] = x
            count, a = count + 1, a + 1
        else:
            body[count] = y
            count, b = count + 1, b + 1
    return count


@inner
def _take_out(i: Any, most: Any, reach: Any, scratch: Any, written: Any, book: Any) -> Any:
    """Take out a spin, alone or with a neighbour; the constant, or NaN."""
    own, place, near = scratch[0], scratch[1], scratch[2]
    count = _gather(i, own, 0, -1, book)
    constant = _follow(i, own, count, most, scratch, written, book)
    if constant == constant:
        return constant
    constant = _try(i, -1, own, count, reach, most, scratch, written, book)
    if constant == constant or most <= 2 or reach < MOST:
        return constant
    size = _neighbours(own, count, i, -1, near, place, book)
    if size > MOST:
        return np.nan
    for a in range(size):
        _neighbours(own, count, i, -1, near, place, book)
        j = near[a]
        both = _gather(j, own, count, i, book)
        constant = _try(i, j, own, both, size - 1, most, scratch, written, book)
        if constant == constant:
            return constant
    return _with_twin(i, count, size, most, scratch, written, book)


@inner
def _with_twin(
    i: Any, count: Any, size: Any, most: Any, scratch: Any, written: Any, book: Any
) -> Any:
    """Take out i and a spin that is no neighbour of it and has the same ones; the constant, or
    NaN."""
    own, place, near = scratch[0], scratch[1], scratch[2]
    members, sizes, weights, heads, nexts = book[0], book[1], book[2], book[6], book[7]
    _neighbours(own, count, i, -1, near, place, book)
    width, looked, last = members.shape[1], 0, i
    node = heads[near[0]] if size else -1
    while node >= 0 and looked < _LOOKED:
        k = node // width
        node = nexts[k, node % width]
        looked += 1
        if weights[k] == 0.0:
            continue
        for m in range(sizes[k]):
            j = members[k, m]
            _neighbours(own, count, i, -1, near, place, book)
            known = j == i or j == last
            for a in range(size):
                known = known or near[a] == j
            if known:
                continue
            last = j
            both = _gather(j, own, count, i, book)
            constant = _try(i, j, own, both, size, most, scratch, written, book)
            if constant == constant:
                return constant
    return np.nan


@bare_kernel
def take_out(
    most: Any, sites: Any, waiting: Any, out: Any, scratch: Any, written: Any, book: Any
) -> float:
    """Take spins out as long as that makes no more terms, of no more than ``most`` members.

    ``sites`` int32 (n,), ``waiting`` uint8 (n,): the queue; ``out`` uint8 (n,): spins that are
    taken out. Returns the constant that is left of them.
    """
    gone, counts = written[0], book[8]
    members, sizes = book[0], book[1]
    n, constant = sites.size, 0.0
    for reach in range(1, MOST + 1):
        head, length = 0, 0
        for i in range(n):
            if not out[i]:
                sites[length] = i
                waiting[i] = 1
                length += 1
        while length:
            i = sites[head]
            head = (head + 1) % n
            length -= 1
            waiting[i] = 0
            if out[i]:
                continue
            at, begin = counts[1], counts[2]
            left = _take_out(i, most, reach, scratch, written, book)
            if left != left:
                continue
            constant += left
            out[i] = 1
            if gone[at, 1] >= 0:
                out[gone[at, 1]] = 1
            for c in range(begin, counts[2]):
                k = written[2][c]
                for m in range(sizes[k]):
                    j = members[k, m]
                    if not out[j] and not waiting[j]:
                        waiting[j] = 1
                        sites[(head + length) % n] = j
                        length += 1
    return constant


@bare_kernel
def put_back(states: Any, gone: Any, first: Any, told: Any, told_weights: Any, book: Any) -> None:
    """Set the spins that were taken out, the last one first, to what is lowest; states int8
    (R, n)."""
    members, sizes = book
    for r in range(states.shape[0]):
        state = states[r]
        for at in range(gone.shape[0] - 1, -1, -1):
            i, j = gone[at, 0], gone[at, 1]
            f, g, both = 0.0, 0.0, 0.0
            for c in range(first[at], first[at + 1]):
                k, product, with_i, with_j = told[c], told_weights[c], False, False
                for m in range(sizes[k]):
                    other = members[k, m]
                    if other == i:
                        with_i = True
                    elif other == j:
                        with_j = True
                    else:
                        product *= state[other]
                if with_i and with_j:
                    both += product
                elif with_i:
                    f += product
                else:
                    g += product
            if j >= 0:
                state[j] = 1 if abs(f + both) + g >= abs(f - both) - g else -1
                f += both * state[j]
            state[i] = 1 if f >= 0.0 else -1


@bare_kernel
def write_terms(pointers: Any, members: Any, weights: Any, least: Any, body: Any, book: Any) -> Any:
    """Put terms into an empty book; False where there is no room."""
    for t in range(weights.size):
        size = pointers[t + 1] - pointers[t]
        for m in range(size):
            body[m] = members[pointers[t] + m]
        if not _add(body, size, weights[t], least, book):
            return False
    return True
