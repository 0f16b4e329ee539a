"""``pbit device oscillator``: table, JSON, fit, picture, and what is refused."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.device import device
from pbit.devices.oscillator import characterise, emitted_power_W, linewidth_Hz, preset
from pbit.hardware.files.tuning_curves import read_tuning_curve

VORTEX = preset("vortex").oscillator
CURRENTS = np.linspace(3.3e-3, 9e-3, 12)


def run(*arguments):
    return CliRunner().invoke(device, ["oscillator", "--seed", "1", *map(str, arguments)])


@pytest.fixture
def measured(tmp_path):
    """An exact tuning curve of the vortex, with errors."""
    columns = [
        CURRENTS * 1e3,
        VORTEX.frequency_at_Hz(CURRENTS) * 1e-6,
        emitted_power_W(VORTEX, CURRENTS) * 1e6,
        linewidth_Hz(VORTEX, CURRENTS) * 1e-3,
        np.full(12, 5.0),
        emitted_power_W(VORTEX, CURRENTS) * 1e4,
        linewidth_Hz(VORTEX, CURRENTS) * 2e-5,
    ]
    header = "current_mA,frequency_MHz,power_uW,linewidth_kHz,frequency_error_kHz,"
    header += "power_error_uW,linewidth_error_kHz"
    path = tmp_path / "tuning.csv"
    np.savetxt(path, np.transpose(columns), "%.12g", ",", header=header, comments="")
    return path


def test_table():
    result = run("vortex")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    table = {line[:19].strip(): line[19:].split() for line in lines}
    assert table["current"][:5] == ["6", "mA,", "2", "times", "the"]
    assert table["emitted power"][:2] == ["1.6", "uW"]
    assert table["linewidth"][:2] == ["50", "kHz"]
    assert table["locks within +-"] == ["64", "kHz", "64", "kHz"]


def test_json_is_what_the_library_finds():
    record = json.loads(run("uniform", "bias=2", "harmonic=2", "--json").stdout)
    found = characterise(preset("uniform").oscillator, 4e-3, harmonic=2, seed=1)
    assert record["simulated"]["linewidth_Hz"] == found.linewidth_Hz.value
    assert record["law"]["half_bandwidth_Hz"] == found.locking.half_bandwidth_Hz
    assert record["nonlinearity"] == -4 and record["supercriticality"] == 2
    assert record["locked"] == found.locking.locked.tolist()


def test_changed_numbers_and_broad_lines():
    result = run(
        "vortex", "noise_Hz=2e4", "threshold_A=1e-3", "nonlinear_damping=1", "current_A=2e-3"
    )
    assert "threshold           1 mA" in result.stdout
    assert "powers that relax faster than this" in result.stdout


def test_fit(measured):
    result = run(measured, "--json")
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["oscillator"]["damping_Hz"] == pytest.approx(4e5, rel=1e-3)
    assert record["fit"]["degrees_of_freedom"] == 29 and record["fit"]["holds"]


@pytest.mark.slow
def test_picture_with_spectrum_and_measured_points(measured, tmp_path):
    file = tmp_path / "oscillator.png"
    assert run(measured, "--plot", file).exit_code == 0
    assert file.stat().st_size > 20_000


def test_picture_without_noise(tmp_path):
    file = tmp_path / "quiet.svg"
    result = run("vortex", "noise_Hz=0", "--plot", file)
    assert result.stdout.splitlines()[-1] == f"plot                {file}"
    assert "linewidth           0 Hz             0 Hz" in result.stdout


def test_fits_that_do_not_hold(measured, tmp_path):
    bent = tmp_path / "bent.csv"
    head, *rows = measured.read_text().splitlines()
    cells = [row.split(",") for row in rows]
    for k, cell in enumerate(cells):
        cell[1] = f"{float(cell[1]) + 0.05 * (-1) ** k}"
    bent.write_text("\n".join([head, *(",".join(cell) for cell in cells)]))
    result = run(bent, "damping_Hz=4e5")
    assert "\ndamping / 2 pi      400 kHz\n" in result.stdout  # given, so without an error
    assert "x those of the data: chi-square says so" in result.stdout
    assert result.exit_code == 3 and "verdict             not an oscillator" in result.stdout


def test_presets():
    lines = run().stdout.splitlines()
    assert lines[0] == "vortex  (at 2 times the threshold)" and max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("disk",), "'disk' must be a file or one of vortex, uniform"),
        (("vortex", "current_A=1e-3", "bias=2"), "current_A and bias say the same"),
        (("vortex", "bias=0.5"), "current_A must be above the threshold, 0.003 A"),
        (("vortex", "damping_Hz=0"), "damping_Hz must be a finite number > 0"),
        (("vortex", "strength_Hz=0"), "strength_Hz must be > 0"),
        (("vortex", "harmonic=3"), "harmonic must be 1 or 2, got 3"),
        (("vortex", "noise_Hz=1e8"), "noise_Hz must keep amplitudes finite"),
        (("vortex", "noise_Hz=1e7"), "noise_Hz must leave powers near that of the law"),
        (("vortex", "damping_Hz=1e-9"), "shift_Hz must not ask for more than 2.1e+09 steps of"),
        (("vortex", "shift_Hz=1e12"), "here 7e+11, got 1000000000000.0; take a smaller one"),
        (("vortex", "bias=1e9"), "strength_Hz must lock a band narrower than the oscillator's 3.0"),
        (("vortex", "strength_Hz=1e9"), "weaker signal, or a current nearer to the threshold"),
        (("vortex", "bias=1.0000001"), "near the threshold the power is slow; raise it"),
        (("vortex", "signal_V=1e200"), "signal_V must be a finite number > 0 and <= 1e+100"),
        (("vortex", "load_ohm=0"), "load_ohm must be a finite number > 0, got 0; 50 is that of"),
        (("vortex", "load_ohm=-5"), "load_ohm must be a finite number > 0, got -5"),
        (("vortex", "bias=2,3"), "bias takes one number, got 2"),
        (("vortex", "width=3"), "unknown parameter 'width', expected one of frequency_Hz, damping"),
        (("bias=2",), "name a preset, such as vortex, or a file, then its parameters"),
        (("vortex", "--columns", "I_A"), "--columns is of a file, not of a preset"),
    ],
)
def test_options_that_are_refused(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2 and message in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("current_mA,frequency_MHz\n1,300\n", "threshold_A must be given without power_W"),
        ("voltage_mV,frequency_MHz\n1,300\n", "A tuning curve is in currents"),
        ("current_mA,frequency_MHz,power_error_uW\n1,300,2\n", "power_error without power"),
    ],
)
def test_files_that_are_refused(tmp_path, text, message):
    path = tmp_path / "curve.csv"
    path.write_text(text)
    result = run(path)
    assert result.exit_code == 4 and message in " ".join(result.stderr.split())


def test_what_is_fitted_cannot_be_given(measured):
    result = run(measured, "noise_Hz=1")
    assert result.exit_code == 2 and "noise_Hz is fitted: only threshold_A and" in result.stderr


def test_reader(measured):
    found = read_tuning_curve(measured, told_by="columns")
    assert set(found) == {"current_A", "frequency_Hz", "power_W", "linewidth_Hz", "errors"}
    assert found["linewidth_Hz"] == pytest.approx(linewidth_Hz(VORTEX, CURRENTS))
    assert found["errors"]["frequency_Hz"][0] == 5e3
