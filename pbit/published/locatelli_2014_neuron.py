"""A relaxation oscillator that fires like a neuron: rates against the law of its charging."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.oscillator import RelaxationOscillator
from pbit.published.experiment import Bound, Experiment, Measured, Size

_NEURON = RelaxationOscillator(charging_s=1e-5)
_RUNS: dict[Size, tuple[int, float]] = {  # inputs, charging times
    "small": (2, 5.0),
    "default": (8, 15.0),
    "full": (24, 60.0),
}
_SLOPES = (0.02, 0.95)  # where inputs are drawn between threshold and block


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Rates at inputs that the seed draws, what sums up, and a trace."""
    count, times = _RUNS[size]
    low, high = _NEURON.inputs
    shares = np.linspace(*_SLOPES, count) + np.random.default_rng(seed).uniform(0, 0.03, count)
    inputs = low + shares * (high - low)
    tau = _NEURON.charging_s
    rates = np.array([_NEURON.run(x, times * tau).rate_Hz for x in inputs])
    laws = np.array([_NEURON.rate_Hz(x) for x in inputs])
    trace = _NEURON.run(1.5, 5 * tau)
    return Measured(
        value=float(np.mean(rates / laws)),
        baseline=1.0,
        details={
            "spikes below the threshold": float(_NEURON.run(0.95 * low, times * tau).spikes_s.size),
            "spikes of one pulse": float(_pulses(1)),
            "spikes of four pulses in a row": float(_pulses(4)),
            "largest distance from the law": float(np.abs(rates / laws - 1).max()),
            "share of charging in a period": _NEURON.charging_time_s(1.5) * _NEURON.rate_Hz(1.5),
        },
        note=f"{count} inputs from the threshold to {high:.3g} times it, {times:g} charging times "
        f"of {tau:.0e} s each; the circuit is ours, its parameters are round numbers",
        curves={
            "inputs": inputs, "rates": rates * tau, "fine": (fine := np.linspace(0.8, 2.6, 200)),
            "law": np.array([_NEURON.rate_Hz(x) for x in fine]) * tau,
            "times": trace.times_s / tau, "powers": trace.powers, "charges": trace.charges,
        },
    )  # fmt: skip


def _pulses(number: int) -> int:
    """Spikes of so many pulses of a fifth of the charging time, in a row; a rest after them."""
    inputs = [2.0] * number + [0.0] * 5
    width = _NEURON.charging_s / 5
    return int(_NEURON.run(inputs, len(inputs) * width, segment_s=width).spikes_s.size)


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Spikes a charging time against the input; inset: charge and power in time."""
    first = results[0].curves
    for each in results:
        dots = axes.plot(each.curves["inputs"], each.curves["rates"], "C0o", ms=4)
    dots[0].set_label("simulated")
    axes.plot(first["fine"], first["law"], "C3-", lw=1, label="law of slow charging")
    axes.set(xlabel="input / threshold", ylabel="spikes a charging time")
    axes.legend(fontsize=8, loc="upper left")
    inset = axes.inset_axes((0.45, 0.12, 0.5, 0.42))
    inset.plot(first["times"], first["charges"], "C2-", lw=1, label="charge")
    inset.plot(first["times"], first["powers"], "C1-", lw=1, label="power")
    inset.set_xlabel("time / charging time, input 1.5", fontsize=8)
    inset.tick_params(labelsize=7)
    inset.set_ylim(-0.05, 1.4)
    inset.legend(fontsize=7, loc="upper right", ncols=2)


EXPERIMENT = Experiment(
    id="locatelli-2014-neuron",
    rows=(76,),
    device="spin-torque relaxation oscillator",
    task="integrate and fire",
    source="N. Locatelli, V. Cros, J. Grollier, Nat. Mater. 13, 11 (2014)",
    claim="it should be possible to engineer an integrate-and-fire spin-torque neuron from a "
    "relaxation oscillator (a proposal)",
    claim_tag="S4",
    measures="firing rate over that of the law of slow charging, mean over inputs",
    unit="1",
    baseline="the law: logarithms of the leaky integrate-and-fire neuron, and the discharge",
    bounds=(
        Bound(low=0.97, high=1.03),
        Bound("spikes below the threshold", high=0),
        Bound("spikes of one pulse", high=0),
        Bound("spikes of four pulses in a row", low=1),
    ),
    run=run,
    plot=plot,
)
