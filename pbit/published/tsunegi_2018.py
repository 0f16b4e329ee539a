"""What one vortex oscillator remembers of a series of bits, against the duration of its pulses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pbit.networks.reservoir import VORTEX, OscillatorReservoir, Reservoir
from pbit.networks.reservoir.delays import LINEAR, QUADRATIC
from pbit.networks.reservoir.echo_state import KIND as ECHO_STATE
from pbit.networks.reservoir.kinds import ReservoirKind
from pbit.networks.reservoir.measures import MemoryCurve, memory_curves
from pbit.networks.reservoir.oscillator import VORTEX_KIND
from pbit.networks.reservoir.tuning import best_setting
from pbit.published.experiment import Experiment, Measured, Size
from pbit.seeds import seed_of

_STEPS: dict[Size, int] = {"small": 300, "default": 2000, "full": 20_000}
_TRIES: dict[Size, int] = {"small": 3, "default": 12, "full": 40}
_NODES, _DELAYS = 20, 25
_PULSES = np.geomspace(0.1, 10.0, 12)  # in 1 / (2 Gamma_G)
_TEST, _CHOOSE, _DRAW = range(3)


def run(seed: int, size: Size, data: Path | None, *, noise: float = 1e-6) -> Measured:
    """Capacity of the oscillator at the best duration of a pulse, and of what stands beside it."""
    steps, tries = _STEPS[size], _TRIES[size]
    device = OscillatorReservoir(num_virtual=_NODES, bias=1.5, amplitude=0.4)
    noisy = replace(VORTEX, noise_Hz=noise * VORTEX.damping_Hz)

    def curves(reservoir: Reservoir, part: int = _TEST) -> tuple[MemoryCurve, MemoryCurve]:
        return memory_curves(
            reservoir, delays=_DELAYS, train=steps, test=steps, seed=seed_of(seed, part)
        )

    def best(kind: ReservoirKind) -> Reservoir:
        return best_setting(
            kind,
            lambda each: curves(each, _CHOOSE)[0].capacity,
            num_nodes=_NODES,
            tries=tries,
            seed=seed_of(seed, _DRAW),
        )

    pulses = [replace(device, slot=each / _NODES) for each in _PULSES]
    quiet = np.array([curves(each)[0].capacity for each in pulses])
    shaken = np.array([curves(replace(each, devices=noisy))[0].capacity for each in pulses])
    chosen = int(np.argmax([curves(each, _CHOOSE)[0].capacity for each in pulses]))
    memory, parity = curves(pulses[chosen])
    fed, software = curves(best(VORTEX_KIND)), curves(best(ECHO_STATE))
    return Measured(
        value=memory.capacity,
        baseline=software[0].capacity,
        details={
            "pulse, relaxation times": float(_PULSES[chosen]),
            "parity": parity.capacity,
            f"memory, noise {noise:g}": float(shaken[chosen]),
            "memory with feedback": fed[0].capacity,
            "parity with feedback": fed[1].capacity,
            "parity of the echo-state network": software[1].capacity,
            "memory of linear delays": curves(best(LINEAR))[0].capacity,
            "memory of quadratic delays": curves(best(QUADRATIC))[0].capacity,
        },
        note=f"{steps} bits learnt from, as many held out; {_NODES} virtual nodes, at 1.5 "
        f"thresholds, input 0.4; sums over delays 1 to {_DELAYS}, delay 0 left out; the duration "
        f"of the pulse is the best of {len(_PULSES)} on other bits, others are the best of {tries} "
        "settings there; noise is D_n / Gamma_G",
        counts={"updates": float(2 * steps * _NODES)},
        curves={
            "delays": np.arange(_DELAYS + 1),
            "oscillator": memory.r2,
            "with feedback": fed[0].r2,
            "echo-state network": software[0].r2,
            "pulses": _PULSES,
            "quiet": quiet,
            "shaken": shaken,
        },
    )


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Squared correlation against the delay, and the capacity against the pulse, inset."""
    delays = results[0].curves["delays"]
    for name in ("oscillator", "with feedback", "echo-state network"):
        values = np.array([each.curves[name] for each in results])
        axes.plot(delays, values.mean(axis=0), "o-", ms=3, label=name)
    axes.set(xlabel="delay, steps", ylabel="squared correlation, held out")
    axes.legend(fontsize=8, loc="upper right")
    inset = axes.inset_axes((0.5, 0.25, 0.46, 0.36))
    for name, label in (("quiet", "no noise"), ("shaken", "noise")):
        mean = np.mean([each.curves[name] for each in results], axis=0)
        inset.plot(results[0].curves["pulses"], mean, ".-", label=label)
    inset.set(xscale="log", ylim=(0, None))
    inset.set_xlabel("pulse, relaxation times", fontsize=7)
    inset.set_ylabel("capacity", fontsize=7)
    inset.tick_params(labelsize=7)
    inset.legend(fontsize=6)


EXPERIMENT = Experiment(
    id="tsunegi-2018",
    rows=(67,),
    device="vortex oscillator",
    task="memory of bits",
    source="S. Tsunegi et al., Jpn. J. Appl. Phys. 57, 120307 (2018)",
    claim="memory capacity of an oscillator",
    claim_tag="S1",
    measures="short-term memory capacity, delays from 1 on",
    unit="bits",
    baseline="echo-state network of as many nodes",
    run=run,
    plot=plot,
)
