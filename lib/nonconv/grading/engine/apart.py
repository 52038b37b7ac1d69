"""Judging apart: formulas and networks that a stranger wrote are judged in a process with limits of its own.

To compare two formulas, or to run a network, can take hours and all of the memory, though the data that name
them are short. So a process of its own does it, with limits of processor time and memory; it is kept for the
next answer, and if an answer uses up a limit, it costs that answer alone. The process runs no code of the
student: it calls what `nonconv.checks.transport` lets through.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any, NoReturn

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


class _Judge:
    """A process that judges, and the two pipes by which it is asked."""

    def __init__(self, forked: bool) -> None:
        reads, asks = os.pipe()
        answers, writes = os.pipe()
        if forked:
            self.pid = os.fork()
            if not self.pid:
                _be_judge(reads, writes)
        else:
            # -P and / : no file of a submission's folder may be taken for a module
            command = [sys.executable, "-P", "-m", __name__]
            process = subprocess.Popen(
                command, stdin=reads, stdout=writes, stderr=subprocess.DEVNULL, cwd=os.sep
            )
            process.returncode = 0  # it is waited for by its number
            self.pid = process.pid
        os.close(reads)
        os.close(writes)
        self.questions = open(asks, "w", encoding="utf-8")  # noqa: SIM115
        self.answers = open(answers, encoding="utf-8")  # noqa: SIM115

    def has_ended(self) -> bool:
        """By the machine's lack of memory, say."""
        return os.waitpid(self.pid, os.WNOHANG)[0] != 0

    def ask(self, question: str) -> str:
        """Its answer, a line; empty if it came to its end over that."""
        with contextlib.suppress(OSError):
            self.questions.write(question + "\n")
            self.questions.flush()
            return self.answers.readline()
        return ""

    def end(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.close()

    def close(self) -> None:
        for file in (self.questions, self.answers):
            with contextlib.suppress(OSError):  # a question that nobody has read
                file.close()


def _be_judge(reads: int, writes: int) -> NoReturn:
    """In a fork: what `python -m nonconv.grading.engine.apart` is, with everything imported."""
    try:
        with open(os.devnull, "wb") as nothing:
            for one, place in ((reads, 0), (writes, 1), (nothing.fileno(), 2)):
                os.dup2(one, place)
        # the worker's pipes too: held open here, they would say that it lives
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.chdir(os.sep)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        main()
    finally:
        os._exit(0)


class _Judging:
    """The judge of this process: begun when it is first wanted, and again after it has ended."""

    def __init__(self) -> None:
        self.alone = threading.Lock()
        self.judge: _Judge | None = None

    def begin(self, forked: bool) -> _Judge:
        if self.judge is not None and self.judge.has_ended():
            self.judge.close()
            self.judge = None
        if self.judge is None:
            self.judge = _Judge(forked)
        return self.judge

    def ask(self, question: str) -> str:
        """The judge's answer, a line; empty if it came to its end over that."""
        with self.alone:
            judge = self.begin(forked=False)
            answer = judge.ask(question)
            if not answer:
                judge.end()
                self.judge = None
            return answer


_judging = _Judging()


def begin() -> None:
    """Begin the judge by a fork, while this process has one thread: one that is begun later is an interpreter
    of its own, which spends two seconds on importing PyTorch.
    """
    if resource is not None:
        _judging.begin(forked=True)


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
    answer = _judging.ask(question)
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
