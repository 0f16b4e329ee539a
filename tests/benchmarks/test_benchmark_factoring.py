"""The factoring benchmark: its numbers, its searches and its table; speed is not tested."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import factoring
from pbit.problems.factoring.primality import is_prime


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_semiprimes_have_the_length_asked_for(bits):
    n = factoring.semiprime(bits, np.random.default_rng(1))
    assert n.bit_length() == bits and not is_prime(n)


@pytest.mark.parametrize("method", factoring.METHODS)
def test_every_search_splits_a_small_number(method):
    run = factoring.SEARCHES[method](11 * 13, seed=1, time_limit=20.0, threads=2)
    assert run["found"] and 0 < run["seconds"] < 20 and run["updates"] > 0


def test_a_search_without_time_finds_nothing():
    run = factoring.neal_search(64507, seed=1, time_limit=1e-9, threads=1)
    assert (run["found"], run["updates"]) == (False, 0)


def test_table_and_record(tmp_path):
    path = tmp_path / "rows.json"
    arguments = ["--bits", "12,14", "--instances", "2", "--methods", "cost", "--time-limit", "20"]
    result = CliRunner().invoke(factoring.main, [*arguments, "--json", str(path)])
    assert result.exit_code == 0, result.output
    document = json.loads(path.read_text())
    assert [row["bits"] for row in document["rows"]] == [12, 14]
    assert all(row["found"] == 2 for row in document["rows"])
    assert {"commit", "processor", "versions", "seed"} <= set(document)


def test_growth_is_that_of_the_rows():
    rows = [
        {"method": "cost", "bits": bits, "median_s": 1.0, "median_updates": 2.0 ** (bits / 2)}
        for bits in range(16, 60, 4)
    ]
    assert "x4.0 every 4 bits, 2^(0.50 n), over 28 to 56 bits" in factoring.growth(rows, "cost")
    assert factoring.growth(rows[:2], "cost") is None


@pytest.mark.parametrize("text", ["x", "15", "6", "66", ""])
def test_bits_out_of_range_are_refused(text):
    result = CliRunner().invoke(factoring.main, ["--bits", text])
    assert result.exit_code == 2 and "must be even numbers from 8 to 64" in result.output
