"""Many workers, one gradebook: the same grades as nbgrader's own way, whatever is killed on the way."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from distributed import LocalCluster
from jupyter_client.asynchronous.client import AsyncKernelClient

from helpers.grading import dying, tiny
from helpers.grading.gradebooks import contents, differences
from helpers.grading.kernels import ended
from helpers.grading.tiny import ANSWERS, EARNED, UNIT
from nonconv.grading import pipeline
from nonconv.grading.kernels import client, provisioner
from nonconv.grading.pipeline import grade
from nonconv.grading.release import register
from nonconv.grading.report import Grade
from nonconv.grading.submissions.collect import Submission, collect
from nonconv.grading.workers import parallel
from nonconv.grading.workers.parallel import execute, files_of, pack
from nonconv.publish.course import course_api

pytestmark = pytest.mark.slow
WAITS = "import time\ntime.sleep(1000)"
KILLED = ("ada", "emmy", "kurt")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return tiny.released_course(tmp_path / "course")


@pytest.fixture
def submissions(course: Path, tmp_path: Path) -> list[Submission]:
    return collect(tiny.inbox(tmp_path / "inbox"), UNIT, course)[0]


def quietly(submissions: list[Submission], course: Path, **how) -> list[Grade]:
    return grade(UNIT, submissions, course, say=lambda _: None, pages=False, **how)


def earned(grades: list[Grade]) -> dict[str, float]:
    return {one.student: one.score for one in grades}


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gradebook as unmodified nbgrader leaves it: its own Execute, plain kernels, one submission after
    another."""
    folder = tmp_path_factory.mktemp("stock")
    course = tiny.released_course(folder / "course")
    api = course_api(course, course, course / "gradebook.db")
    submissions, _ = collect(tiny.inbox(folder / "inbox"), UNIT, course)
    api.config.Autograde.autograde_preprocessors = [
        "nbgrader.preprocessors.Execute",
        *api.config.Autograde.autograde_preprocessors[1:],
    ]
    api.config.Execute.kernel_name = "python3"
    for submission in submissions:
        assert api.autograde(UNIT, submission.student, force=True)["success"]
    return course / "gradebook.db"


@pytest.mark.parametrize("jobs", [0, 2])
def test_the_gradebook_is_row_for_row_what_nbgrader_alone_makes(
    jobs: int, course: Path, submissions: list[Submission], stock: Path
) -> None:
    assert earned(quietly(submissions, course, jobs=jobs)) == EARNED
    graded = contents(course / "gradebook.db")
    assert differences(contents(stock), graded) == []
    assert graded["grade"]
    assert graded["comment"]


@pytest.mark.parametrize("jobs", [0, 1])
def test_a_second_run_executes_nothing_and_changes_nothing(
    jobs: int, course: Path, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    quietly(submissions, course, jobs=1)
    before = contents(course / "gradebook.db")

    ran: list[object] = []

    def again(*arguments: object) -> None:
        ran.append(arguments)
        raise AssertionError("executed again")

    # this process executes by itself, or gives it to a worker
    monkeypatch.setattr(parallel, "execute", again)
    monkeypatch.setattr(pipeline, "workers", lambda *_: contextlib.nullcontext(SimpleNamespace(submit=again)))
    assert earned(quietly(submissions, course, jobs=jobs)) == EARNED
    assert contents(course / "gradebook.db") == before
    assert not ran
    with contextlib.suppress(AssertionError):  # else this test could not fail
        quietly(submissions, course, jobs=jobs, fresh=True)
    assert ran


def test_a_changed_notebook_is_executed_again_and_the_others_are_not(
    course: Path, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    quietly(submissions, course)
    changed = next(one for one in submissions if one.student == "emmy")
    path = changed.folder / f"{UNIT}.ipynb"
    path.write_text(path.read_text().replace("return x", "return x * 2"))
    ran: list[str] = []
    original: Callable = pipeline.Store.put
    monkeypatch.setattr(
        pipeline.Store, "put", lambda self, key, text: (ran.append(key), original(self, key, text))
    )
    assert earned(quietly(submissions, course))["emmy"] == 3
    assert len(ran) == 1


def test_fresh_executes_everything(course: Path, submissions: list[Submission]) -> None:
    quietly(submissions, course)
    store = course / ".grading" / UNIT
    before = {path.name: path.stat().st_mtime_ns for path in store.iterdir()}
    quietly(submissions, course, fresh=True)
    after = {path.name: path.stat().st_mtime_ns for path in store.iterdir()}
    assert before.keys() == after.keys()
    assert all(after[name] > before[name] for name in before)


def test_a_result_that_was_cut_off_is_made_again(course: Path, submissions: list[Submission]) -> None:
    quietly(submissions, course, jobs=1)
    for path in (course / ".grading" / UNIT).iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    assert earned(quietly(submissions, course, jobs=1)) == EARNED


def test_a_worker_that_dies_loses_nothing(
    course: Path, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying:
        """An executor whose first worker dies."""

        def __init__(self) -> None:
            self.orders = 0

        def submit(self, function: Callable, *arguments: object):
            from concurrent.futures import Future

            future: Future = Future()
            self.orders += 1
            if self.orders == 1:
                future.set_exception(OSError("the worker died"))
            else:
                future.set_result(function(*arguments))
            return future

    monkeypatch.setattr(pipeline, "workers", lambda *_: contextlib.nullcontext(Dying()))
    grades = quietly(submissions, course, jobs=1)
    told = {one.student: one.troubles for one in grades}
    assert told["ada"] == ["OSError: the worker died"]
    assert [name for name in told if any("died" in trouble for trouble in told[name])] == ["ada"]
    assert earned(grades) == EARNED


def dying_over_eve(course: bytes, unit: str, student: str, files: dict[str, bytes]) -> parallel.Outcome:
    """In a worker: `execute`, but that it ends its process over one student, as too much memory would."""
    if student == "eve":
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(course, unit, student, files)


def test_who_ends_two_workers_is_set_aside_and_never_worked_on_by_this_process(
    course: Path, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "execute", dying_over_eve)  # what this process would die of, too
    grades = quietly(submissions, course, jobs=2)
    assert earned(grades) == {**EARNED, "eve": 0}
    told = {one.student: " ".join(one.troubles) for one in grades}
    assert told["eve"].count("it was ended by the signal SIGKILL") == 2
    assert "so did a second one" in told["eve"]
    assert not [name for name in told if name != "eve" and "ended by" in told[name]]
    assert "This is not your notebook" in (course / "submitted" / "eve" / UNIT / f"{UNIT}.ipynb").read_text()


@pytest.mark.parametrize("jobs", [0, pytest.param(2, marks=pytest.mark.weekly)])
def test_what_the_clock_stopped_is_run_again_alone_after_the_others_and_not_kept_before(
    jobs: int, course: Path, tmp_path: Path
) -> None:
    """A machine that gives `ada` nothing the first time: her cell finds that it was here before."""
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Execute.timeout = 2\n")
    starved = f"""
import os, time
if not os.path.exists({str(tmp_path / "was here")!r}):
    open({str(tmp_path / "was here")!r}, "w").close()
    time.sleep(1000)
{ANSWERS["ada"]}"""
    inbox = tiny.inbox(tmp_path / "inbox", {"ada": starved, "emmy": ANSWERS["emmy"], "zeno": f"{WAITS}"})
    order: list[str] = []
    kept: list[int] = []

    def say(line: str) -> None:
        if line.startswith("Isolation"):
            return
        order.append(line.split()[3].rstrip(":"))
        kept.append(len(list((course / ".grading" / UNIT).glob("*.json.gz"))))

    submissions = collect(inbox, UNIT, course)[0]
    grades = grade(UNIT, submissions, course, say=say, pages=False, jobs=jobs, isolated=False)
    assert order[0] == "emmy"
    assert set(order[1:]) == {"ada", "zeno"}
    assert kept == [1, 2, 3]
    assert earned(grades) == {"ada": 3, "emmy": 1, "zeno": 0}
    told = {one.student: " ".join(one.troubles) for one in grades}
    assert told["ada"] == ""
    assert "the second time alone" in told["zeno"]


@pytest.mark.weekly
def test_a_course_whose_folder_has_brackets_in_its_name_is_released_graded_and_has_pages(
    tmp_path: Path,
) -> None:
    course = tiny.course(tmp_path / "Kurs [2026]")
    inbox = tiny.inbox(tmp_path / "inbox", {"ada": ANSWERS["ada"]})
    (course / "exercises" / UNIT).mkdir(parents=True)
    register(UNIT, course_api(course, course, course / "gradebook.db"), into=course / "exercises" / UNIT)
    submissions, _ = collect(inbox, UNIT, course)
    (one,) = grade(UNIT, submissions, course, say=lambda _: None)
    assert (one.score, one.troubles) == (3, [])
    assert (course / "feedback" / "ada" / UNIT / f"{UNIT}.html").exists()


def test_what_cannot_be_graded_any_more_keeps_no_earlier_score(
    course: Path, submissions: list[Submission]
) -> None:
    quietly(submissions, course)
    (course / "solutions" / UNIT / "judge.json").unlink()
    assert earned(quietly(submissions, course)) == dict.fromkeys(ANSWERS, 0)


def test_a_machine_without_kernels_stops_the_run_and_blames_nobodys_submission(
    course: Path, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch(orders: dict) -> None:
        raise client.WarmError("no torch here")

    monkeypatch.setattr(client, "launch", launch)
    with pytest.raises(RuntimeError, match="no torch here"):
        quietly(submissions, course)
    assert not list((course / "submitted").rglob("*.broken"))


def test_kernels_that_end_before_any_code_has_run_are_the_machines_trouble(
    course: Path, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(AsyncKernelClient, "wait_for_ready", never)
    with pytest.raises(RuntimeError, match=r"no submission's fault.*is a link"):
        quietly(submissions, course)
    assert not list((course / "submitted").rglob("*.broken"))


def test_a_submission_that_pretends_to_be_the_machines_trouble_stops_only_itself(
    course: Path, submissions: list[Submission]
) -> None:
    eve = next(one for one in submissions if one.student == "eve")
    path = eve.folder / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].metadata.nbgrader.grade_id = "x\nnonconv.grading.kernels.client.WarmError: no kernel"
    notebook.cells[1].metadata.nbgrader.schema_version = 99
    path.write_text(nbformat.writes(notebook))
    grades = quietly(submissions, course)
    assert earned(grades) == EARNED
    (troubles,) = [one.troubles for one in grades if one.student == "eve"]
    assert "grading stopped" in troubles[0]


def test_a_notebook_that_was_never_collected_has_limits_too(
    course: Path, submissions: list[Submission]
) -> None:
    eve = next(one for one in submissions if one.student == "eve")
    path = eve.folder / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell("1") for _ in range(2000)]
    nbformat.write(notebook, path)
    grades = quietly(submissions, course)
    assert earned(grades) == {**EARNED, "eve": 0}
    (troubles,) = [one.troubles for one in grades if one.student == "eve"]
    assert "more than 2000 cells" in troubles[0]


def test_large_files_beside_a_notebook_stop_only_their_own_submission(
    course: Path, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provisioner, "MAX_BYTES_BESIDE", 1000)
    eve = next(one for one in submissions if one.student == "eve")
    (eve.folder / "data.csv").write_text("1," * 1000)
    grades = quietly(submissions, course)
    assert earned(grades) == {**EARNED, "eve": 0}
    (troubles,) = [one.troubles for one in grades if one.student == "eve"]
    assert "larger than" in troubles[-1]


def command(course: Path, inbox: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "nonconv.grading", "autograde", UNIT, "--from", str(inbox), "--jobs", "1"]
    return subprocess.Popen(
        line, cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip


@pytest.mark.parametrize("points", [5, pytest.param(1000, marks=pytest.mark.weekly)])
@pytest.mark.xdist_group("killed on the way")
def test_killed_on_the_way_and_run_again_it_leaves_the_gradebook_of_an_undisturbed_run(
    points: int, tmp_path: Path
) -> None:
    inbox = tiny.inbox(tmp_path / "inbox", {name: ANSWERS[name] for name in KILLED})
    undisturbed = tiny.released_course(tmp_path / "undisturbed")
    number = dying.changes(undisturbed, inbox)
    expected = contents(undisturbed / "gradebook.db")
    assert {dict(row)["id"] for row in expected["student"]} == set(KILLED)
    for at in sorted({1 + k * number // points for k in range(points)}):
        course = tiny.released_course(tmp_path / f"killed-{at}")
        assert dying.killed(course, inbox, at)
        quietly(collect(inbox, UNIT, course)[0], course)
        assert differences(expected, contents(course / "gradebook.db")) == [], at
        assert not list((course / ".grading" / UNIT).glob("*.part"))
        shutil.rmtree(course)


def test_a_command_that_was_killed_goes_on_where_it_was(course: Path, tmp_path: Path, stock: Path) -> None:
    inbox = tiny.inbox(tmp_path / "inbox")
    first = command(course, inbox)
    assert first.stdout is not None
    assert any(line.startswith("1 of 6 ") for line in first.stdout)
    first.kill()
    first.communicate()
    again = command(course, inbox)
    printed, _ = again.communicate()
    assert again.returncode == 0, printed
    assert differences(contents(stock), contents(course / "gradebook.db")) == []


def test_a_worker_ends_with_the_process_that_started_it(course: Path, tmp_path: Path) -> None:
    inbox = tiny.inbox(tmp_path / "inbox", dict.fromkeys(ANSWERS, "import time; time.sleep(60)"))
    process = command(course, inbox)
    workers: set[int] = set()
    while not workers and process.poll() is None:  # forked by a server, which is forked by the process
        workers = {pid for child in children(process.pid) for pid in children(child)}
    process.kill()
    process.communicate()
    assert workers
    for pid in workers:
        assert ended(pid), f"the worker {pid} still runs"


def children(pid: int) -> set[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return set(map(int, path.read_text().split())) if path.exists() else set()


@pytest.mark.weekly
def test_a_cluster_gives_the_same_gradebook_though_one_of_its_workers_is_killed(
    course: Path, submissions: list[Submission], stock: Path
) -> None:
    started: Any = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="")
    with started as cluster:
        victim = next(iter(cluster.workers.values())).pid
        assert victim is not None
        killed: list[str] = []

        def say(line: str) -> None:
            if not killed:
                killed.append(line)
                os.kill(victim, signal.SIGKILL)

        grades = grade(UNIT, submissions, course, say=say, scheduler=cluster.scheduler_address)
    assert killed
    assert earned(grades) == EARNED, [one.troubles for one in grades]
    assert differences(contents(stock), contents(course / "gradebook.db")) == []


def test_what_a_worker_gets_holds_no_student_and_no_grade(
    course: Path, submissions: list[Submission]
) -> None:
    quietly(submissions, course)
    packed = pack(course, UNIT, course / "gradebook.db")
    for student in ANSWERS:
        assert student.encode() not in packed
    (first, *_) = submissions
    outcome = execute(packed, UNIT, first.student, files_of(first.folder))
    assert list(outcome.notebooks) == [f"{UNIT}.ipynb"]
