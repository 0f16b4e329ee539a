"""The benchmark of arrays: its options, and rows of small arrays that say what was measured."""

import numpy as np

import crossbar


def test_options_all_share():
    names = {option for p in crossbar.main.params for option in p.opts}
    assert {"--seed", "--repeats", "--json", "--plot"} <= names


def test_rows(monkeypatch, capsys):
    monkeypatch.setattr(crossbar, "SIZES", (4, 8))
    monkeypatch.setattr(crossbar, "_LEAST_S", 0.0)
    rows = crossbar.products(2, seed=1)
    assert len(rows) == 2 * 2 * 5
    for row in rows:
        assert row.least <= row.seconds <= row.most
        assert (row.error == 0) == (row.kind == "numpy, ideal")
    made = crossbar.makings(1, seed=1)
    assert {row.what for row in made} >= {"wires, exact", "update by 31 slots"}
    crossbar.print_products(rows)
    crossbar.print_makings(made)
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(rows) + 2 + len(made)


def test_what_is_multiplied_with():
    weights = np.random.default_rng(1).normal(size=(4, 4))
    kinds = crossbar.arrays(weights, 1)
    assert kinds["array, backwards"].T is kinds["array"]
    assert (kinds["numpy, ideal"] == weights).all()
