"""One check of what was typed on the playground's page. Runs in the browser, and in any Python.

Imports the standard library, `nonconv.proofs` and latex2mathml only. The student's text is the text of the
notebook's cell: it is executed, its function is called, and what it returns is judged by its certificate, as
in the notebook and in grading.
"""

import ast
import contextlib
import io
import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nonconv.proofs
from nonconv.proofs import statement_text
from nonconv.proofs.catalogue.drawn import SIGNATURE, UNSIGNED, is_family, signed
from nonconv.proofs.certificate import examine
from nonconv.proofs.checking import BLANK, CARRIED, PENDING, PROVED, RESTS, WAITING
from nonconv.proofs.counterexamples import NEGATIVES
from nonconv.proofs.credit import credited
from nonconv.proofs.handed_in import certificate_of
from nonconv.proofs.shown import Shown
from nonconv.publish.formulas import with_formulas

FILE = "<your text>"
# verdicts that name no mistake of the line itself
KINDS = {PROVED: "good", **dict.fromkeys((BLANK, CARRIED, PENDING, RESTS, WAITING), "open")}
MAX_PRINTED = 4000  # characters of what the text prints
WORK = "P"  # the proof of a level that asks for no function


@dataclass(frozen=True)
class Own:
    """The theorem of a name; both empty where a statement is the same for all."""

    name: str = ""
    id: str = ""


SHARED = Own()


class Todo(Exception):
    """A line todo(…) was reached."""


def todo(what: str) -> None:
    """The stub of an exercise, as `nonconv.checks.todo`."""
    raise Todo(what)


def check(level: dict[str, Any], text: str, judging: Callable[[], Any] = lambda: None) -> dict[str, Any]:
    """The verdicts on a text as plain data. `judging` is called when the text has run.

    level: "given" (code before the text), "answer" (the function's name, or ""), "checks": [{"name",
    "statement", "points", "part"}].

    Keys of the result: notes [{"line": of the text, or None, "kind": "error", "wrong", "open" or "good",
    "text"}], todo, printed, tables (HTML), proved, checks [{"name", "points", "earned"}],
    certificates {statement: text}.
    """
    out: dict[str, Any] = {
        "notes": [],
        "todo": "",
        "printed": "",
        "tables": [],
        "proved": False,
        "checks": [],
        "certificates": {},
    }
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        works = _works(level, text, out)
    judging()
    out["printed"] = printed.getvalue()[:MAX_PRINTED]
    judged = {}
    for statement, (work, own) in works.items():
        certificate, wrong = certificate_of(work, statement)
        if wrong is not None:
            out["notes"].append(_note(_line_of(text, level["answer"]), "error", wrong))
            continue
        out["certificates"][statement] = certificate
        judged[statement] = _judge(certificate, own.id or statement, text, out, own.name)
    for one in level["checks"]:
        result = judged.get(one["statement"])
        share = credited(result, one["part"]) if result else 0.0
        out["checks"].append({**one, "earned": one["points"] * share})
    out["proved"] = bool(judged) and all(one["proved"] for one in judged.values())
    return out


def _note(line: int | None, kind: str, text: str) -> dict[str, Any]:
    return {"line": line, "kind": kind, "text": text}


def _works(level: dict[str, Any], text: str, out: dict[str, Any]) -> dict[str, tuple[Any, Own]]:
    """What the text hands over for each statement; what is wrong with it goes to `out`."""
    names: dict[str, Any] = {"__name__": "__main__", "todo": todo, "theorem": nonconv.proofs.theorem}
    names |= {name: getattr(nonconv.proofs, name) for name in nonconv.proofs.__all__}
    works: dict[str, tuple[Any, Own]] = {}
    try:
        exec(compile(level["given"], "<given>", "exec"), names)
        exec(compile(text, FILE, "exec"), names)
        if not level["answer"]:
            if WORK in names:
                works[getattr(getattr(names[WORK], "statement", None), "id", "")] = names[WORK], SHARED
            return works
        answer = names.get(level["answer"])
        if not callable(answer):
            raise NameError(f"there is no function {level['answer']}; begin with def {level['answer']}(…):")
        for statement in dict.fromkeys(one["statement"] for one in level["checks"]):
            own = _own(statement, names.get(SIGNATURE))
            if own is not None and own.id:
                print(statement_text(own.id))
            work = answer(statement) if statement in NEGATIVES else answer()
            if own is None:
                raise ValueError(UNSIGNED)
            works[statement] = work, own
    except Todo as missing:
        out["todo"] = str(missing)
    except SyntaxError as error:
        line = error.lineno if error.filename == FILE else None
        out["notes"].append(_note(line, "error", f"{type(error).__name__}: {error.msg}"))
    except BaseException as error:  # whatever a student's text provokes, also SystemExit
        name = type(error).__name__
        said = f"{name}: {error}" if str(error) else name
        out["notes"].append(_note(_where(error), "error", said))
    return works


def _own(statement: str, name: Any) -> Own | None:
    """Whose theorem is asked for; None where it is somebody's own and no name is given."""
    if not is_family(statement):
        return SHARED
    id = signed(statement, name)
    return None if id is None else Own(name, id)


def _where(error: BaseException) -> int | None:
    """The line of the student's text in which an error came up."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    return lines[-1] if lines else None


def _judge(
    certificate: str, statement: str, text: str, out: dict[str, Any], whose: str = ""
) -> dict[str, Any]:
    """The judge's result on a certificate; its table goes to `out`, and wrong lines to the problems."""
    result, checked = examine(certificate, statement or None, whose=whose)
    if checked is None:
        title = NEGATIVES[statement].title if statement in NEGATIVES else statement
        mark = "✓" if result["proved"] else "✗"
        out["tables"].append(
            f"<p><b>{mark} {result['verdict']}</b> {_escaped(title)}: {_escaped(result['reason'])}</p>"
        )
        return result
    out["tables"].append(with_formulas(Shown(*checked)._repr_html_()))
    places = chain_lines(text)
    for name, problem in result["witness"].items():
        if problem:
            said = problem if problem.startswith(name) else f"{name}: {problem}"
            out["notes"].append(_note(places.get(name), "wrong", said))
    for line in result["lines"]:
        kind, number = KINDS.get(line["verdict"], "wrong"), line["line"]
        out["notes"].append(_note(places.get(number), kind, f"line {number} of the chain: {line['text']}"))
    return result


def chain_lines(text: str) -> dict[int | str, int]:
    """In which line of the text each line of the chain (0 is the start) and each witness stands.

    A line that is a variable stands where the variable is set. Of a chain that another function builds, such
    as in_order("A B"), nothing is known.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return {}
    found: dict[int | str, int] = {}
    set_at = {
        target.id: node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr == "calc":
            # a chain that begins with a pair has lost its left side, which is line 0 all the same
            ahead = bool(node.args) and isinstance(node.args[0], ast.Tuple)
            for n, argument in enumerate(node.args, ahead):
                own = argument.lineno
                found[n] = set_at.get(argument.id, own) if isinstance(argument, ast.Name) else own
        if node.func.attr == "witness" and node.args and isinstance(node.args[0], ast.Subscript):
            tensor = node.args[0].value
            if isinstance(tensor, ast.Name):
                found[tensor.id] = node.lineno
    return found


def _line_of(text: str, function: str) -> int | None:
    """Where a function is defined in the text."""
    with contextlib.suppress(SyntaxError):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                return node.lineno
    return None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def check_json(level: str, text: str, judging: Callable[[], Any] = lambda: None) -> str:
    """`check` for a caller that knows texts only."""
    return json.dumps(check(json.loads(level), text, judging))
