"""Sentences of the library in the words of the command line."""

import pytest

from pbit.cli.wording import in_options


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("give problem='ising'", "give --problem ising"),
        ("with problem='maxcut', 'ising' or 'qubo'", "with --problem maxcut, ising or qubo"),
        ("read it with format='qubo-matrix', fields", "read it with --format qubo-matrix, fields"),
        ("problem='ising', ising_sign='plus'", "--problem ising, --ising-sign plus"),
        ("give round_weights=True to round", "give --round to round"),
        ("give drop_labels=True for", "give --drop-labels for"),
        ("give colors=K", "give --colors K, which pbit solve and pbit check take"),
        ("not tsp; leave problem=None; give problem='sat' or 'maxsat'",
         "not tsp; leave --problem out; give --problem sat or maxsat"),
        ("my_problem='x', the format of it", "my_problem='x', the format of it"),
    ],
)  # fmt: skip
def test_arguments_become_options(sentence, told):
    assert in_options(sentence) == told
