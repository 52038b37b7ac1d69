"""Certificates of proofs that were handed in as files, put into the answers that they are about.

A file holds one certificate, as `P.certificate()` returns it and the playground's page saves it, or
{"certificates": [...]}. It goes where nothing was answered. Over an answer in the notebook it goes only if
it is a whole proof, which earns all there is to earn; so a certificate never costs points. It is not
believed: the cell that it is put into hands it to the judge, as any other answer does.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from nonconv.grading.limits import parsed
from nonconv.grading.submissions.answers import ELSEWHERE
from nonconv.grading.submissions.unpack import File, is_certificate
from nonconv.proofs.catalogue.drawn import family_of, is_family, is_own
from nonconv.proofs.certificate import judge
from nonconv.proofs.reader import MAX_BYTES

MAX_CERTIFICATES = 60  # in one file
MAX_FOR_ONE = 3  # certificates of one statement that are looked at, the latest ones


@dataclass(frozen=True)
class Certificate:
    """What was handed in for a statement: its JSON, and the file that it came in."""

    statement: str
    text: str
    file: File


@dataclass(frozen=True)
class Asked:
    """The function of a notebook that answers a statement. `whole`: it answers no other."""

    answer: str
    whole: bool


def asked(checks: Path) -> dict[str, Asked]:
    """By statement, the function that is to prove it: of checks.json in a unit's folder of exercises."""
    if not checks.is_file():
        return {}
    found = json.loads(checks.read_text(encoding="utf-8"))["checks"].values()
    proves = {(one["proves"], one["answer"]) for one in found if one.get("proves")}
    answers = [answer for _, answer in proves]
    return {statement: Asked(answer, answers.count(answer) == 1) for statement, answer in proves}


def certificates(files: Iterable[File], known: dict[str, Asked], troubles: list[str]) -> list[Certificate]:
    """All that can be read, the latest first; of the rest, why not."""
    found: list[Certificate] = []
    for file in files:
        content = file.content if is_certificate(file.name) else None
        if content is None:
            continue
        try:
            for one in _listed(content):
                statement = one.get("statement", one.get("counterexample"))
                statement = family_of(statement) if is_own(statement) else statement
                text = json.dumps(one, separators=(",", ":"))
                if statement not in known:
                    troubles.append(f"{file.name!r}: nothing in this unit asks for {str(statement)[:60]!r}")
                elif len(text) > MAX_BYTES:
                    troubles.append(f"{file.name!r}: the certificate of {statement} is too large")
                else:
                    found.append(Certificate(statement, text, file))
        except (ValueError, RecursionError) as error:
            troubles.append(f"{file.name!r} is no certificate: {str(error)[:80]}")
    return sorted(found, key=lambda one: (one.file.attempt, one.file.changed, one.file.path), reverse=True)


def _listed(content: bytes) -> list[dict[str, Any]]:
    data = json.loads(content.decode("utf-8-sig"))
    several = data.get("certificates") if isinstance(data, dict) else None
    found = [data] if several is None else several
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError("it holds neither a certificate nor a list of them")
    if len(found) > MAX_CERTIFICATES:
        raise ValueError(f"it holds more than {MAX_CERTIFICATES} certificates")
    return found


def put_certificates(
    notebook: NotebookNode,
    released: NotebookNode,
    found: list[Certificate],
    known: dict[str, Asked],
    troubles: list[str],
) -> bool:
    """Put each statement's best certificate into the notebook's answer. Was any put there?

    `notebook` has the released cells in their places already.
    """
    stubs = {
        name: cell
        for cell in released.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
        for name in re.findall(r"^def (\w+)\(", cell.source, re.M)
    }
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    chosen: dict[str, list[Certificate]] = {}
    for statement in dict.fromkeys(one.statement for one in found):
        answer = known[statement].answer
        if answer not in stubs:
            continue  # it is asked for in another notebook of the unit
        cell = cells[stubs[answer].metadata.nbgrader.grade_id]
        one = _best([one for one in found if one.statement == statement][:MAX_FOR_ONE])
        if cell.source.strip() not in ("", stubs[answer].source.strip()):
            why = ""
            if cell.source.strip() == ELSEWHERE:
                why = "in another cell "
            elif not is_family(statement) and not judge(one.text, statement)["proved"]:
                why = "it is no whole proof, and "
            # whether a theorem of one's own is the right one, only grading knows: the answer stays
            if why or is_family(statement):
                what = f"{why}the notebook has an answer, which counts"
                troubles.append(f"{one.file.name!r}: {statement}: {what}")
                continue
        troubles.append(f"{one.file.name!r} was taken for {statement}, in {answer}")
        chosen.setdefault(answer, []).append(one)
    for answer, ones in chosen.items():
        stub = stubs[answer]
        cell = cells[stub.metadata.nbgrader.grade_id]
        whole = known[ones[0].statement].whole
        untouched = cell.source.strip() == stub.source.strip()
        cell.source = _source(answer, ones, whole, "" if untouched and whole else cell.source)
    return bool(chosen)


def _best(ones: list[Certificate]) -> Certificate:
    """The one that earns most; of equals the latest, which comes first."""
    if len(ones) == 1:
        return ones[0]

    def earned(one: Certificate) -> float:
        result = judge(one.text, one.statement)
        return result["proved"] + sum(result["credits"].values())

    return max(ones, key=earned)


def _source(answer: str, ones: list[Certificate], whole: bool, own: str) -> str:
    """A cell whose function hands over the certificates; what the student wrote there stays readable.

    The certificate is a text in the code, never code: `repr` of JSON, whatever it holds.
    """
    lines = [f"# Handed in as {', '.join(sorted({ascii(one.file.name) for one in ones}))}."]
    if whole:
        lines = [*(f"# {line}" for line in own.split("\n") if own), *lines]
        (one,) = ones
        lines += [f"def {answer}():", "    from nonconv.proofs import resume", ""]
        lines += [f"    return resume({one.text!r})"]
        return "\n".join(lines)
    kept = own if parsed(own) is not None else "\n".join(f"# {line}" for line in own.split("\n"))
    given = ", ".join(f"{one.statement!r}: {one.text!r}" for one in ones)
    lines += [
        f"def {answer}(statement, _own=globals().get({answer!r}), _given={{{given}}}):",
        "    if statement not in _given:",
        "        return _own and _own(statement)",
        "    import json",
        "",
        "    from nonconv.proofs import counterexample",
        "",
        "    return counterexample(statement, **json.loads(_given[statement])['data'])",
    ]
    return "\n".join([kept, "", *lines])
