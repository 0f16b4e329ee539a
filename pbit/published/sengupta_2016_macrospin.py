"""The same trains of pulses on a thermal macrospin: no tilt is put in, it is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.constants import MU0_T_M_A, thermal_energy_J
from pbit.devices.macrospin import simulate
from pbit.devices.magnet import Macrospin
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import FloatArray

_BARRIER, _SATURATION_A_m, _FIELD_A_m = 40.0, 8e5, 1e5
_MAGNET = Macrospin(
    saturation_A_m=_SATURATION_A_m,
    volume_m3=2 * _BARRIER * thermal_energy_J(300.0) / (MU0_T_M_A * _SATURATION_A_m * _FIELD_A_m),
    damping=0.02,
    anisotropy_field_A_m=_FIELD_A_m,
    temperature_K=300.0,
)
_MAGNETS: dict[Size, int] = {"small": 20, "default": 200, "full": 2000}
_INTERVALS_S = np.array([1, 2, 3, 4, 5, 7, 10, 15, 20]) * 1e-9
_PULSES, _PULSE_S = 10, 1e-9


def run(seed: int, size: Size, data: Path | None, *, drive: float = 3.0) -> Measured:
    """Share of magnets reversed by a train of pulses, against the time between them."""
    count = _MAGNETS[size]
    chosen = _INTERVALS_S[[0, -1]] if size == "small" else _INTERVALS_S
    trains = [_Train(count, seed) for _ in chosen]
    kept = np.array([each.run(t, drive) for each, t in zip(trains, chosen, strict=True)])
    one = _Train(count, seed)
    once = one.run(chosen[-1], drive, pulses=1)
    return Measured(
        value=float(kept[0] - kept[-1]),
        baseline=0.0,
        details={
            "reversed by frequent pulses": float(kept[0]),
            "reversed by rare pulses": float(kept[-1]),
            "reversed by as many pulses, each on its own": 1 - (1 - once) ** _PULSES,
            "longest interval that reverses most (ns)": float(
                np.max(np.where(kept > 0.5, chosen, 0.0)) * 1e9
            ),
            "damping time (ns)": _MAGNET.damping_time_s * 1e9,
        },
        note=f"{count} perpendicular macrospins of {_BARRIER:g} kT at 300 K, {_PULSES} pulses of "
        f"{_PULSE_S * 1e9:g} ns at {drive:g} critical currents; frequent: every "
        f"{chosen[0] * 1e9:g} ns, rare: every {chosen[-1] * 1e9:g} ns; round parameters",
        curves={
            "intervals": chosen,
            "kept": kept,
            "frequent": trains[0].trace,
            "rare": trains[-1].trace,
        },
    )


class _Train:
    """Magnets that go through pulses and waits, and how far the first ones are tilted."""

    def __init__(self, count: int, seed: int) -> None:
        self._at = np.tile([0.0, 0.0, -1.0], (count, 1))
        self._seed, self._step, self._now = seed, 0, 0.0
        self.trace = np.empty((0, 5))

    def run(self, interval_s: float, drive: float, *, pulses: int = _PULSES) -> float:
        """Share of magnets that point up after a train and a rest."""
        rest = 5 * _MAGNET.damping_time_s
        self._go(rest, 0.0)  # thermal equilibrium in the well
        for _ in range(pulses):
            self._go(_PULSE_S, drive)
            self._go(interval_s, 0.0)
        self._go(rest, 0.0)
        return float((self._at[:, 2] > 0).mean())

    def _go(self, seconds: float, drive: float) -> None:
        found = simulate(
            _MAGNET,
            seconds,
            current_A=drive * _MAGNET.critical_current_A(),
            num_reads=len(self._at),
            initial=self._at,
            record_every=20,
            seed=self._seed,
            first_step=self._step,
        )
        self._at = found.m[:, -1]
        self._step += found.info["num_steps"]
        times = (self._now + found.times_s) * 1e9
        places = found.m[: self.trace.shape[1] - 1, -len(times) :, 2]
        self.trace = np.concatenate([self.trace, np.column_stack([times, places.T])])
        self._now += seconds


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Share reversed against the time between pulses; inset: m_z of magnets in two trains."""
    found = results[0].curves
    kept: FloatArray = np.array([each.curves["kept"] for each in results])
    axes.plot(found["intervals"] * 1e9, kept.mean(axis=0), "o-", ms=5, label="macrospins at 300 K")
    axes.fill_between(found["intervals"] * 1e9, kept.min(axis=0), kept.max(axis=0), alpha=0.2)
    alone = [each.details["reversed by as many pulses, each on its own"] for each in results]
    axes.axhline(np.mean(alone), color="k", ls="--", lw=0.9, label="pulses on their own")
    axes.axvline(_MAGNET.damping_time_s * 1e9, color="k", ls=":", lw=0.8, label="damping time")
    axes.set(xlabel="time between pulses (ns)", ylabel="reversed for good", xscale="log")
    axes.set_xticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    axes.legend(fontsize=8, loc="lower left")
    inset = axes.inset_axes((0.5, 0.6, 0.48, 0.34))
    for name, color in (("frequent", "C1"), ("rare", "C2")):
        times, *places = found[name].T
        for k, place in enumerate(places):
            inset.plot(times, place, color=color, lw=0.5, label="_" if k else name)
    inset.set(xlim=(8, 60))
    inset.set_title("m_z against time (ns)", fontsize=7, pad=2)
    inset.tick_params(labelsize=6)
    inset.legend(fontsize=7, loc="center right")


EXPERIMENT = Experiment(
    id="sengupta-2016-macrospin",
    rows=(20,),
    device="tunnel junction that forgets, macrospin",
    task="short-term and long-term memory",
    source="A. Sengupta, K. Roy, Phys. Rev. Appl. 5, 024012 (2016), arXiv:1511.00051",
    claim="frequent stimuli lead to long-term potentiation, rare ones are forgotten (no number)",
    claim_tag="ABS",
    measures="share reversed by frequent pulses less that by as many rare ones",
    unit="1",
    baseline="a device that every pulse changes by as much",
    bounds=(
        Bound("reversed by frequent pulses", low=0.9),
        Bound("reversed by rare pulses", high=0.1),
    ),
    run=run,
    plot=plot,
)
