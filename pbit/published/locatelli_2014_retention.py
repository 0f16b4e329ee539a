"""Memories that need not last: what a lower barrier saves in the write, and forgets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from pbit.devices.constants import MU0_T_M_A, thermal_energy_J
from pbit.devices.laws.switching import (
    perpendicular_attempt_frequency_Hz,
    perpendicular_critical_current_A,
    precessional_pulse_s,
)
from pbit.devices.macrospin import switching_probability
from pbit.devices.magnet import Macrospin
from pbit.devices.mtj import Junction
from pbit.devices.telegraph import sampled
from pbit.published.experiment import Experiment, Measured, Size
from pbit.seeds import seed_of

_RETENTIONS_S = (1e-3, 1.0, 3600.0, 86400.0, 3.156e8)
_SHOWN, _STABLE = 1, 4
_BITS: dict[Size, int] = {"small": 2_000, "default": 100_000, "full": 1_000_000}
_WRITES: dict[Size, int] = {"small": 50, "default": 1_000, "full": 10_000}
_PULSE_S, _ERROR = 10e-9, 0.01
_DAMPING, _FIELD_A_M, _SATURATION_A_M, _POLARIZATION = 0.02, 2e5, 8e5, 0.6
_HELD = 0.01  # retention times


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Write energy and errors of magnets of one material, of a size for each retention time."""
    barriers = [_barrier(each) for each in _RETENTIONS_S]
    currents = [_write_current_A(each) for each in barriers]
    energies = (np.array(currents) / currents[_STABLE]) ** 2
    held = [
        _forgotten(barrier, _BITS[size], seed_of(seed, k)) for k, barrier in enumerate(barriers)
    ]
    failed = [
        1
        - switching_probability(
            _magnet(barriers[k]), currents[k], _PULSE_S, num_reads=_WRITES[size], seed=seed
        )[0]
        for k in (_SHOWN, _STABLE)
    ]
    return Measured(
        value=float(energies[_SHOWN]),
        baseline=1.0,
        details={
            "barrier for 1 s": barriers[_SHOWN],
            "barrier for 10 years": barriers[_STABLE],
            "write current for 1 s (A)": currents[_SHOWN],
            "write current for 10 years (A)": currents[_STABLE],
            "failed writes, 1 s": failed[0],
            "failed writes, 10 years": failed[1],
            "failed writes, aimed at": _ERROR,
            f"forgotten after {_HELD:g} s of 1 s": held[_SHOWN],
            "the same, expected": -math.expm1(-2 * _HELD) / 2,
        },
        note=f"perpendicular magnets, {_PULSE_S:g} s pulses, resistances alike; writes by the "
        "macrospin, retention by the telegraph of two states",
        curves={
            "retention": np.array(_RETENTIONS_S),
            "energy": energies,
            "forgotten": np.array(held),
        },
    )


def _magnet(barrier: float) -> Macrospin:
    volume = 2 * thermal_energy_J(300.0) * barrier / (MU0_T_M_A * _SATURATION_A_M * _FIELD_A_M)
    return Macrospin(
        saturation_A_m=_SATURATION_A_M,
        volume_m3=volume,
        damping=_DAMPING,
        anisotropy_field_A_m=_FIELD_A_M,
        polarization=_POLARIZATION,
    )


_TAU_S = _magnet(40.0).damping_time_s


def _junction(barrier: float) -> Junction:
    attempts = perpendicular_attempt_frequency_Hz(barrier, damping_time_s=_TAU_S)
    return Junction(barrier, attempt_frequency_Hz=attempts)


def _barrier(retention_s: float) -> float:
    """Barrier with this mean dwell time."""
    return float(brentq(lambda b: math.log(_junction(b).tau_s / retention_s), 5.0, 100.0))


def _write_current_A(barrier: float) -> float:
    """Current of a pulse that fails as often as allowed."""

    def off(drive: float) -> float:
        needed = precessional_pulse_s(
            barrier, drive=drive, probability=1 - _ERROR, damping_time_s=_TAU_S
        )
        return needed - _PULSE_S

    critical = perpendicular_critical_current_A(
        barrier, damping=_DAMPING, polarization=_POLARIZATION
    )
    return float(brentq(off, 1.1, 50.0)) * critical


def _forgotten(barrier: float, bits: int, seed: int) -> float:
    """Share of stored bits that are wrong after a part of the retention time."""
    junction = _junction(barrier)
    states = sampled(
        junction,
        step_s=_HELD * junction.tau_s,
        num_steps=1,
        num_reads=bits,
        seed=seed & (2**63 - 1),
        initial_states=1,
    )
    return float((states < 0).mean())


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Write energy against retention time."""
    first = results[0].curves
    axes.semilogx(first["retention"], first["energy"], "o-", ms=4, label="write energy")
    axes.axhline(1.0, color="k", lw=0.8, ls="--", label="memory of 10 years")
    axes.set(xlabel="retention time (s)", ylabel="write energy / that of 10 years", ylim=(0, 1.1))
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(0, 0.88))
    inset = axes.inset_axes((0.56, 0.14, 0.38, 0.3))
    values = np.array([each.curves["forgotten"] for each in results])
    inset.semilogx(first["retention"], values.T, ".", ms=4)
    inset.axhline(-math.expm1(-2 * _HELD) / 2, color="k", lw=0.8)
    inset.set_title(f"forgotten after {_HELD:g} of it", fontsize=7)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="locatelli-2014-retention",
    rows=(11,),
    device="binary tunnel junction, low barrier",
    task="memory of short retention",
    source="N. Locatelli, V. Cros, J. Grollier, Nat. Mater. 13, 11 (2014)",
    claim="lower barriers save write energy where memories need not last (no number)",
    claim_tag="S4",
    measures="write energy of a memory of 1 s over that of 10 years",
    unit="1",
    baseline="a memory of 10 years",
    run=run,
    plot=plot,
)
