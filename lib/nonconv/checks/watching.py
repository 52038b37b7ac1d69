"""The guard's hold on the whole process: threads, processes, and what would take the guard off.

While an answer runs, it may start no thread, process or interpreter, and may not change how Python's calls
are watched. A thread that was started before is watched as the answer is. What the exercise hands over lifts
the guard, and nothing else does: the few functions of the course that may are named while the course is
imported, each is known by its code and its own module, and while one runs, no function of a notebook may.

All this is Python in the process of the student's own code. It keeps off what can be written in a cell with
what Python offers; see docs/instructors/sandbox.md for what it does not keep off.
"""

import _thread
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, MappingProxyType
from typing import Any, Protocol, TypeVar

from torch.utils._python_dispatch import _disable_current_modes

from nonconv.checks.frames import importing, of_a_student
from nonconv.checks.unaltered import Kept

Function = TypeVar("Function", bound=Callable[..., Any])
# what an answer may not do, by Python's name of the event (PEP 578), and how a student reads it
EVENTS = MappingProxyType(
    {
        "_thread.start_new_thread": "a thread of its own",
        "_thread.start_joinable_thread": "a thread of its own",
        "cpython.PyInterpreterState_New": "an interpreter of its own",
        "sys.setprofile": "sys.setprofile",
        "sys.settrace": "sys.settrace",
    }
    | dict.fromkeys(
        ("os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.spawn", "os.system", "subprocess.Popen"),
        "a process of its own",
    )
)
STARTS = ("start_new_thread", "_start_new_thread", "start_joinable_thread", "_start_joinable_thread")
REQUESTED = "nonconv.checks.remote"  # what grading asks by, see nonconv.grading.engine.requests
TAKEN_OFF = "something that takes off what watches it"
UNWATCHED = "a thread that was started before, and takes off what watches it"


class CourseCodeChanged(PermissionError):
    """A request of grading finds other code than the course's. The instructor is told of it by this name."""


class Guard(Protocol):
    """What stands while an answer runs."""

    handed_over: bool  # has it called what the exercise hands over?

    def forbid(self, what: str) -> Exception:
        """The error that says what was called; it is kept."""
        ...

    def watch(self, frame: FrameType, event: str, arg: Any) -> None:
        """As for sys.setprofile. Raises what `forbid` gives."""
        ...

    def sees(self) -> bool:
        """Does it notice a kernel of the framework?"""
        ...

    def mode(self) -> Any:
        """A dispatch mode that forbids the banned kernels, for one thread."""
        ...


class _State:
    """Held by the functions below and by nothing that can be imported."""

    def __init__(self) -> None:
        self.guard: Guard | None = None
        self.thread = 0  # in which the answer runs
        self.ours = False  # is it this module that changes what is watched?
        self.escaped = False  # did a thread take off what watches it?
        self.sealed = False
        self.kept = Kept()
        self.known: list[tuple[CodeType, dict[str, Any]]] = []
        self.modes = threading.local()

    def profile(self, watch: Any, set_profile: Callable[[Any], None] = sys.setprofile) -> None:
        self.ours = True
        try:
            set_profile(watch)  # as it was: a notebook can write another one into sys
        finally:
            self.ours = False


def _made() -> tuple[Callable[..., Any], ...]:
    state, get_profile = _State(), sys.getprofile

    def hands_over(function: Function) -> Function:
        """Let this function of the course lift the guard. RuntimeError once the course is imported."""
        if state.sealed:
            raise RuntimeError("what lifts the guard is named in the course, and nowhere else")
        state.known.append((function.__code__, function.__globals__))  # type: ignore[attr-defined]
        return function

    def seal() -> None:
        """From now on nothing else lifts the guard, and the course's code is to stay as it is."""
        state.sealed = True
        state.kept.add()

    def called_by_the_course() -> None:
        caller = sys._getframe(3)  # behind the generator and contextlib
        if not any(caller.f_code is code and caller.f_globals is names for code, names in state.known):
            raise PermissionError("only what an exercise hands over lifts the guard")

    @contextmanager
    def lifted() -> Iterator[None]:
        """The guard is lifted inside. PermissionError where this is called from anywhere but the course."""
        called_by_the_course()
        guard, before = state.guard, sys.getprofile()
        if guard is None or before is None:
            with _disable_current_modes():
                yield
            return

        def no_student(frame: FrameType, event: str, _: Any) -> None:
            if event == "call" and of_a_student(frame):
                raise guard.forbid("its own code inside what the exercise hands over")

        guard.handed_over = True
        state.profile(no_student)
        try:
            with _disable_current_modes():
                yield
        finally:
            state.profile(before)

    @contextmanager
    def traced(trace: Any) -> Iterator[None]:
        """sys.settrace inside. PermissionError where this is called from anywhere but the course."""
        called_by_the_course()
        before, state.ours = sys.gettrace(), True
        try:
            sys.settrace(trace)
            state.ours = False
            yield
        finally:
            state.ours = True
            sys.settrace(before)
            state.ours = False

    @contextmanager
    def watched(guard: Guard) -> Iterator[None]:
        """The guard stands inside. RuntimeError where one does already: a second could allow more."""
        if state.guard is not None:
            raise RuntimeError("an answer is called already, and cannot be called inside of it")
        if state.escaped:
            raise guard.forbid(UNWATCHED)
        before = sys.getprofile()
        state.guard, state.thread = guard, threading.get_ident()

        def watch(frame: FrameType, event: str, arg: Any) -> None:
            """sys.getprofile gives this, and not the guard itself."""
            guard.watch(frame, event, arg)

        try:
            with guard.mode():
                state.profile(watch)
                try:
                    if get_profile() is not watch or not guard.sees():
                        raise guard.forbid(TAKEN_OFF)
                    yield
                    if get_profile() is not watch or not guard.sees():
                        raise guard.forbid(TAKEN_OFF)
                finally:
                    state.profile(before)
        finally:
            state.guard = None

    def unaltered(code: Any) -> None:
        """A request of grading is about to run: is the course's code that will serve it the course's?"""
        of_grading = isinstance(code, CodeType) and REQUESTED in (*code.co_names, *code.co_consts)
        if of_grading and (name := state.kept.altered()) is not None:
            raise CourseCodeChanged(f"{name} is the course's own, and something in this notebook changed it")

    def hook(event: str, about: Any) -> None:
        if event == "exec":
            unaltered(about[0])
        if event not in EVENTS or state.ours:
            return
        guard, here = state.guard, threading.get_ident()
        if guard is not None and here == state.thread:
            if not importing(sys._getframe(1)):
                raise guard.forbid(EVENTS[event])
        elif event == "sys.setprofile" and sys.getprofile() is in_thread:
            state.escaped = True
            if guard is not None:
                guard.forbid(UNWATCHED)

    def in_thread(frame: FrameType, event: str, arg: Any) -> None:
        """What watches a thread that was started before: nothing, until an answer is called."""
        guard = state.guard
        if guard is None:
            return
        if getattr(state.modes, "of", None) is not guard:
            if (last := getattr(state.modes, "mode", None)) is not None:
                last.__exit__(None, None, None)
            state.modes.of, state.modes.mode = guard, guard.mode()
            state.modes.mode.__enter__()  # it lets everything pass once its guard is gone
        guard.watch(frame, event, arg)

    def starting(start: Callable[..., Any]) -> Callable[..., Any]:
        def start_watched(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            guard = state.guard
            if (
                guard is not None
                and threading.get_ident() == state.thread
                and not importing(sys._getframe(1))
            ):
                raise guard.forbid(EVENTS["_thread.start_new_thread"])

            def run(*own: Any, **named: Any) -> Any:
                sys.setprofile(in_thread)
                return function(*own, **named)

            return start(run, *args, **kwargs)

        return start_watched

    for module in (_thread, threading):  # Python 3.11 has no event of it
        for name in STARTS:
            if hasattr(module, name):
                setattr(module, name, starting(getattr(module, name)))
    sys.addaudithook(hook)
    return hands_over, seal, lifted, traced, watched


hands_over, seal, lifted, traced, watched = _made()
