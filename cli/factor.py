"""``pbit factor``: split a number into two factors with a network of p-bits."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pbit.cli import options as shared
from pbit.cli.command import Command, carry_out, command
from pbit.cli.output import deliver
from pbit.cli.record import to_json, write_json
from pbit.cli.refusals import TooLarge
from pbit.cli.running import Bar, Interrupt
from pbit.cli.status import INTERRUPTED
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.problems.factoring import FactorProgress, FactorResult

MAX_BITS = 64
NOT_FOUND = 3
_PROVABLE_BITS = 81


class _FactorCommand(Command):
    """Takes ``-5`` for a number, so that the answer is not that there is no option -5."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for before, arg in zip(["", *args], args, strict=False):
            if re.fullmatch(r"-[\d.]\S*", arg) and not before.startswith("-"):
                _refuse(arg)
        return super().parse_args(ctx, args)


@command(cls=_FactorCommand)
@click.argument("number", metavar="N")
@shared.method(
    "The network: (XY - N)^2, columns with carries, or a circuit. auto is cost, the fastest.",
    "cost",
    "columns",
    "multiplier",
)
@shared.time_limit("Of the search.")
@shared.run_options
@shared.output_options
def factor(**options: Any) -> int:
    """Factor the integer N with a network of p-bits.

    Factors are read off p-bit states and verified by multiplication; N is never divided.
    An even N is split by parity and a prime is told by a primality test, both without p-bits.
    An odd composite N may have at most 64 bits. Two primes of equal length take, on two cores,
    with cost a hundredth of a second at 32 bits, a tenth at 40, seconds at 48 and five times as
    long with every 4 bits more; with columns a tenth of a second at 24 bits, seconds at 28; with
    multiplier a quarter of a second at 20 bits, 2 to 15 seconds at 24. Trial division is faster.

    Exit status: 0 factors found, 2 usage, 3 none found or nothing to factor, 5 N too large,
    130 interrupted.
    """
    n = _parse(options["number"])
    result = _search(n, options)
    record = _record(n, options["seed"], result)
    if record["reason"] == "even" and not options["quiet"]:
        click.echo(f"{n} is even: parity gives the factor 2, no p-bits were needed", err=True)
    deliver(
        to_json(record) if options["as_json"] else _sentence(record, options["time_limit_s"]),
        (options["output"], lambda path: write_json(path, record)),
    )
    if record["reason"] == "interrupted":
        return INTERRUPTED
    return 0 if record["factors"] else NOT_FOUND


def _parse(text: str) -> int:
    if not re.fullmatch(r"\+?0*[1-9][0-9]*", text.strip()):
        _refuse(text)
    digits = text.strip().lstrip("+0")
    limit = sys.get_int_max_str_digits()
    if limit and len(digits) > limit:
        raise _too_large(f"{len(digits)} digits")
    n = int(digits)
    if n % 2 and n.bit_length() > MAX_BITS and not _is_known_prime(n):
        raise _too_large(f"{n.bit_length()} bits")
    return n


def _refuse(text: str) -> NoReturn:
    shown = text if len(text) <= 40 else f"{text[:40]}..."
    raise click.UsageError(
        f"N must be an integer >= 1 in decimal digits, got {shown!r}; write for example 945"
    )


def _is_known_prime(n: int) -> bool:
    if n.bit_length() > _PROVABLE_BITS:
        return False
    from pbit.problems.factoring.primality import is_prime

    return is_prime(n)


def _too_large(size: str) -> TooLarge:
    return TooLarge(
        f"N has {size}, the limit is {MAX_BITS} bits: products are kept in 64-bit words, and the "
        "time doubles with every second bit. Divide known factors out first or use a number field "
        "sieve"
    )


class _Reporter:
    """Header and progress; fed by the searching thread, the first time before it compiles."""

    def __init__(self, n: int, seed: int, bar: Bar, *, quiet: bool) -> None:
        self.n, self.seed, self.bar, self.quiet = n, seed, bar, quiet
        self.has_header = False

    def __call__(self, progress: FactorProgress) -> None:
        if self.has_header:
            self.bar.show(None, "factoring {} as {} x {} bits".format(self.n, *progress.shape))
        elif not self.quiet:
            software = ", ".join(f"{name} {version}" for name, version in versions().items())
            network = f"{progress.method}, {progress.p_bits} p-bits"
            click.echo(f"{software}, seed {self.seed}, {network}", err=True)
        self.has_header = True


def _search(n: int, options: dict[str, Any]) -> FactorResult | None:
    """What the search came to, None if Ctrl-C found it busy importing or compiling."""

    def work(interrupt: Interrupt, bar: Bar) -> FactorResult:
        from pbit.problems.factoring import factor as find

        report = _Reporter(n, options["seed"], bar, quiet=options["quiet"])
        return find(
            n,
            **{name: options[name] for name in ("method", "time_limit_s", "seed", "num_threads")},
            interrupt=interrupt,
            progress=report,
        )

    try:
        return carry_out(work, quiet=options["quiet"])
    except KeyboardInterrupt:
        return None


def _record(n: int, seed: int, result: FactorResult | None) -> dict[str, Any]:
    return {
        "n": n,
        "factors": list(result.factors) if result and result.factors else None,
        "method": result.method if result else None,
        "p_bits": result.p_bits if result else 0,
        "terms": result.terms if result else 0,
        "updates": result.updates if result else 0,
        "sweeps": result.sweeps if result else 0,
        "seconds": result.seconds if result else 0.0,
        "seed": seed,
        "reason": result.reason if result else "interrupted",
        "versions": versions(),
    }


def _sentence(record: dict[str, Any], time_limit: float) -> str:
    n, factors = record["n"], record["factors"]
    if factors:
        return f"{n} = {factors[0]} x {factors[1]}"
    return {
        "one": "1 has no factors: nothing to factor",
        "prime": f"{n} is prime: nothing to factor",
        "time_limit": f"no factors of {n} found in {time_limit:g} s",
        "interrupted": "interrupted",
    }[record["reason"]]
