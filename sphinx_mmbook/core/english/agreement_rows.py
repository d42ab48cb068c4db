"""English words that do not agree: singular and plural, forms of verbs, what is compared."""

from __future__ import annotations

from sphinx_mmbook.core.english.count_rows import COUNT_ROWS
from sphinx_mmbook.core.english.idiom_rows import IDIOM_ROWS
from sphinx_mmbook.core.english.row_words import (
    BE,
    CAN,
    COUNT,
    DONE,
    HAVE,
    MANY,
    PLAIN,
    PLURAL,
    SINGULAR,
    Row,
)
from sphinx_mmbook.core.english.small_words import SMALL_WORDS
from sphinx_mmbook.core.english.verb_rows import VERB_ROWS

_ONE = "each|every|another"
_OTHER = "of|in|for|with|by|on|from|at|using|via|between|against|than"
_AUX = "is|are|was|were|has|have|can|could|will|should|may|might"
_BY = "by|for|of|without|before|after|from|with"
#: After these, "this" is the subject of a question.
_ASKS = "will|would|can|could|does|do|did|should|may|might|let|help|helps|make|makes"
#: After these, "they" does nothing.
_NEAR = "by|for|with|to|of|on|from|in|about|like|than|as|between|and|or|that|which"
_UNCOUNTED = "software|research|information|equipment|overkill|evidence|feedback"
_FEW = "these|those|several|various|many|some|any|only|are|all|other"
_WANT = "able|order|aims|aim|how|want|wants|tries"
_SEVERAL = f"{MANY}|{COUNT}"
#: Adjectives that stand where the adverb belongs.
_MANNER = (
    "previous|recent|random|automatic|manual|significant|linear|equal|normal|uniform|independent"
    "|parallel|direct|successful|strong|correct|exact|fair|slight|frequent|wide"
)
#: After these, "to" has a noun, which may be one that the table lacks: "due to confounds".
_TO_NOUN = (
    "respect|regard|regards|addition|relation|contrast|comparison|response|reference|access|attention"
    "|exposure|due|related|similar|equal|compared|relative|prior|subject|robust|sensitive|according"
    "|thanks|owing|opposed|attributed|linked|applied|added|assigned|belong|belongs|refer|refers"
    "|referring|correspond|corresponds|corresponding|contribute|contributes|lead|leads|leading|adapted"
    "|compare|compares|relate|relates|adhere|respond|point"
    "|alternative|alternatives|approach|approaches|invariant|immune|prone|vulnerable|susceptible"
    "|from|back|up|close|next|restricted|limited|attributable|answer|answers|solution|solutions"
)
#: Kinds: a plural that is not a verb, and something counted that is none.
_PL, _SG = "<p-znmjv>", "<n-pmvjzrg>"
#: What may stand before a noun: an adjective, or a noun as well.
_ADJ, _MOD = "different|<jegH-pvzrn>", "different|<jegnmH-pvzr>"
_BASE = "<v-nmedjpr>"
#: What has a noun in the singular before it: "the parameter values"; and what may be a verb, too.
_HEADS = (
    "values|categories|parameters|coefficients|variables|properties|techniques|algorithms|options"
    "|datasets|lengths|numbers|purposes|situations|examples|representations|distributions"
    "|definitions|descriptions|strategies|networks|architectures|relationships|relations|sequences"
    "|entries|keywords|experiments|implementations|preferences|expectations|behaviors|errors"
    "|prices|licenses|colors|locations|events|topics|vectors|nodes|transformations|prescriptions"
    "|indices|importances|factors|constraints|boundaries|uncertainties|sizes"
)
_OR_VERBS = "features|functions|types|names|levels|models|structures|weights|scores|rates|costs"

ROWS = (
    Row("wealth|number|lot|range|variety|series|kind|type a <p>", "0 of 2"),
    Row("a number|variety|range|majority <p-znmjv> $", "0 1 of 2"),
    Row(f"a|an {PLURAL} $", "0 singular1|1", guess=True),
    Row(f"a|an {_ADJ} {PLURAL} $", "0 1 singular2|1 2"),
    Row("a|an <jegnmH-pzr> <p-nmjvz> $", "0 1 singular2|1 2", guess=True),
    Row(f"!are|were {_ONE} {_PL} $", "0 singular1"),
    Row(f"!not {_ONE} different|<jeH-pvzrng> {PLURAL} $", "0 1 singular2"),
    Row(f"{_ONE} <jenmH-pzrg> <p-nmjvz> $", "0 1 singular2"),
    Row(f"!for this {_PL} $", "these 1|this singular1"),
    Row(f"~in|for|of|with|by|on this {_PL} the|a|we|it|they", "these 1 2|this singular1 2"),
    Row(f"~with|by|on|from|using|into|at this {PLURAL} $", "these 1|this singular1"),
    Row(f"this <jH-pvzrnmg> {_PL} $", "these 1 2|this 1 singular2"),
    Row("this findings|settings|readings|embeddings|encodings|mappings|savings", "these 1"),
    Row(f"!{_ASKS} this <jmnH-pzrg> <p-nmjvz> $", "these 1 2|this 1 singular2", guess=True),
    Row(f"{MANY} <n-pvjzrg> $", "0 plural1|ofone0 1", guess=True),
    Row(f"!by|type|length {MANY}|{COUNT} <n-pjzrg> {_AUX}", "0 plural1 2"),
    Row(f"{MANY} {_MOD} {_SG} $", "0 1 plural2"),
    Row(f"!by|type|length {COUNT} <n-pvjzrg> $", "0 plural1", guess=True),
    Row(f"!a|the|an|this|type {COUNT} {_ADJ} {SINGULAR} $", "0 1 plural2", guess=True),
    Row(f"number|variety|couple|majority|lot|lots of {_SG} $", "0 of plural2", guess=True),
    Row(f"number|variety|couple|majority of <jH-pvzrn> {SINGULAR} $", "0 of 2 plural3"),
    Row(f"one of the {_SG} $", "0 1 2 plural3", guess=True),
    Row(f"one of the|our|many <jsH-pvzrn> {SINGULAR} $", "0 1 2 3 plural4", guess=True),
    Row(f"one of the most {_ADJ} <n-pjzrg> $", "0 1 2 3 4 plural5"),
    Row(
        "one of the most ?<r> <jeH> ?<jmngeHC?-pvzr> ?<jmngeHC?-pvzr> <n-pmjvzrg> $",
        "0 1 2 3 4 5 6 7 plural8",
    ),
    Row(
        "among the most ?<r> <jeH> ?<jmngeHC?-pvzr> <n-pmjvzrg> $",
        "0 1 2 3 4 5 plural6",
        guess=True,
    ),
    Row("^ it|he|she need to|a|an|the", "0 third1 2"),
    Row("~that|which|and|because|since|as|when|if it|he|she <v-jdeprzn>", "0 third1", guess=True),
    Row(f"!{_NEAR} they|we <z-pv>", "0 base1"),
    Row(f"!{_NEAR} they|we <zp-vmj> to|that|the", "0 base1 2"),
    Row(f"!{_NEAR} they|we is|has|was|does", "0 many1"),
    Row("!but each|one|neither of the|these|those <p> are|have|were", "0 1 2 3 third4"),
    Row("there is ?no <p-zmnv> $", "there are 2 3"),
    Row(f"!free {CAN} <z-pvnj>", "0 base1"),
    Row(f"{CAN} <e-vnjp> $", "0 base1|0 be 1"),
    Row(f"{CAN} been", "0 be"),
    Row(f"{CAN} not|also|<r> <z-pvnj>", "0 1 base2"),
    Row("could|should|may|might|would|cannot to <v>|be", "0 2"),
    Row("!to|the can|would|should|could is|are|was|were|has", "0 be|1"),
    Row(f"{CAN} be happen|occur|exist|appear|belong|depend|differ|consist|seem", "0 2"),
    Row("be|are|were happen|occur|exist|appear|belong|depend|differ|consist|seem|conform", "1"),
    Row("is|was happen|occur|exist|appear|belong|depend|differ|consist|seem|conform", "third1"),
    Row(f"!do|does|did|need|have|to {BE} {_BASE} $", "0 participle1"),
    Row(f"{BE} also|then|not|only|<r-vj> {_BASE} $", "0 1 participle2", guess=True),
    Row(f"{BE} <v-edjpr> by", "0 participle1 by"),
    Row("!it|he|she|this|that|there|they|we is|are|was|be <z-pvnj>", "1|0 participle1", guess=True),
    Row(f"{HAVE} {_BASE}", "0 participle1", guess=True),
    Row(f"{HAVE} not|also|been|<r-vj> {_BASE}", "0 1 participle2", guess=True),
    Row("!it|there|they|this|these|we|you|he|she is|are|was|were is|are|was|were|has|have", ""),
    Row(f"{_WANT} to <z-vn>|<de-vnj>", "0 to base2"),
    Row(f"!{_TO_NOUN} to <z-vnjp>|<d-vnje>", "to base1"),
    Row(f"!{_TO_NOUN} to <de-vng> the|a|an|its|their", "to base1 2"),
    Row("do|does|did not <zde-vn>|has|had", "0 not base2", sure=True),
    Row("do|does|did not <r-v> <zde-v>", "0 not 2 base3"),
    Row("don't|doesn't|didn't|don’t|doesn’t|didn’t has|had|is|was|<z-vnp>|<d-vnje>", "0 base1"),
    Row(f"{_BY} <v-npjdezr> the|a|an|its|their", "0 gerund1 2"),
    Row("able <v-npjdezr>", "able to 1"),
    Row("avoid|avoids|suggests|suggest|recommend|recommends to <v>", "0 gerund2", sure=True),
    Row("help|helps|helped us|them|it <g-nj>|understanding", "0 1 base2"),
    Row("!or more <c-vn>|better|easier|faster|simpler|cheaper", "1"),
    Row(f"is|are|was|were|much|significantly {PLAIN} than", "0 comparative1 than"),
    Row(f"!or|no less {PLURAL} $", "fewer 1", sure=True),
    Row(f"!or|no less {_PL}", "fewer 1", sure=True),
    Row(f"much {_PL} $", "many 1", guess=True),
    Row(f"amount of people|{PLURAL}", "number of 2", sure=True),
    Row(f"amount of <jd> {PLURAL} $", "number of 2 3", sure=True),
    Row(
        "many|several|these|those|two|numerous information|research|software|equipment|knowledge"
        "|evidence|literature|advice|feedback $",
        "much 1|this 1",
    ),
    Row("in|of|at|on|for|from|to|by same <nm>", "0 the same 2"),
    Row("with|have|has|had|use|uses|using|share|shares|shows same <nmp>", "0 the same 2"),
    Row("the some", "the same|some"),
    Row("^ the is|was", "this 1|there 1|the … 1"),
    Row("the is|was", "1|this 1|the … 1"),
    Row("the are|were|have", "there 1|they 1|the … 1"),
    Row("the of|from|by|has", "the … 1|1"),
    Row("the an|this|these|those|each|every|their|our|it", ""),
    Row("a the|this|these|those|an|some|each|every|their|our", ""),
    Row("an the|a|this", "on 1|and 1|1"),
    Row("an is|of|to|are|has", "and 1|an … 1"),
    Row("^ this are|were", "these 1|this third1"),
    Row(
        "~while|when|because|since|that|where|whether|and|but this are|were", "these 1|this third1"
    ),
    Row(f"~{_OTHER} other {_SG} $", "another 1|0 plural1"),
    Row(f"~{_OTHER} different {_SG} $", "a 0 1|0 plural1"),
    Row(
        "other|some|recent|previous|most|of|further|more|the researches",
        "0 research|0 studies",
    ),
    Row("many|several|these|those|few|different|various researches", "0 studies"),
    Row("the|these|those|some|any|many|several evidences", "0 evidence"),
    Row(
        "!for this <p-nmjv> are|have|were|do|might|can|could|should|would|must|may|will|<v-nmpj>",
        "these 1 2",
    ),
    Row(f"a|an|another data|{_UNCOUNTED} $", "1|some 1"),
    Row("all|many|several|various|two|three|four kind|type|sort of", "0 plural1 of"),
    Row("various number|set of", "a varying 1 of|0 plural1 of"),
    Row("~in|of|with|for|are|have|use|on|between|from different kind|type|sort of", "0 plural1 of"),
    Row("there exist a|an|no <nm-j>", "there exists 2 3", guess=True),
    Row(
        "!of|for|in|with|by|to|that everyone|everybody|someone|nobody|everything are|have|were",
        "0 third1",
    ),
    Row(
        "~of|in|for|with|using|by|on|from|is|are|use|uses|have|create|build|make|apply|find"
        " such <n-pmvjzrg> $",
        "such a 1|such plural1",
    ),
    Row("most|more common|frequent|wide used", "0 adverb1 used"),
    Row(f"~{_FEW} <p-nmjv> that|which is|has|was|does", "0 1 many2", guess=True),
    Row(f"~{_FEW} <p-nmjv> that|which <z-pvn>", "0 1 base2"),
    Row(
        "~the|<j-nvm> <p-nmjvz>|networks|models|features|layers|words that <z-pvn>",
        "0 1 base2",
        guess=True,
    ),
    Row(
        "!in|of|within|from|for|on|by|with|to|at|into|between|and|or a|an|this|each|every|another"
        " <n-pmjzrgv> that|which are|have|were",
        "0 1 2 third3|ofmany0 more1 2 3",
        guess=True,
    ),
    Row(
        "a|one|each|this|every ?<jH> criteria|phenomena|hypotheses|matrices|indices|corpora"
        "|optima|minima|maxima",
        "0 1 singular2",
    ),
    Row(f"a|an <jHnm> data|{_UNCOUNTED} $", "1 2"),
    Row("have|has shown to be|<v>", "0 been shown to 3"),
    Row("a too <j> <n>", "too 2 a 3"),
    Row("!each others <p-nmjvz> $", "other 1", guess=True),
    Row("all <n-pmjzrg> are|were|have", "all plural1 2", guess=True),
    # After a comma, too, what a sentence may begin with.
    Row(", these|those is|has|was|does", "0 many1|ofone0 1"),
    Row(", it|he|she|everyone|everybody ?also|only|<r-vjn> <v-jdeprz>", "0 1 third2"),
    Row("each|many|several|both|few of this <p>|<n>|<m>", "0 of these plural3"),
    Row(f"{_SEVERAL} different kind|type|sort of", "0 1 plural2 of"),
    Row(f"{_SEVERAL} way $", "0 ways"),
    Row(f"!at {_MANNER} {DONE}", "adverb0 1"),
    Row(
        f"!nearest|k-nearest|least|fixed|random {_PL} detection|extraction|selection|classification"
        f"|recognition|segmentation|prediction|estimation|{_OR_VERBS} $",
        "singular0 1|genitive0 1",
        guess=True,
    ),
    Row(
        f"!nearest|k-nearest|least|fixed|random {_PL} {_HEADS}",
        "singular0 1|genitive0 1",
        guess=True,
    ),
    *VERB_ROWS,
    *IDIOM_ROWS,
    *COUNT_ROWS,
    *SMALL_WORDS,
)
