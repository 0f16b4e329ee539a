"""One read of a huge graph of digits: colour class after colour class, by a team of threads.

Sites are stored in the order of their updates, class by class, and no two of a class share an
edge: updating them together is the same as one after the other, and a read is that of
:mod:`pbit.kernels.digits.sites` in this order, bit for bit, for any number of threads.

No energies are kept, since two sites of a class may have a neighbour in common, to which both
would add: a site sums those of its values when it needs them. ``states`` int16 (n, 2) has values
and limits: how likely a site is to move, at most, in units of 2**-15, rounded up; :data:`UNKNOWN`
is above all. A word that is not below the limit is all that a site at rest costs. A site that moves
makes the limits of its neighbours unknown, and two that do so at once write the same. Limits are
kept of sites in the lowest of their energies, of which a lower temperature makes none likelier to
move.

Random words: as in sites.py, the slot being the place in the order of updates.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import float32, int16, int64, uint32, uint64

from pbit.kernels.digits import family
from pbit.kernels.digits.anneal import copy, tell
from pbit.kernels.digits.boltzmann import FROZEN, LOG2_E, WIDTH, weigh
from pbit.kernels.digits.gather import gather
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import ORDER, UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_slots
from pbit.kernels.sweeps.meeting import add, pass_gate
from pbit.kernels.vectors.float_bits import exp2

CHUNK = 1024  # sites whose changes of energy are summed on their own; the unit of work of a thread
_BUFFER = CHUNK + 2 * 64
UNKNOWN = int16(2**15 - 1)
_STEPS = float32(2.0**15)
_UNIT = float32(2.0**-32)
_HALF = float32(0.5)


class Classes(NamedTuple):
    """``model``: PottsSites or TableSites, sites in the order of updates; ``starts`` int64
    (classes + 1,): where the classes begin."""

    model: Any
    starts: Any


class Team(NamedTuple):
    """Thread ``part`` of ``parts``, which share the rest: ``gate`` int64 (3,) and ``taken`` int64
    (classes,), chunks that somebody has, zeros at first; ``changes`` float64 (chunks,); ``states``
    int16 (n, 2)."""

    part: int
    parts: int
    gate: Any
    taken: Any
    changes: Any
    states: Any

    @classmethod
    def of(cls, classes: Classes, values: Any, parts: int) -> Team:
        """Part 0 of a new team, from these values int16 (n,)."""
        n, count = values.size, classes.starts.size - 1
        states = np.empty((n, 2), np.int16)
        states[:, 0] = values
        changes = np.empty(n // CHUNK + count + 1)
        return cls(0, parts, np.zeros(3, np.int64), np.zeros(count, np.int64), changes, states)


class Scratch(NamedTuple):
    """Memory of a thread: ``fields`` F and ``weights`` float32 (the longest row,), ``words`` and
    ``proposals`` uint32 (_BUFFER,), ``sites`` int64 (CHUNK + 1,), ``keys`` int64 (16,)."""

    fields: Any
    weights: Any
    words: Any
    proposals: Any
    sites: Any
    keys: Any

    @classmethod
    def of(cls, model: Any, key0: Any, key1: Any) -> Scratch:
        """For one thread."""
        longest = int(np.diff(model.rows).max(initial=0))
        words, proposals = (np.empty(_BUFFER, np.uint32) for _ in range(2))
        return cls(
            np.zeros(longest, model.h.dtype),
            np.zeros(longest, np.float32),
            words,
            proposals,
            np.empty(CHUNK + 1, np.int64),
            key_schedule(key0, key1),
        )


@inner
def _draw_sites(model: Any, states: Any, scratch: Any, scale: Any, base: Any, many: Any) -> Any:
    """Heat bath, with the number and the order of :func:`pbit.kernels.digits.sites._draw`, without
    branches that nobody can guess; (how many have moved, ``sites`` now, by how much the energy has
    changed)."""
    fields, weights, words, sites = scratch.fields, scratch.weights, scratch.words, scratch.sites
    change, moved = 0.0, 0
    for k in range(many):
        i = sites[k]
        old, count = int64(states[i, 0]), model.num_values[i]
        gather(model, states, fields, i)
        others = weigh(fields, int64(0), (count, old), scale, weights)
        present = weights[old]
        total = others + present
        u = (float32(words[i - base]) + _HALF) * _UNIT
        reach, limit = u * total, others / total
        stays = (present > 0) & ((u >= limit) | (reach >= others))
        is_long = count > WIDTH
        passed, new, is_open = float32(0.0), old, not (stays & is_long)
        for a in range(count):
            if is_long & (not is_open):
                break
            weight = weights[a] if a != old else float32(0.0)
            passed += weight
            new = a if is_open & (weight > 0) else new
            is_open = is_open & (reach >= passed)
        new = old if stays else new
        change += float(fields[new]) - float(fields[old])
        bound = int16(min(int64(limit * _STEPS) + 1, int64(UNKNOWN)))
        states[i, 0] = int16(new)
        states[i, 1] = bound if (new == old) & (present >= 1) else UNKNOWN
        sites[moved] = i
        moved += new != old
    return moved, change


@inner
def _propose_sites(model: Any, states: Any, scratch: Any, scale: Any, base: Any, many: Any) -> Any:
    """The same by Metropolis' rule."""
    fields, sites = scratch.fields, scratch.sites
    change, moved = 0.0, 0
    for k in range(many):
        i = sites[k]
        old, others = int64(states[i, 0]), model.num_values[i] - 1
        gather(model, states, fields, i)
        u = (float32(scratch.words[i - base]) + _HALF) * _UNIT
        new = int64((uint64(scratch.proposals[i - base]) * uint64(others)) >> uint64(32))
        new += new >= old
        power = float32((float(fields[new]) - float(fields[old])) * scale)
        likely = exp2(min(max(power, float32(FROZEN)), float32(0.0)))
        taken = (power >= 0) | ((power >= FROZEN) & (u <= likely))
        new = new if taken & (others > 0) else old
        change += float(fields[new]) - float(fields[old])
        states[i, 0] = int16(new)
        sites[moved] = i
        moved += new != old
    return moved, change


@inner
def _fill(words: Any, first: Any, last: Any, purpose: Any, sweep: Any, read: Any, keys: Any) -> Any:
    """The words of these slots, from that of slot ``first & ~63`` on, which is returned."""
    base = first & ~63
    tagged = int64(tag(purpose, sweep, 0))
    for slot in range(base, last, 64):
        counter = (int64(slot >> 2), int64(sweep & 0xFFFFFFFF), read, tagged)
        fill_slots(words, int64(slot - base), counter, keys)
    return base


@inner
def _update_chunk(
    model: Any, states: Any, scratch: Any, first: Any, last: Any, sweep: Any, read: Any,
    scale: Any, rule: Any,
) -> Any:  # fmt: skip
    """Update sites first..last - 1; by how much the energy has changed."""
    words, sites, keys = scratch.words, scratch.sites, scratch.keys
    base = _fill(words, first, last, UPDATE, sweep, read, keys)
    many = 0
    for i in range(first, last):
        sites[many] = i
        many += int16(words[i - base] >> uint32(17)) <= states[i, 1]
    if rule == family.METROPOLIS:  # no limit is ever kept
        _fill(scratch.proposals, first, last, ORDER, sweep, read, keys)
        return _propose_sites(model, states, scratch, scale, base, many)[1]
    moved, change = _draw_sites(model, states, scratch, scale, base, many)
    for k in range(moved):
        i = sites[k]
        for entry in range(model.pointers[i], model.pointers[i + 1]):
            states[model.neighbours[entry], 1] = UNKNOWN
    return change


@inner
def _update_class(
    classes: Any, team: Any, scratch: Any, c: Any, chunk: Any, sweep: Any, read: Any, scale: Any,
    rule: Any, forget: Any, stop: Any,
) -> Any:  # fmt: skip
    """Update what this thread gets of class c, whose first chunk is number ``chunk``; the number
    after its last."""
    first, last = classes.starts[c], classes.starts[c + 1]
    chunks = (last - first + CHUNK - 1) // CHUNK
    while not stop[0]:
        k = add(team.taken, int64(c), int64(1))
        if k >= chunks:
            break
        begin = first + k * CHUNK
        end = min(begin + CHUNK, last)
        if forget:
            for i in range(begin, end):
                team.states[i, 1] = UNKNOWN
        team.changes[chunk + k] = _update_chunk(
            classes.model, team.states, scratch, begin, end, sweep, read, scale, rule
        )
    return chunk + chunks


@inner
def _start(classes: Any, team: Any, scratch: Any) -> Any:
    """Forget limits and find energies of the sites of this thread's chunks, half of what they
    share with others; how many chunks there are."""
    model, states, fields = classes.model, team.states, scratch.fields
    n = states.shape[0]
    chunks = (n + CHUNK - 1) // CHUNK
    for k in range(team.part, chunks, team.parts):
        energy = 0.0
        for i in range(k * CHUNK, min(n, (k + 1) * CHUNK)):
            states[i, 1] = UNKNOWN
            gather(model, states, fields, i)
            value = states[i, 0]
            energy += 0.5 * (float(fields[value]) + float(model.h[model.rows[i] + value]))
        team.changes[k] = energy
    return chunks


@inner
def _sum_changes(classes: Any, team: Any) -> Any:
    """In the order of the chunks, whoever has made them; (their sum, whether all were made).

    Those made are the first of each class, also if the run was stopped.
    """
    total, chunk, whole = 0.0, 0, True
    for c in range(classes.starts.size - 1):
        chunks = (classes.starts[c + 1] - classes.starts[c] + CHUNK - 1) // CHUNK
        made = min(chunks, team.taken[c])
        for k in range(made):
            total += team.changes[chunk + k]
        whole = whole and made == chunks
        team.taken[c] = 0
        chunk += chunks
    return total, whole


@bare_kernel
def anneal_classes(
    classes: Any, reads: Any, plan: Any, stream: Any, watch: Any, team: Any, scratch: Any
) -> None:
    """Sweeps of one read, class by class: the part of one thread of a team.

    ``reads``: :class:`pbit.kernels.digits.records.AnnealReads` of one read, of which part 0 writes
    the end; ``plan``: AnnealPlan of one column; ``stream`` and ``watch`` as in
    :mod:`pbit.kernels.digits.anneal`. The threads share all but ``team.part`` and ``scratch``.
    """
    states, best, gate, parts, stop = team.states, reads.best, team.gate, team.parts, watch.stop
    values, is_first = states[:, 0], team.part == 0
    energy, before = 0.0, 0.0
    chunks = _start(classes, team, scratch)
    pass_gate(gate, parts, stop)
    if is_first:
        for k in range(chunks):
            energy += team.changes[k]
        reads.sweeps[0] = 0
        copy(values, best)
    lowest = energy
    for s in range(plan.betas.shape[0] * plan.sweeps_per_beta):
        if pass_gate(gate, parts, stop):
            break
        beta, chunk = plan.betas[s // plan.sweeps_per_beta, 0], 0
        scale = max(-beta * LOG2_E, -1.7e308)
        for c in range(classes.starts.size - 1):
            chunk = _update_class(
                classes, team, scratch, c, chunk, s, int64(stream.read), scale, plan.rule,
                beta < before, stop,
            )  # fmt: skip
            if pass_gate(gate, parts, stop):
                break
        before = beta
        if is_first:
            change, whole = _sum_changes(classes, team)
            energy += change
            if energy < lowest:
                lowest = energy
                if plan.keeps_best:
                    copy(values, best)
            if whole:
                reads.sweeps[0] = s + 1
                tell(watch, s, energy, 1)
    if is_first:
        reads.energies[0] = lowest if plan.keeps_best else energy
        copy(best if plan.keeps_best else values, reads.values[0])
