"""A page in a real browser, Debian's Chromium, and a JupyterLab to open in it: what several tests share."""

import os
import secrets
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
# milliseconds until a page has what is expected of it, on a machine that is busy: Playwright's own are 5 and
# 30 seconds
PATIENCE = 120_000.0
expect.set_options(timeout=PATIENCE)
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no program `chromium` here (Debian: apt-get install chromium)"
    ),
]


def in_chromium(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs the browser; it is skipped where there is none."""
    for mark in NEEDS_CHROMIUM:
        test = mark(test)
    return test


@contextmanager
def opened(file: Path | str, **context: Any) -> Iterator[Page]:
    """The file, or an address, in a window of its own, in whose scripts there may be no error.

    `context` is Playwright's, such as viewport or has_touch.
    """
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        page = browser.new_context(**context).new_page()
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file if isinstance(file, str) else file.as_uri())
        yield page
        browser.close()
    assert errors == []


@contextmanager
def jupyterlab(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """A JupyterLab that was started by the command in the folder; yields address|token."""
    token = secrets.token_hex(8)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    with serving(
        [*command, *options, f"--IdentityProvider.token={token}"], "is running at", folder, environment
    ):
        yield f"http://127.0.0.1:{port}|{token}"


@contextmanager
def serving(command: list[str], mark: str, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """A server that was started by the command in the folder, once it has said that it is there: `mark`."""
    server = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    said = ""
    try:
        for line in server.stderr:
            said += line
            if mark in line:
                break
        else:
            pytest.fail(f"{' '.join(command[:4])} did not start:\n{said[-3000:]}")
        # whatever it says from here on must be read, or it would wait for a reader
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield
    finally:
        server.terminate()
        server.wait(30)
