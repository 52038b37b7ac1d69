"""Certificates: honest ones survive the way through JSON, hostile ones earn nothing and cost little;
partial credit.
"""

import json
import random
import subprocess
import sys

import pytest

from helpers.proofs import hostile, mutants
from helpers.proofs.chains import build
from helpers.proofs.reference import REFERENCE
from nonconv.proofs import certificate, judge, resume
from nonconv.proofs.budget import limit

RIGHT = build("conv-conv").certificate()


def cert() -> dict:
    return json.loads(RIGHT)


def credits(c, **more):
    return judge(json.dumps(c), "conv-conv", **more)["credits"]


def test_certificate_is_small_plain_json_and_reads_back():
    assert len(RIGHT) < 5000
    assert resume(RIGHT).certificate() == RIGHT
    assert judge(cert())["proved"]
    assert judge(RIGHT.encode())["proved"]


def test_result_is_plain_data():
    result = judge(RIGHT, "conv-conv")
    assert json.loads(json.dumps(result)) == result
    bad = cert()
    bad["lines"][3] = bad["lines"][4]
    result = judge(bad, "conv-conv")
    assert json.loads(json.dumps(result)) == result
    assert not result["proved"]


def test_a_certificate_for_another_statement_is_refused():
    assert not judge(RIGHT, "conv-conv-2d")["proved"]
    assert not judge(REFERENCE["kernels-commute"]().certificate(), "conv-conv")["proved"]


@pytest.mark.parametrize("name", hostile.malformed())
def test_malformed_certificate_is_refused_with_a_reason(name):
    result = judge(hostile.malformed()[name], "conv-conv")
    assert not result["proved"]
    assert result["reason"]
    assert set(result["credits"].values()) == {0.0} or name in hostile.COSTS_A_LINE
    json.dumps(result)


MEASURED = """
import json, pathlib, re, resource, sys
from nonconv.proofs import certificate, judge

def judged(text):
    certificate._checkers.clear()
    start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    result = judge(text)
    return result, resource.getrusage(resource.RUSAGE_SELF).ru_utime - start

right, hostile = json.load(sys.stdin)
usual = min(judged(right)[1] for _ in range(2))
result, seconds = judged(hostile)
# Linux: ru_maxrss there still counts the parent's memory, from before exec
status = pathlib.Path("/proc/self/status")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if status.exists():
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
print(json.dumps([result, seconds / usual, peak]))
"""
RIGHT_2D = build("conv-conv-2d").certificate()  # a thirtieth of what a judgement may spend


@pytest.mark.parametrize("name", hostile.cases())
def test_hostile_certificate_is_cheap(name):
    """Its time, beside a right proof's on the same machine, is at most twice what the budget allows, 30."""
    text = hostile.cases()[name]
    assert len(text) <= 65_536
    # in a process of its own: this one's peak memory is that of the largest test before
    given = json.dumps([RIGHT_2D, text])
    run = subprocess.run(
        [sys.executable, "-I", "-c", MEASURED], input=given, capture_output=True, text=True, check=True
    )
    result, ratio, kilobytes = json.loads(run.stdout)
    assert ratio < 60
    assert kilobytes < 500 * 1024
    assert not result["proved"]
    assert result["reason"]


def test_what_others_proved_before_changes_no_verdict():
    rnd = random.Random(0)
    made = [
        json.dumps(mutants.mutant(rnd, name)[0]) for name in ("conv-conv", "conv-conv-2d") for _ in range(20)
    ]
    alone = []
    for one in made:
        certificate._checkers.clear()
        alone.append(judge(one))
    assert [judge(one) for one in made] == alone
    assert [judge(one) for one in reversed(made)] == alone[::-1]
    assert 0 < len(certificate._checkers) <= certificate.MAX_CHECKERS


def test_where_a_budget_was_used_up_nothing_is_remembered():
    judge(RIGHT)
    assert certificate._checkers
    with limit(1000):
        assert "too large to be checked" in judge(RIGHT)["reason"]
    assert certificate._checkers == {}


def test_random_garbage_never_raises():
    rnd = random.Random(3)
    text = RIGHT
    for _ in range(150):
        k = rnd.randrange(len(text))
        mutated = (
            text[:k] + rnd.choice(['"', "[", "]", "{", "0", "-", ",", "x", "1e9", "null", ""]) + text[k + 1 :]
        )
        result = judge(mutated, "conv-conv")
        assert isinstance(result["proved"], bool)


def test_a_changed_subterm_is_noticed():
    """Replace one subscript, one bound or one condition anywhere: the proof falls (or the line is the
    same).
    """
    rnd = random.Random(4)
    fell = 0
    for _ in range(14):
        c = cert()
        n = rnd.randrange(1, len(c["lines"]) - 1)
        text = json.dumps(c["lines"][n])
        places = [k for k in range(len(text)) if text.startswith('"": ', k) or text.startswith(": 1", k)]
        if not places:
            continue
        k = rnd.choice(places)
        cut = k + 4 if text.startswith('"": ', k) else k + 2
        c["lines"][n] = json.loads(text[:cut] + "-" * (text[cut] != "-") + text[cut + (text[cut] == "-") :])
        fell += not judge(c, "conv-conv")["proved"]
    assert fell > 10


def test_names_and_cuts_cannot_be_smuggled_behind_another_rule():
    """A hand-made certificate that attaches definitions to "regroup" would make its step too long."""
    c = cert()
    c |= {"lines": [c["lines"][0], c["lines"][-1]]}
    for extra in ({"names": ["Z", "Y", "O", "o", "W"]}, {"cuts": [["<=", {"u": 1}, {"p": 1}]]}):
        for rule in ("regroup", "distribute", "arithmetic"):
            c["steps"] = [{"rule": rule, **extra}]
            assert "stands alone" in judge(c)["reason"]


# ---------------------------------------------------------------- partial credit
def test_nothing_written_earns_nothing():
    c = cert()
    c |= {"lines": c["lines"][:1], "steps": [], "witness": {}}
    assert set(credits(c).values()) == {0.0}


def test_witness_alone_earns_the_witness():
    c = cert()
    c |= {"lines": c["lines"][:1], "steps": []}
    assert credits(c) == {"witness": 1.0, "prefix": 0.0, "suffix": 0.0, "end": 0.0}


@pytest.mark.parametrize(
    ("name", "body"), [("o", ["acc", "g", [{"l": 1}]]), ("O", ["acc", "F", [{"m": 1}, {"": 1}, {"": 1}]])]
)
def test_one_right_witness_of_two_earns_half(name, body):
    c = cert()
    c["witness"][name]["body"] = body
    assert credits(c)["witness"] == 0.5  # exact: 1/2, a power of two
    c["witness"][name] = {"indices": ["m"], "body": 0}
    assert credits(c)["witness"] == 0.5
    del c["witness"][name]
    assert credits(c)["witness"] == 0.5


def test_longer_prefix_earns_more_and_truncation_less():
    earned = []
    for n in range(1, 10):
        c = cert()
        c |= {"lines": c["lines"][:n], "steps": c["steps"][: n - 1]}
        result = credits(c)
        assert result["end"] == 0
        assert result["suffix"] == 0
        earned.append(result["prefix"])
    assert earned == sorted(earned)
    assert earned[0] == 0
    assert 0.7 < earned[-1] < 1


def test_suffix_is_credited_behind_a_gap():
    c = cert()
    del c["lines"][3:6]
    del c["steps"][3:6]
    result = credits(c)
    assert 0 < result["prefix"] < 1
    assert 0 < result["suffix"] < 1
    assert result["end"] == 0


def test_padding_earns_nothing():
    c = cert()
    c |= {"lines": c["lines"][:3], "steps": c["steps"][:2]}
    plain = credits(c)
    padded = json.loads(json.dumps(c))
    padded["lines"] = c["lines"] + [c["lines"][2]] * 20
    padded["steps"] = c["steps"] + [{"rule": "arithmetic"}] * 20
    assert credits(padded) == plain
    forth_and_back = json.loads(json.dumps(c))
    forth_and_back["lines"] = c["lines"] + [c["lines"][1], c["lines"][2]] * 5
    forth_and_back["steps"] = c["steps"] + [{"rule": "definition", "names": ["Y"]}] * 10
    assert credits(forth_and_back) == plain


def test_shuffled_lines_earn_only_what_still_fits():
    c = cert()
    c["lines"][1:-1] = c["lines"][-2:0:-1]
    result = judge(c, "conv-conv")
    assert not result["proved"]
    assert result["credits"]["prefix"] < 0.2
    assert result["credits"]["end"] == 0


def test_jump_to_the_end_is_no_proof():
    for rule in ("arithmetic", "distribute", "swap", "regroup", "one point", "range"):
        c = cert()
        c |= {"lines": [c["lines"][0], c["lines"][-1]], "steps": [{"rule": rule}]}
        result = judge(c, "conv-conv")
        assert not result["proved"]
        assert result["credits"]["prefix"] == 0
        assert result["credits"]["suffix"] == 0


def test_the_lines_before_a_wrong_witness_keep_their_share():
    c = cert()
    right = credits({**c, "lines": c["lines"][:4], "steps": c["steps"][:3]})
    c["witness"]["o"]["body"] = ["acc", "g", [{"l": 1}]]
    wrong = credits(c)
    assert right["prefix"] == wrong["prefix"] == 0.375  # exact: 3 of 8
    assert (wrong["suffix"], wrong["end"]) == (0, 0)


def test_a_wrong_line_costs_the_end_and_shows_a_counterexample():
    c = cert()
    the_range_of_t = c["lines"][6][1][1][1]
    assert the_range_of_t[0] == "t"
    the_range_of_t[2][""] = -2
    result = judge(c, "conv-conv")
    line = result["lines"][6]
    assert line["verdict"] == "refuted"
    assert line["counterexample"]["before"] != line["counterexample"]["after"]
    assert result["lines"][7]["verdict"] != "refuted", "one mistake is reported once"
    assert result["credits"]["end"] == 0
    assert result["credits"]["prefix"] > 0
    assert result["credits"]["suffix"] > 0
