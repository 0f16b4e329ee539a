"""Errors of arguments: their text, what they carry, and that other processes can read them."""

import pickle

import pytest

from pbit.checks import ArgumentError, TooLargeError, integer


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ArgumentError("n", "must be >= 1", 0), "n must be >= 1, got 0"),
        (ArgumentError("n", "must be >= 1", 0, remedy="take 1"), "n must be >= 1, got 0; take 1"),
        (ArgumentError("rule", "must be a", "b"), "rule must be a, got 'b'"),
        (ArgumentError("n", "must be given", None), "n must be given, got None"),
        (ArgumentError("n", "must be given"), "n must be given"),
        (ArgumentError("s", "must be flat", (2, 3), got="shape (2, 3)"), "s must be flat, got "
         "shape (2, 3)"),
    ],
)  # fmt: skip
def test_the_sentence_of_an_argument(error, text):
    assert isinstance(error, ValueError)
    assert str(error) == text
    assert error.sentence("--option") == "--option" + text.removeprefix(error.argument)


def test_an_argument_error_carries_its_parts():
    error = ArgumentError("num_reads", "must be >= 1", 0, remedy="take more")
    parts = (error.argument, error.rule, error.value, error.remedy)
    assert parts == ("num_reads", "must be >= 1", 0, "take more")
    assert ArgumentError("n", "must be given").value is None


@pytest.mark.parametrize(
    "error",
    [
        ArgumentError("num_reads", "must be >= 1", 0, remedy="take more"),
        TooLargeError("reads", needed=2**33, memory=2**32, lower="num_reads", others=" or n"),
    ],
)
def test_errors_come_back_from_other_processes(error):
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error) and str(back) == str(error)
    assert back.argument == "num_reads" and back.sentence("--reads") == error.sentence("--reads")


def test_too_much_memory():
    error = TooLargeError("4 reads", needed=2**33, memory=2**32, lower="num_reads", others=" or n")
    assert isinstance(error, MemoryError)
    assert str(error) == (
        "4 reads need about 8.0 GiB, this machine has 4.0; lower num_reads or n"
    )  # fmt: skip
    assert error.sentence("--reads").endswith("; lower --reads or n")


@pytest.mark.parametrize(("value", "rule"), [(0, "must be >= 1"), (9, "must be <= 8")])
def test_integers_out_of_range(value, rule):
    with pytest.raises(ArgumentError, match=f"num_reads {rule}, got {value}") as caught:
        integer("num_reads", value, 1, 8)
    told = caught.value
    assert (told.argument, told.rule, told.value) == ("num_reads", rule, value)


@pytest.mark.parametrize("value", [1.0, "1", True, None])
def test_what_is_no_integer(value):
    with pytest.raises(TypeError, match="num_reads must be an integer, got"):
        integer("num_reads", value, 1)
