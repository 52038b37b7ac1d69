"""The command `nonconv`: the course's own commands under one name. `python -m nonconv` is the same.

A command is a module that `python -m` runs as well. Only the module asked for is imported.
"""

import runpy
import sys

from nonconv import __version__

# a command: what it is for, and how `python -m` calls it
COMMANDS = {
    "grade": ("collect, autograde, write feedback", ("nonconv.grading", "autograde")),
    "feedback": ("pages and table anew from the gradebook", ("nonconv.grading", "feedback")),
    "grades": ("the points in Moodle's, Canvas's or another list", ("nonconv.grading", "grades")),
    "queue": ("which written answers wait to be read", ("nonconv.grading", "queue")),
    "extend": ("more time for one student", ("nonconv.grading", "extend")),
    "register": ("make an exercise known to the gradebook", ("nonconv.grading", "register")),
    "lab": ("JupyterLab on the course, with the start page open", ("nonconv.publish.lab",)),
    "start": ("a student's own copy of an exercise", ("nonconv.publish.copy", "start")),
    "bundle": ("the zip that students get", ("nonconv.publish.copy", "bundle")),
    "publish": ("build the notebooks from units/", ("nonconv.publish",)),
    "reduce": ("a network as convolutions, with a report", ("nonconv.reduction",)),
    "check-proof": ("check the certificate of a proof", ("nonconv.proofs", "check")),
}


def usage() -> str:
    """What `nonconv --help` prints."""
    lines = [f"  {name:13s}{about}" for name, (about, _) in COMMANDS.items()]
    return "\n".join(
        ("usage: nonconv COMMAND …", "", *lines, "", "nonconv COMMAND --help says what a command takes.")
    )


def main() -> None:
    """Run the module of the command in sys.argv, as `python -m` would.

    Ends by SystemExit with its status; 2 for an unknown command.
    """
    command, *arguments = sys.argv[1:] or ["--help"]
    if command in ("-h", "--help"):
        print(usage())
        raise SystemExit(0)
    if command == "--version":
        print(f"nonconv {__version__}")
        raise SystemExit(0)
    if command not in COMMANDS:
        print(f"nonconv: there is no command {command!r}\n\n{usage()}", file=sys.stderr)
        raise SystemExit(2)
    _, (module, *first) = COMMANDS[command]
    sys.argv[1:] = [*first, *arguments]
    # as the main module: worker processes look there for what they import again
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
