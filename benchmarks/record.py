"""What every benchmark here shares: its options, and a record of where and on what it ran."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from pbit.machine import available_threads, memory_bytes
from pbit.system.whole_files import replacing
from pbit.versions import versions

PEERS = ("openjij", "ferrotherm", "thrml", "jax", "reservoirpy")


def options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of every benchmark: --seed, --repeats, --json, --plot."""
    path = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option(
            "--plot",
            "plot_file",
            type=path,
            callback=_drawable,
            help="Draw the rows into this file.",
        ),
        click.option(
            "--json",
            "json_file",
            type=path,
            callback=_writable,
            help="Write the rows into this file.",
        ),
        click.option("--repeats", default=5, show_default=True, type=click.IntRange(1)),
        click.option("--seed", default=1, show_default=True, type=click.IntRange(0)),
    ):
        function = option(function)
    return function


def _writable(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Told before hours of work, not after them."""
    if path is not None and not os.access(path.parent, os.W_OK):
        raise click.BadParameter(f"{path.parent} is no folder that can be written to")
    return path


def _drawable(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None:
        pyplot()
    return _writable(context, option, path)


def installed(*names: str) -> dict[str, str]:
    """Versions of those of these distributions that are there."""
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """Commit of the checkout, with a mark if files differ from it."""
    run = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
    )
    return run.stdout.strip() or "unknown"


def processor() -> str:
    """Name of the processor, as the system gives it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((x.split(":")[1].strip() for x in lines if "model name" in x), platform.machine())


def machine() -> dict[str, Any]:
    """Processor, threads, memory, load and versions."""
    return {
        "processor": processor(),
        "threads_available": available_threads(),
        "memory_bytes": memory_bytes(),
        "load_average": os.getloadavg() if hasattr(os, "getloadavg") else None,
        "system": platform.platform(),
        "versions": versions(neal=True) | installed(*PEERS),
    }


def headline(what: str) -> str:
    """The lines above a table: versions, processor, what was done; 80 columns."""
    found = versions(neal=True) | installed(*PEERS)
    lines, line = [], ""
    for item in (f"{name} {version}" for name, version in found.items()):
        if len(line) + len(item) > 76:
            lines.append(line)
            line = ""
        line += f"{', ' if line else ''}{item}"
    return "\n".join([*lines, line, processor(), what, ""])


def write(path: Path, name: str, rows: Sequence[dict[str, Any]], **details: Any) -> None:
    """Write rows and where they come from as JSON."""
    document = {"benchmark": name, "commit": commit(), **machine(), **details, "rows": rows}
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(document, indent=2) + "\n")


def pyplot() -> Any:
    """matplotlib.pyplot, drawing into files.

    Raises
    ------
    click.ClickException
        It is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise click.ClickException(
            "--plot needs matplotlib: pip install 'pbit-emulator[plot]'"
        ) from None
    matplotlib.use("Agg")
    from matplotlib import pyplot as module

    return module
