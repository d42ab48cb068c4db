"""What does not go together in English: patterns of words and of kinds of words.

A pattern has words (``this|these``) and kinds of words (``<n-v>``: what can be a noun and cannot be
a verb, by the letters of ``word_classes``; ``H`` is a word with a hyphen). It may begin with ``^``
for a sentence's begin, ``!a|an`` for what must not and ``~is`` for what must stand before. ``$`` at
its end stands for a stop, or for a word with which a noun's group ends.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A pattern, and what is meant: ``0 plural1`` has the first word and the second's plural.

    ``sure`` if that may be written without looking.
    """

    pattern: str
    new: str
    sure: bool = False


#: Words with which the group of a noun ends.
ENDS = (
    "are is was were be has have had can could will would should may might must that which who of"
    " to in on for with from by at as do does did but when if because while where than into it we"
    " they per during between under"
)
#: Small words, which are what they are and nothing else.
SMALL = (
    f"{ENDS} a an the this these those it he she we they you each every another one two three four"
    " five six seven eight nine ten few many several various numerous much less more most all some"
    " any no other different such and or not also only then been us them its their our my his rest"
    " hundred thousand million billion dozen hundreds thousands millions lots tons little"
    " why how time information research software equipment knowledge evidence literature advice"
    " feedback majority minority"
    " range variety half lot couple pair group percentage proportion"
    " people expertise following former latter others need write excel"
)
_ONE, _MANY = "each|every|another", "these|those|several|various|many|numerous"
_COUNT = "two|three|four|five|six|seven|eight|nine|ten"
_AUX = "is|are|was|were|has|have|can|could|will|should|may|might"
_CAN = "can|could|will|would|should|may|might|must|cannot"
_BE, _HAVE = "is|are|was|were|be|been", "has|have|had"
_ALL, _BY = (
    "the|these|those|our|all|most|several|various|many|both|other|some",
    "by|for|of|without|before|after|from|with",
)
#: Behind these, "this" is the subject of a question.
_ASKS = "will|would|can|could|does|do|did|should|may|might|let|help|helps|make|makes"
#: Behind these, "they" does nothing.
_NEAR = "by|for|with|to|of|on|from|in|about|like|than|as|between|and|or|that|which"
_JOINS = "~while|when|if|because|since|that|where|whether|although|how"
_UNCOUNTED = "software|research|information|equipment|overkill|evidence|feedback"
_PLAIN = "close|big|small|large|high|low|fast|easy|cheap|simple|strong|short|long|deep|near"
_HEAD = "<n-pmvjzrg>|number|size|result|output|cost|rate|use"
#: Behind a thing, or things of the kind, in the singular and the plural.
_SHOWS = "shows|indicates|suggests|makes|gives|depends|contains|provides|leads|requires|consists"
_SHOW = "show|indicate|suggest|depend|contain|provide|lead|require|consist"
#: What is said in few words, and with what a noun is not joined by "to".
_TELL = (
    "describe|describes|described|explain|explains|explained|discuss|discusses|discussed|introduce"
    "|introduces|introduced|present|presented|summarize|summarized|mention|mentioned|outlined"
)
_ODDS = "probability|possibility|advantage|disadvantage|drawback"
_FEW = "these|those|several|various|many|some"
_MASS = "attention|information|memory|knowledge|energy|evidence|research|software|traffic"
_WANT = "able|order|aims|aim|how|want|wants|tries|needs"
#: Kinds: a plural that is not a verb, any plural; something counted, not a verb, or any such.
_PL, _PLURAL = "<p-znmjv>", "<p-nmjv>"
_SG, _SINGULAR = "<n-pmvjzrg>", "<n-pmjzrg>"
#: What may stand before a noun: an adjective, or a noun as well.
_ADJ, _MOD = "different|<jegH-pvzrn>", "different|<jegnmH-pvzr>"
_BASE = "<v-nmedjpr>"

ROWS = (
    Row("wealth|number|lot|range|variety|series|kind|type a <p>", "0 of 2"),
    Row("a number|variety|couple|range|majority <p-znmjv> $", "0 1 of 2"),
    Row(f"a|an {_PL} $", "0 singular1|1"),
    Row(f"a|an {_ADJ} {_PLURAL} $", "0 1 singular2|1 2"),
    Row("a|an <jegnmH-pzr> <p-nmjvz> $", "0 1 singular2|1 2"),
    Row(f"{_ONE} {_PL} $", "0 singular1"),
    Row(f"{_ONE} {_ADJ} {_PLURAL} $", "0 1 singular2"),
    Row(f"{_ONE} <jegnmH-pzr> <p-nmjvz> $", "0 1 singular2"),
    Row(f"!for this {_PL} $", "these 1|this singular1"),
    Row(f"for this {_PL} $", "for these 2|for this singular2|for this, 2"),
    Row(f"this <jH-pvzrnmg> {_PLURAL} $", "these 1 2|this 1 singular2"),
    Row(f"!{_ASKS} this <jmnH-pzrg> <p-nmjvz> $", "these 1 2|this 1 singular2"),
    Row(f"{_MANY} <n-pvjzrg> $", "0 plural1"),
    Row(f"!by|type {_MANY}|{_COUNT} <n-pjzrg> {_AUX}", "0 plural1 2"),
    Row(f"{_MANY} {_MOD} <n-pjzrg> $", "0 1 plural2"),
    Row(f"!by|type {_COUNT} <n-pvjzrg> $", "0 plural1"),
    Row(f"!a|the|an|this|type {_COUNT} {_ADJ} {_SINGULAR} $", "0 1 plural2"),
    Row(f"number|variety|couple|majority of {_SG} $", "0 of plural2"),
    Row(f"number|variety|couple|majority of <jH-pvzrn> {_SINGULAR} $", "0 of 2 plural3"),
    Row(f"one of the {_SG} $", "0 1 2 plural3"),
    Row(f"one of the|our|many <jsH-pvzrn> {_SINGULAR} $", "0 1 2 3 plural4"),
    Row(f"one of the most {_ADJ} <n-pjzrg> $", "0 1 2 3 4 plural5"),
    Row("^ it|he|she <v-jdeprz>", "0 third1"),
    Row("^ it|he|she need to|a|an|the", "0 third1 2"),
    Row("~that|which|and|because|since|as|when|if it <v-jdeprzn>", "0 third1"),
    Row(f"!{_NEAR} they|we <z-pv>", "0 base1"),
    Row(f"!{_NEAR} they|we is|has|was|does", "0 many1"),
    Row("^ these|those is|has|was|does", "0 many1"),
    Row(f"^ the|our {_PLURAL} is|has|was|does", "0 1 many2|0 singular1 2"),
    Row(f"^ the|our <jmngeH-pvzr> {_PLURAL} is|has|was|does", "0 1 2 many3|0 1 singular2 3"),
    Row(f"^ {_ALL} {_PLURAL} is|has|was|does", "0 1 many2"),
    Row(f"^ {_ALL} <jmngeH-pvzr> {_PLURAL} is|has|was|does", "0 1 2 many3"),
    Row(f"^ {_ALL} {_PL} <z-pvn>", "0 1 base2"),
    Row(f"^ {_ALL} <jmngeH-pvzr> {_PL} <z-pvn>", "0 1 2 base3"),
    Row("^ the|this <n-pmjzr> are|have|were|do", "0 1 third2"),
    Row(f"^ the|this <jmngH-pvzr> {_SINGULAR} are|have|were|do", "0 1 2 third3"),
    Row("^ the|this <n-pmjzr> <v-pdejz> the|a|an", "0 1 third2 3"),
    Row("^ the|this <jmngH-pvzr> <n-pmjzr> <v-pdejz> the|a|an", "0 1 2 third3 4"),
    Row("^ the|this|a|an <n-pmjzr> <v-pdejznm>", "0 1 third2"),
    Row("^ the|this|a|an <jmngH-pvzr> <n-pmjzr> <v-pdejznm>", "0 1 2 third3"),
    Row(f"^ each|every {_SG} are|have|were|do", "0 1 third2"),
    Row("each|one|neither of the|these|those <p> are|have|were", "0 1 2 3 third4"),
    Row("there is <p-zmnv> $", "there are 2"),
    Row("there is many|several|two|three|four|various|multiple", "there are 2"),
    Row(f"{_CAN} <z-pvnj>", "0 base1"),
    Row(f"{_CAN} <de-vnjp> $", "0 base1|0 be 1"),
    Row(f"{_CAN} been", "0 be"),
    Row(f"{_CAN} not|also|<r> <z-pvnj>", "0 1 base2"),
    Row("could|should|may|might|would|cannot to <v>|be", "0 2"),
    Row("can|will|would|should|could is|are|was|were|has", "0 be|1"),
    Row(f"!do|does|did {_BE} {_BASE} $", "0 participle1"),
    Row(f"{_BE} also|then|not|only|<r-vj> {_BASE} $", "0 1 participle2"),
    Row(f"{_BE} <v-edjpr> by", "0 participle1 by"),
    Row("!it|he|she|this|that|there|they|we is|are|was|be <z-pvnj>", "1|0 participle1"),
    Row(f"{_HAVE} {_BASE}", "0 participle1"),
    Row(f"{_HAVE} <d-ejn>", "0 participle1"),
    Row(f"{_HAVE} not|also|been|<r-vj> {_BASE}", "0 1 participle2"),
    Row("!it|there|they|this|these|we|you|he|she is|are|was|were is|are|was|were|has|have", ""),
    Row(f"{_WANT} to <z-vn>|<de-vnj>", "0 to base2"),
    Row("to <z-vnjp>|<d-vnje>", "to base1"),
    Row("to <de-vnj> the|a|an", "to base1 2"),
    Row("do|does|did not <zde-v>", "0 not base2", sure=True),
    Row(f"{_BY} <v-npjdezr> the|a|an|its|their", "0 gerund1 2"),
    Row("able <v-npjdezr>", "able to 1"),
    Row("avoid|avoids|suggests|suggest|recommend|recommends to <v>", "0 gerund2", sure=True),
    Row("can|could|must|should consider to <v>", "0 1 gerund3"),
    Row("help|helps|helped us|them|it <g-nj>", "0 1 base2"),
    Row("more|most <c-vn>|better|easier|faster|simpler|cheaper", "1"),
    Row("!at most <s-vn>|best|easiest|fastest", "1"),
    Row("as <c-vn> as", "as positive1 as"),
    Row("~<c-vn> then the|a|an|one|other|in", "than 1"),
    Row(f"is|are|was|were|much|significantly {_PLAIN} than", "0 comparative1 than"),
    Row(f"!or|no less {_PLURAL} $", "fewer 1", sure=True),
    Row(f"!or|no less {_PL}", "fewer 1", sure=True),
    Row(f"much {_PL} $", "many 1"),
    Row(f"amount of people|{_PLURAL}", "number of 2", sure=True),
    Row(f"amount of <jH> {_PLURAL} $", "number of 2 3", sure=True),
    Row(
        "many|several|these|those|two|numerous information|research|software|equipment|knowledge"
        "|evidence|literature|advice|feedback $",
        "much 1|this 1",
    ),
    Row("in|of|with|at|on|for|from|to|by same <nm>", "0 the same 2"),
    Row("in|on|from next|following|previous <n-mpzg> $", "0 the 1 2"),
    Row(
        "the an|this|these|those|is|are|of|with|from|by|at|was|were|has|have|can|it",
        "",
    ),
    Row("a the|this|these|an", ""),
    Row("an the|a|this|is|of|in|to|are|has", ""),
    Row("^ this are|were", "these 1|this third1"),
    Row(
        "~while|when|because|since|that|where|whether|and|but this are|were", "these 1|this third1"
    ),
    Row(
        "!a|an|the|this|that|any|no|every|each|some|one|another|its|their|our|my|his|very"
        f"|or|<r> different|other|most {_SG} $",
        "0 plural1",
    ),
    # Small words and prepositions.
    Row("per each", "per|each"),
    Row("as|for a mean to|of|for", "0 a means 3"),
    Row("by mean of", "by means of"),
    Row(
        f"more {_PLAIN} than|to",
        "comparative1 2",
    ),
    Row("equals to", "equals|is equal to"),
    Row("!more|less|most|equally equal|similar|superior|inferior|prior|identical than", "0 to"),
    Row("similar as|with the|a|an|in", "similar to 2"),
    Row("by|at|in|from the|one other hand", "on the other hand"),
    Row("by|at|in|from one hand", "on the one hand"),
    Row("one the other|one hand", "on the 2 hand"),
    Row(
        "many|several|other|some|recent|these|those|previous|few|different|most|of|various|further"
        "|more|the researches",
        "0 research|0 studies",
    ),
    Row(f"{_CAN} <r> been", "0 1 be|0 have 1 been"),
    Row("!for this <p-nmjv> are|have|were|do", "these 1 2"),
    Row("for this <p-nmjv> are|have|were|do", "for these 2 3|for this, 2 3"),
    Row(f"a|an|another data|{_UNCOUNTED} $", "1|some 1"),
    Row(f"a|an|another <jH-n> {_UNCOUNTED} $", "1 2"),
    Row("depend|depends|depended|depending from|of the|a|an|this|how|which|its", "0 on 2"),
    Row("consist|consists|consisted|consisting on|from", "0 of"),
    Row("rely|relies|relied|relying in|at|of", "0 on"),
    Row("focuses|focused|focusing at|to", "0 on"),
    Row(
        "divided|split|separated|grouped|categorized|classified"
        f" in {_COUNT}|several|different|multiple|many|various",
        "0 into 2",
    ),
    Row("interested on", "interested in"),
    Row("capable to <v>|be", "able to 2|capable of gerund2"),
    Row("according with", "according to"),
    Row("accordingly to the|this|these|a|an|our", "according to 2"),
    Row("accordance to", "accordance with"),
    Row("resulted to", "resulted in"),
    Row("responsible of", "responsible for"),
    Row("aware about", "aware of"),
    Row("comprise|comprises of", "0|consists of"),
    Row("composed by a|an|the|two|three|four|five|six|several|many", "composed of 2"),
    Row("contains|contain of", "0|consists of"),
    Row("insight|insights in the|how|this|its", "0 into 2"),
    Row("in|at average $", "on average"),
    Row("in the contrary", "on the contrary"),
    Row("in contrary to", "contrary to|in contrast to"),
    Row("in contrast of|from", "in contrast to"),
    Row("in long|short term", "in the 1 term"),
    Row("in term of", "in terms of"),
    Row("with|in regards to", "with regard to"),
    Row("in addition of", "in addition to"),
    Row("in comparison of", "in comparison with"),
    Row("^ instead to <v>", "instead of gerund2"),
    Row("except of", "except for"),
    Row("besides to|of", "besides"),
    Row("regarding to|of the|a|an|this|its", "0 2"),
    Row("emphasize|emphasizes|mention|mentions|mentioned|explain|explains|explained about", "0"),
    Row("emphasize|emphasizes|emphasise|emphasises on", "0"),
    Row("affect|affects|affected on", "0|effect 1"),
    Row("!is|are|was|were|be|been|not|<r> affect|affects|affected to", "0|effect 1"),
    Row("incur|incurs|incurred on", "0"),
    Row("suffer|suffers|suffered of|under", "0 from"),
    Row("comply|complies to", "0 with"),
    Row("succeed|succeeds|succeeded to <v>", "0 in gerund2"),
    Row("worth to <v>", "worth gerund2"),
    Row("on the example of", "using the example of"),
    Row("on hand of", "by means of"),
    Row("on|by this way", "in this way"),
    Row("on the first sight|glance", "at first 3"),
    Row(
        "like|how shown|described|mentioned|explained|discussed|seen|depicted|illustrated"
        " in|above|before|by|earlier|previously",
        "as 1 2",
    ),
    Row("how it|this|that|they looks|look like", "what 1 2 like"),
    Row("how the|a|an <n> looks|look like", "what 1 2 3 like"),
    Row("all|many|several|various|two|three|four kind|type|sort of", "0 plural1 of"),
    Row("~in|of|with|for|are|have|use|on|between|from different kind|type|sort of", "0 plural1 of"),
    Row("^ it exists|exist", "there 1"),
    Row("there exist a|an|no <nm-j>", "there exists 2 3"),
    Row(f"such a|an {_PL} $", "such 2|such 1 singular2"),
    Row("same like|than", "same as"),
    Row(
        "people|users|researchers|authors|students|humans|participants|annotators|customers|patients"
        "|politicians|workers|employees|voters|candidates|citizens|respondents|readers which|what"
        " are|were|have|can|could|will|<v-n>",
        "0 who 2",
    ),
    Row(f"{_CAN}|not|to loose the|a|its|their|information|some|any", "0 lose 2"),
    Row("looses", "loses"),
    Row(f"{_CAN} effect", "0 affect"),
    Row("the|an|no|this|little affect of|on|is", "0 effect 2"),
    Row("weather or not", "whether 1 2"),
    Row("weather a|an|this|it|they|we", "whether 1"),
    Row("of cause", "of course"),
    Row(
        "!a|an|the|this|that|its|their|our extracted|derived|obtained|taken|apart|learned|sampled"
        "|drawn|inferred|retrieved|collected|downloaded form",
        "0 from",
    ),
    Row("its a|an|the|is|not|also", "it is 1"),
    Row("its possible|important|necessary to|that|for", "it is 1 2"),
    Row("their is|are|exists|was|were", "there 1"),
    Row("is|are|was to much|many|few|large|small|complex|high|low|big|slow", "0 too 2"),
    Row("quiet a|similar|different|good|well|large|small|complex|often|some|easy|high", "quite 1"),
    Row("even thought|tough", "even though"),
    Row("trough the|a|an|this|all|which|its|their|these|each", "through 1"),
    Row("consists a|an|the|two|three|several", "consists of 1"),
    Row("depends|relies the|a|an|its", "0 on 1"),
    Row("make|makes|made|making possible to", "0 it possible to"),
    Row(f"^ the {_HEAD} of <p> are|have|were", "0 1 of 3 third4"),
    Row(f"^ the {_HEAD} of the|these|our|all <p> are|have|were", "0 1 of 3 4 third5"),
    Row(f"^ the {_HEAD} of <jegnmH-pvzr> <p> are|have|were", "0 1 of 3 4 third5"),
    Row(
        f"^ the {_HEAD} of the|these|our|all <jegnmH-pvzr> <p> are|have|were",
        "0 1 of 3 4 5 third6",
    ),
    Row(
        "^ the|these|those <p-nmjvz> of the|a|an|this|our <n-pjzr> is|has|was|does",
        "0 1 of 3 4 many5",
    ),
    Row("everyone|everybody|someone|nobody|everything are|have|were", "0 third1"),
    Row(f"{_JOINS} the <p-nmjv> has|does|is|was", "0 1 many2"),
    Row(f"{_JOINS} the <p-znmjv> <z-pvn>", "0 1 base2"),
    Row(f"{_JOINS} the <n-pmjzrvg> are|have", "0 1 third2"),
    Row("lots|plenty of <n-pmvjzrg> $", "0 of plural2"),
    Row(f"shortly {_TELL}", "briefly 1"),
    Row("describes|explains|introduces|summarizes|discusses shortly", "briefly 0"),
    Row(
        "~of|in|for|with|using|by|on|from|is|are|use|uses such <n-pvjzrg> $",
        "such a 1|such plural1",
    ),
    Row("!is|are|was|were|be|been constitute of", "consist of|0"),
    Row("constitutes of", "consists of|0"),
    Row(f"{_ODDS} to be|<v-nm>", "0 of gerund2"),
    Row("has|have|had the effect to <v>", "0 1 2 of gerund4"),
    Row(
        "!a|an|the|this|that|any|no|every|each|some|one|another|its|their|our|or|and|<rH> similar"
        " result|trend|pattern|approach|effect|method|procedure|problem|outcome|conclusion"
        " can|could|will|is|was|has",
        "a 0 1 2|0 plural1 2",
    ),
    Row("^ same <n-pjzrg> can|could|is|was|will|has", "the same 1 2"),
    Row("~is|are|has|have|use|uses|using|show|shows same <n-pmjzrg> $", "the same 1"),
    Row("related with", "related to"),
    Row("most|more common used", "0 commonly used"),
    Row("most|more frequent used", "0 frequently used"),
    Row("most|more wide used", "0 widely used"),
    Row(f"^ {_ALL} <p-nmjv> of the|a|an|this|our <nm-pjzr> {_SHOWS}", "0 1 of 3 4 base5"),
    Row(f"^ {_ALL} <p-nmjv> of <nm-pjzrv> {_SHOWS}", "0 1 of 3 base4"),
    Row(f"^ the {_HEAD} of the|these|our|all <p> {_SHOW}", "0 1 of 3 4 third5"),
    Row(f"~{_FEW} <p-nmjv> that|which is|has|was|does", "0 1 many2"),
    Row(f"~{_FEW} <p-nmjv> that|which <z-pvn>", "0 1 base2"),
    Row("!each others <p-nmjvz> $", "other 1"),
    Row("this <p-nmj> represent|show|indicate|describe|depend|correspond|consist", "these 1 2"),
    Row(
        "<nm> in considered|used|shown|defined|called|described|performed|computed|calculated"
        "|obtained to|as|by|for|on",
        "0 is 2 3",
    ),
    Row("outside from", "outside of"),
    Row("representative for the|this|all|a|an", "representative of 2"),
    Row("analyses method|methods|tool|tools|technique|techniques", "analysis 1"),
    Row("various|many|several software are|were|have", "0 software packages 2"),
    Row("overview over|about", "overview of"),
    Row("restricted on", "restricted to"),
    Row("specialized|specialised on", "0 in"),
    Row("participate|participated|participates at", "0 in"),
    Row("resulting to a|an|the", "0 in 2"),
    Row("influence|influences to the|a|an", "influence on 2"),
    Row("in dependence of", "depending on|as a function of"),
    Row("in|at the other hand", "on the other hand"),
    Row("in the one hand", "on the one hand"),
    Row("the|same|experimental|our|this set up of|is|was|for|as", "0 setup 3"),
    Row(f"number of {_MASS} $", "amount of 2"),
    Row(f"number of {_MASS} and|or", "amount of 2 3"),
    Row("amount of <jH> people", "number of 2 3"),
    Row("twice more <p-nmjv> $", "twice as many 2"),
    Row("all <n-pmjzrg> are|were|have", "all plural1 2"),
)
