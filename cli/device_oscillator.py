"""``pbit device oscillator``: a spin-torque oscillator, simulated, by its laws, or fitted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.checks import ArgumentError
from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command
from pbit.cli.output import write_whole
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused, refused
from pbit.cli.reports.oscillator_report import presets_text, record_of, text_of
from pbit.cli.running import Bar, Interrupt

if TYPE_CHECKING:
    from pbit.devices.oscillator import AutoOscillator, Characterised, TuningFit

NOT_HELD = 3
_FIELDS = (
    "frequency_Hz",
    "damping_Hz",
    "shift_Hz",
    "nonlinear_damping",
    "threshold_A",
    "noise_Hz",
    "signal_V",
)
_WITH_FIT = ("threshold_A", "damping_Hz")
_OPTIONS = dict(zip(_WITH_FIT, ("--threshold", "--damping"), strict=True))
_TIMES = 2.0  # the threshold, where no current is given


def _list_presets(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(presets_text())
        ctx.exit()


def _field(option: str, name: str, metavar: str, text: str) -> Any:
    return click.option(option, name, type=values.FINITE, metavar=metavar, help=text)


@command()
@click.option("--preset", metavar="NAME", help="An oscillator to start from.  [default: vortex]")
@click.option("--list-presets", is_flag=True, is_eager=True, expose_value=False,
              callback=_list_presets, help="Print the presets and what they assume.")  # fmt: skip
@click.option("--fit", "file", type=click.Path(path_type=Path), metavar="FILE",
              help="Fit it to a measured tuning curve instead.")  # fmt: skip
@shared.columns
@_field("--load", "load_ohm", "OHM", "Into which the powers of --fit go.  [default: 50]")
@_field("--frequency", "frequency_Hz", "HZ", "At no power.")
@_field("--damping", "damping_Hz", "HZ", "Half of the full width without current.")
@_field("--shift", "shift_Hz", "HZ", "What a power of 1 adds to the frequency.")
@_field("--q", "nonlinear_damping", "Q", "Growth of the damping with the power.")
@_field("--threshold", "threshold_A", "A", "Current from which it oscillates.")
@_field("--noise", "noise_Hz", "HZ", "D_n / 2 pi; 0: none.")
@_field("--signal", "signal_V", "V", "Amplitude of the voltage at a power of 1.")
@_field("--current", "current_A", "A", "[default: the preset's, or twice the threshold]")
@_field("--bias", "bias", "ZETA", "The current over the threshold instead.")
@_field("--strength", "strength_Hz", "HZ", "Of the signal to lock to.  [default: so that its band "
        "is 8 % of 2 Gamma_p]")  # fmt: skip
@click.option("--harmonic", type=click.Choice(["1", "2"]), default="1", show_default=True,
              help="Signal near the frequency, or near twice it.")  # fmt: skip
@shared.seed
@shared.quiet
@shared.as_json
@shared.plot("Draw power, tuning, spectrum, locking.", unnamed="oscillator.png")
def oscillator(**options: Any) -> int:
    """Simulate a spin-torque oscillator and compare it with its laws.

    The nonlinear auto-oscillator of Slavin and Tiberkevich: c' = -i (w0 + N p) c
    - G (1 + Q p) c + G (I / Ith) (1 - p) c + noise, p = |c|^2. Hertz are rates over 2 pi. Errors
    are standard errors.

    --fit FILE takes columns with a header that names them and their units, current_mA and
    frequency_MHz, power_uW unless --threshold is given, linewidth_kHz unless --damping is given,
    perhaps frequency_error_kHz, power_error_uW and linewidth_error_kHz.

    Exit status: 0 done, 2 usage, 3 not such an oscillator, 4 file refused, 130 interrupted.
    """
    fit = _fitted(options)
    device, usual = _oscillator(options) if fit is None else (fit.oscillator, _TIMES)
    current_A = _current(device, usual, options)
    found, curves = _run(device, current_A, options)
    told: dict[str, Any] = {"fit": fit, "load_ohm": _load(options)}
    click.echo(to_json(record_of(found, **told)) if options["as_json"] else text_of(found, **told))
    if curves is not None:
        _draw(options["plot"], found, curves, options)
    return 0 if fit is None or fit.holds else NOT_HELD


def _load(options: dict[str, Any]) -> float:
    return 50.0 if options["load_ohm"] is None else float(options["load_ohm"])


def _fitted(options: dict[str, Any]) -> TuningFit | None:
    if options["file"] is None:
        if options["columns"] is not None:
            raise click.UsageError("--columns is of the file of --fit")
        return None
    given = [name for name in ("preset", *_FIELDS) if options[name] is not None]
    others = [name for name in given if name not in _WITH_FIT]
    if others:
        option = others[0].partition("_")[0]
        raise click.UsageError(
            f"--{'q' if option == 'nonlinear' else option} and --fit exclude each other: "
            "only --threshold and --damping may be known"
        )
    from pbit.devices.oscillator import fit_oscillator

    known = {name: options[name] for name in _WITH_FIT}
    measured = _measured(options)
    try:
        return fit_oscillator(**measured, **known, load_ohm=_load(options))
    except ArgumentError as error:
        told = error.sentence(_OPTIONS.get(error.argument, error.argument))
        raise InputRefused(f"{options['file']}: {told}") from error
    except ValueError as error:
        raise InputRefused(f"{options['file']}: {error}") from error


def _measured(options: dict[str, Any]) -> dict[str, Any]:
    from pbit.hardware.files.tuning_curves import read_tuning_curve

    with refused(options["file"]):
        return read_tuning_curve(options["file"], columns=options["columns"], told_by="--columns")


def _oscillator(options: dict[str, Any]) -> tuple[AutoOscillator, float]:
    """The oscillator, and how many times its threshold it is run at."""
    from pbit.devices.oscillator import preset

    base = preset(options["preset"] or "vortex")
    given = {name: options[name] for name in _FIELDS if options[name] is not None}
    return replace(base.oscillator, **given), base.supercriticality


def _current(device: AutoOscillator, usual: float, options: dict[str, Any]) -> float:
    current, bias = options["current_A"], options["bias"]
    if current is not None and bias is not None:
        raise click.UsageError("--current and --bias say the same; give one of them")
    if current is not None:
        return float(current)
    return float((usual if bias is None else bias) * device.threshold_A)


def _run(
    device: AutoOscillator, current_A: float, options: dict[str, Any]
) -> tuple[Characterised, dict[str, Any] | None]:
    def work(interrupt: Interrupt, bar: Bar) -> tuple[Characterised, dict[str, Any] | None]:
        from pbit.devices.oscillator import characterise
        from pbit.devices.oscillator.tuning_curves import spectrum_at, tuning_curve

        found = characterise(
            device, current_A, strength_Hz=options["strength_Hz"],
            harmonic=int(options["harmonic"]), seed=options["seed"] % 2**63,
        )  # fmt: skip
        if options["plot"] is None:
            return found, None
        bar.show(0.5, "tuning and spectrum")
        tuning = tuning_curve(device, 1.25 * current_A, seed=found.seed)
        return found, {
            "tuning": tuning,
            "spectrum": spectrum_at(device, current_A, seed=found.seed),
        }

    return carry_out(work, quiet=options["quiet"], patient=False)


def _draw(
    path: Path, found: Characterised, curves: dict[str, Any], options: dict[str, Any]
) -> None:
    from pbit.cli.reports.oscillator_plot import oscillator_figure

    if options["file"] is not None:
        curves = curves | {"measured": _measured(options), "load_ohm": _load(options)}
    figure = oscillator_figure(found, **curves)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))
    if not options["as_json"]:
        click.echo(f"{'plot':<19} {path}")
