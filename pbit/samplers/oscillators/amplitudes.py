"""The machine of oscillators with their amplitudes: what the reduction to phases leaves out."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pbit.checks import flag, instance, integer, positive
from pbit.models.polynomial import AnyModel
from pbit.networks.oscillators import Drive, OscillatorNetwork
from pbit.run.reads import Reads
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.descent import descend
from pbit.samplers.oscillators.couplings import moderate, width
from pbit.samplers.oscillators.hardware import OscillatorHardware
from pbit.samplers.oscillators.motion import pairwise
from pbit.samplers.oscillators.phases import DEFAULT_HARMONIC, ends_of

_PIECES = 64  # of the ramp of the second harmonic
DEFAULT_DURATION = 500.0


def oscillate_amplitudes(
    model: AnyModel,
    hardware: OscillatorHardware,
    *,
    duration: float = DEFAULT_DURATION,
    second_harmonic: Sequence[float] = DEFAULT_HARMONIC,
    num_reads: int = 1,
    seed: int | None = None,
    descent: bool = False,
    time_step_s: float | None = None,
    num_threads: int = 1,
) -> Reads:
    r"""Reads of a machine of auto-oscillators in their complex form, without a reduction.

    Couplings :math:`\Lambda_{kj} = 2 \pi f_c J_{kj} e^{i \arctan \nu} / w` of the machine's
    coupling :math:`f_c`, w the root of the mean square of the fields; biases are a signal at the
    frequency of the free oscillators, the second harmonic one at twice that. The noise is that of
    the oscillators alone. Where the rates are far below :math:`2 \Gamma_p` this is
    :func:`pbit.oscillate` on the same hardware with ``noise=(0, 0)``, for ``duration`` over its
    time step sweeps.

    Parameters
    ----------
    model : IsingModel or dimod.BQM
        Terms of at most two spins.
    hardware : OscillatorHardware
    duration : float
        Of a read, in the inverse of :attr:`OscillatorHardware.rate_rad_s`.
    second_harmonic : (float, float)
        First and last, in that rate, linear in between in 64 pieces.
    num_reads : int
    seed : int, optional
        0 <= seed < 2**64; drawn when None. Read k depends on seed and k alone.
    descent : bool
        Lower every read to a local minimum at the end.
    time_step_s : float, optional
        By default a tenth of the inverse of the fastest rate, see :class:`OscillatorNetwork`.
    num_threads : int
        No effect on the result.

    Returns
    -------
    Reads
        Spins are the signs of the real parts. ``info``: "duration_s", "time_step_s",
        "num_sweeps" (steps), "updates".

    Raises
    ------
    TypeError, ValueError
        Terms of more than two spins, an argument of the wrong type or out of range.

    References
    ----------
    Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> from pbit.devices.oscillator import AutoOscillator
    >>> vortex = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> machine = OscillatorHardware(oscillator=vortex, current_A=2e-3, coupling_Hz=1e4)
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> oscillate_amplitudes(chain, machine, duration=50, num_reads=2, seed=1).energies.tolist()
    [-2.0, -2.0]
    """
    watch = Stopwatch()
    pairs = pairwise(model, instead="pbit.anneal")
    instance("hardware", hardware, OscillatorHardware, remedy="see pbit.OscillatorHardware")
    harmonic = ends_of("second_harmonic", second_harmonic)
    length_s = positive("duration", duration) / hardware.rate_rad_s
    lowers, reads = flag("descent", descent), integer("num_reads", num_reads, 1, 2**32 - 1)
    watch.mark()
    moved, _ = moderate(pairs)
    network = OscillatorNetwork(hardware.oscillator, _rate(hardware) / width(moved) * moved.J)
    watch.mark()
    run = network.run(
        length_s,
        hardware.current_A,
        drives=_drives(moved, hardware, harmonic),
        detuning_Hz=hardware.detunings(pairs.num_spins) * hardware.rate_rad_s / (2 * math.pi),
        time_step_s=time_step_s,
        num_reads=reads,
        frame_Hz=_frequency_Hz(hardware),
        seed=seed,
        num_threads=num_threads,
    )
    spins = np.where(run.amplitudes[:, -1].real >= 0, 1, -1).astype(np.int8)
    if lowers:
        spins = descend(pairs, spins, num_threads=num_threads).spins
    watch.mark()
    info: dict[str, Any] = {
        "seed": run.info["seed"],
        "stop_reason": "completed",
        "num_reads": reads,
        "num_sweeps": run.info["steps"],
        "updates": run.info["steps"] * reads * pairs.num_spins,
        "descent": lowers,
        "second_harmonic_range": list(harmonic),
        "duration_s": length_s,
        "time_step_s": run.info["time_step_s"],
        "kernel": "amplitudes",
    }
    return Reads(spins, pairs.energy(spins), info | {"timing": watch.timing()})


def _rate(hardware: OscillatorHardware) -> complex:
    """Of the couplings on amplitudes, turned so that phases feel no lag."""
    lag = math.atan(float(hardware.oscillator.nonlinearity(hardware.current_A)))
    return 2 * math.pi * hardware.coupling_Hz * cmath.exp(1j * lag)


def _frequency_Hz(hardware: OscillatorHardware) -> float:
    return float(hardware.oscillator.frequency_at_Hz(hardware.current_A))


def _drives(pairs: Any, hardware: OscillatorHardware, harmonic: tuple[float, float]) -> list[Drive]:
    """The second harmonic and, for biases, a signal at phase 0."""
    rate, frequency = _rate(hardware), _frequency_Hz(hardware)
    middles = (np.arange(_PIECES) + 0.5) / _PIECES
    drives = [
        Drive(
            frequency_Hz=2 * frequency,
            strength_rad_s=rate,
            harmonic=2,
            envelope=harmonic[0] + (harmonic[1] - harmonic[0]) * middles,
        )
    ]
    if pairs.h.any():
        amplitude = math.sqrt(float(hardware.oscillator.power(hardware.current_A)))
        strength = rate * amplitude / width(pairs) * pairs.h
        drives.append(Drive(frequency_Hz=frequency, strength_rad_s=strength))
    return drives
