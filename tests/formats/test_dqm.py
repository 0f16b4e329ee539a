"""Files of dimod's discrete models: the same model, whatever the labels; what is refused."""

import io
import json
import zipfile

import dimod
import numpy as np
import pytest

from pbit import DitModel
from pbit.formats import FormatError, detect, read
from pbit.formats.registry import KNOWN

LABELS = ["a", 7, ("b", 1)]


def model(labels=LABELS):
    dqm = dimod.DQM()
    for label, count in zip(labels, (2, 3, 1), strict=True):
        dqm.add_variable(count, label=label)
        dqm.set_linear(label, np.arange(count) + 0.5)
    dqm.set_quadratic(labels[1], labels[0], {(2, 1): -3.0, (0, 0): 1.25})
    dqm.offset = 0.75
    return dqm


def parse(data, **options):
    return read(io.BytesIO(data), **options)


def dits(contents):
    return DitModel.from_cases(
        contents.num_values, contents.linear, contents.rows, contents.cols, contents.values,
        offset=contents.offset, labels=contents.labels,
    )  # fmt: skip


@pytest.mark.parametrize("labels", [LABELS, [0, 1, 2]])
@pytest.mark.parametrize("compress", [False, True])
def test_the_model_of_a_file(labels, compress):
    dqm = model(labels)
    data = dqm.to_file(compress=compress).read()
    contents = parse(data)
    assert (contents.format, contents.kind, contents.num_variables) == ("dqm", "dqm", 6)
    assert dits(contents) == DitModel.from_dqm(dqm) and contents.notes == ()
    assert list(contents.labels) == labels


def test_files_without_labels_or_interactions():
    plain = parse(model().to_file(ignore_labels=True).read())
    assert plain.labels == range(3)
    alone = dimod.DQM()
    alone.add_variable(4)
    assert dits(parse(alone.to_file().read())) == DitModel.from_dqm(alone)


def test_told_before_other_files_of_dimod():
    assert detect(model().to_file().read(), "x") == "dqm"
    assert not KNOWN.all()["dqm"].only_named


# --- what is refused


def packed(*, header=None, arrays=None, labels=b'["a", 7, ["b", 1]]', major=1, rest=b""):
    """A file put together by hand, parts of it replaced."""
    vectors = model().to_numpy_vectors(return_offset=True)
    known = {
        "case_starts": vectors.case_starts,
        "linear_biases": vectors.linear_biases,
        "quadratic_row_indices": vectors.quadratic.row_indices,
        "quadratic_col_indices": vectors.quadratic.col_indices,
        "quadratic_biases": vectors.quadratic.biases,
        "offset": vectors.offset,
    }
    stream = io.BytesIO()
    changed = {**known, **(arrays or {})}
    np.savez(stream, **{key: value for key, value in changed.items() if value is not None})
    facts = {"num_variables": 3, "num_cases": 6, "num_case_interactions": 2,
             "num_variable_interactions": 1, "variables": labels is not None}  # fmt: skip
    facts = {key: value for key, value in {**facts, **(header or {})}.items() if value is not None}
    parts = [(b"BIAS", stream.getvalue())] + ([(b"VARS", labels)] if labels is not None else [])
    head = json.dumps(facts).encode()
    data = b"DIMODDQM" + bytes([major, 1]) + len(head).to_bytes(4, "little") + head
    for mark, content in parts:
        data += mark + len(content).to_bytes(4, "little") + content
    return data + rest


def test_a_file_put_together_is_that_of_dimod():
    assert parse(packed()) == parse(model().to_file().read())
    assert parse(packed(rest=b"  \n\0")) == parse(packed())
    assert parse(packed(header={"num_cases": None})) == parse(packed())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"major": 2}, "DIMODDQM' version 2.1, expected DIMODDQM version 1"),
        ({"header": {"zzz": 7}}, "zzz"),
        ({"header": {"num_cases": 5}}, "num_cases is 5, the arrays have 6"),
        ({"header": {"num_variables": 2}}, "num_variables is 2, the arrays have 3"),
        ({"header": {"num_case_interactions": 1}}, "num_case_interactions is 1, the arrays have 2"),
        ({"header": {"num_variable_interactions": 2}}, "num_variable_interactions is 2, the"),
        ({"rest": b"more"}, "4 bytes after the last section, expected none"),
        ({"labels": b'["a", 7]'}, "expected a list of 3 labels"),
        ({"labels": b'["a", 7, 7]'}, "a label occurs twice"),
        ({"labels": b"[1, 2"}, "no valid JSON"),
        ({"labels": None, "header": {"variables": True}}, "no section VARS of the promised length"),
        ({"arrays": {"zzz": np.ones(2)}}, "zzz"),
        ({"arrays": {"case_starts": None}}, "array 'case_starts' is no list of whole numbers"),
        ({"arrays": {"case_starts": np.zeros(3)}}, "array 'case_starts' is no list of whole"),
        ({"arrays": {"case_starts": [1, 2, 5]}}, "case_starts do not rise from 0"),
        ({"arrays": {"case_starts": [0, 2, 2]}}, "case_starts do not rise from 0"),
        ({"arrays": {"case_starts": [0, 2, 6]}}, "case_starts do not rise from 0"),
        ({"arrays": {"linear_biases": np.full(6, np.nan)}}, "linear_biases has nan or inf"),
        ({"arrays": {"quadratic_biases": [1.0, np.inf]}}, "quadratic_biases has nan or inf"),
        ({"arrays": {"offset": np.ones(1)}}, "array 'offset' is no list of numbers"),
        ({"arrays": {"offset": np.nan}}, "offset has nan or inf"),
        ({"arrays": {"linear_biases": ["a"] * 6}}, "linear_biases"),
        ({"arrays": {"quadratic_biases": np.ones(3)}}, "lists of interactions differ in length"),
        ({"arrays": {"quadratic_row_indices": [2, 6]}}, r"a case outside 0\.\.5"),
        ({"arrays": {"quadratic_col_indices": [-1, 0]}}, r"a case outside 0\.\.5"),
        ({"arrays": {"quadratic_row_indices": [0, 2], "quadratic_col_indices": [1, 0]}},
         "an interaction of two cases of one variable"),
    ],
)  # fmt: skip
def test_refused(change, message):
    with pytest.raises(FormatError, match=message):
        parse(packed(**change))


def test_no_variables_and_no_instances():
    with pytest.raises(FormatError, match="the model has no variables, expected at least one"):
        parse(dimod.DQM().to_file().read())
    with pytest.raises(FormatError, match="holds one problem, expected no instance"):
        KNOWN.all()["dqm"].read(packed(), "x.dqm", "3")


def test_cut_off_or_packed_otherwise():
    data = packed()
    for end in (9, 20, 200, 400, len(data) - 3):
        with pytest.raises(FormatError):
            parse(data[:end], format="dqm")
    with pytest.raises(FormatError, match="10 bytes, expected a header"):
        parse(data[:10], format="dqm")
    with pytest.raises(FormatError, match="no header of the promised length"):
        parse(data[:20], format="dqm")
    start = data.index(b"BIAS")
    with pytest.raises(FormatError, match="section BIAS holds no zip of arrays"):
        parse(data[:start] + b"BIAS" + (4).to_bytes(4, "little") + b"none", format="dqm")
    with pytest.raises(FormatError, match="inflates to more than max_bytes"):
        KNOWN.all()["dqm"].read(data, "x.dqm", max_bytes=100)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_twice():
    data = packed(labels=None)
    start = data.index(b"BIAS") + 8
    stream = io.BytesIO(data[start:])
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("offset.npy", b"7")
    more = stream.getvalue()
    with pytest.raises(FormatError, match=r"offset.npy' twice, expected each array once"):
        parse(data[: start - 4] + len(more).to_bytes(4, "little") + more)


def test_nothing_is_unpickled():
    objects = np.array([print, print, print], dtype=object)
    with pytest.raises(FormatError, match=r"object|pickle"):
        parse(packed(arrays={"case_starts": objects}))


def test_damage_raises_nothing_else():
    rng, data = np.random.default_rng(5), packed()
    for _ in range(300):
        changed = bytearray(data)
        for _ in range(int(rng.integers(1, 4))):
            changed[int(rng.integers(len(changed)))] = int(rng.integers(256))
        try:
            contents = parse(bytes(changed), format="dqm")
        except FormatError:
            continue
        assert np.isfinite(contents.linear).all() and contents.num_values.min() >= 1
