"""The benchmark of learning in arrays: its options, its cases, rows that say what was measured."""

import learning_in_arrays
from pbit.devices.synapses.registry import KNOWN
from pbit.tasks import digits


def test_options_all_share():
    names = {option for p in learning_in_arrays.main.params for option in p.opts}
    assert {"--seed", "--repeats", "--json", "--plot"} <= names


def test_every_kind_is_trained_both_ways():
    cases = list(learning_in_arrays.cases())
    assert cases[0].kind == "ideal"
    both = [(case.value, case.kind) for case in cases if case.varied == "kind"]
    ways = (learning_in_arrays.IN_PLACE, learning_in_arrays.VERIFIED)
    assert both == [(name, way) for name in KNOWN.all() for way in ways]


def test_rows_and_their_picture(tmp_path, capsys):
    split = digits(1).first(40, 40)
    cases = [
        case
        for case in learning_in_arrays.cases()
        if case.kind == "ideal" or case.value in ("linear", 3, 0.1)
    ]
    rows = [learning_in_arrays.measured(case, [split, split]) for case in cases]
    for row, case in zip(rows, cases, strict=True):
        assert (row.varied, row.value, row.kind) == (case.varied, case.value, case.kind)
        assert row.least <= row.accuracy <= row.most and row.seconds > 0
    learning_in_arrays.print_rows(rows)
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(rows)
    learning_in_arrays.draw(rows, tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 10_000
