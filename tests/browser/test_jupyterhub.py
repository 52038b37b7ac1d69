"""A JupyterHub with the course's configuration: a student opens, validates, submits; a teacher collects.

Hub, proxy, the student's server (as a user of this machine), nbgrader's exchange and Chromium are real. The
one difference from hub/jupyterhub_config.py is how one signs in: with a password that the test knows.
"""

import importlib.util
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from helpers.browser import NEEDS_CHROMIUM, opened, serving
from helpers.grading import tiny
from helpers.grading.people import LIBRARIES, Person, exchange_in, new_user, open_folder
from helpers.grading.tiny import ANSWERS, UNIT
from nonconv.publish.course import COURSE

__all__ = ["new_user", "open_folder"]
ROOT = Path(__file__).resolve().parents[2]
PROXY = "configurable-http-proxy"
pytestmark = [
    *NEEDS_CHROMIUM,
    pytest.mark.weekly,
    pytest.mark.skipif(
        importlib.util.find_spec("jupyterhub") is None,
        reason="JupyterHub is not installed here (pip install jupyterhub)",
    ),
    pytest.mark.skipif(
        shutil.which(PROXY) is None, reason=f"no program `{PROXY}` here (npm install --global {PROXY})"
    ),
]
CONFIG = """
load_subconfig({shipped!r})
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.Spawner.notebook_dir = "~"
# the student's Python may be another program than the test's, with the same libraries
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.environment = {{
    **c.Spawner.environment,
    "PYTHONPATH": {libraries!r},
    "JUPYTERLAB_DIR": {prefix!r} + "/share/jupyter/lab",
    "JUPYTER_PATH": {prefix!r} + "/share/jupyter",
    "JUPYTER_CONFIG_PATH": c.Spawner.environment["JUPYTER_CONFIG_PATH"] + ":" + {prefix!r} + "/etc/jupyter",
}}
"""


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def hub(folder: Path, exchange: Path, student: Person) -> Iterator[tuple[str, str]]:
    """A running JupyterHub: its address, and the password of everybody."""
    port, hub_port, proxy_port = free_ports(3)
    password = secrets.token_hex(16)
    folder.mkdir()
    (folder / "config.py").write_text(
        CONFIG.format(
            shipped=str(ROOT / "hub/jupyterhub_config.py"),
            password=password,
            port=port,
            hub_port=hub_port,
            proxy_port=proxy_port,
            python=student.python,
            prefix=sys.prefix,
            libraries=os.pathsep.join(LIBRARIES),
        )
    )
    command = [sys.executable, "-m", "jupyterhub", "-f", "config.py"]
    with serving(command, "JupyterHub is now running", folder, {"NONCONV_EXCHANGE": str(exchange)}):
        yield f"http://127.0.0.1:{port}", password


def sign_in(page: Page, name: str, password: str) -> None:
    page.locator("#username_input").fill(name)
    page.locator("#password_input").fill(password)
    page.locator("#login_submit").click()
    page.wait_for_url("**/lab**")
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").wait_for()


def assignments(page: Page) -> None:
    """Open nbgrader's list of assignments."""
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    page.locator(".lm-Menu-itemLabel", has_text="Assignment List").click()


def test_a_student_opens_validates_and_submits_and_the_instructor_collects(
    open_folder: Path, new_user: Callable[[str], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = exchange_in(open_folder)
    monkeypatch.setenv("NONCONV_EXCHANGE", str(exchange))
    course = tiny.released_course(open_folder / "course")
    course.chmod(0o700)
    instructor, student = Person(course, sys.executable), new_user(f"ncv{os.getpid()}h")
    instructor.nbgrader("release_assignment", UNIT)
    with (
        hub(open_folder / "hub", exchange, student) as (address, password),
        opened(address, viewport={"width": 1400, "height": 900}) as page,
    ):
        sign_in(page, str(student.name), password)
        assignments(page)
        page.get_by_role("button", name="Fetch").click()
        page.get_by_role("button", name="Submit").wait_for()
        notebook = student.folder / UNIT / f"{UNIT}.ipynb"
        assert notebook.owner() == student.name
        assert "return 2 * x" not in notebook.read_text(), "the solution stays at home"
        page.goto(page.url.split("/lab")[0] + f"/lab/tree/{UNIT}/{UNIT}.ipynb")
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(ANSWERS["ada"])
        page.get_by_text("Validate", exact=True).first.click()
        dialog = page.locator(".jp-Dialog")
        expect(dialog).to_contain_text("passes all the tests")
        dialog.locator("button").first.click()
        assignments(page)
        page.get_by_role("button", name="Submit").click()
        page.get_by_text("Resubmit").or_(
            page.locator("#submitted_assignments_list .list_item")
        ).first.wait_for()
    instructor.nbgrader("collect", UNIT)
    printed = instructor.succeeds("-m", "nonconv.grading", "autograde", UNIT, "--jobs", "1")
    assert f"{student.name}: 3 of 3" in printed
    assert (exchange / COURSE / "inbound").is_dir()
