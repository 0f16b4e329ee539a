"""Options of ``pbit network``: which systems, what data, how many seeds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from pbit.cli import options as shared
from pbit.cli.refusals import refused
from pbit.cli.registered import PUBLISHED

if TYPE_CHECKING:
    from pbit.published import Experiment

_MOST_SEEDS = 1000

filters = shared.together(
    shared.device("Only those whose device has these words.", metavar="WORDS"),
    shared.task("Only those whose task has these words.", metavar="WORDS"),
    click.option("--row", type=click.IntRange(1), help="Only that of this number."),
)
size = click.option(
    "--size",
    type=click.Choice(["small", "default", "full"]),
    default="default",
    show_default=True,
    help="small: a look; full: the paper's.",
)


def _folder(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """The folder given, else that of PBIT_DATA."""
    if value is not None or not os.environ.get("PBIT_DATA"):
        return value
    return Path(os.environ["PBIT_DATA"])


data = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    callback=_folder,
    help="Folder of data sets: small ones serve any size.  [default: PBIT_DATA]",
)


def seeds(default: int) -> shared.Decorator:
    """Number of seeds."""
    return click.option(
        "--seeds",
        "num_seeds",
        type=click.IntRange(1, _MOST_SEEDS),
        default=default,
        show_default=True,
        help="Runs, each with its own seed.",
    )


first_seed = click.option(
    "--first-seed",
    type=click.IntRange(0, 2**63),
    default=1,
    show_default=True,
    help="Of the first run.",
)


class System(click.ParamType):  # type: ignore[type-arg]  # no type argument before click 8.4
    """The ID of a published system, or the file of a card."""

    name = "system"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Experiment:
        from pbit.published.cards import SUFFIX, read_card
        from pbit.published.registry import KNOWN, experiments

        if value.endswith(SUFFIX):
            with refused(value):
                return read_card(value, KNOWN.find)
        return experiments()[PUBLISHED.convert(value, param, ctx)]

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return PUBLISHED.shell_complete(ctx, param, incomplete)


def chosen(options: dict[str, Any]) -> list[Experiment]:
    """Systems that pass the filters (usage error if there are none)."""
    from pbit.published import experiments

    found = [each for each in experiments().values() if _passes(each, options)]
    if not found:
        asked = [f"--{name} {options[name]}" for name in ("device", "task", "row") if options[name]]
        raise click.UsageError(
            f"no published system has {' and '.join(asked)}; pbit network list shows all"
        )
    return found


def _passes(experiment: Experiment, options: dict[str, Any]) -> bool:
    row = options["row"]
    words = (options["device"] or "", experiment.device), (options["task"] or "", experiment.task)
    return (row is None or row in experiment.rows) and all(
        asked.lower() in has.lower() for asked, has in words
    )
