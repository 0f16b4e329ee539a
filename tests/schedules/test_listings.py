"""Numbers listed in one word."""

import pytest

from pbit.schedules.listings import MOST_VALUES, Listed, numbers


@pytest.mark.parametrize(
    ("listing", "values"),
    [
        ("0.1:0.3:3", (0.1, 0.2, 0.3)),
        ("2:1:2", (2.0, 1.0)),
        ("3:4:1", (3.0,)),
        ("log:0.01:1:3", (0.01, 0.1, 1.0)),
        ("7", (7.0,)),
        (" 2 , -1e3", (2.0, -1000.0)),
    ],
)
def test_numbers(listing, values):
    assert numbers("gamma", listing) == Listed(values, listing.startswith("log:"))


@pytest.mark.parametrize(
    ("listing", "message"),
    [
        ("", "gamma must be LOW:HIGH:COUNT, log:LOW:HIGH:COUNT or VALUE,VALUE,..., got ''"),
        ("1,two", "gamma must be LOW:HIGH:COUNT, .*, got 'two'"),
        ("1,nan", "gamma must be finite, got nan"),
        ("1:inf:2", "the values must be LOW:HIGH:COUNT, .*, got '1:inf:2'"),
        ("1:2", "the values must be LOW:HIGH:COUNT"),
        ("1:2:3:4:5", "the values must be LOW:HIGH:COUNT"),
        ("1:2:3:ns", "gamma takes no unit, got '1:2:3:ns'"),
        ("1:2:0", "COUNT must be from 1 to 1000, got 0 in '1:2:0'"),
        (",".join(["1"] * (MOST_VALUES + 1)), "gamma must have at most 1000 values, got 1001"),
        ("log:0:1:3", "LOW and HIGH must be > 0 with log:, got 'log:0:1:3'"),
    ],
)
def test_no_listing(listing, message):
    with pytest.raises(ValueError, match=message):
        numbers("gamma", listing)
