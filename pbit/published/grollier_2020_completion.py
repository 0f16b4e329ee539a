"""Digits completed by an associative memory of junctions, as figure 1c of the review shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.networks.associative import ERASED, CliqueMemory
from pbit.published.data import images
from pbit.published.experiment import Experiment, Measured, Size

_LOADS: dict[Size, tuple[int, ...]] = {
    "small": (10, 20),
    "default": (10, 20, 50, 100, 200, 500),
    "full": (10, 20, 50, 100, 200, 500, 1000),
}
_AT = 20
_BITS = 8  # pixels of a symbol: a row of the image
_SHOWN = 5
IntArray = npt.NDArray[np.int64]


def run(seed: int, size: Size, data: Path | None, *, erased: int = 2) -> Measured:
    """Digits recalled whole with some of their rows erased, against the number stored."""
    split, note = images(seed, size, None)
    pixels = (split.train > 0.5).astype(np.int64)
    found = [_at(pixels[:load], erased, seed) for load in _LOADS[size]]
    right, by_scan, known = (np.array([each[k] for each in found]) for k in range(3))
    k = _LOADS[size].index(_AT)
    return Measured(
        value=float(right[k]),
        baseline=float(by_scan[k]),
        details={
            "stored": float(_AT),
            "erased pixels recalled": float(known[k]),
            f"recalled whole of {_LOADS[size][-1]}": float(right[-1]),
        },
        note=f"{note.partition(',')[0]}, binary, a symbol a row of 8 pixels, {erased} of 8 rows "
        "erased; stored digits are recalled, none are held out",
        curves={
            "stored": np.array(_LOADS[size]),
            "cliques": right,
            "linear scan": by_scan,
            "picture": found[k][3],
        },
    )


def _at(pixels: IntArray, erased: int, seed: int) -> tuple[float, float, float, IntArray]:
    """Shares of digits recalled whole by cliques and by scan, of pixels; a picture of some."""
    weights = 2 ** np.arange(_BITS)
    symbols = pixels.reshape(len(pixels), -1, _BITS) @ weights
    memory = CliqueMemory(symbols.shape[1], 2**_BITS)
    memory.store(symbols)
    generator = np.random.default_rng(seed)
    order = generator.permuted(np.tile(np.arange(symbols.shape[1]), (len(symbols), 1)), axis=1)
    asked = symbols.copy()
    np.put_along_axis(asked, order[:, :erased], ERASED, axis=1)
    recalled = memory.recall(asked)
    drawn = (recalled.messages[:, :, None] >> np.arange(_BITS)) & 1
    gone = np.repeat(asked == ERASED, _BITS, axis=1)
    whole = (recalled.messages == symbols).all(axis=1) & ~recalled.ambiguous
    apart = ((asked[:, None] != symbols) & (asked[:, None] != ERASED)).sum(axis=2)
    scanned = (symbols[apart.argmin(axis=1)] == symbols).all(axis=1)
    answers = drawn.reshape(pixels.shape)
    bands = [pixels, np.where(gone, 0, pixels) * 2 - gone, answers]
    rows = [np.hstack([image.reshape(-1, _BITS) for image in band[:_SHOWN]]) for band in bands]
    rows[1] = np.where(rows[1] < 0, 0.5, rows[1] / 2)
    picture = np.vstack(rows)
    return (
        float(whole.mean()),
        float(scanned.mean()),
        float((answers == pixels)[gone].mean()),
        picture,
    )


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Digits recalled whole; inset: stored, asked and recalled ones."""
    for name, style in (("cliques", "o-"), ("linear scan", "k--")):
        mean = np.mean([each.curves[name] for each in results], axis=0)
        axes.plot(results[0].curves["stored"], mean, style, ms=4, label=name)
    axes.set(xlabel="stored digits", ylabel="recalled whole", xscale="log", ylim=(0, 1.05))
    axes.legend(fontsize=8, loc="lower right")
    inset = axes.inset_axes((0.12, 0.06, 0.48, 0.5))
    inset.imshow(results[0].curves["picture"], cmap="gray_r", vmin=0, vmax=1)
    inset.set(xticks=[], yticks=[3.5, 11.5, 19.5], yticklabels=["stored", "asked", "recalled"])
    inset.tick_params(labelsize=7, length=0)


EXPERIMENT = Experiment(
    id="grollier-2020-completion",
    rows=(3,),
    device="binary tunnel junction, read",
    task="pattern completion, digits",
    source="J. Grollier et al., Nat. Electron. 3, 360 (2020), figure 1c",
    claim="digits are completed by an associative memory of junctions (a figure, no number)",
    claim_tag="S1",
    measures=f"share of {_AT} stored digits recalled whole",
    unit="1",
    baseline="the stored digit with fewest differences (linear scan)",
    needs=("digits",),
    run=run,
    plot=plot,
)
