"""``pbit gate``: the p-bits, weights and gap of a Boolean expression or of a library gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command, told_options, usage_error
from pbit.cli.model_file import check_fits, write_model
from pbit.cli.output import deliver
from pbit.cli.record import to_json
from pbit.cli.refusals import TooLarge
from pbit.cli.reports.gate_report import pins_of, record_of, text_of
from pbit.cli.running import Bar, Interrupt
from pbit.cli.status import INTERRUPTED

if TYPE_CHECKING:
    from pbit.problems.logic.gates.gate import Gate

NONE_FOUND = 3
_SEARCHED = ("max_weight", "max_bias", "num_auxiliaries", "min_gap", "integer")


def _list_gates(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    click.echo(
        f"{'name':<20} {'p-bits':>6} {'gap':>4} {'weights':>7}  inputs > outputs > auxiliary"
    )
    for name, gate in _library().items():
        most = max(abs(weight) for _, weight in gate.all_terms)
        pins = pins_of(gate)
        click.echo(f"{name:<20} {len(gate.pins):>6} {gate.gap:>4g} {most:>7g}  {pins}")
    ctx.exit()


@command()
@click.argument("expression", required=False)
@click.option("--name", metavar="NAME", help="A gate of the library instead.")
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_gates,
    help="Print the library.",
)
@click.option(
    "--max-weight",
    type=float,
    default=2.0,
    show_default=True,
    help="Largest |J|, and |h| if not given.",
)
@click.option("--max-bias", type=float, help="Largest |h|.")
@click.option(
    "--auxiliaries",
    "num_auxiliaries",
    type=click.IntRange(0, 4),
    metavar="N",
    help="Auxiliary p-bits.  [default: as few as possible]",
)
@click.option("--min-gap", type=float, default=0.0, help="Add auxiliary p-bits up to this gap.")
@click.option("--integer", is_flag=True, help="Whole-number weights only.")
@shared.native("Products of many spins, no auxiliary p-bits.")
@shared.time_limit("Of the search.", type=click.FLOAT)
@shared.as_json
@shared.output("Model for pbit solve: .json, or .coo without names.", values.ModelFile())
def gate(**options: Any) -> int:
    """Find p-bits whose ground states are the truth table of EXPRESSION.

        pbit gate "a & b"

        pbit gate "s = a ^ b; c = a & b" --integer

        pbit gate --name full_adder --output adder.json

    From tight to loose: ~ & ^ | == != and parentheses; also maj(a, b, c), mux(s, a, b), which is
    b where s is 1, and nand(), nor(), xnor(). The gap is the least energy above the ground states,
    E = -sum h s - sum J s s; it is made as large as the weights allow, and checked by enumeration.

    Exit status: 0 done, 2 usage, 3 no such gate or none in time, 5 more than 12 pins, 130
    interrupted.
    """
    _check(options)
    made, reason = _made(options)
    if made is None:
        click.echo(to_json({"gate": None, "reason": reason}) if options["as_json"] else reason)
        return INTERRUPTED if reason == "interrupted" else NONE_FOUND
    model = made.model
    check_fits("--output", options["output"], model)
    deliver(
        to_json(record_of(made)) if options["as_json"] else text_of(made, options),
        (options["output"], lambda path: write_model(path, model)),
    )
    return INTERRUPTED if reason == "interrupted" else 0


def _library() -> dict[str, Gate]:
    from pbit.problems.logic.gates.library import GATES

    return {gate.name.lower().replace(" ", "_").replace("-", "_"): gate for gate in GATES}


def _check(options: dict[str, Any]) -> None:
    """Refuse what can be told to be wrong before any work is done."""
    name, native = options["name"], options["native"]
    if (options["expression"] is None) == (name is None):
        raise click.UsageError('give one expression, such as "a & b", or --name; see --list')
    if name is None and not native:
        return
    given = told_options({key: options[key] for key in _SEARCHED}, changed=True)
    for option in given:
        raise click.UsageError(
            f"--{option.replace('_', '-')} is for a gate that is searched for; leave it out with "
            f"{'--native' if native else '--name'}"
        )


def _made(options: dict[str, Any]) -> tuple[Gate | None, str]:
    """The gate, or why there is none."""
    name, expression = options["name"], options["expression"]
    if name is not None:
        library = _library()
        if name not in library:
            raise click.UsageError(f"--name {name}: there is no such gate; see pbit gate --list")
        found = library[name]
        return (_native(found, found.name) if options["native"] else found), ""
    table = _table(expression)
    return (_native(table, expression), "") if options["native"] else _search(table, options)


def _native(table: Any, name: str) -> Gate:
    from pbit.problems.logic.gates.native import native_gate

    return native_gate(table, name=name)


def _table(expression: str) -> Any:
    from pbit.problems.logic.gates.expression import parse_outputs
    from pbit.problems.logic.gates.truth_table import MAX_TABLE_PINS, table_of

    try:
        outputs = parse_outputs(expression)
        variables = {name for each in outputs.values() for name in each.variables}
        if len(variables | set(outputs)) > MAX_TABLE_PINS:
            raise TooLarge(
                f"the expression has {len(variables)} variables and {len(outputs)} outputs, the "
                f"limit is {MAX_TABLE_PINS} together; build a circuit of smaller gates"
            )
        return table_of(expression)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _search(table: Any, options: dict[str, Any]) -> tuple[Gate | None, str]:
    def work(interrupt: Interrupt, bar: Bar) -> tuple[Gate | None, str]:
        from pbit.problems.logic.gates.synthesis import NoGateError, synthesize_gate

        bar.show(None, "searching auxiliary bits and weights")
        try:
            found, reason = (
                synthesize_gate(
                    table,
                    **{name: options[name] for name in (*_SEARCHED, "time_limit_s")},
                    name=options["expression"],
                    interrupt=interrupt,
                ),
                "",
            )
        except NoGateError as error:
            found, reason = None, error.sentence("--time-limit")
        return found, "interrupted" if interrupt() else reason

    try:
        return carry_out(work)
    except KeyboardInterrupt:
        return None, "interrupted"
    except ValueError as error:
        raise usage_error(error) from error
