"""Write the table of what English words can be: nouns, verbs, adjectives, in which form.

    python docs/make_word_forms.py infl_lu.csv.gz lemma_lu.csv.gz american-english-small

Run by hand for newer lists, after ``make_misspellings.py``. The first two are in the folder
``resources`` of lemminflect 0.2.3 (MIT), the third is that of Debian's package ``wamerican-small``
(SCOWL, http://wordlist.aspell.net); words that neither it nor the list of slips has are left out.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.english.word_classes import FILE
from sphinx_mmbook.core.rules.english.known_words import _lists

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Words of the field that the lists lack, or have as something else alone, by what they are: a noun
#: that is counted or one that is not, an adjective, an adverb, a verb.
_FIELD = {
    "n": """
        accessor ace aneurysm annotator attendee autocovariance autoencoder backend backslash
        bar baseline benchmark bigram bijection biomarker blog boxplot breakpoint cartogram
        centroid chatbot chromosome classifier clinician codebase codebook coder codomain cohort
        commit confounder cornerstone correlation counterfactual covariate crossover crowdworker
        cutoff dataframe datapoint dataset datatype debugger decoder default dendrogram
        dependency detector discriminator distractor downside dropout eigenvalue eigenvector
        embedding emoji encoder endpoint epidemiologist evaluator exceedance explainer fallback
        filename finding fit framework frontend functor generalist genotype hackathon hashtag
        heatmap homomorphism hyperparameter hyperplane initializer innovator input invariance
        isomorphism iterator lack laptop leaderboard learner lemma lifecycle lineup log logit
        medoid metre minibatch minimizer modality morphism mow namespace neuroscience nod
        nonlinearity normalizer nucleotide occurrence ontology optimizer outlier output pan
        parameterization parametrization payout perceptron phenotype phoneme phylogeny pixel
        plot plugin podcast policymaker predicate preprint preprocessor presupposition
        pretraining processor profiler promoter quadruple quantification quantile quartile
        quintile randomization recommender reformulation regressor regularizer reparametrization
        responder rev rollout run runtime scatterplot screenshot sidebar slider softmax speedup
        spline stakeholder stressor subchapter subfield submatrix submodel submodule subnetwork
        subplot subpopulation subsample subsection subsequence subset subtask subtype subword
        superclass survivor tagger teaser template test timeline timestamp timestep tokenizer
        tradeoff translator trigram triple tuple typo typology unigram username utterance
        validator voxel webpage website widget wildcard wordpiece workaround workflow workspace
    """,
    "m": """
        adjacency autocorrelation backpropagation biodiversity bioinformatics cardinality
        centrality centralization collinearity compositionality conceptualization convergence
        covariance curation deposition dimensionality discretization downsampling epidemiology
        ergodicity explainability expressiveness finetuning formalization generalizability
        harmonization heterogeneity homoscedasticity identifiability imputation interactivity
        interoperability interpretability lemmatization linearity maximization misclassification
        modularity monotonicity multicollinearity multimodality optimality overdispersion
        overestimation overfitting oversampling parallelization personalization preprocessing
        quantization reactivity reflectance regularization relatedness replicability
        representativeness reproducibility resampling responsiveness reusability salience
        saliency scalability seasonality skewness sparsity specificity stationarity
        stochasticity stratification subsampling summarization sustainability tokenization
        ubiquity underestimation underfitting undersampling upsampling vectorization
    """,
    "j": """
        abiotic accessible acyclic admissible agglomerative antimicrobial attainable attentional
        autoregressive bijective bilinear bimodal biomedical biophysical bivariate categoric
        citable climatic combinatorial compositional confirmatory contrastive convolutional
        cortical counterintuitive crossmodal customizable dichotomous differentiable discernible
        discriminative distributional doctoral econometric effortful endogenous epidemiological
        epigenetic epistemic evaluative exchangeable exogenous experiential explainable
        exploratory extensible feasible foundational generalizable genomic geometrical
        geopolitical geospatial geostatistical hyperspectral iconic impactful inaccessible
        incompatible inductive inferential inhibitory insightful integrative interchangeable
        interdisciplinary interoperable interpretable invertible irreducible learnable logistic
        lognormal macroeconomic mechanistic metacognitive methodological monolingual multiclass
        multilayer multilevel multimodal multinomial multispectral multivariable negligible
        nonlinear nonnegative nonparametric nonstationary normative northern noticeable
        observational ordinal organisational parametric parsimonious pedagogical perceptual
        permissible phenomenological phonological phylogenetic pixelwise plausible pointwise
        programmatic prototypical psychometric replicable reproducible reversible robotic
        scalable seamless searchable semisupervised sensible shareable situational societal
        somatic spatiotemporal suboptimal thematic topographic tractable trainable
        transcriptional transformative translational tunable uncorrelated unimodal univariate
        unlabelled unobservable unobserved unordered unsupervised unweighted variational
        vascular
    """,
    "r": """
        algorithmically causally collaboratively comparably contextually cumulatively
        differentially incrementally iteratively linguistically maximally multiplicatively
        optimally parametrically probabilistically programmatically qualitatively quantitatively
        reproducibly robustly seamlessly spatially stochastically temporally
    """,
    "v": """
        backpropagate conceptualize convolve correlate denoise discretize downsample finetune overfit
        impute instantiate internalise internalize marginalize parallelize parameterize
        parametrize posit preprocess pretrain quantize recompute rescale retrain tokenize underfit upsample vectorize
    """,
}
#: Verbs of it that double a letter.
_DOUBLED = ("overfit", "underfit")
#: What a word is hardly ever: at most at 4 of 1,000 places where spaCy 3.8 (MIT) saw it in 3.4
#: million words of theses, of books and of their histories; of what is not counted, at 15 of 100.
_SELDOM = {
    "v": """
        action adequate advantage age air amount angle approach appropriate arm article author
        background bag ball band bank bar bias bike bill black blood bone book border
        bottleneck box brain branch brief brood budget bug bulk bunch burden button camp
        candidate caption career cat census channel chart chunk class clock cloud code command
        complex composite compound concrete condition consent console content copyright core
        corner cost couple course credit culture curve cycle dash date debate default descent
        detail diagram disadvantage discipline disjoint disorder distance distress dog dot
        drug edge effect even evidence expertise eye factor fair fashion fat feature field
        file fine finger firm foot footprint forest forward fraction frame frequent front
        fruit full function game gap gas gate gender glass grain graph green grey group hand
        hash hazard hot house image index infix initial instance instrument interest interface
        intermediate issue job joint journal kernel keyboard labor landscape language lattice
        layer leaf lecture letter level licence line lip long machine major market message
        meter middle mind minor minute mistake mother motor muscle near negative neighbor net
        network noise null object oil option order over overview package page panel paper
        paragraph part partner party patent pattern peer phase phrase picture piece pipe plane
        plant pool portion power precise pressure price product programme project proof
        proportion protocol prototype purpose race radius ratio ready remainder resource
        respect right risk room root route row safe scheme school scope screen script season
        second section sector self sense sentence sequence sex sheet short side single site
        size skill slight slope slot source space stable stage station steady still stock
        strand stream stress string structure style sub subgroup subject summer surface
        surrogate survey table tail task tax team template term third thread threshold thumb
        tile time title tongue tool total toy traffic trap tree trend trial trick true uniform
        up value vector version video vision voice volume water web weight while white wind
        window winter wise word worse wrong zone
    """,
    "z": """
        actions advantages ages alarms arrays articles authors axes bands bars batches biases
        bikes books bottlenecks boxes brackets bugs buttons camps candidates cases cats chains
        chances channels circles classes clusters codes colors conditions contents cores
        courses cues curves cycles diagrams disadvantages disorders distances dogs doses dots
        effects experiments facets factors fields firms forests formats funds games gaps gates
        graphs heads instances instruments jobs journals kernels keys languages layers letters
        licenses machines messages meters minutes mistakes muscles neighbors neighbours
        networks norms numbers options outbreaks pages panels paragraphs parties partners
        parts patents patterns physics pictures pieces practices prices products programs
        proportions protocols prototypes purposes ratios reasons resources rights rooms roots
        rules schemes scripts seconds sections sectors sentences sequences services sides
        sites sizes skills slopes slots spaces squares stages stations streams strings styles
        subgroups subjects tables tails tasks teams templates terms threads tips tools
        transcripts traps trees trials tricks trips values vectors versions videos windows
        words zones
    """,
    "n": """
        absolute active additive affected annual automatic behind beneficial broad cardiac
        classic classified clinical colored commercial common compact complementary
        conditional conservative dependent descriptive dominant equal essential ethical ethnic
        exclusive external extra facial familiar fast federal felt final fundamental great
        heavy helping high hypothetical independent industrial influential intellectual
        intermediate international intrinsic intuitive local longitudinal malignant medical
        minor moderate modern monthly naive native natural necessary neutral nominal normal
        notable old original partial particular perfect peripheral personal physical plain
        positive possible practical preliminary primary prior private probable professional
        rapid real regular safe saw secondary sensitive short simple single slight social
        solid special specific spectral stable steady still straight synthetic tackle temporal
        temporary upper valuable verbal vertical visual wide
    """,
    "p": """
        combines finds focuses helps keeps makes stands takes
    """,
    "j": """
        about adult after ahead animal apart being bottleneck camp capital chance choice
        collect content coordinate corner custom discriminate economy formula game gamma home
        house just level master motor often one over part party period poorly precision rank
        record regardless root seed so span still summary then there trial trick under up
        video well wonder
    """,
    "g": """
        exciting interesting surprising
    """,
    "m": """
        ability address aim answer approach approximation area argument aspect assumption
        average balance best body break camp cause chain challenge choice circumstances clear
        community company condition consequence constraint conversation copy dealing decision
        decrease definition description diagnostics difference dimensions direction
        disadvantage discrepancy display distribution drawback due economy effect elasticity
        election equation exception exercise expectations experiment family feeling feelings
        form foundation full give good goods implementation increase interface issue kind lack
        legend level license likelihood limitation little long lot market measure mechanism
        meeting message method millions more muscle need now number observation once operation
        option ordering pair paper partition party path people person perspective point poor
        population possibility post principles procedure process prominent property proportion
        proposal purpose question quick range rating reason relations relationship
        representations responsibility result rule scale script section seed sequence session
        set situation slope small solution start state statistics stock strength string
        structure study suggestion sum survey system tail talk technique test thing things
        type variety version want word workflow young
    """,
    "c": """
        number
    """,
}
#: The forms of a verb and of an adjective, in the order of the list.
_VERB, _ADJECTIVE = ("d", "e", "g", "z"), ("c", "s")


def _rows(path: str) -> Iterator[list[str]]:
    for line in gzip.decompress(Path(path).read_bytes()).decode("utf-8").splitlines():
        word, *fields = line.split(",")
        if word.isascii() and word.isalpha() and word.islower():
            yield [word, *fields]


def _forms(word: str, kind: str, forms: list[str]) -> Iterator[tuple[str, str]]:
    """Iterate over a word's forms, each with the letter of what it is."""
    if kind == "noun":
        plurals = [one for one in forms[0].split("/") if one]
        if word in plurals or not plurals:
            yield word, "m"
        if plurals and plurals[0] != word:
            yield word, "n"
        yield from ((one, "p") for one in plurals if one != word)
    elif kind == "verb":
        past, participle, *others = forms
        yield word, "v"
        for some, letter in zip((past, participle or past, *others), _VERB, strict=True):
            yield from ((one, letter) for one in some.split("/") if one)
    elif kind == "adj":
        yield word, "j"
        for some, letter in zip(forms, _ADJECTIVE, strict=True):
            yield from ((one, letter + "j") for one in some.split("/") if one.isalpha())
    else:
        yield word, "r"


def _made(word: str, letter: str) -> Iterator[tuple[str, str]]:
    """Iterate over the forms of a word of the field, which are regular."""
    yield word, letter
    stem = word.removesuffix("y") + "ie" if word.endswith("y") else word
    stem += "e" if word.endswith(("s", "x", "ch", "sh")) else ""
    if letter == "n":
        yield f"{stem}s", "p"
    elif letter == "v":
        ending = word[-1] if word in _DOUBLED else ""
        short = f"{word.removesuffix('e')}{ending}"
        yield from ((f"{short}ed", "de"), (f"{short}ing", "g"), (f"{stem}s", "z"))


def main(inflections: str, lemmas: str, usual: str) -> None:
    """Write the table: the words that can be the same, a line each."""
    kept = {*_lists()[0], *Path(usual).read_text("utf-8").split()}
    kinds: dict[str, set[str]] = defaultdict(set)
    for word, kind, *forms in _rows(inflections):
        for form, letters in _forms(word, kind, forms) if word in kept else ():
            kinds[form].update(letters)
    for form, kind, *of in _rows(lemmas):
        if form in kinds and kind == "adj":
            kinds[form].add("j")
        if form in kinds and kind == "noun" and form.endswith("s") and form not in of[0].split("/"):
            kinds[form].add("p")
    for letter, words in _FIELD.items():
        for word in words.split():
            for form, letters in _made(word, letter):
                kinds[form].update(letters)
    kinds["complete"].add("j")
    kinds["consensus"].update("mn")
    for letter, seldom in _SELDOM.items():
        for word in seldom.split():
            kinds[word].discard(letter)
    groups: dict[str, list[str]] = defaultdict(list)
    for word, some in sorted(kinds.items()):
        if word.isascii() and word.isalpha():
            # British and American participles: the list has one of them as the past alone.
            both = some | set("de") if word.endswith("ed") and some & set("de") else some
            groups["".join(sorted(both))].append(word)
    text = "".join(f"{kind}:{','.join(words)}\n" for kind, words in sorted(groups.items()))
    FILE.write_bytes(gzip.compress(text.encode("ascii"), mtime=0))
    print(f"{len(kinds)} words, {FILE.stat().st_size} bytes: {FILE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
