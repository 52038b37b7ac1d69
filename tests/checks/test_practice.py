"""The exercise without points on the start page."""

import pytest

from nonconv.checks.practice import _entry, _entry_mistakes, practice


def test_a_right_answer_is_praised(capsys: pytest.CaptureFixture[str]) -> None:
    practice("entry", _entry)
    assert capsys.readouterr().out.startswith("✓ right.")
    practice("entry", lambda F, m, k, u, v: F[k - 1, m - 1, u - 1, v - 1])
    assert capsys.readouterr().out.startswith("✓ right.")


@pytest.mark.parametrize(("sentence", "mistake"), _entry_mistakes)
def test_each_known_mistake_is_told(sentence: str, mistake, capsys: pytest.CaptureFixture[str]) -> None:
    practice("entry", mistake)
    assert f"A known mistake: {sentence}" in " ".join(capsys.readouterr().out.split())


def test_an_unknown_exercise_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no practice exercise 'entrance'; there is entry"):
        practice("entrance", _entry)
