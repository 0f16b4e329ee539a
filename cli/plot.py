"""Pictures: what can be told to go wrong before the run that they show."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

SUFFIXES = (".png", ".pdf", ".svg")


def check_plot(path: Path) -> None:
    """Refuse before the run what could not be drawn after it (usage error)."""
    if path.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"--plot {path}: the name must end in {', '.join(SUFFIXES)}")
    if find_spec("matplotlib") is None:
        raise click.UsageError(
            "--plot needs matplotlib, which is not installed: pip install 'pbit-emulator[plot]'"
        )
