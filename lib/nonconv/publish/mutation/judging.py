"""Does a check notice a mutant? All checks of its answer, visible and hidden, as a student meets them."""

import contextlib
import gc
import io
import random
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import FrameType
from typing import Any

import numpy
import torch

from nonconv.authoring.given import HEAD
from nonconv.authoring.percent import code_cells, run_cells
from nonconv.checks import Check, CheckFailed, failure, guard, watching
from nonconv.checks.encoding import encode
from nonconv.checks.proving import certificate
from nonconv.grading.engine.student_inputs import seed_of
from nonconv.publish.mutation.making import Mutant, mutants
from nonconv.publish.mutation.steps import COMPLETE, Steps
from nonconv.publish.unit import Exercise, Unit

GUARD = (guard.__file__, watching.__file__)
SECRET = b"a secret for the mutants"
STUDENTS = 2  # beside the inputs that the built notebooks hold
AGAIN = 0.05  # seconds of processor time after which a mutant that is still running is stopped again
SLOWER, SECONDS = 4, 0.3  # in a case a mutant may take so many times the solution's time, and so much more
# of a proof, whose solution may have been judged already: the checker comes to an end by itself
SECONDS_OF_PROOF = 10


class OutOfTime(BaseException):
    """The mutant does not end. No `except Exception` on the way is meant for it."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: the check that noticed it, or for whom (0 are the built inputs) none did.

    `same`: the answer has no inputs, and the mutant returns what the solution returns, so it is no slip.
    `stopped` is the error with which a check itself stopped, which is a defect of the check.
    """

    mutant: Mutant
    noticed_by: str = ""
    unnoticed_for: tuple[int, ...] = ()
    same: bool = False
    stopped: str = ""

    @property
    def survives(self) -> bool:
        return bool(self.unnoticed_for)


class Judge:
    """The checks of an exercise, ready to be run on many answers: on its mutants, or every n-th of them."""

    def __init__(self, unit: Unit, exercise: Exercise, every: int = 1) -> None:
        self.every = every
        head = exercise.folder.parent / HEAD
        wanted = [one.id for one in exercise.cells if one.cell_type == "code" and "role" in one.metadata]
        with alone():
            self.scope = run_cells(head, *code_cells(head))
            run_cells(exercise.text, *wanted, scope=self.scope)
        self.exercise = exercise
        self.checks = {
            answer: _Checks(unit, [one for one in exercise.declared.values() if one.answer == answer])
            for answer in exercise.answers
        }
        for answer, checks in self.checks.items():
            with alone():
                failing = checks.measured(self.scope[answer])
            if failing:
                raise ValueError(
                    f"the solution of {answer} does not pass {failing}, so no mutant of it can be judged;"
                    " mend that first: `make check` shows why"
                )

    @cached_property
    def mutants(self) -> list[Mutant]:
        """Those that are judged: all, but for what the exercise's mutants.py says of every n-th."""
        cells = {cell.id: cell.source for cell in self.exercise.answers.values()}
        made = [mutant for source in cells.values() for mutant in mutants(source, self.scope)]
        step = dict.fromkeys(self.exercise.answers, self.every)
        step |= {answer: n * self.every for answer, (n, _) in self.exercise.every_mutant.items()}
        own = {answer: [one for one in made if one.answer == answer] for answer in self.exercise.answers}
        return [
            mutant for answer, those in own.items() for mutant in those[:: step.get(answer, 1) * self.every]
        ]

    def verdict(self, mutant: Mutant) -> Verdict:
        """Run a mutant's checks up to the first that notices it, for the built inputs and each student's."""
        with alone():
            return self.checks[mutant.answer].verdict(mutant, self.function(mutant))

    def free(self, mutant: Mutant) -> list[str]:
        """The hidden checks, with the built inputs, that a mutant passes although it fails a visible one."""
        with alone():
            return self.checks[mutant.answer].free(self.function(mutant))

    def function(self, mutant: Mutant) -> Callable[..., Any]:
        """The mutant's function, or one that raises the error with which its cell stopped."""
        names = dict(self.scope)
        try:
            exec(mutant.code, names)
        except Exception as error:
            stopped = error

            def broken(**_: Any) -> Any:
                raise stopped

            return broken
        return names[mutant.answer]


class _Checks:
    """The checks of one answer, each as checks of one case."""

    def __init__(self, unit: Unit, checks: list[Check]) -> None:
        def versions(check: Check) -> list[list[Check]]:
            """As it is built and as each student gets it: the same object, where that is the same."""
            if check.cases_for is None:
                return [check.apart()] * (1 + STUDENTS)
            seeds = [seed_of(SECRET, f"student{k}", unit.name, check.name) for k in range(STUDENTS)]
            return [check.apart(), *(check.for_seed(seed).apart() for seed in seeds)]

        # those parts of a proof first that a quick look can refuse
        checks = sorted(checks, key=lambda one: one.proves is not None and one.part not in COMPLETE)
        self.steps = Steps()
        self.visible = [(one.name, one.apart()) for one in checks if not one.hidden]
        hidden = [(one.name, versions(one)) for one in checks if one.hidden]
        self.hidden = [[(name, theirs[k]) for name, theirs in hidden] for k in range(1 + STUDENTS)]
        self.without_inputs = not any(case.inputs for one in checks for case in one.cases)
        self.value: Any = None
        self.limit = SECONDS

    def measured(self, solution: Callable[..., Any]) -> str:
        """The first check that the solution does not pass; empty if it passes all. Sets the limit of time."""
        longest = 0.0
        for name, cases in [*self.visible, *(one for theirs in self.hidden for one in theirs)]:
            for case in cases:
                start = time.process_time()
                if failure(case, solution) is not None:
                    return name
                longest = max(longest, time.process_time() - start)
        proves = any(case.proves for _, cases in self.visible for case in cases)
        self.limit = (SECONDS_OF_PROOF if proves else SECONDS) + SLOWER * longest
        self.value = _value(solution) if self.without_inputs else None
        return ""

    def verdict(self, mutant: Mutant, answer: Callable[..., Any]) -> Verdict:
        known: dict[int, bool] = {}

        def passes(cases: list[Check]) -> bool:
            if id(cases) not in known:
                known[id(cases)] = self._passes(cases, answer)
            return known[id(cases)]

        name, unnoticed = "", []
        try:
            for name, cases in self.visible:
                if not passes(cases):
                    return Verdict(mutant, name)
            for student, theirs in enumerate(self.hidden):
                noticed = next((name for name, cases in theirs if not passes(cases)), "")
                name = noticed or name
                if not noticed:
                    unnoticed.append(student)
            same = bool(unnoticed) and self.without_inputs and _value(answer) == self.value
        except Exception as error:  # of the check itself: the answer's own are told to the student
            return Verdict(mutant, name, stopped=f"{type(error).__name__}: {error}")
        return Verdict(mutant, name, tuple(unnoticed), same)

    def free(self, answer: Callable[..., Any]) -> list[str]:
        if all(self._passes(cases, answer) for _, cases in self.visible):
            return []
        return [name for name, cases in self.hidden[0] if self._passes(cases, answer)]

    def _passes(self, cases: list[Check], answer: Callable[..., Any]) -> bool:
        try:
            for case in cases:
                with limited(self.limit):
                    if self._is_no_proof(case, answer) or failure(case, answer) is not None:
                        return False
        except OutOfTime:
            return False
        return True

    def _is_no_proof(self, check: Check, answer: Callable[..., Any]) -> bool:
        if check.proves is None or check.part not in COMPLETE:
            return False
        try:
            return not self.steps.hold(certificate(check, answer))
        except CheckFailed:
            return True


def _value(answer: Callable[..., Any]) -> Any:
    """What an answer without inputs returns, as plain data: of what dtype it is, nobody has asked."""

    def without_dtype(data: Any) -> Any:
        if isinstance(data, dict):
            return {key: without_dtype(part) for key, part in data.items() if key != "dtype"}
        return [*map(without_dtype, data)] if isinstance(data, list) else data

    value = answer()
    return value.certificate() if hasattr(value, "certificate") else without_dtype(encode(value))


def _guard_changes(frame: FrameType | None) -> bool:
    """Is the guard of answers being put up or taken off, or looking at a call?"""
    while frame is not None:
        if frame.f_code.co_filename in GUARD:
            return True
        frame = frame.f_back
    return False


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after so much processor time, however busy the machine is. In the main thread only.

    What others have left for the garbage collector does not count. It is tried again and again: Python only
    reports, and does not raise, what a signal raises inside a finalizer, and while the guard is put up or
    taken off nothing may come between.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        if not _guard_changes(frame):
            raise OutOfTime

    before, collects = signal.signal(signal.SIGPROF, stop), gc.isenabled()
    gc.disable()
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if collects:
            gc.enable()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Nothing is printed, nothing warns, and what is random comes from a fixed seed."""
    random.seed(0)
    numpy.random.seed(0)
    torch.default_generator.manual_seed(0)
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(action="ignore"),
    ):
        yield
