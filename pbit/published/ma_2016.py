"""Associative processor of Ma et al.: the nearest pattern, cells powered when they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.networks.associative import Matched, TemplateMemory
from pbit.published.data import images
from pbit.published.experiment import Experiment, Measured, Size

_TEMPLATES: dict[Size, tuple[int, ...]] = {
    "small": (50,),
    "default": (25, 50, 100, 200, 400, 800),
    "full": (100, 1000),
}
_MOST_TESTS = 500
_GREY = 15  # four bits a cell


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Cell cycles and accuracy against the number of templates."""
    split, note = images(seed, size, data)
    split = split.first(len(split.train), _MOST_TESTS)
    rows = np.rint(split.test * _GREY).astype(np.int64)
    matches: dict[int, Matched] = {}
    right = []
    for count in _TEMPLATES[size]:
        templates = np.rint(split.train[:count] * _GREY).astype(np.int64)
        matches[count] = TemplateMemory(templates, most=_GREY).match(rows)
        labels = split.train_labels[matches[count].nearest]
        right.append(float((labels == split.test_labels).mean()))
    last = matches[_TEMPLATES[size][-1]]
    return Measured(
        value=1 - last.in_race / last.always_on,
        baseline=0.0,
        details={
            "templates": float(_TEMPLATES[size][-1]),
            "saved by columns alone": 1 - last.by_column / last.always_on,
            "of these not compared": 1 - last.in_race / last.by_column,
            "accuracy": right[-1],
        },
        note=f"{note}; cell cycles are counted, reads for one match, where the paper has "
        "the power of its chip; the nearest template stays the same",
        counts={"reads": last.in_race / len(rows)},
        curves={
            "templates": np.array(list(matches)),
            "accuracy": np.array(right),
            "saved": np.array([1 - each.in_race / each.always_on for each in matches.values()]),
            "not compared": np.array(
                [1 - each.in_race / each.by_column for each in matches.values()]
            ),
        },
    )


def plot(results: Sequence[Measured], axes: Any) -> None:
    """What is saved and told right against the number of templates."""
    for name, style in (("accuracy", "o-"), ("saved", "s-"), ("not compared", "^-")):
        mean = np.mean([each.curves[name] for each in results], axis=0)
        axes.plot(results[0].curves["templates"], mean, style, ms=4, label=name)
    axes.set(xlabel="templates", ylabel="share", xscale="log", ylim=(0, 1.05))
    counts = results[0].curves["templates"]
    axes.set_xticks(counts, [str(each) for each in counts])
    axes.minorticks_off()
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="ma-2016",
    rows=(2,),
    device="binary tunnel junction, read",
    task="nearest pattern, digits",
    source="Y. Ma et al., Jpn. J. Appl. Phys. 55, 04EF15 (2016)",
    claim="power -91.2 % against the same processor with 6T SRAM",
    claim_value=0.912,
    claim_tag="S0",
    measures="share of cell cycles saved by power gating",
    unit="1",
    baseline="all cells powered during the search",
    needs=("mnist", "digits"),
    run=run,
    plot=plot,
)
