"""Do synapse devices do what their closed forms say? Six pictures, and the numbers behind them.

    python benchmarks/synapse_physics.py [--seed 1] [--repeats 5] [--json FILE]
        [--plot docs/figures/synapse_physics.png]

Precessional switching against the corrected law, Butler's and the exact Fokker-Planck equation;
velocity of a domain wall on both sides of Walker's field; the switching phase diagram of a
macrospin in current and field; minor loops of a memristor of a hundred domains; the loop of a wall
under a sinusoidal current; and what frequent and rare pulses leave behind. ``--repeats`` is not
used: everything is one run of fixed size.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit.devices.domain_wall import WallTrack
from pbit.devices.laws.fokker_planck import exact_switching_probability
from pbit.devices.magnet import Macrospin
from pbit.devices.switching_diagram import switching_diagram
from pbit.devices.synapses import (
    BinaryJunction,
    CreepingWall,
    SpinOrbitMemristor,
    synapse_kind,
)
from pbit.devices.wall_motion import move_walls
from record import headline, options, pyplot, write

BARRIER, DRIVES = 40.0, (1.5, 2.5, 4.0)
DEVICES = 20_000
COLORS = ("#4477aa", "#228833", "#cc3311")
TRACK = WallTrack(length_m=math.inf)
MAGNET = Macrospin(saturation_A_m=8e5, volume_m3=1.2566e-24, damping=0.1).with_barrier(40)


def butler(drive: float, turns: Any) -> Any:
    """The linearised law, pi^2 / 4."""
    growth = drive * np.exp(2 * (drive - 1) * turns) - 1
    return np.exp(-(math.pi**2) / 4 * BARRIER * (drive - 1) / growth)


def switching(seed: int) -> list[dict[str, Any]]:
    """Share of devices switched by pulses, next to three laws."""
    rows = []
    for drive in DRIVES:
        turns = np.linspace(0.05, 3.2 / (drive - 1), 25)
        exact = exact_switching_probability(BARRIER, drive=drive, pulse_s=turns, damping_time_s=1.0)
        for t, p in zip(turns, exact, strict=True):
            device = BinaryJunction(pulse_s=float(t) * 1e-9)
            array = device.made(DEVICES, seed=seed)
            array.pulse(drive * 1e-5)
            rows.append({
                "drive": drive, "turns": float(t), "exact": float(p),
                "corrected": float(device.odds(drive * 1e-5, False)),
                "butler": float(butler(drive, t)),
                "devices": float((array.conductance() == array.highest).mean()),
            })  # fmt: skip
    return rows


def walker() -> list[dict[str, Any]]:
    """Mean velocity of a wall over fields, simulated and in closed form."""
    rows = []
    for share in np.concatenate([np.linspace(0.1, 0.95, 8), np.linspace(1.1, 4, 12)]):
        field = float(share) * TRACK.walker_field_A_m()
        run = move_walls(TRACK, 400 * TRACK.damping_time_s(), field_A_m=field, record_every=1)
        q, t, half = run.positions_m[0], run.times_s, run.times_s.size // 2
        found = float((q[-1] - q[half]) / (t[-1] - t[half]))
        wanted = float(TRACK.velocity_m_s(field))
        rows.append({"field_A_m": field, "simulated_m_s": found, "closed_form_m_s": wanted})
    return rows


def diagram(seed: int) -> Any:
    """Current and field, in units of the critical ones, at 0 K."""
    cold = replace(MAGNET, temperature_K=0.0)
    i, h = np.linspace(-1.95, 1.95, 40), np.linspace(-0.9, 0.9, 19)  # no point on a line
    return switching_diagram(
        cold,
        i * cold.critical_current_A(),
        h * cold.anisotropy_field_A_m,
        pulse_s=25e-9,
        seed=seed,
    )


def loops(seed: int) -> list[tuple[Any, Any]]:
    """Current and level of one memristor, in a major and two minor loops."""
    found = []
    for top in (1.7e-2, 1.1e-2, 0.95e-2):
        array = SpinOrbitMemristor().made(1, seed=seed)
        array.pulse(-2e-2)
        there = np.linspace(0.0, top, 40)
        currents = np.concatenate([there, there[::-1], -there, -there[::-1], there, there[::-1]])
        levels = []
        for current in currents:
            array.pulse(float(current))
            levels.append(float(array.conductance()[0]))
        found.append((currents, np.array(levels)))
    return found


def pinched(seed: int) -> list[tuple[str, Any, Any]]:
    """Current density and current times resistance of a wall under a sinusoidal current."""
    found = []
    for name, pulses in (("slow", 200), ("three times faster", 66)):
        array = CreepingWall().made(1, seed=seed)
        array.pulse(count=20)
        J = 5e11 * np.sin(np.linspace(0, 4 * math.pi, 2 * pulses))
        voltage = []
        for density in J:
            array.pulse(float(density))
            voltage.append(density / array.conductance()[0])
        half = slice(pulses, None)  # the first turn settles
        found.append((name, J[half] / 5e11, np.array(voltage)[half] / (5e11 / 1e-4)))
    return found


def memory(seed: int) -> list[tuple[str, float, Any, Any]]:
    """Times and mean shares of the range: frequent and rare pulses to two devices that forget."""
    found = []
    for name, gap_s in (("volatile", 2e-9), ("volatile", 1.2e-8), ("elastic-wall", 2e-9),
                        ("elastic-wall", 4e-8)):  # fmt: skip
        array = synapse_kind(name).device.made(500, seed=seed)
        now, times, shares = 0.0, [0.0], [0.0]
        for step in range(140):
            if step % round(gap_s / 1e-9) == 0 and step < 80:
                array.pulse()
            array.wait(1e-9)
            now += 1e-9
            share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
            times.append(now * 1e9)
            shares.append(float(share.mean()))
        found.append((name, gap_s, np.array(times), np.array(shares)))
    return found


def draw(parts: dict[str, Any], path: Path) -> None:
    """Six panels."""
    plt = pyplot()
    figure, axes = plt.subplots(2, 3, figsize=(13.5, 7), layout="constrained")
    _draw_switching(axes[0, 0], parts["switching"])
    _draw_walker(axes[0, 1], parts["walker"])
    _draw_pinched(axes[0, 2], parts["pinched"])
    _draw_diagram(axes[1, 0], parts["diagram"])
    _draw_loops(axes[1, 1], parts["loops"])
    _draw_memory(axes[1, 2], parts["memory"])
    figure.savefig(path, dpi=110)


def _draw_switching(axis: Any, rows: list[dict[str, Any]]) -> None:
    for drive, color in zip(DRIVES, COLORS, strict=True):
        here = [row for row in rows if row["drive"] == drive]
        turns = [row["turns"] for row in here]
        for law, style in (("exact", "-"), ("corrected", "--"), ("butler", ":")):
            axis.plot(turns, [row[law] for row in here], style, color=color, linewidth=1.2)
        axis.plot(turns, [row["devices"] for row in here], "o", color=color, markersize=3,
                  label=f"i = {drive:g}")  # fmt: skip
    for law, style in (("Fokker-Planck", "-"), ("corrected", "--"), ("Butler", ":")):
        axis.plot([], [], style, color="#555555", label=law)
    axis.set_xlabel("pulse, in damping times")
    axis.set_ylabel("probability of switching")
    axis.legend(fontsize=8)


def _draw_walker(axis: Any, rows: list[dict[str, Any]]) -> None:
    share = [row["field_A_m"] / TRACK.walker_field_A_m() for row in rows]
    axis.plot(share, [row["closed_form_m_s"] for row in rows], color=COLORS[2], label="closed form")
    axis.plot(share, [row["simulated_m_s"] for row in rows], "o", color=COLORS[0], markersize=4,
              label="simulated")  # fmt: skip
    axis.set_xlabel("field over Walker's")
    axis.set_ylabel("velocity of the wall (m/s)")
    axis.legend(fontsize=8)


def _draw_diagram(axis: Any, found: Any) -> None:
    i, h = found.currents_A / MAGNET.critical_current_A(), found.fields_A_m
    h = h / MAGNET.anisotropy_field_A_m
    state = (found.from_AP + found.from_P) / 2  # 0 AP, 1/2 by history, 1 P
    axis.pcolormesh(i, h, state, cmap="coolwarm_r", vmin=-0.15, vmax=1.15, shading="nearest")
    for sign in (1, -1):
        axis.plot(sign - h, h, color="black", linewidth=1)
    axis.set_xlim(-2, 2)
    for x, name in ((-1.5, "AP"), (0.0, "either"), (1.5, "P")):
        axis.text(x, 0.0, name, ha="center", va="center")
    axis.set_xlabel("current over critical")
    axis.set_ylabel("field over anisotropy field")


def _draw_loops(axis: Any, found: list[tuple[Any, Any]]) -> None:
    for (currents, levels), color in zip(found, COLORS, strict=True):
        axis.plot(currents * 1e3, levels * 1e6, color=color, linewidth=1.2)
    axis.set_xlabel("pulse (mA)")
    axis.set_ylabel("conductance after it (µS)")


def _draw_pinched(axis: Any, found: list[tuple[str, Any, Any]]) -> None:
    for (name, J, voltage), color in zip(found, COLORS, strict=False):
        axis.plot(J, voltage, color=color, linewidth=1.2, label=name)
    axis.axhline(0, color="#999999", linewidth=0.6)
    axis.axvline(0, color="#999999", linewidth=0.6)
    axis.set_xlabel("current over its amplitude")
    axis.set_ylabel("voltage, of the highest resistance")
    axis.legend(fontsize=8)


def _draw_memory(axis: Any, found: list[tuple[str, float, Any, Any]]) -> None:
    colors = {"volatile": COLORS[0], "elastic-wall": COLORS[2]}
    for name, gap_s, times, shares in found:
        style = "-" if gap_s < 5e-9 else ":"
        axis.plot(times, shares, style, color=colors[name], linewidth=1.4,
                  label=f"{name}, every {gap_s * 1e9:.0f} ns")  # fmt: skip
    axis.axvline(80, color="#999999", linewidth=0.6)
    axis.set_xlabel("time (ns), pulses until 80")
    axis.set_ylabel("mean share of the range")
    axis.legend(fontsize=8)


@click.command()
@options
def main(seed: int, repeats: int, json_file: Path | None, plot_file: Path | None) -> None:
    print(headline(f"{DEVICES} devices a point"))
    parts = {"switching": switching(seed), "walker": walker(), "diagram": diagram(seed),
             "loops": loops(seed), "pinched": pinched(seed), "memory": memory(seed)}  # fmt: skip
    print("largest distance from the exact probability of switching")
    for drive in DRIVES:
        here = [row for row in parts["switching"] if row["drive"] == drive]
        worst = {law: max(abs(row[law] - row["exact"]) for row in here)
                 for law in ("devices", "corrected", "butler")}  # fmt: skip
        told = ", ".join(f"{law} {value:.3f}" for law, value in worst.items())
        print(f"  i = {drive:g}: {told}")
    off = max(abs(row["simulated_m_s"] / row["closed_form_m_s"] - 1) for row in parts["walker"])
    print(f"velocity of the wall: at most {100 * off:.2g} % from the closed form")
    found = parts["diagram"]
    i = found.currents_A / MAGNET.critical_current_A()
    h = found.fields_A_m[:, None] / MAGNET.anisotropy_field_A_m
    wrong = (found.from_AP != (i > 1 - h)) | (found.from_P != (i > -1 - h))
    print(f"phase diagram: {int(wrong.sum())} of {wrong.size} points on the other side of a line")
    if json_file is not None:
        write(json_file, "synapse_physics", parts["switching"] + parts["walker"], seed=seed)
    if plot_file is not None:
        draw(parts, plot_file)


if __name__ == "__main__":
    main()
