"""Signals at any moment, readers that leave, and where output goes, for every command."""

import os
import runpy
import signal
import subprocess
import sys
from contextlib import suppress
from itertools import product

import pytest
from click.testing import CliRunner

from cases import some
from pbit.cli import entry
from pbit.cli.main import cli

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and modes")
PROGRAM = [sys.executable, "-P", "-m", "pbit"]
RING = "3 3\n1 2 1\n2 3 1\n1 3 1\n"
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring.mc"
    path.write_text(RING)
    return path


def start(*arguments, **options):
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen([*PROGRAM, *map(str, arguments)], text=True, env=env, **streams)


def at_import(tmp_path, module):
    """A program that waits where the command imports a module, and says so."""
    code = f"""
import sys, time
class Wait:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            print("here", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Wait())
from pbit.cli.entry import main
main()
"""
    path = tmp_path / "program.py"
    path.write_text(code)
    return path


@SIGNALS
@pytest.mark.parametrize("module", ["click", "pbit.cli.main", "pbit.cli.solve", "numpy", "numba"])
def test_a_signal_during_imports(ring, tmp_path, module, number):
    program = at_import(tmp_path, module)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-P", str(program), "solve", str(ring), "--problem", "maxcut"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )
    assert process.stdout.readline() == "here\n"
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout) == (130, "")
    assert stderr.splitlines()[-1] == "interrupted" and "Traceback" not in stderr


READING = {
    "convert": ("-", "OUT.rudy", "--to", "rudy"),
    "compile": ("-", "--problem", "maxcut", "--output", "OUT.json"),
    "solve": ("-", "--problem", "maxcut", "--output", "OUT.json"),
    "verify": ("-",),
    "info": ("-",),
    "tts": ("-", "--problem", "maxcut", "--target", "2", "--output", "OUT.json"),
    "sweep": ("-", "--problem", "maxcut", "--vary", "lut_bits=2,4", "--output", "OUT.json"),
    "logic": ("-",),
    "train": ("-", "--output", "OUT.safetensors"),
}


@pytest.mark.parametrize(
    ("command", "number"),
    some(
        product(READING, (signal.SIGINT, signal.SIGTERM)),
        ("solve", signal.SIGINT), ("convert", signal.SIGTERM), ("logic", signal.SIGINT),
    ),
)  # fmt: skip
def test_a_signal_while_input_is_awaited(tmp_path, command, number):
    given = (command, *READING[command])
    arguments = [argument.replace("OUT", str(tmp_path / "out")) for argument in given]
    process = start(*arguments, stdin=subprocess.PIPE)
    process.stdin.write("# more than a pipe holds\n" * 2**18)
    process.stdin.flush()
    kept, process.stdin = process.stdin, None  # or the end of the file would come with the signal
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=20)
    with suppress(BrokenPipeError):
        kept.close()
    assert (process.returncode, stdout) == (130, "")
    assert "interrupted" in stderr and "Traceback" not in stderr and "Exception" not in stderr
    assert not list(tmp_path.iterdir())


@SIGNALS
def test_a_signal_while_a_file_is_written(tmp_path, number):
    """Its temporary goes along."""
    code = (
        "import signal, sys, time\nfrom pbit.cli import entry\n"
        "from pbit.system.whole_files import replacing\n"
        "signal.signal(signal.SIGINT, entry.end_at_once)\n"
        "signal.signal(signal.SIGTERM, entry.end_at_once)\n"
        f"with replacing({str(tmp_path / 'a.json')!r}) as temporary:\n"
        "    temporary.write_text('half')\n    print('here', flush=True)\n    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "here\n"
    process.send_signal(number)
    assert process.wait(timeout=20) == 130
    process.stdout.close()
    assert not list(tmp_path.iterdir())


def test_children_end_with_the_process(monkeypatch):
    ended, status = [], []

    class Child:
        def terminate(self):
            ended.append(self)

    class Multiprocessing:
        active_children = staticmethod(lambda: [Child()])

    monkeypatch.setitem(sys.modules, "multiprocessing", Multiprocessing)
    monkeypatch.setattr(os, "_exit", status.append)
    monkeypatch.setattr(os, "write", lambda *arguments: 0)
    entry.end_at_once(signal.SIGTERM, None)
    assert len(ended) == 1 and status == [130]


def test_a_press_while_python_begins_with_us(monkeypatch):
    class Pressed:
        def find_spec(self, name, path=None, target=None):
            if name == "pbit.cli.entry":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "pbit.cli.entry")
    monkeypatch.setattr(sys, "meta_path", [Pressed(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("pbit", run_name="__main__")
    assert ended.value.code == 130


def test_signals_that_were_ignored_stay_so(ring):
    """As nohup and shells ask for, for what runs in the background."""
    code = (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from pbit.cli.entry import main\n"
        "import pbit.cli.main as m\n"
        "m.main = lambda: print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_an_end_of_file_of_ours_is_no_interrupt(monkeypatch):
    """click takes EOFError for Ctrl-C."""
    from pbit.cli import main

    def fail(*arguments, **options):
        raise EOFError("planted")

    monkeypatch.setattr(sys, "argv", ["pbit", "doctor"])
    monkeypatch.setattr("pbit.cli.doctor.versions", fail)
    with pytest.raises(EOFError, match="planted"):
        main.main()


# --- readers that leave


TELLING = [
    "--help",
    "--version",
    "solve --help",
    "gate --list",
    "gate a&b",
    "info RING",
    "info RING --json",
    "check RING RESULT",
    "compile RING --problem maxcut",
    "convert RING OUT.coo --to rudy",
    "chip",
    "factor 15 --quiet",
    "solve RING --problem maxcut --quiet",
    "doctor",
    "info nothing.mc",
]


@pytest.mark.parametrize(
    "command",
    some(TELLING, "--help", "info RING", "solve RING --problem maxcut --quiet", "info nothing.mc"),
)
def test_a_reader_that_leaves_is_no_error(ring, tmp_path, command):
    result = tmp_path / "result.json"
    run("solve", ring, "--problem", "maxcut", "--output", result)
    names = {"RING": str(ring), "RESULT": str(result), "OUT.coo": str(tmp_path / "out.coo")}
    process = start(*(names.get(argument, argument) for argument in command.split()))
    process.stdout.close()
    stderr = process.stderr.read()
    process.stderr.close()
    status = process.wait(timeout=100)
    assert status in ((0, 141) if command != "info nothing.mc" else (4,))
    assert "Traceback" not in stderr and "Exception" not in stderr


# --- where output goes


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", ["solve", "convert", "compile"])
def test_a_replaced_output_keeps_its_mode(ring, tmp_path, command):
    out = tmp_path / "out.json"
    out.write_text("{}")
    out.chmod(0o600)
    tail = {"convert": [out, "--to", "rudy"]}.get(command, ["--problem", "maxcut", "--output", out])
    assert run(command, ring, *tail).exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600 and out.read_text() != "{}"


@pytest.mark.parametrize("command", ["solve", "convert"])
def test_a_link_to_itself_is_refused(ring, tmp_path, command):
    loop = tmp_path / "loop.coo"
    loop.symlink_to(loop)
    tail = [loop] if command == "convert" else ["--problem", "maxcut", "--output", loop]
    result = run(command, ring, *tail)
    assert result.exit_code == 2 and "cannot be written" in result.stderr
    assert loop.is_symlink()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("command", ["solve", "convert", "compile"])
def test_a_full_device_is_told(ring, command):
    tail = {"convert": ["/dev/full", "--to", "rudy"]}
    given = tail.get(command, ["--problem", "maxcut", "--output", "/dev/full"])
    result = run(command, ring, *given)
    assert result.exit_code == 1
    assert "/dev/full: No space left on device" in result.stderr


def test_a_problem_file_into_a_pipe(ring):
    """Devices and pipes are written to as they are."""
    process = start("convert", ring, "/dev/stdout", "--to", "rudy")
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr) == (0, "")
    assert stdout.startswith("3 3\n1 2 1\n")


@pytest.mark.parametrize("command", ["solve", "convert"])
def test_what_a_killed_command_left_goes_at_the_next_start(ring, tmp_path, command):
    left = tmp_path / ".pbit-0123456789abcdef.tmp.json"
    left.write_text("half")
    out = tmp_path / "out.coo"
    tail = (
        [out, "--to", "rudy"] if command == "convert" else ["--problem", "maxcut", "--output", out]
    )
    assert run(command, ring, *tail).exit_code == 0
    assert out.exists() and not left.exists()
