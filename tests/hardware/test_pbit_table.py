"""Tables of measured p-bits: the same bits as drawn ones, the exact law of scaled rows, files.

Laws: 65536 reads after three sweeps at alpha 1e-6 / 10; gains of other p-bits must fail.
"""

import dataclasses
import json

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.exact import state_number
from pbit.exact.continuous import PBits, exact_continuous_law
from pbit.formats.errors import FormatError
from pbit.hardware.chip import Chip
from pbit.hardware.files.template import write_chip
from pbit.hardware.files.toml import read_chip
from pbit.hardware.parameters import Hardware
from pbit.hardware.pbit_table import PBitTable
from pbit.measure.calibration import calibrate
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.samplers.anneal import anneal
from pbit.schedules.schedule import Schedule
from pbit.statistics.laws import chi_square_p_value

ALPHA = 1e-6 / 10
READS, BETAS = 65536, [0.4, 0.8, 1.0]
TAU_S = 2.0**-30  # a power of two: seconds over it, and back, are exact
GAINS = np.array([0.5, 1.0, 1.5, 2.0, 0.8])
OFFSETS = np.array([0.3, -0.2, 0.0, 0.5, -0.4])
TAUS = np.array([0.4, 1.0, 2.5, 0.7, 1.6])
SPREADS = {"gain_spread": 0.3, "offset_spread": 0.2, "tau_spread": 0.4}


def network(labels=()):
    i, j = [0, 0, 1, 2, 3], [1, 2, 3, 4, 4]
    h = [0.3, -0.5, 0.0, 0.8, -0.1]
    return IsingModel.from_edges(i, j, [1.0, -0.7, 0.5, 0.9, -1.2], h=h, labels=labels)


def sample(hardware, model, seed, reads=READS):
    run = anneal(model, Schedule(np.array(BETAS)), num_reads=reads, seed=seed, hardware=hardware)
    return run.spins


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"dynamics": "arrhenius"},
        {"dynamics": "telegraph", "rc_s": TAU_S / 4},
        {"clock": "periodic"},
        {"clock": "ticks", "tick_s": TAU_S / 4},
    ],
)
def test_a_table_of_what_is_drawn_gives_the_same_bits(others):
    drawn = Hardware(tau_s=TAU_S, seed=7, **SPREADS, **others)
    chip = Chip.of(drawn, network())
    table = PBitTable(gain=chip.gain, offset=chip.offset, tau_s=chip.tau * TAU_S)
    told = Hardware(tau_s=TAU_S, seed=7, table=table, **others)
    one, other = (sample(hardware, network(), 1, reads=500) for hardware in (drawn, told))
    assert (one == other).all()
    ideal = Hardware(tau_s=TAU_S, seed=7, **others)
    assert (one != sample(ideal, network(), 1, reads=500)).any()


def law(gains, offsets, taus):
    """Rows scaled by the gains; offsets are those of the p-bits."""
    model = network()
    scaled = DirectedModel(gains * model.h, gains[:, None] * model.J.toarray())
    return exact_continuous_law(scaled, BETAS, pbits=PBits(offset=offsets, tau=taus))


def test_reads_follow_the_law_of_the_table():
    table = PBitTable(gain=GAINS, offset=OFFSETS, tau_s=1e-9 * TAUS)
    numbers = state_number(sample(Hardware(table=table), network(), 2))
    assert chi_square_p_value(numbers, law(GAINS, OFFSETS, TAUS)) > ALPHA
    turned = np.roll(np.arange(5), 1)
    for wrong in (
        law(GAINS[turned], OFFSETS, TAUS),
        law(GAINS, OFFSETS[turned], TAUS),
        law(GAINS, OFFSETS, TAUS[turned]),
        law(1.1 * GAINS, OFFSETS, TAUS),
    ):
        assert chi_square_p_value(numbers, wrong) < ALPHA


def test_labels_say_which_row_a_spin_is():
    order = [3, 0, 4, 2, 1]
    names = np.array(["a", "b", "c", "d", "e"])
    by_place = PBitTable(gain=GAINS, offset=OFFSETS)
    by_label = PBitTable(gain=GAINS[order], offset=OFFSETS[order], labels=names[order].tolist())
    one = sample(Hardware(table=by_place), network(), 3, reads=200)
    other = sample(Hardware(table=by_label), network(names.tolist()), 3, reads=200)
    assert (one == other).all()
    numbered = PBitTable(gain=GAINS[order], offset=OFFSETS[order], labels=[str(k) for k in order])
    assert (sample(Hardware(table=numbered), network(), 3, reads=200) == one).all()
    with pytest.raises(ValueError, match="the table has no p-bit 0, which the model has"):
        sample(Hardware(table=by_label), network(), 3)
    with pytest.raises(ValueError, match="the table must be of at least 5 p-bits, got 2"):
        sample(Hardware(table=PBitTable(gain=[1.0, 2.0])), network(), 3)


def test_what_the_table_lacks_is_drawn():
    chip = Chip.of(Hardware(gain_spread=0.3, table=PBitTable(offset=OFFSETS)), network())
    assert chip.offset.tolist() == OFFSETS.tolist() and np.unique(chip.gain).size == 5
    law = Hardware(table=PBitTable(offset=OFFSETS)).law
    assert "gains and offsets as measured, p-bit by p-bit" in law
    assert Hardware(table=PBitTable(tau_s=1e-9 * TAUS)).law == "Boltzmann"


def test_a_calibration_finds_the_table():
    table = PBitTable(gain=GAINS, offset=OFFSETS, tau_s=1e-9 * TAUS)
    found = calibrate(Hardware(table=table), 5, seed=1).correction
    assert np.abs((found.gain - GAINS) / found.gain_error).max() < 5
    assert np.abs((found.offset - OFFSETS) / found.offset_error).max() < 5


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({}, ValueError, "must have a gain, an offset or a tau_s"),
        ({"labels": ["a"]}, ValueError, "must have a gain, an offset or a tau_s"),
        ({"gain": [1, 2], "offset": [0]}, ValueError, "one length, got 2 of gain, 1 of offset"),
        ({"gain": [1, 2], "labels": ["a"]}, ValueError, "one length, got 2 of gain, 1 of labels"),
        ({"gain": [1, 0]}, ValueError, r"gain must be > 0 and <= 1000, got 0 of p-bit 1"),
        ({"gain": [1, np.nan]}, ValueError, "gain must be > 0 and <= 1000, got nan of p-bit 1"),
        ({"offset": [-101]}, ValueError, "offset must be >= -100 and <= 100, got -101 of p-bit 0"),
        ({"tau_s": [-1e-9]}, ValueError, "tau_s must be > 0"),
        ({"gain": [[1]]}, ValueError, r"gain must be of shape \(n,\)"),
        ({"gain": "x"}, TypeError, "gain must be numbers, one a p-bit, got 'x'"),
        ({"gain": [1, 2], "labels": ["a", "a"]}, ValueError, "labels must differ, got 'a'"),
    ],
)
def test_tables_are_refused(values, error, message):
    with pytest.raises(error, match=message):
        PBitTable(**values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"gain": 2.0}, "gain of each p-bit is in the table; leave gain and its spread out"),
        ({"gain_spread": 0.1}, "gain of each p-bit is in the table"),
        ({"offset": 0.1}, "offset of each p-bit is in the table"),
        ({"offset_spread": 0.1}, "offset of each p-bit is in the table"),
        ({"tau_spread": 0.1}, "tau_s of each p-bit is in the table"),
        (
            {"diameter_spread": 0.1, "dynamics": "arrhenius", "barrier": 8.0},
            "diameter_spread and a table say the same of each p-bit",
        ),
        ({"clock": "chromatic"}, "tau_s must be one for all p-bits with clock 'chromatic'"),
        ({"tau_s": 1.0}, "must be about that of the table's p-bits, got 1 s; give tau_s=1e-09"),
    ],
)
def test_what_a_table_excludes(values, message):
    table = PBitTable(gain=GAINS, offset=OFFSETS, tau_s=1e-9 * TAUS)
    with pytest.raises(ValueError, match=message):
        Hardware(table=table, **values)


def test_a_table_must_be_one():
    with pytest.raises(TypeError, match=r"table must be a .*PBitTable, got"):
        Hardware(table=[1.0])


# --- files


@pytest.fixture
def chip_of(tmp_path):
    """The chip of a file of p-bits and further keys."""

    def read(text, keys=""):
        (tmp_path / "pbits.csv").write_text(text, encoding="utf-8")
        path = tmp_path / "chip.toml"
        path.write_text(f'table = "pbits.csv"\n{keys}')
        return read_chip(path)

    return read


@pytest.mark.parametrize(
    ("text", "keys", "table"),
    [
        ("gain,offset\n1.1,0.5\n0.9,-0.5\n", "", PBitTable(gain=[1.1, 0.9], offset=[0.5, -0.5])),
        ("index;gain\n1;0,9\n0;1,1\n", "", PBitTable(gain=[1.1, 0.9])),
        ("pbit\tgain\nx1\t1.1\nx0\t0.9\n", "",
         PBitTable(gain=[1.1, 0.9], labels=["x1", "x0"])),
        ("V0 (mV),V50 (mV)\n50,450\n40,460\n",
         'table_unit = "50 mV"\ntable_zero = "0.45 V"',
         PBitTable(gain=[1.0, 1.25], offset=[0.0, -0.25])),
    ],
)  # fmt: skip
def test_tables_from_files(chip_of, text, keys, table):
    found = chip_of(text, keys).table
    for one, other in zip(dataclasses.astuple(found), dataclasses.astuple(table), strict=True):
        assert one == other or one == pytest.approx(other)


def test_time_constants_set_the_chip_s(chip_of):
    chip = chip_of("tau_us,gain\n4,1\n5,1\n7,1\n")
    assert chip.tau_s == 5e-6 and chip.table.tau_s == (4e-6, 5e-6, 7e-6)
    assert chip_of("tau_us\n4\n5\n7\n", 'tau = "6 us"\ndelay = "0.1 tau"').delay_s == 6e-7


@pytest.mark.parametrize(
    ("text", "keys", "message"),
    [
        ("1.1,0.5\n", "", "no header that names the columns"),
        ("tau\n1\n", "", "'tau', is a time without its unit; write tau_s"),
        ("gain,colour\n1,2\n", "", "'colour', is not known; known are index, label, gain"),
        ("index,label,gain\n0,a,1\n", "", "index and label exclude each other"),
        ("index,gain\n0,1\n2,1\n", "", "3: indices must be 0 to 1, each once, got 2"),
        ("V0_mV\n50\n", "", "V0 and V50 belong together, V50 is missing"),
        ("V0_mV,V50_mV,gain\n50,450,1\n", 'table_unit = "1 V"', "gain and V0, V50 exclude each"),
        ("V0_mV,V50_mV\n50,450\n", "", 'table_unit = "50 mV", and table_zero, at which it is 0'),
        ("V0_mV,V50_mV\n-50,450\n", 'table_unit = "50 mV"', "gain must be > 0"),
        ("gain\n-1\n", "", "gain must be > 0 and <= 1000, got -1 of p-bit 0"),
        ("gain\n1\n", 'table_unit = "50 uA"', "table_unit must be a voltage, got a current"),
        ("gain\n1\n", "gain = 2.0", "gain of each p-bit is in the table"),
    ],
)  # fmt: skip
def test_files_of_tables_are_refused(chip_of, text, keys, message):
    with pytest.raises(FormatError) as caught:
        chip_of(text, keys)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('table_zero = "1 V"\ntable_unit = "1 V"', "says how to read table"),
        ('table = "no.csv"', "no.csv: No such file"),
        ("[table]\ngain = 3\n", "gain must be an array, one value a p-bit, got 3"),
        ("[table]\ngain = [1]\nlabels = [1.5]\n", "labels must be texts or whole numbers"),
        ("[table]\ngian = [1]\n", "unknown key 'gian' in [table]"),
        ("[table]\ngain = [0.0]\n", "gain must be > 0"),
    ],
)
def test_chip_files_are_refused(tmp_path, text, message):
    path = tmp_path / "chip.toml"
    path.write_text(text)
    with pytest.raises(FormatError) as caught:
        read_chip(path)
    assert message in str(caught.value)


def test_a_chip_with_a_table_is_written_and_read(tmp_path):
    table = PBitTable(gain=GAINS, offset=OFFSETS, tau_s=1e-9 * TAUS, labels=list("abcde"))
    path = tmp_path / "chip.toml"
    path.write_text(write_chip(Hardware(table=table)))
    assert read_chip(path) == Hardware(table=table)


def test_the_command_line_tells_and_uses_it(chip_of, tmp_path):
    chip_of("pbit,gain,offset\n0,1.2,0.1\n1,0.8,-0.1\n")
    chip, problem = str(tmp_path / "chip.toml"), tmp_path / "pair.coo"
    told = CliRunner().invoke(cli, ["chip", chip])
    assert "gain, offset of 2 p-bits" in told.stdout and "p-bit by p-bit" in told.stdout
    problem.write_text("0 1 -1\n")
    run = ["solve", str(problem), "--problem", "ising", "--hardware", chip, "--json", "--seed", "1"]
    solved = CliRunner().invoke(cli, run)
    assert solved.exit_code == 0, solved.output
    assert "p-bit by p-bit" in json.loads(solved.stdout)["hardware"]["law"]
    problem.write_text("0 1 -1\n1 2 -1\n")
    refused = CliRunner().invoke(cli, run)
    assert refused.exit_code == 4 and "the table has no p-bit 2" in refused.stderr
