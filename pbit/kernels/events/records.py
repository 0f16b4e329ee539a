"""What the event-driven kernels are handed, by name: the chip, the block of reads, the events.

Times are in units of the chip's time constant tau. Kernels allocate nothing: the arrays they work
in are made by the functions here and beside each kernel, and where a queue is too small they come
back for more (:mod:`pbit.kernels.events.reads`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

POISSON, PERIODIC, CHROMATIC, TICKS = range(4)  # clocks
IDEAL, STEPS, LINES = range(3)  # answers
DIRECT, BY_PBIT, BY_EDGE = range(3)  # filters

DONE, STOPPED, SHORT, CROWDED = range(4)  # why a kernel, or what it is made of, comes back
BATCH = 128  # events drawn at once, a multiple of 16


class Edges(NamedTuple):
    """Who tells whom: p-bit j tells the groups ``senders[j] : senders[j + 1]`` of its flips, group
    a, ``delays[a]`` later, the targets ``groups[a] : groups[a + 1]``."""

    senders: Any  # int64 (n + 1,)
    groups: Any  # int64 (g + 1,)
    targets: Any  # int32 (m,)
    weights: Any  # float64 (m,)
    delays: Any  # float64 (g,), or (0,): none


class Filters(NamedTuple):
    """Low-pass of each p-bit's summed input or of each edge, and the edges by target."""

    rates: Any  # float64 (n,) or (m,), or (0,): none
    starts: Any  # int64 (n + 1,) if of edges, else (1,)
    ids: Any  # int64 (m,) if of edges, else (0,)


class Inputs(NamedTuple):
    """A p-bit's input: ``after[0] * Q(before[0] * beta * field + before[1]) + after[1] + noise *
    normal``, Q rounding to a multiple of ``step`` within ``low`` to ``high`` (0: nothing)."""

    before: Any  # float64 (2, n)
    after: Any  # float64 (2, n)
    step: float
    low: float
    high: float
    noise: float


class Answer(NamedTuple):
    """A p-bit's answer: IDEAL, tanh; STEPS, the nearest entry of a table with entries at ``low +
    k / pace``; LINES, straight between the entries, which are at ``places``. Entries are
    P(+1) * 2**bits, bits those of the shift register, 32 without one (``lfsr_bits`` 0)."""

    kind: int
    table: Any  # float64
    low: float
    pace: float
    places: Any  # float64
    lfsr_bits: int
    shifts: int
    taps: Any  # uint32


class Clock(NamedTuple):
    """Which p-bit looks at its input when: :mod:`pbit.kernels.events.clocks`."""

    kind: int
    inverse_tau: Any  # float64 (n,)
    thresholds: Any  # float64 (n,) of an alias table, or (0,): all alike
    aliases: Any  # int32, as many
    total: float  # of inverse tau
    tick: float
    order: Any  # int32 (n,) by colour, or (0,)
    starts: Any  # int64 (colours + 1,)


class Rates(NamedTuple):
    """Of junctions that flip at a rate: :func:`pbit.kernels.events.inputs.arrhenius_log`."""

    barriers: Any  # float64 (n,), infinite where there is none
    exponent: float
    log_speeds: Any  # float64 (n,): ln of inverse tau


class Wheel(NamedTuple):
    """The queue that flips go through, if they do (``lag``): its buckets, and those in a tau."""

    buckets: int
    pace: float
    lag: bool


class ChipArrays(NamedTuple):
    """A chip of n p-bits as the kernels want it."""

    h: Any  # float64 (n,), as programmed
    edges: Edges
    filters: Filters
    inputs: Inputs
    answer: Answer
    stuck: Any  # int8 (n,): 0, or the state a p-bit does not leave
    clock: Clock
    rates: Rates
    wheel: Wheel
    seeds: Any  # uint32 (n,) of shift registers, or (0,): drawn


class Events(NamedTuple):
    """What happens next: a batch of events with their random words."""

    times: Any  # float64 (capacity,)
    sites: Any  # int32 (capacity,)
    numbers: Any  # int64 (capacity,): of the tick, the period or the sweep
    words: Any  # uint32 (4 * BATCH,)
    keys: Any  # int64 (16,): round keys
    phases: Any  # float64 (n,) of PERIODIC p-bits, or (0,)
    places: Any  # int64 (capacity + 2,) where they are put in order, or (0,)


class Averages(NamedTuple):
    """Time spent up by each p-bit and in each state (bit i set: p-bit i up), from ``burn_in`` on;
    and since when each p-bit and the network are in their states."""

    burn_in: float
    ups: Any  # float64 (R, n) or (R, 0); of one read (n,) or (0,)
    histogram: Any  # float64 (R, states) or (R, 0); of one read (states,) or (0,)
    since: Any  # float64 (n,) or (0,)
    state: Any  # int64 (1,)
    when: Any  # float64 (1,)


class Block(NamedTuple):
    """Reads that are run one after the other, and where they are at."""

    spins: Any  # int8 (n, R), stuck ones where they are stuck
    betas: Any  # float64 (num_betas, 1 or R), finite
    sweeps_per_beta: int
    num_sweeps: int
    first: Any  # uint64: number of the first read
    key: Any  # (uint64, uint64)
    tallies: Any  # int64 (R, 3): decisions, flips, arrivals
    averages: Averages
    one: Any  # int8 (n, 1): spins of the present read
    best: Any  # int8 (n or 0, 1): its best ones
    cursor: Any  # int64 (CURSOR,)
    moment: Any  # float64 (2,)


# Of the cursor. READ: the present one; BEGUN: whether it is; SWEEP: sweeps done; SUPPLIED: sweeps
# whose events were drawn; BATCHES: batches that were; AT, SIZE: next event of the present one, and
# how many it has; EVENT: number of the event; SINCE: events since the stop flag was looked at;
# NEXT: p-bit that meets a new temperature next.
READ, BEGUN, SWEEP, SUPPLIED, BATCHES, AT, SIZE, EVENT, SINCE, NEXT, CURSOR = range(11)
DRAWN, BETA = range(2)  # of the moment: time of the last event drawn; what the p-bits were told


class Read(NamedTuple):
    """The present read of a block."""

    number: Any  # uint64
    key: Any
    s: Any  # int8 (n,)
    tallies: Any  # int64 (3,)
    averages: Averages
    cursor: Any
    moment: Any
