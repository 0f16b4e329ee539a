"""Networks of phases, reads side by side: Heun's method with a fixed step.

    dphi_i = (w_i + sum_j C_ij sin(phi_j - phi_i) - K_i sin 2 phi_i) dt + sqrt(2 D_i dt) xi

One sine and one cosine of every phase a stage are enough: with S = C sin(phi) and Q = C cos(phi)
the forces are ``cos(phi_i) S_i - sin(phi_i) (Q_i + 2 K_i cos(phi_i))``. Forces are float32, the
phases that add them up float64. Predictor and corrector share their noise (Stratonovich).

Random words: slot = oscillator, sweep = step, purpose OSCILLATOR, draw NOISE; words 0 and 1 of a
counter make the normal numbers of two oscillators, words 2 and 3 of the next two. First phases:
draw FIRST of sweep 0. What happens to a read depends on nothing but the seed and its number.

Source: Kloeden, Platen, "Numerical Solution of Stochastic Differential Equations" (1992): Heun.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import float64, int32, int64
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.oscillators.circle import sine_and_cosine
from pbit.kernels.oscillators.rows import Line, Row, data_of_all, fill_line, fill_normals, shape_of
from pbit.kernels.random.stream import OSCILLATOR, tag
from pbit.kernels.random.stream_lanes import fill_reads, fill_slots
from pbit.kernels.sweeps.lanes import LANES, fma
from pbit.kernels.vectors.llvm import F64, constant, data_of, integer, vector

NOISE, FIRST = 0, 2  # draws of OSCILLATOR
_LOW = 0xFFFFFFFF
_ANGLE = math.pi * 2.0**-31
_WIDE = vector(F64, LANES)


class Phases(NamedTuple):
    """Reads of one block, R of them, a multiple of 16; all but the phases is scratch."""

    phases: npt.NDArray[np.float64]  # (n, R), in and out
    drift: npt.NDArray[np.float64]  # (n, R), w dt
    sines: npt.NDArray[np.float32]  # (n, R)
    cosines: npt.NDArray[np.float32]
    next_sines: npt.NDArray[np.float32]  # those of the predictor
    next_cosines: npt.NDArray[np.float32]
    words: npt.NDArray[np.uint32]  # (4, R)
    normals: npt.NDArray[np.float32]  # (4, R), zero at first
    record: npt.NDArray[np.float64]  # (rows, n, R), written


class Pulls(NamedTuple):
    """What acts on phases in a step; pieces of a run take equal numbers of steps."""

    indptr: npt.NDArray[np.int64]  # (n + 1,)
    indices: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]  # C_ij dt
    harmonic: npt.NDArray[np.float32]  # (pieces, n), 2 K_i dt
    sigma: npt.NDArray[np.float32]  # (pieces, n), sqrt(2 D_i dt)
    noisy: npt.NDArray[np.bool_]  # (pieces,), of sigma


class FullPulls(NamedTuple):
    """:class:`Pulls` of one read alone, of n oscillators in R columns, a multiple of 64; phases and
    the like then have shape (1, R), words (R,), normal numbers (1, R)."""

    weights: npt.NDArray[np.float32]  # (n, R), C_ij dt in row j, column i
    harmonic: npt.NDArray[np.float32]  # (pieces, R)
    sigma: npt.NDArray[np.float32]  # (pieces, R)
    noisy: npt.NDArray[np.bool_]  # (pieces,)


class Steps(NamedTuple):
    """Which steps to make."""

    first: int
    number: int
    total: int  # of the whole run, over which the pieces are spread
    every: int  # steps of the whole run from one row of the record to the next


class _Oscillator:
    """Code for one oscillator of all reads, or for all oscillators of one read."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        self.b = b
        kinds = signature.args
        self.state = Phases(*data_of_all(context, b, kinds[0], arguments[0]))
        count, reads = shape_of(context, b, kinds[0], arguments[0])
        self.row = Row(b, arguments[1], reads, count)
        if len(arguments) < 3:
            return
        pulls = data_of_all(context, b, kinds[2], arguments[2])
        if kinds[2].instance_class is FullPulls:
            self.weights = FullPulls(*pulls).weights
            self.row = Line(b, arguments[1], reads)
            self.rows = [shape_of(context, b, kinds[2], arguments[2])[0]]
        else:
            self.weights, self.rows = Pulls(*pulls).weights, pulls[:2]

    def turn(self, phases: Any, tables: tuple[Any, Any], lane: Any) -> None:
        """Store sines and cosines of the phases."""
        for value, table in zip(sine_and_cosine(self.b, phases), tables, strict=True):
            self.row.store(value, table, lane)

    def forces(self, tables: tuple[Any, Any], harmonic: Any, lanes: list[Any]) -> list[Any]:
        """Half of what couplings and second harmonic do in a step, float64."""
        b, forces = self.b, []
        sums = self.row.sums(self.rows, [self.weights], list(tables), lanes)
        for lane, (sine_sum, cosine_sum) in zip(lanes, sums, strict=True):
            sine, cosine = (self.row.load(table, lane) for table in tables)
            inward = fma(b, self.row.constant(harmonic, lane), cosine, cosine_sum)
            force = fma(b, cosine, sine_sum, b.fneg(b.fmul(sine, inward)))
            forces.append(b.fmul(b.fpext(force, _WIDE), constant(F64, 0.5, LANES)))
        return forces


@intrinsic  # type: ignore[untyped-decorator]
def _turn(typingctx: Any, state: Any, at: Any) -> Any:
    """Sines and cosines of the phases of oscillator ``at``."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        s = one.state
        with cgutils.for_range_slice(b, integer(0), one.row.reads, integer(LANES)) as (lane, _):
            one.turn(one.row.load(s.phases, lane), (s.sines, s.cosines), lane)
        return context.get_dummy_value()

    return types.void(state, at), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _predict(
    typingctx: Any, state: Any, at: Any, pulls: Any, row: Any, harmonic: Any, sigma: Any
) -> Any:
    """Predictor of oscillator ``at``: its phases half the way of the first force, with drift and
    the noise in this row of the normal numbers; harmonic, sigma: those of all oscillators."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        harmonic, sigma = (data_of(context, b, signature.args[k], arguments[k]) for k in (4, 5))
        s, row = one.state, one.row
        noise = Row(b, arguments[3], row.reads)

        def work(lanes: list[Any]) -> None:
            halves = one.forces((s.sines, s.cosines), harmonic, lanes)
            for lane, half in zip(lanes, halves, strict=True):
                kick = b.fmul(row.constant(sigma, lane), noise.load(s.normals, lane))
                free = b.fadd(row.load(s.phases, lane), row.load(s.drift, lane))
                middle = b.fadd(b.fadd(free, b.fpext(kick, _WIDE)), half)
                row.store(middle, s.phases, lane)
                one.turn(b.fadd(middle, half), (s.next_sines, s.next_cosines), lane)

        row.each(work)
        return context.get_dummy_value()

    return types.void(state, at, pulls, row, harmonic, sigma), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _correct(typingctx: Any, state: Any, at: Any, pulls: Any, harmonic: Any) -> Any:
    """The other half of the way of oscillator ``at``, by the force where the predictor ended."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        harmonic = data_of(context, b, signature.args[3], arguments[3])
        s = one.state

        def work(lanes: list[Any]) -> None:
            halves = one.forces((s.next_sines, s.next_cosines), harmonic, lanes)
            for lane, half in zip(lanes, halves, strict=True):
                phases = b.fadd(one.row.load(s.phases, lane), half)
                one.row.store(phases, s.phases, lane)
                one.turn(phases, (s.sines, s.cosines), lane)

        one.row.each(work)
        return context.get_dummy_value()

    return types.void(state, at, pulls, harmonic), codegen


@inner
def _keep(record: Any, phases: Any, t: Any, every: Any) -> None:
    """Record phases after step t if it is one of those."""
    if (t + 1) % every == 0:
        row = (t + 1) // every - 1
        for i in range(phases.shape[0]):
            for r in range(phases.shape[1]):
                record[row, i, r] = phases[i, r]


@bare_kernel
def first_phases(phases: Any, words: Any, read0: Any, keys: Any) -> None:
    """float64 (n, R) phases even on the circle; words uint32 (4, R), keys int64 (16,)."""
    n, reads = phases.shape
    for i in range(n):
        if i & 3 == 0:
            counter = (int64(i >> 2), int64(0), read0, int64(tag(OSCILLATOR, 0, FIRST)))
            fill_reads(words, counter, keys)
        for r in range(reads):
            phases[i, r] = float64(int32(words[i & 3, r])) * _ANGLE


@bare_kernel
def run_phases(state: Any, pulls: Any, steps: Any, read0: Any, keys: Any) -> None:
    """Steps of one block: :class:`Phases`, :class:`Pulls`, :class:`Steps`; read0 int64, the number
    of the first read; keys int64 (16,), see :func:`pbit.kernels.random.ars.key_schedule`."""
    n = state.phases.shape[0]
    for i in range(n):
        _turn(state, i)
    for t in range(steps.first, steps.first + steps.number):
        harmonic = pulls.harmonic[t * pulls.harmonic.shape[0] // steps.total]
        piece = t * pulls.sigma.shape[0] // steps.total
        sigma, noisy = pulls.sigma[piece], pulls.noisy[piece]
        c1, c3 = int64(t & _LOW), int64(tag(OSCILLATOR, t, NOISE))
        for i in range(n):
            if noisy and i & 3 == 0:
                fill_reads(state.words, (int64(i >> 2), c1, read0, c3), keys)
                fill_normals(state.normals, state.words)
            _predict(state, i, pulls, i & 3, harmonic, sigma)
        for i in range(n):
            _correct(state, i, pulls, harmonic)
        _keep(state.record, state.phases, t, steps.every)


@bare_kernel
def run_phases_alone(state: Any, pulls: Any, steps: Any, read: Any, keys: Any) -> None:
    """:func:`run_phases` of one read, with :class:`FullPulls`: the same bits."""
    _turn(state, 0)
    for t in range(steps.first, steps.first + steps.number):
        harmonic = pulls.harmonic[t * pulls.harmonic.shape[0] // steps.total]
        piece = t * pulls.sigma.shape[0] // steps.total
        sigma = pulls.sigma[piece]
        if pulls.noisy[piece]:
            c1, c3 = int64(t & _LOW), int64(tag(OSCILLATOR, t, NOISE))
            for i in range(0, state.phases.shape[1], 64):
                fill_slots(state.words, int64(i), (int64(i >> 2), c1, read, c3), keys)
            fill_line(state.normals, state.words)
        _predict(state, 0, pulls, 0, harmonic, sigma)
        _correct(state, 0, pulls, harmonic)
        _keep(state.record, state.phases, t, steps.every)
