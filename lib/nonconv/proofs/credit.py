"""What a part of a judged proof is worth, and why:
the words that a notebook and the judge outside it share.
"""

from typing import Any

MIME = "application/vnd.nonconv.proof+json"
PARTS = ("all", "witness", "prefix", "suffix", "end")


def credited(result: dict[str, Any], part: str, hint_price: float = 0.0) -> float:
    """The share of a judge's result that one part of a proof earns; with a hint it is less by the price."""
    if part not in PARTS:
        raise ValueError(f"a part of a proof is one of {', '.join(PARTS)}, not {part!r}")
    share = float(result["proved"]) if part == "all" else float(result["credits"][part])
    return share * (1 - hint_price) if result.get("hint") else share


def named(witness: str, problem: str) -> str:
    """What is wrong with a witness, with its name in front."""
    return problem if problem.startswith(f"{witness} ") else f"{witness}: {problem}"


def reason(result: dict[str, Any], part: str, hint_price: float = 0.0) -> str:
    """What a judge's result says about that part, with the counterexample where there is one."""
    said = _reason(result, part)
    if hint_price and result.get("hint"):
        said += f"\nThere was a hint in this proof, P.hint(): {hint_price:.0%} less."
    return said


def _reason(result: dict[str, Any], part: str) -> str:
    problems = [named(name, problem) for name, problem in result["witness"].items() if problem]
    if part == "witness" and problems:
        return problems[0]
    said = result["reason"]
    if problems:
        only = " (The lines that lead to the end count when each witness is right.)"
        return said + only * (part == "suffix")
    for line in result["lines"]:
        if line.get("counterexample"):
            return "\n".join([said, *line["text"].split("\n")[1:]])
    return said
