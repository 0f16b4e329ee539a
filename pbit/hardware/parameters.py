"""pbit.Hardware: everything in which a chip differs from the ideal network, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.hardware.prices import PRICES, Prices
from pbit.hardware.ranges import Range, check_line, ranged

Dynamics = Literal["heat-bath", "arrhenius", "telegraph"]
Clock = Literal["poisson", "periodic", "chromatic", "ticks"]

FloatArray = npt.NDArray[np.float64]

_MOST_TICKS = 1e6  # of a sweep
_LATEST = 1e6  # tau that a synapse may take
_WIDEST_BITS = 16
LFSR_TAPS = {8: (8, 6, 5, 4), 16: (16, 15, 13, 4), 24: (24, 23, 22, 17), 32: (32, 22, 2, 1)}


@dataclass(frozen=True, eq=False)
class Correction:
    """Gain and offset of each p-bit as measured: what its input is corrected by.

    Parameters
    ----------
    gain, offset : float64, shape (n,)
        Of p-bits 0 to n - 1; the p-bit is given ``(x - offset) / gain`` in place of x.
    gain_error, offset_error : float64, shape (n,)
        Standard errors.
    stuck : bool, shape (n,)
        p-bits that never moved; their gain is put to 1 and their offset to 0.
    num_samples : int
        Read-outs of each p-bit.
    """

    gain: FloatArray
    offset: FloatArray
    gain_error: FloatArray
    offset_error: FloatArray
    stuck: npt.NDArray[np.bool_]
    num_samples: int

    def __post_init__(self) -> None:
        gain, offset = np.asarray(self.gain), np.asarray(self.offset)
        if gain.ndim != 1 or gain.shape != offset.shape:
            raise ValueError(
                f"gain and offset must have one length, got {gain.shape} and {offset.shape}"
            )
        if not ((gain > 0) & (gain < np.inf)).all():
            raise ValueError(
                f"gain must be > 0 and finite, got {gain.min() if gain.size else gain}"
            )
        if not np.isfinite(offset).all():
            raise ValueError("offset must be finite; leave p-bits that were not measured at 0")


@dataclass(frozen=True, kw_only=True)
class Hardware:
    r"""A chip of p-bits: how it is clocked, how its p-bits and synapses differ from ideal ones.

    A p-bit's input is ``x_i = g_i Q(beta (sum_j J_ij s_j + h_i)) + o_i + noise`` with the couplings
    as programmed, the neighbours as they arrive through the synapses, Q the input's resolution; an
    ideal p-bit answers with the mean ``tanh(x_i)``. Times are in seconds. A sweep of a schedule
    lasts ``tau_s``. Which p-bit got what is drawn from ``seed``, the chip's own: the same chip
    runs every problem and every read, p-bit k is the same whatever the number of spins.

    Parameters
    ----------
    name : str
    seed : int
        Of the fabrication, apart from the seed of a run.
    dynamics : {"heat-bath", "arrhenius", "telegraph"}
        "heat-bath": redrawn at rate ``1/tau_i``. "arrhenius": flips at rate
        ``exp(-m_i x_i) / tau_i``, the superparamagnetic junction driven by its input. "telegraph":
        ``m_i = sgn(tanh(x_i) - r_i)`` at every moment; the junction's ``r_i`` is redrawn at rate
        ``1/tau_i`` and persists in between while the input moves the threshold.
    clock : {"poisson", "periodic", "chromatic", "ticks"}
        "poisson": no clock, exponential waiting times. Heat bath only: "periodic": each p-bit every
        ``tau_i`` from a random phase on; "chromatic": colour after colour, all within ``tau_s``.
        "ticks": an approximation, all p-bits in parallel every ``tick_s``: a heat bath redraws with
        probability ``1 - exp(-tick_s/tau_i)`` (random-subset ticks), Arrhenius stays with
        ``exp(-tick_s exp(-m_i x_i)/tau_i)`` (PPSL).
    tau_s, tau_spread : float
        Median time constant; standard deviation of ``ln tau_i``.
    tick_s : float, optional
    barrier : float, optional
        Energy barrier in kT of an Arrhenius junction: its rates end at the attempt frequency
        ``exp(barrier)/tau_i``. None: without end.
    barrier_exponent : float
        1: rates ``exp(-m x)/tau``; 2, which needs ``barrier``: barriers ``Delta (1 + m i)^2`` with
        ``x = 2 Delta i``, the same law, slower under a strong input.
    gain, gain_spread : float
        Median of the gains g_i; standard deviation of their logarithm.
    offset, offset_spread : float
        Mean and standard deviation of o_i, in units of the input x.
    stuck_fraction : float
        Probability of a p-bit to be stuck, up or down with equal odds.
    noise : float
        Standard deviation of the input's noise, drawn anew with each decision.
    delay_s, delay_spread : float
        Median time from a flip to its arrival at another p-bit; standard deviation of its
        logarithm. ``delay_per``: drawn for each "edge" or each sending "p-bit". What arrives
        just when a tick comes is seen by the next one.
    rc_s, rc_spread : float
        Median time constant of a low-pass between arrival and input; ``rc_per`` "p-bit" (its
        summed input) or "edge" (heat bath and Arrhenius only).
    weight_bits : int, optional
        Couplings and biases as signed numbers of so many bits, the largest |value| full scale.
    conductance_ratio : float, optional
        Largest over smallest conductance: couplings below ``max |J| / ratio`` become that or
        nothing, whichever is nearer.
    weight_spread : float
        Standard deviation of the logarithm of each programmed coupling, drawn for each direction.
    dac_bits : int, optional; dac_range : float
        Input as one of ``2**bits`` levels from ``-range`` on, ``range`` itself excluded.
    transfer : sequence of (float, float)
        Measured curve in place of tanh: inputs, increasing, and mean outputs, not decreasing;
        straight lines in between, constant outside.
    lut_bits : int, optional; lut_range : float
        The digital p-bit: tanh from a table of ``2**bits`` inputs (8 bits, range 16: s4.3).
    lfsr_bits : int, optional
        8, 16, 24 or 32: compared with a linear-feedback shift register of the p-bit's own, and the
        table rounded to as many bits, in place of a good random number.
    lfsr_shifts : int
        Shifts between two decisions of a p-bit.
    prices : Prices
        Joules an operation, an assumption.
    correction : Correction, optional
        What :func:`pbit.calibrate` measured.

    Raises
    ------
    TypeError, ValueError
        A value out of its range, parameters that exclude each other.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017), eqs. 1-2; Camsari, Sutton,
    Datta, Appl. Phys. Rev. 6, 011305 (2019), eqs. 1-4; Yang et al. (2026), eqs. 4-5.

    Examples
    --------
    >>> import pbit
    >>> chip = Hardware(tau_s=2e-9, delay_s=0.2e-9, gain_spread=0.1, seed=3)
    >>> chain = pbit.IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> reads = pbit.anneal(chain, pbit.Schedule([1.0] * 20), num_reads=100, hardware=chip, seed=1)
    >>> reads.info["hardware"]["seconds_per_read"]
    4e-08
    """

    name: str = "ideal"
    seed: int = ranged(0, low=0, high=2**64 - 1, whole=True)
    dynamics: Dynamics = ranged("heat-bath", choices=("heat-bath", "arrhenius", "telegraph"))
    clock: Clock = ranged("poisson", choices=("poisson", "periodic", "chromatic", "ticks"))
    tau_s: float = ranged(1e-9, low=1e-15, high=1e9, unit="s")
    tau_spread: float = ranged(0.0, low=0.0, high=3.0)
    tick_s: float | None = ranged(None, low=0.0, open_low=True, unit="s", optional=True)
    barrier: float | None = ranged(None, low=0.0, open_low=True, high=100.0, optional=True)
    barrier_exponent: float = ranged(1.0, low=1.0, high=2.0)
    gain: float = ranged(1.0, low=0.0, open_low=True, high=1e3)
    gain_spread: float = ranged(0.0, low=0.0, high=2.0)
    offset: float = ranged(0.0, low=-100.0, high=100.0)
    offset_spread: float = ranged(0.0, low=0.0, high=100.0)
    stuck_fraction: float = ranged(0.0, low=0.0, high=1.0)
    noise: float = ranged(0.0, low=0.0, high=100.0)
    delay_s: float = ranged(0.0, low=0.0, unit="s")
    delay_spread: float = ranged(0.0, low=0.0, high=2.0)
    delay_per: Literal["edge", "p-bit"] = ranged("edge", choices=("edge", "p-bit"))
    rc_s: float = ranged(0.0, low=0.0, unit="s")
    rc_spread: float = ranged(0.0, low=0.0, high=2.0)
    rc_per: Literal["p-bit", "edge"] = ranged("p-bit", choices=("p-bit", "edge"))
    weight_bits: int | None = ranged(None, low=2, high=_WIDEST_BITS, whole=True, optional=True)
    conductance_ratio: float | None = ranged(None, low=1.0, open_low=True, optional=True)
    weight_spread: float = ranged(0.0, low=0.0, high=2.0)
    dac_bits: int | None = ranged(None, low=1, high=_WIDEST_BITS, whole=True, optional=True)
    dac_range: float = ranged(16.0, low=0.0, open_low=True, high=1e6)
    transfer: tuple[tuple[float, float], ...] = ()
    lut_bits: int | None = ranged(None, low=1, high=_WIDEST_BITS, whole=True, optional=True)
    lut_range: float = ranged(16.0, low=0.0, open_low=True, high=1e6)
    lfsr_bits: int | None = ranged(None, low=8, high=32, whole=True, optional=True)
    lfsr_shifts: int = ranged(1, low=1, high=64, whole=True)
    prices: Prices = field(default=PRICES["z1-spice"])
    correction: Correction | None = None

    def __post_init__(self) -> None:
        for key, limits in parameter_ranges().items():
            object.__setattr__(self, key, limits.check(key, getattr(self, key)))
        check_line("name", self.name)
        if not isinstance(self.prices, Prices):
            raise TypeError(f"prices must be pbit.Prices, got {self.prices!r:.60}")
        if not isinstance(self.correction, Correction | None):
            raise TypeError(
                f"correction must be what pbit.calibrate measured, got {self.correction!r:.60}"
            )
        object.__setattr__(self, "transfer", _checked_transfer(self.transfer))
        for wrong, message in self._contradictions():
            if wrong:
                raise ValueError(message)

    def _contradictions(self) -> Iterator[tuple[bool, str]]:
        """Parameters that exclude each other, the remedy named."""
        heat, arrhenius = self.dynamics == "heat-bath", self.dynamics == "arrhenius"
        yield (
            self.clock in ("periodic", "chromatic") and not heat,
            f"clock {self.clock!r} needs dynamics 'heat-bath', got {self.dynamics!r}",
        )
        yield (
            self.clock == "ticks" and self.dynamics == "telegraph",
            "clock 'ticks' needs dynamics 'heat-bath' or 'arrhenius', got 'telegraph'",
        )
        yield (
            (self.clock == "ticks") != (self.tick_s is not None),
            f"tick_s must be given with clock 'ticks' and with no other, got {self.tick_s} with "
            f"clock {self.clock!r}",
        )
        yield (
            self.tick_s is not None and self.tick_s * _MOST_TICKS < self.tau_s,
            f"tick_s must be >= tau_s / {_MOST_TICKS:g}, got {self.tick_s}",
        )
        late, latest = max(self.delay_s, self.rc_s), _LATEST * self.tau_s
        yield (
            late > latest,
            f"delay_s and rc_s must be <= {_LATEST:g} tau_s = {latest:g} s, got {late:g}",
        )
        yield (
            self.clock == "chromatic" and self.tau_spread > 0,
            f"tau_spread must be 0 with clock 'chromatic', got {self.tau_spread}",
        )
        yield (
            (self.barrier is not None or self.barrier_exponent != 1) and not arrhenius,
            "barrier and barrier_exponent need dynamics 'arrhenius', got "
            f"dynamics {self.dynamics!r}",
        )
        yield (
            self.barrier_exponent != 1 and self.barrier is None,
            f"barrier_exponent {self.barrier_exponent} needs a barrier",
        )
        table = self.lut_bits is not None or bool(self.transfer)
        yield (
            arrhenius and (table or self.noise > 0),
            "noise, transfer and lut_bits need dynamics 'heat-bath' or 'telegraph': the rates of "
            "an Arrhenius junction follow its input itself",
        )
        yield (
            self.lut_bits is not None and bool(self.transfer),
            "lut_bits and transfer exclude each other: give one of them",
        )
        yield (
            self.lfsr_bits is not None and (self.lut_bits is None or not heat),
            "lfsr_bits needs lut_bits and dynamics 'heat-bath'",
        )
        yield (
            self.lfsr_bits is not None and self.lfsr_bits not in LFSR_TAPS,
            f"lfsr_bits must be one of {', '.join(map(str, LFSR_TAPS))}, got {self.lfsr_bits}",
        )
        yield (
            self.dynamics == "telegraph" and self.rc_s > 0 and self.rc_per == "edge",
            "rc_per must be 'p-bit' with dynamics 'telegraph', got 'edge'",
        )
        yield (
            self.dynamics == "telegraph" and self.weight_spread > 0 and not self.has_lag,
            "weight_spread with dynamics 'telegraph' needs delay_s or rc_s > 0: junctions that see "
            "each other at once, but not alike, may never come to rest",
        )

        yield (
            self.dynamics == "telegraph" and self.delay_s > 0 and self.rc_s == 0,
            "delay_s with dynamics 'telegraph' needs rc_s > 0: comparators without a response time "
            "answer every glitch, and late glitches multiply",
        )

    @property
    def has_lag(self) -> bool:
        """Whether a flip takes time to reach the other p-bits."""
        return self.delay_s > 0 or self.rc_s > 0

    @property
    def has_rates(self) -> bool:
        """Whether p-bits flip at rates that follow their inputs, with nothing that asks them to."""
        return self.dynamics == "arrhenius" and self.clock == "poisson"

    def with_values(self, **values: Any) -> Hardware:
        """A chip with some parameters changed; checked anew."""
        return replace(self, **values)

    def departures(self) -> list[str]:
        """In which ways a long run differs from the Boltzmann law, in words; empty: in none."""
        tau, raw, overlap = self.tau_s, self.correction is None, f"{self.lfsr_shifts} shift(s)"
        found = {
            f"all p-bits at once every {self.tick_s or 0:g} s": self.clock == "ticks",
            "redrawn at regular intervals, with lag": self.clock == "periodic" and self.has_lag,
            "a threshold that persists while the input moves": self.dynamics == "telegraph",
            f"synapses late by {self.delay_s / tau:.3g} tau": self.delay_s > 0,
            f"synapses slow by {self.rc_s / tau:.3g} tau": self.rc_s > 0,
            "gains and offsets corrected as far as they were measured": not raw,
            f"gain {self.gain:g}": self.gain != 1 and raw,
            f"gains spread by {self.gain_spread:g}": self.gain_spread > 0 and raw,
            f"offset {self.offset:g}": self.offset != 0 and raw,
            f"offsets spread by {self.offset_spread:g}": self.offset_spread > 0 and raw,
            f"{self.stuck_fraction:.3g} of the p-bits stuck": self.stuck_fraction > 0,
            f"input noise {self.noise:g}": self.noise > 0,
            f"weights of {self.weight_bits} bits": self.weight_bits is not None,
            f"conductances within 1:{self.conductance_ratio}": self.conductance_ratio is not None,
            f"weights spread by {self.weight_spread:g}": self.weight_spread > 0,
            f"inputs of {self.dac_bits} bits": self.dac_bits is not None,
            "a measured transfer curve": bool(self.transfer),
            f"tanh of {self.lut_bits} bits": self.lut_bits is not None,
            f"shift registers of {self.lfsr_bits} bits, {overlap} a decision": bool(self.lfsr_bits),
            "a barrier exponent between 1 and 2": 1 < self.barrier_exponent < 2,
            f"rates held at the attempt frequency by inputs beyond {self._most_input:.3g}": (
                self.barrier is not None
            ),
        }
        return [words for words, is_so in found.items() if is_so]

    @property
    def _most_input(self) -> float:
        """Input at which the barrier of an Arrhenius junction is gone."""
        return self.barrier_exponent * (self.barrier or 0.0)

    @property
    def law(self) -> str:
        """What a long run at fixed beta samples, in words."""
        departures = self.departures()
        return "Boltzmann" if not departures else "not Boltzmann: " + "; ".join(departures)


def parameter_ranges() -> dict[str, Range]:
    """Range of each parameter of :class:`Hardware` that is a number or a word."""
    return {
        each.name: each.metadata["range"] for each in fields(Hardware) if "range" in each.metadata
    }


def _checked_transfer(points: Any) -> tuple[tuple[float, float], ...]:
    rule = "transfer must be two or more pairs (input, mean output) of numbers"
    if isinstance(points, str) or points is None:
        raise TypeError(f"{rule}, got {points!r}")
    try:
        curve = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{rule}, got {points!r:.60}") from None
    if not curve.size:
        return ()
    if curve.ndim != 2 or curve.shape[1] != 2 or len(curve) < 2 or not np.isfinite(curve).all():
        raise ValueError(f"{rule}, got shape {curve.shape}")
    if np.any(np.diff(curve[:, 0]) <= 0) or np.any(np.diff(curve[:, 1]) < 0):
        raise ValueError(
            "transfer must have increasing inputs and outputs that do not decrease; smooth the "
            "measured curve first"
        )
    if np.abs(curve[:, 1]).max() > 1:
        worst = curve[np.abs(curve[:, 1]).argmax(), 1]
        raise ValueError(f"transfer must have mean outputs from -1 to 1, got {worst:g}")
    return tuple((float(x), float(y)) for x, y in curve)
