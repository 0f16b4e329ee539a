"""Data sets and machines on the command line: read, or refused with an exit status."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.refusals import InputRefused, extras

if TYPE_CHECKING:
    from pbit.problems.learning import DataSet, LearntFrom

NO_LABELS = "none"
_LARGEST = 2**32  # seed that scikit-learn takes


def read_rows(
    file: str | BytesIO,
    *,
    labels: str | None = None,
    threshold: float | None = None,
    missing: bool = False,
    num_columns: int | None = None,
    quiet: bool = False,
) -> DataSet:
    """The data set in a file; exit status 4 if it is none. Notes go to the standard error."""
    from pbit.formats.errors import FormatError
    from pbit.problems.learning import read_data

    if file == "-" and sys.stdin is None:
        raise InputRefused("<stdin>: is closed; pipe a file into it or name one")
    try:
        with extras():
            data = read_data(
                file,
                labels=_place(labels),
                threshold=threshold,
                missing=missing,
                num_columns=num_columns,
            )
    except FormatError as error:
        raise InputRefused(str(error)) from error
    except OSError as error:
        raise InputRefused(f"{error.filename or file}: {error.strerror or error}") from error
    for note in () if quiet else _notes(data, labels):
        click.echo(f"note: {note}", err=True)
    return data


def labels_of(data: DataSet, labels: str | None = None) -> Any:
    """Label of each row, words where the file has words; None without, or where none are wanted."""
    import numpy as np

    if data.labels is None or labels == NO_LABELS:
        return None
    return data.labels if data.classes is None else np.array(data.classes)[data.labels]


def load(path: str, *methods: str, command: str) -> Any:
    """The machine in a file; exit status 4 if it is damaged, or has none of these methods."""
    from pbit.formats.errors import FormatError
    from pbit.problems.machines import load_machine

    try:
        with extras():
            machine = load_machine(path)
    except FormatError as error:
        raise InputRefused(str(error)) from error
    except OSError as error:
        raise InputRefused(f"{path}: {error.strerror or error}") from error
    missing = next((name for name in methods if not hasattr(machine, name)), None)
    if missing is not None:
        raise InputRefused(
            f"{path}: {kind_of(machine)}, a machine that cannot do what {command} asks for; "
            f"{_INSTEAD[command]}"
        )
    return _taking_bits(machine)


def _taking_bits(machine: Any) -> Any:
    """The machine without a threshold of its own: rows are made binary where they are read."""
    from dataclasses import replace

    if machine.threshold is not None:
        machine.learnt_from_ = replace(learnt_from(machine), threshold=machine.threshold)
        machine.set_params(threshold=None)
    return machine


_INSTEAD = {
    "pbit generate": "memories are asked with pbit recall and pbit complete",
    "pbit recall": "ask it with pbit complete or pbit generate",
    "pbit classify": "train one with labels (pbit train --labels)",
}


def kind_of(machine: Any) -> str:
    """Name of the machine's kind in files."""
    from pbit.problems.machines.kinds import KNOWN

    return next(kind.name for kind in KNOWN.all().values() if kind.machine is type(machine))


def learnt_from(machine: Any) -> LearntFrom:
    """What is known of the data of a machine."""
    from pbit.problems.learning import LearntFrom

    found: LearntFrom = getattr(machine, "learnt_from_", LearntFrom())
    return found


def rows_for(machine: Any, options: dict[str, Any], *, missing: bool = False) -> DataSet:
    """The rows in ``options["file"]``, as wide as those that the machine was trained on.

    What is not binary is made so by ``--threshold``, else by that of the training, which is told.
    """
    usual = learnt_from(machine).threshold
    given = {"labels": options["labels"], "missing": missing, "quiet": options["quiet"]}
    given |= {"num_columns": machine.n_features_in_}
    if options["threshold"] is not None or usual is None:
        return read_rows(options["file"], threshold=options["threshold"], **given)
    source = _readable_twice(options["file"])
    try:
        return read_rows(source, **given)
    except InputRefused:
        data = read_rows(_rewound(source), threshold=usual, **given)
    if not options["quiet"]:
        click.echo(f"note: --threshold {usual:g}, as in the training", err=True)
    return data


def _readable_twice(file: str) -> str | BytesIO:
    piped = file == "-" and sys.stdin is not None
    return BytesIO(sys.stdin.buffer.read()) if piped else file


def _rewound(source: str | BytesIO) -> str | BytesIO:
    if isinstance(source, BytesIO):
        source.seek(0)
    return source


def bits_of(data: DataSet) -> Any:
    """Rows as 0 and 1."""
    import numpy as np

    return (data.spins > 0).astype(np.uint8)


def in_values(machine: Any, rows: Any) -> Any:
    """Rows of -1 and +1 in the machine's own values."""
    import numpy as np

    values = machine.values_
    if isinstance(values, str):
        return (rows > 0).astype(np.int8) if values == "bits" else np.asarray(rows, np.int8)
    return values.from_spins(rows)


def up(machine: Any, rows: Any) -> Any:
    """Rows in the machine's own values as 0 and 1."""
    import numpy as np

    return (rows == rows.dtype.type(getattr(machine.values_, "high", 1))).astype(np.uint8)


def sklearn_seed(seed: int) -> int:
    """The seed as ``random_state``: itself where that is possible, else 32 bits made of it."""
    import numpy as np

    if seed < _LARGEST:
        return seed
    return int(np.random.SeedSequence(seed).generate_state(1)[0])


def _place(labels: str | None) -> str | Path | None:
    """A file where there is one, else a name in the data; by default what goes by a usual name."""
    if labels is None or labels == NO_LABELS:
        return None
    return Path(labels) if Path(labels).is_file() else labels


def _notes(data: DataSet, labels: str | None) -> tuple[str, ...]:
    if labels != NO_LABELS:
        return data.notes
    return tuple(note for note in data.notes if not note.startswith("labels are those of"))
