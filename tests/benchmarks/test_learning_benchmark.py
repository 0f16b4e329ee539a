"""What benchmarks/learning.py compares: a machine of bits as one of spins, its rows; no times."""

import sys

import numpy as np
import pytest

import learning_peer
from learning_data import Timing, as_spins, in_turn, spread_of_energies
from learning_likelihood import RATES, print_likelihood


@pytest.mark.parametrize("factor", [1, pytest.param(2, marks=pytest.mark.xfail(strict=True))])
def test_bits_as_spins_have_the_same_law(factor):
    rng = np.random.default_rng(1)
    parts = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=3)
    model = as_spins(factor * parts[0], *parts[1:])
    assert spread_of_energies(model, parts, seed=1) < 1e-5


def test_calls_take_turns():
    calls = []
    found = in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert calls == ["a", "b"] * 3  # the first of which are not timed
    assert set(found) == {"a", "b"} and all(t.wall >= 0 for t in found.values())


def test_times_of_another_process_are_believed():
    assert in_turn({"a": lambda: Timing(3.0, 2.0)}, 3) == {"a": Timing(3.0, 2.0)}


def served(monkeypatch, tmp_path, script):
    file = tmp_path / "peer.py"
    file.write_text(script)
    monkeypatch.setattr(learning_peer, "SCRIPT", file)
    return learning_peer.thrml_steps(sys.executable, np.ones((2, 3)))


def test_a_peer_steps_when_it_is_asked_to(monkeypatch, tmp_path):
    script = (
        "import sys, numpy\n"
        'print(\'{"thrml": "%d rows"}\' % numpy.load(sys.argv[3]).shape[0], flush=True)\n'
        "for k, _ in enumerate(sys.stdin): print([k, 0.5], flush=True)\n"
    )
    with served(monkeypatch, tmp_path, script) as peer:
        assert peer.versions == {"thrml": "2 rows"}
        assert [peer(), peer()] == [Timing(0, 0.5), Timing(1, 0.5)]


def test_a_peer_that_is_not_there_is_left_out_with_a_sentence(monkeypatch, tmp_path, capsys):
    with learning_peer.thrml_steps(None, None) as peer:
        assert peer is None
    with served(monkeypatch, tmp_path, "import thrml_that_nobody_has") as peer:
        assert peer is None
    first, second = capsys.readouterr().out.splitlines()
    assert first == "thrml is left out: --thrml names an interpreter that has it"
    assert "No module named 'thrml_that_nobody_has'" in second


def test_both_are_tuned_alike():
    assert len(RATES["pbit"]) == len(RATES["BernoulliRBM"])


def test_a_line_a_machine(capsys):
    row = {"who": "pbit", "rate": 0.005, "wall": 40.0, "processors": 30.0, "epochs": 9.0}
    print_likelihood([{**row, "test": -105.25, "error": 0.5, "reverse": -106.0}])
    assert "-105.2 ±  0.5" in capsys.readouterr().out
