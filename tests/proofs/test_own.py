"""Theorems of one's own: drawn from a name, the same on every machine, readable, and nobody else's."""

import json
import re

import pytest

from nonconv.proofs import NotationError, S, judge, own_theorem, resume, statement_text, theorem
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.catalogue.drawn import belongs, is_family, is_own, own_id, plain_name
from nonconv.proofs.catalogue.pipelines import Layer, pipeline
from nonconv.proofs.credit import credited, reason

ADA = "own-2-f9e71a8f"


@pytest.mark.parametrize(
    "written",
    [
        "Ada Lovelace",
        "ada lovelace",
        "Lovelace, Ada",
        "ADA_LOVELACE",
        "ada.lovelace@example.org",
        " Ada  Lovelace\t",
    ],
)
def test_a_name_may_be_written_in_many_ways(written: str) -> None:
    assert own_theorem(written).id == ADA


@pytest.mark.parametrize("other", ["Ada", "Adalovelace", "Ada Lovelace 2", "Ада Лавлейс", "Grace Hopper"])
def test_another_name_has_another_theorem(other: str) -> None:
    assert own_theorem(other).id != ADA


def test_accents_do_not_count_and_scripts_do() -> None:
    assert plain_name("José Ñandú") == "jose nandu"
    assert plain_name("Иван") == "иван"
    assert own_id("Иван", 2) != own_id("Петр", 2)


def test_what_is_drawn_stays_the_same_from_one_version_to_the_next() -> None:
    """A student may have begun before an update: a change here gives the class other theorems."""
    drawn = {name: [CATALOGUE[own_id(name, level)].title for level in (1, 2, 3)] for name in DRAWN}
    assert drawn == DRAWN


DRAWN = {
    "Ada Lovelace": [
        "Depthwise convolution · convolution",
        "Convolution with stride 2 · convolution with stride s",
        "Average pooling with stride s · convolution with stride 2 · average pooling",
    ],
    "Grace Hopper": [
        "Convolution · average pooling",
        "Convolution with stride 3 · convolution",
        "Average pooling with stride 2 · residual convolution · convolution",
    ],
}


@pytest.mark.parametrize(
    ("name", "says"), [(7, "a name is a text"), ("...", "no letter and no digit"), (None, "is a text")]
)
def test_what_is_no_name_is_told_so(name, says) -> None:
    with pytest.raises(NotationError, match=says):
        own_theorem(name)


def test_there_are_three_levels() -> None:
    with pytest.raises(NotationError, match="there is no level 4; there is 1, 2, 3"):
        own_theorem("Ada", 4)


def test_without_a_name_it_asks_for_one() -> None:
    assert "Whose theorem?" in repr(own_theorem(""))
    assert "Whose theorem?" in own_theorem(" ")._repr_html_()
    with pytest.raises(NotationError, match="Whose theorem"):
        theorem(own_theorem(""))


def test_it_can_be_read_as_formulas_as_code_and_as_a_picture() -> None:
    mine = own_theorem("Ada Lovelace")
    text, page, picture = repr(mine), mine._repr_html_(), mine.picture
    assert "Y[k,i] := S[m:M, u:p](X[m,2*i+u-2]*A[m,k,u]) + a[k]" in text
    assert "Y = conv2d(X, A, a, stride=2)\nZ = conv2d(Y, H, h, stride=s)" in text
    assert "X → convolution with stride 2 → Y → convolution with stride s → Z" in text
    assert r"\sum_{m=1}^{M}" in page
    assert 'alt="X → convolution with stride 2' in page
    assert "<title>X → convolution" in picture
    assert re.findall(r">(stride \w+)<", picture) == ["stride 2", "stride s"]
    assert f"{mine.symbols_line}\nY[k,i] := S[m:M" in page, "as it is typed"


def test_the_line_of_names_hands_out_all_of_them() -> None:
    mine = own_theorem("Ada Lovelace", 3)
    scope = {"P": theorem(mine)}
    exec(mine.symbols_line, scope)
    st = mine.statement
    assert {*st.tensors, *st.sizes, *st.free} <= {x for x in scope if not x.startswith("_")}


def test_a_name_with_markup_is_shown_as_text() -> None:
    mine = own_theorem("<script>\nada")
    assert "<script>" not in mine._repr_html_()
    assert len(repr(mine).split("(own-2-")[0].splitlines()) == 1


def test_ids_are_told_from_others() -> None:
    assert is_own(ADA)
    assert not is_own("own-2")
    assert not is_own("own-4-f9e71a8f")
    assert is_family("own-2")
    assert not is_family("conv-conv")
    assert belongs(ADA, "own-2")
    assert not belongs(ADA, "own-3")
    assert not belongs("conv-conv", "own-2")
    assert "own-2-xyz" not in CATALOGUE
    with pytest.raises(KeyError):
        CATALOGUE["own-2-xyz"]


def test_the_catalogue_lists_no_theorem_of_anybodys_own() -> None:
    statement_text(own_theorem("Ada Lovelace"))
    assert ADA in CATALOGUE
    assert not any(is_own(x) for x in CATALOGUE)


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (("dense", 1, 1), "'dense' is no layer; a layer is one of conv"),
        (("norm", 2, 1), "a batch norm in evaluation mode has no stride 2"),
        (("pool", 1, 2), "a average pooling has no stride 1, dilation 2"),
    ],
)
def test_a_layer_that_there_is_not_is_refused(layer, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        Layer(*layer)


def test_layers_that_keep_the_channels_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="must be a convolution over all channels"):
        pipeline("own", (Layer("norm"), Layer("pool")), (("F", "b"), ("G", "g")))


def test_a_certificate_of_another_name_is_told_whose_it_is_not() -> None:
    certificate = theorem(own_theorem("Grace Hopper")).certificate()
    result = judge(certificate, ADA, whose="Ada Lovelace")
    assert not result["proved"]
    assert (
        "own-2-0fc7cb7e, the theorem of another name; that of 'Ada Lovelace' is own-2-f9e71a8f"
        in result["reason"]
    )
    assert "of another name" not in judge(certificate, "own-2")["reason"], "anybody's of this level"
    assert "another theorem" in judge(theorem("conv-conv").certificate(), ADA, whose="Ada Lovelace")["reason"]


def test_a_proof_of_ones_own_can_be_looked_at_again() -> None:
    assert resume(theorem(own_theorem("Ada Lovelace")).certificate()).statement.id == ADA


# ---------------------------------------------------------------- hints without a right proof at hand
def chain(*lines: int):
    """A proof of Ada's theorem with these of its lines; 0: with a wrong witness."""
    P = theorem(own_theorem("Ada Lovelace"))
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()

    P.witness(
        O[m, l, t], S[k:K, u:p, w:r, u + (1 if 0 in lines else 2) * (w - 1) == t](A[m, k, u] * H[k, l, w])
    )
    P.witness(o[l], h[l] + S[k:K, w:r](a[k] * H[k, l, w]))
    terms = S[k:K, w:r, m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u] * H[k, l, w])
    inner = S[m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u])
    steps = [
        (S[k:K, w:r](Y[k, s * (i - 1) + w] * H[k, l, w]) + h[l], "definition Z"),
        (S[k:K, w:r]((inner + a[k]) * H[k, l, w]) + h[l], "definition Y"),
        (terms + o[l], "distribute"),
        (terms + a[l], "definition o"),
    ]
    P.calc(Z[l, i], *(steps[n - 1] for n in lines if n))
    return P


def test_a_hint_says_what_remains_and_no_line() -> None:
    hint = repr(chain(1, 2).hint())
    assert hint.startswith("From line 2 to W[l,i] there remain")
    assert "definition O + definition o + definition W + distribute + regroup" in hint
    assert "S[" not in hint


def test_a_hint_names_the_line_to_mend() -> None:
    assert "First mend line 4: it does not follow from line 3" in repr(chain(1, 2, 3, 4).hint())


def test_a_hint_for_a_witness_is_the_small_case_computed() -> None:
    hint = repr(chain(0, 1).hint())
    assert "O is not right yet. With M=1, K=1, p=2" in hint
    assert "  X[1,3]: A[1,1,1]*H[1,1,2]\n" in hint, "the second kernel is spread by 2"
    assert "without it: H[1,1,1]*a[1] + H[1,1,2]*a[1] + h[1]" in hint
    assert "O is not right yet" in repr(theorem(own_theorem("Ada Lovelace")).hint())


def test_a_hint_stands_in_the_certificate_and_costs_its_price() -> None:
    P = chain(1, 2)
    assert "hint" not in json.loads(P.certificate())
    P.hint()
    result = judge(P.certificate(), ADA)
    assert result["hint"]
    free, paid = credited(result, "prefix"), credited(result, "prefix", 0.25)
    assert paid == pytest.approx(0.75 * free)
    assert free > 0
    assert "P.hint(): 25% less" in reason(result, "prefix", 0.25)
    assert "less" not in reason(result, "prefix")
