"""``pbit train``: a machine learns from data and is written to a file."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.checks import ArgumentError, TooLargeError
from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command, option_names, told_options
from pbit.cli.graph_file import read_graph
from pbit.cli.learning import NO_LABELS, bits_of, labels_of, read_rows, sklearn_seed
from pbit.cli.output import deliver
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused, TooLarge, extras, refused
from pbit.cli.registered import MACHINE, STORAGE_RULE
from pbit.cli.reports.train_report import header, record_of, text_of
from pbit.cli.running import Bar, Interrupt
from pbit.cli.status import INTERRUPTED
from pbit.cli.training import Course, Examples, Outcome, train_machine

if TYPE_CHECKING:
    from pbit.problems.learning import DataSet

_HIDDEN = ("n_components", "n_hidden")  # what --hidden fills
_OF_MACHINES = (
    "n_iter",
    "batch_size",
    "learning_rate",
    "momentum",
    "weight_decay",
    "conditional",
    "adaptive",
    "negative",
    "n_steps",
    "n_chains",
    "n_rungs",
    "label_copies",
    "graph",
    "rule",
    "checkpoint",
    "resume",
)
_RATE = values.Number("> 0", lambda rate: 0 < rate < float("inf"))


@command()
@shared.data()
@click.option(
    "--model",
    "kind",
    type=MACHINE,
    default="rbm",
    show_default=True,
    metavar="KIND",
    help="rbm, dbm (deep), boltzmann (any graph) or hopfield (a memory of patterns).",
)
@click.option(
    "--hidden",
    type=values.Several(click.IntRange(0)),
    metavar="N[,N...]",
    help="Hidden p-bits; of dbm in each layer, from the data up.  [default: 256; dbm: 256,128; "
    "boltzmann: 0]",
)
@shared.output("The file of the machine (safetensors); needed.")
@shared.labels
@shared.threshold
@click.option("--epochs", "n_iter", type=click.IntRange(1), help="[default: 10]")
@click.option("--batch-size", type=click.IntRange(1), help="Rows an update.  [default: 100]")
@click.option(
    "--learning-rate",
    type=values.Several(_RATE, at_most=2),
    metavar="A[,B]",
    help="Of each epoch, geometrically from A to B.  [default: 0.01]",
)
@click.option("--momentum", type=float, help="[default: 0.5]")
@click.option("--weight-decay", type=float, help="[default: 0]")
@click.option(
    "--conditional",
    type=click.FloatRange(0, 1),
    help="Share of the law of the labels, given the data, in what is learnt.  [default: 0]",
)
@click.option(
    "--adaptive",
    is_flag=True,
    default=None,
    help="Steps by the size of each weight's own gradients (Adam).",
)
@click.option(
    "--negative",
    type=click.Choice(["cd", "pcd", "tempered", "population"]),
    help="Free phase: steps from the data, persistent chains, these with a ladder of temperatures, "
    "or as a population.  [default: pcd]",
)
@shared.steps("Of the free phase, an update.  [default: 1]")
@click.option("--chains", "n_chains", type=click.IntRange(1), help="[default: --batch-size]")
@click.option("--rungs", "n_rungs", type=click.IntRange(2), help="Of tempered.  [default: 10]")
@click.option("--label-copies", type=click.IntRange(1), help="Of the labels.  [default: 1]")
@click.option(
    "--graph",
    metavar="FILE",
    help="Of boltzmann: lines 'i j', p-bits that are coupled; data and labels are seated at "
    "random.  [default: all are coupled]",
)
@shared.rule(
    type=STORAGE_RULE, text="Of hopfield: how patterns are stored.  [default: pseudo-inverse]"
)
@click.option(
    "--checkpoint",
    type=values.OutputFile(),
    help="Keep the state after each epoch in this file, for --resume.",
)
@click.option("--resume", is_flag=True, help="Go on from --checkpoint, if it is there.")
@click.option("--test", metavar="DATA", help="Rows to test the machine on, with labels or without.")
@shared.seed
@shared.as_json
@shared.quiet
def train(**options: Any) -> int:
    """Have a machine learn from DATA: npz, npy, csv, idx, a folder of PNG; - for standard input.

    The format is told by the content, plain or gzip. Values must be binary, or --threshold makes
    them so. Where the data have labels, the machine learns their joint law and can classify.

    Ctrl-C and SIGTERM write the machine as it was after the last whole epoch. A training that is
    killed loses at most an epoch with --checkpoint: the same command with --resume goes on, to
    the same bits; the seed is that of the checkpoint if none is given.

    Exit status: 0 done, 2 usage, 4 data refused, 5 too large for this machine, 130 interrupted
    (what was learnt in whole epochs is written).
    """
    _check(options)
    parameters = _parameters(options)
    data = _read(options["file"], options["labels"], options)
    task = _task(data, parameters, options)
    if not options["quiet"]:
        click.echo(header(task), err=True)
    outcome = _run(task, options)
    for note in () if options["quiet"] else outcome.notes:
        click.echo(f"note: {note}", err=True)
    if outcome.machine is None:
        click.echo("interrupted before an epoch was done: nothing is written", err=True)
        return INTERRUPTED
    record = record_of(task, outcome) | {"options": told_options(options, changed=True)}
    deliver(
        to_json(record) if options["as_json"] else text_of(record, options["output"]),
        (options["output"], lambda path: _write(path, outcome.machine)),
    )
    return INTERRUPTED if outcome.stopped else 0


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before anything is read."""
    from pbit.problems.learning.tensor_file import check_files_can_be

    if options["output"] is None:
        raise click.UsageError("give --output FILE, the file that takes the machine")
    if options["resume"] and options["checkpoint"] is None:
        raise click.UsageError("--resume needs --checkpoint FILE, the file to go on from")
    with extras():
        check_files_can_be()
    if options["file"] == "-" and "-" in (options["test"], options["graph"]):
        raise click.UsageError("standard input can be read once; name a file for the other")


def _class_of(kind: str) -> Any:
    from pbit.problems.machines.kinds import KNOWN

    with extras():
        found = KNOWN.find(kind)
    return found.machine if found is not None else None


def _parameters(options: dict[str, Any]) -> dict[str, Any]:
    """The machine's own parameters among the options; others than it has are refused."""
    has = _class_of(options["kind"])().get_params()
    told = option_names(click.get_current_context().command)
    given = {name: options[name] for name in _OF_MACHINES if _is_given(name)}
    if options["hidden"] is not None:
        given["n_hidden" if "n_hidden" in has else "n_components"] = options["hidden"]
    for name in given:
        if name not in has:
            option = "--hidden" if name in _HIDDEN else told[name]
            raise click.UsageError(
                f"{option} and --model {options['kind']} exclude each other; leave one of them out"
            )
    if isinstance(options["hidden"], tuple) and options["kind"] != "dbm":
        raise click.UsageError("--hidden takes several numbers with --model dbm alone; give one")
    if "label_copies" not in has and options["labels"] not in (None, NO_LABELS):
        raise click.UsageError(f"--labels and --model {options['kind']} exclude each other")
    return given


def _is_given(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is not click.core.ParameterSource.DEFAULT


def _read(file: str, labels: str | None, options: dict[str, Any], **more: Any) -> DataSet:
    threshold, quiet = options["threshold"], options["quiet"]
    return read_rows(file, labels=labels, threshold=threshold, quiet=quiet, **more)


def _task(data: DataSet, parameters: dict[str, Any], options: dict[str, Any]) -> Course:
    """The machine that has learnt nothing, its rows, and those that test it."""
    from pbit.problems.learning import LearntFrom

    if "graph" in parameters:
        parameters = parameters | {"graph": read_graph(parameters["graph"])}
    machine = _class_of(options["kind"])(**parameters)
    if hasattr(machine, "epochs"):
        machine.set_params(verbose=1)
    machine.set_params(random_state=_seed(options))
    machine.learnt_from_ = LearntFrom.of(data, options["threshold"])
    has_labels = hasattr(machine, "label_copies")
    labels = labels_of(data, options["labels"]) if has_labels else None
    task = Course(machine, Examples(data.source, bits_of(data), labels), kind=options["kind"])
    if options["test"] is None:
        return task
    column = None if options["labels"] and Path(options["labels"]).is_file() else options["labels"]
    test = _read(options["test"], column, options, num_columns=data.num_columns)
    found = None if labels is None else labels_of(test, column)
    return replace(task, test=Examples(test.source, bits_of(test), found))


def _seed(options: dict[str, Any]) -> int:
    """That of the checkpoint, where a training goes on and no other is asked for."""
    from pbit.problems.learning.checkpoint import kept_settings

    if options["resume"] and not _is_given("seed"):
        with refused(options["checkpoint"]):
            kept = kept_settings(options["checkpoint"])
        if kept is not None and isinstance(kept.get("random_state"), int):
            return int(kept["random_state"])
    return sklearn_seed(options["seed"])


def _run(task: Course, options: dict[str, Any]) -> Outcome:
    from pbit.formats.errors import FormatError

    def work(interrupt: Interrupt, bar: Bar) -> Outcome:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", UserWarning)
            outcome = train_machine(task, interrupt, bar)
        outcome.notes = [str(one.message) for one in told if one.category is UserWarning]
        return outcome

    try:
        with extras():
            return carry_out(work, quiet=options["quiet"])
    except FormatError as error:
        raise InputRefused(str(error)) from error
    except OSError as error:
        raise _not_written(options["checkpoint"], error) from error
    except TooLargeError as error:
        raise TooLarge(error.sentence(_told(error.argument))) from error
    except ArgumentError as error:
        if error.argument in ("X", "patterns"):
            raise InputRefused(f"{task.rows.source}: {error.sentence('rows')}") from error
        raise click.UsageError(error.sentence(_told(error.argument))) from error


def _told(argument: str) -> str:
    """The option that fills an argument of the machine."""
    names = option_names(click.get_current_context().command)
    return names.get(argument, "--hidden" if argument in _HIDDEN else argument)


def _write(path: Path, machine: Any) -> None:
    from pbit.problems.machines import save_machine

    try:
        with extras():
            save_machine(machine, path)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> click.ClickException:
    return click.ClickException(f"{path}: {error.strerror or error}")
