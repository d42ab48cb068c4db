"""The list of misspelt words."""

from __future__ import annotations

from sphinx_mmbook.core.english.misspellings import FILE, OWN, corrections


def test_words_are_found_with_what_is_meant() -> None:
    words = "lenght length seperated upto inspite datatset concers Lenght"
    meant = "length separated up-to in-spite dataset concerns"
    slips = "lenght seperated upto inspite datatset concers"
    right = [word.replace("-", " ") for word in meant.split()]
    assert corrections({*words.split(), ""}) == dict(zip(slips.split(), right, strict=True))


def test_right_words_of_both_englishes_are_no_slips() -> None:
    words = "colour color modelling modeling focusses judgement judgment artefact learnt analyse"
    terms = "softmax tokenizer embeddings heteroscedastic pretrained autoencoder logit wether"
    assert corrections({*words.split(), *terms.split()}) == {}


def test_no_correction_is_misspelt_itself() -> None:
    meant = set(OWN.values())
    assert not corrections(meant)
    assert FILE.stat().st_size < 400_000
