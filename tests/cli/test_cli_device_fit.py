"""pbit device fit: a file of dwell times becomes a junction and a chip that runs."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.devices.mtj import Junction
from pbit.hardware.files.toml import read_chip

TRUE = Junction(9.0, critical_current_A=3e-5, asymmetry=0.03)


@pytest.fixture
def measured(tmp_path):
    """Exact dwell times: the fit must give the junction back."""
    currents = np.linspace(-4e-6, 4e-6, 5)
    rows = zip(currents, *(1 / rate for rate in TRUE.rates_Hz(currents)), strict=True)
    path = tmp_path / "dwell.csv"
    path.write_text(
        "I_A,P_s,AP_s,N\n" + "".join(f"{i:.17g},{p:.17g},{a:.17g},1000\n" for i, p, a in rows)
    )
    return path


def run(*arguments):
    return CliRunner().invoke(cli, ["device", "fit", *map(str, arguments)])


def test_fit_prints_the_junction_and_writes_a_chip(measured, tmp_path):
    chip = tmp_path / "chip.toml"
    result = run(measured, "--chip", chip, "--tmr", "1.5")
    assert result.exit_code == 0, result.output
    assert "barrier             9 kT (the attempt frequency is assumed)" in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines()[:-1])
    hardware = read_chip(chip)
    assert hardware.dynamics == "arrhenius"
    assert hardware.tau_s == pytest.approx(TRUE.tau_s, rel=1e-6)
    assert hardware.offset == pytest.approx(float(TRUE.pbit_input(0.0)), rel=1e-6)


def test_json(measured):
    record = json.loads(run(measured, "--json").stdout)
    assert record["junction"]["barrier"] == pytest.approx(9.0, rel=1e-6)
    assert record["chi_square"] == pytest.approx(0.0, abs=1e-6)
    assert record["degrees_of_freedom"] == 7


def test_without_numbers_of_dwells(measured, tmp_path):
    path = tmp_path / "bare.csv"
    lines = measured.read_text().splitlines()[1:]
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines))
    assert "no numbers of dwells" in run(path, "--columns", "I_A,P_s,AP_s").stdout


HEADER = "I_A,P_s,AP_s\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "1e-6,1e-3\n", ":2: '1e-6 1e-3': expected 3 columns, current, dwell_P, dwell_AP"),
        (HEADER + "0,1,1\n1e-6,2,x\n", ":3: '1e-6 2 x': expected 3 columns"),
        (HEADER + "0,1,1\n1e-6,2,0.5,100\n", ":3: '1e-6 2 0.5 100': expected 3 columns"),
        (HEADER + "0,1,1\n", "at least 2 different values"),
        (HEADER, "at least 2 different values"),
        (HEADER + "0,1,1\n1e-6,-2,1\n", "dwell times must be > 0 s"),
        (HEADER + "0,2,1\n1e-6,1,2\n", "no junction fits"),
        (HEADER + "0 3.812e-6 2.5592e-5\n0 1.2676e-5 1\n1e-320 4.4687e-5 2.327e-6\n",
         "do not determine the gain"),
        # units
        ("", "no header that names the columns and their units; write one, or give --columns"),
        ("0,1,1\n1e-6,2,0.5\n", "no header that names the columns and their units"),
        ("I,P,AP\n0,1,1\n", ":1: column 1, 'I', is a current without its unit; write current_A"),
        ("I_A,P,AP\n0,1,1\n", ":1: column 2, 'P', is a time without its unit; write dwell_P_s"),
        ("voltage_mV;P_us;AP_us\n-10;5;9\n", ":1: column 1, 'voltage_mV', is a voltage, which"),
        ("voltage_mV;P_us;AP_us\n-10;5;9\n", "divide each voltage by the resistance at it, I ="),
        ("I_A,R_kohm\n0,5\n", "Of a trace of a resistance in time, give the mean dwell times"),
        ("time_us,I_A\n0,5\n", "Of a trace in time, give the mean dwell times at each current"),
        ("I_mV,P_us,AP_us\n-10,5,9\n", "'I_mV', is a voltage, expected a current"),
        ("I_A,P_Hz,AP_Hz\n0,1,1\n", "'P_Hz', is a frequency, expected a time"),
        ("I_furlong,P_s,AP_s\n0,1,1\n", "a current in 'furlong', which is not a known unit"),
        ("furlong,P_s,AP_s\n0,1,1\n", "'furlong', is not known"),
        ("I_A,P_s,AP_s,N_s\n0,1,1,1\n", "num_dwells has no unit, got 's'"),
        ("I_A,P_s,AP_s,T_K\n0,1,1,1\n", "'T_K', is a temperature, which has no place here"),
        ("I_A,P_s,AP_s,remark\n0,1,1,1\n", "'remark', is not known; known are current_A"),
        ("I_A,P_s\n0,1\n", "no column of dwell_AP; it would be called dwell_AP_s"),
        ("I_A,I_uA,P_s,AP_s\n0,0,1,1\n", "two columns of current: give one of them"),
        (f"{'x' * 5000},P_s,AP_s\n0,1,1\n", "is not known"),
        # decimal commas
        ("I_uA P_us AP_us\n0 1,5 1\n", "decimal commas need semicolons or tabs"),
        ("I_uA;P_us;AP_us\n0;1,5;1\n1;2.5;1\n", ":2: decimal commas here and decimal points"),
        ("I_uA;P_us;AP_us\n0;1.000,5;1\n", "expected 3 columns"),
    ],
)  # fmt: skip
def test_files_are_refused(text, message, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    result = run(path)
    assert result.exit_code == 4
    assert message in " ".join(result.stderr.split())


IN_MICRO = ["-1.5, 4.5, 9.25", "0, 7, 7", "1.5, 9.5, 4.25"]


@pytest.mark.parametrize(
    "lines",
    [
        ["current_uA,dwell_P_us,dwell_AP_us", *IN_MICRO],
        ["I (uA), tau_P (\u00b5s), tau_AP [us]", *IN_MICRO],
        ["I/uA P/us AP/us", *(line.replace(",", "") for line in IN_MICRO)],
        ["# I_uA, P_us, AP_us", *IN_MICRO],
        ["# AP_us first", "", "dwell_AP_us,I_uA,dwell_P_us", "9.25,-1.5,4.5", "7,0,7",
         "4.25,1.5,9.5"],
        ['"I in mA";"P in ns";"AP in ns"', "-0,0015;4500;9250", "0;7000;7000", "0,0015;9500;4250"],
        ["I_A\tP_s\tAP_s", "-1,5e-6\t4,5e-6\t9,25e-6", "0\t7e-6\t7e-6",
         "1,5e-6\t9,5e-6\t4,25e-6"],
    ],
)  # fmt: skip
def test_units_and_names_are_read(lines, tmp_path):
    path = tmp_path / "dwell.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    plain = tmp_path / "plain.csv"
    plain.write_text("\n".join(IN_MICRO))
    told = run(plain, "--columns", "I_uA,P_us,AP_us", "--json")
    record, expected = (json.loads(out.stdout) for out in (run(path, "--json"), told))
    assert record == expected
    assert record["tau_s"] == pytest.approx(6.6e-6, rel=0.02)


def test_the_resistance_is_assumed_or_told(tmp_path):
    """I^2 R at an input of 1: half the resistance, half the power; the chip's file says it too."""
    path, chip = tmp_path / "dwell.csv", tmp_path / "chip.toml"
    path.write_text("\n".join(["current_uA,dwell_P_us,dwell_AP_us", *IN_MICRO]))
    plain = run(path, "--chip", chip)
    assert "if it has 5 kohm in P: give --resistance" in " ".join(plain.stdout.split())
    assert "resistance_P_ohm = 5000.0  # assumed" in chip.read_text()
    told = run(path, "--resistance", 2500, "--chip", chip)
    assert "2.5 kohm in P" in told.stdout and "assumed" not in chip.read_text().split("resist")[1]
    records = [json.loads(run(path, "--json", *more).stdout)
               for more in ((), ("--resistance", 2500))]  # fmt: skip
    assert [record["resistance_assumed"] for record in records] == [True, False]
    assert records[0]["power_W"] == pytest.approx(2 * records[1]["power_W"], rel=1e-9)


def test_columns_that_are_told(tmp_path):
    path = tmp_path / "dwell.csv"
    path.write_text("I,P,AP\n" + "\n".join(IN_MICRO))
    assert run(path, "--columns", "I_uA,P_us,AP_us").exit_code == 0
    for columns, message in [
        ("I_uA,P_us", "--columns: no column of dwell_AP"),
        ("V_mV,P_us,AP_us", "--columns: column 1, 'V_mV', is a voltage"),
    ]:
        result = run(path, "--columns", columns)
        assert result.exit_code == 4 and message in " ".join(result.stderr.split())
    path.write_text("I_A,P_s,AP_s\n" + "\n".join(IN_MICRO))
    result = run(path, "--columns", "I_uA,P_us,AP_us")
    assert result.exit_code == 4 and "says something else than --columns" in result.stderr


def test_a_current_in_microampere(tmp_path):
    """A file whose units were once taken for A and s: 4.93 s, 66 A."""
    path = tmp_path / "us.csv"
    path.write_text(
        "current_uA,dwell_P_us,dwell_AP_us,num_dwells\n-3.0,2.1169,11.710,2000\n"
        "-1.0,4.2304,5.8836,2000\n0.0,5.7556,4.2003,2000\n1.0,8.2512,2.9707,2000\n"
        "3.0,15.889,1.4897,2000\n"
    )
    printed = run(path).stdout
    assert "dwell time at rest  4.9" in printed and " us\n" in printed
    assert "critical current    25" in printed and " uA\n" in printed
    assert "barrier             8.5" in printed


@pytest.fixture
def heated(tmp_path):
    """Of a junction that is 15 % hotter at 6 uA."""
    path = tmp_path / "heated.csv"
    path.write_text(
        "current_uA,dwell_P_us,dwell_AP_us,num_dwells\n-6,.525374,11.9428,1500\n"
        "-4.5,1.17751,14.0079,1500\n-3,2.42431,14.0652,1500\n-1.5,4.933,11.925,1500\n"
        "0,7.95585,7.83833,1500\n1.5,11.453,4.77741,1500\n3,13.0986,2.44442,1500\n"
        "4.5,13.5206,1.13645,1500\n6,11.8153,.519397,1500\n"
    )
    return path


def test_a_fit_that_does_not_hold_writes_no_chip(heated, tmp_path):
    chip = tmp_path / "chip.toml"
    result = run(heated, "--chip", chip)
    assert result.exit_code == 3 and not chip.exists()
    printed = " ".join(result.stdout.split())
    assert "agreement fails: chi-square 4.99e+03 on 15" in printed
    assert "heating by 15 +- 0.23 % at 6e-06 A fits" in printed
    assert "then dwell time at rest 8.0" in printed
    assert "verdict not a junction of this kind" in printed
    assert "chip not written; --force writes it" in printed
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    forced = run(heated, "--chip", chip, "--force")
    assert forced.exit_code == 0 and "verdict" in forced.stdout
    assert "# NOT such junctions: agreement fails" in chip.read_text()
    assert read_chip(chip).tau_s == pytest.approx(4.84e-6, rel=1e-2)


def test_json_of_a_fit_that_does_not_hold(heated, tmp_path):
    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    result = run(heated, "--json")
    record = json.loads(result.stdout, parse_constant=refuse)
    assert (result.exit_code, record["holds"]) == (3, False)
    assert record["p_value"] == 0.0 and record["error_scale"] > 18
    assert record["findings"][0]["cause"] == "heating"
    bare = tmp_path / "bare.csv"
    lines = heated.read_text().splitlines()
    bare.write_text("\n".join(line.rpartition(",")[0] for line in lines))
    record = json.loads(run(bare, "--json").stdout, parse_constant=refuse)
    assert record["p_value"] is None and record["findings"][0]["p_value"] is None
    assert "explains most of them" in " ".join(run(bare).stdout.split())


def test_a_missing_file():
    result = run("nowhere.csv")
    assert result.exit_code == 4 and "nowhere.csv: No such file" in result.stderr


def test_usage(measured):
    assert run(measured, "--phi0", "1e9", "--fit-phi0").exit_code == 2
    assert run(measured, "--chip", measured).exit_code == 2
    assert run(measured, "--fit-phi0").exit_code == 2


@pytest.mark.parametrize(
    "option", [("--n", "3"), ("--phi0", "0"), ("--tmr", "-1"), ("--temperature", "0")]
)
def test_numbers_that_no_junction_has(option, measured):
    result = run(measured, *option)
    assert result.exit_code == 2 and f"{option[0]} must be" in result.stderr
