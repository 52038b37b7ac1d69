"""Judging apart: formulas and networks that a stranger wrote are judged in a process with limits of its own.

To compare two formulas, or to run a network, can take hours and all of the memory, though the data that name
them are short. So a process of its own does it, with limits of processor time and memory; it is kept for the
next answer, and if an answer uses up a limit, it costs that answer alone. The process runs no code of the
student: it calls what `nonconv.checks.transport` lets through.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from typing import Any

from nonconv.checks.data import Check
from nonconv.checks.diagnosis import CheckStopped, judged
from nonconv.grading.limits import limit_memory, limit_processor, resource

# of a processor, for one response; honest ones take three, and ten where `reduce` runs
SECONDS, SECONDS_OF_NETWORKS = 10, 60
MEMORY = 4096  # MiB, beyond what the process has when it begins


def is_laborious(check: Check) -> bool:
    """Are its answers formulas or networks, rather than numbers?"""
    return check.takes_formulas or check.asks is not None


class Stopped(Exception):
    """The check itself stopped with an error; the message says with which."""


class _Process:
    """The process that judges, started when it is first wanted, and again after it was ended."""

    def __init__(self) -> None:
        self.alone = threading.Lock()
        self.process: subprocess.Popen[str] | None = None

    def ask(self, question: str) -> str:
        """Its answer, a line; empty if it came to its end over that."""
        with self.alone:
            if self.process is None or self.process.poll() is not None:  # by the machine's lack of memory
                # -P and / : no file of a submission's folder may be taken for a module
                self.process = subprocess.Popen(
                    [sys.executable, "-P", "-m", __name__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                    cwd=os.sep,
                )
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            answer = ""
            with contextlib.suppress(OSError):
                self.process.stdin.write(question + "\n")
                self.process.stdin.flush()
                answer = self.process.stdout.readline()
            if not answer:
                self.process.kill()
                self.process.wait()
                self.process = None
            return answer


_process = _Process()


def judge_apart(check: Check, response: Any) -> str | None:
    """As `nonconv.checks.remote.judge_response`, for any response. Stopped if the check fails."""
    if resource is None:
        return judged(check, response).message
    message = _asked(check, response)
    if (
        message is not None and check.known is not None
    ):  # which take time to run: only a wrong answer needs them
        return _asked(check.recognised(), response)
    return message


def _asked(check: Check, response: Any) -> str | None:
    try:
        question = json.dumps([check.name, check.to_json(), response])
    except (ValueError, TypeError, RecursionError):
        question = json.dumps([check.name, check.to_json(), None])
    answer = _process.ask(question)
    if not answer:
        return (
            f"{check.name}: what {check.answer} returned takes too long, or too much memory, to be compared:"
            " write it in a simpler way."
        )
    found = json.loads(answer)
    if "stopped" in found:
        raise Stopped(found["stopped"])
    return found["message"]


def main() -> None:
    """Judge what comes in, a line each, until there is no more."""
    import torch

    torch.set_num_threads(1)
    answers, sys.stdout = sys.stdout, sys.stderr  # what a layer prints is no answer
    limit_memory(MEMORY)
    for question in sys.stdin:
        name, data, response = json.loads(question)
        try:
            check = Check.from_json(name, data)
            limit_processor(SECONDS if check.asks is None else SECONDS_OF_NETWORKS)
            found = {"message": judged(check, response).message}
        except CheckStopped as stopped:
            found = {"stopped": str(stopped)}
        except Exception as error:
            found = {"stopped": f"{name}: {type(error).__name__}: {str(error)[:300]}"}
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
