"""What an oscillator makes of its inputs near the current at which it begins to oscillate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pbit.networks.reservoir import VORTEX, OscillatorReservoir
from pbit.networks.reservoir.delays import LINEAR, QUADRATIC
from pbit.networks.reservoir.echo_state import KIND as ECHO_STATE
from pbit.networks.reservoir.kinds import ReservoirKind
from pbit.networks.reservoir.measures import Capacities, information_processing_capacity
from pbit.networks.reservoir.protocol import Reservoir
from pbit.networks.reservoir.tuning import best_setting
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of

_STEPS: dict[Size, int] = {"small": 500, "default": 4000, "full": 40_000}
_TRIES: dict[Size, int] = {"small": 2, "default": 12, "full": 12}
_NODES = 20
_DELAYS = (30, 10, 6, 4)
_BIASES = (0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.35, 1.5, 2.0, 3.0)
_TEST, _CHOOSE, _DRAW = range(3)


def run(
    seed: int, size: Size, data: Path | None, *, noise: float = 1e-6, amplitude: float = 0.2
) -> Measured:
    """Capacities at each current, without noise and with some, and those of software."""
    steps = _STEPS[size]
    quiet = OscillatorReservoir(num_virtual=_NODES, amplitude=amplitude, noise_pieces=2)
    noisy = replace(quiet, devices=replace(VORTEX, noise_Hz=noise * VORTEX.damping_Hz))

    def capacities(reservoir: Reservoir, part: int = _TEST) -> Capacities:
        return information_processing_capacity(
            reservoir, delays=_DELAYS, steps=steps, seed=seed_of(seed, part)
        )

    def best(kind: ReservoirKind) -> float:
        chosen = best_setting(
            kind,
            lambda each: capacities(each, _CHOOSE).total,
            num_nodes=_NODES,
            tries=_TRIES[size],
            seed=seed_of(seed, _DRAW),
        )
        return capacities(chosen).total

    found = {
        name: [capacities(replace(each, bias=bias)) for bias in _BIASES]
        for name, each in (("without noise", quiet), ("with noise", noisy))
    }
    totals = {name: np.array([each.total for each in some]) for name, some in found.items()}
    degrees = np.array([_padded(each) for each in found["without noise"]])
    top = {name: int(np.argmax(each)) for name, each in totals.items()}
    shaken = totals["with noise"]
    return Measured(
        value=float(totals["without noise"].max()),
        baseline=best(ECHO_STATE),
        details={
            "current there, thresholds": _BIASES[top["without noise"]],
            "linear part there": float(degrees[top["without noise"], 0]),
            "at 0.8 thresholds": float(totals["without noise"][1]),
            "at 3 thresholds": float(totals["without noise"][-1]),
            f"noise {noise:g}": float(shaken.max()),
            "current there, noise": _BIASES[top["with noise"]],
            "noise, at 3 thresholds": float(shaken[-1]),
            "linear delays": best(LINEAR),
            "quadratic delays": best(QUADRATIC),
            "nodes": float(_NODES),
        },
        note=f"{steps} steps; products of Legendre polynomials up to degree {len(_DELAYS)} and "
        f"delays {', '.join(map(str, _DELAYS))}, delay 0 counts, those that chance may give left "
        f"out; {_NODES} virtual nodes, input {amplitude:g} of the threshold, the best of "
        f"{len(_BIASES)} currents; software is the best of {_TRIES[size]} settings; noise is D_n / "
        "Gamma_G; the oscillator is the envelope of a vortex, the paper's a macrospin",
        counts={"updates": float(steps * _NODES)},
        curves={"biases": np.array(_BIASES), "degrees": degrees, **totals},
    )


def _padded(found: Capacities) -> np.ndarray:
    by_degree = found.by_degree
    return np.pad(by_degree, (0, len(_DELAYS) - len(by_degree)))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Capacity by degree against the current, and the total with noise."""
    biases = results[0].curves["biases"]
    degrees = np.mean([each.curves["degrees"] for each in results], axis=0)
    labels = [f"degree {k + 1}" for k in range(degrees.shape[1])]
    axes.stackplot(biases, degrees.T, labels=labels, alpha=0.8)
    shaken = np.array([each.curves["with noise"] for each in results])
    axes.plot(biases, shaken.mean(axis=0), "k.-", lw=1, label="total with noise")
    axes.axvline(1.0, color="k", lw=0.8, ls=":")
    axes.set(xlabel="current over threshold", ylabel="capacity", xscale="log")
    axes.set_xticks([0.7, 1, 1.5, 2, 3], ["0.7", "1", "1.5", "2", "3"])
    axes.minorticks_off()
    axes.legend(fontsize=7, loc="upper left")


EXPERIMENT = Experiment(
    id="akashi-2020",
    rows=(69,),
    device="oscillator near its threshold",
    task="information processing capacity",
    source="N. Akashi et al., Phys. Rev. Research 2, 043303 (2020)",
    claim="capacity depends on bifurcations that the input drives",
    claim_tag="S2",
    measures="total information processing capacity, at the best current",
    unit="1",
    baseline="echo-state network of as many nodes",
    bounds=(Bound("at 0.8 thresholds", high=2.0), Bound(high=20.5)),
    run=run,
    plot=plot,
)
