"""``pbit device``: single devices, each a command of its own."""

from __future__ import annotations

import importlib

import click

_DEVICES = {
    "mtj": "A magnetic tunnel junction of two states.",
    "fit": "A junction from its measured dwell times.",
}


class _Devices(click.Group):
    """Imports the command of a device when it is called, as ``pbit`` does."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_DEVICES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _DEVICES:
            return None
        module = importlib.import_module(f"pbit.cli.device_{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Devices"):
            formatter.write_dl(list(_DEVICES.items()))


@click.group(cls=_Devices)
def device() -> None:
    """Simulate a single device and compare it with its closed forms."""
