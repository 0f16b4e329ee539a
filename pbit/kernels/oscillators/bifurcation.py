"""Simulated bifurcation: classical particles between walls, many reads side by side.

Arrays of a block of R reads of n sites, R a multiple of 16, C-contiguous: positions ``x`` and
momenta ``y`` float32 (n, R), ``spins`` int8 (n, R), the signs of the positions. The model is
``h`` float32 (n,) and couplings in CSR (``indptr`` int64, ``indices`` int32, ``weights`` float32).

A step, with the pull p of the step, drive c and length dt, first moves all momenta, then all
positions:

    y_i += dt (c (h_i + sum_j J_ij z_j) - p x_i)      z = x, or the spins in the discrete form
    x_i += dt y_i;  beyond |x_i| = 1 the wall stops it: x_i = sgn x_i, y_i = 0

Sums go over the neighbours in their order, each product in one fused multiply-add: a read's floats
depend on nothing but its own. Positions and momenta start uniform in (-0.1, 0.1), from the words of
(seed; site, read), purpose OSCILLATOR, draw 5: sweep 0 the positions, sweep 1 the momenta.

Source: Goto et al., Sci. Adv. 7, eabe7953 (2021), ballistic and discrete form.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numba import float32, int8, int32, types, uint64
from numba.core import cgutils
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import OSCILLATOR, tag
from pbit.kernels.sweeps.lanes import LANES, each_tile, fma
from pbit.kernels.vectors.float_bits import fma as fma_of_one
from pbit.kernels.vectors.llvm import (
    F32,
    I32,
    I64,
    Loop,
    data_of,
    element,
    integer,
    load,
    splat,
    store,
    vector,
)

START = 5  # draw index of what the particles start from
REACH = 0.1  # of their first positions and momenta, either way

_CHECK_EVERY = 1 << 22  # products between two looks at the stop
_WIDTH = float32(2 * REACH * 2.0**-32)
_HALF, _ONE, _MINUS = float32(0.5), float32(1.0), float32(-REACH)


class Particles(NamedTuple):
    """``x``, ``y`` float32 (n, R) and ``spins`` int8 (n, R) of a block of reads."""

    x: Any
    y: Any
    spins: Any


class Path(NamedTuple):
    """``num_steps``, over which the pull p falls from 1 to 0; ``length`` dt; ``drive`` dt c
    float32; whether it is ``discrete``."""

    num_steps: int
    length: float
    drive: Any
    discrete: bool


class _Row:
    """Code of the new momentum of one site in all reads."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        def data(kinds: Any, values: Any) -> list[Any]:
            arrays = cgutils.unpack_tuple(b, values, len(kinds))
            return [data_of(context, b, k, v) for k, v in zip(kinds, arrays, strict=True)]

        kinds = signature.args
        self.b = b
        self.x, self.y, self.spins = data(kinds[0], arguments[0])
        self.indptr, self.indices, self.weights = data(kinds[2], arguments[2])
        self.site = arguments[1]
        self.bias, self.pull, self.drive, self.reads = cgutils.unpack_tuple(b, arguments[3], 4)

    def tile(self, read: Any, count: int, of: Any) -> None:
        """``16 count`` reads from ``read`` on; ``of`` loads what the couplings act with."""
        b = self.b
        own = b.add(b.mul(self.site, self.reads), read)
        pull, drive = (splat(b, value, LANES) for value in (self.pull, self.drive))
        for t, force in enumerate(self._forces(read, count, of)):
            at = b.add(own, integer(LANES * t))
            x, y = (load(b, array, at, lanes=LANES) for array in (self.x, self.y))
            zero = splat(b, F32(-0.0), LANES)
            y = fma(b, drive, force, fma(b, b.fsub(zero, pull), x, y))
            store(b, y, self.y, at)

    def _forces(self, read: Any, count: int, of: Any) -> list[Any]:
        b = self.b
        start = element(b, self.indptr, self.site)
        end = element(b, self.indptr, b.add(self.site, integer(1)))
        loop = Loop(b, [start, *[splat(b, self.bias, LANES)] * count])
        k, *sums = loop.values
        with loop.running(b.icmp_signed("<", k, end)):
            row = b.add(b.mul(b.zext(element(b, self.indices, k), I64), self.reads), read)
            weight = splat(b, element(b, self.weights, k), LANES)
            terms = [of(b.add(row, integer(LANES * t))) for t in range(count)]
            new = [fma(b, weight, z, total) for z, total in zip(terms, sums, strict=True)]
            loop.next([b.add(k, integer(1)), *new])
        return loop.values[1:]

    def position(self, at: Any) -> Any:
        """Positions of sixteen reads."""
        return load(self.b, self.x, at, lanes=LANES)

    def sign(self, at: Any) -> Any:
        """Spins of sixteen reads, as floats."""
        b = self.b
        wide = b.sext(load(b, self.spins, at, lanes=LANES), vector(I32, LANES))
        return b.sitofp(wide, vector(F32, LANES))


def _pusher(name: str) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def push(typingctx: Any, particles: Any, site: Any, couplings: Any, numbers: Any) -> Any:
        """Move the momenta of a site; numbers = (bias, dt p, dt c, reads)."""

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            row = _Row(context, builder, signature, arguments)
            of = getattr(row, name)
            each_tile(builder, row.reads, lambda read, count: row.tile(read, count, of))
            return context.get_dummy_value()

        return types.void(particles, site, couplings, numbers), codegen

    return push


_push_by_positions = _pusher("position")
_push_by_signs = _pusher("sign")


@inner
def _begin(particles: Any, read0: Any, k0: Any, k1: Any) -> None:
    """First positions, momenta and spins."""
    for turn in range(2):
        rows = particles.x if turn == 0 else particles.y
        for i in range(0, rows.shape[0], 4):
            for r in range(rows.shape[1]):
                words = random_words(uint64(i >> 2), uint64(turn), uint64(read0 + r),
                               tag(OSCILLATOR, 0, START), k0, k1)  # fmt: skip
                for q in range(min(4, rows.shape[0] - i)):
                    rows[i + q, r] = fma_of_one(float32(words[q]) + _HALF, _WIDTH, _MINUS)
    _look(particles)


@inner
def _look(particles: Any) -> None:
    for i in range(particles.x.shape[0]):
        for r in range(particles.x.shape[1]):
            particles.spins[i, r] = int8(1) if particles.x[i, r] >= 0 else int8(-1)


@inner
def _push(particles: Any, h: Any, couplings: Any, path: Any, step: Any, stop: Any) -> Any:
    """Move all momenta; whether it came to its end."""
    reads, since_check = particles.x.shape[1], 0
    pull = float32(path.length * (1 - (step + 1) / path.num_steps))
    for i in range(h.size):
        numbers = (h[i], pull, path.drive, reads)
        if path.discrete:
            _push_by_signs(particles, i, couplings, numbers)
        else:
            _push_by_positions(particles, i, couplings, numbers)
        since_check += reads * (couplings[0][i + 1] - couplings[0][i] + 8)
        if since_check > _CHECK_EVERY:
            since_check = 0
            if stop[0]:
                return False
    return True


@inner
def _drift(particles: Any, time_step: Any) -> None:
    """Move all positions, up to the walls."""
    for i in range(particles.x.shape[0]):
        x, y, spins = particles.x[i], particles.y[i], particles.spins[i]
        for r in range(x.size):
            free = fma_of_one(time_step, y[r], x[r])
            wall = _ONE if free >= 0 else -_ONE
            beyond = abs(free) > _ONE
            x[r] = wall if beyond else free
            y[r] = float32(0.0) if beyond else y[r]
            spins[r] = int8(int32(wall))


@bare_kernel
def run_particles(
    particles: Any, h: Any, couplings: Any, path: Any, steps: Any, stream: Any, stop: Any
) -> Any:
    """Steps first to last - 1 of ``steps`` of all reads; how many were made.

    First = -1: they begin anew and go nowhere. ``stream`` = (first read, key0, key1) uint64;
    ``stop`` uint8 (1,): nonzero ends it at the next step or after some millions of products.
    """
    first, last = steps
    if first < 0:
        _begin(particles, *stream)
        return 0
    for step in range(first, last):
        if stop[0] or not _push(particles, h, couplings, path, step, stop):
            return step - first
        _drift(particles, float32(path.length))
    return last - first
