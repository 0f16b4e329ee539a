"""Chips as TOML: what is read, what is written, and every way in which a file is refused."""

import dataclasses
import math
import warnings

import numpy as np
import pytest

from pbit.devices.mtj import Junction
from pbit.formats.errors import FormatError
from pbit.hardware.correction import Correction
from pbit.hardware.files.curve import read_curve
from pbit.hardware.files.template import SECTIONS, write_chip
from pbit.hardware.files.toml import read_chip
from pbit.hardware.files.units import parse_quantity
from pbit.hardware.from_junction import hardware_of_junction
from pbit.hardware.parameters import Hardware, parameter_ranges
from pbit.hardware.prices import PRICES, Prices
from pbit.hardware.variation import parse_variation
from pbit.schedules.listings import MOST_VALUES


@pytest.fixture
def chip_of(tmp_path):
    """Reads a text as chip.toml."""

    def read(text):
        path = tmp_path / "chip.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_chip(path)

    return read


def same(one, other):
    """Whether two chips agree in every field."""
    plain = [field.name for field in dataclasses.fields(Hardware) if field.name != "correction"]
    if any(getattr(one, key) != getattr(other, key) for key in plain):
        return False
    if one.correction is None or other.correction is None:
        return one.correction is other.correction
    return all(
        np.array_equal(getattr(one.correction, field.name), getattr(other.correction, field.name))
        for field in dataclasses.fields(Correction)
    )


# --- units


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2 ns", "s", 2e-9),
        ("2ns", "s", 2e-9),
        ("  0.2  ns ", "s", 2e-10),
        ("1e-9 s", "s", 1e-9),
        ("1.5E3 fs", "s", 1.5e-12),
        (".5 us", "s", 5e-7),
        ("5 µs", "s", 5e-6),  # micro sign
        ("5 μs", "s", 5e-6),  # Greek mu
        ("0.2 tau", "s", 5e-10),
        ("-3 ps", "s", -3e-12),
        ("1 GHz", "Hz", 1e9),
        ("300 K", "K", 300.0),
        ("5 pJ", "J", 5e-12),
        ("7.09 fJ", "J", 7.09e-15),
        ("10 uA", "A", 1e-5),
        ("50 mV", "V", 0.05),
        ("5 kohm", "ohm", 5000.0),
        ("5 kΩ", "ohm", 5000.0),
        ("1e9999 s", "s", math.inf),
    ],
)
def test_quantities(text, unit, value):
    assert parse_quantity("x", text, unit=unit, tau_s=2.5e-9) == value


@pytest.mark.parametrize(
    "text",
    ["", "2", "ns", "2 mV", "2 NS", "2 n s", "1_0 s", "٢ s", "2e s", "0x2 s", "nan s", "2 ns 3",
     "1e12345 s", "9" * 101 + " s"],
)  # fmt: skip
def test_texts_that_are_no_time(text):
    message = "x must be a time, a number and one of the units s, ms, us, ns, ps, fs, got "
    with pytest.raises(ValueError, match=message):
        parse_quantity("x", text, unit="s")


def test_tau_is_no_unit_where_it_is_not_known():
    with pytest.raises(ValueError, match="got '1 tau'"):
        parse_quantity("tau", "1 tau", unit="s")


# --- what is read


def test_an_empty_file_is_the_ideal_chip(chip_of):
    assert same(chip_of(""), Hardware())


def test_times_in_seconds_with_units_and_in_tau(chip_of):
    chip = chip_of('delay = "0.2 tau"\nrc_s = 2e-10\ntau = "2 ns"\n')
    assert (chip.tau_s, chip.delay_s, chip.rc_s) == (2e-9, 4e-10, 2e-10)
    assert chip_of('delay = "0.2 tau"').delay_s == 2e-10  # of the default tau


def test_values_of_every_kind(chip_of):
    text = 'seed = 18446744073709551615\nclock = "periodic"\ngain = 2\nweight_bits = 4\n'
    chip = chip_of(text + 'name = "mine"\ntransfer = [[-1, -0.5], [1, 0.5]]\n')
    assert (chip.seed, chip.clock, chip.weight_bits) == (2**64 - 1, "periodic", 4)
    assert (chip.name, chip.transfer) == ("mine", ((-1.0, -0.5), (1.0, 0.5)))
    assert type(chip.gain) is float


def test_prices(chip_of):
    chip = chip_of('[prices]\nupdate = "7 fJ"\nread_J = 2e-12\nsource = "me"\n')
    assert chip.prices == Prices(update_J=7e-15, read_J=2e-12, source="me")
    assert chip_of('[prices]\npreset = "fpga"').prices is PRICES["fpga"]
    assert chip_of('prices.preset = "none"').prices is PRICES["none"]
    assert chip_of("").prices is PRICES["z1-spice"]


def test_a_byte_order_mark_is_no_text(chip_of):
    assert chip_of(b"\xef\xbb\xbfgain = 2.0\r\nseed = 3\r\n").gain == 2.0


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("input,mean\n-1,-0.5\n1,0.5\n", ""),
        ("x;<m>\n-1;-0,5\n1;0,5\n", ""),
        ("# measured\n\nx, output\n -1 ,\t-0.5\n\n# more\n1, 0.5", ""),
        ("\ufeffinput\tmean output\r\n-1\t-0.5\r\n1\t0.5\r\n", ""),
        ("P (%) X\n25 -1\n75 1\n", ""),
        ("-1,-0.5\n1,0.5\n", 'transfer_columns = "input,mean"'),
        ("V,P\n0.4,0.25\n0.5,0.75\n",
         'transfer_columns = "V_V,P"\ntransfer_unit = "50 mV"\ntransfer_zero = "0.45 V"'),
        ("V_mV,P\n400,0.25\n500,0.75\n", 'transfer_unit = "0.05 V"\ntransfer_zero = "450 mV"'),
        ("I (uA),m\n-3,0.5\n3,-0.5\n", 'transfer_unit = "-3 uA"'),
    ],
)  # fmt: skip
def test_curves_of_two_columns(chip_of, tmp_path, text, keys):
    (tmp_path / "curve.csv").write_text(text, encoding="utf-8")
    chip = chip_of(f'transfer_file = "curve.csv"\n{keys}')
    assert chip.transfer == ((-1.0, -0.5), (1.0, 0.5))


@pytest.mark.parametrize(
    ("text", "keys", "message"),
    [
        ("-1,-0.5\n1,0.5\n", "", "no header that names the columns and their units; write one"),
        ("V,P\n0.3,0.02\n0.6,0.98\n", "", "'V', is a voltage without its unit"),
        ("V_V,P\n0.3,0.02\n0.6,0.98\n", "",
         'transfer_unit = "50 mV", and transfer_zero, at which it is 0; or fit it: pbit device'),
        ("V_V,P\n0.3,0.02\n0.6,0.98\n", 'transfer_unit = "5 uA"', "transfer_unit is in A"),
        ("x,P\n-1,0.02\n1,0.98\n", 'transfer_unit = "5 uA"', "inputs have no unit here"),
        ("x,y\n-1,0.02\n1,0.98\n", "", "are they means from -1 to 1 or probabilities? Call"),
        ("x,P\n-1,0.02\n1,1.98\n", "", "3: probabilities must be from 0 to 1, got 1.98; or"),
        ("x,V_V,P\n-1,0,0.02\n1,1,0.98\n", "", "must be one column of input, voltage_V, current"),
        ("x\n-1\n1\n", "", "must be one column of mean, probability, output, got none"),
        ("x,mean\n-1,0.5\n1,-0.5\n", "transfer_noise = 0.01", "more than 5 x transfer_noise"),
        ("x,mean\n-1,0.5\n1,-0.5\n", "transfer_noise = 2", "transfer_noise must be a number"),
        ("x,mean\n-1,-1\n1,1\n", 'transfer_zero = "1 V"', "transfer_zero needs transfer_unit"),
        ("x,mean\n-1,-1\n1,1\n", 'transfer_unit = "1 s"', "must be a voltage or a current"),
        ("x,mean\n-1,-1\n1,1\n", 'transfer_unit = "0 V"', "transfer_unit must not be 0"),
        ("x,mean\n-1,-1\n1,1\n", 'transfer_unit = "one V"', "transfer_unit must be a voltage"),
        ("x,mean\n-1,-1\n1,1\n", 'transfer_columns = "a,b"', "transfer_columns: column 1, 'a'"),
    ],
)  # fmt: skip
def test_curves_whose_units_are_not_told(chip_of, tmp_path, text, keys, message):
    (tmp_path / "curve.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        chip_of(f'transfer_file = "curve.csv"\n{keys}')
    assert message in str(caught.value)


def test_how_to_read_a_file_that_is_not_there(chip_of):
    with pytest.raises(FormatError, match="transfer_unit says how to read transfer_file"):
        chip_of('transfer_unit = "50 mV"')


def test_a_noisy_curve_becomes_monotone(chip_of, tmp_path):
    """Isotonic regression: neighbours that fall are put at their mean."""
    (tmp_path / "curve.csv").write_text("x,mean\n-2,-0.9\n-1,0.1\n0,0.0\n1,0.5\n2,0.95\n")
    chip = chip_of('transfer_file = "curve.csv"\ntransfer_noise = 0.02')
    assert [mean for _, mean in chip.transfer] == [-0.9, 0.05, 0.05, 0.5, 0.95]
    with pytest.raises(FormatError, match=r"curve\.csv:4: .*outputs that do not decrease"):
        chip_of('transfer_file = "curve.csv"')


def test_a_curve_that_is_never_below_0_is_told(chip_of, tmp_path):
    (tmp_path / "curve.csv").write_text("x,mean\n-1,0.02\n1,0.98\n")
    with pytest.warns(UserWarning, match="never favour -1; of probabilities P give 2 P - 1"):
        law = chip_of('transfer_file = "curve.csv"').law
    assert "never below 0" in law


def test_a_curve_given_as_pairs_is_warned_of_alike():
    with pytest.warns(UserWarning, match="transfer has means that are never below 0"):
        Hardware(transfer=[(-1.0, 0.1), (1.0, 0.9)])
    with pytest.raises(ValueError, match=r"from -1 to 1, got 1\.9; divide by the largest output"):
        Hardware(transfer=[(-1.0, -0.1), (1.0, 1.9)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Hardware(transfer=[(-1.0, -0.1), (1.0, 0.9)])


def test_a_correction_without_errors(chip_of):
    found = chip_of("[correction]\ngain = [1.5, 2]\noffset = [0, -1]").correction
    assert (found.gain.tolist(), found.offset.tolist()) == ([1.5, 2.0], [0.0, -1.0])
    assert np.isnan(found.gain_error).all() and np.isnan(found.offset_error).all()
    assert (found.stuck.tolist(), found.num_samples) == ([False, False], 0)
    assert "gain_error" not in write_chip(Hardware(correction=found))


# --- what is written

CHIPS = {
    "ideal": Hardware(),
    "odd name": Hardware(name='quote " backslash \\ é', seed=2**64 - 1),
    "numbers": Hardware(
        name="two", tau_s=2.3e-9, delay_s=1 / 3 * 1e-9, gain_spread=0.1, weight_bits=5,
        conductance_ratio=7.5, dac_bits=3, lut_bits=6, lfsr_bits=16, clock="ticks", tick_s=1e-10,
        prices=Prices(update_J=1.1e-15, source="me"),
    ),
    "prices of numpy": Hardware(prices=Prices(read_J=np.float64(2e-12))),
    "junctions": Hardware(dynamics="arrhenius", barrier=9.0, barrier_exponent=2.0,
                          prices=PRICES["fpga"]),
    "measured": Hardware(
        transfer=((-1.0, -0.7), (0.1, 0.2)), dynamics="telegraph", prices=PRICES["none"],
        correction=Correction(
            np.array([1.1, 0.9, 1 / 3]), np.array([0.0, -0.25, 1e-3]), np.array([0.1, 0.2, 0.3]),
            np.array([0.3, 0.2, 0.1]), np.array([False, True, False]), 2000,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHIPS)
def test_what_is_written_is_read_back(chip_of, name):
    assert same(chip_of(write_chip(CHIPS[name])), CHIPS[name])


def test_every_key_is_in_the_template_with_its_range():
    text = write_chip(Hardware())
    told = {key for keys in SECTIONS.values() for key in keys}
    assert told == {*parameter_ranges(), "transfer", "lfsr_seeds"}
    joined = " ".join(text.lower().split())
    for key, limits in parameter_ranges().items():
        assert f"\n{key} = " in text or f"\n# {key} = " in text
        assert str(limits) in joined
    assert max(map(len, text.splitlines())) <= 80


def test_examples_in_the_template_are_values(chip_of):
    """Every commented key may be brought to life where its company is there."""
    lines = write_chip(Hardware()).splitlines()
    commented = [line[2:] for line in lines if line.startswith("# ") and " = " in line]
    keys = [line.split(" = ")[0] for line in commented]
    found = {key: line for key, line in zip(keys, commented, strict=True) if key.isidentifier()}
    company = {"tick_s": 'clock = "ticks"\n', "barrier": 'dynamics = "arrhenius"\n',
               "lfsr_bits": "lut_bits = 8\n",
               "lfsr_seeds": "lut_bits = 8\nlfsr_bits = 8\n"}  # fmt: skip
    for key, line in found.items():
        if key in parameter_ranges() or key in ("transfer", "lfsr_seeds"):
            assert getattr(chip_of(company.get(key, "") + line), key) is not None
        elif key in ("update", "read", "write", "source"):
            assert chip_of(f"[prices]\n{line}").prices != PRICES["none"]
    assert {"tick_s", "barrier", "transfer", "update"} <= set(found)


# --- refusals


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        # units
        ("delay = 0.2", 1, 'delay must be a text with a unit, delay = "0.2 ns", got 0.2; a num'),
        ("delay = true", 1, "delay must be a text with a unit"),
        ('\ndelay_s = "0.2 ns"', 2, "delay_s must be a number >= 0 s, got '0.2 ns'; with a unit"),
        ('delay = "2 mV"', 1, "ns, ps, fs, tau, got '2 mV'; allowed is a number >= 0 s"),
        ('delay = "-2 ns"', 1, "delay must be a number >= 0 s, got '-2 ns'"),
        ('tau = "1 tau"', 1, "one of the units s, ms, us, ns, ps, fs, got '1 tau'"),
        ('tau = "0 s"', 1, "tau must be a number >= 1e-15 s and <= 1e+09 s, got '0 s'"),
        ('gain = "2"', 1, "gain must be a number > 0 and <= 1000, got '2'"),
        ('delay = "1 ns"\ndelay_s = 1e-9', 1, "delay and delay_s are the same: give one of them"),
        # types and ranges
        ("gain = true", 1, "gain must be a number > 0 and <= 1000, got True"),
        ("gain = [1.0]", 1, "gain must be a number > 0 and <= 1000, got [1.0]"),
        ("gain = 0", 1, "got 0"),
        ("gain = nan", 1, "got nan"),
        ("delay_s = inf", 1, "got inf"),
        ("gain = 1" + "0" * 400, 1, "gain must be a number > 0 and <= 1000, got 1000"),
        ("gain = 1" + "0" * 5000, None, "not TOML: Exceeds the limit"),
        ("delay_s = 1979-05-27", 1, "delay_s must be a number >= 0 s, got datetime.date"),
        ("seed = 1.0", 1, "seed must be a whole number >= 0"),
        ("seed = -1", 1, "seed must be a whole number >= 0"),
        ('clock = "periodc"', 1, "ticks, got 'periodc'; did you mean 'periodic'?"),
        ("clock = 3", 1, "clock must be one of poisson, periodic, chromatic, ticks, got 3"),
        ("name = 3", 1, "name must be text on one line, got 3"),
        ('name = "a\\nb"', 1, "name must be text on one line, got 'a\\nb'"),
        ('name = " "', 1, "name must be text on one line"),
        # keys
        ("\n# x\ndealy_s = 1", 3, "unknown key 'dealy_s'; did you mean 'delay_s'?"),
        ("zzz = 1", 1, "unknown key 'zzz'; 'pbit chip' prints all keys"),
        ("update_J = 1", 1, "unknown key 'update_J'; it belongs below a line [prices]"),
        ("[price]\nx = 1", 1, "unknown key 'price'; did you mean 'prices'?"),
        ('[prices]\npreset = "fpga"\ndelay_s = 1', 3, "keys of the chip stand above [prices]"),
        ("[prices]\nupdates = 1", 2, "unknown key 'updates' in [prices]; did you mean 'update'?"),
        # tables
        ("prices = 3", 1, "prices must be a table, [prices], got 3"),
        ("[[prices]]\nupdate_J = 3", 1, "prices must be a table, [prices], got [{"),
        ('[prices]\npreset = "z1"', 2, "preset must be one of z1-spice, fpga, none, got 'z1'"),
        ("[prices]\npreset = 1", 2, "preset must be text on one line, got 1"),
        ('[prices]\npreset = "fpga"\nread = "1 pJ"', 3, "preset and read exclude each other"),
        ('[prices]\nupdate = "2 J"', 2, "update must be a number >= 0 J and <= 1 J, got '2 J'"),
        ("prices = {update = 3}", 1, 'update must be a text with a unit, update = "7 fJ", got 3'),
        ('prices.update = "3 s"', 1, "update must be an energy, a number and one of the units J"),
        ("[correction]\ngain = [1.0]\noffset = [1.0, 2.0]", 3, "of one length, got 1 and 2 val"),
        ("[correction]\ngain = [1.0]\n", 1, "[correction] needs the arrays gain and offset"),
        ("[correction]\ngain = [1]\noffset = [1]\nstuck = [1]", 4, "stuck must be an array of"),
        ("[correction]\ngain = [1]\noffset = [1]\nnum_samples = -1", 4, "num_samples must be a"),
        ("[correction]\ngain=[1]\noffset=[1]\ngain_error=[]", 4, "gain and gain_error must"),
        ("[correction]\ngain = [true]\noffset = [1]", 2, "gain must be an array of numbers, got"),
        ("[correction]\ngain = [inf]\noffset = [1]", 2, "gain must be an array of numbers, got"),
        ("[correction]\ngain = [1, -2]\noffset = [1, 1]", 2, "gain must have numbers > 0, got -2"),
        # curves
        ("transfer = 3", 1, "transfer must be an array of pairs [input, mean output] of numbers"),
        ("transfer = []", 1, "transfer must be an array of pairs"),
        ("transfer = [[0, true], [1, 1]]", 1, "transfer must be an array of pairs"),
        (f"transfer = [[0, 0], [1{'0' * 400}, 1]]", 1, "transfer must be an array of pairs"),
        ("transfer = [[0, 0], [inf, 1]]", 1, "transfer must be an array of pairs"),
        ("\ntransfer = [[0, 1], [1, 0]]", 2, "transfer must have increasing inputs and outputs"),
        ('transfer = [[0, 0]]\ntransfer_file = "x"', 2, "transfer and transfer_file exclude each"),
        ('transfer_file = "no.csv"', 1, "no.csv: No such file or directory"),
        ("transfer_file = 3", 1, "transfer_file must be text on one line, got 3"),
        # contradictions
        ('\nclock = "periodic"\ndynamics = "arrhenius"', 2, "clock 'periodic' needs dynamics"),
        ('gain = 2.0\ntick = "0.1 tau"', 2, "tick_s must be given with clock 'ticks' and with no"),
        ("barrier = 5.0", 1, "barrier and barrier_exponent need dynamics 'arrhenius'"),
        # no TOML
        ("gain = 1\nx =", 2, "not TOML: "),
        ("gain = 1\ngain = 2\n\n", 2, "not TOML: Cannot overwrite a value"),
        ("gain = 1\n= 3\n", 2, "not TOML: "),
        ("x = " + "[" * 5000, None, "not TOML"),
        (b"gain = 1\nname = '\xff'\n", 2, "expected UTF-8 text"),
        (b"gain = 1\n\0", 2, "not TOML: "),
    ],
)  # fmt: skip
def test_files_are_refused_by_name_and_line(chip_of, tmp_path, text, line, message):
    with pytest.raises(FormatError) as caught:
        chip_of(text)
    assert message in str(caught.value)
    assert (caught.value.name, caught.value.line) == (str(tmp_path / "chip.toml"), line)


def test_damaged_files_are_read_or_refused(tmp_path):
    """Whatever the bytes: a chip, or a refusal that names the file; no other error."""
    rng = np.random.default_rng(0)
    whole = write_chip(CHIPS["measured"]).encode()
    path = tmp_path / "chip.toml"
    outcomes = {True: 0, False: 0}
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 4)):
            place = int(rng.integers(len(data)))
            new = rng.choice([b"", b"[", b"]", b'"', b"= ", b"\n", b"9", b"-", b"\xff", b"nan"])
            data[place : place + int(rng.integers(0, 6))] = bytes(new)
        path.write_bytes(data)
        try:
            outcomes[isinstance(read_chip(path), Hardware)] += 1
        except FormatError as error:
            outcomes[False] += 1
            assert str(error).startswith(str(path))
    assert min(outcomes.values()) > 30


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "transfer must be two or more pairs"),
        ("0,0\n", None, "transfer must be two or more pairs"),
        ("0,0\n1\n", 3, "'1': expected 2 columns, input, mean"),
        ("0,0\n1,1,1\n", 3, "'1 1 1': expected 2 columns"),
        ("0,0\n1,0.5,\n", 3, "expected 2 columns"),
        ("0,0\n1,high\n", 3, "'1 high': expected 2 columns"),
        ("0,0\nx,y\n", 3, "'x y': expected 2 columns"),
        ("0,0\n1,nan\n", 3, "expected 2 columns"),
        ("0,0\n1,1e999\n", 3, "expected 2 columns"),
        ("0,0\n1_0,1\n", 3, "expected 2 columns"),
        ("0,0\n\n2,0.5\n1,0.6\n3,0.7\n", 5, "transfer must have increasing inputs"),
        ("0,0\n1,0.5\n2,0.4\n3,0.7\n", 4, "outputs that do not decrease"),
        ("0,0\n1,0.5\n2,1.4\n3,1.7\n", 4, "transfer must have mean outputs from -1 to 1, got 1.4"),
    ],
)
def test_curves_are_refused_by_name_and_line(tmp_path, text, line, message):
    path = tmp_path / "curve.csv"
    path.write_text(f"x,mean\n{text}")
    with pytest.raises(FormatError) as caught:
        read_curve(path)
    assert message in str(caught.value)
    assert (caught.value.name, caught.value.line) == (str(path), line)


def test_a_wrong_curve_is_told_by_its_own_name(chip_of, tmp_path):
    (tmp_path / "curve.csv").write_text("x,mean\n0,0\n1,x\n")
    with pytest.raises(FormatError, match=r"curve\.csv:3: '1 x': expected 2 columns"):
        chip_of('transfer_file = "curve.csv"')


def test_paths_that_are_no_files(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_chip(tmp_path / "no.toml")
    with pytest.raises(IsADirectoryError):
        read_chip(tmp_path)
    (tmp_path / "large.toml").write_bytes(b"#" * (2**24 + 1))
    with pytest.raises(FormatError, match="more than 16 MiB; check the path"):
        read_chip(tmp_path / "large.toml")


# --- junctions


def test_a_junction_sets_how_fast_p_bits_are(chip_of):
    text = 'delay = "0.1 tau"\noffset = 0.5\n[junction]\nbarrier = 8\nasymmetry = 0.1\n'
    chip = chip_of(text + 'attempt_frequency = "2 GHz"\nbarrier_exponent = 2\n')
    assert chip.dynamics == "arrhenius"
    assert chip.tau_s == pytest.approx(math.exp(8) / 2e9)
    assert chip.delay_s == pytest.approx(chip.tau_s / 10)
    assert (chip.barrier, chip.barrier_exponent) == (8.0, 2.0)
    assert chip.offset == pytest.approx(0.5 + 2 * 8 * 0.1)
    text = '[junction]\nbarrier = 8.0\ntemperature = "300 K"\ncritical_current = "10 uA"\n'
    assert same(chip_of(text), hardware_of_junction(Junction(8.0)))


@pytest.mark.parametrize("exponent", [1.0, 2.0])
@pytest.mark.parametrize("x", [-9.0, -2.0, 0.0, 0.7, 30.0])
def test_rates_of_the_chip_are_those_of_the_junction(exponent, x):
    """``phi_0 exp(-Delta (1 + m i)^n)`` in the symbols of the chip, cap included."""
    junction = Junction(6.0, barrier_exponent=exponent, asymmetry=0.05)
    chip = hardware_of_junction(junction)
    out_of_P, out_of_AP = junction.rates_Hz(x / junction.pbit_gain_per_A)
    for m, rate in ((1, out_of_P), (-1, out_of_AP)):
        u = m * (x + chip.offset) / (exponent * chip.barrier)
        barrier = chip.barrier * max(0.0, 1 + u) ** exponent
        assert math.exp(chip.barrier - barrier) / chip.tau_s == pytest.approx(float(rate))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[junction]\nattempt_frequency = 1", 2, 'attempt_frequency = "1 GHz", got 1; a number of'),
        ('[junction]\nattempt_frequency = "1 s"', 2, "attempt_frequency must be a frequency, a nu"),
        ('[junction]\ntemperature = "300 K"', 1, "[junction] needs a value of barrier"),
        ("[junction]\nbarrier = -1", 2, "barrier must be a finite number > 0 and <= 500, got -1.0"),
        ("[junction]\nbarrier = true", 2, "barrier must be a number, got True"),
        ("[junction]\nbarrier = 8\ntemperatur = 3", 3, "in [junction]; did you mean 'temperature'"),
        ('tau = "1 ns"\n[junction]\nbarrier = 8', 1, "tau comes from [junction] here; leave one"),
        ("barrier = 8\n[junction]\nbarrier = 8", 1, "barrier comes from [junction] here"),
        ("noise = 0.1\n[junction]\nbarrier = 8", 1, "noise, transfer and lut_bits need dynamics"),
        (
            "[junction]\nbarrier = 200",
            1,
            "junction must change its state within 1e+09 s on average, got 7",
        ),
        ("junction = 3", 1, "junction must be a table, [junction], got 3"),
    ],
)
def test_junctions_are_refused_by_name_and_line(chip_of, text, line, message):
    with pytest.raises(FormatError) as caught:
        chip_of(text)
    assert message in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "key",
    ["dynamics", "tau_s", "correlation_time_s", "dwell_time_s", "barrier", "barrier_exponent"],
)
def test_what_a_junction_sets_is_not_given_twice(key):
    with pytest.raises(TypeError, match=f"{key} comes from the junction; leave it out"):
        hardware_of_junction(Junction(8.0), **{key: 1.0})


# --- one parameter over many values


@pytest.mark.parametrize(
    ("text", "label", "values"),
    [
        ("delay=0:2:3", "delay (tau)", (0.0, 1.0, 2.0)),
        ("delay=0:2:3:ns", "delay (ns)", (0.0, 1.0, 2.0)),
        ("delay_s=0:2e-9:3", "delay_s (s)", (0.0, 1e-9, 2e-9)),
        ("delay=log:1e-3:1:4", "delay (tau)", (1e-3, 1e-2, 1e-1, 1.0)),
        ("delay=log:1:100:3:ps", "delay (ps)", (1.0, 10.0, 100.0)),
        ("delay=0.1 ns,0.3 ns", "delay (ns)", (0.1, 0.3)),
        ("delay = 0.5 , 0.1", "delay (tau)", (0.5, 0.1)),
        ("tau=1:3:3:ns", "tau (ns)", (1.0, 2.0, 3.0)),
        ("gain=0.1:0.3:3", "gain", (0.1, 0.2, 0.3)),
        ("weight_bits=none,8,2", "weight_bits", (None, 8, 2)),
        ("weight_bits=2:8:4", "weight_bits", (2, 4, 6, 8)),
        ("dynamics=heat-bath,arrhenius", "dynamics", ("heat-bath", "arrhenius")),
        ("seed=18446744073709551615,0", "seed", (2**64 - 1, 0)),
    ],
)
def test_variations(text, label, values):
    found = parse_variation(text, Hardware(tau_s=2e-9))
    assert (found.label, found.values) == (label, values)
    assert found.is_log == ("log:" in text)
    name = found.key if found.key in parameter_ranges() else f"{found.key}_s"
    scale = {"tau": 2e-9, "ns": 1e-9, "ps": 1e-12}.get(found.unit, 1.0)
    for chip, value in zip(found.chips, values, strict=True):
        expected = value * scale if isinstance(value, float) else value
        assert getattr(chip, name) == (
            pytest.approx(expected) if isinstance(expected, float) else expected
        )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("delay", "the parameter to vary must be KEY=LOW:HIGH:COUNT or"),
        ("delay=", "the parameter to vary must be KEY=LOW:HIGH:COUNT or"),
        ("dealy=3", "no parameter 'dealy' that can be varied; did you mean 'delay'"),
        ("=3", "no parameter '' that can be varied; known are seed, dynamics"),
        ("zzzzz=3", "known are seed, dynamics"),
        ("name=3", "no parameter 'name'"),
        ("prices=3", "no parameter 'prices'"),
        ("gain=1:2", "the values must be KEY=LOW:HIGH:COUNT or"),
        ("gain=a:2:3", "the values must be KEY=LOW:HIGH:COUNT or"),
        ("gain=1:2:3:4:5", "the values must be KEY=LOW:HIGH:COUNT or"),
        ("gain=1:inf:3", "the values must be KEY=LOW:HIGH:COUNT or"),
        ("gain=1:2:0", "COUNT must be from 1 to 1000, got 0"),
        (f"gain=1:2:{MOST_VALUES + 1}", "COUNT must be from 1 to 1000, got 1001"),
        ("gain=" + ",".join(["1"] * 1001), "gain must have at most 1000 values, got 1001"),
        ("delay=log:0:1:3", "LOW and HIGH must be > 0 with log:"),
        ("gain=1:2:3:ns", "gain takes no unit here"),
        ("gain=1 ns", "gain takes no unit here"),
        ("delay_s=1 ns", "delay_s takes no unit here"),
        ("delay=0,1 ns", "delay must have all its values in one unit"),
        ("delay=0:1:3:mV", "delay must be a time, a number and one of the units"),
        ("tau=1:5:3", "tau needs a unit, tau=1:5:5:ns"),
        ("tau=1 tau", "one of the units s, ms, us, ns, ps, fs, got '1.0 tau'"),
        ("gain=one", "gain must be a list of numbers"),
        ("gain=none", "gain must be a list of numbers"),
        ("weight_bits=2:8:6", "weight_bits must be a whole number, got 3.2; choose another COUNT"),
        ("weight_bits=2.5", "weight_bits must be a whole number, got 2.5"),
        ("weight_bits=1,2", "weight_bits must be a whole number >= 2 and <= 16, got 1"),
        ("gain=0:1:3", "gain must be a number > 0 and <= 1000, got 0.0"),
        ("dynamics=heat", "dynamics must be one of heat-bath, arrhenius, telegraph, got 'heat'"),
        ("barrier=3", "barrier and barrier_exponent need dynamics 'arrhenius'"),
    ],
)
def test_variations_that_are_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse_variation(text, Hardware())


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 100_000 + " = 1\n",
        "\n[a" + ".a" * 16 + "]\n",
        "x = {" + "a . " * 16 + "a = 1}\n",
        "'a'" + " .'a b'" * 16 + " = 1\n",
        '"a"' + '."a"' * 16 + " = 1\n",
    ],
)
def test_keys_of_many_parts_are_refused_before_they_are_parsed(tmp_path, text):
    """Of 100,000 dots, which took a minute and 1.3 GB."""
    path = tmp_path / "chip.toml"
    path.write_text(text)
    with pytest.raises(FormatError, match=r":[12]: .*expected at most 16 parts in a key"):
        read_chip(path)


def test_dots_elsewhere_are_no_parts_of_a_key(tmp_path):
    path = tmp_path / "chip.toml"
    path.write_text('name = "a. b. c"  # 1.2.3.4.5\ntransfer = [[-1.5, -0.5], [0.5, 0.25]]\n')
    assert read_chip(path).name == "a. b. c"
