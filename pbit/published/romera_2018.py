"""Seven vowels told by four oscillators: which of them lock to which of two sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.published.baselines import linear_discriminants
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.vowels import VOWELS, Vowels, vowels
from pbit.seeds import seed_of

FloatArray = npt.NDArray[np.float64]

_FOLDS = 5
_PUBLISHED_STEPS = 100
_STEPS: dict[Size, int] = {"small": 20, "default": 300, "full": 1000}


def run(
    seed: int, size: Size, data: Path | None, *, mutual_Hz: float = 0.0, linewidth_Hz: float = 0.0
) -> Measured:
    """Held-out speakers, five folds: before learning, after it, and by linear discriminants."""
    from pbit.networks.oscillators.locking_classifier import LockingClassifier

    tokens = vowels(seed, data)
    fold = np.random.default_rng(seed).permutation(tokens.speakers.max() + 1) % _FOLDS
    steps = _STEPS[size]
    scores: dict[str, list[float]] = {}
    for k in range(_FOLDS if size != "small" else 1):
        held = fold[tokens.speakers] == k
        parts = (tokens.formants_Hz[~held], tokens.labels[~held])
        rest = (tokens.formants_Hz[held], tokens.labels[held])
        shared: dict[str, Any] = {
            "mutual_Hz": mutual_Hz,
            "linewidth_Hz": linewidth_Hz,
            "random_state": seed_of(seed, k, 0) % 2**31,
        }
        learned = LockingClassifier(max_iter=steps, **shared).fit(*parts)
        others = {
            "before learning": LockingClassifier(max_iter=0, **shared),
            "after 100 steps": LockingClassifier(max_iter=min(steps, _PUBLISHED_STEPS), **shared),
            "placed by hand": LockingClassifier(max_iter=0, start="spread", **shared),
            "linear discriminants": linear_discriminants(),
        }
        found = {name: each.fit(*parts).score(*rest) for name, each in others.items()}
        found |= {
            "learned": learned.score(*rest),
            "on the training speakers": learned.score(*parts),
            "right pattern exactly": learned.exact(*rest),
        }
        for name, score in found.items():
            scores.setdefault(name, []).append(float(score))
    means = {name: float(np.mean(each)) for name, each in scores.items()}
    return Measured(
        value=means.pop("learned"),
        baseline=means.pop("linear discriminants"),
        details=means,
        note=f"{tokens.note}; {fold.size} speakers in {_FOLDS} folds, steady F1 to F3; affine map "
        f"and pairs of oscillators from the training speakers; {steps} tokens shown one by one; "
        "told by the nearest pattern of locking",
        curves=_curves(learned, tokens, held),
    )


def _curves(learned: Any, tokens: Vowels, held: npt.NDArray[np.bool_]) -> dict[str, FloatArray]:
    """Sources of the last fold's tokens and what comes of them, and the learning."""
    rows = tokens.formants_Hz[held]
    right = learned.predict(rows) == tokens.labels[held]
    return {
        "sources": learned.encoding_(rows) / 1e6,
        "labels": tokens.labels[held].astype(np.float64),
        "right": right.astype(np.float64),
        "frequencies": learned.frequencies_Hz_ / 1e6,
        "pairs": learned.encoding_.oscillators.astype(np.float64),
    }


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Where the held-out tokens lie between the oscillators that must lock."""
    found = results[0].curves
    labels = found["labels"].astype(int)
    a, b = found["sources"].T
    wrong = found["right"] == 0
    for v, name in enumerate(VOWELS):
        of = labels == v
        axes.plot(a[of], b[of], "o", ms=4, color=f"C{v}", label=name)
        pair = found["pairs"][v].astype(int)
        axes.plot(*found["frequencies"][pair], "+", ms=12, mew=2, color=f"C{v}")
    axes.plot(a[wrong], b[wrong], "kx", ms=7, mew=1, label="told wrong")
    axes.set(
        xlabel="frequency of source A (MHz, from mid-band)",
        ylabel="frequency of source B (MHz)",
        title="held-out vowels; + the two oscillators of each",
    )
    axes.legend(fontsize=7, ncols=2)


EXPERIMENT = Experiment(
    id="romera-2018",
    rows=(70, 99),
    device="coupled spin-torque oscillators",
    task="recognition of vowels",
    source="M. Romera et al., Nature 563, 230 (2018)",
    claim="89 % of seven vowels, 84 % in cross-validation, learnt in fewer than 100 steps",
    claim_value=0.89,
    claim_tag="S1",
    measures="vowels of held-out speakers told by the nearest pattern of locking",
    unit="1",
    baseline="linear discriminants on the same formants",
    needs=("vowels", "scikit-learn"),
    bounds=(Bound(low=0.82), Bound("before learning", high=0.4)),
    run=run,
    plot=plot,
)
