"""Letters of 5x7 pixels."""

import re

import numpy as np
import pytest

from pbit.tasks import alphabet


def test_26_letters_that_differ():
    """In two pixels at least; symmetric ones are; names say which come, in which order."""
    rows = alphabet()
    assert rows.shape == (26, 35) and set(np.unique(rows)) == {0.0, 1.0}
    apart = np.abs(rows[:, None] - rows[None]).sum(axis=2) + 99 * np.eye(26)
    assert apart.min() >= 2
    for name in "AHIMOTUVWXY":
        image = alphabet(name).reshape(7, 5)
        assert (image == image[:, ::-1]).all(), name
    assert (alphabet("CA") == rows[[2, 0]]).all()


@pytest.mark.parametrize("names", ["", "a", "A1"])
def test_others_are_refused(names):
    with pytest.raises(ValueError, match=re.escape("names must be letters among ABCDEFGHIJKLMN")):
        alphabet(names)
