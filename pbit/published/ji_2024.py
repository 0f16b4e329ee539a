"""A convolution whose products are bent by oscillators, beside one whose products are straight."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.radio import Convolution, OscillatorSynapse
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of
from pbit.tasks import alphabet, noisy

_SHAPE, _LETTERS = (7, 5), 26
_GREY, _TURNED = 0.4, 0.02  # share of a pixel that is noise; odds that it is the other one
_COPIES: dict[Size, int] = {"small": 3, "default": 12, "full": 48}
_EPOCHS: dict[Size, int] = {"small": 8, "default": 30, "full": 60}
_RATES = (0.003, 0.01, 0.03)
_BATCH, _GOAL = 32, 0.95


def run(seed: int, size: Size, data: Path | None, *, bias: float = 1.5) -> Measured:
    """Accuracy after each epoch with both kinds of synapses, at rates chosen on other letters."""
    copies, epochs = _COPIES[size], _EPOCHS[size]
    oscillator = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6)
    kinds = {"oscillators": OscillatorSynapse(oscillator=oscillator, bias=bias), "products": None}
    curves, details = {}, {}
    for grey in (_GREY, 0.0):
        train, choice, test = (_letters(seed_of(seed, k), copies, grey) for k in range(3))
        for kind, synapse in kinds.items():
            runs = [
                _learnt(train, (choice, test), synapse, rate=rate, epochs=epochs, seed=seed)
                for rate in (_RATES if grey else _RATES[1:2])
            ]
            best = min(runs, key=lambda each: (_epochs_to_goal(each[0]), -each[0][-1]))
            name = kind if grey else f"{kind}, no grey"
            curves[name] = best[1]
            details[f"epochs to {_GOAL:g}, {name}"] = float(_epochs_to_goal(best[1]))
            details[f"accuracy, {name}"] = float(best[1][-1])
    return Measured(
        value=details.pop("accuracy, oscillators"),
        baseline=details.pop("accuracy, products"),
        details=details,
        note=f"{_LETTERS} letters of 7x5 pixels, {copies} copies of each to learn from, to choose "
        f"the rate by and held out; {_TURNED:g} of the pixels turned over and {_GREY:g} of each "
        f"grey noise; eight kernels of 3x3, rectified; {epochs} epochs, not reached counts as one "
        "more; no grey: pixels of 0 and 1, of which both kinds compute the same; counts of one "
        "image",
        counts={"synapses": 8.0 * 9 * 15},
        curves=curves,
    )


def _letters(seed: int, copies: int, grey: float) -> tuple[Any, Any]:
    rows, labels = noisy(alphabet(), copies=copies, turned=_TURNED, seed=seed)
    noise = np.random.default_rng(seed_of(seed, 1)).random(rows.shape)
    return (1 - grey) * rows + grey * noise, labels


def _learnt(
    train: tuple[Any, Any],
    others: Sequence[tuple[Any, Any]],
    synapse: OscillatorSynapse | None,
    *,
    rate: float,
    epochs: int,
    seed: int,
) -> Any:
    """Accuracy on each of the others after each epoch, (others, epochs)."""
    rows, labels = train
    network = Convolution(_SHAPE, _LETTERS, synapse=synapse, seed=seed)
    generator, found = np.random.default_rng(seed), []
    for _ in range(epochs):
        order = generator.permutation(len(rows))
        for first in range(0, len(rows), _BATCH):
            some = order[first : first + _BATCH]
            network.learn(rows[some], labels[some], rate)
        found.append([(network.scores(X).argmax(axis=1) == y).mean() for X, y in others])
    return np.transpose(found)


def _epochs_to_goal(accuracies: Any) -> int:
    """The first epoch at the goal; one more than there are where it is not reached."""
    there = np.flatnonzero(accuracies >= _GOAL)
    return int(there[0]) + 1 if there.size else len(accuracies) + 1


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy on letters held out against epochs."""
    for name, style in (
        ("oscillators", "C3-"),
        ("products", "C0-"),
        ("oscillators, no grey", "C3:"),
        ("products, no grey", "C0:"),
    ):
        values = np.array([each.curves[name] for each in results])
        epochs = np.arange(1, values.shape[1] + 1)
        axes.plot(epochs, values.mean(axis=0), style, label=name)
    axes.axhline(_GOAL, color="k", lw=0.6)
    axes.set(xlabel="epochs", ylabel="accuracy, held out", ylim=(0.5, 1.01))
    axes.legend(fontsize=8, loc="lower right")


EXPERIMENT = Experiment(
    id="ji-2024",
    rows=(23,),
    device="spin-torque oscillator, its voltage by current",
    task="letters, by convolution",
    source="M. Ji et al., Digit. Signal Process. 147, 104412 (2024)",
    claim="100 % of letters, in simulation, and faster convergence than with linear synapses",
    claim_value=1.0,
    claim_tag="S2",
    measures="accuracy, held out",
    unit="1",
    baseline="the same network with ordinary products",
    bounds=(Bound(low=0.95),),
    run=run,
    plot=plot,
)
