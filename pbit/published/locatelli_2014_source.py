"""An oscillator as a source of microwaves: how wide its line is, against its noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.oscillator import emitted_power_W, fit_line, linewidth_Hz, preset
from pbit.devices.oscillator.tuning_curves import spectrum_at
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of

_VORTEX = preset("vortex")
_NOISES: dict[Size, tuple[float, ...]] = {  # Hz
    "small": (16e3,),
    "default": (2e3, 4e3, 8e3, 16e3),
    "full": (1.6e3, 2e3, 4e3, 8e3, 16e3, 32e3),
}
_WEAK = 4e3  # up to here powers move little, and the law is to hold


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Linewidths of simulated spectra, fitted, at several noises."""
    noises = np.array(_NOISES[size])
    sources = [replace(_VORTEX.oscillator, noise_Hz=float(noise)) for noise in noises]
    spectra = [
        spectrum_at(source, _VORTEX.current_A, seed=seed_of(seed, k))
        for k, source in enumerate(sources)
    ]
    lines = [fit_line(each) for each in spectra if each is not None]
    widths = np.array([line.linewidth_Hz.value for line in lines])
    laws = np.array([float(linewidth_Hz(each, _VORTEX.current_A)) for each in sources])
    ratios = widths / laws
    weak = noises <= max(_WEAK, noises[0])
    return Measured(
        value=float(ratios[weak].mean()),
        baseline=1.0,
        details={
            "at the strongest noise": float(ratios[-1]),
            "linewidth of the preset (kHz)": float(
                1e-3 * linewidth_Hz(_VORTEX.oscillator, _VORTEX.current_A)
            ),
            "emitted power (uW)": 1e6 * float(
                emitted_power_W(_VORTEX.oscillator, _VORTEX.current_A)
            ),
            "power in the line over the law": float(np.mean([
                line.power_V2.value * 2 / (_VORTEX.oscillator.signal_V**2 * 0.4) for line in lines
            ])),
        },
        note=f"vortex preset of round numbers, at twice its threshold: p0 0.4, nu 2; noises of "
        f"{noises[0]:g} to {noises[-1]:g} Hz; that its line is 50 kHz wide and that it emits more "
        "than a microwatt are choices of the preset, not findings",
        curves={"laws": laws, "widths": widths,
                "errors": np.array([line.linewidth_Hz.error for line in lines])},
    )  # fmt: skip


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Fitted linewidths of all seeds against the law's."""
    for each in results:
        curves = each.curves
        dots = axes.errorbar(
            curves["laws"] / 1e3, curves["widths"] / 1e3, curves["errors"] / 1e3, fmt="C0o", ms=4,
            capsize=2,
        )  # fmt: skip
    dots.set_label("simulated, fitted")
    laws = results[0].curves["laws"] / 1e3
    ends = np.array([0, 1.1 * laws[-1]])
    axes.plot(ends, ends, "C3-", lw=1, label="law")
    axes.axvline(50, color="k", lw=0.8, ls=":", label="50 kHz, best vortices")
    axes.set(xlabel="linewidth by the law (kHz)", ylabel="linewidth of the spectrum (kHz)")
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="locatelli-2014-source",
    rows=(81,),
    device="vortex oscillator",
    task="source of microwaves",
    source="N. Locatelli, V. Cros, J. Grollier, Nat. Mater. 13, 11 (2014), figure 3a",
    claim="emission above a microwatt; linewidths below 50 kHz of coupled vortices",
    claim_tag="S4",
    measures="linewidth of simulated spectra over the law, mean over noises of up to 50 kHz",
    unit="1",
    baseline="Slavin and Tiberkevich's law",
    bounds=(
        Bound(low=0.97, high=1.03),
        Bound("power in the line over the law", low=0.95, high=1.05),
    ),
    run=run,
    plot=plot,
)
