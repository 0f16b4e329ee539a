"""A superparamagnetic junction locks to a weak periodic drive, and noise is what lets it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.laws.driven_telegraph import driven_means
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.telegraph import Telegraph, telegraph
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of

_BARRIER, _FREQUENCY_HZ = 22.0, 100.0
_DRIVES = np.array([0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6])
_WEAK = 0.3  # drive of the sweep of noise
_BARRIERS = np.array([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 24], dtype=np.float64)
_LOCKED = 0.01  # of the frequency
_RUNS: dict[Size, tuple[int, float]] = {  # reads, periods
    "small": (4, 20.0),
    "default": (32, 200.0),
    "full": (128, 1000.0),
}


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Mean frequency over that of the drive, against its amplitude and against the noise."""
    traces = [_trace(_BARRIER, A, seed_of(seed, k), size) for k, A in enumerate(_DRIVES)]
    ratios = np.array([_ratio(trace) for trace in traces])
    noisy = np.array([
        _ratio(_trace(b, _WEAK, seed_of(seed, 100 + k), size)) for k, b in enumerate(_BARRIERS)
    ])  # fmt: skip
    exact = np.array([_exact(_BARRIER, A) for A in _DRIVES])
    plateau = _BARRIERS[np.abs(noisy - 1) < _LOCKED]
    half = int(np.flatnonzero(_DRIVES == 0.5)[0])
    return Measured(
        value=float(ratios[half]),
        baseline=float(exact[half]),
        details={
            "at 0.1 critical currents": float(ratios[0]),
            "at 0.4 critical currents": float(ratios[_DRIVES == 0.4][0]),
            "half-periods with one switch": _single(traces[half]),
            "weak drive, quietest": float(noisy[-1]),
            "weak drive, noisiest": float(noisy[0]),
            "barriers that lock at the weak drive": float(plateau.size),
            "largest distance from the law": float(np.abs(ratios - exact).max()),
        },
        note=f"square drive of {_FREQUENCY_HZ:g} Hz, barrier {_BARRIER:g} kT, attempt frequency "
        f"1 GHz, {_RUNS[size][0]} junctions of {_RUNS[size][1]:g} periods; the noise swept by "
        f"barriers of {_BARRIERS[0]:g} to {_BARRIERS[-1]:g} kT at {_WEAK:g} critical currents",
        curves={
            "drives": _DRIVES, "ratios": ratios, "exact": exact,
            "barriers": _BARRIERS, "noisy": noisy,
            "noisy law": np.array([_exact(b, _WEAK) for b in _BARRIERS]),
        },
    )  # fmt: skip


def _trace(barrier: float, drive: float, seed: int, size: Size) -> Telegraph:
    reads, periods = _RUNS[size]
    currents = drive * Junction(barrier).critical_current_A * np.array([1.0, -1.0])
    return telegraph(
        Junction(barrier), currents, duration_s=periods / _FREQUENCY_HZ,
        segment_s=0.5 / _FREQUENCY_HZ, num_reads=reads, seed=seed,
    )  # fmt: skip


def _ratio(trace: Telegraph) -> float:
    """Cycles a period of the drive, from the second period on."""
    late = np.count_nonzero(trace.switches_s > 1 / _FREQUENCY_HZ) / trace.num_switches.size
    return float(late / 2 / (trace.duration_s * _FREQUENCY_HZ - 1))


def _single(trace: Telegraph) -> float:
    """Share of half-periods in which there is exactly one switch."""
    halves = round(2 * trace.duration_s * _FREQUENCY_HZ)
    edges = np.arange(halves + 1) * 0.5 / _FREQUENCY_HZ
    counts = [np.histogram(trace.switches_of(k), edges)[0] for k in range(trace.num_switches.size)]
    return float((np.array(counts) == 1).mean())


def _exact(barrier: float, drive: float) -> float:
    junction = Junction(barrier)
    currents: FloatArray = drive * junction.critical_current_A * np.array([1.0, -1.0])
    return float(driven_means(junction, currents, segment_s=0.5 / _FREQUENCY_HZ).switches.sum() / 2)


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Frequency over that of the drive, against its amplitude; inset: against the noise."""
    first = results[0].curves
    inset = axes.inset_axes((0.5, 0.12, 0.46, 0.5))
    for panel, x, y, law in (
        (axes, "drives", "ratios", "exact"),
        (inset, "barriers", "noisy", "noisy law"),
    ):
        for each in results:
            panel.plot(each.curves[x], each.curves[y], "C0o", ms=4)
        panel.plot(first[x], first[law], "C3-", lw=1)
        panel.axhline(1, color="k", lw=0.5, ls=":")
    axes.plot([], [], "C0o", ms=4, label="simulated")
    axes.plot([], [], "C3-", lw=1, label="exact law")
    axes.set(xlabel="drive / critical current", ylabel="frequency / that of the drive")
    axes.set_ylim(-0.05, 1.4)
    axes.legend(fontsize=8, loc="upper left")
    inset.set_yscale("log")
    inset.set_xlabel(f"barrier (kT) at a drive of {_WEAK:g}", fontsize=8)
    inset.tick_params(labelsize=7)


EXPERIMENT = Experiment(
    id="mizrahi-2016",
    rows=(32,),
    device="superparamagnetic tunnel junction",
    task="locking to a periodic drive",
    source="A. Mizrahi et al. (2016), after N. Locatelli et al. (2014)",
    claim="superparamagnetic junctions phase lock to periodic inputs, as neurons do; noise helps",
    claim_tag="S1",
    measures="frequency over that of a drive of half the critical current",
    unit="1",
    baseline="the exact law of the driven telegraph",
    bounds=(
        Bound(low=0.99, high=1.01),
        Bound("at 0.1 critical currents", high=0.05),
        Bound("weak drive, quietest", high=0.9),
        Bound("weak drive, noisiest", low=1.1),
        Bound("barriers that lock at the weak drive", low=2),
        Bound("half-periods with one switch", low=0.98),
    ),
    run=run,
    plot=plot,
)
