"""Irises and digits told by a map of which oscillators lock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.published.baselines import linear_discriminants
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of
from pbit.tasks import Split, digits, iris

_DIGITS: dict[Size, tuple[int, int]] = {
    "small": (200, 50),
    "default": (1348, 449),
    "full": (1348, 449),
}
_IRISES: dict[Size, int] = {"small": 40, "default": 300, "full": 1000}
_WEAK_Hz = 2e5  # between oscillators, a twelfth of what the sources do


def run(
    seed: int, size: Size, data: Path | None, *, mutual_Hz: float = _WEAK_Hz, sources: int = 2
) -> Measured:
    """Irises learnt by moving frequencies; digits by their encoding alone, in two sources."""
    from pbit.networks.oscillators.locking_classifier import LockingClassifier

    shared: dict[str, Any] = {
        "num_oscillators": 4,
        "num_sources": sources,
        "mutual_Hz": mutual_Hz,
        "random_state": seed_of(seed, 0, 0) % 2**31,
    }
    flowers, written = iris(seed), digits(seed).first(*_DIGITS[size])
    learned = LockingClassifier(max_iter=_IRISES[size], **shared)
    placed = LockingClassifier(max_iter=0, start="spread", **shared)
    network = learned.fit(flowers.train, flowers.train_labels)
    told = network.predict(flowers.test)
    first = LockingClassifier(max_iter=0, **shared)
    return Measured(
        value=float(np.mean(told == flowers.test_labels)),
        baseline=_score(linear_discriminants(), flowers),
        details={
            "before learning": _score(first, flowers),
            "oscillators placed by hand": _score(placed, flowers),
            "right pattern exactly": network.exact(flowers.test, flowers.test_labels),
            "digits": _score(placed, written),
            "digits, linear discriminants": _score(linear_discriminants(), written),
            "digits, as many linear discriminants as sources": _score(
                _through(linear_discriminants(n_components=sources)), written
            ),
        },
        note=f"4 oscillators, {sources} sources; irises, {len(flowers.test)} held out, the paper's "
        f"own data unknown to us; digits of 8x8 pixels, {len(written.test)} held out, not learnt "
        "beyond the affine map",
        curves={
            "sources": network.encoding_(flowers.test) / 1e6,
            "labels": flowers.test_labels.astype(np.float64),
            "right": (told == flowers.test_labels).astype(np.float64),
            "path": network.path_Hz_ / 1e6,
        },
    )


def _score(estimator: Any, split: Split) -> float:
    fitted = estimator.fit(split.train, split.train_labels)
    return float(fitted.score(split.test, split.test_labels))


def _through(projection: Any) -> Any:
    """The class whose mean is nearest in the projection."""
    from sklearn.neighbors import NearestCentroid
    from sklearn.pipeline import make_pipeline

    return make_pipeline(projection, NearestCentroid())


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Frequencies of the oscillators as they learn, and the sources of held-out irises."""
    found = results[0].curves
    axes.plot(found["path"], lw=1.2)
    steps = len(found["path"])
    for source, marker in ((0, "<"), (1, ">")):
        for kind in range(3):
            of = found["labels"] == kind
            place = np.full(of.sum(), steps * (1.04 + 0.08 * source + 0.02 * kind))
            axes.plot(
                place,
                found["sources"][of, source],
                marker,
                ms=4,
                color=f"C{kind + 4}",
                label=f"iris {kind}, {'AB'[source]}",
            )
    axes.set(xlabel="rows shown; then held-out rows", ylabel="frequency (MHz, from mid-band)")
    axes.legend(fontsize=7, ncols=3, loc="upper center")


EXPERIMENT = Experiment(
    id="vodenicarevic-2017-map",
    rows=(72,),
    device="weakly coupled oscillators",
    task="classification by a map of locking",
    source="D. Vodenicarevic et al., Sci. Rep. 7, 44772 (2017); J. Appl. Phys. 124, 152117 (2018)",
    claim="weakly coupled oscillators classify by which pairs of them lock",
    claim_tag="S1",
    measures="held-out irises told right",
    unit="1",
    baseline="linear discriminants on the same rows",
    needs=("scikit-learn",),
    bounds=(Bound(low=0.85),),
    run=run,
    plot=plot,
)
