"""Which tracebacks the benchmark of kills and interrupts counts as ours."""

import pytest

from kills_and_interrupts import _is_ours

SITE = '  File "<frozen site>", line 186, in addpackage\n'
FINDER = '  File "/venv/__editable___pbit_emulator_0_1_0_finder.py", line 7, in <module>\n'


@pytest.mark.parametrize(
    "stderr, is_ours",
    [
        ('  File "/home/pbit/cli/main.py", line 3, in <module>\nKeyboardInterrupt\n', True),
        (SITE + FINDER + "KeyboardInterrupt\n", False),
        (FINDER + "KeyboardInterrupt\n", False),
        ("interrupted\n", False),
    ],
)
def test_the_finder_of_an_editable_installation_is_not_ours(stderr, is_ours):
    assert _is_ours(stderr) == is_ours
