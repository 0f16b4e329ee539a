"""``pbit reservoir``: a series forecast, or followed, by a device that it drives."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.checks import ArgumentError
from pbit.cli import options as shared
from pbit.cli.command import carry_out, command
from pbit.cli.output import deliver, write_text, write_whole
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused, extras, refused
from pbit.cli.registered import RESERVOIR
from pbit.cli.reports.reservoir_report import csv_of, record_of, text_of
from pbit.cli.running import Bar

if TYPE_CHECKING:
    from pbit.networks.reservoir.comparison import Compared
    from pbit.problems.learning.series import Series

SETTINGS: dict[str, tuple[Any, Any]] = {
    "nodes": (int, 50),
    "tries": (int, 20),
    "held_out": (float, 0.25),
    "horizon": (int, 200),
    "ahead": (int, None),
    "time": (str, None),
}
_LEAST_ROWS = 100
BASELINES = ("echo-state", "linear", "quadratic")


def _settings(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    return {name: usual for name, (_, usual) in SETTINGS.items()} | dict(map(_parsed, given))


def _parsed(text: str) -> tuple[str, Any]:
    """Name and value of a setting."""
    name, equals, value = text.partition("=")
    kind, _ = SETTINGS.get(name, (None, None))
    try:
        if equals and kind is not None:
            return name, kind(value)
    except ValueError:
        pass
    raise click.BadParameter(
        f"must be one of {', '.join(f'{each}=' for each in SETTINGS)} and a value, got {text!r:.60}"
    )


@command()
@shared.data()
@click.argument("settings", nargs=-1, callback=_settings, metavar="[SETTING=VALUE]...")
@shared.device("What is driven.", type=RESERVOIR, default="vortex", show_default=True)
@shared.task(
    "Tell what comes next; or one column from the others.",
    type=click.Choice(["forecast", "follow"]),
    default="forecast",
    show_default=True,
)
@shared.target("The column to follow.", type=click.STRING)
@shared.seed
@shared.output("Write the forecast beyond the end, or the column followed (csv).")
@shared.plot("Draw what is held out and what is told of it.", unnamed="reservoir.png")
@shared.as_json
@shared.quiet
def reservoir(settings: dict[str, Any], **options: Any) -> None:
    """Learn the series in DATA, a table with a row a step, by a device that it drives.

    The readout is linear in the states of the nodes. The last part of the series is held out; as
    many settings of the device and of three kinds of software are tried on the rest: an echo-state
    network, and linear and quadratic regression on delayed inputs. Then all are measured on what is
    held out, and forecasts run freely from several places in it, on what they said themselves.

    SETTING=VALUE: nodes=50 of the device and of all software; tries=20 settings of each;
    held_out=0.25, the share of the steps; horizon=200 steps of free runs and of the forecast beyond
    the end; ahead=1 steps from what is seen to what is told (0 for a column followed); time=COLUMN,
    which is no data.

    Exit status: 0 done, 2 usage, 4 a file refused, 130 interrupted.
    """
    options |= settings
    if options["ahead"] is None:
        options["ahead"] = int(options["task"] == "forecast")
    _check(options)
    series = _read(options)
    inputs, targets = _parts(series, options)
    with extras(), _settings_refused():
        found = carry_out(
            lambda interrupt, bar: _work(inputs, targets, options, bar),
            quiet=options["quiet"],
            patient=False,
        )
    last = inputs[:0] if found["ahead"] is None else targets[-1:]
    notes = _notes(inputs, last, found["learnt"])
    _say(notes, options)
    told = found | {"series": series, "targets": targets, "inputs": inputs}
    told["notes"] = [*series.notes, *notes]
    record = record_of(told, options)
    deliver(
        to_json(record) if options["as_json"] else text_of(record),
        (options["output"], lambda path: write_text(path, csv_of(record))),
        (options["plot"], lambda path: _draw(path, record, told)),
    )


@contextmanager
def _settings_refused() -> Iterator[None]:
    """What the library says of a setting, as a usage error."""
    try:
        yield
    except ArgumentError as error:
        raise click.UsageError(error.sentence(error.argument.removeprefix("num_"))) from error


def _check(options: dict[str, Any]) -> None:
    follows = options["task"] == "follow"
    if follows and options["target"] is None:
        raise click.UsageError("--task follow needs --target COLUMN, which is to be followed")
    if not follows and options["target"] is not None:
        raise click.UsageError("--target is for --task follow; a forecast is of all columns")
    for name, least in (("horizon", 1), ("ahead", int(not follows))):
        if options[name] < least:
            raise click.UsageError(f"{name} must be >= {least}, got {options[name]}")


def _read(options: dict[str, Any]) -> Series:
    from pbit.problems.learning.series import read_series

    if options["file"] == "-" and sys.stdin is None:
        raise InputRefused("<stdin>: is closed; pipe a file into it or name one")
    with refused(options["file"]):
        series = read_series(options["file"], time=options["time"])
        if options["target"] is not None:
            series.column(options["target"])
    _say(series.notes, options)
    return series


def _say(notes: Iterable[str], options: dict[str, Any]) -> None:
    for note in () if options["quiet"] else notes:
        click.echo(f"note: {note}", err=True)


def _notes(inputs: Any, last: Any, learnt: int) -> list[str]:
    """What is to be known of the series, and of what the forecast beyond its end begins with."""
    from pbit.networks.reservoir.comparison import steps_held
    from pbit.networks.reservoir.scaling import Scaling

    held = steps_held(inputs, learnt) + Scaling.of(inputs).num_held(last)
    if not held:
        return []
    return [
        f"{held} of the steps not learnt from at first are farther from the middle of those before "
        "than their range, and drove nothing farther than that; look for wrong values or a trend"
    ]


def _parts(series: Series, options: dict[str, Any]) -> tuple[Any, Any]:
    """What is seen at every step, and what is to be told."""
    import numpy as np

    ahead, values = options["ahead"], series.values
    seen, told = slice(0, max(0, len(values) - ahead)), slice(ahead, None)
    if options["target"] is None:
        _enough(series, ahead)
        return values[seen], values[told]
    at = series.column(options["target"])
    inputs = np.delete(values, at, axis=1)
    if not inputs.shape[1]:
        raise InputRefused(f"{series.source}: has one column, expected others to follow it by")
    _enough(series, ahead)
    return inputs[seen], values[told, at : at + 1]


def _enough(series: Series, ahead: int) -> None:
    """Refuse a number of steps ahead that leaves too few rows."""
    rows = len(series.values)
    if rows - ahead < _LEAST_ROWS:
        raise InputRefused(
            f"{series.source}: has {rows} rows, expected {_LEAST_ROWS + ahead} or more"
        )


def _work(inputs: Any, targets: Any, options: dict[str, Any], bar: Bar) -> dict[str, Any]:
    from pbit.networks.reservoir.comparison import compared, steps_learnt
    from pbit.networks.reservoir.kinds import KNOWN

    names = [options["device"], *(name for name in BASELINES if name != options["device"])]
    runs = options["task"] == "forecast" and options["ahead"] == 1
    rows: list[Compared] = []
    for k, name in enumerate(names):
        bar.show(k / len(names), f"{name}, {options['tries']} settings")
        rows += compared(
            [KNOWN.all()[name]],
            inputs,
            targets,
            num_nodes=options["nodes"],
            tries=options["tries"],
            held_out=options["held_out"],
            free_steps=options["horizon"] if runs else 0,
            seed=options["seed"],
        )
    learnt = steps_learnt(len(inputs), options["held_out"])
    ahead = _beyond(rows[0], inputs, targets, options["horizon"]) if runs else None
    return {"rows": rows, "learnt": learnt, "ahead": ahead}


def _beyond(row: Compared, inputs: Any, targets: Any, steps: int) -> Any:
    """The forecast of what follows the end, learnt from all there is."""
    import numpy as np

    model = row.setting.regressor(warm_up=row.model.warm_up, with_inputs=True)
    model.fit(inputs, targets)
    return model.forecast(np.concatenate([inputs, targets[-1:]]), steps)


def _draw(path: Path, record: dict[str, Any], told: dict[str, Any]) -> None:
    from pbit.cli.reports.reservoir_plot import reservoir_figure

    figure = reservoir_figure(record, told)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))
