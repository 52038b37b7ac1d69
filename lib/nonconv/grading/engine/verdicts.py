"""Judging what a kernel responded: a cell's outputs become praise or a diagnosis, and points.

Nothing that a kernel says about points or success is believed. An answer is compared by
`nonconv.checks.remote`, the certificate of a proof is checked by `nonconv.proofs`, both here, outside the
kernel.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nonconv.grading.engine.outputs import CHECK_STOPPED, error, errors, printed, shown, value
from nonconv.grading.engine.requests import Request
from nonconv.proofs.catalogue.drawn import is_family, level_of, own_id
from nonconv.proofs.certificate import examine
from nonconv.proofs.credit import MIME as PROOF
from nonconv.proofs.credit import credited, reason
from nonconv.proofs.shown import Shown

if TYPE_CHECKING:
    from nonconv.checks.data import Check

# the parts of a proof under which its table stands; the others are about the same proof
WITH_TABLE = ("all", "witness")
MAX_CERTIFICATE_CHARS = 64 * 1024  # an honest one has a twelfth of it
Outputs = list[Any]
Stamp = tuple[str, int, int]


@dataclass(frozen=True)
class JudgedAnswer:
    """A check that is judged by what the student's function returned. `check` may be given as its JSON."""

    request: Request
    name: str
    check: "Check | Mapping[str, Any]"

    @property
    def may_call(self) -> tuple[str, ...]:
        """Words of what the answer may call, and need not build."""
        check = self.check
        return tuple(check["may_call"] if isinstance(check, Mapping) else check.may_call)

    def verdict(self, outputs: Outputs) -> Outputs:
        """The outputs that nbgrader gets: what the function printed, then praise, or the diagnosis as an
        error."""
        from nonconv.checks.data import Check  # imports torch: only the process that judges needs it
        from nonconv.checks.remote import MIME as RESPONSE
        from nonconv.checks.remote import judge_response
        from nonconv.checks.wording import praise
        from nonconv.grading.engine.apart import is_laborious, judge_apart

        streams = [output for output in outputs if output.get("output_type") == "stream"]
        if failed := errors(outputs):  # such as a NameError: the function is not there
            return [*streams, *failed]
        responses = displayed(outputs, RESPONSE)
        if len(responses) != 1:
            text = f"The judge wants one answer from this cell; there are {len(responses)}."
            return [*streams, error("Judge", text)]
        check = self.check if isinstance(self.check, Check) else Check.from_json(self.name, dict(self.check))
        judge = judge_apart if is_laborious(check) else judge_response
        message = judge(check, responses[0])
        if message is not None:
            return [*streams, error("CheckFailed", message)]
        return [*streams, printed(praise(check) + "\n")]


@dataclass(frozen=True)
class JudgedProof:
    """A check of a proof, or of a part of it, that is judged by the certificate.

    `statement` may be a family, such as "own-2": then it is the theorem drawn for one of the names `whose`;
    without names, anybody's.
    """

    request: Request
    statement: str
    part: str
    points: float
    whose: tuple[str, ...] = ()
    hint_price: float = 0.0

    def asked(self, certificate: Any) -> tuple[str, str]:
        """The statement that this student had to prove, and for which of the names it is drawn."""
        if not self.whose or not is_family(self.statement):
            return self.statement, ""
        own = {own_id(name, level_of(self.statement)): name for name in reversed(self.whose)}
        named = certificate.get("statement") if isinstance(certificate, dict) else None
        first = own_id(self.whose[0], level_of(self.statement))
        statement = named if isinstance(named, str) and named in own else first
        return statement, own[statement]

    def verdict(self, outputs: Outputs) -> Outputs:
        """The outputs that nbgrader gets: the proof's lines, what the judge says, and, if it earns a part of
        the points only, these as the only value.
        """
        certificates = displayed(outputs, PROOF)
        if not certificates:
            return [*errors(outputs), error("Judge", "The judge found no certificate of a proof here.")]
        if len(certificates) > 1:
            text = f"The judge found {len(certificates)} certificates here and wants one."
            return [*errors(outputs), error("Judge", text)]
        certificate = json.dumps(certificates[0])
        if len(certificate) > MAX_CERTIFICATE_CHARS:
            size = len(certificate)
            return [
                error(
                    "Judge",
                    f"The certificate has {size} bytes; the judge reads at most {MAX_CERTIFICATE_CHARS}.",
                )
            ]
        statement, whose = self.asked(certificates[0])
        result, table = _judged(certificate, statement, self.part != "all", whose)
        about = f"{self.part} of {statement}"
        text = f"The judge, for {about}: {result['verdict']}. {reason(result, self.part, self.hint_price)}"
        lines = [shown(table)] if table and self.part in WITH_TABLE else []
        share = credited(result, self.part, self.hint_price)
        if share == 0:
            return [*lines, error("Judge", text)]
        points = [] if share == 1 else [value(repr(float(self.points) * share))]
        return [*lines, printed(text + "\n"), *points]


@dataclass(frozen=True)
class Unjudgeable:
    """A check that could not be made for this student: its reference failed on their inputs, say."""

    request: Request
    reason: str

    def verdict(self, outputs: Outputs) -> Outputs:
        streams = [output for output in outputs if output.get("output_type") == "stream"]
        return [*streams, check_stopped(self.reason)]


Entry = JudgedAnswer | JudgedProof | Unjudgeable


def verdict(entry: Entry, outputs: Outputs) -> Outputs:
    """The outputs that nbgrader gets. An error on the way costs this cell, and the instructor is told."""
    try:
        return entry.verdict(outputs)
    except Exception as problem:  # in the judge, or in what a check is made of
        return [*errors(outputs), check_stopped(f"{type(problem).__name__}: {str(problem)[:300]}")]


def check_stopped(reason: str) -> Any:
    """The error of a cell whose check failed."""
    return error(
        CHECK_STOPPED,
        f"This cell could not be graded: {reason}\n"
        "That is a fault of the course, not of your answer. Your instructor sees it, too.",
    )


def displayed(outputs: Outputs, mime: str) -> list[Any]:
    """What the outputs display of one MIME type."""
    return [
        output["data"][mime]
        for output in outputs
        if output.get("output_type") == "display_data" and mime in output.get("data", {})
    ]


def entry(name: str, data: Mapping[str, Any]) -> Entry:
    """An entry of judge.json. ValueError names one that is no entry."""
    try:
        request = Request(**data["request"])
        if "check" in data:
            return JudgedAnswer(request, name, data["check"])
        asked = {key: data[key] for key in ("statement", "part", "points")}
        return JudgedProof(request, **asked, hint_price=data.get("hint_price", 0.0))
    except (KeyError, TypeError) as problem:
        raise ValueError(
            f"the entry {name!r} of judge.json is not one of this version ({problem!r}); run `make build`"
        ) from None


@lru_cache(maxsize=8)
def table(path: Path, stamp: Stamp) -> dict[str, Entry]:
    """A unit's judge.json, by grade_id; read again when it changes. Not to be changed by the caller."""
    return {name: entry(name, data) for name, data in json.loads(path.read_text(encoding="utf-8")).items()}


def stamp_of(path: Path) -> Stamp:
    """What tells one version of a file from the next."""
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


@lru_cache(maxsize=256)  # several cells are about parts of one proof, and many students hand in the same one
def _judged(
    certificate: str, statement: str, parts: bool, whose: str
) -> tuple[dict[str, Any], dict[str, str] | None]:
    """The result, and the table of the lines as text and as HTML where the proof has any."""
    result, checked = examine(certificate, statement, parts=parts, whose=whose)
    if checked is None:
        return result, None
    lines = Shown(*checked)
    return result, {"text/plain": repr(lines), "text/html": lines._repr_html_()}
