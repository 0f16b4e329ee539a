"""An array of resonators that one line reads: spectra of absorption, and regression on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.radio import AbsorptionLine
from pbit.published.baselines import logistic_regression
from pbit.published.data import images
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of
from pbit.system.extras import imported
from pbit.tasks import Split

_SPACINGS = (0.1, 0.3, 1.0, 3.0, 10.0)  # of resonances, in half widths without current
_FREQUENCIES = (4, 8, 16, 32, 64, 128)
_LOWEST, _HIGHEST = 0.1, 0.8  # supercriticalities of dark and bright pixels
_SPREAD = 0.5  # of resonances about even ones, over the spacing
_NOISE = 0.02  # of a reading, in lines without current
_PENALTIES = np.logspace(-3, 3, 13)
_OSCILLATOR = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6)


def run(seed: int, size: Size, data: Path | None, *, spacing: float = 3.0) -> Measured:
    """Accuracy of regression on the spectrum, by what is read of it and how far lines overlap."""
    split, note = images(seed, size, data)
    split = split.first(4000, 2000) if size == "full" else split
    pixels = split.train.shape[1]

    def read(spacing: float, frequencies: int) -> float:
        return _regressed(_spectra(split, spacing, frequencies, seed))

    by_frequencies = np.array([read(spacing, each) for each in _FREQUENCIES])
    by_spacing = np.array([read(each, pixels) for each in _SPACINGS])
    return Measured(
        value=read(spacing, pixels),
        baseline=_regressed(_noisy_pixels(split, seed)),
        details={
            **{
                f"{number} frequencies": float(got)
                for number, got in zip(_FREQUENCIES, by_frequencies, strict=True)
            },
            **{
                f"spacing {each:g}": float(got)
                for each, got in zip(_SPACINGS, by_spacing, strict=True)
            },
            "logistic regression on pixels": logistic_regression(split),
        },
        note=f"{note}; one resonator a pixel, {_LOWEST:g} to {_HIGHEST:g} of the threshold; "
        f"readings of noise {_NOISE:g} of a line without current, as many frequencies as "
        f"resonators, {spacing:g} half widths apart and spread by {_SPREAD:g} of that; ridge "
        "regression, its penalty by leaving one out of the rows learnt from; spectra of arrays are "
        "a proposal, the task is ours; counts of one image",
        counts={"reads": float(pixels)},
        curves={"frequencies": by_frequencies, "spacings": by_spacing},
    )


def _spectra(split: Split, spacing: float, frequencies: int, seed: int) -> Split:
    """What the line reads of each image, instead of it."""
    generator, pixels = np.random.default_rng(seed_of(seed, 0)), split.train.shape[1]
    step_Hz = spacing * _OSCILLATOR.damping_Hz
    places = np.arange(pixels) + _SPREAD * generator.standard_normal(pixels)
    line = AbsorptionLine(np.asarray(1e9 + step_Hz * places, np.float64), _OSCILLATOR)
    probes = 1e9 + step_Hz * (np.arange(frequencies) + 0.5) * pixels / frequencies - step_Hz / 2

    def read(rows: Any) -> Any:
        zeta = _LOWEST + (_HIGHEST - _LOWEST) * rows
        found = line.spectrum(zeta * _OSCILLATOR.threshold_A, probes)
        return found + _NOISE * generator.standard_normal(found.shape)

    return Split(read(split.train), split.train_labels, read(split.test), split.test_labels)


def _noisy_pixels(split: Split, seed: int) -> Split:
    """Pixels read one by one, with the same noise."""
    generator = np.random.default_rng(seed_of(seed, 1))
    train, test = (
        rows + _NOISE * generator.standard_normal(rows.shape) for rows in (split.train, split.test)
    )
    return Split(train, split.train_labels, test, split.test_labels)


def _regressed(split: Split) -> float:
    """Held-out accuracy of ridge regression; nothing of the rows held out is in its penalty."""
    linear = imported("sklearn.linear_model", what="regression needs", package="scikit-learn")
    scale = split.train.std(axis=0)
    fitted = linear.RidgeClassifierCV(alphas=_PENALTIES).fit(
        split.train / scale, split.train_labels
    )
    return float(fitted.score(split.test / scale, split.test_labels))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against the frequencies read, and against the overlap of lines."""
    values = np.array([each.curves["frequencies"] for each in results])
    axes.plot(_FREQUENCIES, values.mean(axis=0), "o-", ms=4, label="spectrum")
    axes.fill_between(_FREQUENCIES, values.min(axis=0), values.max(axis=0), alpha=0.2)
    baseline = np.mean([each.baseline for each in results])
    axes.axhline(baseline, color="k", lw=0.8, ls="--", label="pixels, the same regression")
    axes.set(xlabel="frequencies read", ylabel="accuracy, held out")
    axes.set_xscale("log", base=2)
    axes.set_xticks(_FREQUENCIES, [str(each) for each in _FREQUENCIES])
    axes.legend(fontsize=8, loc="upper left")
    inset = axes.inset_axes((0.56, 0.14, 0.4, 0.36))
    inset.semilogx(
        _SPACINGS, np.mean([each.curves["spacings"] for each in results], axis=0), "o-", ms=3
    )
    inset.axhline(baseline, color="k", lw=0.8, ls="--")
    inset.set_xlabel("spacing of resonances / half width", fontsize=7)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="marrows-2024-absorption",
    rows=(82,),
    device="spintronic resonators on a waveguide",
    task="digits, read by absorption",
    source="C. H. Marrows et al., npj Spintronics (2024), doi:10.1038/s44306-024-00019-2, after D. "
    "Marković et al., Nat. Rev. Phys. 2, 499 (2020)",
    claim="an array can be read through its absorption spectrum on one line (no number)",
    claim_tag="S0",
    measures="accuracy, held out, as many frequencies as resonators",
    unit="1",
    baseline="the same regression on the pixels",
    needs=("mnist", "digits"),
    bounds=(Bound(low=0.88),),
    run=run,
    plot=plot,
)
