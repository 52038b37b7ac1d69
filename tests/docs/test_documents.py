"""What the documents name exists: links, commands, switches, paths; and their code runs."""

import importlib.util
import itertools
import pkgutil
import re
import runpy
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from traitlets.config import Configurable
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    path for pattern in ("*.md", "docs/**/*.md", ".github/**/*.md") for path in sorted(ROOT.glob(pattern))
]
FOLDERS = (
    "lib",
    "site",
    "tests",
    "units",
    "bench",
    "docs",
    "lectures",
    "exercises",
    "solutions",
    ".github",
    ".ci",
)
every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)


@dataclass(frozen=True)
class Text:
    """A document, read as Markdown."""

    links: tuple[str, ...]
    pictures: tuple[tuple[str, str], ...]  # (target, alternative text)
    anchors: frozenset[str]
    code: tuple[str, ...]  # inline code and the lines of code blocks
    python: tuple[str, ...]  # blocks of Python


@cache
def read(path: Path) -> Text:
    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    inline = [child for token in tokens for child in token.children or ()]
    blocks = [token for token in tokens if token.type == "fence"]
    code = [token.content for token in inline if token.type == "code_inline"]
    code += [line for block in blocks for line in block.content.splitlines()]
    return Text(
        links=tuple(str(token.attrs["href"]) for token in inline if token.type == "link_open"),
        pictures=tuple((str(token.attrs["src"]), token.content) for token in inline if token.type == "image"),
        anchors=frozenset(anchors(tokens)),
        code=tuple(code),
        python=tuple(block.content for block in blocks if block.info == "python"),
    )


def anchors(tokens: list[Token]) -> Iterator[str]:
    """The headings as GitHub makes anchors of them; a second one of a name gets -1."""
    seen: dict[str, int] = {}
    for opening, content in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(child.content for child in content.children or ())
            name = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
            yield name if name not in seen else f"{name}-{seen[name]}"
            seen[name] = seen.get(name, 0) + 1


def written(pattern: str) -> list[tuple[str, str]]:
    """(document, what the pattern's group found) for everything written as code."""
    found = {
        (path.relative_to(ROOT).as_posix(), match[1])
        for path in DOCUMENTS
        for line in read(path).code
        for match in re.finditer(pattern, line)
    }
    assert found, f"no document has {pattern}: then this test holds nothing"
    return sorted(found)


@every_document
def test_links_and_anchors_lead_somewhere(document: Path) -> None:
    for target in (*read(document).links, *(source for source, _ in read(document).pictures)):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        assert path.exists(), f"{target}: there is no such file"
        if anchor:
            assert anchor in read(path).anchors, f"{target}: {path.name} has {sorted(read(path).anchors)}"


def test_every_page_can_be_reached_from_the_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in read(index).links}
    assert {path for path in DOCUMENTS if ROOT / "docs" in path.parents} - linked == {index}


@every_document
def test_pictures_have_words(document: Path) -> None:
    assert all(len(words) > 20 for _, words in read(document).pictures)


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M))
    unknown = [
        (where, target) for where, target in written(r"(?:^|\s)make ([a-z][a-z-]*)") if target not in targets
    ]
    assert not unknown


@pytest.mark.parametrize("command", sorted({command for _, command in written(r"-m (nonconv[\w.]*)")}))
def test_modules_that_are_run_exist(command: str) -> None:
    spec = importlib.util.find_spec(command)
    assert spec is not None
    if spec.submodule_search_locations:
        assert importlib.util.find_spec(f"{command}.__main__"), f"python -m {command} does nothing"
    else:
        assert '__name__ == "__main__"' in Path(str(spec.origin)).read_text(encoding="utf-8")


def options() -> dict[str, set[str]]:
    """The options named behind each `python -m nonconv.…`, with its first argument where that is a word."""
    found: dict[str, set[str]] = {}
    for _, line in written(r"(-m nonconv\S* .*)"):
        for module, command, rest in re.findall(r"-m (nonconv[\w.]*)(?: ([a-z]+))?(.*)", line):
            named = re.findall(r"--[a-z][a-z-]*", rest)
            if named:
                found.setdefault(f"{module} {command}".strip(), set()).update(named)
    return found


@pytest.mark.parametrize(("command", "named"), sorted(options().items()))
def test_options_that_are_named_exist(
    command: str, named: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module, *first = command.split()
    monkeypatch.setattr(sys, "argv", [module, *first, "--help"])
    with pytest.raises(SystemExit) as ended, warnings.catch_warnings(action="ignore"):
        runpy.run_module(module, run_name="__main__", alter_sys=True)  # here torch is imported already
    assert ended.value.code == 0
    assert named <= set(re.findall(r"--[a-z][a-z-]*", capsys.readouterr().out))


def test_commands_of_nonconv_exist() -> None:
    from nonconv.__main__ import COMMANDS

    named = {command for _, command in written(r"^nonconv ([a-z][a-z-]*)")}
    assert named <= set(COMMANDS)


def test_paths_that_are_named_exist() -> None:
    """Those that begin with one of the repository's folders, or with a package's folder in lib/nonconv.

    (`UNIT` and `STUDENT` stand for any.)
    """
    inside = [path.name for path in (ROOT / "lib/nonconv").iterdir() if path.is_dir()]
    beginnings = "|".join(re.escape(name) for name in (*FOLDERS, *inside))
    missing = [
        (where, name)
        for where, name in written(rf"^((?:{beginnings})/[\w./-]*)$")
        if not re.search(r"UNIT|STUDENT", name)
        and not (ROOT / name).exists()
        and not (ROOT / "lib/nonconv" / name).exists()
    ]
    assert not missing


@cache
def configurables() -> dict[str, type[Configurable]]:
    """All classes that nbgrader_config.py may set, by name: nbgrader's, nbconvert's and the course's."""
    import nbconvert.exporters
    import nbgrader.apps

    assert nbconvert.exporters, nbgrader.apps
    import nonconv.grading

    for module in pkgutil.walk_packages(nonconv.grading.__path__, "nonconv.grading."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: dict[str, type[Configurable]] = {}
    waiting: list[type[Configurable]] = [Configurable]
    while waiting:
        one = waiting.pop()
        found[one.__name__] = one
        waiting += one.__subclasses__()
    return found


SWITCH = r"\bc\.([A-Z]\w*(?:\.\w+)?)"


@pytest.mark.parametrize("switch", sorted({switch for _, switch in written(SWITCH)}))
def test_switches_exist(switch: str) -> None:
    name, _, trait = switch.partition(".")
    assert name in configurables(), f"no class {name}"
    if trait:
        assert trait in configurables()[name].class_traits(config=True), f"{name} has no setting {trait}"


def defaults() -> Iterator[tuple[str, str]]:
    """(switch, default) from the rows of tables that have both as code, side by side."""
    for path in DOCUMENTS:
        yield from re.findall(r"\| `c\.(\w+\.\w+)` \| `([^`]+)` \|", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("switch", "value"), list(defaults()))
def test_defaults_in_tables_are_those_of_the_code(switch: str, value: str) -> None:
    name, _, trait = switch.partition(".")
    config: Any = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    default = configurables()[name].class_traits()[trait].default_value
    assert str(config.get(name, {}).get(trait, default)) == value


@pytest.mark.parametrize(
    "document",
    [path for path in DOCUMENTS if read(path).python],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_the_code_of_a_page_runs(document: Path) -> None:
    scope: dict[str, Any] = {}
    for block in read(document).python:
        exec(compile(block, str(document), "exec"), scope)
