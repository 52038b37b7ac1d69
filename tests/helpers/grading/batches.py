"""Classes drawn at random: honest students of a unit, and hostile ones with attacks of several kinds each.

    python -m helpers.grading.batches [--count 50] [--seed 0] [--unit 03]

After each batch: honest students have what they have alone (points, troubles, pages), hostile ones at most
what the untouched notebook has, nothing outside changed, no file or process is left, the table has a row a
student, and no text in it that a terminal or a spreadsheet would obey.
"""

import argparse
import contextlib
import csv
import ctypes
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from classroom import UNITS, Pupil, course_folder, released, sample_class, written

from helpers.grading import attacks
from helpers.grading.kernels import ended
from nonconv.grading.engine.student_inputs import SECRET, SECRET_BYTES
from nonconv.grading.kernels.sandbox.sharing import processes
from nonconv.publish.unit import Unit

HONEST = 3  # of each batch's students, drawn from the unit's five
CONFIG = """
c.Execute.timeout = 5
c.CarefulExecute.budget = 20
c.WarmProvisioner.memory = c.WarmProvisioner.total_memory = 1536
c.WarmProvisioner.processes = 64
"""
HUNG = 1800  # seconds: only bounds a hang
MOMENT = 20  # seconds, for a process that is at its end
PR_SET_CHILD_SUBREAPER = 36
IN_WORDS = (
    "student",
    "troubles",
    "unread",
    "of",
    "late penalty",
)  # columns of the table without points earned
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Class:
    """One run of `make grade`: what it was made from, and what came of it."""

    unit: Unit
    folder: Path
    said: str = ""
    honest: list[str] = field(default_factory=list)  # names of students
    rows: dict[str, dict[str, str]] = field(default_factory=dict)  # of the CSV, by student
    left: list[str] = field(default_factory=list)  # processes and files that it left behind
    seconds: float = 0.0

    @property
    def course(self) -> Path:
        return self.folder / "course"

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    def begin(self) -> None:
        self.folder.mkdir()
        self.inbox.mkdir()
        course = course_folder(self.unit, self.course)
        shutil.copytree(
            self.unit.folder, course / "units" / self.unit.name
        )  # for inputs of each student's own
        with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(CONFIG)
        (course / SECRET).parent.mkdir()
        (course / SECRET).write_bytes(bytes(SECRET_BYTES))  # the same inputs in each batch

    def grade(self) -> None:
        """As an instructor would, in a process of its own, with a folder of its own for temporary files."""
        temporary = Path(tempfile.mkdtemp(prefix="b-"))
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what it leaves behind becomes ours
        before = set(processes(os.getpid()))
        start = time.monotonic()
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "nonconv.grading",
                "autograde",
                self.unit.name,
                "--from",
                self.inbox,
                "--jobs",
                "2",
            ],
            cwd=self.course,
            env={
                **os.environ,
                "TMPDIR": str(temporary),
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=HUNG,
        )
        self.seconds = time.monotonic() - start
        self.said = run.stdout.decode(errors="backslashreplace")
        if run.returncode:
            self.left.append(f"it ended with {run.returncode}")
        more = set(processes(os.getpid())) - before
        self.left += [
            f"process {command}" for pid in more if (command := _command(pid)) and not ended(pid, MOMENT)
        ]
        for pid in more:  # what has ended is still in the table of processes, until its parent asks
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        # (PyTorch's compiler makes an empty folder when it is imported)
        self.left += [
            f"in the temporary folder: {path.name}"
            for path in sorted(temporary.iterdir())
            if not path.name.startswith("torchinductor_")
        ]
        shutil.rmtree(temporary, ignore_errors=True)
        table = self.course / "feedback" / f"{self.unit.name}.csv"
        if table.exists():
            with table.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            self.rows = {row["student"]: row for row in rows}
            if len(rows) > len(self.rows):
                self.left.append("two rows for one student")

    def pages(self, student: str) -> dict[str, str]:
        """The sums of a student's pages."""
        folder = self.course / "feedback" / student / self.unit.name
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.html"))
        }

    def state(self) -> dict[str, str]:
        """What must be as it was."""
        return {
            str(path.relative_to(self.course)): hashlib.sha256(path.read_bytes()).hexdigest()
            for name in ("solutions", "exercises", "units", "nbgrader_config.py")
            for path in sorted([self.course / name, *(self.course / name).rglob("*")])
            if path.is_file() and "__pycache__" not in path.parts
        }


def _command(pid: int) -> str:
    """Its command line; empty for one that has ended, or only waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:200]
    except OSError:
        return ""


def honest(unit: Unit) -> list[Pupil]:
    """Five: all right, alternatives in a zip, nothing done, and two with mistakes."""
    five = ("perfect", "zipped", "untouched", "mistake-01", "mistake-02")
    return [one for one in sample_class(unit) if one.name in five]


def hand_in(inbox: Path, pupil: Pupil) -> None:
    files = {f"{name}.ipynb": content for name, content in pupil.notebooks.items()}
    if pupil.zipped:
        with zipfile.ZipFile(inbox / f"{pupil.name}.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        attacks.as_folder(inbox, pupil.name, files, Random(0))


def attack(unit: Unit, inbox: Path, number: int, others: list[str], draw: Random) -> list[str]:
    """Hand in an untouched notebook with one to three attacks; the kinds that were drawn."""
    kinds: list[str] = []
    files: dict[str, bytes] = {}
    for name, content in written(unit, released).items():
        notebook = json.loads(content)
        cells = notebook["cells"]
        for _ in range(draw.choice([1, 1, 2, 3])):
            if draw.random() < 0.7:
                kind, code = draw.choice(sorted(attacks.CODE.items()))
                own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
                at = draw.randrange(len(cells) + 1)
                cells.insert(at, {**own, "id": f"hostile-{len(kinds)}", "source": code(draw)})
            else:
                kind, edit = draw.choice(sorted(attacks.EDITS.items()))
                edit(cells, draw)
            kinds.append(kind)
        text = json.dumps(notebook)
        if draw.random() < 0.1:
            kinds.append("spoiled")
            files[f"{name}.ipynb"] = attacks.spoiled(text, draw)
        else:
            files[f"{name}.ipynb"] = text.encode(errors="surrogatepass")
    kind, place = draw.choice(sorted(attacks.PLACES.items()))
    student = attacks.name_of(number, others, draw)
    if not (
        inbox / student
    ).exists():  # a name that is somebody's already, exactly, is no attack but an accident
        place(inbox, student, files, draw)
        kinds.append(kind)
    return kinds


def alone(unit: Unit, folder: Path) -> Class:
    """The honest students without anybody else."""
    made = Class(unit, folder)
    made.begin()
    for pupil in honest(unit):
        hand_in(made.inbox, pupil)
        made.honest.append(pupil.name)
    made.grade()
    if not made.rows:
        raise RuntimeError(f"the honest students alone were not graded: {made.said}")
    return made


def batch(unit: Unit, folder: Path, seed: str, hostile: int = 4) -> tuple[Class, Counter[str]]:
    """Some of the honest students among hostile ones, and which kinds of attacks there were."""
    draw = Random(seed)
    made = Class(unit, folder)
    made.begin()
    pupils = draw.sample(honest(unit), HONEST)
    made.honest = [pupil.name for pupil in pupils]
    for pupil in pupils:
        hand_in(made.inbox, pupil)
    kinds: Counter[str] = Counter()
    for number in range(hostile):
        kinds.update(attack(unit, made.inbox, number, made.honest, draw))
    made.grade()
    return made, kinds


def broken(made: Class, without: Class, before: dict[str, str]) -> list[str]:
    """What the batch broke, in sentences; empty is right."""
    names = made.honest
    found = [*made.left]
    if made.state() != before:
        found.append("solutions, exercises, units or the configuration changed")
    if odd := [path for path in made.course.rglob("*") if path.is_symlink() or path.is_fifo()]:
        found.append(f"links or pipes in the course: {odd[:3]}")
    for name in names:
        if made.rows.get(name) != without.rows[name]:
            found.append(f"{name} has {made.rows.get(name)}, alone {without.rows[name]}")
        elif made.pages(name) != without.pages(name):
            found.append(f"{name}'s pages differ")
    untouched = without.rows["untouched"]
    for name, row in made.rows.items():
        earned = {cell: _number(points) for cell, points in row.items() if cell not in IN_WORDS}
        more = [cell for cell, points in earned.items() if points > _number(untouched.get(cell))]
        if more and name not in names:
            found.append(f"{name!r} earned something in {more}: {[row[cell] for cell in more]}")
        if any((value or "")[:1] in ("=", "+", "-", "@", "\t") for value in row.values()):
            found.append(f"a formula in the row of {name!r}")
    if CONTROL.search(made.said):
        found.append(f"control characters in what was printed: {CONTROL.findall(made.said)[:5]}")
    if "Traceback" in made.said:
        found.append("a traceback: " + made.said[made.said.index("Traceback") :][:1500])
    for name in names:
        rows = [line for line in made.said.splitlines() if re.match(rf"{re.escape(name)}\s+[\d.]+\s", line)]
        if len(rows) != 1:
            found.append(f"{len(rows)} rows of the table for {name}: {rows[:3]}")
    return found


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--unit", default="", help="the start of a unit's name; all in turn, unless said")
    parser.add_argument("--keep", type=Path, help="a folder for what was broken")
    arguments = parser.parse_args()
    chosen = [unit for unit in UNITS if unit.name.startswith(arguments.unit)]
    kinds: Counter[str] = Counter()
    wrong, start = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        known: dict[str, Class] = {}
        for number in range(arguments.seed, arguments.seed + arguments.count):
            unit = chosen[number % len(chosen)]
            if unit.name not in known:
                known[unit.name] = alone(unit, Path(folder, unit.name))
            where = Path(folder, str(number))
            made, drawn = batch(unit, where, f"{number}")
            kinds += drawn
            found = broken(made, known[unit.name], known[unit.name].state())
            wrong += bool(found)
            print(
                f"batch {number}, {unit.name}: {', '.join(sorted(drawn))}: {made.seconds:.0f} s", flush=True
            )
            for sentence in found:
                print(f"    BROKEN: {sentence[:1500]}", flush=True)
            if found and arguments.keep:
                shutil.copytree(
                    where, arguments.keep / str(number), symlinks=True, ignore=shutil.ignore_patterns("pipe*")
                )
                (arguments.keep / str(number) / "said.txt").write_text(made.said)
            shutil.rmtree(where, ignore_errors=True)
    print(f"{arguments.count} batches, {wrong} broken, {len(kinds)} kinds, {time.monotonic() - start:.0f} s")
    print(", ".join(f"{name} {count}" for name, count in kinds.most_common()))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
