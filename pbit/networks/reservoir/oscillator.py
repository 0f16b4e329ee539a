r"""Oscillators as reservoirs: one device stands for many nodes, one after the other.

An input u(k) is held for a step of N slots; in slot j a current of the supercriticality

.. math:: \zeta = \zeta_0 + A \sum_i M_{ji} u_i(k) + K (\sqrt{p(t - \tau)} - \sqrt{p_0})

flows, with the mask M, and node j is the voltage at the end of its slot. The power in a slot is
exact (:mod:`pbit.kernels.oscillators.envelope`), but for noise, and for delayed feedback, which is
held over a slot, too.

Sources: Appeltant et al., Nat. Commun. 2, 468 (2011); Torrejon et al., Nature 547, 428 (2017);
Riou et al., Phys. Rev. Appl. 12, 024049 (2019).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pbit.checks import ArgumentError, instance, integer
from pbit.devices.oscillator import AutoOscillator
from pbit.devices.oscillator.presets import preset
from pbit.devices.quantities import number
from pbit.kernels.oscillators.envelope import MOST, Lanes, Plan, run_envelopes
from pbit.machine import check_memory
from pbit.networks.reservoir.kinds import ReservoirKind, log_uniform
from pbit.networks.reservoir.masks import Mask, mask_of
from pbit.networks.reservoir.protocol import FloatArray
from pbit.seeds import check_seed, seed_of

VORTEX, UNIFORM = (replace(preset(name).oscillator, noise_Hz=0.0) for name in ("vortex", "uniform"))
_LIMITS = "currents are in thresholds, times in 1 / (2 Gamma_G)"
_NOISE = 1  # what a seed is for, next to the masks of devices 0, 1, ...


@dataclass(frozen=True, kw_only=True)
class OscillatorReservoir:
    r"""Auto-oscillators whose amplitudes are the nodes, time-multiplexed.

    Parameters
    ----------
    devices : AutoOscillator or sequence of them
        Several stand side by side, each with its own mask, in the same current. A vortex by
        default, whose powers relax within 0.2 us at twice the threshold.
    num_virtual : int
        N, slots of a step: nodes of a device.
    bias : float
        :math:`\zeta_0`, in thresholds of the first device.
    amplitude : float
        A, in the same unit: for inputs of about -1 to 1.
    slot : float
        Duration of a slot in :math:`1 / (2 \Gamma_G)` of the first device, which is how long
        powers take to relax at twice the threshold.
    feedback : float
        K, in thresholds for a change of the amplitude :math:`\sqrt{p}` by 1.
    delay : int, optional
        :math:`\tau` in slots; ``num_virtual + 1`` by default: memory has gaps where the delay is a
        whole number of steps.
    mask : {"binary", "uniform", "steps"}
        See :func:`pbit.networks.reservoir.masks.mask_of`.
    noise_pieces : int
        Pieces of a slot after each of which noise is added, where a device has some (its
        ``noise_Hz``); without noise the power is exact in one piece.
    floor : float
        The least power, of thermal motion: what a device starts from that a low current stopped.
    num_threads : int
        Devices and series are shared among so many; the result is the same.

    Examples
    --------
    >>> from pbit.networks.reservoir import states_of
    >>> reservoir = OscillatorReservoir(num_virtual=3)
    >>> states = states_of(reservoir, [[0.5], [-0.5], [0.0]], seed=1)
    >>> states.shape, bool((states > 0).all())
    ((3, 3), True)
    """

    devices: AutoOscillator | Sequence[AutoOscillator] = VORTEX
    num_virtual: int = 24
    bias: float = 2.0
    amplitude: float = 0.6
    slot: float = 0.2
    feedback: float = 0.0
    delay: int | None = None
    mask: Mask = "binary"
    noise_pieces: int = 4
    floor: float = 1e-6
    num_threads: int = 1

    def __post_init__(self) -> None:
        for device in self.all_devices:
            instance("devices", device, AutoOscillator, remedy="AutoOscillator(...)")
        integer("num_virtual", self.num_virtual, 1)
        integer("noise_pieces", self.noise_pieces, 1)
        integer("num_threads", self.num_threads, 1)
        number("bias", self.bias, remedy=_LIMITS)
        number("amplitude", self.amplitude, remedy=_LIMITS)
        number("slot", self.slot, (">", 0.0), remedy=_LIMITS)
        number("feedback", self.feedback, remedy=_LIMITS)
        number("floor", self.floor, (">", 0.0), ("<", 1.0), remedy="powers are from 0 to 1")
        if self.delay is not None:
            integer("delay", self.delay, 1)
        mask_of(self.mask, (1, 1), seed=0)

    @property
    def all_devices(self) -> tuple[AutoOscillator, ...]:
        """The devices side by side."""
        some = self.devices
        found = (some,) if isinstance(some, AutoOscillator) else tuple(some)
        if not found:
            raise ArgumentError("devices", "must be one AutoOscillator at least", self.devices)
        return found

    @property
    def slot_s(self) -> float:
        """Duration of a slot."""
        return self.slot / (2 * self.all_devices[0].damping_rad_s)

    @property
    def step_s(self) -> float:
        """Duration of a step: how long an input is held."""
        return self.num_virtual * self.slot_s

    def begin(
        self, num_inputs: int, *, num_series: int = 1, seed: int, first_series: int = 0
    ) -> OscillatorCourse:
        """The devices at the power of their bias, with masks of this seed."""
        series = (integer("num_series", num_series, 1), integer("first_series", first_series, 0))
        return OscillatorCourse(self, num_inputs, series=series, seed=check_seed(seed))


class OscillatorCourse:
    """Oscillators on their way: a lane for each device of each series."""

    def __init__(
        self, of: OscillatorReservoir, num_inputs: int, *, series: tuple[int, int], seed: int
    ) -> None:
        self._of = of
        self._series, first_series = series
        devices, count = of.all_devices, len(of.all_devices)
        shape = (of.num_virtual, integer("num_inputs", num_inputs, 1))
        masks = [mask_of(of.mask, shape, seed=seed, number=k) for k in range(count)]
        thresholds = np.array([devices[0].threshold_A / each.threshold_A for each in devices])
        self._masks = of.amplitude * thresholds[:, None, None] * np.array(masks)
        self._bias = of.bias * thresholds
        at_rest = np.array([each.power(of.bias * devices[0].threshold_A) for each in devices])
        self._gains = np.array([each.signal_V for each in devices])
        self._pieces = of.noise_pieces if any(each.noise_Hz for each in devices) else 1
        self._feedback = of.feedback * thresholds
        self._offset = self._bias - self._feedback * np.sqrt(at_rest)
        self._lanes = self._lanes_of(devices)
        delay = (of.num_virtual + 1 if of.delay is None else of.delay) if of.feedback else 0
        self._power = np.tile(np.maximum(at_rest, of.floor), self._series)
        self._history = np.tile(np.sqrt(self._power), (delay, 1))
        self._key = seed_of(seed, _NOISE, count)
        self._step, self._first_lane = 0, first_series * count

    def _lanes_of(self, devices: tuple[AutoOscillator, ...]) -> Lanes:
        piece_s = self._of.slot_s / self._pieces
        noise = [math.sqrt(2 * math.pi * each.noise_Hz * piece_s) for each in devices]
        columns = (
            [2 * each.damping_rad_s * piece_s for each in devices],
            [each.nonlinear_damping for each in devices],
            self._feedback,
            noise,
        )
        return Lanes(*(np.tile(np.asarray(each), self._series) for each in columns))

    @property
    def num_nodes(self) -> int:
        """Virtual nodes of all devices."""
        return self._of.num_virtual * len(self._gains)

    def advance(self, drive: FloatArray) -> FloatArray:
        """Amplitudes in volts, float64 (num_series, steps, num_nodes); see :class:`Course`."""
        check_memory(
            3 * 8 * drive.shape[1] * self._series * self.num_nodes,
            what="states of the nodes",
            lower="the number of steps",
        )
        zetas = self._zetas(drive)
        steps, slots, width = zetas.shape
        rows = zetas.reshape(steps * slots, width)
        feedback = float(np.abs(self._feedback).max())
        check_drive(float(np.abs(rows).max()) + feedback, self._lanes.rate)
        parts = np.array_split(np.arange(width), min(self._of.num_threads, width))
        if len(parts) == 1:
            self._run(rows, parts[0])
        else:
            with ThreadPoolExecutor(len(parts)) as threads:
                list(threads.map(lambda part: self._run(rows, part), parts))
        self._step += steps
        delay = len(self._history)
        if delay:
            self._history = np.concatenate([self._history, rows[-delay:]])[-delay:]
        amplitudes = rows.reshape(steps, slots, self._series, -1).transpose(2, 0, 3, 1)
        scaled = amplitudes if (self._gains == 1).all() else amplitudes * self._gains[:, None]
        return np.ascontiguousarray(scaled).reshape(self._series, steps, self.num_nodes)

    def _zetas(self, drive: FloatArray) -> FloatArray:
        """Supercriticalities without feedback, float64 (steps, slots, series x devices)."""
        series, steps, inputs = drive.shape
        count, slots, _ = self._masks.shape
        flat = drive.transpose(1, 0, 2).reshape(steps * series, inputs)
        seen = (flat @ self._masks.reshape(count * slots, inputs).T).reshape(
            steps, series, count, slots
        )
        seen += self._offset[:, None]
        lanes = np.ascontiguousarray(seen.transpose(0, 3, 1, 2))
        return lanes.reshape(steps, slots, series * count)

    def _run(self, rows: FloatArray, part: Any) -> None:
        """The lanes of a part, in place."""
        some = slice(int(part[0]), int(part[-1]) + 1)
        whole = len(part) == rows.shape[1]
        states = rows if whole else np.ascontiguousarray(rows[:, some])
        power, history = self._power[some], np.ascontiguousarray(self._history[:, some])
        lanes = Lanes(*(each[some] for each in self._lanes))
        plan = Plan(
            self._of.num_virtual, self._pieces, self._of.floor, self._step,
            self._first_lane + some.start,
            self._key & 0xFFFFFFFF, self._key >> 32,
        )  # fmt: skip
        run_envelopes(states, power, history, lanes, plan)
        if not whole:
            rows[:, some] = states


def check_drive(most: float, rates: FloatArray) -> None:
    """Refuse supercriticalities that change a power beyond what numbers hold.

    Raises
    ------
    ValueError
    """
    if (most + 1) * float(rates.max()) > MOST:
        raise ArgumentError(
            "drive", "must not change a power by more than e^600 in a slot",
            got=f"supercriticalities up to {most:.3g}", remedy="scale it to -1 to 1",
        )  # fmt: skip


def _draw(
    rng: np.random.Generator, num_nodes: int, num_inputs: int, *, device: AutoOscillator
) -> OscillatorReservoir:
    """With feedback in three of four, of a loop that damps what goes round, or nearly so."""
    bias = rng.uniform(1.1, 3.0)
    gain = rng.uniform(0.3, 1.0) * float(rng.integers(4) > 0)
    return OscillatorReservoir(
        devices=device,
        num_virtual=num_nodes,
        bias=bias,
        amplitude=log_uniform(rng, 0.03, 3.0),
        slot=log_uniform(rng, 0.05, 3.0),
        feedback=gain / _slope(device, bias),
        mask="uniform",
    )


def _slope(device: AutoOscillator, bias: float) -> float:
    """What one threshold more adds to the amplitude sqrt(p)."""
    damping = device.nonlinear_damping
    return (1 + damping) / (2 * math.sqrt((bias - 1) * (bias + damping) ** 3))


VORTEX_KIND = ReservoirKind(
    name="vortex",
    what="one vortex oscillator, time-multiplexed, with delayed feedback",
    draw=functools.partial(_draw, device=VORTEX),
    rank=0,
)
UNIFORM_KIND = ReservoirKind(
    name="uniform",
    what="one uniformly magnetised oscillator, sixty times as fast",
    draw=functools.partial(_draw, device=UNIFORM),
    rank=1,
)
