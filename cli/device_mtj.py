"""``pbit device mtj``: a magnetic tunnel junction, simulated and by its closed forms."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.output import check_writable, write_whole
from pbit.cli.plot import check_plot
from pbit.cli.record import to_json
from pbit.cli.running import Bar, Interrupt, run_in_thread
from pbit.cli.units import quantity, with_error
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.fitting.characterise import Characterisation, Transfer
    from pbit.devices.mtj import Junction

_OPTIONS = {
    "delta": "barrier",
    "phi0": "attempt_frequency_Hz",
    "critical_current": "critical_current_A",
    "n": "barrier_exponent",
    "asymmetry": "asymmetry",
    "resistance": "resistance_P_ohm",
    "tmr": "tmr",
}
_VALID_FROM = 3.0  # kT
_ROWS = (
    ("mean state", "mean", ""),
    ("dwell time in P", "dwell_P_s", "s"),
    ("dwell time in AP", "dwell_AP_s", "s"),
    ("correlation time", "correlation_time_s", "s"),
    ("cycles", "cycle_rate_Hz", "Hz"),
)


def _list_presets(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from pbit.devices.junctions import PRESETS

    for name, preset in PRESETS.items():
        lines = (preset.source, preset.known, preset.note, f"assumed: {', '.join(preset.assumed)}")
        click.echo(f"{name}  (delta {preset.junction.barrier:.4g})")
        for line in lines:
            click.echo(click.wrap_text(line, 78, "    ", "      "))
    ctx.exit()


@click.command()
@click.option("--delta", type=float, help="Barrier in kT at 300 K.")
@click.option("--phi0", type=float, help="Attempt frequency in Hz.  [default: 1e9]")
@click.option("--n", type=float, help="Exponent of the barrier, 1 to 2.  [default: 1]")
@click.option("--critical-current", type=float, metavar="A", help="[default: 1e-5]")
@click.option("--asymmetry", type=float, help="Stray field over anisotropy field.  [default: 0]")
@click.option("--resistance", type=float, metavar="OHM", help="Of the P state.  [default: 5000]")
@click.option("--tmr", type=float, help="Magnetoresistance, 1 for 100 %.  [default: 1]")
@click.option("--preset", metavar="NAME", help="A junction of the literature, to start from.")
@click.option("--list-presets", is_flag=True, is_eager=True, expose_value=False,
              callback=_list_presets, help="Print the presets and what they assume.")  # fmt: skip
@click.option("--temperature", type=float, metavar="K", help="Rescales delta.  [default: 300]")
@click.option("--current", type=float, metavar="A", help="Positive favours P.  [default: 0]")
@click.option("--bias", type=float, help="The current over the critical one instead.")
@click.option("--duration", type=float, metavar="S",
              help="Of each of 32 junctions.  [default: as long as it takes]")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Drawn if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), is_flag=False,
              flag_value="mtj.png", metavar="[FILE]",
              help="Draw trace, transfer curve, spectrum.  [without a name: mtj.png]")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Nothing on stderr.")
def mtj(**options: Any) -> None:
    """Simulate a magnetic tunnel junction and compare it with its closed forms.

    A random telegraph between P (s = +1) and AP (s = -1) with Néel-Brown rates:
    exp(-delta (1 +- (I / Ic + asymmetry))^n) times the attempt frequency. The device is a p-bit
    with mean tanh(gain I).

    Defaults other than the barrier are round numbers, not measurements. Errors are standard
    errors, from 32 independent junctions.

    Exit status: 0 done, 2 usage, 130 interrupted.
    """
    check_plot(options["plot"])
    check_writable("--plot", options["plot"])
    junction = _junction(options)
    current_A = _current(junction, options)
    if not options["quiet"]:
        _warn(junction, current_A)
    result, transfer = _run(junction, current_A, options)
    record = _record(result)
    click.echo(to_json(record) if options["as_json"] else _text(result))
    if transfer is not None:
        from pbit.cli.device_plot import mtj_figure

        figure = mtj_figure(result, transfer)
        write_whole(options["plot"], lambda temporary: figure.savefig(temporary, dpi=150))
        if not options["as_json"]:
            click.echo(f"{'plot':<19} {options['plot']}")


def _junction(options: dict[str, Any]) -> Junction:
    from pbit.devices.junctions import preset
    from pbit.devices.mtj import Junction

    given = {field: options[name] for name, field in _OPTIONS.items() if options[name] is not None}
    if options["preset"] is None and options["delta"] is None:
        raise click.UsageError(
            "give --delta, the barrier in kT, or --preset; for example --delta 8"
        )
    try:
        if options["preset"] is None:
            junction = Junction(**given)
        else:
            junction = replace(preset(options["preset"]).junction, **given)
        if options["temperature"] is not None:
            junction = junction.at_temperature(options["temperature"])
    except ValueError as error:
        raise _usage(error) from error
    return junction


def _usage(error: ValueError) -> click.UsageError:
    """The error with the name of the option instead of the argument's."""
    names = {field: name for name, field in _OPTIONS.items()}
    names |= {"temperature_K": "temperature", "duration_s": "duration", "preset": "preset"}
    names |= {"current_A": "current"}
    field, _, rest = str(error).partition(" ")
    return click.UsageError(f"--{names[field].replace('_', '-')} {rest}")


def _current(junction: Junction, options: dict[str, Any]) -> float:
    current, bias = options["current"], options["bias"]
    if current is not None and bias is not None:
        raise click.UsageError("--current and --bias say the same; give one of them")
    for name, value in (("--current", current), ("--bias", bias)):
        if value is not None and not math.isfinite(value):
            raise click.UsageError(f"{name} must be a finite number, got {value}")
    return float(current or 0.0 if bias is None else bias * junction.critical_current_A)


def _warn(junction: Junction, current_A: float) -> None:
    if junction.barrier < _VALID_FROM:
        click.echo(
            f"the barrier is {junction.barrier:.3g} kT: below about 3 kT the Néel-Brown law is an "
            "extrapolation",
            err=True,
        )
    if min(float(barrier) for barrier in junction.barriers(current_A)) == 0:
        click.echo(
            "one barrier is gone at this current: the rate out of that state is held at the "
            "attempt frequency",
            err=True,
        )


def _run(
    junction: Junction, current_A: float, options: dict[str, Any]
) -> tuple[Characterisation, Transfer | None]:
    interrupt = Interrupt()
    with interrupt.listening(), Bar(quiet=options["quiet"]) as bar:

        def work() -> tuple[Characterisation, Transfer | None]:
            from pbit.devices.fitting.characterise import characterise, transfer_curve

            result = characterise(
                junction, current_A, duration_s=options["duration"], seed=options["seed"]
            )
            if options["plot"] is None:
                return result, None
            return result, transfer_curve(
                junction,
                seed=result.trace.seed,
                each=lambda fraction: bar.show(fraction, "transfer curve"),
            )

        try:
            return run_in_thread(work, interrupt, bar, patient=False)
        except ValueError as error:
            raise _usage(error) from error


def _record(result: Characterisation) -> dict[str, Any]:
    junction, trace = result.junction, result.trace
    from_P, from_AP = junction.rates_Hz(result.current_A)
    closed = result.closed_forms()
    simulated = {name: getattr(result, name) for name in closed}
    return {
        "junction": {k: _plain(v) for k, v in vars(junction).items()},
        "tau_s": junction.tau_s,
        "pbit_gain_per_A": junction.pbit_gain_per_A,
        "current_A": result.current_A,
        "pbit_input": float(junction.pbit_input(result.current_A)),
        "rate_from_P_Hz": float(from_P),
        "rate_from_AP_Hz": float(from_AP),
        "closed_form": {name: _plain(value) for name, value in closed.items()},
        "simulated": {name: _plain(e.value) for name, e in simulated.items()},
        "standard_error": {name: _plain(e.error) for name, e in simulated.items()},
        "num_junctions": int(trace.initial_states.size),
        "duration_s": trace.duration_s,
        "switches": int(trace.switches_s.size),
        "seed": trace.seed,
        "versions": versions(),
    }


def _plain(value: float) -> float | None:
    """None for what JSON has no number for."""
    return value if math.isfinite(value) else None


def _text(result: Characterisation) -> str:
    junction, trace, current = result.junction, result.trace, result.current_A
    from_P, from_AP = (quantity(float(rate), "Hz") for rate in junction.rates_Hz(current))
    P = junction.resistance_P_ohm
    switches = f"{trace.switches_s.size} switches"
    rows = [
        ("barrier", f"{junction.barrier:.4g} kT at {junction.temperature_K:g} K, "
                    f"exponent {junction.barrier_exponent:g}"),
        ("attempt frequency", quantity(junction.attempt_frequency_Hz, "Hz")),
        ("dwell time at rest", f"{quantity(junction.tau_s, 's')} (no current, no stray field)"),
        ("critical current", quantity(junction.critical_current_A, "A")),
        ("stray field", f"{junction.asymmetry:g} of the anisotropy field"),
        ("p-bit gain", f"{junction.pbit_gain_per_A * 1e-6:.4g} per uA"),
        ("resistances", f"P {quantity(P, 'ohm')}, AP {quantity(P * (1 + junction.tmr), 'ohm')}"),
        ("current", f"{quantity(current, 'A')}, p-bit input "
                    f"{float(junction.pbit_input(current)):.4g}"),
        ("rates", f"{from_P} out of P, {from_AP} out of AP"),
        ("simulated", f"{trace.initial_states.size} junctions, {quantity(trace.duration_s, 's')} "
                      f"each, {switches}"),
        ("seed", str(trace.seed)),
    ]  # fmt: skip
    if junction.asymmetry == 0:
        rows = [row for row in rows if row[0] != "stray field"]
    lines = [f"{name:<19} {value}" for name, value in rows]
    lines += ["", f"{'':<19} {'closed form':<16} simulated"]
    closed = result.closed_forms()
    for title, name, unit in _ROWS:
        exact = quantity(closed[name], unit) if unit else f"{closed[name]:.4g}"
        lines.append(f"{title:<19} {exact:<16} {with_error(getattr(result, name), unit)}")
    return "\n".join(lines)
