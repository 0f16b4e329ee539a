"""In which ways a long run on a chip differs from the Boltzmann law, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pbit.hardware.transfer_curve import never_below_zero

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware


def departures(hardware: Hardware) -> Iterator[str]:
    """One departure after the other; none: a long run is a sample of the Boltzmann law."""
    yield from _of_time(hardware)
    yield from _of_devices(hardware)
    yield from _of_weights_and_inputs(hardware)
    yield from _of_answers(hardware)
    yield from _of_barrier(hardware)


def _of_time(hardware: Hardware) -> Iterator[str]:
    tau = hardware.tau_s
    if hardware.clock == "ticks":
        yield f"all p-bits at once every {hardware.tick_s or 0:g} s"
    if hardware.clock == "periodic" and hardware.has_lag:
        yield "redrawn at regular intervals, with lag"
    if hardware.dynamics == "telegraph":
        yield "a threshold that persists while the input moves"
    if hardware.delay_s > 0:
        yield f"synapses late by {hardware.delay_s / tau:.3g} tau"
    if hardware.rc_s > 0:
        yield f"synapses slow by {hardware.rc_s / tau:.3g} tau"


def _of_devices(hardware: Hardware) -> Iterator[str]:
    if hardware.correction is not None:
        yield "gains and offsets corrected as far as they were measured"
    else:
        yield from _of_gains_and_offsets(hardware)
    if hardware.stuck_fraction > 0:
        yield f"{hardware.stuck_fraction:.3g} of the p-bits stuck"
    if hardware.noise > 0:
        yield f"input noise {hardware.noise:g}"


def _of_gains_and_offsets(hardware: Hardware) -> Iterator[str]:
    if hardware.diameter_spread > 0:
        yield f"diameters spread by {hardware.diameter_spread:g}"
    if hardware.gain != 1:
        yield f"gain {hardware.gain:g}"
    if hardware.gain_spread > 0:
        yield f"gains spread by {hardware.gain_spread:g}"
    if hardware.offset != 0:
        yield f"offset {hardware.offset:g}"
    if hardware.offset_spread > 0:
        yield f"offsets spread by {hardware.offset_spread:g}"
    table = hardware.table
    if table is not None and (table.gain or table.offset):
        yield "gains and offsets as measured, p-bit by p-bit"


def _of_weights_and_inputs(hardware: Hardware) -> Iterator[str]:
    if hardware.weight_bits is not None:
        yield f"weights of {hardware.weight_bits} bits"
    if hardware.conductance_ratio is not None:
        yield f"conductances within 1:{hardware.conductance_ratio}"
    if hardware.weight_spread > 0:
        yield f"weights spread by {hardware.weight_spread:g}"
    if hardware.crossbar is not None and hardware.crossbar.departures:
        yield f"weights in an array: {', '.join(hardware.crossbar.departures)}"
    if hardware.dac_bits is not None:
        yield f"inputs of {hardware.dac_bits} bits{_truncated(hardware)}"


def _truncated(hardware: Hardware) -> str:
    return ", truncated" if hardware.rounding == "truncate" else ""


def _of_answers(hardware: Hardware) -> Iterator[str]:
    if hardware.transfer:
        never = ", its mean never below 0" if never_below_zero(hardware.transfer) else ""
        yield f"a measured transfer curve{never}"
    if hardware.lut_bits is not None:
        yield f"tanh of {hardware.lut_bits} bits{_truncated(hardware)}"
    if hardware.lfsr_bits:
        shifts = f"{hardware.lfsr_shifts} shift(s)"
        yield f"shift registers of {hardware.lfsr_bits} bits, {shifts} a decision"


def _of_barrier(hardware: Hardware) -> Iterator[str]:
    if 1 < hardware.barrier_exponent < 2:
        yield "a barrier exponent between 1 and 2"
    if hardware.barrier is not None:
        gone = hardware.barrier_exponent * hardware.barrier
        yield f"rates held at the attempt frequency by inputs beyond {gone:.3g}"
