"""Do single oscillators do what their laws say? Six pictures, and the numbers behind them.

    python benchmarks/oscillator_physics.py [--seed 1] [--repeats 5] [--json FILE]
        [--plot docs/figures/oscillator_physics.png]

Linewidths by the diffusion of phases against the law, as noise grows; shifts by signals of two
strengths against Adler's equation; a macrospin magnetised out of its plane against its oscillator;
the amplitude after a step of the current with delayed feedback; a relaxation oscillator in time;
and an oscillator fitted to a noisy tuning curve. ``--repeats`` is not used: everything is one run
of fixed size.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit.devices import macrospin
from pbit.devices.magnet import Macrospin
from pbit.devices.oscillator import (
    AutoOscillator,
    DelayedFeedback,
    Injection,
    PhaseReduction,
    RelaxationOscillator,
    emitted_power_W,
    fit_oscillator,
    linewidth_Hz,
    locking_half_bandwidth_Hz,
    locking_range,
    oscillator_of_film,
    preset,
    simulate,
)
from pbit.seeds import seed_of
from record import headline, options, pyplot, write

COLORS = ("#4477aa", "#228833", "#cc3311")
VORTEX = preset("vortex")
PLAIN = replace(VORTEX.oscillator, noise_Hz=0.0)
CURRENT = VORTEX.current_A
READS = 40_000
NUS = (0.0, 2.0, -5.0)
WIDTHS = (0.003, 0.01, 0.03, 0.1, 0.3)  # of 2 Gamma_p / 2 pi
FILM = Macrospin(saturation_A_m=8e5, volume_m3=2e-23, damping=0.02,
                 demagnetising_factors=(0, 0, 1), applied_field_A_m=(0, 0, 1.2e6),
                 temperature_K=0)  # fmt: skip


def linewidths(seed: int) -> list[dict[str, Any]]:
    """Linewidths of diffusing phases over those of the law."""
    rows: list[dict[str, Any]] = []
    for nu in NUS:
        for share in WIDTHS:
            bare = replace(PLAIN, shift_Hz=nu * PLAIN.damping_Hz * 2.5)
            rate = float(bare.relaxation_rate_s(CURRENT))
            width = share * rate / math.pi
            noisy = replace(bare, noise_Hz=width * 0.4 / (1 + nu**2))
            common: dict[str, Any] = {"current_A": CURRENT, "num_reads": READS}
            common["seed"] = seed_of(seed, len(rows))
            rest = simulate(noisy, 5 / rate, **common)
            step = rest.info["time_step_s"]
            run = simulate(
                noisy, 9 / rate, initial=rest.amplitudes[:, -1], time_step_s=step,
                first_step=rest.info["num_steps"], record_every=int(0.25 / rate / step), **common,
            )  # fmt: skip
            first = int(run.times_s.searchsorted(3 / rate))
            moved = run.phases[:, [first, -1]] - run.phases[:, :1]
            low, high = moved.var(axis=0)
            span = run.times_s[-1] - run.times_s[first]
            found = (high - low) / span / (2 * math.pi)
            rows.append({
                "nu": nu, "of_relaxation": share,
                "over_law": float(found / linewidth_Hz(noisy, CURRENT)),
                "error": float(math.sqrt(2 / READS) * math.hypot(high, low) / (high - low)),
            })  # fmt: skip
    return rows


def shifts(seed: int) -> list[dict[str, Any]]:
    """Shifts of the complex equation and of its phase, at two strengths."""
    rows = []
    rate, unit = (float(x) for x in (PLAIN.relaxation_rate_s(CURRENT),
                                     locking_half_bandwidth_Hz(PLAIN, CURRENT, 1.0)))  # fmt: skip
    for validity in (0.05, 0.6):
        strength = validity * rate / (math.pi * unit)
        found = locking_range(PLAIN, CURRENT, strength, detunings=np.linspace(-3, 3, 41), seed=seed)
        free = float(PLAIN.frequency_at_Hz(CURRENT))
        for detuning, shift in zip(found.detunings_Hz, found.shifts_Hz, strict=True):
            signal = Injection(frequency_Hz=free + detuning, strength_Hz=strength)
            law = PhaseReduction.of(PLAIN, CURRENT, signal).beat_Hz + detuning
            rows.append({"validity": validity, "detuning": detuning / found.half_bandwidth_Hz,
                         "complex": shift / found.half_bandwidth_Hz,
                         "phase": law / found.half_bandwidth_Hz})  # fmt: skip
    return rows


def film() -> list[dict[str, Any]]:
    """Powers of the macrospin, of its oscillator, and in closed form."""
    oscillator = oscillator_of_film(FILM)
    zeta = np.linspace(0.8, 2.0, 13)
    exact = np.maximum(zeta - 1, 0) * oscillator.frequency_Hz / oscillator.shift_Hz
    start = [[math.sqrt(1 - (1 - 2 * p) ** 2), 0, 1 - 2 * p] for p in 0.9 * exact + 0.002]
    run = macrospin.simulate(FILM, 10 / oscillator.damping_rad_s, initial=start, num_reads=13,
                             current_A=-zeta * oscillator.threshold_A, seed=0)  # fmt: skip
    found = (1 - run.m[:, -1, 2]) / 2
    law = oscillator.power(zeta * oscillator.threshold_A)
    return [{"zeta": z, "macrospin": p, "oscillator": o, "closed_form": e}
            for z, p, o, e in zip(zeta, found, law, exact, strict=True)]  # fmt: skip


def steps_of_current() -> list[tuple[float, Any, Any]]:
    """Amplitudes after a step from 1.5 to 2 thresholds, with feedback of three gains."""
    found = []
    start = math.sqrt(float(PLAIN.power(1.5 * PLAIN.threshold_A)))
    rate = 2 * float(PLAIN.relaxation_rate_s(CURRENT))
    for gain in (0.0, 0.5, -2.5):
        feedback = DelayedFeedback(gain=gain, delay_s=8 / rate)
        run = simulate(PLAIN, 80 / rate, current_A=CURRENT, initial=start, feedback=feedback,
                       record_every=5)  # fmt: skip
        found.append((gain, run.times_s * 1e6, np.sqrt(run.power[0])))
    return found


def fitted(seed: int) -> dict[str, Any]:
    """A noisy tuning curve and the oscillator that is fitted to it."""
    true, rng = VORTEX.oscillator, np.random.default_rng(seed)
    currents = np.linspace(1.1, 3.0, 15) * true.threshold_A
    measured: dict[str, Any] = {
        "frequency_Hz": true.frequency_at_Hz(currents) + rng.normal(0, 1e4, 15),
        "power_W": emitted_power_W(true, currents) * rng.normal(1, 0.02, 15),
        "linewidth_Hz": linewidth_Hz(true, currents) * rng.normal(1, 0.03, 15),
    }
    return {"currents": currents, **measured, "fit": fit_oscillator(currents, **measured)}


def draw(parts: dict[str, Any], path: Path) -> None:
    """All six."""
    figure, axes = pyplot().subplots(2, 3, figsize=(13, 7.6), layout="constrained")
    _draw_linewidths(axes[0, 0], parts["linewidths"])
    _draw_shifts(axes[0, 1], parts["shifts"])
    _draw_film(axes[0, 2], parts["film"])
    _draw_steps(axes[1, 0], parts["steps"])
    _draw_relaxation(axes[1, 1])
    _draw_fit(axes[1, 2], parts["fit"])
    figure.savefig(path, dpi=110)


def _draw_linewidths(axis: Any, rows: list[dict[str, Any]]) -> None:
    for nu, color in zip(NUS, COLORS, strict=True):
        here = [row for row in rows if row["nu"] == nu]
        axis.errorbar([row["of_relaxation"] for row in here], [row["over_law"] for row in here],
                      [row["error"] for row in here], fmt="o-", ms=4, capsize=2, lw=1, color=color,
                      label=f"nonlinearity {nu:g}")  # fmt: skip
    axis.axhline(1, color="#999999", lw=0.8)
    axis.set(xscale="log", xlabel="linewidth by the law / (2 Γp / 2π)",
             ylabel="simulated linewidth / law")  # fmt: skip
    axis.legend(fontsize=8)


def _draw_shifts(axis: Any, rows: list[dict[str, Any]]) -> None:
    for validity, color in zip((0.05, 0.6), COLORS[::2], strict=True):
        here = [row for row in rows if row["validity"] == validity]
        axis.plot([row["detuning"] for row in here], [row["complex"] for row in here], "o", ms=4,
                  color=color, label=f"complex equation, Δ / 2Γp = {validity:g}")  # fmt: skip
    first = [row for row in rows if row["validity"] == 0.05]
    axis.plot([row["detuning"] for row in first], [row["phase"] for row in first], "-", lw=1,
              color="#555555", label="phase alone (Adler)")  # fmt: skip
    axis.set(xlabel="detuning / half-bandwidth Δ", ylabel="shift / Δ", ylim=(-2.1, 1.1))
    axis.legend(fontsize=8, loc="lower center")


def _draw_film(axis: Any, rows: list[dict[str, Any]]) -> None:
    zeta = [row["zeta"] for row in rows]
    axis.plot(zeta, [row["closed_form"] for row in rows], "-", color=COLORS[2], lw=1,
              label="closed form, any power")  # fmt: skip
    axis.plot(zeta, [row["oscillator"] for row in rows], "--", color="#555555", lw=1,
              label="auto-oscillator: first order in p")  # fmt: skip
    axis.plot(zeta, [row["macrospin"] for row in rows], "o", ms=4, color=COLORS[0],
              label="macrospin")  # fmt: skip
    axis.set(xlabel="current / threshold", ylabel="power (1 − m_z) / 2")
    axis.legend(fontsize=8)


def _draw_steps(axis: Any, found: list[tuple[float, Any, Any]]) -> None:
    for (gain, times, amplitudes), color in zip(found, COLORS, strict=True):
        axis.plot(times, amplitudes, color=color, lw=1.2, label=f"feedback {gain:g}")
    axis.set(xlabel="time after a step of the current (µs)", ylabel="amplitude √p")
    axis.legend(fontsize=8)


def _draw_relaxation(axis: Any) -> None:
    run = RelaxationOscillator().run(1.5, 6e-6)
    axis.plot(run.times_s * 1e6, run.charges, color=COLORS[1], lw=1.2, label="charge ζ")
    axis.plot(run.times_s * 1e6, run.powers, color=COLORS[2], lw=1.2, label="power p")
    axis.set(xlabel="time (µs)", ylabel="relaxation oscillator, input 1.5", ylim=(-0.05, 1.3))
    axis.legend(fontsize=8, ncols=2, loc="upper right")


def _draw_fit(axis: Any, found: dict[str, Any]) -> None:
    fine = np.linspace(found["currents"][0], found["currents"][-1], 200)
    oscillator: AutoOscillator = found["fit"].oscillator
    axis.plot(found["currents"] * 1e3, found["linewidth_Hz"] / 1e3, "o", ms=4, color=COLORS[0],
              label="linewidth, 3 % noise")  # fmt: skip
    axis.plot(fine * 1e3, linewidth_Hz(oscillator, fine) / 1e3, color=COLORS[0], lw=1, label="fit")
    axis.set(xlabel="current (mA)", ylabel="linewidth (kHz)", yscale="log")
    axis.legend(fontsize=8, loc="center right")
    other = axis.twinx()
    other.plot(found["currents"] * 1e3, found["frequency_Hz"] / 1e6, "s", ms=4, mfc="none",
               color=COLORS[2])  # fmt: skip
    other.plot(fine * 1e3, oscillator.frequency_at_Hz(fine) / 1e6, color=COLORS[2], lw=1)
    other.ticklabel_format(useOffset=False)
    other.set_ylabel("frequency (MHz), squares", color=COLORS[2])


@click.command()
@options
def main(seed: int, repeats: int, json_file: Path | None, plot_file: Path | None) -> None:
    print(headline(f"{READS} oscillators a linewidth"))
    parts: dict[str, Any] = {"linewidths": linewidths(seed), "shifts": shifts(seed), "film": film(),
             "steps": steps_of_current(), "fit": fitted(seed)}  # fmt: skip
    print("linewidth over the law, against the law over the relaxation")
    for nu in NUS:
        told = ", ".join(f"{row['of_relaxation']:g}: {row['over_law']:.3f}({row['error']:.3f})"
                         for row in parts["linewidths"] if row["nu"] == nu)  # fmt: skip
        print(f"  nu = {nu:g}: {told}")
    for validity in (0.05, 0.6):
        off = max(abs(row["complex"] - row["phase"]) for row in parts["shifts"]
                  if row["validity"] == validity)  # fmt: skip
        print(
            f"shifts at {validity:g} of 2 Gamma_p: at most {off:.2f} half-bandwidths from Adler's"
        )
    off = max(abs(row["macrospin"] - row["closed_form"]) for row in parts["film"])
    print(f"power of the film: at most {off:.1e} from the closed form")
    found = parts["fit"]["fit"]
    for name in ("threshold_A", "damping_Hz", "nonlinear_damping"):
        true = getattr(VORTEX.oscillator, name)
        print(f"fit: {name} {getattr(found.oscillator, name):.4g} +- {found.errors[name]:.2g}, "
              f"true {true:g}")  # fmt: skip
    if json_file is not None:
        rows = [row for name in ("linewidths", "shifts", "film") for row in parts[name]]
        write(json_file, "oscillator_physics", rows, seed=seed)
    if plot_file is not None:
        draw(parts, plot_file)


if __name__ == "__main__":
    main()
