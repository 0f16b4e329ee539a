"""A domain wall in a notch: bent by rare pulses it slides back, frequent ones pull it out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.domain_wall import WallTrack
from pbit.devices.synapses.elastic_wall import ElasticWall
from pbit.devices.wall_motion import move_walls
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import FloatArray

_TRACK = WallTrack(
    damping=0.5,
    non_adiabaticity=0.5,
    notch_depth_J=1.6e-19,
    notch_spacing_m=4e-7,
    length_m=4e-6,
    temperature_K=300.0,
)
_WALLS: dict[Size, int] = {"small": 4, "default": 30, "full": 300}
_INTERVALS_S = np.array([1, 2, 3, 4, 6, 10, 20]) * 1e-9
_PULSES, _PULSE_S, _OVER_DEPINNING, _REST_S = 10, 2e-9, 3.0, 3e-8
_START = 3  # notch


def run(seed: int, size: Size, data: Path | None, *, pulses: int = _PULSES) -> Measured:
    """Share of walls in another notch after a train, against the time between its pulses."""
    chosen = _INTERVALS_S[[0, -1]] if size == "small" else _INTERVALS_S
    trains = [_Train(_WALLS[size], seed) for _ in chosen]
    left = np.array([each.run(pulses, t) for each, t in zip(trains, chosen, strict=True)])
    reduced = np.array([_reduced(pulses, t) for t in chosen])
    relaxation = _relaxation_s(seed, _WALLS[size])
    return Measured(
        value=float(left[0] - left[-1]),
        baseline=0.0,
        details={
            "left its notch, frequent pulses": float(left[0]),
            "left its notch, rare pulses": float(left[-1]),
            "longest interval that most leave by (ns)": _most(left, chosen),
            "the same, reduced wall (ns)": _most(reduced, chosen),
            "time of sliding back (ns)": relaxation * 1e9,
            "the same over its closed form": relaxation / _TRACK.notch_relaxation_s(),
        },
        note=f"{_WALLS[size]} walls with position and angle at {_TRACK.temperature_K:g} K in "
        f"notches of 39 kT, {pulses} pulses of {_PULSE_S * 1e9:g} ns at {_OVER_DEPINNING:g} times "
        f"depinning; frequent: every {chosen[0] * 1e9:g} ns, rare: every {chosen[-1] * 1e9:g} ns; "
        "left: in another notch after a rest; round parameters",
        curves={
            "intervals": chosen,
            "left": left,
            "reduced": reduced,
            "frequent": trains[0].trace,
            "rare": trains[-1].trace,
        },
    )


class _Train:
    """Walls that go through pulses and waits, and where the first ones were."""

    def __init__(self, walls: int, seed: int) -> None:
        self._at = np.full(walls, _START * _TRACK.notch_spacing_m)
        self._angles = np.zeros(walls)
        self._seed, self._step, self._now = seed, 0, 0.0
        self.trace = np.empty((0, 1 + min(walls, 5)))

    def run(self, pulses: int, interval_s: float) -> float:
        """Share of walls in another notch after these pulses and a rest."""
        for _ in range(pulses):
            self.go(_PULSE_S, _OVER_DEPINNING)
            self.go(interval_s, 0.0)
        self.go(_REST_S, 0.0)
        return float((np.rint(self._at / _TRACK.notch_spacing_m) != _START).mean())

    def go(self, seconds: float, over_depinning: float) -> FloatArray:
        """Positions at ten times during a time of constant current, in notches, (walls, times)."""
        current = over_depinning * _TRACK.depinning_current_A_m2()
        run = move_walls(
            _TRACK,
            seconds,
            current_A_m2=current,
            initial_m=self._at,
            initial_angle=self._angles,
            num_walls=self._at.size,
            record_every=1,
            seed=self._seed,
            first_step=self._step,
        )
        self._at, self._angles = run.positions_m[:, -1], run.angles[:, -1]
        self._step += run.info["num_steps"]
        some = slice(None, None, -max(1, len(run.times_s) // 10))
        places = run.positions_m[:, some][:, ::-1] / _TRACK.notch_spacing_m
        times = (self._now + run.times_s[some][::-1]) * 1e9
        shown = np.column_stack([times, places[: self.trace.shape[1] - 1].T])
        self.trace = np.concatenate([self.trace, shown])
        self._now += seconds
        return np.asarray(places)


def _relaxation_s(seed: int, walls: int) -> float:
    """Time in which walls bent by one pulse slide back to 1/e, by their mean."""
    train = _Train(max(walls, 30), seed)
    train.go(_PULSE_S, _OVER_DEPINNING)
    seconds = _TRACK.notch_relaxation_s()
    bent = train.go(0.2 * seconds, 0.0)[:, -1].mean() - _START
    left = train.go(seconds, 0.0)[:, -1].mean() - _START
    return float(seconds / np.log(bent / left))


def _reduced(pulses: int, interval_s: float) -> float:
    """Whether the reduced wall leaves its notch: no temperature, no angle."""
    drift = _TRACK.current_mobility_m3_A_s() * _TRACK.depinning_current_A_m2() * _OVER_DEPINNING
    device = ElasticWall(
        kick=drift * _PULSE_S / _TRACK.notch_spacing_m,
        relaxation_s=_TRACK.notch_relaxation_s(),
        pulse_s=_PULSE_S,
    )
    array = device.made(1, seed=0)
    for _ in range(pulses):
        array.pulse()
        array.wait(interval_s)
    array.wait(_REST_S)
    return float(array.conductance()[0] > array.lowest[0] * (1 + 0.5 / device.num_notches))


def _most(left: FloatArray, intervals_s: FloatArray) -> float:
    """Longest interval, in ns, after which most have left; 0 where there is none."""
    return float(np.max(np.where(left > 0.5, intervals_s, 0.0))) * 1e9


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Share that left against the time between pulses; inset: places of walls in two trains."""
    found = results[0].curves
    left = np.array([each.curves["left"] for each in results])
    axes.plot(found["intervals"] * 1e9, left.mean(axis=0), "o-", ms=5, label="walls at 300 K")
    axes.fill_between(found["intervals"] * 1e9, left.min(axis=0), left.max(axis=0), alpha=0.2)
    axes.plot(found["intervals"] * 1e9, found["reduced"], "k--", lw=1, label="reduced wall")
    axes.axvline(
        _TRACK.notch_relaxation_s() * 1e9, color="k", lw=0.7, ls=":", label="slides back in"
    )
    axes.set(xlabel="time between pulses (ns)", ylabel="in another notch for good", xscale="log")
    axes.set_xticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    axes.legend(fontsize=8, loc="lower left")
    inset = axes.inset_axes((0.5, 0.62, 0.48, 0.32))
    for name, color in (("frequent", "C1"), ("rare", "C2")):
        times, *places = found[name].T
        for k, place in enumerate(places):
            inset.plot(times, place - _START, color=color, lw=0.8, label="_" if k else name)
    inset.axhline(0.5, color="k", lw=0.5, ls="--")
    inset.set(xlim=(0, 60))
    inset.set_title("place (notches) against time (ns)", fontsize=7, pad=2)
    inset.tick_params(labelsize=6)
    inset.legend(fontsize=7, loc="center right")


EXPERIMENT = Experiment(
    id="prasad-2020",
    rows=(21,),
    device="domain wall in notches",
    task="short-term and long-term memory",
    source="Prasad et al. (2020), as cited by Yang et al. (2026), figure 3b",
    claim="depinning is long-term memory, relaxation in the notch short-term memory (no number)",
    claim_tag="S2",
    measures="share of walls pulled out by frequent pulses less that by as many rare ones",
    unit="1",
    baseline="a device that every pulse changes by as much",
    bounds=(
        Bound("left its notch, frequent pulses", low=0.9),
        Bound("left its notch, rare pulses", high=0.1),
    ),
    run=run,
    plot=plot,
)
