"""The command line in a fresh, isolated process; and what importing the package brings along."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.proofs.chains import build
from nonconv.proofs import judge
from nonconv.proofs.budget import limit

LIB = str(Path(__file__).resolve().parents[2] / "lib")


def run(*args, stdin=None):
    """python -I does not see the source tree, so a one-line program puts it first (installed, `-m` alone
    does).
    """
    code = (
        "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = 'proofs'; "
        "runpy.run_module('nonconv.proofs', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-I", "-c", code, LIB, *args],
        capture_output=True,
        text=True,
        timeout=60,
        input=stdin,
        check=False,
    )


@pytest.fixture
def right(tmp_path):
    path = tmp_path / "right.json"
    path.write_text(build("conv-conv-2d").certificate())
    return path


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "wrong.json"
    c = json.loads(build("conv-conv").certificate())
    c["steps"][5]["rule"] = "distribute"
    path.write_text(json.dumps(c))
    return path


def test_proved_is_exit_status_0(right):
    done = run("check", str(right))
    assert done.returncode == 0
    assert done.stdout.startswith("proved: ")
    assert not done.stderr


def test_not_proved_is_exit_status_1_with_the_reason(wrong):
    done = run("check", str(wrong))
    assert done.returncode == 1
    assert 'needs "regroup"' in done.stdout
    assert "Traceback" not in done.stderr


def test_other_statement_is_exit_status_1(right):
    assert run("check", str(right), "--statement", "conv-conv").returncode == 1
    assert run("check", str(right), "--statement", "conv-conv-2d").returncode == 0


def test_json_has_lines_and_credits(wrong, right):
    result = json.loads(run("check", str(wrong), "--json").stdout)
    assert len(result["lines"]) == 10
    assert result["lines"][6]["needs"] == {
        "rules": ["one point"],
        "definitions": [],
    }
    assert set(result["credits"]) == {"witness", "prefix", "suffix", "end"}
    assert result["credits"]["witness"] == 1


def test_standard_input():
    assert run("check", "-", stdin=build("conv-conv").certificate()).returncode == 0


@pytest.mark.parametrize("text", ["", "{", "[" * 60_000, "x" * 100_000])
def test_nonsense_is_exit_status_1_without_traceback(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    done = run("check", str(path))
    assert done.returncode == 1
    assert "ill-formed" in done.stdout
    assert "Traceback" not in done.stderr


def test_missing_file_directory_and_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")  # must not be opened: it would never answer
    for path in (tmp_path / "none", tmp_path, tmp_path / "pipe"):
        done = run("check", str(path))
        assert done.returncode == 1
        assert "is not a file" in done.stdout


def test_list_and_show():
    assert "conv-conv-strided" in run("list").stdout
    assert "Show: Z[l,i] = W[l,i]" in run("show", "conv-conv").stdout
    assert run("show", "fermat").returncode == 1


def test_a_right_proof_costs_little(right):
    """In the units of the budget, about a microsecond each: what a fresh process takes beside its start."""
    with limit(500_000):
        assert judge(right.read_text(), "conv-conv-2d")["proved"]


def test_importing_brings_only_the_standard_library():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import nonconv.proofs; "
        "print(' '.join(sorted({m.split('.')[0] for m in set(sys.modules) - before})))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code, LIB], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "nonconv" in loaded
    assert loaded - {"nonconv"} <= set(sys.stdlib_module_names)


def test_kernel_modules_do_not_import_what_stands_above_them():
    allowed = {
        "budget": set(),
        "polynomials": {"budget"},
        "terms": {"polynomials", "budget"},
        "entailment": {"polynomials", "budget", "terms"},
        "bounds": {"polynomials", "budget", "terms", "entailment"},
        "flat": {"polynomials", "budget", "terms", "entailment"},
        "instances": {"polynomials", "budget", "terms"},
        "judgement": {"budget", "terms", "flat", "instances"},
        "scope": {"polynomials", "budget", "terms"},
        "normal": {"polynomials", "budget", "terms", "entailment"},
        "equality": {"polynomials", "budget", "terms", "entailment", "normal"},
        "planning": {"polynomials", "terms", "entailment", "normal", "equality", "flat"},
        "refutation": {"polynomials", "budget", "terms", "instances"},
    }
    for name, below in allowed.items():
        source = (Path(LIB) / "nonconv" / "proofs" / f"{name}.py").read_text()
        used = set()
        for line in source.splitlines():
            line = line.strip()
            if line.startswith("from ."):
                what = line.split()[1].lstrip(".")
                used |= (
                    {what}
                    if what
                    else {x.strip().split(" as ")[0] for x in line.split("import")[1].split(",")}
                )
        assert used <= below, (name, used - below)
