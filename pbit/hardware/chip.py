"""A chip on which a model runs: the parameters of :class:`pbit.Hardware` as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.graphs.colors import first_fit_coloring
from pbit.hardware.crossbar_weights import couplings_held
from pbit.hardware.diameters import made_sizes
from pbit.hardware.digital import LFSR_TAPS
from pbit.hardware.draws import Trait, device_normals, edge_normals
from pbit.hardware.dynamics import time_constants
from pbit.hardware.imperfections import made_devices
from pbit.hardware.input import levels_of
from pbit.hardware.parameters import Hardware
from pbit.hardware.programming import programmed, programming_errors
from pbit.kernels.events.records import (
    CHROMATIC,
    IDEAL,
    LINES,
    PERIODIC,
    POISSON,
    STEPS,
    TICKS,
    Answer,
    ChipArrays,
    Clock,
    Edges,
    Filters,
    Inputs,
    Rates,
    Wheel,
)
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray

_CLOCKS = {"poisson": POISSON, "periodic": PERIODIC, "chromatic": CHROMATIC, "ticks": TICKS}
_MOST_BUCKETS = 2**22
_BUCKETS_AN_EVENT = 4.0
_AFTER_A_TICK = 1e-6  # of a tick or a sweep of colours, by which what arrives with one is late

Samples = IsingModel | DirectedModel


@dataclass(frozen=True, eq=False)
class Chip(ByValue):
    """p-bits 0 to n - 1 of a chip, wired as a model wants it.

    Parameters
    ----------
    hardware : Hardware
    h : float64, shape (n,)
    J : scipy sparse array (n, n)
        Biases and couplings as programmed, row: the p-bit that feels it.
    gain, offset, tau : float64, shape (n,)
        Of each p-bit; tau in units of ``tau_s``.
    stuck : int8, shape (n,)
        -1 or +1 where a p-bit is stuck, else 0.
    arrays : pbit.kernels.events.records.ChipArrays
        The same and the rest as the kernels want it.
    """

    hardware: Hardware
    h: FloatArray
    J: sparse.csr_array
    gain: FloatArray
    offset: FloatArray
    tau: FloatArray
    stuck: npt.NDArray[np.int8]
    arrays: ChipArrays

    @classmethod
    def of(cls, hardware: Hardware, model: Samples) -> Chip:
        """The chip with the model's couplings programmed.

        Raises
        ------
        ValueError
            Terms of many spins, directed couplings with junctions that see each other at once or
            with colours, a correction, a table or shift registers for fewer p-bits.
        """
        _check(hardware, model)
        n = model.num_spins
        h, J = _programmed(hardware, model, lambda: programming_errors(model.J, seed=hardware.seed))
        gain, offset, stuck = made_devices(hardware, n, seed=hardware.seed)
        tau = time_constants(hardware, n, seed=hardware.seed)
        sizes = made_sizes(hardware, n)
        gain, tau = gain * sizes.area, tau * sizes.tau
        offset = offset + hardware.offset * (sizes.area - 1)
        table = hardware.table
        if table is not None:
            rows = table.rows(model.labels)
            gain = table.column("gain", rows, gain)
            offset = table.column("offset", rows, offset)
            if table.tau_s:
                tau = table.column("tau_s", rows, tau) / hardware.tau_s
        return cls(
            hardware, h, J, gain, offset, tau, stuck,
            _arrays(hardware, model, h, J, (gain, offset, tau, stuck)),
        )  # fmt: skip

    def reprogrammed(self, model: IsingModel) -> Chip:
        """The same devices with other numbers in the same wiring, zeros kept: as :meth:`of`."""
        h, J = _programmed(self.hardware, model, lambda: self._errors)
        edges = self.arrays.edges._replace(weights=_by_sender(J).data)
        return replace(self, h=h, J=J, arrays=self.arrays._replace(h=h, edges=edges))

    @cached_property
    def _errors(self) -> FloatArray:
        return programming_errors(self.J, seed=self.hardware.seed)

    def holding(self, held: npt.NDArray[np.bool_], spins: npt.NDArray[np.int8]) -> Chip:
        """The same with the outputs of some p-bits tied to their spins; stuck ones stay stuck."""
        stuck = np.where(held & (self.stuck == 0), spins, self.stuck).astype(np.int8)
        return replace(self, stuck=stuck, arrays=self.arrays._replace(stuck=stuck))


def _programmed(
    hardware: Hardware, model: Samples, errors: Callable[[], FloatArray]
) -> tuple[FloatArray, sparse.csr_array]:
    """Biases and couplings, through the array where there is one."""
    h, J = programmed(hardware, model, errors)
    if hardware.crossbar is not None:
        J = couplings_held(hardware.crossbar, J, seed=hardware.seed)
    return h, J


def _check(hardware: Hardware, model: Any) -> None:
    if not isinstance(model, IsingModel | DirectedModel):
        raise ValueError(
            "hardware takes pairs of spins, got terms of many; reduce them with auxiliary "
            "variables (dimod.make_quadratic)"
        )
    directed = isinstance(model, DirectedModel)
    if directed and hardware.clock == "chromatic":
        raise ValueError("clock 'chromatic' takes no directed couplings; use 'poisson'")
    if directed and hardware.dynamics == "telegraph" and not hardware.has_lag:
        raise ValueError(
            "dynamics 'telegraph' with directed couplings needs delay_s or rc_s > 0: junctions "
            "that see each other at once may never come to rest"
        )
    correction = hardware.correction
    if correction is not None and correction.gain.size < model.num_spins:
        raise ValueError(
            f"correction must be for at least {model.num_spins} p-bits, got "
            f"{correction.gain.size}; calibrate as many"
        )
    if 0 < len(hardware.lfsr_seeds) < model.num_spins:
        raise ValueError(
            f"lfsr_seeds must be of at least {model.num_spins} p-bits, got "
            f"{len(hardware.lfsr_seeds)}; give one a p-bit"
        )


def _arrays(
    hardware: Hardware, model: Samples, h: FloatArray, J: sparse.csr_array, pbits: tuple[Any, ...]
) -> ChipArrays:
    gain, offset, tau, stuck = pbits
    out = _by_sender(J)
    targets = out.indices.astype(np.int32)
    starts = out.indptr.astype(np.int64)
    sources = np.repeat(np.arange(h.size), np.diff(starts))
    edges, longest = _edges(hardware, starts, targets, sources, out.data)
    filters = _filters(hardware, h.size, targets, sources)
    lag = (
        hardware.has_lag
        or hardware.dynamics == "telegraph"
        or hardware.clock == "ticks"
    )  # fmt: skip
    return ChipArrays(
        h,
        edges,
        filters,
        _inputs(hardware, gain, offset),
        _answer(hardware),
        stuck,
        _clock(hardware, model, tau),
        Rates(
            _barriers(hardware, h.size),
            float(hardware.barrier_exponent),
            -np.log(tau),
        ),
        _wheel(hardware, tau, edges, longest, filters, lag),
        np.array(hardware.lfsr_seeds[: h.size], dtype=np.uint32),
    )


def _by_sender(J: sparse.csr_array) -> sparse.csc_array:
    out = sparse.csc_array(J)
    out.sort_indices()
    return out


def _barriers(hardware: Hardware, n: int) -> FloatArray:
    if hardware.barrier is None:
        return np.full(n, np.inf)
    return hardware.barrier * made_sizes(hardware, n).area


def _edges(
    hardware: Hardware, starts: Any, targets: Any, sources: Any, weights: Any
) -> tuple[Edges, float]:
    """The kernels' edges and the longest delay."""
    n = starts.size - 1
    delay = hardware.delay_s / hardware.tau_s
    if not delay or not hardware.delay_spread or hardware.delay_per == "p-bit":
        senders, groups, count = np.arange(n + 1), starts, n
        varied = bool(delay and hardware.delay_spread)
        normals = device_normals(Trait.DELAY, n, seed=hardware.seed) if varied else 0.0
    else:
        senders, groups, count = starts, np.arange(targets.size + 1), targets.size
        normals = edge_normals(Trait.EDGE_DELAY, targets, sources, seed=hardware.seed)
    delays = delay * np.exp(hardware.delay_spread * normals) * np.ones(count if delay else 0)
    if hardware.clock in ("ticks", "chromatic"):  # else rounding would decide who comes first
        delays += _AFTER_A_TICK * (hardware.tick_s or hardware.tau_s) / hardware.tau_s
    edges = Edges(
        senders.astype(np.int64),
        groups.astype(np.int64),
        targets,
        np.ascontiguousarray(weights, dtype=np.float64),
        np.ascontiguousarray(delays),
    )
    return edges, float(delays.max(initial=0.0))


def _filters(hardware: Hardware, n: int, targets: Any, sources: Any) -> Filters:
    rc = hardware.rc_s / hardware.tau_s
    none = np.zeros(1, np.int64), np.zeros(0, np.int64)
    if not rc:
        return Filters(np.zeros(0), *none)
    spread = hardware.rc_spread
    if hardware.rc_per == "p-bit":
        slow = np.ones(n)
        if spread:
            slow = np.exp(spread * device_normals(Trait.RC, n, seed=hardware.seed))
        return Filters(1 / (rc * slow), *none)
    normals = edge_normals(Trait.EDGE_RC, targets, sources, seed=hardware.seed) if spread else 0.0
    by_target = np.argsort(targets, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(targets, minlength=n))])
    slow = np.exp(spread * normals) * np.ones(targets.size)
    return Filters(1 / (rc * slow), first.astype(np.int64), by_target.astype(np.int64))


def _inputs(hardware: Hardware, gain: FloatArray, offset: FloatArray) -> Inputs:
    n = gain.size
    before, after = np.stack([np.ones(n), np.zeros(n)]), np.stack([gain, offset])
    if hardware.correction is not None:
        before[0] = 1 / hardware.correction.gain[:n]
        before[1] = -hardware.correction.offset[:n] * before[0]
    levels = levels_of(hardware)
    before[1] -= (0.5 - hardware.half) * levels.step  # the nearest of what is half a step lower
    return Inputs(before, after, *levels, float(hardware.noise))


def _answer(hardware: Hardware) -> Answer:
    bits = hardware.lfsr_bits or 0
    taps = sum(1 << (tap - 1) for tap in LFSR_TAPS.get(bits, ()))
    register = bits, hardware.lfsr_shifts, np.uint32(taps)
    if hardware.lut_bits is not None:
        inputs = hardware.lut_range * (
            np.arange(2**hardware.lut_bits) / 2 ** (hardware.lut_bits - 1) - 1
        )
        scale = 2.0 ** (bits or 32)
        table = np.clip(np.floor((1 + np.tanh(inputs)) / 2 * scale + 0.5), 0, scale - (bits > 0))
        apart = float(inputs[1] - inputs[0])
        low = float(inputs[0]) + (0.5 - hardware.half) * apart
        return Answer(STEPS, table, low, 1 / apart, np.zeros(0), *register)
    if hardware.transfer:
        places, mean = np.ascontiguousarray(np.array(hardware.transfer).T)
        return Answer(LINES, (1 + mean) / 2 * 2.0**32, 0.0, 0.0, places, *register)
    return Answer(IDEAL, np.zeros(0), 0.0, 0.0, np.zeros(0), *register)


def _clock(hardware: Hardware, model: Samples, tau: FloatArray) -> Clock:
    from pbit.kernels.random import alias

    inverse = 1 / tau
    thresholds, aliases = np.zeros(0), np.zeros(0, np.int32)
    varied = hardware.tau_spread > 0 or (hardware.table is not None and hardware.table.tau_s)
    if hardware.clock == "poisson" and varied and tau.size:
        thresholds, aliases = alias.alias_table(inverse)
    order, starts = np.zeros(0, np.int32), np.zeros(1, np.int64)
    if hardware.clock == "chromatic":
        assert isinstance(model, IsingModel)
        coloring = first_fit_coloring(model)
        order, starts = coloring.order, coloring.starts
    tick = (hardware.tick_s or 0.0) / hardware.tau_s
    total = float(np.cumsum(inverse)[-1]) if inverse.size else 0.0
    return Clock(_CLOCKS[hardware.clock], inverse, thresholds, aliases, total, tick, order, starts)


def _wheel(
    hardware: Hardware, tau: FloatArray, edges: Edges, longest: float, filters: Filters, lag: bool
) -> Wheel:
    """A few entries a bucket."""
    if not lag:
        return Wheel(1, 1.0, False)
    from pbit.kernels.events.queue import PER_BUCKET

    per_flip = edges.senders[-1] / max(tau.size, 1)
    pace = max(0.5 * float((1 / tau).sum()) * per_flip / PER_BUCKET, 1.0)
    if hardware.dynamics == "telegraph" and filters.rates.size:
        longest = max(longest, float(4 / filters.rates.min()))
    if longest:
        # Short delays want narrow buckets, but not many empty ones between two events.
        pace = max(pace, min(16 / longest, _BUCKETS_AN_EVENT * float((1 / tau).sum())))
        pace = min(pace, (_MOST_BUCKETS - 8) / longest)
    return Wheel(1 << int(np.ceil(np.log2(longest * pace + 8))), pace, True)
