"""JSON holds neither infinity nor NaN."""

import json

import pytest

from pbit.cli.record import to_indented_json, to_json

INF, NAN = float("inf"), float("nan")


def strict(text):
    def refuse(name):
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("write", [to_json, to_indented_json])
def test_what_is_no_number_is_null_and_told(write):
    record = {"gain": INF, "rows": [{"a": 1.5, "b": NAN}, (-INF, 2)], "name": "x"}
    assert strict(write(record)) == {
        "gain": None,
        "rows": [{"a": 1.5, "b": None}, [None, 2]],
        "name": "x",
        "not_finite": {"gain": "inf", "rows[0].b": "nan", "rows[1][0]": "-inf"},
    }


@pytest.mark.parametrize("write", [to_json, to_indented_json])
def test_other_records_are_as_they_are(write):
    record = {"a": 1.0, "b": [1, "inf", None], "c": {"d": True}}
    assert strict(write(record)) == record
