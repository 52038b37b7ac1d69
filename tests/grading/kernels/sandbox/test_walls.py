"""The line that says which isolation is active, and what is missing."""

import os

import pytest

from helpers.grading import isolation
from nonconv.grading.kernels.sandbox import cgroups, namespaces, sharing, walls

needs_sandbox = isolation.needed()


@needs_sandbox
def test_it_names_what_a_process_in_the_sandbox_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cgroups.HANDED_OVER, "no")
    line = walls.walls()
    assert "\n" not in line
    assert "namespaces (cgroup, ipc, mnt, net, pid, user, uts)" in line
    assert f"Landlock {namespaces.landlock_version()}, a filter of system calls, no capabilities" in line
    assert "Missing: " in line
    assert "no cgroup for memory" in line
    assert f"shares it by {'session' if sharing.by_session() else 'process'}" in line


@needs_sandbox
@pytest.mark.parametrize("user", [0, 1000], ids=["root", "an-ordinary-user"])
def test_it_says_whose_user_number_a_hand_in_has(user: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cgroups.HANDED_OVER, "no")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ("a user number for each hand-in" in walls.walls()) is (user == 0)
    assert ("not root: all hand-ins have your user number" in walls.walls()) is (user != 0)


def test_what_cgroups_limit_is_named_and_nothing_is_missing_then(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"namespaces": ["net", "pid"], "landlock": 4, "seccomp": True, "capabilities": 0}
    monkeypatch.setattr(namespaces, "tried", lambda: found)
    monkeypatch.setattr(cgroups, "parents", list)
    monkeypatch.setattr(cgroups, "limited", lambda parents: list(cgroups.LIMITED))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert walls.walls() == (
        "Isolation: namespaces (net, pid), Landlock 4, a filter of system calls, no capabilities,"
        " a user number for each hand-in, cgroups for memory, the number of processes and processor time."
    )


def test_without_isolation_it_says_what_student_code_can_do() -> None:
    assert walls.walls(isolated=False) == walls.NONE
    assert "read and change your files" in walls.NONE
