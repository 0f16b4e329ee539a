"""Recommendations by a restricted machine: an array read both ways, its neurons coins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import CompoundJunction, SynapseVariation
from pbit.networks.crossbar import Crossbar, Placed
from pbit.networks.perceptrons import Activation, Sigmoid, SwitchingNeuron
from pbit.problems.learning.tastes import Likes, Tastes
from pbit.published.experiment import Experiment, Measured, Size

_USERS: dict[Size, int] = {"small": 300, "default": 2000, "full": 2000}
_EPOCHS: dict[Size, int] = {"small": 20, "default": 250, "full": 250}
_HIDDEN, _ITEMS, _MISSING = 10, 64, 0.5
_PASSES = (1, 2, 4, 8, 16, 32, 64)
_ROUGH = SynapseVariation(conductance_d2d=0.05)


def run(seed: int, size: Size, data: Path | None, *, junctions: int = 9) -> Measured:
    """Share of the hidden answers that are right, of devices and without them."""
    from pbit.problems.boltzmann import RestrictedBoltzmannMachine  # needs scikit-learn

    law = Tastes.random(_ITEMS, seed=seed)
    likes = law.draw(_USERS[size], missing=_MISSING, seed=seed)
    told = np.where(likes.known, likes.spins, np.nan)
    machine = RestrictedBoltzmannMachine(
        _HIDDEN,
        missing="left out",
        negative="cd",
        n_iter=_EPOCHS[size],
        learning_rate=(0.1, 0.002),
        weight_decay=0.01,
        batch_size=200,
        random_state=seed,
    ).fit(told)
    device = CompoundJunction(num_junctions=junctions)
    weights = np.asarray(machine.components_, np.float64)
    array = Crossbar(weights, device, programming=Placed(), variation=_ROUGH, seed=seed)
    neuron, rng = SwitchingNeuron(junctions=1), np.random.default_rng(seed)
    curve = np.array([_right(_read(array, machine, likes, neuron, k, rng), likes) for k in _PASSES])
    liked = ((likes.spins > 0) & likes.known).sum(axis=0) / likes.known.sum(axis=0)
    exact = Crossbar(weights, seed=seed)
    return Measured(
        value=float(curve[-1]),
        baseline=_right(machine.complete_proba(told), likes),
        details={
            "the best there can be": law.best_accuracy(likes),
            "ideal weights, junctions as neurons": _right(
                _read(exact, machine, likes, neuron, _PASSES[-1], rng), likes
            ),
            "ideal weights, mean of ideal neurons": _right(
                _read(exact, machine, likes, Sigmoid(), 1, rng), likes
            ),
            "popularity": _right(np.broadcast_to(liked, likes.spins.shape), likes),
        },
        note=f"generated: {_USERS[size]} users of four tastes, half of {_ITEMS} answers held out; "
        f"{_HIDDEN} hidden p-bits, learnt by numbers; synapses of {junctions} junctions, spread by "
        f"5 %, {_PASSES[-1]} passes; the paper's preferences are others: here nobody is right more "
        "often than the best there can be; counts of one user",
        counts={
            "updates": float(_PASSES[-1] * _HIDDEN),
            "synapses": float((_PASSES[-1] + 1) * 2 * weights.size),
        },
        curves={"passes": np.array(_PASSES), "accuracy": curve},
    )


def _read(
    array: Crossbar,
    machine: Any,
    likes: Likes,
    neuron: Activation,
    passes: int,
    rng: np.random.Generator,
) -> Any:
    """Odds that items are liked: known answers in, hidden coins, and back, as a mean of passes."""
    sums = array @ (likes.spins * likes.known).T + machine.intercept_hidden_[:, None]
    found = np.zeros(likes.spins.shape)
    for _ in range(passes):
        hidden = 2 * neuron.fired(2 * sums, rng) - 1
        back = array.T @ hidden + machine.intercept_visible_[:, None]
        found += Sigmoid()(2 * back).T / passes
    return found


def _right(odds: Any, likes: Likes) -> float:
    """Share of hidden answers that are on the side of the odds."""
    return float(((odds > 0.5) == (likes.spins > 0))[~likes.known].mean())


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against passes."""
    passes = results[0].curves["passes"]
    values = np.array([each.curves["accuracy"] for each in results])
    axes.plot(passes, values.mean(axis=0), "o-", ms=4, label="devices")
    axes.fill_between(passes, values.min(axis=0), values.max(axis=0), alpha=0.2)
    lines = {
        "the machine without devices": [each.baseline for each in results],
        "the best there can be": [each.details["the best there can be"] for each in results],
    }
    for (label, line), style in zip(lines.items(), ("k--", "k:"), strict=True):
        axes.plot(passes[[0, -1]], [np.mean(line)] * 2, style, lw=0.8, label=label)
    axes.set(xlabel="passes", ylabel="right, of the answers held out", xscale="log")
    axes.set_xticks(passes, [str(each) for each in passes])
    axes.minorticks_off()
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="ye-2025",
    rows=(26,),
    device="compound tunnel junction, tunnel junction as a coin",
    task="recommendations",
    source="Ye et al. (2025), as told by the review of Yang et al. (2026)",
    claim="96.08 % of preferences, 64 x 10 junctions",
    claim_value=0.9608,
    claim_tag="S2",
    measures="share of right answers, held out",
    unit="1",
    baseline="the same machine without devices",
    needs=("scikit-learn",),
    run=run,
    plot=plot,
)
