"""``pbit gate``: the p-bits, weights and gap of a Boolean expression or of a library gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.model_file import check_fits, check_model_file, write_model
from pbit.cli.record import to_json
from pbit.cli.refusals import TooLarge
from pbit.cli.running import INTERRUPTED, Bar, Interrupt, run_in_thread
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.problems.logic.gates.gate import Gate

NONE_FOUND = 3
_BETAS = (0.5, 1.0, 2.0)
_MOST_ROWS = 32
_WIDTH = 79
_OPTIONS = {
    "max_weight": "--max-weight",
    "max_bias": "--max-bias",
    "num_auxiliaries": "--auxiliaries",
    "min_gap": "--min-gap",
    "time_limit_s": "--time-limit",
}


def _list_gates(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    click.echo(
        f"{'name':<20} {'p-bits':>6} {'gap':>4} {'weights':>7}  inputs > outputs > auxiliary"
    )
    for name, gate in _library().items():
        most = max(abs(weight) for _, weight in gate.all_terms)
        pins = _pins(gate)
        click.echo(f"{name:<20} {len(gate.pins):>6} {gate.gap:>4g} {most:>7g}  {pins}")
    ctx.exit()


@click.command()
@click.argument("expression", required=False)
@click.option("--name", metavar="NAME", help="A gate of the library instead.")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list_gates,
              help="Print the library.")  # fmt: skip
@click.option("--max-weight", type=float, default=2.0, show_default=True,
              help="Largest |J|, and |h| if not given.")  # fmt: skip
@click.option("--max-bias", type=float, help="Largest |h|.")
@click.option("--auxiliaries", type=click.IntRange(0, 4), metavar="N",
              help="Auxiliary p-bits.  [default: as few as possible]")  # fmt: skip
@click.option("--min-gap", type=float, default=0.0, help="Add auxiliary p-bits up to this gap.")
@click.option("--integer", is_flag=True, help="Whole-number weights only.")
@click.option("--native", is_flag=True, help="Products of many spins, no auxiliary p-bits.")
@click.option("--time-limit", type=float, default=60.0, show_default=True, help="Seconds.")
@click.option("--json", "as_json", is_flag=True, help="Print the gate as JSON.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Model for pbit solve: .json, or .coo without names.")  # fmt: skip
def gate(expression: str | None, name: str | None, **options: Any) -> None:
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
    _check(expression, name, options)
    options["name"] = name
    made, reason = _made(expression, name, options)
    output = options["output"]
    if made is None:
        click.echo(to_json({"gate": None, "reason": reason}) if options["as_json"] else reason)
    else:
        check_fits("--output", output, made.model)
        try:
            if output is not None:
                write_model(output, made.model)
        finally:
            click.echo(to_json(_record(made)) if options["as_json"] else _text(made, options))
    status = 0 if made is not None else NONE_FOUND
    interrupted = reason == "interrupted"
    click.get_current_context().exit(INTERRUPTED if interrupted else status)


def _library() -> dict[str, Gate]:
    from pbit.problems.logic.gates.library import GATES

    return {gate.name.lower().replace(" ", "_").replace("-", "_"): gate for gate in GATES}


def _check(expression: str | None, name: str | None, options: dict[str, Any]) -> None:
    """Refuse what can be told to be wrong before any work is done."""
    if (expression is None) == (name is None):
        raise click.UsageError('give one expression, such as "a & b", or --name; see --list')
    output = options["output"]
    check_model_file("--output", output)
    source = click.get_current_context().get_parameter_source
    if name is None and not options["native"]:
        return
    given = [key for key in ("max_weight", "max_bias", "auxiliaries", "min_gap", "integer")
             if (found := source(key)) is not None and found.name == "COMMANDLINE"]  # fmt: skip
    if given:
        option = f"--{given[0].replace('_', '-')}"
        raise click.UsageError(
            f"{option} is for a gate that is searched for; leave it out with "
            f"{'--native' if options['native'] else '--name'}"
        )


def _made(
    expression: str | None, name: str | None, options: dict[str, Any]
) -> tuple[Gate | None, str]:
    """The gate, or why there is none."""
    if name is not None:
        library = _library()
        if name not in library:
            raise click.UsageError(f"--name {name}: there is no such gate; see pbit gate --list")
        found = library[name]
        return (_native(found, found.name) if options["native"] else found), ""
    assert expression is not None
    table = _table(expression)
    if options["native"]:
        return _native(table, expression), ""
    return _search(table, expression, options)


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


def _search(table: Any, name: str, options: dict[str, Any]) -> tuple[Gate | None, str]:
    interrupt = Interrupt()
    with interrupt.listening(), Bar(quiet=False) as bar:

        def work() -> Gate:
            from pbit.problems.logic.gates.synthesis import synthesize_gate

            bar.show(None, "searching auxiliary bits and weights")
            return synthesize_gate(
                table,
                max_weight=options["max_weight"],
                max_bias=options["max_bias"],
                num_auxiliaries=options["auxiliaries"],
                min_gap=options["min_gap"],
                integer=options["integer"],
                name=name,
                time_limit_s=options["time_limit"],
                interrupt=interrupt,
            )

        try:
            return run_in_thread(work, interrupt, bar), "interrupted" if interrupt() else ""
        except KeyboardInterrupt:
            return None, "interrupted"
        except ValueError as error:
            if not hasattr(error, "is_proven"):
                raise _usage(error) from error
            reason = str(error).replace("time_limit_s", _OPTIONS["time_limit_s"])
            return None, "interrupted" if interrupt() else reason


def _usage(error: ValueError) -> click.UsageError:
    """The error with the name of the option instead of the argument's."""
    argument, _, rest = str(error).partition(" ")
    return click.UsageError(f"{_OPTIONS.get(argument, argument)} {rest}")


def _record(gate: Gate) -> dict[str, Any]:
    return {
        "gate": gate.name,
        "pins": list(gate.pins),
        "inputs": list(gate.inputs),
        "outputs": list(gate.outputs),
        "auxiliaries": list(gate.auxiliaries),
        "h": dict(zip(gate.pins, gate.biases, strict=True)),
        "J": [[gate.pins[i], gate.pins[j], weight] for i, j, weight in gate.couplings],
        "products": [[[gate.pins[k] for k in pins], weight] for pins, weight in gate.terms],
        "ground_energy": gate.ground_energy,
        "gap": gate.gap,
        "gap_bound": gate.gap_bound,
        "rows": [list(row) for row in gate.rows],
        "rows_are_ground_states": gate.check(),
        "probability_valid": {f"{beta:g}": gate.probability_valid(beta) for beta in _BETAS},
        "versions": versions(),
    }


def _text(gate: Gate, options: dict[str, Any]) -> str:
    count = len(gate.auxiliaries)
    checked = "are the ground states" if gate.check() else "ARE NOT the ground states"
    valid = ", ".join(f"{gate.probability_valid(beta):.4g} at beta {beta:g}" for beta in _BETAS)
    lines = [
        ("gate", gate.name),
        ("pins", f"{_pins(gate)}  (inputs > outputs{' > auxiliary' if count else ''})"),
        ("p-bits", f"{len(gate.pins)}, {count or 'none'} of them auxiliary"),
        ("ground energy", f"{gate.ground_energy:.6g}"),
        ("gap", f"{gate.gap:.6g}{_bound(gate, options)}"),
        ("check", f"{len(gate.rows)} rows {checked} among {2 ** len(gate.pins)} states"),
        ("P(valid)", valid),
    ]
    text = [_folded(label, value) for label, value in lines]
    sizes = ((1, "h"), (2, "J"), (3, "products"))
    for size, label in sizes:
        terms = [term for term in gate.all_terms if min(len(term[0]), 3) == size]
        for k, (pins, weight) in enumerate(terms):
            names = " ".join(gate.pins[pin] for pin in pins)
            start = f"{'' if k else label:<14} {weight:>9.6g}  "
            text.append(click.wrap_text(names, _WIDTH, start, " " * len(start)))
    return "\n".join([*text, *_rows(gate), *_written(options)])


def _written(options: dict[str, Any]) -> list[str]:
    return [] if options["output"] is None else [f"{'output':<15}{options['output']}"]


def _folded(label: str, value: str) -> str:
    text: str = click.wrap_text(value, _WIDTH, f"{label:<15}", " " * 15)
    return text


def _pins(gate: Gate) -> str:
    groups = (gate.inputs, gate.outputs, gate.auxiliaries)
    return " > ".join(" ".join(group) for group in groups if group)


def _bound(gate: Gate, options: dict[str, Any]) -> str:
    if options["name"] is not None or options["native"]:
        return ""
    if gate.gap_bound is None:
        return "; not proven to be the largest"
    if gate.gap_bound > gate.gap * (1 + 1e-6):
        return f"; not proven to be the largest, which is at most {gate.gap_bound:.6g}"
    bias = options["max_bias"]
    limits = f"|J| and |h| up to {options['max_weight']:g}"
    if bias is not None:
        limits = f"|J| up to {options['max_weight']:g} and |h| up to {bias:g}"
    whole = ", whole numbers" if options["integer"] else ""
    return f", the largest with so many p-bits and {limits}{whole}"


def _rows(gate: Gate) -> list[str]:
    """The truth table, where it is small enough to read."""
    kept = gate.num_inputs + gate.num_outputs
    names = list(gate.pins)
    for place in (kept, gate.num_inputs):
        if 0 < place < len(names):
            names.insert(place, ">")
    lines = [" ".join(names)]
    if len(gate.rows) > _MOST_ROWS or len(lines[0]) > _WIDTH - 15:
        return []
    for row in gate.rows:
        bits = [str(bit) for bit in row]
        for place in (kept, gate.num_inputs):
            if 0 < place < len(bits):
                bits.insert(place, ">")
        lines.append(" ".join(f"{b:>{len(name)}}" for b, name in zip(bits, names, strict=True)))
    return [f"{'' if k else 'rows':<15}{line}" for k, line in enumerate(lines)]
