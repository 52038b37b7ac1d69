"""nbgrader's own tests of autograding pass with our engine, but for listed differences, each with its switch.

They run unmodified, from the installed package, in a process of their own; the engine is plugged in as an
instructor would do it, by a configuration file.
"""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbgrader
import pytest

from helpers.grading import isolation
from helpers.grading.nbgraders_suite import ENGINE

pytestmark = [pytest.mark.slow, isolation.needed()]

ROOT = Path(__file__).resolve().parents[2]
SUITE = Path(nbgrader.__file__).parent / "tests"
TESTS = (
    "apps/test_nbgrader_autograde.py",
    "preprocessors/test_overwritecells.py",
    "preprocessors/test_saveautogrades.py",
)
# What is about the files, dates and rights around a notebook and the options of the command, all of which
# stays nbgrader's own. A test that nbgrader adds is not here, so it is run every time.
AROUND = {
    "test_custom_permissions",
    "test_filter_notebook",
    "test_force",
    "test_force_f",
    "test_force_single_notebook",
    "test_grade_empty_timestamp",
    "test_grade_overwrite_files",
    "test_grade_overwrite_files_subdirs",
    "test_grade_timestamp",
    "test_help",
    "test_late_submission_penalty_none",
    "test_late_submission_penalty_plugin",
    "test_missing_assignment",
    "test_missing_files",
    "test_missing_student",
    "test_permissions",
    "test_skip_extra_notebooks",
    "test_student_id_exclude",
    "test_update_newer",
    "test_update_newer_single_notebook",
}
SKIPPED = {"test_many_students", "test_infinite_loop_with_output"}  # by nbgrader itself: too large
NO_TABLE = "c.JudgedExecute.only_judged = False"  # their courses have no judge.json
WARM = 'c.Execute.kernel_name = "nonconv-warm"'
OWN_KERNEL = 'c.Execute.kernel_name = ""'
# {nbgrader's test: (why it fails with the engine, the switch with which it passes)}
DIFFERENCES = {
    "test_side_effects": ("files that student code writes stay in its sandbox", WARM),
    "test_missing_source_kernelspec": ("every notebook gets our kernel, whatever it names", OWN_KERNEL),
    "test_incorrect_source_kernelspec": ("every notebook gets our kernel, whatever it names", OWN_KERNEL),
}
PARTS = ("1/3", "2/3", "3/3")  # one at each push, all of them weekly


def outcomes(folder: Path, *settings: str, which: list[str]) -> dict[str, str]:
    """{name: "passed", "failed" or "skipped"} of nbgrader's own tests with our engine.

    `settings`: lines of configuration; `which`: options of helpers.grading.nbgraders_suite.
    """
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "config").mkdir()
    plugged = [
        "from traitlets.config.loader import PyFileConfigLoader",
        "c = get_config()",
        f"course = PyFileConfigLoader('nbgrader_config.py', path={str(ROOT)!r}).load_config()",
        f"for section in {ENGINE}:",
        "    c[section].merge(course[section])",
        *settings,
    ]
    (folder / "config" / "nbgrader_config.py").write_text("\n".join(plugged))
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "lib"), str(ROOT / "tests")]),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # half of a short run's time
    }
    line = [
        *(
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "helpers.grading.nbgraders_suite",
        ),
        *("-W", "ignore", "--tb=short", "--assert=plain", f"--rootdir={folder}", "-c", folder / "pytest.ini"),
        *(f"--junitxml={folder}/report.xml", *which, *(SUITE / name for name in TESTS)),
    ]
    ran = subprocess.run(line, cwd=folder, env=environment, text=True, capture_output=True, timeout=3600)
    assert ran.returncode in (0, 1), ran.stdout[-3000:] + ran.stderr[-3000:]
    print(ran.stdout[-20_000:])  # pytest shows it if something here fails
    found: dict[str, str] = {}
    for case in ElementTree.parse(folder / "report.xml").iter("testcase"):
        kinds = {"failure": "failed", "error": "failed", "skipped": "skipped"}
        said = [kinds[child.tag] for child in case if child.tag in kinds]
        found[case.attrib["name"]] = said[0] if said else "passed"
    return found


def as_listed(found: dict[str, str]) -> dict[str, str]:
    """What each of these tests should come to."""
    return {
        name: "skipped" if name in SKIPPED else "failed" if name in DIFFERENCES else "passed"
        for name in found
    }


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(
            part,
            marks=[pytest.mark.xdist_group(f"nbgrader {part}"), *[pytest.mark.weekly] * (part != PARTS[0])],
        )
        for part in PARTS
    ],
)
def test_nbgraders_tests_of_execution_and_scores_pass_but_for_the_listed_differences(
    part: str, tmp_path: Path
) -> None:
    found = outcomes(tmp_path, NO_TABLE, which=["--but", ",".join(AROUND), "--part", part])
    assert found == as_listed(found)
    assert len(found) > 10


@pytest.mark.weekly
@pytest.mark.xdist_group("nbgrader's other tests")
def test_nbgraders_tests_of_what_is_around_a_notebook_pass(tmp_path: Path) -> None:
    found = outcomes(tmp_path, NO_TABLE, which=["--names", ",".join(AROUND)])
    assert found == as_listed(found)
    assert {name.split("[")[0] for name in found} == AROUND


@pytest.mark.weekly
@pytest.mark.parametrize("switch", sorted({switch for _, switch in DIFFERENCES.values()}))
@pytest.mark.xdist_group("nbgrader's listed tests")
def test_with_its_switch_each_listed_test_passes(switch: str, tmp_path: Path) -> None:
    listed = [name for name, (_, own) in DIFFERENCES.items() if own == switch]
    found = outcomes(tmp_path, NO_TABLE, switch, which=["--names", ",".join(listed)])
    assert found == dict.fromkeys(listed, "passed")
