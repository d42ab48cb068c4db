"""Write the list by which ``mmbook check`` tells a slip from a rare word.

    python docs/make_known_words.py often.txt american-english-huge british-english-huge words.txt...

Run by hand for newer lists, after ``make_misspellings.py``. The first has words that scientific
books have often, whether the list of slips has them or not; an empty one keeps those of the file
that is there. The next two are those of Debian's packages ``wamerican-huge`` and
``wbritish-huge`` (SCOWL, http://wordlist.aspell.net); the others are the files ``dict/*.txt`` and ``*.txt.gz`` of https://github.com/streetsidesoftware/cspell-dicts
(MIT): data-science 2.0.17, software-terms 5.4.9, python 4.5.3, r 2.1.1 and latex 5.1.0.
"""

from __future__ import annotations

import gzip
import re
import sys
from itertools import groupby
from pathlib import Path

from sphinx_mmbook.core.english import misspellings
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.rules.english.known_words import FILE, SHORTEST, _lists, slips

#: Words of the field, and of phrases that dictionaries have as a whole: "a priori".
_MORE = """
    absurdum altera deparse deparsed deparsing autoencoder basemap corpora covariate dendrogram denoise denoised denoising
    counterparties counterparty downregulate downregulated downregulation significand significands upregulate upregulated upregulation
    destemming discretise discretised eigenvector embeddings estimand explainable facto
    featurize finetune finetuned finetuning folium forecasted hyperparameter infinitum
    hypothesi interpretable isotonic naivete lemmatize logit logits lookahead multimodal nihilo operandi overfit
    overfitted overfitting perceptron perceptrons posteriori pretrain pretrained pretraining
    primis priori probit rainfed reactable regressand regressands regressor regressors resample
    resampled resampling rmarkdown scenarii silico situ softmax sparkline sparklines stemmer subword subwords
    summand tangens tokenise tokenised tokeniser tokenize tokenized tokenizer underfit underfitting
    addin addins sandboxed arity autoplot backend backends bool confounders const cooldown datapoint datapoints datatypes enode enodes
    fourier functionals iframe iframes implementor implementors ints iter leaderboard leaderboards matricial
    minibatch minibatches omics playout playouts poset posets probs realtime refactorings relu renamings sharded struct structs
    subproblem subproblems timestep timesteps trie tries unix voxel voxels warmup
    unigram unigrams upsample upsampled upsampling virginica versicolor vitro vivo wordpiece
"""


def words_of(path: str) -> set[str]:
    """Return the words of a file, in small letters."""
    data = Path(path).read_bytes()
    text = (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8")
    return {word.lower() for word in re.findall(r"(?<![\w'])[A-Za-z]+(?!\w)", text)}


def main(more: str, *dictionaries: str) -> None:
    """Write the words that are misspelt often, and those that are right and nearly one of them."""
    pairs = gzip.decompress(misspellings.FILE.read_bytes()).decode("utf-8")
    often = set(re.findall(r":([a-z]{5,})(?=[,\n])", pairs)) | words_of(more) | _lists()[0]
    known = set(_MORE.split()).union(*(words_of(name) for name in dictionaries))
    known |= {word + "s" for word in known | often if word[-1] != "s"}
    near = {
        word
        for word in known - often - word_classes().keys()
        if len(word) >= SHORTEST and not often.isdisjoint(slips(word))
    }
    lines = [",".join(sorted(often))]
    lines += [f",{','.join(some)}," for _, some in groupby(sorted(near), key=lambda one: one[:4])]
    text = "".join(f"{line}\n" for line in lines)
    FILE.write_bytes(gzip.compress(text.encode("ascii"), mtime=0))
    print(f"{len(often)} and {len(near)} words, {FILE.stat().st_size} bytes: {FILE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
