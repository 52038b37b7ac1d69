"""python -m nonconv.publish.skeleton UNIT NAME: a new exercise that builds, and says what is still missing.

It is written behind the last exercise of the unit;
to move it, rename the folders: the number is the folder's.
"""

import argparse
import sys
from pathlib import Path

from nonconv.authoring.percent import UnitError
from nonconv.publish.unit import NAME, chosen

EXERCISE = """# %% {name}-card [markdown]
# ## {{number}} · TODO: a title
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | TODO: what one can do afterwards, in a line | 10 | ●●○○○ | lecture, section TODO: {{section:NAME}} |
#
# TODO: what is asked, in the lecture's letters. Write `{function}(x)`. It returns twice the numbers.
#
# - `x`: shape `(n,)`.
#
# By hand: TODO: a worked example that fits on a line.

# %% {name}-predict [markdown]
# **Predict first.** TODO: a question that one answers before writing code.
#
# <details><summary>Answer</summary>
#
# TODO
#
# </details>


# %% {name} role="answer"
def {function}(x):
    ### BEGIN SOLUTION TODO: the sentence that a student reads here in place of the solution.
    ...
    ### END SOLUTION


# %% {name}-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# TODO
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# TODO
#
# </details>

# %% {name}-shown [markdown]
# **What you have shown.** TODO
"""

CHECKS = '''"""The checks: references, inputs, points."""

from nonconv.authoring import Check, vector, whole


def {function}(x):
    """The reference: another way than the solution's, from the layers where it can be."""
    return x + x


common = {{"answer": "{function}", "reference": {function}, "returns": ("the result",)}}

CHECKS = [
    Check.of(
        name="{name}-values",
        drawn_anew=True,
        points=2,
        inputs=[{{"x": vector(1)}}, {{"x": vector(1.25, -2, 3001)}}],
        **common,
    ),
    Check.of(
        name="{name}-long",
        points=1,
        hidden="more numbers.",
        inputs=lambda seed: [{{"x": whole(7, seed=seed)}}],
        **common,
    ),
]
'''

MISTAKES = '''"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import right, wrong

BOTH = ("{name}-values", "{name}-long")


@wrong("{function}", says="these are the squares: twice a number is x + x.", loses=BOTH)
def squares(x):
    return x * x


@right("{function}")
def by_multiplying(x):
    return 2 * x
'''


def skeleton(root: Path, unit_name: str, name: str) -> Path:
    """Write units/UNIT/exercises/NN-NAME.

    ValueError: for a name that does not fit or is taken; it says what would fit.
    """
    (unit,) = chosen(root, [unit_name])
    if NAME.fullmatch(f"01-{name}") is None:
        raise ValueError(
            "an exercise is called by small letters, digits and hyphens, such as average-kernel,"
            f" not {name!r}"
        )
    if not unit.notebooks:
        raise ValueError(f"{unit.name} is a lecture without exercises: choose another unit")
    (notebook,) = (one for one in unit.notebooks if one.folder.name == "exercises")
    names = [exercise.name for exercise in notebook.exercises]
    if name in names:
        raise ValueError(f"{unit.name} has an exercise called {name!r} already; there is {', '.join(names)}")
    folder = notebook.folder / f"{len(names) + 1:02}-{name}"
    folder.mkdir()
    words = {"name": name, "function": name.replace("-", "_")}
    for file, text in (("exercise.py", EXERCISE), ("checks.py", CHECKS), ("mistakes.py", MISTAKES)):
        (folder / file).write_text(text.format(**words), encoding="utf-8")
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.skeleton", description=__doc__)
    parser.add_argument("unit", metavar="UNIT", help="such as 03-sigmoid-versus-relu, or 03")
    parser.add_argument("name", metavar="NAME", help="such as average-kernel")
    arguments = parser.parse_args()
    try:
        folder = skeleton(Path.cwd(), arguments.unit, arguments.name)
    except (UnitError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder.relative_to(Path.cwd())}: exercise.py, checks.py, mistakes.py")
    print(f"Next: make check UNIT={arguments.unit} NAME={arguments.name}, which says what is still missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
