"""Oscillators at 50 GHz that find one phase in a few nanoseconds, and what coupling that takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.oscillators import (
    OscillatorNetwork,
    dipolar_couplings,
    electrical_couplings,
    time_to_synchronise,
    with_spread,
)
from pbit.published.experiment import Bound, Experiment, Measured, Size

FloatArray = npt.NDArray[np.float64]

_ONE = AutoOscillator(frequency_Hz=50e9, damping_Hz=0.5e9, shift_Hz=-5e9)
_CURRENT_A = 2e-3  # twice the threshold: nu = -4
_NUMBER = 10
_READS: dict[Size, int] = {"small": 16, "default": 64, "full": 1024}
_RANGES = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1])
_LEAST: dict[Size, int] = {"small": 2, "default": 0, "full": 0}  # the first of these
_CLAIM_NS = 2.0


def run(
    seed: int, size: Size, data: Path | None, *, locking_range: float = 0.01, order: float = 0.95
) -> Measured:
    """Median times from random phases against coupling, with and without amplitudes."""
    how = _Runs(seed, _READS[size], order)
    ranges = _RANGES[_LEAST[size] :]
    times = np.array([how.times_ns(each) for each in ranges])
    phases = np.array([how.phase_times_ns(each) for each in ranges])
    median = np.median(times, axis=1)
    here = how.times_ns(locking_range)
    spread = with_spread(_ONE, _NUMBER, seed=seed, frequency_Hz=0.001)
    line = dipolar_couplings(
        np.arange(_NUMBER)[:, None] * 1e-7, strength_rad_s=1.0, distance_m=1e-7
    ).real
    mean = line.sum() / _NUMBER
    return Measured(
        value=float(np.median(here)),
        baseline=float(np.median(how.phase_times_ns(locking_range))),
        details={
            "periods": float(np.median(here)) * _ONE.frequency_Hz * 1e-9,
            "90 % of the starts within, ns": float(np.quantile(here, 0.9)),
            "locking range for 2 ns over the frequency": _range_for(ranges, median),
            "least time at any coupling, ns": float(median.min()),
            "power relaxes in, ns": 0.5e9 / float(_ONE.relaxation_rate_s(_CURRENT_A)),
            "over phases alone, weakest coupling": float(median[0] / np.median(phases[0])),
            "over phases alone, strongest coupling": float(median[-1] / np.median(phases[-1])),
            "couplings in phase, share in time": _share(how.times_ns(locking_range, lag=0.0)),
            "dipolar line, share in time": _share(
                how.times_ns(locking_range, layout=line / mean * (_NUMBER - 1))
            ),
            "frequencies spread by 0.1 %, share in time": _share(
                how.times_ns(locking_range, oscillators=spread)
            ),
        },
        note=f"{_NUMBER} oscillators all to all, {_READS[size]} random starts; damping 0.5 GHz, "
        f"twice the threshold, nu = -4, by assumption; couplings whose sum locks within "
        f"{locking_range:.1%} of the frequency to either side, their phase arctan nu; in time: "
        f"synchronous after {how.longest} times the inverse of that range in rad/s",
        curves={"range": ranges, "times": median, "phases": np.median(phases, axis=1)},
    )


class _Runs:
    """Runs from random phases until all are one."""

    longest = 15  # inverse locking ranges

    def __init__(self, seed: int, reads: int, order: float) -> None:
        self._order = order
        self._options: dict[str, Any] = {"seed": seed, "num_reads": reads, "record_every": 8}

    def times_ns(
        self,
        locking_range: float,
        *,
        lag: float | None = None,
        layout: FloatArray | None = None,
        oscillators: Any = _ONE,
    ) -> FloatArray:
        """Of each read, oscillators with amplitudes."""
        network = _network(locking_range, lag=lag, layout=layout, oscillators=oscillators)
        duration = self._duration_s(locking_range)
        step = min(1 / (60 * _ONE.damping_rad_s), duration / 2000)
        found = network.run(duration, _CURRENT_A, time_step_s=step, **self._options)
        return time_to_synchronise(found.times_s, found.phases, order=self._order) * 1e9

    def phase_times_ns(self, locking_range: float) -> FloatArray:
        """Of each read, phases alone."""
        duration = self._duration_s(locking_range)
        reduced = _network(locking_range).reduced(_CURRENT_A)
        found = reduced.run(duration, time_step=duration / 2000, **self._options)
        return time_to_synchronise(found.times, found.phases, order=self._order) * 1e9

    def _duration_s(self, locking_range: float) -> float:
        settling = 5 / float(_ONE.relaxation_rate_s(_CURRENT_A))
        return self.longest / _rate(locking_range) + settling


def _rate(locking_range: float) -> float:
    return 2 * math.pi * _ONE.frequency_Hz * locking_range


def _network(
    locking_range: float,
    *,
    lag: float | None = None,
    layout: FloatArray | None = None,
    oscillators: Any = _ONE,
) -> OscillatorNetwork:
    """Couplings whose sum over all others locks within the range: sqrt(1 + nu^2) sum Lambda."""
    nu = float(_ONE.nonlinearity(_CURRENT_A))
    size = _rate(locking_range) / math.hypot(1, nu) / (_NUMBER - 1)
    phase = np.exp(1j * (math.atan(nu) if lag is None else lag))
    if layout is None:
        return OscillatorNetwork(oscillators, electrical_couplings(_NUMBER, size * phase))
    return OscillatorNetwork(oscillators, layout * (size * phase))


def _share(times_ns: FloatArray) -> float:
    return float(np.isfinite(times_ns).mean())


def _range_for(ranges: FloatArray, times_ns: FloatArray) -> float:
    """Where the time is that of the claim, between points in logarithms."""
    order = np.argsort(times_ns)
    found = np.interp(math.log(_CLAIM_NS), np.log(times_ns[order]), np.log(ranges[order]))
    return float(np.exp(found))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Time against coupling, with and without amplitudes, and the claim."""
    ranges = results[0].curves["range"]
    for name, style, label in (
        ("times", "o-", "oscillators with amplitudes"),
        ("phases", "s--", "phases alone"),
    ):
        axes.loglog(
            ranges, np.mean([each.curves[name] for each in results], axis=0), style, label=label
        )
    axes.axhline(_CLAIM_NS, color="k", ls=":", label="claim")
    axes.axhline(
        results[0].details["power relaxes in, ns"], color="C2", ls="-.", label="power relaxes"
    )
    axes.set(xlabel="locking range over frequency", ylabel="time to synchronise (ns)")
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="grollier-2016-synchrony",
    rows=(74,),
    device="spin-torque nano-oscillators, coupled",
    task="synchronisation",
    source="J. Grollier, D. Querlioz, M. D. Stiles, Proc. IEEE 104, 2024 (2016), section II.D",
    claim="networks at 50 GHz synchronise in about 2 ns",
    claim_value=_CLAIM_NS,
    claim_tag="S3",
    measures="median time from random phases to an order of 0.95, locking range 1 % of the "
    "frequency",
    unit="ns",
    baseline="phases alone, whose powers follow at once",
    bounds=(Bound("over phases alone, weakest coupling", low=0.9, high=1.1),),
    run=run,
    plot=plot,
)
