"""``pbit logic``: run a circuit in any direction."""

from __future__ import annotations

import math
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command, usage_error
from pbit.cli.model_file import check_fits, write_model
from pbit.cli.output import deliver
from pbit.cli.record import to_json, write_json
from pbit.cli.refusals import InputRefused, refused
from pbit.cli.registered import NETLIST
from pbit.cli.reports.logic_report import (
    histogram_text,
    record_of_histogram,
    record_of_search,
    search_text,
)
from pbit.cli.running import Bar, Interrupt
from pbit.cli.status import INTERRUPTED
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.problems.logic.circuits.circuit import Circuit
    from pbit.problems.logic.circuits.inverse import LogicProblem

NOT_FOUND = 3
_BASES = {"0b": 2, "0d": 10, "0x": 16}
_BETA, _DIRECTED_BETA = 2.0, 8.0
_BETAS = values.Number(">= 0", lambda beta: beta >= 0, remedy="give a number")


@command()
@click.argument("file", required=False)
@click.option(
    "-e",
    "--expression",
    "expressions",
    multiple=True,
    metavar="'y = (a & b) ^ ~c'",
    help="A circuit in a line, instead of FILE; may be repeated.",
)
@click.option(
    "--clamp",
    multiple=True,
    metavar="NAME=1011",
    help="Hold a wire or bus; a digit 0, 1 or x (free) for each bit, the highest first, or a "
    "number as 0d11, 0xb, 0b1011.",
)
@click.option("--read", metavar="A,B", help="What to print.  [default: what is not held]")
@click.option(
    "--solutions",
    "num_solutions",
    type=click.IntRange(1, 10_000),
    default=1,
    show_default=True,
    help="Distinct ones wanted.",
)
@click.option(
    "--histogram", is_flag=True, help="Count values at one beta, beside the exact Boltzmann law."
)
@click.option(
    "--directed",
    is_flag=True,
    help="Couplings from inputs to outputs only: forwards, not Boltzmann.",
)
@shared.beta("Of --histogram and --directed.  [default: 2, 8]", _BETAS)
@shared.beta_range("Of the anneals.", turned=False)
@shared.reads("[default: 128 a turn, 10000 for a histogram]", click.IntRange(1, 2**31))
@shared.sweeps(
    "One turn of this length.  [default: turns of 100, 200, 400 ...; 1000 for a histogram]",
    click.IntRange(1, 2**31),
)
@click.option("--no-propagate", is_flag=True, help="Give p-bits to wires that the clamp decides.")
@shared.time_limit("Of the search.")
@click.option("--format", "format_", type=NETLIST, help="Do not guess.")
@click.option("--top", metavar="MODULE", help="Of a yosys or BLIF file with several.")
@click.option(
    "--base",
    type=click.Choice(["bin", "dec", "hex"]),
    default="bin",
    show_default=True,
    help="How to print buses.",
)
@click.option(
    "--rows", type=click.IntRange(1), default=20, show_default=True, help="Most to print."
)
@click.option(
    "--write",
    "model_file",
    type=values.ModelFile(),
    metavar="FILE",
    help="Write the network for pbit solve, compile, verify or sweep, and end: .json, or .coo "
    "without names.",
)
@shared.native("XOR and MUX as products of spins, without auxiliaries.")
@shared.run_options
@shared.output_options
def logic(**options: Any) -> int:
    """Run the circuit in FILE (BLIF, AIGER, yosys JSON; - for standard input) in any direction.

    Every net is a p-bit. Hold any wires with --clamp and read any others: outputs held, the
    circuit computes backwards. An answer is printed only if the circuit, evaluated by Boolean
    logic on its inputs, meets the clamp.

    \b
    pbit logic -e "y = (a & b) ^ ~c" --clamp y=1 --solutions 4
    pbit logic adder.blif --clamp s=1011 --read a,b
    pbit logic adder.blif --histogram --read cout --beta 1

    Exit status: 0 found, 2 usage, 3 none found, 4 file refused, 130 interrupted.
    """
    _check(options)
    circuit = _circuit(options)
    given = _given_names(options["read"])
    problem = _problem(circuit, given or [], options)
    told = "".join(f"note: {note}\n" for note in circuit.notes)
    if options["model_file"] is not None:
        click.echo(told, nl=False)
        return _write(problem, options)
    record, text = _run(problem, given or _names(circuit, problem), options)
    record["notes"] = list(circuit.notes)
    deliver(
        to_json(record) if options["as_json"] else told + text,
        (options["output"], lambda path: write_json(path, record)),
    )
    if record["reason"] == "interrupted":
        return INTERRUPTED
    return 0 if record["solutions"] or record["histogram"] else NOT_FOUND


def _check(options: dict[str, Any]) -> None:
    if (options["file"] is None) == (not options["expressions"]):
        raise click.UsageError("give either FILE or --expression, the circuit to run")
    if options["histogram"] and options["directed"]:
        raise click.UsageError("--histogram and --directed exclude each other: choose one")
    if options["beta"] is not None and not (options["histogram"] or options["directed"]):
        raise click.UsageError("--beta needs --histogram or --directed; anneals take --beta-range")
    hot, cold = options["beta_range"] or (1.0, 1.0)
    if not 0 < hot <= cold < math.inf:
        raise click.UsageError(
            f"--beta-range must be two finite numbers, 0 < HOT <= COLD, got {hot:g} {cold:g}"
        )
    if options["native"] and options["directed"]:
        raise click.UsageError("--native and --directed exclude each other: choose one")


def _circuit(options: dict[str, Any]) -> Circuit:
    if options["expressions"]:
        from pbit.problems.logic.circuits.from_expressions import circuit_of

        try:
            return circuit_of(options["expressions"])
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    from pbit.problems.logic.netlists import read_circuit

    if options["file"] == "-" and sys.stdin is None:
        raise InputRefused("<stdin>: is closed; pipe a file into it or name one")
    with refused(options["file"]):
        return read_circuit(options["file"], format=options["format_"], top=options["top"])


def _problem(circuit: Circuit, names: list[str], options: dict[str, Any]) -> LogicProblem:
    from pbit.problems.logic.circuits.inverse import LogicProblem

    try:
        clamp = _clamp(options["clamp"])
        if options["directed"]:
            _check_inputs(circuit, clamp)
        return LogicProblem(
            circuit,
            clamp,
            read=names,
            propagate=not (options["no_propagate"] or options["directed"]),
            substitutes=_substitutes(options),
        )
    except (TypeError, ValueError) as error:
        raise usage_error(error) from error


def _check_inputs(circuit: Circuit, clamp: dict[str, int | str]) -> None:
    inputs = {q for literals in circuit.inputs.values() for q in literals}
    stray = [name for name in clamp if not inputs.issuperset(circuit.find(name))]
    if stray:
        raise click.UsageError(
            f"--directed runs forwards: clamp inputs only, got {stray[0]}; leave --directed out"
        )


def _substitutes(options: dict[str, Any]) -> Any:
    from pbit.problems.logic.gates.library import MUX_OF_GATES
    from pbit.problems.logic.gates.native import native_forms

    if options["directed"]:
        return {"MUX": MUX_OF_GATES}
    return native_forms() if options["native"] else {}


def _clamp(texts: tuple[str, ...]) -> dict[str, int | str]:
    clamp: dict[str, int | str] = {}
    for text in (part for option in texts for part in option.split(",")):
        name, equals, value = text.rpartition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name or not value:
            raise click.UsageError(f"--clamp must be NAME=BITS, got {text!r}; write y=1011")
        if name in clamp:
            raise click.UsageError(f"--clamp {name} is given twice; give it once")
        clamp[name] = _number(name, value)
    return clamp


def _number(name: str, value: str) -> int | str:
    base = _BASES.get(value[:2].lower())
    if base is None:
        if not re.fullmatch("[01xX?_]+", value):
            raise click.UsageError(
                f"--clamp {name} must be digits 0, 1 or x, or a number as 0d11, 0xb or 0b1011, "
                f"got {value!r}"
            )
        return value
    try:
        return int(value[2:], base)
    except ValueError:
        raise click.UsageError(f"--clamp {name} must be a number, got {value!r}") from None


def _given_names(text: str | None) -> list[str] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise click.UsageError("--read must name wires, got nothing; write --read a,b")
    return list(dict.fromkeys(names))


def _names(circuit: Circuit, problem: LogicProblem) -> list[str]:
    free = [
        name
        for name, literals in circuit.signals.items()
        if any(literal & ~1 not in problem.held for literal in literals)
    ]
    return free or list(circuit.signals)


def _write(problem: LogicProblem, options: dict[str, Any]) -> int:
    """Write the network and end; the exit status."""
    from pbit.problems.logic.circuits.inverse import Unsatisfiable

    try:
        model = problem.model
    except Unsatisfiable as error:
        click.echo(f"none: {error}")
        return NOT_FOUND
    check_fits("--write", options["model_file"], model)
    write_model(options["model_file"], model)
    if not options["quiet"]:
        click.echo(
            f"{model.num_spins} p-bits; a state solves the circuit where its energy is "
            f"{problem.ground_energy:g}",
            err=True,
        )
    return 0


def _run(
    problem: LogicProblem, names: list[str], options: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    def work(interrupt: Interrupt, bar: Bar) -> tuple[dict[str, Any], str]:
        find = _histogram if options["histogram"] else _search
        return find(problem, names, options, interrupt, bar)

    try:
        record, text = carry_out(work, quiet=options["quiet"])
    except ValueError as error:
        raise usage_error(error) from error
    if not options["quiet"]:
        software = ", ".join(f"{name} {version}" for name, version in versions().items())
        click.echo(
            f"{software}, seed {options['seed']}, {record['p_bits']} p-bits, "
            f"{record['couplings']} couplings, {record['seconds']:.2g} s",
            err=True,
        )
    return record, text


def _search(
    problem: LogicProblem, names: list[str], options: dict[str, Any], interrupt: Interrupt, bar: Bar
) -> tuple[dict[str, Any], str]:
    from pbit.problems.logic.circuits.running import solve

    result = solve(
        problem,
        read=names,
        num_solutions=options["num_solutions"],
        num_reads=options["num_reads"] or 128,
        num_sweeps=options["num_sweeps"],
        beta_range=options["beta_range"],
        directed_beta=_directed_beta(options),
        time_limit_s=options["time_limit_s"],
        seed=options["seed"],
        num_threads=options["num_threads"],
        interrupt=interrupt,
        progress=lambda _: bar.show(None, "searching"),
    )
    widths = {name: len(problem.circuit.find(name)) for name in names}
    return record_of_search(result, options), search_text(result, widths, options)


def _directed_beta(options: dict[str, Any]) -> float | None:
    if not options["directed"]:
        return None
    return _DIRECTED_BETA if options["beta"] is None else float(options["beta"])


def _histogram(
    problem: LogicProblem, names: list[str], options: dict[str, Any], interrupt: Interrupt, bar: Bar
) -> tuple[dict[str, Any], str]:
    from pbit.problems.logic.circuits.histograms import histogram
    from pbit.problems.logic.circuits.inverse import Unsatisfiable
    from pbit.run.control import Control

    try:
        table = histogram(
            problem,
            names,
            beta=_BETA if options["beta"] is None else options["beta"],
            num_reads=options["num_reads"] or 10_000,
            num_sweeps=options["num_sweeps"] or 1000,
            seed=options["seed"],
            num_threads=options["num_threads"],
            control=Control(
                time_limit_s=options["time_limit_s"],
                interrupt=interrupt,
                progress=lambda state: bar.show(state.fraction, "sampling"),
            ),
        )
    except Unsatisfiable as error:
        raise click.UsageError(f"{error}; --no-propagate samples it all the same") from error
    widths = {name: len(problem.circuit.find(name)) for name in names}
    return record_of_histogram(problem, table, options), histogram_text(table, widths, options)
