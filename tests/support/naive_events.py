"""Slow and obvious versions of the event-driven kernels: plain Python, a heap of what is to come.

Heat bath, ticks, periods, colours and telegraph junctions take the random words of the kernels, so
that reads must be equal; Arrhenius junctions are thinned from a constant bound (Lewis, Shedler,
Nav. Res. Logist. Q. 26, 403 (1979)) with numbers of Python's own, so that laws must be.
"""

import heapq
import math
from itertools import count
from typing import ClassVar

import numpy as np

from naive import MASK, ars, start_spins

UPDATE, ORDER, EVENT, CHIP, NOISE = 0, 2, 4, 5, 8
NEVER = math.inf


def words_of(seed, low, high, read, purpose):
    tag = purpose << 28 | (high >> 32 & 0xFFF) << 16
    return ars((low, high & MASK, read, tag), (seed & MASK, seed >> 32))


def one_word(seed, slot, number, read, purpose):
    return words_of(seed, slot // 4, number, read, purpose)[slot % 4]


def normal_of(seed, event, read):
    tag = NOISE << 28
    a, b, _, _ = ars((event & MASK, event >> 32, read, tag), (seed & MASK, seed >> 32))
    return math.sqrt(-2 * math.log((a + 0.5) / 2**32)) * math.cos(2 * math.pi * (b + 0.5) / 2**32)


class Synapses:
    """Who hears what when; every edge on its own, fields summed anew at each look."""

    def __init__(self, chip, spins):
        senders, groups, targets, weights, delays = chip.arrays.edges
        rates, starts, _ = chip.arrays.filters
        self.h, self.n = chip.h, len(spins)
        self.tells = [[] for _ in range(self.n)]  # of each p-bit: (delay, edges)
        self.into = [[] for _ in range(self.n)]  # of each p-bit: edges
        self.edge = []  # (source, target, weight)
        for j in range(self.n):
            for a in range(senders[j], senders[j + 1]):
                edges = list(range(groups[a], groups[a + 1]))
                self.tells[j].append((float(delays[a]) if len(delays) else 0.0, edges))
                for e in edges:
                    self.edge.append((j, int(targets[e]), float(weights[e])))
                    self.into[int(targets[e])].append(e)
        self.value = [float(spins[j]) for j, _, _ in self.edge]  # as arrived
        self.by_pbit = rates.size > 0 and starts.size == 1
        self.by_edge = rates.size > 0 and starts.size > 1
        self.rates = rates
        self.level = [self.arrived(i) for i in range(self.n)] if self.by_pbit else list(self.value)
        self.since = [0.0] * len(self.level)

    def arrived(self, i):
        return self.h[i] + sum(self.edge[e][2] * self.value[e] for e in self.into[i])

    def _settle(self, k, goal, t):
        self.level[k] = goal + (self.level[k] - goal) * math.exp(
            -(t - self.since[k]) * self.rates[k]
        )
        self.since[k] = t

    def hear(self, e, value, t):
        i = self.edge[e][1]
        if self.by_pbit:
            self._settle(i, self.arrived(i), t)
        elif self.by_edge:
            self._settle(e, self.value[e], t)
        self.value[e] = float(value)

    def field(self, i, t):
        if self.by_pbit:
            self._settle(i, self.arrived(i), t)
            return self.level[i]
        if self.by_edge:
            for e in self.into[i]:
                self._settle(e, self.value[e], t)
            return self.h[i] + sum(self.edge[e][2] * self.level[e] for e in self.into[i])
        return self.arrived(i)


def half_of(hardware):
    return 0.0 if hardware.rounding == "truncate" else 0.5


def input_of(hardware, chip, i, x):
    if hardware.dac_bits is not None:
        step = 2 * hardware.dac_range / 2**hardware.dac_bits
        x = min(
            max(math.floor(x / step + half_of(hardware)) * step, -hardware.dac_range),
            hardware.dac_range - step,
        )
    return chip.gain[i] * x + chip.offset[i]


def is_up(hardware, x, word):
    """The answer: the mean of the curve, or of the table, against the random number."""
    if hardware.lut_bits is not None:
        half = 2 ** (hardware.lut_bits - 1)
        k = min(max(math.floor(x * half / hardware.lut_range + half_of(hardware)), -half), half - 1)
        bits = hardware.lfsr_bits or 32
        entry = math.floor((1 + math.tanh(k * hardware.lut_range / half)) / 2 * 2**bits + 0.5)
        return word + 0.5 < (min(entry, 2**bits - 1) if hardware.lfsr_bits else entry)
    return (word + 0.5) / 2**32 < (1 + math.tanh(x)) / 2


class Register:
    """Fibonacci register: the bit that comes in is the parity of the taps, counted from 1."""

    TAPS: ClassVar = {
        8: (8, 6, 5, 4),
        16: (16, 15, 13, 4),
        24: (24, 23, 22, 17),
        32: (32, 22, 2, 1),
    }

    def __init__(self, bits, word):
        self.bits, self.state = bits, (word & (1 << bits) - 1) | 1

    def shift(self):
        bit = sum(self.state >> (tap - 1) & 1 for tap in self.TAPS[self.bits]) % 2
        self.state = (self.state << 1 & (1 << self.bits) - 1) | bit


def decisions(chip, sweeps, read, seed):
    """(time, p-bit, word or None, number of the event) of a read, in order."""
    _, inverse, thresholds, aliases, _, tick, order, starts = chip.arrays.clock
    n, clock = len(inverse), chip.hardware.clock
    if clock == "poisson":
        t, total = 0.0, sum(inverse)
        for event in count():
            a, b, c, d = words_of(seed, event & MASK, event >> 32, read, EVENT)
            t += -math.log((a + 0.5) / 2**32) / total
            if t >= sweeps:
                return
            i = b * n >> 32
            if len(thresholds) and d >= thresholds[i]:
                i = int(aliases[i])
            yield t, i, c, event + 1
    times = []
    if clock == "periodic":
        for i in range(n):
            phase = (one_word(seed, i, 0, read, ORDER) + 0.5) / 2**32
            times += [((m + phase) / inverse[i], i, m) for m in range(int(sweeps * inverse[i]) + 2)]
    elif clock == "chromatic":
        for k in range(sweeps):
            for c in range(len(starts) - 1):
                when = k + (c + 0.5) / (len(starts) - 1)
                times += [(when, int(i), k) for i in order[starts[c] : starts[c + 1]]]
    else:
        times = [((m + 0.5) * tick, i, m) for m in range(int(sweeps / tick) + 2) for i in range(n)]
    if clock == "periodic":
        times.sort()
    for event, (t, i, number) in enumerate(time for time in times if time[0] < sweeps):
        if clock == "ticks":
            part = 1 - math.exp(-tick * inverse[i])
            if one_word(seed, i, number, read, ORDER) >= part * 2**32:
                continue
        yield t, i, one_word(seed, i, number, read, UPDATE), event + 1


class Read:
    """One read of heat-bath or telegraph p-bits; ``run`` gives the final spins."""

    def __init__(self, chip, betas, read, seed, spins=None):
        self.chip, self.hardware, self.betas, self.read, self.seed = (
            chip, chip.hardware, betas, read, seed,
        )  # fmt: skip
        n = chip.h.size
        self.s = start_spins(n, read, seed) if spins is None else np.array(spins)
        self.s = np.where(chip.stuck != 0, chip.stuck, self.s).astype(int)
        self.synapses = Synapses(chip, self.s)
        self.heap, self.numbers = [], count()
        self.decided = self.flips = self.arrivals = 0
        self.path = [(0.0, None)]  # (time, p-bit that flipped)
        self.telegraph = self.hardware.dynamics == "telegraph"
        # Junctions without lag see flips at once and compare in the order of the flips.
        self.at_once = self.telegraph and not self.hardware.has_lag
        # Flips of a tick are heard by the next one.
        lag = self.hardware.has_lag or self.telegraph or self.hardware.clock == "ticks"
        self.immediate = not lag
        self.versions = [0] * n
        if self.hardware.lfsr_bits:
            self.registers = [
                Register(self.hardware.lfsr_bits, one_word(seed, i, 0, read, CHIP))
                for i in range(n)
            ]
        if self.telegraph:
            self.word = [one_word(seed, i, 0, read, UPDATE) for i in range(n)]
            self.bump = [self._bump(i | 1 << 63) for i in range(n)]

            self.given = spins is not None

    def _put_on_their_sides(self):
        """Thresholds given the spins: the word's place among those that make each answer so."""
        for i in range(len(self.s)):
            field = self.synapses.level[i] if self.synapses.by_pbit else self.synapses.arrived(i)
            low, high = 0, 2**32
            while low < high:  # the first word with which the answer is -1
                middle = (low + high) // 2
                if is_up(self.hardware, self._noisy(i, field), middle):
                    low = middle + 1
                else:
                    high = middle
            first, count = (0, low) if self.s[i] > 0 else (low, 2**32 - low)
            if count:
                self.word[i] = first + (self.word[i] * count >> 32)

    def _bump(self, event):
        noise = self.hardware.noise
        return noise * normal_of(self.seed, event, self.read) if noise else 0.0

    def run(self):
        clock = decisions(self.chip, len(self.betas), self.read, self.seed)
        following = next(clock, None)
        for sweep in range(len(self.betas)):
            self.beta = self.betas[sweep]
            if self.telegraph and (sweep == 0 or self.beta != self.betas[sweep - 1]):
                self._compare_all(float(sweep))
            while True:
                t = following[0] if following else NEVER
                if self.heap and self.heap[0][0] < min(t, sweep + 1):
                    self._arrive(*heapq.heappop(self.heap))
                elif t < sweep + 1:
                    self._decide(*following)
                    following = next(clock, None)
                else:
                    break
        return self.s

    def _decide(self, t, i, word, event):
        self.decided += 1
        if self.chip.stuck[i]:
            return
        if self.hardware.lfsr_bits:
            for _ in range(self.hardware.lfsr_shifts):
                self.registers[i].shift()
            word = self.registers[i].state
        bump = self._bump(event)
        field = self.synapses.field(i, t)
        if self.telegraph:
            self.word[i], self.bump[i] = word, bump
            self._watch(i, t)
        up = is_up(self.hardware, self._input(i, field) + bump, word)
        self._put(i, 1 if up else -1, t)

    def _input(self, i, field):
        return input_of(self.hardware, self.chip, i, self.beta * field)

    def _put(self, i, new, t):
        if new == self.s[i]:
            return
        self.s[i] = new
        self.flips += 1
        self.path.append((t, i))
        if self.at_once:
            for _, edges in self.synapses.tells[i]:
                for e in edges:
                    self.synapses.hear(e, new, t)
        for delay, edges in self.synapses.tells[i]:
            if self.immediate:
                for e in edges:
                    self.synapses.hear(e, new, t)
            else:
                self._push(t + delay, ("tell", edges, new))

    def _push(self, t, what):
        # The kernel takes out what was put in at time 0 in the opposite order.
        number = next(self.numbers)
        heapq.heappush(self.heap, (t, -number if t == 0 and self.starting else number, what))

    starting = False

    def _arrive(self, t, _, what):
        if what[0] == "cross":
            _, i, version = what
            if version == self.versions[i]:
                goal = self.synapses.arrived(i)
                self._put(
                    i, 1 if is_up(self.hardware, self._noisy(i, goal), self.word[i]) else -1, t
                )
            return
        self.arrivals += 1
        _, edges, value = what
        for e in edges:
            i = self.synapses.edge[e][1]
            if not self.at_once:
                self.synapses.hear(e, value, t)
            if self.telegraph and not self.chip.stuck[i]:
                if self.at_once:
                    self._compare(i, t)
                else:
                    self._watch(i, t)

    def _noisy(self, i, field):
        return self._input(i, field) + self.bump[i]

    def _compare(self, i, t):
        x = self._noisy(i, self.synapses.field(i, t))
        self._put(i, 1 if is_up(self.hardware, x, self.word[i]) else -1, t)

    def _compare_all(self, t):
        self.starting = t == 0
        if self.given and t == 0:
            self._put_on_their_sides()
        for i in range(len(self.s)):
            if not self.chip.stuck[i]:
                self._watch(i, t)
                self._compare(i, t)
        self.starting = False

    def _watch(self, i, t):
        """When a filtered field will pass the threshold: tanh(x) = 2 u - 1 solved for the field."""
        if not self.synapses.by_pbit:
            return
        self.versions[i] += 1
        level, goal = self.synapses.field(i, t), self.synapses.arrived(i)
        threshold = self._threshold(i)
        if (level > threshold) == (goal > threshold):
            return
        wait = math.log((level - goal) / (threshold - goal)) / self.synapses.rates[i]
        self._push(t + wait, ("cross", i, self.versions[i]))

    def _threshold(self, i):
        """Where the answer changes sign; straight from the formula or by halving."""
        if self.hardware.lut_bits is None and self.hardware.dac_bits is None:
            u = (self.word[i] + 0.5) / 2**32
            x = math.atanh(2 * u - 1) - self.bump[i]
            return (x - self.chip.offset[i]) / (self.beta * self.chip.gain[i])
        low, high = -1e4, 1e4
        if is_up(self.hardware, self._noisy(i, low), self.word[i]):
            return -NEVER
        if not is_up(self.hardware, self._noisy(i, high), self.word[i]):
            return NEVER
        for _ in range(70):
            middle = (low + high) / 2
            if is_up(self.hardware, self._noisy(i, middle), self.word[i]):
                high = middle
            else:
                low = middle
        return high


def arrhenius_read(chip, betas, rng, spins):
    """Final spins of Arrhenius junctions, each proposing at its largest possible rate."""
    hardware = chip.hardware
    s = np.where(chip.stuck != 0, chip.stuck, spins).astype(int)
    synapses = Synapses(chip, s)
    widest = np.abs(chip.h) + np.abs(chip.J).sum(axis=1)
    heap, numbers, t = [], count(), 0.0
    for sweep, beta in enumerate(betas):
        bounds = np.exp(chip.gain * beta * widest + np.abs(chip.offset)) / chip.tau
        total, edges_of = bounds.sum(), np.cumsum(bounds)
        t = float(sweep)
        while True:
            following = t + rng.exponential() / total
            if heap and heap[0][0] < min(following, sweep + 1):
                t, _, edges, value = heapq.heappop(heap)
                for e in edges:
                    synapses.hear(e, value, t)
                continue
            if following >= sweep + 1:
                break
            t = following
            i = int(np.searchsorted(edges_of, rng.random() * total))
            toward = s[i] * input_of(hardware, chip, i, beta * synapses.field(i, t))
            rate = 0.0 if chip.stuck[i] else math.exp(-toward) / chip.tau[i]
            if rng.random() * bounds[i] < rate:
                s[i] = -s[i]
                for delay, edges in synapses.tells[i]:
                    heapq.heappush(heap, (t + delay, next(numbers), edges, s[i]))
    return s
