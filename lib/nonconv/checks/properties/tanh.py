"""Properties of unit 3 whose answers are formulas: tanh written with σ, and why it can be.

sympy takes half a second to import, and most notebooks have no formula: each function imports it by itself.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations, pairwise
from typing import Any

from nonconv.checks.compare import describe
from nonconv.checks.properties._base import registered

TERMS = 10  # of a line whose parts are looked at: all 1000 choices of some of them


@registered()
def is_sigma_written_with_tanh(inputs: dict[str, Any], answer: Any) -> str | None:
    """A formula for σ(x) in which tanh occurs, and no other function."""
    import sympy

    from nonconv.checks import formula

    found = formula.difference(answer, 1 / (1 + sympy.exp(-inputs["x"])), "σ(x)")
    if found is not None:
        return found
    whole = sympy.sympify(answer)
    functions = {part.func for part in whole.atoms(sympy.Function)}
    others = sorted(function.__name__ for function in functions - {sympy.tanh})
    if sympy.tanh in functions and not others:
        return None
    uses = f"; this uses {', '.join(others)}" if others else ""
    return f"{formula.shorten(whole)} is right, but it is to be written with tanh only{uses}"


@registered()
def leads_from_sigma_to_tanh(inputs: dict[str, Any], answer: Any) -> str | None:
    """A list of expressions from 2σ(2x) − 1 to (e^x − e^−x)/(e^x + e^−x), each equal to the one before.

    What is between shows something: it is neither end in other spelling, and does not take the last line as
    known.
    """
    import sympy

    from nonconv.checks import formula

    x, e = inputs["x"], sympy.exp
    first, last = 2 / (1 + e(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x))
    if not isinstance(answer, tuple | list):
        return f"return a list of expressions, one for each line of the chain, not {describe(answer)}"
    lines: list[Any] = []
    for n, line in enumerate(answer, 1):
        if (problem := _unfit(line, x)) is not None:
            return f"line {n} {problem}"
        lines.append(_in(x, sympy.sympify(line)))
    if not lines or _tidy(lines[0]) != _tidy(first):
        return (
            "the first line must be 2σ(2x) − 1 with σ written out, 2/(1 + sympy.exp(-2*x)) -"
            f" 1{_instead(lines[:1])}"
        )
    for n, (above, line) in enumerate(pairwise(lines), 2):
        found = None if above == line else formula.difference(line, above, f"line {n}", f"line {n - 1}")
        if found is not None:
            return found
    if _tidy(lines[-1]) != _tidy(last):
        return f"the last line must be (e^x − e^−x)/(e^x + e^−x){_instead(lines[-1:])}"
    between = [(n, line) for n, line in enumerate(lines, 1) if _tidy(line) not in (_tidy(first), _tidy(last))]
    for n, line in between:
        if _presupposes(line, x):
            return (
                f"line {n} has one end of the chain whole in it (a mean of both has, too), and that shows"
                f" nothing: change line {n - 1} by itself, one fraction or one factor at a time"
            )
    return None if between else _nothing_between(lines)


def _unfit(line: Any, x: Any) -> str | None:
    """What is wrong with a line by itself, as the rest of a sentence that begins with "line 2"."""
    import sympy

    from nonconv.checks import formula

    if not isinstance(line, sympy.Expr | int | float) or isinstance(line, bool):
        return f"is {describe(line)}, not an expression: write it with x, + - * / and sympy.exp"
    line = sympy.sympify(line)
    if letters := sorted({symbol.name for symbol in line.free_symbols} - {x.name}):
        return (
            f"has other letters than x, {', '.join(letters)}: {formula.shorten(line)}. Write out what each is"
        )
    if functions := sorted({part.func.__name__ for part in line.atoms(sympy.Function)} - {"exp"}):
        if "tanh" in functions:
            return (
                "has tanh in it, which is what is to be shown (sympy.simplify makes it of sinh and cosh):"
                " stay with sympy.exp"
            )
        return f"has {', '.join(functions)} in it: write that out with sympy.exp"
    if any(power.base.is_Float and power.exp.free_symbols for power in line.atoms(sympy.Pow)):
        return "has a rounded number to the power of x (math.e?): write sympy.exp(x)"
    return None


def _in(x: Any, line: Any) -> Any:
    """A letter x that the student has made anew is the x that was given."""
    return line.xreplace({letter: x for letter in line.free_symbols})


def _tidy(line: Any) -> Any:
    """Each of its terms cancelled, with letters for e^x, e^−x and e^−2x: two spellings of a line agree."""
    import sympy

    free = _free(line)
    return sympy.Add(*(sympy.cancel(term) for term in sympy.Add.make_args(free)))


def _free(line: Any) -> Any:
    """The line with a letter in the place of each power of e, and built anew."""
    import sympy

    powers = {power: sympy.Symbol(str(power), positive=True) for power in line.atoms(sympy.exp)}
    return line.xreplace(powers).doit()


def _presupposes(line: Any, x: Any) -> bool:
    """Is the last line, or the first, a part of this one: a factor, a power or some of its terms?

    Any equation A = Z can be led through (A + Z)/2, which shows nothing.
    """
    import sympy

    for form in (line, sympy.expand(line)):
        if any(_is_factor(part, x) for part in sympy.preorder_traversal(form)):
            return True
        terms = sympy.Add.make_args(form)
        if 1 < len(terms) <= TERMS and any(_is_multiple(some, x) for some in _some(terms)):
            return True
    return False


def _some(terms: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """All choices of some of the terms, neither none nor all."""
    return chain.from_iterable(combinations(terms, n) for n in range(1, len(terms)))


def _is_multiple(terms: tuple[Any, ...], x: Any) -> bool:
    """Is the sum of these terms tanh(x), times a number that is not 0?"""
    import sympy

    ratios = [sum(_at(term, x, place) for term in terms) / sympy.tanh(place).n(30) for place in (1, 2)]
    return abs(ratios[0] - ratios[1]) < 1e-20 < abs(ratios[0])


@cache
def _at(term: Any, x: Any, place: int) -> Any:
    return term.subs(x, place).n(30)


def _is_factor(part: Any, x: Any) -> bool:
    """Is (e^x − e^−x)/(e^x + e^−x), to some power and up to a number, a factor of this part?"""
    import sympy

    top, bottom = (sympy.exp(x) + sign * sympy.exp(-x) for sign in (-1, 1))
    exponents = {top: 0, bottom: 0}
    for base, exponent in part.as_powers_dict().items() if part.is_Mul else ():
        base = base.primitive()[1] if base.is_Add else base
        for wanted in exponents:
            if base in (wanted, -wanted):
                exponents[wanted] += exponent
    return exponents[top] != 0 and exponents[top] == -exponents[bottom]


def _nothing_between(lines: list[Any]) -> str:
    whole = "the step from the first to the last line is the whole claim: write one line or more between them"
    for n, (above, line) in enumerate(pairwise(lines), 2):
        if _tidy(above) == _tidy(line):
            return (
                f"lines {n - 1} and {n} are the same expression (sympy simplifies a little by itself, and a"
                f" number above and below is no step); {whole}"
            )
    return whole


def _instead(line: list[Any]) -> str:
    from nonconv.checks import formula

    return f", not {formula.shorten(line[0])}" if line else "; the list is empty"
