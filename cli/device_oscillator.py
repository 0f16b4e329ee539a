"""``pbit device oscillator``: a spin-torque oscillator, simulated, by its laws, or fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from pbit.cli import options as shared
from pbit.cli.changes import parsed
from pbit.cli.command import carry_out, command
from pbit.cli.output import write_whole
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused, refused
from pbit.cli.reports.oscillator_report import presets_text, record_of, text_of
from pbit.cli.running import Bar, Interrupt

if TYPE_CHECKING:
    from pbit.devices.oscillator import AutoOscillator, Characterised, TuningFit
    from pbit.devices.oscillator.tuning_curves import TuningPicture

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
_RUN = ("current_A", "bias", "strength_Hz", "harmonic", "load_ohm")
_KNOWN = ("threshold_A", "damping_Hz")  # beside a measured curve
_BIAS, _LOAD = 2.0, 50.0


class _Asked(NamedTuple):
    source: str | None  # a preset or a file
    fields: dict[str, Any]
    run: dict[str, Any]


def _asked(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> _Asked:
    named = bool(words) and "=" not in words[0]
    values = dict(parsed(word) for word in words[named:])
    unknown = [name for name in values if name not in (*_FIELDS, *_RUN)]
    if unknown:
        known = ", ".join((*_FIELDS, *_RUN))
        raise click.BadParameter(f"unknown parameter {unknown[0]!r:.60}, expected one of {known}")
    several = [name for name, value in values.items() if isinstance(value, list)]
    if several:
        raise click.BadParameter(f"{several[0]} takes one number, got {len(values[several[0]])}")
    fields, run = ({k: v for k, v in values.items() if k in some} for some in (_FIELDS, _RUN))
    return _Asked(words[0] if named else None, fields, run)


@command()
@click.argument("asked", nargs=-1, callback=_asked, metavar="[PRESET|FILE] [PARAMETER=NUMBER]...")
@shared.columns
@shared.seed
@shared.quiet
@shared.as_json
@shared.plot("Draw power, tuning, spectrum, locking.", unnamed="oscillator.png")
def oscillator(asked: _Asked, **options: Any) -> int:
    """Simulate a spin-torque oscillator and compare it with its laws.

    The nonlinear auto-oscillator of Slavin and Tiberkevich, c' = -i (w0 + N p) c - G (1 + Q p) c
    + G (I / Ith) (1 - p) c + noise with p = |c|^2, from PRESET, or fitted to the tuning curve in
    FILE. With neither, the presets are listed. Errors are standard errors.

    PARAMETER=NUMBER changes it, rates over 2 pi: frequency_Hz (w0), damping_Hz (G), shift_Hz (N),
    nonlinear_damping (Q), threshold_A (Ith), noise_Hz, signal_V; or how it is run: current_A, or
    bias, the current over the threshold; strength_Hz and harmonic (1 or 2) of the signal that it
    is to follow; load_ohm.

    FILE has columns with a header that names them and their units: current_mA, frequency_MHz,
    power_uW unless threshold_A is given, linewidth_kHz unless damping_Hz is given, perhaps
    frequency_error_kHz, power_error_uW and linewidth_error_kHz.

    Exit status: 0 done, 2 usage, 3 not such an oscillator (of FILE), 4 file refused.
    """
    if asked.source is None:
        if asked.fields or asked.run:
            raise click.UsageError("name a preset, such as vortex, or a file, then its parameters")
        click.echo(presets_text())
        return 0
    load = _load(asked.run)
    source = _source(asked, options["columns"], load)
    found, picture = _run(source, asked.run, options)
    told: dict[str, Any] = {"fit": source.fit, "load_ohm": load}
    click.echo(to_json(record_of(found, **told)) if options["as_json"] else text_of(found, **told))
    if picture is not None:
        _draw(options["plot"], found, picture, {"measured": source.measured, "load_ohm": load})
        if not options["as_json"]:
            click.echo(f"{'plot':<19} {options['plot']}")
    return 0 if source.fit is None or source.fit.holds else NOT_HELD


def _load(run: dict[str, Any]) -> float:
    from pbit.devices.quantities import number

    load = run.get("load_ohm", _LOAD)
    try:
        number("load_ohm", load, (">", 0.0), remedy="50 is that of a line")
    except (TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    return float(load)


class _Source(NamedTuple):
    """An oscillator, how many times its threshold it is run at, and what it was fitted to."""

    oscillator: AutoOscillator
    bias: float
    fit: TuningFit | None = None
    measured: Mapping[str, Any] = MappingProxyType({})


def _source(asked: _Asked, columns: str | None, load_ohm: float) -> _Source:
    from pbit.devices.oscillator import PRESETS

    name = str(asked.source)
    if name in PRESETS and columns is not None:
        raise click.UsageError("--columns is of a file, not of a preset")
    if name in PRESETS:
        return _preset(name, asked.fields)
    if not Path(name).exists():
        raise click.UsageError(f"{name!r:.60} must be a file or one of {', '.join(PRESETS)}")
    return _fitted(Path(name), asked.fields, columns, load_ohm)


def _preset(name: str, fields: dict[str, Any]) -> _Source:
    from pbit.devices.oscillator import preset

    base = preset(name)
    try:
        return _Source(replace(base.oscillator, **fields), base.supercriticality)
    except (TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _fitted(file: Path, known: dict[str, Any], columns: str | None, load_ohm: float) -> _Source:
    from pbit.devices.oscillator import fit_oscillator
    from pbit.hardware.files.tuning_curves import read_tuning_curve

    others = [name for name in known if name not in _KNOWN]
    if others:
        raise click.UsageError(f"{others[0]} is fitted: only {' and '.join(_KNOWN)} may be known")
    with refused(file):
        measured = read_tuning_curve(file, columns=columns, told_by="--columns")
    try:
        fit = fit_oscillator(**measured, **known, load_ohm=load_ohm)
    except (TypeError, ValueError) as error:
        raise InputRefused(f"{file}: {error}") from error
    return _Source(fit.oscillator, _BIAS, fit, measured)


def _current(device: AutoOscillator, bias: float, run: dict[str, Any]) -> float:
    if "current_A" in run and "bias" in run:
        raise click.UsageError("current_A and bias say the same; give one of them")
    return float(run.get("current_A", run.get("bias", bias) * device.threshold_A))


def _run(
    source: _Source, run: dict[str, Any], options: dict[str, Any]
) -> tuple[Characterised, TuningPicture | None]:
    device, current_A = source.oscillator, _current(source.oscillator, source.bias, run)
    signal = {name: run[name] for name in ("strength_Hz", "harmonic") if name in run}
    highest_A = float(max(source.measured.get("current_A", [0.0])))

    def work(interrupt: Interrupt, bar: Bar) -> tuple[Characterised, TuningPicture | None]:
        from pbit.devices.oscillator import characterise
        from pbit.devices.oscillator.tuning_curves import tuning_picture

        found = characterise(device, current_A, **signal, seed=options["seed"])
        if options["plot"] is None:
            return found, None
        bar.show(0.5, "tuning and spectrum")
        return found, tuning_picture(device, current_A, highest_A=highest_A, seed=found.seed)

    try:
        return carry_out(work, quiet=options["quiet"], patient=False)
    except (TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _draw(path: Path, found: Characterised, picture: TuningPicture, more: dict[str, Any]) -> None:
    from pbit.cli.reports.oscillator_plot import oscillator_figure

    figure = oscillator_figure(found, picture, **more)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))
