"""Memory and parity of arrays of oscillators, against their number and their coupling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.reservoir import OscillatorArray, Reservoir
from pbit.networks.reservoir.delays import LINEAR, QUADRATIC
from pbit.networks.reservoir.echo_state import KIND as ECHO_STATE
from pbit.networks.reservoir.kinds import ReservoirKind
from pbit.networks.reservoir.measures import memory_curves
from pbit.networks.reservoir.tuning import best_setting
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of

_STEPS: dict[Size, int] = {"small": 60, "default": 2000, "full": 20_000}
_NUMBERS = (1, 2, 4, 10)
_ALL = (0.0, 0.3, 1.0, 2.0, 4.0, 10.0)
_COUPLINGS: dict[Size, tuple[float, ...]] = {  # over Gamma_G, all pairs together
    "small": (0.0, 1.0), "default": _ALL, "full": _ALL,
}  # fmt: skip
_DELAYS = 10
_ONE = 1 / (2 * math.pi)  # Hz: Gamma_G is 1 rad/s
_TEST, _DRAW, _DEVICES = range(3)


def run(
    seed: int, size: Size, data: Path | None, *, spread: float = 0.3, damping_spread: float = 0.2
) -> Measured:
    """Capacities of growing arrays, of ten oscillators at growing coupling, and of software."""
    steps, couplings = _STEPS[size], _COUPLINGS[size]
    devices = _oscillators(seed_of(seed, _DEVICES), spread, damping_spread)

    def sums(reservoir: Reservoir, part: int = _TEST) -> tuple[float, float]:
        memory, parity = memory_curves(
            reservoir, delays=_DELAYS, train=steps, test=steps, seed=seed_of(seed, part)
        )
        return memory.capacity, parity.capacity

    def best(kind: ReservoirKind, of: int) -> tuple[float, float]:
        chosen = best_setting(
            kind,
            lambda each: sums(each, _DRAW)[of],
            num_nodes=10 * _NUMBERS[-1],
            tries=len(couplings),
            seed=seed_of(seed, _DRAW),
        )
        return sums(chosen)

    grown = np.array([sums(_array(devices[:n], 0.0)) for n in _NUMBERS])
    arrays = [_array(devices, each) for each in couplings]
    coupled = np.array([sums(each, _DRAW) for each in arrays])
    orders = np.array([_order(each, seed) for each in arrays])
    top = int(np.argmax(coupled[:, 0]))
    memory, parity = sums(arrays[top])
    software = [best(ECHO_STATE, of) for of in range(2)]
    return Measured(
        value=memory,
        baseline=software[0][0],
        details={
            **{f"memory, {n} uncoupled": float(grown[k, 0]) for k, n in enumerate(_NUMBERS)},
            **{f"parity, {n} uncoupled": float(grown[k, 1]) for k, n in enumerate(_NUMBERS)},
            "ten over one": float(grown[-1, 0] / grown[0, 0]),
            "best coupling": couplings[top],
            "parity, best coupling": parity,
            "order, best coupling": float(orders[top]),
            "parity of the echo-state network": software[1][1],
            "memory of linear delays": best(LINEAR, 0)[0],
            "parity of quadratic delays": best(QUADRATIC, 1)[1],
        },
        note=f"{steps} bits learnt from, as many held out, sums over delays 1 to {_DELAYS}, delay "
        "0 left out; ten virtual nodes an oscillator, pulses of one damping time, 1.6 +- 0.4 "
        f"thresholds, no noise; frequencies spread by {spread:g} Gamma_G, dampings by up to "
        f"{damping_spread:g}; all coupled to all; the coupling is the best of {len(couplings)} on "
        "other bits, software the best of as many settings there, for memory and for parity apart",
        counts={"updates": float(2 * steps * 10 * _NUMBERS[-1])},
        curves={
            "numbers": np.array(_NUMBERS),
            "grown": grown,
            "couplings": np.array(couplings),
            "coupled": coupled,
            "orders": orders,
        },
    )


def _oscillators(seed: int, spread: float, damping_spread: float) -> list[AutoOscillator]:
    rng = np.random.default_rng(seed)
    detunings = rng.normal(0, spread, _NUMBERS[-1])
    dampings = 1 + damping_spread * rng.uniform(-1, 1, _NUMBERS[-1])
    return [
        AutoOscillator(frequency_Hz=(1000 + f) * _ONE, damping_Hz=d * _ONE, shift_Hz=-2 * _ONE)
        for f, d in zip(detunings, dampings, strict=True)
    ]


def _array(devices: Sequence[AutoOscillator], coupling: float) -> OscillatorArray:
    return OscillatorArray(devices=devices, coupling=coupling)


def _order(array: OscillatorArray, seed: int) -> float:
    """Order parameter of the phases without input, mean over the last quarter of 40 steps."""
    course = array.begin(1, num_series=1, seed=seed)
    course.advance(np.zeros((1, 30, 1)))
    found = []
    for _ in range(10):
        course.advance(np.zeros((1, 1, 1)))
        phases = np.angle(course.amplitudes[0])
        found.append(abs(np.exp(1j * phases).mean()))
    return float(np.mean(found))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Capacities and order against the coupling."""
    places = np.arange(len(results[0].curves["couplings"]))
    for k, name in enumerate(("memory", "parity")):
        values = np.array([each.curves["coupled"][:, k] for each in results])
        axes.plot(places, values.mean(axis=0), "o-", ms=4, label=f"{name}, ten oscillators")
        axes.fill_between(places, values.min(axis=0), values.max(axis=0), alpha=0.2)
        one = np.mean([each.curves["grown"][0, k] for each in results])
        axes.axhline(one, color=f"C{k}", ls=":", lw=1, label=f"{name}, one")
    order = np.mean([each.curves["orders"] for each in results], axis=0)
    axes.plot(places, order, "k--", lw=1, label="order of phases")
    axes.set_xticks(places, [f"{each:g}" for each in results[0].curves["couplings"]])
    axes.set(xlabel="coupling over $\\Gamma_G$", ylabel="capacity, bits", ylim=(0, None))
    axes.legend(fontsize=7)


EXPERIMENT = Experiment(
    id="kanao-2019",
    rows=(68,),
    device="array of oscillators",
    task="memory of bits",
    source="T. Kanao et al., Phys. Rev. Appl. 12, 024052 (2019)",
    claim="more oscillators are better, best between order and disorder, better than an echo-state "
    "network of as many nodes",
    claim_tag="ABS",
    measures="short-term memory capacity of ten oscillators, delays from 1 on",
    unit="bits",
    baseline="echo-state network of as many nodes",
    bounds=(Bound("ten over one", low=1.5),),
    run=run,
    plot=plot,
)
