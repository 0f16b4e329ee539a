"""``pbit network``: published networks of devices, each command a look at all or at one of them."""

from __future__ import annotations

import click

from pbit.cli.lazy import LazyGroup

_COMMANDS = {
    "list": "Published systems: what they are, and which work here.",
    "run": "Measure one, and compare with its claim.",
    "table": "Measure all, claim against measured.",
}


@click.group(cls=LazyGroup, lines=_COMMANDS, prefix="network_")
def network() -> None:
    """Published networks of devices: claimed and measured."""
