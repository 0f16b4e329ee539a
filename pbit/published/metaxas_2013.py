"""How fast a wall goes at the current densities of vertical injection, by in-plane torques."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.domain_wall import WallTrack
from pbit.devices.wall_motion import move_walls
from pbit.published.experiment import Bound, Experiment, Measured, Size

_TRACK = WallTrack(length_m=1e-3)
_CHIRAL = replace(_TRACK, spin_hall_angle=0.1, chiral_field_A_m=1e5, damping=0.1)
_DENSITY_A_m2, _CLAIM_m_s = 5e10, 500.0
_WALLS: dict[Size, int] = {"small": 2, "default": 4, "full": 20}
_DENSITIES_A_m2 = np.array([1e10, 5e10, 2e11, 1e12, 3e12])


def run(seed: int, size: Size, data: Path | None, *, non_adiabaticity: float = 0.04) -> Measured:
    """Velocities by spin transfer and by spin-orbit torque in the plane, and by fields."""
    track = replace(_TRACK, non_adiabaticity=non_adiabaticity)
    walls = _WALLS[size]
    densities = _DENSITIES_A_m2[1:3] if size == "small" else _DENSITIES_A_m2
    found = np.array([_velocity(track, each, walls, seed) for each in densities])
    chiral = np.array([_velocity(_CHIRAL, each, walls, seed) for each in densities])
    here = int(np.flatnonzero(densities == _DENSITY_A_m2)[0])
    steady = track.current_mobility_m3_A_s() * densities
    return Measured(
        value=float(found[here]),
        baseline=float(steady[here]),
        details={
            "over the steady velocity": float(found[here] / steady[here]),
            "claim over measured": _CLAIM_m_s / float(found[here]),
            "chiral wall, spin-orbit torque (m/s)": float(chiral[here]),
            "the same by its closed form (m/s)": float(_CHIRAL.spin_hall_velocity_m_s(5e10)),
            "density for the claim, in the plane (A/m^2)": _CLAIM_m_s
            / track.current_mobility_m3_A_s(),
            "fastest below Walker's field (m/s)": float(
                track.velocity_m_s(track.walker_field_A_m())
            ),
            "field for the claim, were there no breakdown (A/m)": _CLAIM_m_s
            / track.field_mobility_m2_A_s(),
        },
        note=f"{walls} walls with position and angle at 0 K without notches, the seed draws where "
        f"their angles begin, {_DENSITY_A_m2:g} A/m^2; the paper's current flows across the "
        "junction, and its field-like torque is not in the model: this is what it is compared "
        "with; round parameters",
        curves={
            "densities": densities,
            "spin transfer": found,
            "spin orbit": chiral,
            "law": steady,
        },
    )


def _velocity(track: WallTrack, density_A_m2: float, walls: int, seed: int) -> float:
    """Mean velocity after ten damping times, over as many."""
    settle = 10 * track.damping_time_s()
    run = move_walls(
        track,
        2 * settle,
        current_A_m2=density_A_m2,
        initial_m=track.length_m / 2,
        initial_angle=np.random.default_rng(seed).uniform(-np.pi / 4, np.pi / 4, walls),
        num_walls=walls,
        record_every=1,
        seed=seed,
    )
    middle = len(run.times_s) // 2
    way = run.positions_m[:, -1] - run.positions_m[:, middle]
    return float(way.mean() / (run.times_s[-1] - run.times_s[middle]))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Velocities against current density, and the claim."""
    found = results[0].curves
    for name, style in (("spin transfer", "o"), ("spin orbit", "s")):
        mean = np.mean([np.abs(each.curves[name]) for each in results], axis=0)
        axes.plot(found["densities"], mean, style, label=f"{name}, in the plane")
    fine = np.geomspace(found["densities"][0], found["densities"][-1], 50)
    axes.plot(fine, _TRACK.current_mobility_m3_A_s() * fine, "C0-", lw=0.9, label="beta u / alpha")
    axes.plot(fine, _CHIRAL.spin_hall_velocity_m_s(fine), "C1-", lw=0.9, label="chiral wall")
    axes.plot([_DENSITY_A_m2], [_CLAIM_m_s], "k*", ms=12, label="claim, across the junction")
    axes.axhline(_TRACK.velocity_m_s(_TRACK.walker_field_A_m()), color="k", ls=":", lw=0.8)
    axes.text(fine[0], 100, "fastest below Walker's field", fontsize=7)
    axes.set(xlabel="current density (A/m²)", ylabel="velocity (m/s)", xscale="log", yscale="log")
    axes.legend(fontsize=8, loc="lower right")


EXPERIMENT = Experiment(
    id="metaxas-2013",
    rows=(46,),
    device="domain wall in a smooth track",
    task="wall velocity",
    source="Metaxas et al. (2013), as cited by Locatelli et al. (2014)",
    claim="more than 500 m/s at about 5e10 A/m^2 across the junction, two orders of magnitude less "
    "than in the plane",
    claim_value=_CLAIM_m_s,
    claim_tag="ABS",
    measures="velocity at that density by spin transfer in the plane",
    unit="m/s",
    baseline="the steady velocity, beta u / alpha",
    bounds=(Bound("over the steady velocity", low=0.98, high=1.02),),
    run=run,
    plot=plot,
)
