"""Events that happen together, bound by oscillators that lock while both are called."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.networks.oscillators import PhaseNetwork
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_REST_Hz = np.array([-3e7, 3e7, 6e7])
_CALLED_Hz = np.array([-4e6, 0.0, 4e6])  # during the current pulse of an event, nearly the same
_PULSE_s = 1e-6
_RELAXATION_s = 5e-8  # of the frequency after the current
_LOCKING_Hz = 1e7  # two oscillators lock when their frequencies differ by less
_PIECES_A_PULSE = 20
_WINDOW = 8  # pieces, over which the phases of a bound pair stay together
_SLIP = 0.25  # of a turn, by which their difference may wander meanwhile
_DURATION = 5  # pulses
_STEP_s = 5e-10
_TRIALS: dict[Size, int] = {"small": 20, "default": 400, "full": 4000}


def run(
    seed: int, size: Size, data: Path | None, *, locking_Hz: float = _LOCKING_Hz, width: float = 0.0
) -> Measured:
    """Pairs of events at random times: told bound by the phases, and by the times themselves."""
    trials = _TRIALS[size]
    times = np.random.default_rng(seed).uniform(0, 3 * _PULSE_s, (trials, len(_REST_Hz)))
    pairs = list(itertools.combinations(range(len(_REST_Hz)), 2))
    apart = np.stack([np.abs(times[:, a] - times[:, b]) for a, b in pairs], axis=1)
    together = np.stack([_within_reach(times, pair, locking_Hz) for pair in pairs], axis=1)
    bound = _bound(times, pairs, locking_Hz=locking_Hz, width_Hz=width, seed=seed)
    alone = _bound(times, pairs, locking_Hz=0.0, width_Hz=width, seed=seed)

    def told_right(found: BoolArray) -> float:
        """Mean of both kinds, so that saying the same always is a half."""
        return float((found[together].mean() + (~found[~together]).mean()) / 2)

    return Measured(
        value=told_right(bound),
        baseline=told_right(alone),
        details={
            "bound where events are together": float(bound[together].mean()),
            "bound where they are apart": float(bound[~together].mean()),
            "pairs together": float(together.mean()),
            "longest delay bound, pulses": float(apart[bound].max(initial=0.0) / _PULSE_s),
        },
        note=f"{trials} trials of three events, all pairs; the pulse of an event brings an "
        f"oscillator near a common frequency for {_PULSE_s * 1e6:g} us; together: pulses overlap "
        "so long that free frequencies are within the locking range for a window; round parameters",
        curves={"delays": apart / _PULSE_s, "bound": bound, "together": together},
    )


def _detuning(times: FloatArray, at_s: float) -> FloatArray:
    """Free frequencies (trials, oscillators): called by the pulse of the event, then let go."""
    since = np.maximum(at_s - times, 0.0)
    left = np.maximum(since - _PULSE_s, 0.0)
    called = np.exp(-left / _RELAXATION_s) - np.exp(-since / _RELAXATION_s)
    return np.asarray(_REST_Hz + (_CALLED_Hz - _REST_Hz) * called)


def _instants() -> FloatArray:
    """Middles of the pieces."""
    return (np.arange(_DURATION * _PIECES_A_PULSE) + 0.5) * _PULSE_s / _PIECES_A_PULSE


def _within_reach(times: FloatArray, pair: tuple[int, int], locking_Hz: float) -> BoolArray:
    """Whether the free frequencies stay closer than they lock for the whole of a window."""
    a, b = pair
    free = np.stack([_detuning(times, at) for at in _instants()])
    near = np.abs(free[:, :, a] - free[:, :, b]) < locking_Hz
    run = np.lib.stride_tricks.sliding_window_view(near, _WINDOW, axis=0)
    return np.asarray(run.all(axis=-1).any(axis=0))


def _bound(
    times: FloatArray,
    pairs: Sequence[tuple[int, int]],
    *,
    locking_Hz: float,
    width_Hz: float,
    seed: int,
) -> BoolArray:
    """Whether a pair turned together for a window, bool (trials, pairs)."""
    n, piece = len(_REST_Hz), _PULSE_s / _PIECES_A_PULSE
    couplings = math.pi * locking_Hz * (1 - np.eye(n))  # a pair locks within twice its coupling
    network = PhaseNetwork(couplings, noise=math.pi * width_Hz)
    phases, turns = None, []
    for k, at in enumerate(_instants()):
        found = network.run(
            piece,
            time_step=_STEP_s,
            num_reads=len(times),
            initial_phases=phases,
            detuning=2 * math.pi * _detuning(times, at),
            seed=seed_of(seed, k, 0),
        )
        phases = found.phases[:, -1]
        turns.append(found.frequencies * piece / (2 * math.pi))
    a, b = np.array(pairs).T
    slips = np.cumsum(np.stack(turns)[:, :, a] - np.stack(turns)[:, :, b], axis=0)
    window = np.lib.stride_tricks.sliding_window_view(slips, _WINDOW, axis=0)
    return np.asarray((np.ptp(window, axis=-1) < _SLIP).any(axis=0))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Share of pairs that lock against the delay of their events."""
    delays = np.concatenate([each.curves["delays"].ravel() for each in results])
    edges = np.linspace(0, delays.max(), 16)
    bins = np.clip(np.digitize(delays, edges) - 1, 0, len(edges) - 2)
    middles = (edges[1:] + edges[:-1]) / 2
    for name, style in (("bound", "o-"), ("together", "k--")):
        values = np.concatenate([each.curves[name].ravel() for each in results])
        shares = [values[bins == k].mean() if (bins == k).any() else np.nan for k in range(15)]
        label = "phases lock" if name == "bound" else "free frequencies within locking range"
        axes.plot(middles, shares, style, label=label)
    axes.set(xlabel="delay between events (pulse lengths)", ylabel="share of pairs")
    axes.legend()


EXPERIMENT = Experiment(
    id="romera-2022",
    rows=(71,),
    device="mutually coupled spin-torque oscillators",
    task="binding of events",
    source="M. Romera et al. (2022), as cited by Yang et al. (2026), figure 6b",
    claim="three oscillators bind events by mutual synchronisation and tell their timing",
    claim_tag="S2",
    measures="pairs of events told together or apart, mean of both kinds",
    unit="1",
    baseline="the same oscillators without coupling",
    bounds=(Bound(low=0.9), Bound("bound where events are together", low=0.9)),
    run=run,
    plot=plot,
)
