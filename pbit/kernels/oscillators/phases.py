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
from pbit.kernels.random.normals import normal_pair
from pbit.kernels.random.philox import OSCILLATOR, tag
from pbit.kernels.random.philox_lanes import fill_reads
from pbit.kernels.sweeps.lanes import LANES, each_tile, fma
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
    Loop,
    constant,
    element,
    integer,
    load,
    splat,
    store,
    vector,
)

NOISE, FIRST = 0, 2  # draws of OSCILLATOR
_LOW = 0xFFFFFFFF
_ANGLE = math.pi * 2.0**-31


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


class Steps(NamedTuple):
    """Which steps to make."""

    first: int
    number: int
    total: int  # of the whole run, over which the pieces are spread
    every: int  # steps of the whole run from one row of the record to the next


class _Oscillator:
    """Code for one oscillator of all reads."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        self.b = b
        self.at = arguments[1]

        def arrays(k: int) -> list[Any]:
            kinds = signature.args[k].types
            values = cgutils.unpack_tuple(b, arguments[k], len(kinds))
            return [
                context.make_array(kind)(context, b, value)
                for kind, value in zip(kinds, values, strict=True)
            ]

        state = arrays(0)
        self.reads = b.extract_value(state[0].shape, 1)
        self.state = Phases(*(array.data for array in state))
        self.row = b.mul(self.at, self.reads)
        if len(arguments) > 2:
            self.pulls = Pulls(*(array.data for array in arrays(2)))

    def each(self, work: Any) -> None:
        """``work`` on tiles of reads: (first read, how many vectors)."""
        each_tile(self.b, self.reads, work)

    def load(self, data: Any, lane: Any) -> Any:
        return load(self.b, data, self.b.add(self.row, lane), lanes=LANES)

    def store(self, value: Any, data: Any, lane: Any) -> None:
        store(self.b, value, data, self.b.add(self.row, lane))

    def turn(self, phases: Any, sines: Any, cosines: Any, lane: Any) -> None:
        """Store sines and cosines of the phases."""
        sine, cosine = sine_and_cosine(self.b, phases)
        self.store(sine, sines, lane)
        self.store(cosine, cosines, lane)

    def forces(self, sines: Any, cosines: Any, harmonic: Any, lanes: list[Any]) -> list[Any]:
        """Of couplings and second harmonic, times dt."""
        b = self.b
        sums = self._sums(sines, cosines, lanes)
        forces = []
        for t, lane in enumerate(lanes):
            sine, cosine = self.load(sines, lane), self.load(cosines, lane)
            inward = fma(b, splat(b, harmonic, LANES), cosine, sums[2 * t + 1])
            back = b.fmul(sine, inward)
            forces.append(fma(b, cosine, sums[2 * t], b.fneg(back)))
        return forces

    def _sums(self, sines: Any, cosines: Any, lanes: list[Any]) -> list[Any]:
        """C sin(phi) and C cos(phi), one after the other for each vector of reads."""
        b = self.b
        zero = constant(F32, 0.0, LANES)
        indptr = self.pulls.indptr
        end = element(b, indptr, b.add(self.at, integer(1)))
        loop = Loop(b, [element(b, indptr, self.at), *[zero] * (2 * len(lanes))])
        k, *sums = loop.values
        with loop.running(b.icmp_signed("<", k, end)):
            j = b.sext(element(b, self.pulls.indices, k), k.type)
            weight = splat(b, element(b, self.pulls.weights, k), LANES)
            row = b.mul(j, self.reads)
            places = [b.add(row, lane) for lane in lanes for _ in range(2)]
            tables = [sines, cosines] * len(lanes)
            values = [
                load(b, table, at, lanes=LANES) for table, at in zip(tables, places, strict=True)
            ]
            new = [fma(b, weight, v, total) for v, total in zip(values, sums, strict=True)]
            loop.next([b.add(k, integer(1)), *new])
        return list(loop.values[1:])


@intrinsic  # type: ignore[untyped-decorator]
def _turn(typingctx: Any, state: Any, at: Any) -> Any:
    """Sines and cosines of the phases of oscillator ``at``."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        s = one.state
        with cgutils.for_range_slice(b, integer(0), one.reads, integer(LANES)) as (lane, _):
            one.turn(one.load(s.phases, lane), s.sines, s.cosines, lane)
        return context.get_dummy_value()

    return types.void(state, at), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _predict(typingctx: Any, state: Any, at: Any, pulls: Any, row: Any, gains: Any) -> Any:
    """Predictor of oscillator ``at``: its phases half the way of the first force, with drift and
    the noise in this row of the normal numbers; gains: (2 K dt, sigma)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        harmonic, sigma = cgutils.unpack_tuple(b, arguments[4], 2)
        s = one.state
        half, wide = constant(F64, 0.5, LANES), vector(F64, LANES)

        def tile(first: Any, count: int) -> None:
            lanes = [b.add(first, integer(LANES * t)) for t in range(count)]
            forces = one.forces(s.sines, s.cosines, harmonic, lanes)
            for lane, force in zip(lanes, forces, strict=True):
                place = b.add(b.mul(arguments[3], one.reads), lane)
                kick = b.fmul(splat(b, sigma, LANES), load(b, s.normals, place, lanes=LANES))
                free = b.fadd(one.load(s.phases, lane), one.load(s.drift, lane))
                step = b.fmul(b.fpext(force, wide), half)
                middle = b.fadd(b.fadd(free, b.fpext(kick, wide)), step)
                one.store(middle, s.phases, lane)
                one.turn(b.fadd(middle, step), s.next_sines, s.next_cosines, lane)

        one.each(tile)
        return context.get_dummy_value()

    return types.void(state, at, pulls, row, gains), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _correct(typingctx: Any, state: Any, at: Any, pulls: Any, harmonic: Any) -> Any:
    """The other half of the way of oscillator ``at``, by the force where the predictor ended."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        one = _Oscillator(context, b, signature, arguments)
        s = one.state
        half, wide = constant(F64, 0.5, LANES), vector(F64, LANES)

        def tile(first: Any, count: int) -> None:
            lanes = [b.add(first, integer(LANES * t)) for t in range(count)]
            forces = one.forces(s.next_sines, s.next_cosines, arguments[3], lanes)
            for lane, force in zip(lanes, forces, strict=True):
                phases = fma(b, b.fpext(force, wide), half, one.load(s.phases, lane))
                one.store(phases, s.phases, lane)
                one.turn(phases, s.sines, s.cosines, lane)

        one.each(tile)
        return context.get_dummy_value()

    return types.void(state, at, pulls, harmonic), codegen


@inner
def _draw(normals: Any, words: Any) -> None:
    """float32 (4, R) normal numbers of uint32 (4, R) words."""
    for r in range(words.shape[1]):
        normals[0, r], normals[1, r] = normal_pair(words[0, r], words[1, r])
        normals[2, r], normals[3, r] = normal_pair(words[2, r], words[3, r])


@bare_kernel
def first_phases(phases: Any, words: Any, read0: Any, keys: Any) -> None:
    """float64 (n, R) phases even on the circle; words uint32 (4, R), keys int64 (20,)."""
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
    of the first read; keys int64 (20,), see :func:`pbit.kernels.random.philox.key_schedule`."""
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
                _draw(state.normals, state.words)
            _predict(state, i, pulls, i & 3, (harmonic[i], sigma[i]))
        for i in range(n):
            _correct(state, i, pulls, harmonic[i])
        if (t + 1) % steps.every == 0:
            row = (t + 1) // steps.every - 1
            for i in range(n):
                for r in range(state.phases.shape[1]):
                    state.record[row, i, r] = state.phases[i, r]
