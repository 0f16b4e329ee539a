"""``pbit device``: single devices, each a command of its own."""

from __future__ import annotations

import click

from pbit.cli.lazy import LazyGroup

_DEVICES = {
    "mtj": "A magnetic tunnel junction of two states.",
    "fit": "A junction from its measured dwell times.",
    "sigmoid": "A p-bit from its measured mean state against voltage.",
    "synapse": "A synapse device: its learning curves and what they are worth.",
    "oscillator": "A spin-torque oscillator: its threshold, tuning, line and locking.",
}


@click.group(cls=LazyGroup, lines=_DEVICES, prefix="device_", title="Devices")
def device() -> None:
    """Simulate a single device and compare it with its closed forms."""
