"""The page proof.html and its folder playground/, which need no server but to be opened.

What runs in the browser lies in a script as text, base64 of gzip: so the page works from a folder on a disk,
too, where browsers let no script read a file.
"""

import base64
import gzip
import json
import shutil
from pathlib import Path

from nonconv.publish.playground.levels import language, levels
from nonconv.publish.playground.pack import packed

WEB = Path(__file__).parent / "web"
PAGE, FOLDER = "proof.html", "playground"
SCRIPTS = ("link.js", "engine.js", "editor.js", "report.js", "page.js", "page.css")
LANGUAGE = "<!-- language -->"


def build(exercises: Path, pyodide: Path, folder: Path) -> Path:
    """Write the page and what it loads. `pyodide` is the folder with Pyodide's files."""
    inside = folder / FOLDER
    shutil.rmtree(inside, ignore_errors=True)
    inside.mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy(WEB / name, inside / name)
    found = json.dumps(levels(exercises), ensure_ascii=False)
    (inside / "levels.js").write_text(f"const LEVELS = {found};\n", encoding="utf-8")
    (inside / "python.js").write_text(python(pyodide), encoding="utf-8")
    page = (WEB / PAGE).read_text(encoding="utf-8")
    if LANGUAGE not in page:
        raise ValueError(f"{PAGE} has no place {LANGUAGE} for the description of the language")
    written = folder / PAGE
    written.write_text(page.replace(LANGUAGE, language(exercises)), encoding="utf-8")
    return written


def python(pyodide: Path) -> str:
    """The script that holds Python: Pyodide's files, the checker, and the worker that joins them."""
    names = {"loader": "pyodide.js", "asm": "pyodide.asm.mjs", "wasm": "pyodide.asm.wasm"}
    parts = {key: (pyodide / name).read_bytes() for key, name in names.items()}
    parts |= {"stdlib": (pyodide / "python_stdlib.zip").read_bytes(), "modules": packed()}
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    parts["lock"] = json.dumps({"info": lock["info"], "packages": {}}).encode()  # no package is ever fetched
    parts["worker"] = (WEB / "worker.js").read_bytes()
    lines = [f"  {key}: {json.dumps(_text(content))}," for key, content in parts.items()]
    return "\n".join(["const PYTHON = {", *lines, "};", ""])


def _text(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()
