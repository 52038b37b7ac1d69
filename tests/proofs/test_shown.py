"""The table of a proof: what comes first, the picture of a counterexample, and can it be read?"""

import re
from xml.etree import ElementTree

import pytest

from helpers.browser import in_chromium, opened
from helpers.proofs.chains import build
from nonconv.grading.engine.cleaning import clean_html
from nonconv.proofs.checking import OTHER_RULE, REFUTED
from nonconv.proofs.picture import described, svg
from nonconv.proofs.refutation import Counterexample
from nonconv.proofs.shown import KEY, MARKS, mark


def forgotten_bias(s, chain, witness):
    """Line 4 loses the bias, line 7 has another reason, line 8 a bias too many."""
    chain[3] = (chain[3][0] - s.o[s.l] + s.g[s.l], "definition o")
    chain[6] = (chain[6][0], "swap")
    chain[7] = (chain[7][0] + s.g[s.l], chain[7][1])


def page() -> str:
    return build("conv-conv", forgotten_bias).show()._repr_html_()


def test_the_outcome_and_the_first_wrong_line_come_before_the_table():
    before, table = page().split("<table>")
    assert before.startswith("<p><b>Not yet proved:</b> line 4: refuted")
    assert "<b>Line 4:</b>" in before
    assert before.count("<svg") == 1
    assert "all entries 0 except G[1,1,1] = 1, b[1] = 1: the line before is 1, this line is 0" in before
    assert table.count("<svg") == 1, "line 8 has its picture beside it, line 4 above the table"
    marked = re.findall(r'<tr style="outline[^>]*><th scope="row">(\d+)', table)
    assert marked == ["4"]
    right = build("conv-conv").show()._repr_html_()
    assert right.startswith("<p><b>Proved:</b>")
    assert "<svg" not in right
    assert "outline" not in right


def test_the_picture_shows_what_only_one_line_has():
    lines = build("conv-conv", forgotten_bias).report().lines
    line4, line8 = [r.counterexample for r in lines if r.counterexample]
    tree = ElementTree.fromstring(svg(line4))
    space = "{http://www.w3.org/2000/svg}"
    words = [text.text for text in tree.iter(f"{space}text")]
    assert words.count("G[1,1,1]·b[1]") == 1
    assert words.count("g[1]") == 2
    assert [box.get("stroke-dasharray") for box in tree.iter(f"{space}rect")].count("3 3") == 1
    assert tree.get("aria-label") == described(line4)
    assert "This line: g[1] + F[1,1,1]·G[1,1,1]·X[1,1]. With" in described(line4)
    assert "2·g[1]" in described(line8), "both have it, one of them twice"


def test_products_that_are_not_shown_are_counted():
    before = tuple((("X", (n,)),) for n in range(5))
    ce = Counterexample((), before, (), (), 1, 0, tuple((m, 1, 0) for m in before[:2]), (0, 5, 0))
    assert described(ce).startswith("The line before: X[0] + X[1] + 3 more. This line: 0.")
    assert svg(ce).count("<rect") == 6


def test_the_key_explains_the_signs_that_stand_in_the_table():
    key = page().rsplit("</table>", 1)[1]
    assert KEY[REFUTED] in key
    assert KEY[OTHER_RULE] in key
    assert "still to be written" not in key
    assert MARKS.keys() <= KEY.keys()
    assert mark(REFUTED) == "✗ refuted"


def test_a_page_that_is_cleaned_has_the_words_and_not_the_drawing():
    cleaned = clean_html(page())
    assert "G[1,1,1]·b[1]" not in cleaned, "the words of a tile, without the tile"
    assert "<svg" not in cleaned
    assert "only in the line before: G[1,1,1]*b[1]" in cleaned


CONTRAST = """() => {
  const numbers = c => (c.match(/[0-9.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const over = (top, below) => [0, 1, 2].map(k => top[k] * (top[3] ?? 1) + below[k] * (1 - (top[3] ?? 1)));
  const light = c => { const [r, g, b] = c.map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const behind = e => { const layers = []; for (; e; e = e.parentElement) layers.unshift(getComputedStyle(e));
    return layers.reduce((below, style) => over(numbers(style.backgroundColor), below), [255, 255, 255]) };
  return [...document.querySelectorAll('th, td, b, svg text')].filter(e => e.textContent.trim()).map(e => {
    const style = getComputedStyle(e), parent = e.parentElement;
    const tile = parent.matches('g') && parent.querySelector('rect');
    const ground = tile ? over(numbers(getComputedStyle(tile).fill), behind(e)) : behind(e);
    const ink = over(numbers(e.matches('svg *') ? style.fill : style.color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    return [e.textContent, (a + 0.05) / (b + 0.05)] }) }"""


@pytest.mark.weekly
@in_chromium
@pytest.mark.parametrize("colours", ["background:#fff;color:rgba(0,0,0,.87)", "background:#111;color:#fff"])
def test_every_word_can_be_read_on_a_light_and_on_a_dark_page(colours, tmp_path):
    """With the colours of JupyterLab's two themes; 4.5 is what WCAG asks of text."""
    file = tmp_path / "page.html"
    file.write_text(f'<meta charset="utf-8"><body style="{colours}">{page()}', encoding="utf-8")
    with opened(file) as window:
        found = window.evaluate(CONTRAST)
    assert len(found) > 40
    assert [(text, ratio) for text, ratio in found if ratio < 4.5] == []
