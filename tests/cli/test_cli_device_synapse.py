"""``pbit device synapse``: the table, the JSON, the picture, and what is refused."""

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.device import device
from pbit.devices.synapses import CompoundJunction, plasticity
from pbit.devices.synapses.registry import KNOWN


def run(*arguments: str):
    return CliRunner().invoke(device, ["synapse", *arguments])


def test_table():
    result = run("compound", "pulses=20", "devices=400", "--seed", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    table = {line[:19].strip(): line[19:].strip() for line in lines}
    assert table["conductance"] == "900 uS to 1.8 mS, 10 levels"
    assert table["pulses"] == "20 up and down, 25 uA"
    assert float(table["nonlinearity"].split()[0]) == pytest.approx(-20 * math.log(0.9), rel=0.1)
    assert table["seed"] == "1"


def test_json_is_what_the_library_finds():
    values = ("num_junctions=4", "element.junction.barrier=60")
    result = run("compound", *values, "pulses=5", "devices=7", "--seed", "3", "--json")
    record = json.loads(result.stdout)
    assert record["device"]["num_junctions"] == 4
    assert record["device"]["element.junction.barrier"] == 60
    assert record["device"]["element.junction.tmr_half_voltage_V"] is None  # infinite
    assert record["figures"]["levels_of_device"] == 5
    assert len(record["up_mean_S"]) == 6
    plain = json.loads(run("compound", "pulses=5", "devices=7", "--seed", "3", "--json").stdout)
    curves = plasticity(CompoundJunction(), pulses=5, devices=7, seed=3)
    assert np.allclose(plain["down_mean_S"], curves.down.mean(axis=0), rtol=1e-12)
    assert plain["figures"]["noise"] == pytest.approx(curves.noise)


def test_spreads_ramps_and_lists_of_numbers():
    wide = run("notched-wall", "conductance_d2d=0.2", "--seed", "1", "--json")
    assert min(json.loads(wide.stdout)["up_std_S"]) > 1e-5
    strip = run("stepped-strip", "widths_m=1e-7,2e-7", "ramp=0.1,0.2", "--json")
    record = json.loads(strip.stdout)
    assert record["device"]["widths_m"] == [1e-7, 2e-7]
    assert record["figures"]["levels"] == 1  # too weak to move
    text = run("notched-wall", "--seed", "1").stdout
    assert "64 up and down, 2e+11 A/m^2" in text
    ramp = run("spin-orbit", "--seed", "1", "devices=3").stdout
    assert "64 up and down, 3 mA to 17 mA" in ramp


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_picture(tmp_path, suffix):
    file = tmp_path / f"curves.{suffix}"
    result = run("binary", "pulses=4", "devices=3", "--seed", "1", "--plot", str(file))
    assert result.exit_code == 0
    assert f"plot                {file}" in result.stdout
    assert file.stat().st_size > 5000


def test_list():
    lines = run().stdout.splitlines()
    assert len(lines) == 2 * len(KNOWN.all())
    assert lines[0] == "binary          One junction, switched by chance."


@pytest.mark.parametrize(("arguments", "words"), [
    (["pcm"], "'pcm' is not one of 'binary', 'compound'"),
    (["chain", "elment.pulse_s=1"], "a SeriesChain has no parameter "
     "'elment.pulse_s'; did you mean 'element.pulse_s'?"),
    (["binary", "junction=1"], "has no parameter 'junction'"),
    (["binary", "colour=1"], "has no parameter 'colour'; known are junction.barrier, "),
    (["stack", "areas=1,2,3"], "areas must be <= 2, got 3"),
    (["compound", "num_junctions=2.5"], "num_junctions must be an integer, got 2.5"),
    (["binary", "pulse_s=1,2"], "pulse_s must be a number, got [1, 2]"),
    (["binary", "pulse_s"], "must be PARAMETER=NUMBER or NUMBER,NUMBER,..., got"),
    (["binary", "pulse_s=soon"], "must be PARAMETER=NUMBER"),
    (["binary", "pulses=0"], "pulses must be >= 1, got 0"),
    (["binary", "drive_c2c=20"], "drive_c2c must be a finite number >= 0 and <= 1, got 20"),
    (["binary", "ramp=1"], "ramp must be two numbers, got 1; first and last amplitude"),
    (["binary", "--plot", "curves.txt"], "the name must end in .png"),
])  # fmt: skip
def test_refusals(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_too_large():
    result = run("binary", "devices=1000000000", "pulses=1000")
    assert result.exit_code == 5
    assert "lower devices" in result.stderr
