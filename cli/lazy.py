"""A group whose commands are imported when they are called: ``--help`` must answer at once."""

from __future__ import annotations

import importlib
from typing import Any

import click


class LazyGroup(click.Group):
    """Commands by name, with what ``--help`` says of them.

    Each is the function of its name in the module ``pbit.cli.``, prefix, name.
    """

    def __init__(
        self,
        *args: Any,
        lines: dict[str, str],
        prefix: str = "",
        title: str = "Commands",
        **attributes: Any,
    ) -> None:
        super().__init__(*args, **attributes)
        self._lines, self._prefix, self._title = lines, prefix, title

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help."""
        return list(self._lines)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported now."""
        if name not in self._lines:
            return None
        function = name.replace("-", "_")
        module = importlib.import_module(f"pbit.cli.{self._prefix}{function}")
        command: click.Command = getattr(module, function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The lines, without an import."""
        with formatter.section(self._title):
            formatter.write_dl(list(self._lines.items()))
