"""The device command: the table, the JSON, the picture, and what is refused."""

import json
import math
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pbit.cli.device import device
from pbit.cli.units import quantity, with_error
from pbit.devices.fitting.characterise import characterise, transfer_curve
from pbit.devices.junctions import PRESETS
from pbit.devices.mtj import Junction
from processes import Started


def run(*arguments: str):
    return CliRunner().invoke(device, ["mtj", *arguments])


def test_table():
    result = run("--delta", "8", "--current", "1e-6", "--seed", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    table = {line[:19].strip(): line[19:].split("  ") for line in lines}
    assert "8 kT at 300 K, exponent 1" in "".join(table["barrier"])
    assert "2.981 us" in "".join(table["dwell time at rest"])
    assert "0.8 per uA" in "".join(table["p-bit gain"])
    assert "P 5 kohm, AP 10 kohm" in "".join(table["resistances"])
    assert "1 uA, p-bit input 0.8" in "".join(table["current"])
    assert "150.7 kHz out of P, 746.6 kHz out of AP" in "".join(table["rates"])
    assert table["mean state"][0] == " 0.664"
    assert " +- " in "".join(table["correlation time"])
    assert "1.114 us" in "".join(table["correlation time"])


def test_json_agrees_with_the_closed_forms():
    result = run("--delta", "8", "--n", "2", "--bias", "0.05", "--seed", "2", "--json")
    record = json.loads(result.stdout)
    assert record["closed_form"]["mean"] == pytest.approx(math.tanh(0.8))
    assert record["pbit_gain_per_A"] == pytest.approx(1.6e6)
    assert record["junction"]["tmr_half_voltage_V"] is None  # infinite
    assert record["seed"] == 2 and record["num_junctions"] == 32 and record["switches"] > 1000
    for name, exact in record["closed_form"].items():
        # Student's t of 31 degrees of freedom: 9 standard errors have a chance below 1e-9.
        error = record["standard_error"][name]
        assert abs(record["simulated"][name] - exact) < 9 * error
        assert error < 0.03 * abs(exact)
    again = json.loads(
        run("--delta", "8", "--n", "2", "--bias", "0.05", "--seed", "2", "--json").stdout
    )
    assert again == record


def test_a_planted_error_would_show():
    """The control: a barrier 5 % off is more than nine standard errors away."""
    result = characterise(Junction(8.0), 1e-6, seed=2)
    wrong = characterise(Junction(8.4), 1e-6, seed=3).closed_forms()
    for name in ("dwell_P_s", "dwell_AP_s", "cycle_rate_Hz", "correlation_time_s"):
        estimate = getattr(result, name)
        assert abs(estimate.value - wrong[name]) > 9 * estimate.error
        assert abs(estimate.value - result.closed_forms()[name]) < 9 * estimate.error


def test_transfer_curve_follows_the_tanh():
    curve = transfer_curve(Junction(8.0), num_reads=64, seed=4)
    exact = Junction(8.0).mean(curve.currents_A)
    assert (abs(curve.means - exact) < 8 * curve.errors).all()
    # Twice the gain must not pass.
    assert not (abs(curve.means - Junction(16.0).mean(curve.currents_A)) < 8 * curve.errors).all()


def test_temperature_rescales_the_barrier():
    record = json.loads(run("--delta", "8", "--temperature", "400", "--json", "--seed", "1").stdout)
    assert record["junction"]["barrier"] == pytest.approx(6.0)
    assert record["junction"]["temperature_K"] == 400.0


def test_presets_may_be_changed():
    listed = run("--list-presets")
    assert listed.exit_code == 0
    for name, preset in PRESETS.items():
        assert name in listed.stdout
        assert preset.source.split(",")[0] in listed.stdout
    assert "assumed: " in listed.stdout
    assert max(map(len, listed.stdout.splitlines())) <= 80
    options = ("--preset", "retention-1ms", "--n", "2", "--json", "--seed", "1")
    record = json.loads(run(*options).stdout)
    assert record["junction"]["barrier"] == 14.0
    assert record["junction"]["barrier_exponent"] == 2.0


@pytest.mark.parametrize("name", ["mtj.png", "other.svg"])
def test_plot(tmp_path, monkeypatch, name):
    """``--plot`` alone writes mtj.png, wherever it stands."""
    monkeypatch.chdir(tmp_path)
    flag = ["--plot"] if name == "mtj.png" else ["--plot", name]
    result = run("--delta", "8", *flag, "--seed", "1", "--asymmetry", "0.1", "--bias", "0.05")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].split() == ["plot", name]
    assert [file.name for file in tmp_path.iterdir()] == [name]
    content = (tmp_path / name).read_bytes()
    assert content.startswith(b"\x89PNG" if name == "mtj.png" else b"<?xml")
    if name == "other.svg":
        return
    bare = run("--delta", "8", "--seed", "1", "--json", "--plot")
    assert bare.exit_code == 0 and json.loads(bare.stdout)["seed"] == 1


def test_picture_says_what_is_what():
    from pbit.cli.reports.mtj_plot import mtj_figure

    junction = Junction(8.0)
    figure = mtj_figure(characterise(junction, 1e-6, seed=1), transfer_curve(junction, seed=1))
    labels = [(axis.get_xlabel(), axis.get_ylabel()) for axis in figure.axes]
    assert labels == [
        ("time (µs)", "resistance (kΩ)"),
        ("current (µA)", "mean state (P = +1)"),
        ("frequency (Hz)", "spectral density of the state (1/Hz)"),
    ]
    for axis in figure.axes[1:]:
        texts = [text.get_text() for text in axis.get_legend().get_texts()]
        assert "closed form" in texts and "simulated, ± 1 s.e." in texts


def test_what_is_rare_is_not_made_up(tmp_path):
    """Hardly a switch in the window: no correlation time rather than a wrong one."""
    record = json.loads(run("--delta", "8", "--bias", "0.9", "--json", "--seed", "1").stdout)
    assert record["simulated"]["correlation_time_s"] is None
    record = json.loads(run("--delta", "300", "--bias", "0.5", "--json", "--seed", "1").stdout)
    assert record["simulated"]["dwell_AP_s"] is None
    path = str(tmp_path / "short.png")
    short = run("--delta", "8", "--duration", "1e-12", "--seed", "1", "--plot", path)
    assert short.exit_code == 0 and "0 switches" in short.stdout


def test_the_largest_barrier_can_be_drawn(tmp_path):
    result = run("--delta", "500", "--seed", "1", "--plot", str(tmp_path / "long.png"))
    assert result.exit_code == 0, result.output
    assert "1.404e+208 s" in result.stdout


def test_characterise_refuses():
    with pytest.raises(ValueError, match="current_A must be a finite number, got nan"):
        characterise(Junction(8.0), math.nan)
    with pytest.raises(ValueError, match="current_A must let both states end some day, got 9e-06"):
        characterise(Junction(300.0, barrier_exponent=2.0), 9e-6)
    with pytest.raises(ValueError, match="num_reads must be <= 65536"):
        transfer_curve(Junction(8.0), num_reads=2**16 + 1)


def test_warnings_go_to_stderr():
    result = run("--delta", "1.5", "--bias", "1.2", "--seed", "1")
    assert result.exit_code == 0
    assert "below about 3 kT the Néel-Brown law is an extrapolation" in result.stderr
    assert "held at the attempt frequency" in result.stderr
    assert run("--delta", "1.5", "--bias", "1.2", "--seed", "1", "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give --delta, the barrier in kT, or --preset; for example --delta 8"),
        (("--delta", "0"), "--delta must be a finite number > 0 and <= 500, got 0.0; in kT"),
        (("--delta", "nan"), "--delta must be a finite number"),
        (("--delta", "x"), "Invalid value for '--delta'"),
        (("--delta", "8", "--phi0", "-1"), "--phi0 must be a finite number > 0"),
        (("--delta", "8", "--n", "3"), "--n must be a finite number >= 1 and <= 2, got 3.0"),
        (("--delta", "8", "--critical-current", "0"), "--critical-current must be a finite"),
        (("--delta", "8", "--asymmetry", "1"), "--asymmetry must be a finite number > -1"),
        (("--delta", "8", "--resistance", "0"), "--resistance must be a finite number > 0"),
        (("--delta", "8", "--tmr", "0"), "--tmr must be a finite number > 0"),
        (("--delta", "8", "--temperature", "0"), "--temperature must be a finite number > 0"),
        (
            ("--delta", "499", "--temperature", "1"),
            "--delta must be a finite number > 0 and <= 500",
        ),
        (("--delta", "8", "--current", "nan"), "--current must be a finite number, got nan"),
        (("--delta", "8", "--bias", "inf"), "--bias must be a finite number, got inf"),
        (("--delta", "8", "--bias", "0", "--current", "0"), "--current and --bias say the same"),
        (("--delta", "8", "--duration", "0"), "--duration must be a finite number > 0"),
        (("--delta", "8", "--duration", "1e6"), "--duration must let expect at most 3e+07"),
        (("--delta", "300", "--n", "2", "--bias", "0.9"), "--current must let both states end"),
        (("--preset", "x"), "--preset must be one of retention-1ms, memory-10years"),
        (("--delta", "8", "--seed", "-1"), "-1 is not in the range"),
        (("--delta", "8", "--plot", "a.txt"), "the name must end in .png, .pdf, .svg"),
        (("--delta", "8", "--plot", "/nowhere/at/all.png"), "cannot be written"),
    ],
)
def test_usage_errors(arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_unknown_devices_are_refused():
    result = CliRunner().invoke(device, ["magnet"])
    assert result.exit_code == 2 and "No such command 'magnet'" in result.stderr
    assert "mtj" in CliRunner().invoke(device, ["--help"]).stdout


def test_ctrl_c():
    # 2.9e7 switches: seconds of work.
    process = Started("device", "mtj", "--delta", 8, "--duration", 2.7)
    process.wait_for("begun")
    stdout, stderr = process.press()
    assert (process.returncode, stdout, stderr.strip()) == (130, "", "interrupted")


def test_importing_the_command_loads_nothing_heavy():
    code = "import sys, pbit.cli.device, pbit.cli.device_mtj; print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert not set(done.stdout.split()) & {"numpy", "numba", "scipy", "matplotlib", "rich"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (quantity(2.981e-6, "s"), "2.981 us"),
        (quantity(0.99999e-9, "s"), "1 ns"),
        (quantity(0.0, "A"), "0 A"),
        (quantity(-1.5e-5, "A"), "-15 uA"),
        (quantity(1e20, "s"), "1e+20 s"),
        (with_error((2.98e-6, 8e-9), "s"), "2.9800 +- 0.0080 us"),
        (with_error((0.25, 0.015)), "0.250 +- 0.015"),
        (with_error((math.nan, 1.0), "s"), "-"),
        (with_error((3e-6, math.nan), "s"), "3 us"),
        (with_error((3e-6, math.inf), "s"), "3 us"),
        (with_error((3e30, 1e29), "s"), "3e+30 +- 1e+29 s"),
    ],
)
def test_quantities(text, expected):
    assert text == expected
