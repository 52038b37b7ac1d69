"""The README's picture shows what the check says today."""

import re
from pathlib import Path

from helpers.docs.screenshots import notebook

ROOT = Path(__file__).resolve().parents[2]


def test_the_words_of_the_picture_are_those_of_the_diagnosis() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (words,) = re.findall(r"!\[(.*?)\]\(docs/images/diagnosis\.png\)", readme)
    (output,) = notebook().cells[-1].outputs
    said = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.traceback)).split())
    quoted = re.findall(r'"(.+?)"', words)
    assert len(quoted) >= 2
    assert all(one in said for one in quoted), said


def test_the_picture_is_small() -> None:
    assert (ROOT / "docs/images/diagnosis.png").stat().st_size < 150_000
