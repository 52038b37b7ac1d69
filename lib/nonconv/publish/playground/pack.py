"""What runs in the browser, as one zip: the checker that grades, desk.py, and latex2mathml."""

import io
import zipfile
from importlib.metadata import files
from pathlib import Path

import nonconv

LIBRARY = Path(nonconv.__file__).parent
# no file that imports torch, numpy or Jupyter; tests/publish/test_playground.py imports them without
OURS = ("__init__.py", "proofs/**/*.py", "publish/__init__.py", "publish/formulas.py")
OURS += ("publish/playground/__init__.py", "publish/playground/desk.py")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip


def modules() -> dict[str, Path]:
    """The files by their place in the zip."""
    ours = (path for pattern in OURS for path in LIBRARY.glob(pattern))
    found = {path.relative_to(LIBRARY.parent).as_posix(): path for path in ours}
    for one in files("latex2mathml") or ():
        # its licence goes with it, and METADATA, in which it looks up its own version when it is imported
        if one.suffix in (".py", ".txt") or one.name.startswith(("METADATA", "LICEN")):
            found[one.as_posix()] = Path(str(one.locate()))
    return dict(sorted(found.items()))


def packed() -> bytes:
    """The zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in modules().items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return out.getvalue()
