"""Ctrl-C during a call, and progress: what a loop in a script or a notebook meets."""

import os
import pty
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import pbit
from cases import some
from pbit.run import pieces
from pbit.run.team import share
from pbit.system.bar import Bar, ProgressBar
from random_models import random_model

MODEL = random_model(8, seed=2)
LONG = """
import signal, sys, time, warnings, numpy as np, pbit
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
i = np.arange(64)
ring = pbit.IsingModel.from_edges(i, (i + 1) % 64, np.sqrt(i + 1.0))
def ready(report):
    global told
    if not told:
        told = True
        print("ready", flush=True)
calls = {calls}
call = calls[sys.argv[1]]
kind = sys.argv[2]
told = True
call(pbit.Control(time_limit_s=0.01))  # compiles
told = False
try:
    for k in range(20):
        found = call(pbit.Control(time_limit_s=60, progress=ready, on_interrupt=kind))
        print("back", k, flush=True)
except KeyboardInterrupt:
    print("raised", flush=True)
"""
CALLS = """{
    "anneal": lambda c: pbit.anneal(ring, num_reads=None, num_sweeps=10**7, seed=1, control=c),
    "temper": lambda c: pbit.temper(ring, num_sweeps=None, seed=1, control=c),
    "chip": lambda c: pbit.anneal(
        ring, num_reads=None, num_sweeps=10**6, seed=1, hardware=pbit.Hardware(), control=c),
    "population": lambda c: pbit.population_anneal(
        ring, beta=50.0, sweeps_per_beta=4000, population_size=2000, seed=1, control=c),
}"""


def started(call, kind):
    source = LONG.replace("{calls}", CALLS)
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", source, call, kind],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n", process.stderr.read()
    return process


@pytest.mark.parametrize(
    "call", some(["anneal", "temper", "chip", "population"], "anneal", "population")
)
def test_one_press_ends_a_loop_of_calls(call):
    process = started(call, "raise")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert out == "raised\n" and process.returncode == 0, err


@pytest.mark.parametrize("call", some(["anneal", "temper"], "temper"))
def test_the_best_so_far_on_demand(call):
    process = started(call, "return")
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "back 0\n"
    process.kill()
    _, err = process.communicate(timeout=60)
    assert "RuntimeWarning: interrupted: the call returns the best so far" in err


@pytest.mark.slow
@pytest.mark.parametrize("call", ["anneal", "temper", "chip", "population"])
def test_it_takes_a_quarter_of_a_second(call):
    process = started(call, "raise")
    time.sleep(0.3)
    pressed = time.perf_counter()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "raised\n"
    took = time.perf_counter() - pressed
    process.wait(timeout=60)
    assert took < 0.25


class Pressed:
    """Executor of one process whose user presses Ctrl-C after the first block."""

    def map(self, call, pieces):
        for piece in pieces:
            yield call(piece)
            raise KeyboardInterrupt


def test_ctrl_c_with_an_executor():
    options = {"num_reads": 200, "seed": 1, "kernel": "reads", "executor": Pressed()}
    with pytest.raises(KeyboardInterrupt):
        pbit.anneal(MODEL, **options)
    control = pbit.Control(on_interrupt="return")
    with pytest.warns(RuntimeWarning, match="best so far"):
        reads = pbit.anneal(MODEL, control=control, **options)
    assert reads.info["stop_reason"] == "interrupted" and 0 < len(reads.spins) < 200


class PressedAtOnce:
    """Executor whose user presses Ctrl-C before anything comes back."""

    def map(self, call, pieces):
        raise KeyboardInterrupt


def pressed_at_start(number):
    """Ctrl-C while worker `number` is started."""
    real, begun = threading.Thread.start, []

    def start(thread):
        if isinstance(thread, threading.Timer):  # tells of a compilation
            return real(thread)
        begun.append(thread)
        if len(begun) == number + 1:
            raise KeyboardInterrupt
        return real(thread)

    return start


LARGE = random_model(64, seed=3)
SAMPLED = {
    "anneal": lambda c: pbit.anneal(LARGE, num_reads=400, num_sweeps=400, num_threads=2, control=c),
    "chip": lambda c: pbit.anneal(
        LARGE, num_reads=400, num_sweeps=100, num_threads=2, control=c, hardware=pbit.Hardware()),
    "temper": lambda c: pbit.temper(LARGE, num_reads=8, num_sweeps=900, num_threads=2, control=c),
    "executor": lambda c: pbit.anneal(
        LARGE, num_reads=200, kernel="reads", executor=PressedAtOnce(), control=c),
}  # fmt: skip


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("call", SAMPLED)
def test_a_press_before_any_read_leaves_one(monkeypatch, call, number):
    monkeypatch.setattr(threading.Thread, "start", pressed_at_start(number))
    with pytest.warns(RuntimeWarning, match="best so far"):
        reads = SAMPLED[call](pbit.Control(on_interrupt="return"))
    assert reads.info["stop_reason"] == "interrupted"
    assert len(reads.spins) >= 1 and np.isfinite(reads.energies).all()
    np.testing.assert_allclose(reads.energies, LARGE.energy(reads.spins), rtol=1e-13)


@pytest.mark.parametrize("call", SAMPLED)
def test_a_press_before_any_read_raises(monkeypatch, call):
    monkeypatch.setattr(threading.Thread, "start", pressed_at_start(0))
    with pytest.raises(KeyboardInterrupt):
        SAMPLED[call](pbit.Control())


def test_a_press_before_the_first_population_is_whole(monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", pressed_at_start(0))
    control = pbit.Control(on_interrupt="return")
    with pytest.warns(RuntimeWarning, match="best so far"):
        found = pbit.population_anneal(
            LARGE, beta=1.0, population_size=2000, num_threads=2, seed=1, control=control
        )
    assert found.info["stop_reason"] == "interrupted" and len(found.spins)
    assert np.isfinite(found.energies).all()


def test_a_press_while_threads_end_waits_for_them(monkeypatch):
    """What they return is not taken in while the run is already put together."""
    real, presses = threading.Thread.join, []

    def join(thread, timeout=None):
        if not presses:
            presses.append(1)
            raise KeyboardInterrupt
        real(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", join)
    ended, stop, go = [], np.zeros(1, np.uint8), threading.Event()

    def work():
        go.wait(0.05)
        ended.append(int(stop[0]))

    with pytest.raises(KeyboardInterrupt):
        share(work, num_threads=2, stop=stop, watch=lambda finished: "time_limit")
    assert ended == [1, 1]


def test_ctrl_c_in_small_work():
    def press(report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pbit.anneal(MODEL, num_sweeps=3, seed=1, control=pbit.Control(progress=press))
    control = pbit.Control(progress=press, on_interrupt="return")
    with pytest.warns(RuntimeWarning, match="best so far"):
        reads = pbit.anneal(MODEL, num_sweeps=3, seed=1, control=control)
    assert len(reads.spins) == 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"progress": 3}, TypeError, "progress must be True, False or a callable, got 3"),
        ({"interrupt": 3}, TypeError, "interrupt must be callable, got 3"),
        ({"on_interrupt": "stop"}, ValueError, "on_interrupt must be 'raise' or 'return', got 's"),
    ],
)
def test_what_a_control_refuses(options, error, message):
    with pytest.raises(error, match=message):
        pbit.Control(**options)


@pytest.mark.parametrize(
    "sampler",
    [pbit.PBitSampler, pbit.AnnealingSampler, pbit.TemperingSampler, pbit.PopulationSampler],
)
def test_samplers_have_both_words(sampler):
    plain = sampler().sample(MODEL, seed=1)
    for progress in (True, False):
        told = sampler().sample(MODEL, seed=1, progress=progress, on_interrupt="return")
        assert np.array_equal(told.record, plain.record)
    with pytest.raises(ValueError, match="on_interrupt must be"):
        sampler().sample(MODEL, on_interrupt="stop")


def test_a_bar_in_a_terminal_and_nothing_when_piped(capsys):
    script = (
        "import pbit\n"
        "ring = pbit.IsingModel.from_edges([(0, 1), (1, 2), (2, 0)], [1.0, 1.0, 1.0])\n"
        "control = pbit.Control(time_limit_s=0.4, progress=True)\n"
        "pbit.anneal(ring, num_reads=None, num_sweeps=50, seed=1, num_threads=1, control=control)\n"
        "pbit.solve(ring, time_limit=0.4, progress=True, seed=1, num_threads=1)\n"
        "print('done')\n"
    )
    shown, shell = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=shell, env=environment
    )
    os.close(shell)
    drawn = b""
    while True:
        try:
            part = os.read(shown, 65536)
        except OSError:
            break
        if not part:
            break
        drawn += part
    assert process.communicate(timeout=60)[0] == b"done\n" and process.returncode == 0
    assert b"best energy -3" in drawn and b"\x1b[?25h" in drawn  # the cursor is back
    piped = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (piped.stdout, piped.stderr) == ("done\n", "")


def test_a_bar_is_closed_and_drawn_again(monkeypatch):
    drawn = []

    class Drawn:
        def add_task(self, text, total):
            drawn.append(("begun", total))

        def update(self, task, completed, description):
            drawn.append((completed, description))

        def stop(self):
            drawn.append("closed")

    monkeypatch.setattr("pbit.system.bar.is_watched", lambda: True)
    monkeypatch.setattr("pbit.system.bar._made", lambda known: Drawn())
    bar = ProgressBar()
    bar(pbit.Progress(0.5, -1.0, 1.0))
    bar.close()
    bar.close()
    bar(pbit.Progress(None, -2.0, 2.0))
    assert drawn == [
        ("begun", 1.0), (0.5, "best energy -1"), "closed", ("begun", None), (0.0, "best energy -2"),
    ]  # fmt: skip
    drawn.clear()
    control = pbit.Control(progress=True)
    pbit.anneal(MODEL, num_sweeps=2, seed=1, control=control)
    assert drawn[0] == ("begun", 1.0) and drawn[-1] == "closed"
    monkeypatch.setattr("pbit.system.bar.is_watched", lambda: False)
    quiet = Bar()
    quiet.show(0.5, "text")
    assert quiet.has_shown and quiet._bar is None


def test_a_press_before_the_first_thread_stops_the_work(monkeypatch):
    def pressed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(pieces, "share", pressed)
    stop, seen = np.zeros(1, np.uint8), []
    with pytest.warns(RuntimeWarning, match="best so far"):
        reason = pieces.run_pieces(
            iter([1, 2]), lambda piece: seen.append((piece, int(stop[0]))), lambda result: None,
            stop=stop, control=pbit.Control(on_interrupt="return"), report=None, threads=2,
        )  # fmt: skip
    assert reason == "interrupted" and seen == [(1, 1)]
