"""Small English words that are wrong where they stand: prepositions, articles, what is lost."""

from __future__ import annotations

from sphinx_mmbook.core.english.row_words import CAN, COUNT, COUNTED, METHODS, PLAIN, Row

#: What is said in few words, and with what a noun is not joined by "to".
_TELL = (
    "describe|describes|described|explain|explains|explained|discuss|discusses|discussed|introduce"
    "|introduces|introduced|present|presented|summarize|summarized|mention|mentioned|outlined"
)
#: What research reads of.
_PARTS = "chapter|section|subsection|paragraph|step|iteration|layer|level|stage"
#: What there is one of, and who does something.
_GAP = (
    "difference|relationship|gap|connection|way|possibility|tendency|lack|relation|distinction"
    "|association|trend|discrepancy"
)
_WHO = (
    "user|customer|patient|student|participant|reader|researcher|author|player|learner|person"
    "|child|speaker|worker|teacher|client|buyer|seller|viewer|annotator|voter|driver|generator"
    "|discriminator|encoder|decoder|optimizer|classifier"
)

SMALL_WORDS = (
    Row("per each", "per|each"),
    Row(f"more {PLAIN} than|to", "comparative1 2"),
    Row("equals to", "equals|is equal to"),
    Row(
        "!more|less|most|equally|the|a|our"
        " equal|similar|superior|inferior|prior|identical|comparable than",
        "0 to",
    ),
    Row("similar|similarly as|like the|a|an", "0 to 2"),
    Row("by|at|in|from the|one other hand", "on the other hand"),
    Row("by|at|in|on|from other hand|side", "on the other 2"),
    Row("by|at|from one hand", "on the one hand"),
    Row("depend|depends|depended|depending from|of the|a|an|this|how|which|its", "0 on 2"),
    Row("consist|consists|consisted|consisting on|from", "0 of"),
    Row("rely|relies|relied|relying in|of the|a|an|this|these", "0 on 2"),
    Row(
        "divided|split|separated|grouped|categorized|classified"
        f" in {COUNT}|several|different|multiple|many|various",
        "0 into 2",
    ),
    Row("capable to <v>|be", "able to 2|capable of gerund2"),
    Row("accordingly to the|this|these|a|an|our", "according to 2"),
    Row("resulted to", "resulted in"),
    Row("responsible|except of", "0 for"),
    Row("aware about", "aware of"),
    Row("interested on", "interested in"),
    Row("alongside with", "alongside"),
    Row("the most number of", "the largest number of"),
    Row("rather then", "rather than", sure=True),
    Row("^ the most of the|these|our|all", "most of 3"),
    Row("comprise|comprises|contain|contains of", "0|consists of"),
    Row(
        "composed by a|an|the|one|another|many|more|several|different|not|all|various|both"
        f"|{COUNT}|<N>|<p-v>",
        "composed of 2",
    ),
    Row("insight|insights in the|how|this|its", "0 into 2"),
    Row("in|at average $", "on average"),
    Row("in the contrary", "on the contrary"),
    Row("in contrary to", "contrary to|in contrast to"),
    Row("in contrast of|from", "in contrast to"),
    Row("in long|short term", "in the 1 term"),
    Row("in term of", "in terms of"),
    Row("with|in regards to", "with regard to"),
    Row("in comparison of", "in comparison with"),
    Row("besides to|of", "besides"),
    Row("regarding to|of the|a|an|this|its", "0 2"),
    Row("emphasize|emphasizes|emphasise|emphasises|leverages on", "0"),
    Row("affect|affects|affected on a|an|the|this <jH> way|manner", "0 in 2 3 4"),
    Row("affect|affects|affected on", "0|effect 1"),
    Row("suffer|suffers|suffered of", "0 from"),
    Row("accordance|comply|complies to", "0 with"),
    Row("worth to <v>", "worth gerund2"),
    Row("on the example of", "using the example of"),
    Row("by this way", "in this way"),
    Row(
        "like|how shown|described|mentioned|explained|discussed|seen|depicted|illustrated"
        " in|above|before|by|earlier|previously",
        "as 1 2",
    ),
    Row("how it|this|that|they looks|look like", "what 1 2 like"),
    Row(
        "people|users|researchers|authors|students|humans|participants|annotators|customers|patients"
        "|politicians|employees|voters|candidates|citizens|respondents|readers which|what"
        " are|were|have|can|could|will|<v-n>",
        "0 who 2",
    ),
    Row(
        f"{CAN}|not|to|we|they|you loose"
        " the|a|an|its|their|information|accuracy|performance|some|any|all|track",
        "0 lose 2",
        sure=True,
    ),
    Row("looses the|a|an|its|their|information|accuracy|performance|some|any|all", "loses 1"),
    Row("of|by|without|for|from|avoid|not|risk loosing", "0 losing", sure=True),
    Row(f"!how|what|where|when|why {CAN} effect", "0 affect"),
    Row("weather or not", "whether 1 2"),
    Row("weather a|an|this|it|they|we", "whether 1"),
    Row("of cause", "of course"),
    Row("its a|an|the|not|also", "it is 1"),
    Row("its possible|important|necessary|hard|clear|difficult|better to|that|for", "it is 1 2"),
    Row("their is|are|exists|was|were", "there 1"),
    Row(
        "is|are|was|were|be|become|far to much|many|few|large|small|complex|high|low|big|slow|deep"
        "|long|short|fast|<j-vnmre> $",
        "0 too 2",
    ),
    Row("quiet a|similar|different|good|well|large|small|complex|often|some|easy|high", "quite 1"),
    Row("even thought|tough", "even though"),
    Row("trough <g>|the|a|an|this|all|which|its|their|these|each", "through 1"),
    Row("flow|flows|flowed|go|goes|going|pass|passes|passed|run|runs trough", "0 through"),
    Row("depends|relies the|a|an|its", "0 on 1"),
    Row("make|makes|made|making possible to", "0 it possible to"),
    Row(f"shortly {_TELL}", "briefly 1"),
    Row("describes|explains|introduces|summarizes|discusses shortly", "briefly 0"),
    Row("constitutes of", "consists of|0"),
    Row("possibility to be|<v-nm>", "0 of gerund2"),
    Row("the|a|high|higher|low|lower|same probability to be|<v-nm>", "0 1 of gerund3"),
    Row("related with", "related to"),
    Row("capable|objective|goal|aim|task|purpose|possibility|way of <v-npjdezrm>", "0 of gerund2"),
    Row("most|many|some|several|few of <p-nmjv>", "0 2|0 of the 2"),
    Row("most|many|some|several|few of <jec-nv>|<nm> <p-nmjv> $", "0 2 3|0 of the 2 3", guess=True),
    Row("one of <p-nmjv>|most|best|largest|biggest|main|first", "one of the 2"),
    Row("split|converted|transformed|translated in a|an|the", "0 into 2"),
    Row("<c> compared to|with", "0 than"),
    Row("applied on the|each|this", "applied to 2"),
    Row("reach|reaches|reached to the", "0 2"),
    Row("!there refers|belongs|corresponds the|a|an", "0 to 1"),
    Row("resulted|resulting into", "0 in"),
    Row("according the|this|our|these|a", "according to 1"),
    Row("associated to the|this|these|a|an|each|our", "associated with 2"),
    Row("pertaining the|a|an|this|these", "pertaining to 1"),
    Row("~<p-nmj>|<n-vjezd> specially in|for|when|if", "especially 1"),
    Row(", specially in|for|when|if|the", "especially 1"),
    Row("coined as", "called"),
    Row("in turns <z>|is|are|to", "in turn 2"),
    Row("the|its|their|a|great|high potential|ability|tendency be", "0 1 to be", guess=True),
    Row(
        "<nm> in considered|used|shown|defined|called|described|performed|computed|calculated"
        "|obtained to|as|by|for|on",
        "0 is 2 3",
    ),
    Row("representative for the|this|all|a|an", "representative of 2"),
    Row("analyses method|methods|tool|tools|technique|techniques", "analysis 1"),
    Row("overview over|about|on", "overview of"),
    Row("dependent of", "dependent on"),
    Row("independent|independently|outside|composed from", "0 of"),
    Row("too <v-njr> the|a|an|this|our|its", "to 1 2", guess=True),
    Row("the|what|some|same|certain|large|great|lesser extend $", "0 extent"),
    Row("the|a|no|main|only different between", "0 difference between"),
    Row("restricted on", "restricted to"),
    Row("participate|participated|participates at", "0 in"),
    Row("influence|influences to the|a|an", "influence on 2"),
    Row("in dependence of", "depending on|as a function of"),
    Row("as a result|consequence from|by the|a|an|this|these|our|its", "0 1 2 of 4"),
    Row(
        "contribute|contributes|contributed|contributing in <g-j> the|a|an|this|these|their|its",
        "0 to 2 3",
    ),
    Row(
        "classified|categorized|categorised|grouped|divided|clustered|separated|subdivided"
        f" to {COUNT}|several|different|various|many|multiple",
        "0 into 2",
    ),
    Row("is|are|was|were|be compromised of", "0 composed of"),
    Row("!something|anything similar with the|a|an|this|that|these|our|those|each", "0 to 2"),
    Row("focus|focuses|focused|focusing in <g-nj>", "0 on 2"),
    Row("resulted on|to the|a|an|this", "0 in 2"),
    Row("inspired|influenced|affected|impacted|surrounded|accompanied|triggered from", "0 by"),
    Row("compatible to the|this|a|an|our", "0 with 2"),
    Row("capable for|at", "0 of"),
    Row("the contrary of", "the opposite of"),
    Row("regardless|irrespective to|from|on", "0 of"),
    Row("in the purpose of|to", "for the purpose of"),
    Row("succeed|succeeds|succeeded to <v>", "0 in gerund2"),
    Row("participate|participates|participated|participating to the|a|an|this|our", "0 in 2"),
    Row("arrive|arrives|arrived|arriving to the|a|this|our|an", "0 at 2"),
    Row("ability|tendency|decision|attempt|willingness of <g-nm>", "0 to base2", guess=True),
    Row("the|same|experimental|our|this set up of|is|was|for|as", "0 setup 3"),
    # Articles that are lost.
    Row(
        "have|has|had|obtain|get|got|use|used|uses|consider|with|at|consists|see|in following"
        " <n>|<p>|<m>",
        "0 the 1 2",
    ),
    Row("^ following could|can|list|example|code|formula|sections|parameters", "the 0 1"),
    Row(
        "with|has|have|had|achieves|achieved|achieve|shows|showed|yields|gives|select|choose|get"
        " highest|lowest|largest|smallest|shortest|longest|fastest|best|biggest|greatest|least"
        " ?<jH-nv> <n-vr>|<m-vr>|score|rank|cost|price|rate|weight",
        "0 the 1 2 3",
    ),
    Row(
        "!at|by in|as|of|for|from|with first|second|third <n-mpzg>|kind $", "0 the 1 2", guess=True
    ),
    Row(
        "!class|kind|type|form|sort|family|variant|classes|kinds|types|forms|variants|choice|use"
        f" by|with|using|of|in|for|on|use|uses|via <C> {METHODS} $",
        "0 the 1 2",
    ),
    Row(
        f"^ <jmngH-pvzr>|<C> {METHODS} <z-pvn>|is|was|has|can|will",
        "the 0 1 2|0 plural1 many2",
        guess=True,
    ),
    Row("is|was <j-vnr> <n-pvjzrgm> of|for|in|to|that|which", "0 a 1 2", guess=True),
    Row(
        "is|was example|way|method|approach|task|problem|challenge|step|goal|aim|idea|difference"
        " of|for|in|to|that|which",
        "0 a 1 2|0 the 1 2",
    ),
    Row(
        "have|has|had advantage|disadvantage|drawback|possibility|limitation|tendency|property|form"
        "|ability|opportunity|problem|goal of|to|that",
        "0 the 1 2",
    ),
    Row(
        "as result|consequence|extension|alternative|example|exception|overview|introduction"
        "|approximation|indicator|foundation|addition|candidate|basis|baseline|benchmark|proxy|metric"
        "|reference of|to|for",
        "0 a 1 2",
        guess=True,
    ),
    Row("as whole|result|consequence $", "0 a 1"),
    Row(
        "with|under goal|aim|purpose|intention|objective|exception|assumption|hope|help of|to|that",
        "0 the 1 2",
        sure=True,
    ),
    Row("in|from literature $", "0 the 1"),
    Row("in|on|over|from internet $", "on the internet"),
    Row("in the internet $", "on the internet"),
    Row("in|from real world $", "0 the 1 2"),
    Row(
        "in form|context|field|area|domain|vicinity|middle|center|centre|framework|beginning"
        "|background|presence|absence of",
        "0 the 1 2",
        sure=True,
    ),
    Row("on basis of", "on the basis of", sure=True),
    Row("for sake of", "for the sake of", sure=True),
    Row("at end|beginning of", "at the 1 of", sure=True),
    Row(f"in|from|of|to|at previous|next|following {_PARTS}", "0 the 1 2", sure=True),
    Row("in|on|from next|following|previous <n-mpzg> $", "0 the 1 2", guess=True),
    Row("^ majority of", "the 0 of"),
    Row("with increasing|growing|decreasing|rising number of", "0 a 1 2 3"),
    Row("at|in|to next time step", "0 the 1 2 3", sure=True),
    Row("only few of|<p>", "only a few 2"),
    Row(
        "of|during|after|before|in|by|for|with|from"
        " <g-n> process|procedure|algorithm|step|phase|mechanism $",
        "0 the 1 2",
        guess=True,
    ),
    Row(
        f"there is|was|exists ?<j-nvmprg> {_GAP} that|which|between|in|of|for|to|with|among",
        "0 1 a 2 3 4",
        guess=True,
    ),
    Row(f"when|if|because|since|while|whether|unless {_WHO} <z-pvn>|is|has|can|was", "0 the 1 2"),
    Row("is|as most <r> <e-n> <n-pmvzrg>", "0 the 1 2 3 4", guess=True),
    Row("!no|or less number of", "a smaller 1 of"),
    # Words that are lost, or too many.
    Row("at|of|in|for|with|to|on|from|by the a <nmj>", "0 1 3"),
    Row("we|they we|they|he|she|you", ""),
    Row("each another", "each other"),
    Row(
        "!the|their|its|our|each|with|of|two|these|those respective <N>",
        "respectively 1",
        guess=True,
    ),
    Row("our|their|my|your|his the|our|a|an|these|this|those|their|its", ""),
    Row("the|their have|would|could|were|did", "they 1|0 … 1"),
    Row("the|an|our|their have|has|had|would|could|was|were|does|did|of", "0 … 1|1"),
    Row("is|are|was|were can|could|would|should|must", "0|1"),
    Row("is|are|was|were then|also|thus|therefore is|are|was|were", "0 1|1 2"),
    Row("which|that also|often|sometimes called|known|referred", "0 is 1 2|0 are 1 2"),
    Row("<N> hundred|thousand|million|billion of <p>|<m>", "0 1 3"),
    Row(
        f"!<N>|{COUNT}|a|one|half|several|few hundred|thousand|million of <p>",
        "plural0 of 2",
        guess=True,
    ),
    Row("between <?>|<N> to <?>|<N>", "between … and …"),
    Row("^ note that is|are|can|has|was|were", "0 that it 2"),
    Row("its|their|our|his on <j-v>", "0 own 2"),
    Row("by the means of", "by means of"),
    Row("!is|are|was|were|be|been|not enabling|permitting|allowing|permits to <v>", "0 us to 2"),
    Row("more well known", "better known"),
    Row("is|are showing in", "0 shown in"),
    Row(f"{CAN} be also|then|thus|therefore <e>", "0 2 be 3"),
    Row(f"since {COUNT}|several|many|some years|days|months|weeks|decades $", "for 1 2"),
    Row(
        "!class|kind|type|sort|form|variant|classes|kinds|types|sorts|forms|variants|choice|number|<N>"
        f" on|in|with|from|by|of|to|for|using|use|uses <jH-vnrcs> ?<nm-pvjzrg> {COUNTED} $",
        "0 a 1 2 3|0 1 2 plural3",
        guess=True,
    ),
    Row(f"is|was <jH-vnrcsde> ?<nm-pvjzrg> {COUNTED} $", "0 a 1 2 3", guess=True),
)
