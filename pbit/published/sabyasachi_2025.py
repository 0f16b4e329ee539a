"""A quantised network of Sabyasachi et al. that computes with bitstreams of tunnel junctions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.laws.telegraph_law import correlation_time_s
from pbit.devices.mtj import Junction
from pbit.networks.bitstreams import StreamSource, train_perceptron
from pbit.published.data import images
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.tasks import accuracy

_LENGTHS: dict[Size, tuple[int, ...]] = {
    "small": (25, 100),
    "default": (25, 50, 100, 200, 400),
    "full": (100, 400),
}
_EPOCHS: dict[Size, int] = {"small": 10, "default": 60, "full": 20}
_CORRELATION = 0.5


def run(
    seed: int, size: Size, data: Path | None, *, hidden: int = 100, levels: int = 5
) -> Measured:
    """Accuracy against the length of the streams, independent and correlated."""
    split, note = images(seed, size, data)
    rows, tests = 2 * split.train - 1, 2 * split.test - 1

    def trained(levels: int | None) -> Any:
        return train_perceptron(
            rows,
            split.train_labels,
            num_hidden=hidden,
            levels=levels,
            seed=seed,
            epochs=_EPOCHS[size],
        ).network

    network = trained(levels)
    junction = Junction(8.0)
    interval = -math.log(_CORRELATION) * float(correlation_time_s(junction))
    curves = {
        name: np.array(
            [
                accuracy(
                    network.scores_by_streams(tests, length=length, seed=seed, source=source),
                    split.test_labels,
                )
                for length in _LENGTHS[size]
            ]
        )
        for name, source in (
            ("independent", StreamSource(junction)),
            ("correlated", StreamSource(junction, interval_s=interval)),
        )
    }
    longest = _LENGTHS[size][-1]
    return Measured(
        value=float(curves["independent"][-1]),
        baseline=accuracy(trained(None).scores(tests), split.test_labels),
        details={
            "bits": float(longest),
            "levels": float(levels),
            "accuracy at 100 bits": float(curves["independent"][_LENGTHS[size].index(100)]),
            "accuracy of endless streams": accuracy(network.scores(tests), split.test_labels),
            f"accuracy at correlation {_CORRELATION:g}": float(curves["correlated"][-1]),
        },
        note=f"{note}; {rows.shape[1]}-{hidden}-{split.num_classes}, the paper has 784 inputs and "
        "up to 3 hidden layers; trained with its levels, then run on streams; counts of one "
        "example",
        counts={
            "updates": float(network.bits_per_example(longest)),
            "synapses": float(longest * (network.hidden.size + network.output.size)),
        },
        curves={"lengths": np.array(_LENGTHS[size]), **curves},
    )


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against the length of the streams."""
    lengths = results[0].curves["lengths"]
    for name, style in (("independent", "o-"), ("correlated", "s-")):
        values = np.array([each.curves[name] for each in results])
        label = name if name == "independent" else f"correlation {_CORRELATION:g} at value 0"
        axes.plot(lengths, values.mean(axis=0), style, ms=4, label=label)
        axes.fill_between(lengths, values.min(axis=0), values.max(axis=0), alpha=0.2)
    baseline = np.mean([each.baseline for each in results])
    axes.axhline(baseline, color="k", lw=0.8, ls="--", label="real weights, no streams")
    axes.set(xlabel="bits", ylabel="accuracy, held out", xscale="log")
    axes.set_xticks(lengths, [str(each) for each in lengths])
    axes.minorticks_off()
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="sabyasachi-2025",
    rows=(25,),
    device="superparamagnetic tunnel junction",
    task="digits, stochastic computing",
    source="Sabyasachi et al., arXiv:2504.06414 (2025)",
    claim="96.82 % of MNIST with 400 bits and 3 hidden layers; 92 to above 96 % with 100 bits",
    claim_value=0.9682,
    claim_tag="ABS",
    measures="accuracy, held out",
    unit="1",
    baseline="the same network with real weights and no streams",
    needs=("mnist", "digits"),
    bounds=(Bound(low=0.96), Bound("accuracy at 100 bits", low=0.93)),
    run=run,
    plot=plot,
)
