"""``pbit generate``: samples of what a machine has learnt."""

from __future__ import annotations

from typing import Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command
from pbit.cli.learning import kind_of, learnt_from, load, sklearn_seed, up
from pbit.cli.rows_file import ShownRows
from pbit.cli.running import Bar, Interrupt
from pbit.cli.showing import check_pictures, show_rows
from pbit.machine import check_memory
from pbit.versions import versions

_PBIT_BYTES = 16  # its state, its field, and copies on the way


@command()
@shared.machine()
@click.option("--samples", default=10, show_default=True, type=click.IntRange(1), help="Of each L.")
@click.option("--label", multiple=True, metavar="L", help="A class to draw from; may be repeated.")
@shared.steps("Gibbs steps from fair coins, a chain a sample.  [default: 1000]")
@shared.beta("Inverse temperature.  [default: 1, that of what was learnt]")
@shared.output("Write to .npz, .npy, .csv, or images side by side to .png.", values.RowsFile())
@shared.plot("Draw images to .png, .pdf, .svg.", unnamed="samples.png")
@shared.seed
@shared.as_json
@shared.quiet
def generate(**options: Any) -> None:
    """Draw samples of what the machine in MODEL (of pbit train) has learnt.

    Prints images side by side if it has learnt images, else rows of 0 and 1.

    Exit status: 0 done, 2 usage, 4 MODEL refused, 5 too large for this machine, 130 interrupted.
    """
    machine = load(options["machine"], "sample", command="pbit generate")
    about = learnt_from(machine)
    check_pictures(options, about.image_shape)
    labels = _labels(machine, options)
    bits = up(machine, _run(machine, labels, options))
    record = {
        "model": kind_of(machine),
        "file": options["machine"],
        "seed": options["seed"],
        "labels": None if labels is None else labels.tolist(),
        "versions": versions(),
    }
    show_rows(ShownRows(bits, about.image_shape, about.names, labels), record, options)


def _labels(machine: Any, options: dict[str, Any]) -> Any:
    """A label for each sample; classes that the machine has not are refused (usage error)."""
    import numpy as np

    if not options["label"]:
        return None
    known = {str(name): name for name in machine.classes_.tolist()}
    for label in options["label"]:
        if label not in known:
            raise click.UsageError(
                f"--label {label}: must be a class of {options['machine']}, which has "
                f"{', '.join(known) or 'none: it was trained without labels'}"
            )
    chosen = np.array([known[label] for label in options["label"]])
    return np.repeat(chosen, options["samples"])


def _run(machine: Any, labels: Any, options: dict[str, Any]) -> Any:
    given = {name: options[name] for name in ("n_steps", "beta") if options[name] is not None}
    count = options["samples"] if labels is None else len(labels)
    pbits = machine.n_features_in_ + len(machine.get_feature_names_out())
    check_memory(_PBIT_BYTES * count * pbits, what=f"chains of {pbits} p-bits", lower="samples")

    def work(interrupt: Interrupt, bar: Bar) -> Any:
        bar.show(None, f"{count} samples")
        return machine.sample(
            count, labels=labels, random_state=sklearn_seed(options["seed"]), **given
        )

    return carry_out(work, quiet=options["quiet"], patient=False)
