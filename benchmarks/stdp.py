"""What do layers with stochastic plasticity learn, and what does devices' variation cost them?

    python benchmarks/stdp.py [--seed 1] [--repeats 5] [--json FILE] [--plot docs/figures/stdp.png]

Accuracy on held-out digits of 100 neurons after three times all rows, against the spread from
device to device; passages of bars detected on each of six lanes; and the processor time of a row,
pulses included, on digits and on as many inputs as MNIST has. ``--repeats`` is the number of seeds,
of which none is among those that thresholds were chosen on.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit.devices.synapses import BinaryJunction, CompoundJunction, Synapse, SynapseVariation
from pbit.networks.stdp import StochasticSTDP, spread_of_drive
from pbit.published import experiments
from pbit.tasks import digits
from record import headline, options, pyplot, write

DEVICES: dict[str, Synapse] = {
    "binary": BinaryJunction().with_probability(0.1),
    "compound": CompoundJunction(),
}
SPREADS = (0.1, 0.3)
NEURONS, SHOWN = 100, 40
CHOSEN_ON = 30  # seeds up to here


def variation(kind: str, spread: float, device: Synapse) -> SynapseVariation:
    """Of what a pulse does, of currents as they are, or of conductances."""
    if kind == "conductance":
        return SynapseVariation(conductance_d2d=spread)
    return SynapseVariation(
        drive_d2d=spread if kind == "current" else spread_of_drive(device, spread)
    )


def accuracies(seeds: range) -> list[dict[str, Any]]:
    """A row for each device and spread, with the accuracy of each seed."""
    kinds = [("none", 0.0)]
    kinds += [(kind, each) for kind in ("pulse", "current", "conductance") for each in SPREADS]
    rows = []
    for name, device in DEVICES.items():
        for kind, spread in kinds:
            found = []
            for seed in seeds:
                split = digits(seed)
                network = StochasticSTDP(
                    NEURONS,
                    device=device,
                    variation=variation(kind, spread, device),
                    random_state=seed,
                ).fit(split.train, split.train_labels)
                found.append(network.score(split.test, split.test_labels))
            rows.append({"device": name, "of": kind, "spread": spread, "accuracy": found})
            print(f"{name:9} {kind:12} {spread:4.0%} {np.mean(found):.3f} {np.std(found):.3f}")
    return rows


def lanes(seeds: range) -> list[dict[str, Any]]:
    """Published system of row 8, its details."""
    runs = [experiments()["vincent-2015"].measure(seed) for seed in seeds]
    details = {
        name: float(np.mean([run.details[name] for run in runs])) for name in runs[0].details
    }
    for name, value in details.items():
        print(f"{name:40} {value:.3f}")
    curves = {
        name: np.array([run.curves[name] for run in runs]).tolist() for name in runs[0].curves
    }
    return [{"details": details, "curves": curves}]


def times(seed: int) -> list[dict[str, Any]]:
    """Milliseconds of a processor for a row that is learnt."""
    rows = []
    rng = np.random.default_rng(seed)
    for name, device in DEVICES.items():
        for neurons, inputs in ((100, 64), (300, 784)):
            data = rng.uniform(0, 0.6, (400, inputs))
            network = StochasticSTDP(neurons, device=device, random_state=seed).partial_fit(data)
            start = time.process_time()
            network.partial_fit(data)
            each = (time.process_time() - start) / len(data) * 1e3
            rows.append({"device": name, "neurons": neurons, "inputs": inputs, "ms": each})
            print(f"{name:9} {neurons} x {inputs}: {each:.2f} ms a row")
    return rows


def draw(record: dict[str, Any], path: Path, seed: int) -> None:
    """Synapses, accuracy against spread, passages detected."""
    figure, axes = pyplot().subplots(1, 3, figsize=(13, 3.8), width_ratios=(1.25, 1, 1))
    split = digits(seed)
    layer = StochasticSTDP(NEURONS, random_state=seed).fit(split.train).layer_
    sheet = np.full((5 * 9 - 1, 8 * 9 - 1), np.nan)
    for k in range(SHOWN):
        top, left = k // 8 * 9, k % 8 * 9
        sheet[top : top + 8, left : left + 8] = layer.weights[k].reshape(8, 8)
    drawn = axes[0].imshow(sheet, cmap="gray", vmin=0.5, vmax=1)
    figure.colorbar(drawn, ax=axes[0], shrink=0.75, label="conductance / highest")
    axes[0].set(xticks=[], yticks=[], title="what 40 neurons stand for")
    _draw_spreads(record["accuracies"], axes[1])
    curves = record["lanes"][0]["curves"]
    for name, label in (("detected", "passages detected"), ("worst", "on the worst lane")):
        values = np.array(curves[name])
        axes[2].errorbar(
            curves["lanes"][0],
            values.mean(axis=0),
            np.abs(np.array([values.min(axis=0), values.max(axis=0)]) - values.mean(axis=0)),
            fmt="o-",
            ms=4,
            capsize=3,
            label=label,
        )
    unlearnt = record["lanes"][0]["details"]["detected without learning"]
    axes[2].axhline(unlearnt, color="k", lw=0.8, ls="--", label="without learning, 6 lanes")
    axes[2].set(xlabel="lanes", ylabel="share", ylim=(0, 1.02), title="moving bars")
    axes[2].legend(fontsize=8, loc="lower left")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def _draw_spreads(rows: list[dict[str, Any]], axes: Any) -> None:
    styles = {"pulse": "o-", "current": "s--", "conductance": "^:"}
    for device, color in (("compound", "tab:blue"), ("binary", "tab:orange")):
        for kind, style in styles.items():
            some = [each for each in rows if each["device"] == device]
            some = [each for each in some if each["of"] in ("none", kind)]
            axes.errorbar(
                [100 * each["spread"] for each in some],
                [np.mean(each["accuracy"]) for each in some],
                [np.std(each["accuracy"], ddof=1) for each in some],
                fmt=style,
                color=color,
                ms=4,
                capsize=2,
                label=f"{device}, {kind}",
            )
    axes.set(xlabel="spread from device to device, %", ylabel="accuracy, held out")
    axes.set(title="digits, 100 neurons", ylim=(0.4, 0.95))
    axes.legend(fontsize=7, loc="lower center", ncols=2, columnspacing=1)


@click.command()
@options
def main(seed: int, repeats: int, json_file: Path | None, plot_file: Path | None) -> None:
    print(headline(f"{repeats} seeds"))
    seeds = range(CHOSEN_ON + seed, CHOSEN_ON + seed + repeats)
    record = {"accuracies": accuracies(seeds), "lanes": lanes(seeds), "times": times(seed)}
    if json_file is not None:
        write(
            json_file,
            "stdp",
            [*record["accuracies"], *record["lanes"], *record["times"]],
            seed=seed,
        )
    if plot_file is not None:
        draw(record, plot_file, seeds[0])


if __name__ == "__main__":
    main()
