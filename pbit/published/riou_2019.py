"""Sines and squares told apart by one oscillator, with and without its own past fed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pbit.networks.reservoir import VORTEX, Delays, OscillatorReservoir, Reservoir, Ridge
from pbit.networks.reservoir.delays import LINEAR, QUADRATIC
from pbit.networks.reservoir.echo_state import KIND as ECHO_STATE
from pbit.networks.reservoir.protocol import states_of
from pbit.networks.reservoir.tuning import best_setting
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of
from pbit.tasks import sine_square

_MASKS: dict[Size, int] = {"small": 1, "default": 8, "full": 32}
_POINTS, _NODES, _WARM_UP = 8, 24, 16
_NOISES = (0.0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)  # D_n / Gamma_G
_TRIES: dict[Size, int] = {"small": 2, "default": 8, "full": 8}
_TEST, _CHOOSE = range(2)


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    feedback: float = 0.5,
    slot: float = 0.5,
    periods: int = 160,
) -> Measured:
    """Accuracy of all points held out, of both, and of what needs no device."""
    device = OscillatorReservoir(num_virtual=_NODES, slot=slot, delay=_NODES)
    masks = _MASKS[size]

    def mean(reservoir: Reservoir) -> float:
        return float(
            np.mean([_accuracy(reservoir, periods, seed_of(seed, _TEST, k)) for k in range(masks)])
        )

    def tuned(kind: Any) -> float:
        best = best_setting(
            kind,
            lambda each: _accuracy(each, periods, seed_of(seed, _CHOOSE, 0)),
            num_nodes=_NODES,
            tries=_TRIES[size],
            seed=seed_of(seed, _CHOOSE, 1),
        )
        return mean(best)

    noisy = [
        replace(device, devices=replace(VORTEX, noise_Hz=each * VORTEX.damping_Hz))
        for each in _NOISES
    ]
    curves = {
        name: np.array([mean(replace(each, feedback=gain)) for each in noisy])
        for name, gain in (("without", 0.0), ("with", feedback))
    }
    return Measured(
        value=float(curves["with"][0]),
        baseline=tuned(ECHO_STATE),
        details={
            "without feedback": float(curves["without"][0]),
            "feedback 0.9": mean(replace(device, feedback=0.9)),
            "delay of a step and a slot": mean(
                replace(device, feedback=feedback, delay=_NODES + 1)
            ),
            "slots of 0.2": mean(replace(device, feedback=feedback, slot=0.2)),
            "linear regression on delayed inputs": tuned(LINEAR),
            "quadratic regression on delayed inputs": tuned(QUADRATIC),
            "two points, quadratic": mean(Delays(num_delays=2, degree=2)),
            "without feedback, noise 1e-6": float(curves["without"][4]),
            "feedback, noise 1e-6": float(curves["with"][4]),
        },
        note=f"{periods} periods of {_POINTS} points learnt from, as many held out, {masks} masks; "
        f"{_NODES} nodes, at twice the threshold, input 0.6 of it, slots of {slot:g} relaxation "
        f"times, feedback {feedback:g} after one step; noise is D_n / Gamma_G; ridge regression of "
        f"alpha 1e-8; baselines are the best of {_TRIES[size]} settings on other periods, the "
        "device has the one above",
        counts={"updates": float(2 * periods * _POINTS * _NODES)},
        curves={"noise": np.array(_NOISES), **curves},
    )


def _accuracy(reservoir: Reservoir, periods: int, seed: int) -> float:
    """Of the points held out."""
    series, labels = sine_square(2 * periods, seed=seed)
    states = states_of(reservoir, series[:, None], seed=seed)
    wanted = np.where(labels > 0, 1.0, -1.0)
    half = periods * _POINTS
    learnt = slice(_WARM_UP, half)
    found = Ridge(1e-8).fitted(states[learnt], wanted[learnt, None]).outputs(states[half:])
    return float(np.mean((found[:, 0] > 0) == (wanted[half:] > 0)))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against noise, with and without feedback."""
    noise = results[0].curves["noise"]
    places = np.arange(len(noise))
    for name in ("with", "without"):
        values = np.array([each.curves[name] for each in results])
        axes.plot(places, values.mean(axis=0), "o-", ms=4, label=f"{name} feedback")
        axes.fill_between(places, values.min(axis=0), values.max(axis=0), alpha=0.2)
    axes.axhline(0.875, color="k", lw=0.8, ls=":", label="no memory at all, at best")
    axes.axhline(0.9984, color="k", lw=0.8, ls="--", label="claim")
    axes.set_xticks(places, ["0"] + [f"1e{round(np.log10(each))}" for each in noise[1:]])
    axes.set(xlabel="noise $D_n / \\Gamma_G$", ylabel="accuracy, held out", ylim=(0.45, 1.02))
    axes.legend(fontsize=8, loc="lower left")


EXPERIMENT = Experiment(
    id="riou-2019",
    rows=(66,),
    device="vortex oscillator with delayed feedback",
    task="sines and squares",
    source="M. Riou et al., Phys. Rev. Appl. 12, 024049 (2019)",
    claim="89.2 % without feedback, 99.84 % with it",
    claim_value=0.9984,
    claim_tag="S2",
    measures="share of points told right, held out",
    unit="1",
    baseline="echo-state network of as many nodes",
    bounds=(Bound(low=0.99), Bound("without feedback", low=0.85, high=0.97)),
    run=run,
    plot=plot,
)
