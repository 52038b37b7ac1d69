"""The library, the solutions and the lectures on the oldest and the newest PyTorch that pyproject allows.

python -m helpers.versions                  both, with this Python
python -m helpers.versions --python 3.13    with another one, which uv looks for; or a path to it
python -m helpers.versions --only oldest    one of them

Each is an environment in build/versions, made anew if it is not there; a wheel of PyTorch from PyPI brings
three gigabytes of CUDA on Linux, so it is not made in every run of CI. What else is installed is pinned as in
constraints.txt.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / "build/versions"
# PyTorch and what comes with it, which is another version of each
ITS_OWN = re.compile(r"torch|triton|nvidia-|cuda-")
TESTS = "layers networks reduction checks proofs verdicts course/test_acceptance.py course/test_capstone.py"


def wanted() -> dict[str, str]:
    """What pip is asked for: the oldest and the newest release in pyproject's range."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (torch,) = (name for name in project["dependencies"] if name.startswith("torch"))
    least = re.search(r">=([\d.]+)", torch)
    assert least, f"pyproject.toml must say from which version on, not {torch!r}"
    return {"oldest": f"torch=={least[1]}.*", "newest": torch}


def made(which: str, requirement: str, python: str) -> Path | None:
    """The environment's Python, or None where this Python has no such PyTorch."""
    folder = ENVIRONMENTS / f"{which}-{Path(python).name}"  # a path has slashes
    found = folder / "bin/python"
    if (folder / "made").exists():
        return found
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    pins = ENVIRONMENTS / "constraints.txt"
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins.write_text("\n".join(line for line in lines if not ITS_OWN.match(line)) + "\n", encoding="utf-8")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", python, str(folder)], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", str(found), "--constraint", str(pins)]
    whole = [*install, "-e", f"{ROOT}[student,instructor,test]", requirement]
    if subprocess.run(whole, check=False).returncode:
        return None
    (folder / "made").touch()
    return found


def run(python: Path) -> bool:
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "tests"), CUDA_VISIBLE_DEVICES="")
    says = "import sys, torch; print('Python', sys.version.split()[0], 'torch', torch.__version__)"
    tests = [f"tests/{name}" for name in TESTS.split()]
    commands = [
        ["-c", says],
        ["-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *tests],
        ["-m", "helpers.lectures"],
    ]
    ran = [subprocess.run([python, *command], cwd=ROOT, env=environment) for command in commands]
    return not any(one.returncode for one in ran)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", default=f"{sys.version_info[0]}.{sys.version_info[1]}")
    parser.add_argument("--only", choices=["oldest", "newest"])
    asked = parser.parse_args()
    failed = []
    for which, requirement in wanted().items():
        if asked.only in (None, which):
            python = made(which, requirement, asked.python)
            if python is None:
                print(f"Python {asked.python} has no {requirement}")
                failed += [which] * (which == "newest")  # a new Python may be younger than the oldest PyTorch
            elif not run(python):
                failed.append(which)
    print(f"failed: {', '.join(failed)}" if failed else "passed on each")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
