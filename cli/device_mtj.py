"""``pbit device mtj``: a magnetic tunnel junction, simulated and by its closed forms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command
from pbit.cli.output import write_whole
from pbit.cli.record import to_json
from pbit.cli.reports.mtj_report import record_of, text_of
from pbit.cli.running import Bar, Interrupt

if TYPE_CHECKING:
    from pbit.devices.fitting.characterise import Characterisation, Transfer
    from pbit.devices.mtj import Junction

_FIELDS = (
    "barrier",
    "attempt_frequency_Hz",
    "barrier_exponent",
    "critical_current_A",
    "asymmetry",
    "resistance_P_ohm",
    "tmr",
)
_VALID_FROM = 3.0  # kT


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


@command()
@click.option("--delta", "barrier", type=float, help="Barrier in kT at 300 K.")
@shared.junction_options
@click.option(
    "--critical-current", "critical_current_A", type=float, metavar="A", help="[default: 1e-5]"
)
@click.option("--asymmetry", type=float, help="Stray field over anisotropy field.  [default: 0]")
@click.option("--preset", metavar="NAME", help="A junction of the literature, to start from.")
@click.option(
    "--list-presets",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_presets,
    help="Print the presets and what they assume.",
)
@shared.temperature("Rescales delta.  [default: 300]")
@click.option(
    "--current",
    "current_A",
    type=values.FINITE,
    metavar="A",
    help="Positive favours P.  [default: 0]",
)
@click.option("--bias", type=values.FINITE, help="The current over the critical one instead.")
@click.option(
    "--duration",
    "duration_s",
    type=float,
    metavar="S",
    help="Of each of 32 junctions.  [default: as long as it takes]",
)
@shared.seed
@shared.quiet
@shared.as_json
@shared.plot("Draw trace, transfer curve, spectrum.", unnamed="mtj.png")
def mtj(**options: Any) -> None:
    """Simulate a magnetic tunnel junction and compare it with its closed forms.

    A random telegraph between P (s = +1) and AP (s = -1) with Néel-Brown rates:
    exp(-delta (1 +- (I / Ic + asymmetry))^n) times the attempt frequency. The device is a p-bit
    with mean tanh(gain I).

    Defaults other than the barrier are round numbers, not measurements. Errors are standard
    errors, from 32 independent junctions.

    Exit status: 0 done, 2 usage, 130 interrupted.
    """
    junction = _junction(options)
    current_A = _current(junction, options)
    if not options["quiet"]:
        _warn(junction, current_A)
    result, transfer = _run(junction, current_A, options)
    click.echo(to_json(record_of(result)) if options["as_json"] else text_of(result))
    if transfer is not None:
        _draw(options["plot"], result, transfer)
        if not options["as_json"]:
            click.echo(f"{'plot':<19} {options['plot']}")


def _junction(options: dict[str, Any]) -> Junction:
    from pbit.devices.junctions import preset
    from pbit.devices.mtj import Junction

    given = {field: options[field] for field in _FIELDS if options[field] is not None}
    if options["preset"] is None and options["barrier"] is None:
        raise click.UsageError(
            "give --delta, the barrier in kT, or --preset; for example --delta 8"
        )
    if options["preset"] is None:
        junction = Junction(**given)
    else:
        junction = replace(preset(options["preset"]).junction, **given)
    hot = options["temperature_K"]
    return junction if hot is None else junction.at_temperature(hot)


def _current(junction: Junction, options: dict[str, Any]) -> float:
    current, bias = options["current_A"], options["bias"]
    if current is not None and bias is not None:
        raise click.UsageError("--current and --bias say the same; give one of them")
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
    def work(interrupt: Interrupt, bar: Bar) -> tuple[Characterisation, Transfer | None]:
        from pbit.devices.fitting.characterise import characterise, transfer_curve

        seed, duration_s = options["seed"], options["duration_s"]
        result = characterise(junction, current_A, duration_s=duration_s, seed=seed)
        if options["plot"] is None:
            return result, None
        return result, transfer_curve(
            junction, seed=seed, each=lambda fraction: bar.show(fraction, "transfer curve")
        )

    return carry_out(work, quiet=options["quiet"], patient=False)


def _draw(path: Path, result: Characterisation, transfer: Transfer) -> None:
    from pbit.cli.reports.mtj_plot import mtj_figure

    figure = mtj_figure(result, transfer)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))
