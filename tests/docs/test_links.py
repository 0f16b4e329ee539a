"""Links, paths and names in pages and docstrings lead somewhere; the index has every page."""

import importlib
import re

import pytest

from pages import PAGES, ROOT

EVERY = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
FOLDERS = ("pbit", "problems", "cli", "tests", "benchmarks", "docs")


def prose(page):
    """The page without its code blocks."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)


def anchors(page):
    """Names of its headings, as they are linked to."""
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@EVERY
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), target
        assert not anchor or anchor in list(anchors(other)), target


@EVERY
def test_paths_exist(page):
    found = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./]*)`", prose(page))
    assert [path for path in found if not (ROOT / path).exists() and "NAME" not in path] == []


@EVERY
def test_benchmarks_are_there(page):
    found = re.findall(r"benchmarks/\w+\.py", page.read_text(encoding="utf-8"))
    assert [path for path in found if not (ROOT / path).exists()] == []


@EVERY
def test_names_in_pbit_exist(page):
    for name in re.findall(r"`(pbit(?:\.\w+)+)", prose(page)):
        if not name.endswith((".py", ".toml")):
            assert resolved(name) is not None, name


@pytest.mark.parametrize("folder", ["pbit", "problems", "cli", "tests", "benchmarks"])
def test_references_in_docstrings_lead_somewhere(folder):
    for path in sorted((ROOT / folder).rglob("*.py")):  # follows no links
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r":(?:mod|func|class|data):`~?(pbit[\w.]+)`", text):
            assert resolved(name) is not None, f"{name} in {path}"
        for page in re.findall(r"\bdocs/\w+\.md", text):
            assert (ROOT / page).exists(), f"{page} in {path}"


def resolved(name):
    """The module, or the attribute of a module, of that name."""
    module, found = name.split(".")[0], importlib.import_module(name.split(".")[0])
    for part in name.split(".")[1:]:
        module = f"{module}.{part}"
        found = getattr(found, part, None) or importlib.import_module(module)
    return found


def test_the_index_has_every_page():
    index = ROOT / "docs" / "README.md"
    linked = set(re.findall(r"\]\(([\w.]+\.md)", index.read_text(encoding="utf-8")))
    assert linked == {page.name for page in index.parent.glob("*.md")} - {index.name}
