"""``pbit verify``: does the sampler follow the Boltzmann law of the model in this file?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command
from pbit.cli.reading import energy_of, file_options, pairwise, read_contents
from pbit.cli.record import keys, to_json
from pbit.cli.refusals import TooLarge
from pbit.cli.reports.verify_report import record_of, text_of
from pbit.cli.running import Bar, Interrupt

if TYPE_CHECKING:
    from pbit.measure.verification.verify import Certificate
    from pbit.problems.core.problem import Problem
    from pbit.run.control import Progress

FAILED = 3
_ALPHA = values.Number("a probability between 0 and 1", lambda alpha: 0 < alpha < 1)
_SAME = (
    "beta",
    "num_reads",
    "num_sweeps",
    "seed",
    "alpha",
    "rule",
    "order",
    "kernel",
    "num_threads",
    "patch_size",
)


@command()
@file_options
@shared.beta("Inverse temperature.  [default: hot end of pbit info]")
@shared.reads("Independent samples.", click.IntRange(1, 2**31), default=10_000)
@shared.sweeps("Burn-in of each.", click.IntRange(2, 2**31), default=200)
@click.option(
    "--alpha",
    type=_ALPHA,
    default=1e-6,
    show_default=True,
    help="Chance that a sound sampler fails, all tests together.",
)
@shared.rule("heat-bath")
@shared.order()
@shared.kernel
@click.option("--spin", metavar="NAME", help="Test a patch around this variable.")
@click.option("--patch-size", type=click.IntRange(min=1), help="Its spins.  [default: 20]")
@shared.run_options
@shared.as_json
def verify(**options: Any) -> int:
    """Sample the model in FILE (- for standard input) and test the samples.

    They are compared with the exact Boltzmann law: every mean, every correlation of a coupled
    pair, the mean energy, and up to 14 spins the whole states. A model of up to 1000 spins and low
    treewidth is tested whole, of any other a patch: some spins around one, drawn at random or
    named, the rest held at a sampled state. A weighted graph is read as Ising unless --problem
    says otherwise.

    Exit status: 0 PASS, 2 usage, 3 FAIL, 4 file refused, 5 too large for this machine or for an
    exact law, 130 interrupted.
    """
    contents = read_contents(options["file"], options["format_"])
    problem = energy_of(contents, options["problem"], options["ising_sign"])
    pairwise(problem, "pbit verify")
    certificate = _run(problem, options, _index(problem, options["spin"]))
    record = record_of(contents, problem, certificate)
    click.echo(to_json(record) if options["as_json"] else text_of(record, options))
    return 0 if certificate.passed else FAILED


def _index(problem: Problem, name: str | None) -> int | None:
    if name is None:
        return None
    names = keys(problem.labels)
    if name not in names:
        first = ", ".join(names[:3])
        raise click.UsageError(f"--spin {name:.40}: no such variable; the first ones are {first}")
    return names.index(name)


def _run(problem: Problem, options: dict[str, Any], centre: int | None) -> Certificate:
    def work(interrupt: Interrupt, bar: Bar) -> Certificate:
        from pbit.exact.elimination import TooWide
        from pbit.measure.verification.verify import verify as run_verify
        from pbit.run.control import Control

        def show(report: Progress) -> None:
            bar.show(report.fraction, "sampling")

        try:
            return run_verify(
                pairwise(problem, "pbit verify"),
                **{name: options[name] for name in _SAME},
                centre=centre,
                control=Control(interrupt=interrupt, progress=show),
            )
        except TooWide as error:
            raise TooLarge(
                "no exact law for so many spins: its largest table would be over "
                f"{error.width + 1} spins or more, and 24 are the limit; lower --patch-size"
            ) from error

    return carry_out(work, quiet=options["quiet"], patient=False)
