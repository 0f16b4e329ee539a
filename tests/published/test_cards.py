"""Cards: systems that are others with other parameters."""

import re

import pytest

from pbit.formats.errors import FormatError
from pbit.published import Bound, experiments
from pbit.published.cards import read_card
from pbit.published.registry import KNOWN

GOOD = """
id = "fewer-erased"
of = "jarollahi-2014"
rows = [1]
claim = "none"
claim_tag = "V"
task = "another"
[parameters]
erased = 2
[[bounds]]
of = "value"
low = 0.5
"""


@pytest.fixture
def card(tmp_path):
    def write(text):
        path = tmp_path / "card.toml"
        path.write_text(text)
        return path

    return write


def test_card_is_the_other_with_its_own_fields_and_parameters(card):
    made, base = read_card(card(GOOD), KNOWN.find), experiments()["jarollahi-2014"]
    assert (made.id, made.task, made.claim_value) == ("fewer-erased", "another", None)
    assert made.bounds == (Bound(low=0.5),)
    assert (made.device, made.unit, made.plot) == (base.device, base.unit, base.plot)
    found = made.measure(1, size="small")
    assert found == base.run(1, "small", None, erased=2) != base.measure(1, size="small")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[1]", "[1", "no TOML"),
        ("rows =", "row =", "unknown key 'row', expected one of of, rows, claim_value"),
        ('id = "fewer-erased"', "", "id must be a text, got None"),
        ('"jarollahi-2014"', '"nobody"', "of must be the ID of an experiment, got 'nobody'"),
        ('"another"', "3", "task must be a text, got 3"),
        ('task = "another"', 'claim_value = "much"', "claim_value must be a number, got 'much'"),
        ("erased = 2", "eaten = 2", "unknown parameter 'eaten' of jarollahi-2014, expected one of"),
        ("[1]", '["one"]', "rows must be some numbers > 0"),
        ('"fewer-erased"', '"Fewer"', "id must be words of a-z"),
        ("low = 0.5", "least = 0.5", "unexpected keyword argument 'least'"),
        ('[[bounds]]\nof = "value"\nlow = 0.5', "", ""),
    ],
)
def test_cards_that_are_refused_name_the_file(card, old, new, message):
    assert old in GOOD
    path = card(GOOD.replace(old, new))
    if not message:
        assert read_card(path, KNOWN.find).bounds == ()
        return
    with pytest.raises(FormatError, match=re.escape(message)) as error:
        read_card(path, KNOWN.find)
    assert str(error.value).startswith(str(path))


def test_bounds_and_parameters_of_the_wrong_kind(card):
    head = GOOD.partition("[parameters]")[0]
    with pytest.raises(FormatError, match="bounds must be tables"):
        read_card(card(f"{head}bounds = 3\n"), KNOWN.find)
    with pytest.raises(FormatError, match="unknown parameter 'x' of ma-2016, it takes none"):
        text = head.replace("jarollahi-2014", "ma-2016")
        read_card(card(f"{text}[parameters]\nx = 1\n"), KNOWN.find)
