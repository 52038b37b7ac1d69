"""A term equals itself, under every policy and however it is written: here the search must not fail."""

import random

import pytest

from helpers.proofs.fuzz import FREE, SIZES, Terms, new_context
from nonconv.proofs.budget import OutOfBudget, limit
from nonconv.proofs.equality import ALL, equal
from nonconv.proofs.rules import RULES
from nonconv.proofs.scope import check_scope
from nonconv.proofs.terms import IllFormed

POLICIES = {frozenset(), ALL, *(rule.flags for rule in RULES.values())}


def unequal_to_itself(count: int, seed: int) -> list[tuple]:
    """(policy, unfolded definitions, term) of all that are not found equal to a renamed, shuffled copy."""
    rnd, context, found, tried = random.Random(seed), new_context(), [], 0
    make = Terms(rnd, context)
    while tried < count:
        term = make.term([*SIZES, *FREE], rnd.choice([2, 3, 4]))
        try:
            check_scope(context, term, {*SIZES, *FREE})
        except IllFormed:
            continue
        tried += 1
        copy = shuffled(make.fresh(term, {}), rnd)
        for flags in POLICIES:
            for unfold in ((), tuple(context.definitions)):
                try:
                    with limit(400_000):
                        same = equal(context, term, copy, flags, unfold)
                except OutOfBudget:
                    continue
                if not same:
                    found.append((sorted(flags), unfold, term))
    return found


def shuffled(term: tuple, rnd: random.Random) -> tuple:
    """The same with the parts of its sums and products in another order."""
    if term[0] in ("add", "mul"):
        parts = [shuffled(part, rnd) for part in term[1:]]
        rnd.shuffle(parts)
        return (term[0], *parts)
    return (*term[:3], shuffled(term[3], rnd)) if term[0] == "sum" else term


def test_a_term_equals_its_renamed_and_shuffled_copy():
    assert unequal_to_itself(200, seed=1) == []


@pytest.mark.weekly
def test_three_thousand_terms_equal_their_renamed_and_shuffled_copies():
    assert unequal_to_itself(3000, seed=2) == []
