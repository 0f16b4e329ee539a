"""A binary perceptron in columns of 64 junctions whose resistances add up, timed by four bits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from pbit.devices.synapses import BinaryJunction, SynapseVariation
from pbit.networks import perceptrons  # the estimator needs scikit-learn: not before it is used
from pbit.networks.crossbar import Counter, OpenLoop
from pbit.networks.perceptrons import Arrays, Aware, Columns
from pbit.published.baselines import logistic_regression
from pbit.published.data import images
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.tasks import Split

_EPOCHS: dict[Size, int] = {"small": 5, "default": 60, "full": 20}
_SPREADS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)
_WRITE_ERROR = 0.01
_INK = 0.375  # of a pixel that counts as 1


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    hidden: int = 256,
    rows: int = 64,
    bits: int = 4,
    spread: float = 0.05,
    summation: Literal["resistance", "current"] = "resistance",
) -> Measured:
    """Accuracy of binary weights in columns, of the same in software, and what takes it away."""
    split, note = images(seed, size, data)
    network = perceptrons.XnorPerceptron(
        hidden, threshold=_INK, epochs=_EPOCHS[size], random_state=seed
    )
    network.fit(split.train, split.train_labels)

    def read(spread: float, counter: Counter | None = None, **others: Any) -> float:
        return _read(network, split, Columns(
            rows,
            summation=summation,
            counter=Counter(bits) if counter is None else counter,
            variation=SynapseVariation(conductance_d2d=spread),
            **others,
        ))  # fmt: skip

    software = network.software_score(split.test, split.test_labels)
    value = read(spread)
    hurried = BinaryJunction().with_probability(1 - _WRITE_ERROR)
    return Measured(
        value=value,
        baseline=software,
        details={
            "loss to software": software - value,
            "accuracy without converters": read(spread, Counter(bits=None)),
            "accuracy of equal junctions": read(0.0),
            f"accuracy, {_WRITE_ERROR:.0%} of writes fail": read(
                spread, device=hurried, programming=OpenLoop(max_pulses=1)
            ),
            "accuracy, ternary weights in pairs": _ternary(split, hidden, spread, seed, size),
            "logistic regression, grey pixels": logistic_regression(split),
        },
        note=f"{note}; {split.train.shape[1]}-{hidden}-{split.num_classes}, columns of {rows}, "
        f"black and white; resistances spread by {spread:.0%}, by assumption; training "
        "knows neither columns nor converters; counts of one image",
        counts={"reads": float(sum(each.shape[0] * len(each.arrays) for each in network.layers_))},
        curves={
            "spreads": np.array(_SPREADS),
            f"{bits} bits": np.array([read(each) for each in _SPREADS]),
            "no converter": np.array([read(each, Counter(bits=None)) for each in _SPREADS]),
        },
    )


def _read(network: perceptrons.XnorPerceptron, split: Split, columns: Columns) -> float:
    """Accuracy of the trained weights in other columns."""
    return float(network.put_into(columns).score(split.test, split.test_labels))


def _ternary(split: Split, hidden: int, spread: float, seed: int, size: Size) -> float:
    """Weights -1, 0 and 1 of two junctions each, currents subtracted, grey pixels and sigmoids."""
    arrays = Arrays(
        BinaryJunction(),
        layout="differential",
        variation=SynapseVariation(conductance_d2d=spread),
    )
    network = perceptrons.ArrayPerceptron(
        (hidden,),
        arrays=arrays,
        training=Aware(),
        epochs=_EPOCHS[size] // 3,
        random_state=seed,
    )
    network.fit(split.train, split.train_labels)
    return float(network.score(split.test, split.test_labels))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against the spread of the junctions."""
    curves = results[0].curves
    for name, style in zip([name for name in curves if name != "spreads"], ("o-", "s-"),
                           strict=True):  # fmt: skip
        values = np.array([each.curves[name] for each in results])
        axes.plot(curves["spreads"], values.mean(axis=0), style, ms=4, label=name)
        axes.fill_between(curves["spreads"], values.min(axis=0), values.max(axis=0), alpha=0.2)
    baseline = np.mean([each.baseline for each in results])
    axes.axhline(baseline, color="k", lw=0.8, ls="--", label="same weights in software")
    axes.set(xlabel="spread of the junctions' conductances", ylabel="accuracy, held out")
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="jung-2022",
    rows=(12,),
    device="binary tunnel junction",
    task="digits, binary weights",
    source="S. Jung et al., Nature 601, 211 (2022), DOI 10.1038/s41586-021-04196-6",
    claim="93.23 % of MNIST by a perceptron of two layers, 95.24 % in software",
    claim_value=0.9323,
    claim_tag="ABS",
    measures="accuracy, held out",
    unit="1",
    baseline="the same binary weights in software",
    needs=("mnist", "digits"),
    bounds=(Bound("loss to software", high=0.02),),
    run=run,
    plot=plot,
)
