"""Runs of domain walls by the one-dimensional model of :mod:`pbit.devices.domain_wall`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, integer
from pbit.devices.constants import GAMMA0_M_A_S
from pbit.devices.domain_wall import WallTrack
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.kernels.devices.domain_wall import Wall, run_walls
from pbit.seeds import seed_or_fresh

_TYPICAL_ANGLE, _LARGEST_ANGLE = 0.02, 0.3  # of what turns fastest, in a step


@dataclass(frozen=True, eq=False)
class WallRun(ByValue):
    """Where the walls went.

    Attributes
    ----------
    times_s : float64, shape (times,)
    positions_m, angles : float64, shape (walls, times)
    info : dict
        "seed", "time_step_s", "num_steps", "first_step".
    """

    times_s: FloatArray
    positions_m: FloatArray
    angles: FloatArray
    info: dict[str, Any]


def move_walls(
    track: WallTrack,
    duration_s: float,
    *,
    current_A_m2: npt.ArrayLike = 0.0,
    field_A_m: npt.ArrayLike = 0.0,
    initial_m: npt.ArrayLike = 0.0,
    initial_angle: npt.ArrayLike = 0.0,
    num_walls: int = 1,
    time_step_s: float | None = None,
    record_every: int | None = None,
    seed: int | None = None,
    first_step: int = 0,
) -> WallRun:
    """Independent walls under constant currents and fields, by Heun steps of fixed length.

    Parameters
    ----------
    track : WallTrack
    duration_s : float
    current_A_m2, field_A_m, initial_m, initial_angle : float, or shape (num_walls,)
    num_walls : int
    time_step_s : float, optional
        By default nothing turns by more than 0.02 in one; shortened so that a whole number fits.
    record_every : int, optional
        Record every so many steps; only the end by default.
    seed : int, optional
        Wall k depends on seed and k alone.
    first_step : int
        Number of the first step: continues an earlier run with thermal fields of its own.

    Returns
    -------
    WallRun

    Raises
    ------
    TypeError, ValueError
        An argument out of range, a start outside the track, a time step too long.

    Examples
    --------
    >>> run = move_walls(WallTrack(), 200e-9, field_A_m=20.0)
    >>> round(float(run.positions_m[0, -1]) / 200e-9, 2)  # 4.43 m/s but for the start
    4.3
    """
    walls = integer("num_walls", num_walls, 1, 2**32)
    J, H = (
        _per_wall(name, value, walls)
        for name, value in (("current_A_m2", current_A_m2), ("field_A_m", field_A_m))
    )
    state = _start(track, _per_wall("initial_m", initial_m, walls),
                   _per_wall("initial_angle", initial_angle, walls))  # fmt: skip
    steps, step_s = _steps(track, duration_s, time_step_s, J=J, H=H)
    first = integer("first_step", first_step, 0, 2**44 - steps)
    every = steps if record_every is None else integer("record_every", record_every, 1)
    seed = seed_or_fresh(seed)
    record = np.empty((walls, steps // every, 2))
    keys = (np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32))
    drives = _drives(track, step_s, J=J, H=H)
    run_walls(state, record, drives, (0, first, steps, every), keys, _wall(track, step_s))
    info = {"seed": seed, "time_step_s": step_s, "num_steps": steps, "first_step": first}
    times = np.arange(1, steps // every + 1, dtype=np.float64) * (step_s * every)
    return WallRun(times, record[..., 0] * track.wall_width_m, record[..., 1], info)


def _start(track: WallTrack, positions: FloatArray, angles: FloatArray) -> FloatArray:
    outside = (positions < 0) | (positions > track.length_m)
    if outside.any():
        raise ArgumentError(
            "initial_m", f"must be from 0 to {track.length_m:g}", positions[outside][0]
        )
    return np.stack([positions / track.wall_width_m, angles], axis=1)


def _drives(track: WallTrack, step_s: float, *, J: FloatArray, H: FloatArray) -> FloatArray:
    unit = GAMMA0_M_A_S * step_s
    drift = track.spin_drift_m_s(J) * (step_s / track.wall_width_m)
    hall = math.pi / 2 * unit * track.spin_hall_field_A_m(J)
    return np.ascontiguousarray(np.stack([unit * H, drift, hall], axis=1))


def _wall(track: WallTrack, step_s: float) -> Wall:
    unit = GAMMA0_M_A_S * step_s
    return Wall(
        alpha=float(track.damping),
        transverse=unit * track.transverse_field_A_m / 2,
        chiral=unit * math.pi / 2 * track.chiral_field_A_m,
        pinning=unit * track.depinning_field_A_m(),
        notches=2 * math.pi * track.wall_width_m / track.notch_spacing_m,
        length=track.length_m / track.wall_width_m,
        noise=unit * track.thermal_field_A_m(step_s),
        beta=float(track.non_adiabaticity),
    )


def _steps(
    track: WallTrack, duration_s: float, wanted_s: float | None, *, J: FloatArray, H: FloatArray
) -> tuple[int, float]:
    """Number and length of the steps."""
    number("duration_s", duration_s, (">", 0.0), remedy="1e-9 is 1 ns")
    drives = np.abs(_drives(track, 1.0, J=J, H=H)).max(axis=0).sum()
    wall = _wall(track, 1.0)
    fastest = drives + 2 * wall.transverse + abs(wall.chiral) + wall.pinning * (1 + wall.notches)
    longest = _LARGEST_ANGLE / fastest
    step_s = _TYPICAL_ANGLE / fastest if wanted_s is None else wanted_s
    if not 0 < step_s <= longest:
        raise ArgumentError(
            "time_step_s",
            f"must be > 0 and <= {longest:.3g} for this track and drive",
            step_s,
            remedy="None takes one that is short enough",
        )
    steps = max(1, math.ceil(duration_s / step_s - 1e-9))
    return steps, duration_s / steps


def _per_wall(name: str, value: npt.ArrayLike, walls: int) -> FloatArray:
    numbers = floats(name, value)
    if numbers.shape not in ((), (walls,)):
        rule, got = f"must be one number or {walls}", f"shape {numbers.shape}"
        raise ArgumentError(name, rule, got=got, remedy="one a wall")
    if not np.isfinite(numbers).all():
        raise ArgumentError(name, "must be finite", numbers, remedy="check its units")
    return np.broadcast_to(numbers, (walls,)).copy()
