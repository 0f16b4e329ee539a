"""docs/architecture.md has every room as its docstring says it, and the layers as they are."""

import ast
import re
import tomllib

from pages import ROOT, blocks

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


def rooms():
    """Rows of the table, from the first lines of the packages' docstrings."""
    for top in ("pbit", "problems", "cli"):
        for path in sorted((ROOT / top).rglob("__init__.py")):  # follows no links
            says = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert says, f"{path} says nothing"
            folder = path.parent.relative_to(ROOT)
            yield f"| `{folder}/` | {says.splitlines()[0]} |"


def test_every_room_is_there_and_no_other():
    named = [
        line for line in TEXT.splitlines() if re.match(r"\| `(pbit|problems|cli)\S*/` \|", line)
    ]
    missing = [row for row in rooms() if row not in named]
    assert named == list(rooms()), "\n".join(["rows that the page lacks:", *missing])


def test_folders_named_exist():
    folders = re.findall(r"`([a-z_/]+)/`", TEXT)
    assert len(folders) > 40
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_packages_of_the_build_are_the_rooms():
    built = {name.removeprefix("pbit.") for name in SETUP["setuptools"]["packages"]}
    named = {path.split("`")[1].strip("/").replace("/", ".") for path in rooms()}
    assert {name.removeprefix("pbit.") for name in named} == built


def test_layers_are_those_of_the_contract():
    (contract,) = [each for each in SETUP["importlinter"]["contracts"] if each["type"] == "layers"]
    assert contract["layers"] in [block.splitlines() for block in blocks(TEXT, "text")]
