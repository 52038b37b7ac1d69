"""A check as data, and its JSON: what ships beside a notebook holds numbers and sentences, never code."""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard

import torch
from torch import Tensor

from nonconv.checks.compare import equal
from nonconv.checks.encoding import copies, decode, encode, is_plain
from nonconv.checks.properties import PROPERTIES
from nonconv.checks.symbols import is_formula

FORMAT = 3  # 1 had sentences in the place of ids, 2 did not say where a known mistake stops with an error
Inputs = Iterable[dict[str, Any]]
Mistakes = list[tuple[str, Callable[..., Any]]]  # (sentence, a function that makes the mistake)


class Stops:
    """In the place of an output: the known mistake stops with an error here."""


class Right:
    """In the place of an output: the known mistake is none here, or is nothing that could be compared."""


STOPS, RIGHT = Stops(), Right()


@dataclass(frozen=True)
class Case:
    """One call of the answer: its inputs by name, what it must return, what known mistakes return."""

    inputs: dict[str, Any]
    expected: Any = None
    # (sentence, wrong output or STOPS), only where it differs
    mistakes: tuple[tuple[str, Any], ...] = ()

    @property
    def size(self) -> int:
        """How many numbers go in; the smallest failing case is the one to show."""
        return sum(value.numel() if isinstance(value, Tensor) else 1 for value in self.inputs.values())


@dataclass(frozen=True)
class Check:
    """A graded cell. `name` is its grade_id, `answer` the function that the student writes.

    `returns` names the outputs in the course's letters. `holds` names a property in
    `nonconv.checks.properties` for answers that are right in many ways (a counterexample, say); such a check
    has no expected outputs. `proves` names a statement for answers that are proofs. `may_call` lifts the ban
    on framework kernels whose names contain one of the words, and on modules such as "scipy.signal";
    `may_not_call` bans further kernels (and "autograd"), `must_call` says how often the answer calls a kernel
    at least, `steps_at_most` how many lines it may run and kernels it may call in the largest case: a loop
    over its places takes more. In a small one with many maps a loop over taps, which is allowed, may too.
    `same_dtype`: the outputs have the dtypes of what is expected, too.
    An input may be a symbol of sympy; then the answer is a formula.

    When work is graded, a check is judged outside the kernel in which student code runs, and a hidden one has
    inputs of each student's own; `same_for_all` says why a check has the same inputs for everyone.
    `asks` is what the kernel is told in the place of `holds`: which question of `nonconv.checks.properties`
    makes plain data of an answer that is none, such as a network. ValueError where these fields do not fit
    each other or the answers.
    """

    name: str
    answer: str
    points: int
    cases: tuple[Case, ...] = ()
    returns: tuple[str, ...] = ()
    rtol: float = 1e-6
    atol: float = 1e-8
    hidden: str = ""  # of a check that runs only when work is graded: what it looks at, as students read it
    holds: str | None = None
    may_call: tuple[str, ...] = ()
    may_not_call: tuple[str, ...] = ()
    must_call: dict[str, int] = field(default_factory=dict)
    steps_at_most: int | None = None
    same_dtype: bool = False
    proves: str | None = None  # the statement of nonconv.proofs that the answer must prove
    part: str = "all"  # which part of that proof this cell credits
    hint_price: float = 0.0  # the share of the points that a proof with P.hint() in it loses
    asks: str | None = None  # always that of the property, but where the kernel is not told which
    same_for_all: str = ""  # why its inputs cannot differ by student
    # where the course's own sources are at hand: the cases of a seed, and the known mistakes, not run yet
    cases_for: Callable[[int], tuple[Case, ...]] | None = field(default=None, compare=False, repr=False)
    known: Callable[[], Mistakes] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.holds is not None:
            object.__setattr__(self, "asks", PROPERTIES[self.holds].asks)
        if (problem := self._contradiction()) is not None:
            raise ValueError(f"check {self.name!r}: {problem}")

    def _contradiction(self) -> str | None:
        """What does not fit, and what would; None where all does."""
        per_student = self.cases_for is not None
        if not 0 <= self.hint_price < 1:
            return f"hint_price is a share of the points, from 0 to below 1, not {self.hint_price}"
        if not all(is_plain(case.expected, formulas=True) for case in self.cases):
            return (
                "what it expects is no plain data, so it cannot be judged outside the kernel: let it hold a"
                " property that asks for data"
            )
        if per_student and self.same_for_all:
            return "its inputs are a function of a seed, so leave same_for_all out"
        excused = per_student or self.same_for_all or self.takes_formulas or self.proves is not None
        if self.hidden and not excused:
            return (
                "answers to a hidden check could be copied: make its inputs a function of a seed,"
                " or say in same_for_all why they cannot vary"
            )
        return None

    @property
    def takes_formulas(self) -> bool:
        """Is an input a symbol? Then the answer is a formula, or several."""
        return any(is_formula(value) for case in self.cases for value in case.inputs.values())

    @classmethod
    def of(
        cls,
        reference: Callable[..., Any] | None,
        inputs: Inputs | Callable[[int], Inputs],
        seed: int = 0,
        drawn_anew: bool | Callable[[int], Inputs] = False,
        **rest: Any,
    ) -> "Check":
        """A check whose expected outputs are the reference's, smallest inputs first.

        In grading their order is drawn, too, so that no answer can go by the number of its call.
        `inputs` may be a function of a seed: then the check has those of `seed`, which students see where it
        is not hidden, and the work of each student is judged on others. `drawn_anew`: the inputs are a list,
        and each student is judged on `mixed` ones, or on those that it gives for a seed if it is a function.
        Without a reference nothing is expected: such a check `holds` a property.
        """

        def cases(given: Inputs, read: Callable[[Any], Any] = lambda value: value) -> tuple[Case, ...]:
            decoded = [{name: read(value) for name, value in one.items()} for one in given]
            found = [Case(one, precisely(reference, one) if reference else None) for one in decoded]
            return tuple(sorted(found, key=lambda case: case.size))

        given = list(inputs(seed) if callable(inputs) else inputs)
        if callable(drawn_anew):
            draw = drawn_anew
        else:
            draw = inputs if callable(inputs) else partial(mixed, given) if drawn_anew else None
        if draw is None:
            return cls(cases=cases(given), **rest)
        # what is expected must belong to the inputs that the kernel gets, and these are rounded
        return cls(
            cases=cases(given),
            cases_for=lambda seed: shuffled(cases(draw(seed), lambda value: decode(encode(value))), seed),
            **rest,
        )

    def for_seed(self, seed: int) -> "Check":
        """The same check on the inputs of another seed; itself where its inputs are the same for all."""
        return self if self.cases_for is None else replace(self, cases=self.cases_for(seed))

    def apart(self) -> "list[Check]":
        """The check as checks of one case each, which know no mistakes: for who only asks right or wrong."""
        largest = max((case.size for case in self.cases), default=0)
        return [
            replace(
                self,
                cases=(one,),
                known=None,
                cases_for=None,
                hidden="",
                steps_at_most=self.steps_at_most if one.size == largest else None,
            )
            for one in self.cases
        ]

    def recognised(self) -> "Check":
        """The same check with its known mistakes, which take time to run: only a wrong answer needs them."""
        return self if self.known is None else self.recognising(self.known())

    def recognising(self, mistakes: Mistakes) -> "Check":
        """The same check with each mistake's sentence and what it does, where that differs."""
        cases = []
        for case in self.cases:
            known = ((sentence, self._of_mistake(mistake, case)) for sentence, mistake in mistakes)
            cases.append(replace(case, mistakes=tuple(one for one in known if one[1] is not RIGHT)))
        return replace(self, cases=tuple(cases), known=None)

    def mistakes(self) -> Iterator[tuple[str, Callable[[Case], Any]]]:
        """Each known mistake: its sentence, and what it does in a case: its output, STOPS or RIGHT.

        Those that were not run yet run case by case, as they are asked.
        """
        for sentence, mistake in self.known() if self.known is not None else []:
            yield sentence, partial(self._of_mistake, mistake)
        for sentence in dict.fromkeys(one for case in self.cases for one, _ in case.mistakes):
            yield sentence, partial(_stored, sentence)

    def _of_mistake(self, mistake: Callable[..., Any], case: Case) -> Any:
        try:
            output = _called(mistake, case)
        except Exception:
            return STOPS
        return output if is_plain(output, formulas=True) and not self._is_right(case, output) else RIGHT

    def _is_right(self, case: Case, output: Any) -> bool:
        if self.holds is not None:
            return PROPERTIES[self.holds](copies(case.inputs), output) is None
        return equal(output, case.expected, self.rtol, self.atol)

    def to_json(self) -> dict[str, Any]:
        return {
            "answer": self.answer,
            "points": self.points,
            "returns": list(self.returns),
            "rtol": self.rtol,
            "atol": self.atol,
            "holds": self.holds,
            "may_call": list(self.may_call),
            "may_not_call": list(self.may_not_call),
            "must_call": self.must_call,
            **({} if self.steps_at_most is None else {"steps_at_most": self.steps_at_most}),
            **({"same_dtype": True} if self.same_dtype else {}),
            "proves": self.proves,
            "part": self.part,
            **({"hint_price": self.hint_price} if self.hint_price else {}),
            **({} if self.asks is None else {"asks": self.asks}),
            "cases": [
                {
                    "inputs": {name: encode(value) for name, value in case.inputs.items()},
                    "expected": encode(case.expected),
                    "mistakes": [
                        [sentence, {"stops": True} if output is STOPS else encode(output)]
                        for sentence, output in case.mistakes
                    ],
                }
                for case in self.cases
            ],
        }

    @classmethod
    def from_json(cls, name: str, data: dict[str, Any]) -> "Check":
        cases = tuple(
            Case(
                {key: decode(value) for key, value in case["inputs"].items()},
                decode(case["expected"]),
                tuple(
                    (sentence, STOPS if output == {"stops": True} else decode(output))
                    for sentence, output in case["mistakes"]
                ),
            )
            for case in data["cases"]
        )
        return cls(
            name,
            data["answer"],
            data["points"],
            cases,
            tuple(data["returns"]),
            data["rtol"],
            data["atol"],
            holds=data["holds"],
            may_call=tuple(data["may_call"]),
            may_not_call=tuple(data["may_not_call"]),
            must_call=data["must_call"],
            steps_at_most=data.get("steps_at_most"),
            same_dtype=data.get("same_dtype", False),
            proves=data["proves"],
            part=data["part"],
            hint_price=data.get("hint_price", 0.0),
            asks=data.get("asks"),
        )


FACTORS = (0.5, 0.75, 1.25, 1.5)  # by which no number of a case loses a digit


def shuffled(cases: tuple[Case, ...], seed: int) -> tuple[Case, ...]:
    return tuple(random.Random(seed).sample(cases, len(cases)))


def mixed(inputs: Inputs, seed: int) -> list[dict[str, Any]]:
    """The inputs, but the numbers of each tensor of floats in another order and times a factor.

    Shapes, dtypes, signs and what is equal stay; whole numbers, truth values and settings do, too.
    """
    generator = torch.Generator().manual_seed(seed)

    def drawn(value: Any) -> Any:
        if not isinstance(value, Tensor) or not value.is_floating_point():
            return value
        order = torch.randperm(value.numel(), generator=generator)
        factor = FACTORS[int(torch.randint(len(FACTORS), (), generator=generator))]
        return (value.reshape(-1)[order] * factor).reshape(value.shape)

    return [{name: drawn(value) for name, value in one.items()} for one in inputs]


def _called(mistake: Callable[..., Any], case: Case) -> Any:
    """What a mistake returns. What it draws at random is the same in every build."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        return mistake(**copies(case.inputs))


def _stored(sentence: str, case: Case) -> Any:
    return next((output for one, output in case.mistakes if one == sentence), RIGHT)


def write(checks: Iterable[Check], path: Path) -> None:
    """checks.json: what lies beside a released notebook."""
    data = {"format": FORMAT, "checks": {check.name: check.to_json() for check in checks}}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path, name: str) -> Check:
    """The check with that name. FileNotFoundError and KeyError say where it should have been."""
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is not beside this notebook (looked in {path.parent.resolve()});"
            " copy it from the folder in exercises/ that the notebook came from"
        )
    data = json.loads(path.read_text(encoding="utf-8"))
    if data["format"] != FORMAT:
        raise ValueError(
            f"{path} has format {data['format']}, this course reads {FORMAT}; copy the file again"
        )
    if name not in data["checks"]:
        raise KeyError(f"no check {name!r} in {path}; it has {', '.join(data['checks'])}")
    return Check.from_json(name, data["checks"][name])


def installed(name: str) -> list[Path]:
    """The files that came with the course and have a check of that name.

    An installed course has them in the package, a course that one works on in exercises/.
    """
    package = Path(__file__).resolve().parents[1]
    folders = [package / "exercises", package.parents[1] / "exercises"]
    files = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*/checks.json"))]
    quoted = json.dumps(name)
    texts = ((path, path.read_text(encoding="utf-8")) for path in files)
    return [path for path, text in texts if quoted in text and name in json.loads(text)["checks"]]


def precisely(reference: Callable[..., Any], inputs: dict[str, Any]) -> Any:
    """What the reference returns for these inputs, in float64, rounded to the dtype that it has for them.

    In float32 the last digit depends on the processor. Some answers are about the dtype itself, such as an
    overflow. There float64 gives something else, so the direct result is kept.
    """
    direct = reference(**copies(inputs))
    low = {name for name, value in inputs.items() if _is_low(value)}
    if not low:
        return direct
    wide = {name: value.double() if name in low else value for name, value in copies(inputs).items()}
    return _rounded_like(reference(**wide), direct)


def _is_low(value: Any) -> TypeGuard[Tensor]:
    return isinstance(value, Tensor) and value.is_floating_point() and value.dtype != torch.float64


def _rounded_like(wide: Any, direct: Any) -> Any:
    if isinstance(direct, tuple) and isinstance(wide, tuple) and len(direct) == len(wide):
        return tuple(_rounded_like(one, other) for one, other in zip(wide, direct, strict=True))
    if not (_is_low(direct) and isinstance(wide, Tensor) and wide.shape == direct.shape):
        return direct
    rounded, steps = wide.to(direct.dtype), 1000 * torch.finfo(direct.dtype).eps
    return rounded if torch.allclose(rounded, direct, rtol=steps, atol=steps) else direct
