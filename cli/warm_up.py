"""``pbit warm-up``: compile the kernels ahead, for images and clusters."""

from __future__ import annotations

import click

from pbit.cli.command import command


@command()
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--only", multiple=True, metavar="NAME", help="A group of kernels, or its beginning.")
def warm_up(jobs: int, only: tuple[str, ...]) -> None:
    """Compile ahead what would be compiled on first use.

    Prints a line for each call that compiles, and the folder where the kernels are kept: set
    NUMBA_CACHE_DIR to choose it.
    """
    from pbit.kernels.notice import NOTICE
    from pbit.warm_up import names
    from pbit.warm_up import warm_up as compile_all

    groups = names()
    for name in only:
        if not any(group.startswith(name) for group in groups):
            raise click.UsageError(f"--only {name}: must be among {', '.join(groups)}")
    with NOTICE.hushed():
        folder = compile_all(only, jobs=jobs, report=click.echo)
    click.echo(folder or "nothing is kept: no folder can be written")
