"""Coq as the judge of the judge:  PYTHONPATH=tests python -m helpers.proofs.coq [--mutants 50]

Each reference proof of the catalogue in one dimension, and the composition in two, is translated and checked
by Coq; so are lines of mutants that the checker accepts. Mutants that it rejects must not translate. Prints a
table; exit status 1 if Coq does not agree with a verdict.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryDirectory

from helpers.proofs import mutants
from helpers.proofs.coq import compiler
from helpers.proofs.coq.translate import NotTranslated, Translation
from helpers.proofs.reference import REFERENCE
from nonconv.proofs import judge
from nonconv.proofs.catalogue import CATALOGUE

IN_TWO_DIMENSIONS = ("conv-conv-2d",)


def statements(names: list[str], pool: ThreadPoolExecutor, folder: str) -> list[str]:
    """A row for each statement; what Coq does not accept is printed with its message."""
    jobs = [(x, 1) for x in names if 1 in CATALOGUE[x].dims] + [
        (x, 2) for x in names if x in IN_TWO_DIMENSIONS
    ]
    failed = []

    # the checker's budget of work is one for all threads, so the texts are made by this one
    made = [Translation(REFERENCE[name]().certificate(), dimension) for name, dimension in jobs]
    texts = [one.text() for one in made]
    answers = pool.map(lambda text: compiler.check(text, folder), texts)

    print("| statement | dimensions | lines | Coq's processor time | closed |\n|---|---|---|---|---|")
    for (name, dimension), one, answer in zip(jobs, made, answers, strict=True):
        print(
            f"| `{name}` | {dimension} | {len(one)} | {answer.seconds:.0f} s | {answer.closed} |", flush=True
        )
        if not answer.closed:
            failed.append(f"{name} in {dimension}-D: {answer.output[-800:]}")
    return failed


def changed_lines(count: int, seed: int, pool: ThreadPoolExecutor, folder: str) -> list[str]:
    """Coq on the changed lines of accepted mutants; and do rejected ones have no translation?"""
    rnd, accepted, rejected, failed = random.Random(seed), [], 0, []
    while len(accepted) < count:
        name = rnd.choice([x for x, st in CATALOGUE.items() if 1 in st.dims])
        c, changed = mutants.mutant(rnd, name)
        known = json.loads(REFERENCE[name]().certificate())["lines"]
        changed = [n for n in changed if c["lines"][n] not in known]
        if not changed:
            continue
        try:
            made = Translation(c)
        except NotTranslated:
            rejected += 1
            continue
        if judge(c, name)["proved"]:
            accepted.append((name, made, {n for k in changed for n in (k, k + 1) if n <= len(made)}))
        elif CATALOGUE[name].dims == (1,):
            failed.append(f"a rejected mutant of {name} was translated")

    texts = [made.text(steps) for _, made, steps in accepted]
    answers = pool.map(lambda text: compiler.check(text, folder), texts)
    lemmas = seconds = 0
    for (name, _, steps), answer in zip(accepted, answers, strict=True):
        lemmas, seconds = lemmas + len(steps), seconds + answer.seconds
        if not answer.closed:
            failed.append(f"a mutant of {name}: {answer.output[-800:]}")
    print(
        f"\n{count} accepted mutants, {lemmas} lemmas, {seconds:.0f} s; "
        f"{rejected} rejected ones do not translate"
    )
    return failed


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--statements", nargs="*", default=list(REFERENCE))
    parser.add_argument("--mutants", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    why_not = compiler.missing()
    if why_not:
        print(f"skipped: {why_not}")
        return 0
    with TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        compiler.prepare(folder)
        failed = statements(args.statements, pool, folder)
        failed += changed_lines(args.mutants, args.seed, pool, folder)
    print(*failed, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
