"""Patterns as phases of 0 and pi: oscillators recall them, if a second harmonic helps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.oscillators import (
    Drive,
    OscillatorNetwork,
    PhaseMemory,
    overlaps,
    read_out,
)
from pbit.problems.hopfield import Recall, store
from pbit.published.experiment import Bound, Experiment, Measured, Size

FloatArray = npt.NDArray[np.float64]

_SETS: dict[Size, int] = {"small": 1, "default": 3, "full": 30}
_PATTERNS = (2, 4, 8)
_PROBES = 32  # of each memory
_HARMONICS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.8])
_FLIPPED = np.array([0.1, 0.2, 0.3, 0.4])
_LOADS = np.array([0.05, 0.08, 0.1, 0.12, 0.14, 0.17, 0.2])
_DURATION: dict[Size, float] = {"small": 30.0, "default": 75.0, "full": 150.0}
_LOADED = (0.3, 0.4)  # second harmonics against load
_LOAD_FLIPPED = 0.1
_ONE = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=-3e6)
_CURRENT_A = 2e-3


@dataclass(frozen=True)
class _Task:
    """What all memories of a run have in common."""

    seed: int
    pixels: int
    sets: int
    duration: float

    def memories(self, count: int, flipped: float, kind: int) -> list[_Memory]:
        """One of each set of patterns."""
        return [_Memory.drawn(count, self, flipped, (kind, k)) for k in range(self.sets)]


@dataclass(frozen=True)
class _Memory:
    """Random patterns, and noisy ones of them as probes."""

    patterns: npt.NDArray[np.int8]
    meant: npt.NDArray[np.int8]
    probes: npt.NDArray[np.int8]
    seed: int
    duration: float

    @classmethod
    def drawn(cls, count: int, of: _Task, flipped: float, key: Sequence[int]) -> _Memory:
        pixels = of.pixels
        rng = np.random.default_rng([of.seed, count, *key])
        patterns = rng.choice(np.array([-1, 1], np.int8), (count, pixels))
        meant = np.resize(patterns[:_PROBES], (_PROBES, pixels))
        wrong = np.argsort(rng.random(meant.shape), axis=1) < round(flipped * pixels)
        return cls(patterns, meant, np.where(wrong, -meant, meant), of.seed, of.duration)

    def phases(self, **options: Any) -> FloatArray:
        """Where oscillators end."""
        memory = PhaseMemory.store(self.patterns, **options)
        return memory.run(self.probes, duration=self.duration, seed=self.seed).phases[:, -1]

    def overlap(self, **options: Any) -> float:
        """Of phases with the patterns meant."""
        return float(overlaps(self.phases(**options), self.meant).mean())

    def signs(self, **options: Any) -> float:
        """Overlap of pixels read out with the patterns meant."""
        return self._agreement(read_out(self.phases(**options)))

    def pbits(self, how: Recall | None = None) -> float:
        """Overlap of what a Hopfield network of p-bits recalls, without noise by default."""
        return self._agreement(store(self.patterns, "hebb").recall(self.probes, how))

    def _agreement(self, found: npt.NDArray[np.int8]) -> float:
        return float(np.abs((found * self.meant).mean(axis=1)).mean())


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    second_harmonic: float = 0.3,
    pixels: int = 100,
    flipped: float = 0.2,
) -> Measured:
    """Overlaps with and without the second harmonic, with noise, spreads, load."""
    task = _Task(seed, pixels, _SETS[size], _DURATION[size])
    memories = {count: task.memories(count, flipped, 0) for count in _PATTERNS}

    def mean(count: int, **options: Any) -> float:
        return float(np.mean([each.overlap(**options) for each in memories[count]]))

    curves = np.array([[mean(count, second_harmonic=K) for K in _HARMONICS] for count in _PATTERNS])
    best = np.array([mean(count, second_harmonic=second_harmonic) for count in _PATTERNS])
    four, how = memories[4], {"second_harmonic": second_harmonic}
    spread = np.random.default_rng([seed, 1]).normal(size=pixels)
    loads = _against_load(task)
    noisy = np.array([_flipped(task, share, how) for share in _FLIPPED])
    return Measured(
        value=float(best.mean()),
        baseline=float(np.mean([each.pbits() for all in memories.values() for each in all])),
        details={
            **{f"{count} patterns": float(best[k]) for k, count in enumerate(_PATTERNS)},
            "without second harmonic": float(curves[:, 0].mean()),
            **{
                f"without second harmonic, {count} patterns": float(curves[k, 0])
                for k, count in enumerate(_PATTERNS)
            },
            "pixels read out without second harmonic": float(
                np.mean([m.signs(second_harmonic=0.0) for all in memories.values() for m in all])
            ),
            "second harmonic 0.8": float(curves[:, -1].mean()),
            "4 patterns, noise D 0.02": mean(4, noise=0.02, **how),
            "4 patterns, noise D 0.1": mean(4, noise=0.1, **how),
            "4 patterns, frequencies spread by 0.1": mean(4, detuning=0.1 * spread, **how),
            "4 patterns, frequencies spread by 0.3": mean(4, detuning=0.3 * spread, **how),
            "4 patterns, oscillators with amplitudes": _with_amplitudes(four[0], second_harmonic),
            "highest load kept by phases": _kept(loads[: len(_LOADED)].max(axis=0)),
            "highest load kept by p-bits": _kept(loads[-1]),
        },
        note=f"{task.sets} sets of random patterns of {pixels} pixels, Hebb's rule, {flipped:.0%} "
        f"of the pixels of a probe flipped, {_PROBES} probes a set; overlap of phases: "
        f"|mean of xi exp(i phi)|; load: patterns a pixel at an overlap of 0.95, probes with "
        f"{_LOAD_FLIPPED:.0%} flipped, second harmonics {_LOADED}, the better one; rates in units "
        "of the couplings; counts of one recall",
        counts={"synapses": float(pixels * (pixels - 1)), "reads": float(pixels)},
        curves={"overlap": curves, "load": loads, "flipped": noisy},
    )


def _flipped(task: _Task, share: float, how: dict[str, float]) -> tuple[float, float]:
    """Overlaps of 4 patterns: phases, p-bits."""
    memories = task.memories(4, share, 1)
    phases = np.mean([each.overlap(**how) for each in memories])
    return float(phases), float(np.mean([each.pbits() for each in memories]))


def _against_load(task: _Task) -> FloatArray:
    """(second harmonics + 1, loads): overlaps of phases, then those of p-bits."""
    rows = []
    for load in _LOADS:
        memories = task.memories(round(load * task.pixels), _LOAD_FLIPPED, 2)
        phases = [[each.overlap(second_harmonic=K) for each in memories] for K in _LOADED]
        rows.append([*np.mean(phases, axis=1), np.mean([each.pbits() for each in memories])])
    return np.array(rows).T


def _kept(overlap: FloatArray) -> float:
    """Highest load up to which the overlap stays above 0.95."""
    good = np.cumprod(overlap > 0.95).sum()
    return float(_LOADS[good - 1]) if good else 0.0


def _with_amplitudes(memory: _Memory, second_harmonic: float) -> float:
    """The same by oscillators with powers of their own, pumped at twice their frequency; couplings
    of 5 % of the power's relaxation."""
    nu, power = _ONE.nonlinearity(_CURRENT_A), _ONE.power(_CURRENT_A)
    unit = 0.05 * 2 * float(_ONE.relaxation_rate_s(_CURRENT_A))
    lag = np.exp(1j * math.atan(nu)) / math.hypot(1, nu)
    phase_memory = PhaseMemory.store(memory.patterns)
    network = OscillatorNetwork(_ONE, phase_memory.network.couplings * (unit * lag))
    pump = Drive(
        frequency_Hz=2 * float(_ONE.frequency_at_Hz(_CURRENT_A)),
        strength_rad_s=second_harmonic * unit * lag,
        harmonic=2,
    )
    probes, meant = memory.probes[:16], memory.meant[:16]
    rng = np.random.default_rng(memory.seed)
    nudge = rng.uniform(-phase_memory.spread_rad, phase_memory.spread_rad, probes.shape)
    start = math.sqrt(power) * probes * np.exp(-1j * nudge)
    found = network.run(
        memory.duration / unit,
        _CURRENT_A,
        drives=[pump],
        num_reads=len(probes),
        initial=start,
        frame_Hz=float(pump.frequency_Hz) / 2,
        time_step_s=0.1 / _ONE.damping_rad_s,
        seed=memory.seed,
    )
    return float(overlaps(found.phases[:, -1], meant).mean())


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Overlap against the second harmonic; beside it against load."""
    curves = np.mean([each.curves["overlap"] for each in results], axis=0)
    for count, row in zip(_PATTERNS, curves, strict=True):
        axes.plot(_HARMONICS, row, "o-", label=f"{count} patterns")
    axes.set(
        xlabel="second harmonic K over couplings", ylabel="overlap with the pattern", xlim=(0, 1.6)
    )
    axes.set_ylim(0, 1.04)
    axes.legend(fontsize=8, loc="lower left")
    loads = np.mean([each.curves["load"] for each in results], axis=0)
    inset = axes.inset_axes((0.6, 0.2, 0.37, 0.6))
    for K, row in zip(_LOADED, loads, strict=False):
        inset.plot(_LOADS, row, "o-", ms=3, label=f"phases, K = {K:g}")
    inset.plot(_LOADS, loads[-1], "k.--", label="p-bits")
    inset.set(xlabel="load P / n", ylim=(0, 1.04))
    inset.legend(fontsize=7, loc="lower left")


EXPERIMENT = Experiment(
    id="hoppensteadt-1999",
    rows=(73,),
    device="oscillators, phases",
    task="associative memory",
    source="F. C. Hoppensteadt, E. M. Izhikevich, Phys. Rev. Lett. 82, 2983 (1999)",
    claim="networks of coupled phase oscillators recall stored binary patterns",
    claim_tag="S3",
    measures="overlap of phases with the stored pattern, second harmonic 0.3, mean over 2, 4 and 8 "
    "patterns in 100 oscillators",
    unit="1",
    baseline="p-bits without noise, same couplings and probes",
    bounds=(Bound(low=0.98), Bound("without second harmonic", high=0.95)),
    run=run,
    plot=plot,
)
