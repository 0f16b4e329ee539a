"""Networks of nonlinear auto-oscillators in complex form, reads side by side.

In a frame that turns with a common frequency, all rates times dt:

    dc_k = -i [w_k + N_k (p_k - q_k)] c_k - G_k (1 + Q_k p_k) c_k + Z_k (1 - p_k) c_k
           + sum_j L_kj c_j + sum_m F_km e^{-i d_m t} + P_k(t) c_k* + noise

with p = |c|^2 and Z = G zeta. Drives are rows behind those of the oscillators, which couplings
reach as any other. Heun's method on c e^{i w t} (Lawson): the turning by w_k, all but what comes of
powers other than q_k, is exact. Forces are float32, the amplitudes that add them up float64.

Random words: slot = 2 k, sweep = step, purpose OSCILLATOR, draw NOISE: words 0 and 1 of a counter
make both quadratures of an even oscillator, words 2 and 3 of the odd one after it.

Sources: Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009); Lawson, SIAM J. Numer. Anal. 4, 372
(1967).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import float32, float64, int64
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.oscillators.circle import sine_and_cosine
from pbit.kernels.oscillators.rows import Line, Row, data_of_all, fill_normals, fill_pairs, shape_of
from pbit.kernels.random.stream import OSCILLATOR, tag
from pbit.kernels.random.stream_lanes import fill_reads, fill_slots
from pbit.kernels.sweeps.lanes import LANES, fma
from pbit.kernels.vectors.llvm import F32, F64, I32, constant, integer, splat, vector

NOISE = 1  # draw of OSCILLATOR
DAMPING, NONLINEAR, SHIFT, SIGMA = range(4)  # rows of Parts.own
OWN = 4
_LOW = 0xFFFFFFFF
_WIDE = vector(F64, LANES)


class Amplitudes(NamedTuple):
    """Reads of one block, R of them, a multiple of 16, of n oscillators and m drives."""

    x: npt.NDArray[np.float64]  # (n, R), in and out: c = x + i y
    y: npt.NDArray[np.float64]
    turns: npt.NDArray[np.int32]  # (n, R), in and out: how often arg c went beyond pi
    forward: npt.NDArray[np.float64]  # (n, R), cos(w dt)
    sideways: npt.NDArray[np.float64]  # (n, R), -sin(w dt)
    centre: npt.NDArray[np.float32]  # (n, R), q
    gain: npt.NDArray[np.float32]  # (pieces, n, R), G zeta dt
    drive: npt.NDArray[np.float64]  # (m, R), d dt
    now_x: npt.NDArray[np.float32]  # (n + m, R), scratch
    now_y: npt.NDArray[np.float32]
    next_x: npt.NDArray[np.float32]  # those of the predictor
    next_y: npt.NDArray[np.float32]
    pump: npt.NDArray[np.float32]  # (2, n), scratch: real and imaginary force on c*
    signal_x: npt.NDArray[np.float32]  # (m, 16), scratch of one read alone
    signal_y: npt.NDArray[np.float32]
    words: npt.NDArray[np.uint32]  # (4, R)
    normals: npt.NDArray[np.float32]  # (4, R), zero at first
    record: npt.NDArray[np.float64]  # (rows, 2, n, R), written


class Parts(NamedTuple):
    """Couplings by rows, and what each oscillator is like; all times dt."""

    indptr: npt.NDArray[np.int64]  # (n + 1,)
    indices: npt.NDArray[np.int32]  # below n: oscillators; from n on: drives
    real: npt.NDArray[np.float32]
    imaginary: npt.NDArray[np.float32]
    own: npt.NDArray[np.float32]  # (OWN, n): G, G Q, N, sigma


class FullParts(NamedTuple):
    """:class:`Parts` of one read alone: n oscillators and m drives in R columns, a multiple of 16.

    Tables then have shape (1, R), those of drives (m, 16), gains (pieces, 1, R), pumps (2, R),
    words (a multiple of 64, at least 2 R,) and normal numbers (2, R).
    """

    real: npt.NDArray[np.float32]  # (n + m, R), transposed
    imaginary: npt.NDArray[np.float32]
    own: npt.NDArray[np.float32]  # (OWN, R)


class Pumps(NamedTuple):
    """Forces on c*, and how strong drives and pumps are in equal pieces of the run."""

    strength: npt.NDArray[np.complex128]  # (pumps, n), times dt
    turn: npt.NDArray[np.float64]  # (pumps,), radians a step
    pump_envelope: npt.NDArray[np.float64]  # (pumps, pieces)
    drive_envelope: npt.NDArray[np.float64]  # (m, pieces)


class _Oscillator:
    """Code for one oscillator of all reads, or for all oscillators of one read."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        self.b = b
        kinds = signature.args
        self.state = Amplitudes(*data_of_all(context, b, kinds[0], arguments[0]))
        count, reads = shape_of(context, b, kinds[0], arguments[0])
        self.gain = Row(b, arguments[3], reads)
        arrays = data_of_all(context, b, kinds[1], arguments[1])
        self.row = Row(b, arguments[2], reads, count)
        if kinds[1].instance_class is FullParts:
            self.parts: Any = FullParts(*arrays)
            self.row = Line(b, arguments[2], reads)
            self.rows = [shape_of(context, b, kinds[1], arguments[1])[0]]
        else:
            self.parts, self.rows = Parts(*arrays), arrays[:2]

    def halves(self, tables: list[Any], lanes: list[Any]) -> list[tuple[Any, Any]]:
        """Half of what a step does to c but for its turning, float64 (real, imaginary)."""
        b = self.b
        weights = [self.parts.real, self.parts.imaginary]
        sums = self.row.sums(self.rows, weights, tables, lanes)
        half = constant(F64, 0.5, LANES)
        return [
            tuple(
                b.fmul(b.fpext(value, _WIDE), half) for value in self._force(tables, lane, coupled)
            )
            for lane, coupled in zip(lanes, sums, strict=True)
        ]  # type: ignore[misc]

    def _force(self, tables: list[Any], lane: Any, coupled: tuple[Any, Any]) -> tuple[Any, Any]:
        """``(growth - i turn) c + pump c* + coupled``."""
        b = self.b
        x, y = (self.row.load(table, lane) for table in tables)
        power = fma(b, x, x, b.fmul(y, y))
        gain = self.gain.load(self.state.gain, lane)
        loss = fma(b, b.fadd(self.own(NONLINEAR, lane), gain), power, self.own(DAMPING, lane))
        growth = b.fsub(gain, loss)
        off = b.fsub(power, self.row.load(self.state.centre, lane))
        turn = b.fmul(self.own(SHIFT, lane), off)
        real, imaginary = (self.row.constant(self.state.pump, lane, k) for k in range(2))
        along, across = b.fadd(growth, real), b.fadd(imaginary, turn)
        back, other = b.fsub(growth, real), b.fsub(imaginary, turn)
        return (
            fma(b, along, x, fma(b, across, y, coupled[0])),
            fma(b, back, y, fma(b, other, x, coupled[1])),
        )

    def own(self, which: int, lane: Any) -> Any:
        """A parameter of the oscillators."""
        return self.row.constant(self.parts.own, lane, which)

    def put(self, value: tuple[Any, Any], tables: list[Any], lane: Any) -> None:
        """Store a complex number, rounded where the tables are float32."""
        for part, table in zip(value, tables, strict=True):
            is_narrow = table.type.pointee == F32
            self.row.store(
                self.b.fptrunc(part, vector(F32, LANES)) if is_narrow else part, table, lane
            )

    def count(self, value: tuple[Any, Any], lane: Any) -> None:
        """Count a turn where c went across the negative real axis."""
        b, s = self.b, self.state
        zero = constant(F32, 0.0, LANES)
        x, y = (b.fptrunc(part, vector(F32, LANES)) for part in value)
        old_x, old_y = self.row.load(s.now_x, lane), self.row.load(s.now_y, lane)
        was_up, is_up = (b.fcmp_ordered(">=", v, zero) for v in (old_y, y))
        is_left = b.fcmp_ordered(">", fma(b, old_x, y, b.fneg(b.fmul(old_y, x))), zero)
        one, none = constant(I32, 1, LANES), constant(I32, 0, LANES)
        down = b.and_(b.and_(was_up, b.not_(is_up)), is_left)
        up = b.and_(b.and_(is_up, b.not_(was_up)), b.not_(is_left))
        turns = self.row.load(s.turns, lane)
        turns = b.add(turns, b.select(down, one, none))
        self.row.store(b.sub(turns, b.select(up, one, none)), s.turns, lane)


@intrinsic  # type: ignore[untyped-decorator]
def _predict(typingctx: Any, state: Any, parts: Any, at: Any, gain: Any, noise: Any) -> Any:
    """Predictor of oscillator ``at``, whose gain is in this row and whose noise in two rows of the
    normal numbers from this one on."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        s, row = one.state, one.row
        noises = [Row(b, b.add(arguments[4], integer(k)), row.reads) for k in range(2)]

        def turned(value: list[Any], lane: Any) -> tuple[Any, Any]:
            x, y = value
            forward, sideways = row.load(s.forward, lane), row.load(s.sideways, lane)
            return (
                fma(b, x, forward, b.fneg(b.fmul(y, sideways))),
                fma(b, x, sideways, b.fmul(y, forward)),
            )

        def work(lanes: list[Any]) -> None:
            for lane, half in zip(lanes, one.halves([s.now_x, s.now_y], lanes), strict=True):
                kicks = [
                    b.fpext(b.fmul(one.own(SIGMA, lane), each.load(s.normals, lane)), _WIDE)
                    for each in noises
                ]
                c = [
                    b.fadd(row.load(table, lane), kick)
                    for table, kick in zip((s.x, s.y), kicks, strict=True)
                ]
                middle = turned([b.fadd(v, h) for v, h in zip(c, half, strict=True)], lane)
                rest = turned(list(half), lane)
                one.put(middle, [s.x, s.y], lane)
                ahead = tuple(b.fadd(v, h) for v, h in zip(middle, rest, strict=True))
                one.put(ahead, [s.next_x, s.next_y], lane)  # type: ignore[arg-type]

        row.each(work)
        return context.get_dummy_value()

    return types.void(state, parts, at, gain, noise), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _correct(typingctx: Any, state: Any, parts: Any, at: Any, gain: Any) -> Any:
    """The other half of the way of oscillator ``at``, by the force where the predictor ended."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        s, row = one.state, one.row

        def work(lanes: list[Any]) -> None:
            for lane, half in zip(lanes, one.halves([s.next_x, s.next_y], lanes), strict=True):
                x, y = (
                    b.fadd(row.load(table, lane), h)
                    for table, h in zip((s.x, s.y), half, strict=True)
                )
                one.count((x, y), lane)
                one.put((x, y), [s.x, s.y], lane)
                one.put((x, y), [s.now_x, s.now_y], lane)

        row.each(work)
        return context.get_dummy_value()

    return types.void(state, parts, at, gain), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _drive(typingctx: Any, x: Any, y: Any, turn: Any, place: Any, of: Any) -> Any:
    """Row ``place[1]`` of x and y: ``size e^{-i t d}`` for row ``place[0]`` of the turns d; of: (t,
    size), float64."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        arrays = [context.make_array(signature.args[k])(context, b, arguments[k]) for k in range(3)]
        reads = b.extract_value(arrays[2].shape, 1)
        source, target = (Row(b, k, reads) for k in cgutils.unpack_tuple(b, arguments[3], 2))
        t, size = (splat(b, value, LANES) for value in cgutils.unpack_tuple(b, arguments[4], 2))
        size = b.fptrunc(size, vector(F32, LANES))
        with cgutils.for_range_slice(b, integer(0), reads, integer(LANES)) as (lane, _):
            sine, cosine = sine_and_cosine(b, b.fmul(t, source.load(arrays[2].data, lane)))
            target.store(b.fmul(size, cosine), arrays[0].data, lane)
            target.store(b.fneg(b.fmul(size, sine)), arrays[1].data, lane)
        return context.get_dummy_value()

    return types.void(x, y, turn, place, of), codegen


@inner
def _pump(table: Any, pumps: Any, t: Any, steps: Any) -> None:
    """Forces on c* of all oscillators in the step t = (its number, 0 or 1: where in it)."""
    step, ahead = t
    for k in range(pumps.turn.size):
        size = pumps.pump_envelope[k, step * pumps.pump_envelope.shape[1] // steps.total]
        angle = -pumps.turn[k] * (step + ahead)
        cosine, sine = size * math.cos(angle), size * math.sin(angle)
        for i in range(pumps.strength.shape[1]):
            force = pumps.strength[k, i]
            real = float32(force.real * cosine - force.imag * sine)
            imaginary = float32(force.real * sine + force.imag * cosine)
            table[0, i] = real if k == 0 else table[0, i] + real
            table[1, i] = imaginary if k == 0 else table[1, i] + imaginary


@inner
def _noisy(own: Any, i: Any) -> Any:
    """Whether one of two oscillators, from i on, has noise."""
    return own[SIGMA, i] > 0.0 or own[SIGMA, min(i + 1, own.shape[1] - 1)] > 0.0


@inner
def _size(pumps: Any, m: Any, t: Any, steps: Any) -> Any:
    """How strong a drive is in a step."""
    return pumps.drive_envelope[m, t * pumps.drive_envelope.shape[1] // steps.total]


@inner
def _keep(state: Any, t: Any, every: Any) -> None:
    """Record amplitudes after step t if it is one of those."""
    if (t + 1) % every == 0:
        row = (t + 1) // every - 1
        for i in range(state.x.shape[0]):
            for r in range(state.x.shape[1]):
                state.record[row, 0, i, r] = state.x[i, r]
                state.record[row, 1, i, r] = state.y[i, r]


@inner
def _begin(state: Any) -> None:
    """Tables of the amplitudes as they are."""
    for i in range(state.x.shape[0]):
        for r in range(state.x.shape[1]):
            state.now_x[i, r], state.now_y[i, r] = state.x[i, r], state.y[i, r]


@bare_kernel
def run_amplitudes(state: Any, parts: Any, pumps: Any, steps: Any, place: Any, keys: Any) -> None:
    """Steps of one block: :class:`Amplitudes`, :class:`Parts`, :class:`Pumps` and
    :class:`pbit.kernels.oscillators.phases.Steps`; place: the numbers, int64, that the first read
    and the first step of the run have in the random stream; keys int64 (16,), see
    :func:`pbit.kernels.random.ars.key_schedule`."""
    n, (read0, step0) = state.x.shape[0], place
    _begin(state)
    for t in range(steps.first, steps.first + steps.number):
        row, now = t * state.gain.shape[0] // steps.total * n, t + step0
        c1, c3 = int64(now & _LOW), int64(tag(OSCILLATOR, now, NOISE))
        for m in range(state.drive.shape[0]):
            size, place = _size(pumps, m, t, steps), (int64(m), n + m)
            _drive(state.now_x, state.now_y, state.drive, place, (float64(t), size))
            _drive(state.next_x, state.next_y, state.drive, place, (float64(t + 1), size))
        _pump(state.pump, pumps, (t, 0), steps)
        for i in range(n):
            if i & 1 == 0 and _noisy(parts.own, i):
                fill_reads(state.words, (int64(i >> 1), c1, read0, c3), keys)
                fill_normals(state.normals, state.words)
            _predict(state, parts, i, row + i, 2 * (i & 1))
        _pump(state.pump, pumps, (t, 1), steps)
        for i in range(n):
            _correct(state, parts, i, row + i)
        _keep(state, t, steps.every)


@bare_kernel
def run_amplitudes_alone(
    state: Any, parts: Any, pumps: Any, steps: Any, place: Any, keys: Any
) -> None:
    """:func:`run_amplitudes` of one read, with :class:`FullParts`: the same bits."""
    n, (read, step0) = parts.real.shape[0] - state.drive.shape[0], place
    noisy = False
    for i in range(n):
        noisy = noisy or parts.own[SIGMA, i] > 0.0
    _begin(state)
    for t in range(steps.first, steps.first + steps.number):
        row, now = t * state.gain.shape[0] // steps.total, t + step0
        if noisy:
            c1, c3 = int64(now & _LOW), int64(tag(OSCILLATOR, now, NOISE))
            for i in range(0, state.words.size, 64):
                fill_slots(state.words, int64(i), (int64(i >> 2), c1, read, c3), keys)
            fill_pairs(state.normals, state.words)
        _signals(state.now_x, state.now_y, state, pumps, n, (t, 0), steps)
        _pump(state.pump, pumps, (t, 0), steps)
        _predict(state, parts, 0, row, 0)
        _signals(state.next_x, state.next_y, state, pumps, n, (t, 1), steps)
        _pump(state.pump, pumps, (t, 1), steps)
        _correct(state, parts, 0, row)
        _keep(state, t, steps.every)


@inner
def _signals(x: Any, y: Any, state: Any, pumps: Any, n: Any, t: Any, steps: Any) -> None:
    """Drives of one read alone, behind its oscillators, in the step t as for :func:`_pump`."""
    step, ahead = t
    for m in range(state.drive.shape[0]):
        size, place = _size(pumps, m, step, steps), (int64(m), int64(m))
        _drive(state.signal_x, state.signal_y, state.drive, place, (float64(step + ahead), size))
        x[0, n + m], y[0, n + m] = state.signal_x[m, 0], state.signal_y[m, 0]
