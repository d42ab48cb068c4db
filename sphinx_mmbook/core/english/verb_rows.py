"""English verbs that do not go with their subject, or stand in the wrong form or place."""

from __future__ import annotations

from sphinx_mmbook.core.english.row_words import (
    BE,
    CAN,
    COUNT,
    HAVE,
    METHODS,
    PLURAL,
    SHOW,
    SINGULAR,
    Row,
)

#: What may stand before a noun in its group, among it words that the table lacks.
_MOD = "?<jmngeHC?-pvzr>"
_THE, _ALL = (
    "the|this|our|each|every|a|an",
    "the|these|those|our|all|most|several|various|many|both|some",
)
#: What a thing has, and a verb behind it is about.
_QUALITY = (
    "performance|accuracy|use|usage|quality|choice|complexity|training|influence|impact|aim|goal"
    "|purpose|idea|structure|architecture|loss|value|length|shape|dimension|distribution|presence"
    "|importance|lack|effectiveness|computation|estimation|implementation|application"
    "|interpretation|representation|development|popularity|success|efficiency|robustness|number"
    "|size|result|output|cost|rate|effect|problem|advantage|disadvantage|task|quantity"
)
_ACTS = (
    "show|increase|decrease|cause|change|measure|influence|return|score|test|present|sample|store"
    "|design|outline|review|control|cover|form|capture|record|display|highlight|support|release"
)
#: Verbs that are nouns as well, with what shows that they are verbs: as with "it", as with "they".
_DO = (
    ("deal|start|end", "deals|starts|ends", "with"),
    (
        "lead|aim|need|help|refer|correspond|belong|attempt",
        "leads|aims|needs|helps|refers|corresponds|belongs|attempts",
        "to",
    ),
    ("focus", "focuses", "on|solely|mainly"),
    (
        f"need|use|help|play|{_ACTS}|compare|perform|process|propose|affect|produce",
        f"needs|uses|helps|plays|{'|'.join(f'{act}s' for act in _ACTS.split('|'))}",
        "the|a|an|that|how|all|both|us",
    ),
)
#: Verbs that are nouns, too, behind which a participle's preposition stands.
_DONE = (
    "use|train|update|estimate|design|process|measure|increase|decrease|label|structure|filter"
    "|store|feed|compute|test|change|interpret|influence|score|mask|model"
)
#: What wants "to" and the verb's plain form.
_WANTS = (
    "want|wants|wanted|try|tries|tried|decide|decides|decided|aim|aims|seek|seeks|attempt|attempts"
    "|help|helps|helped|manage|manages|need|needs|hope|hopes|plan|plans"
)
#: What many things do.
_THEY = (
    f"{SHOW}|allow|enable|depend|increase|decrease|improve|reduce|affect|make|seem|remain|become"
    "|rely|vary|differ|perform|learn"
)
_NAMED = "figure|table|equation|section|chapter"
_LETS = "allow|allows|allowed|enable|enables|enabled|cause|causes|force|forces"
_LEARN = "learn|predict|understand|generalize|classify|achieve|perform|identify|extract|detect"
_ACTOR = f"{METHODS}|user|reader|data|loss|weights|parameters|models|networks|learner"
_ASK = (
    "show|shows|explain|explains|see|understand|know|describe|describes|discuss|clear|examine"
    "|determine|determines|investigate|investigates|identify|illustrate|illustrates|track|about|learn"
)
#: What is done in a study, and to what.
_DID = (
    "used|trained|obtained|collected|chosen|selected|performed|conducted|calculated|computed"
    "|estimated|extracted|generated|removed|added|applied|created|tested|evaluated|developed"
    "|measured|recorded|included|excluded"
)
_THINGS = (
    "model|models|parameter|parameters|value|values|feature|features|algorithm|algorithms|network"
    "|networks|layer|layers|variable|variables|function|functions|image|images|point|points"
    "|approach|approaches|factor|factors|method|methods|coefficients|equation|techniques"
)

VERB_ROWS = (
    # A subject and its verb, with what stands between them.
    Row("^ <jmneH-pzrg> ?<jmneHC?-pvzrgs> <n-pmjzr> are|have|were", "0 1 plural2 3"),
    Row(
        "^ <A>|researchers|scholars|authors|users|students|humans|embeddings|models|networks"
        "|methods|algorithms|datasets|results|features|experiments|images|words|sentences|tokens|layers"
        " is|has|was",
        "0 many1",
    ),
    Row("^ it|he|she are|have|were|do", "0 third1"),
    Row("~that|which|because|since|when|if|as it are|have", "0 third1"),
    Row("^ this have|do", "0 third1"),
    Row(
        f"^ {_NAMED} <?N> show|illustrate|describe|depict|present|give|list|compare|contain",
        "0 1 third2",
    ),
    Row(
        f"^ the|our ?<jnmgeH-pvzr> {_QUALITY} of|in ?the|these|those|our|all {_MOD} <p>"
        f" are|have|were|{_THEY}",
        "0 1 2 3 4 5 6 third7|0 1 more2 3 4 5 6 7",
    ),
    Row(
        f"!of|in|for|with|from|by|on|to|between|than|as|or a|an|each|every|no|another {_MOD} {_MOD}"
        " <n-p> that|which|who <v-pdejznm>|have|are|were|do",
        "0 1 2 3 4 third5",
    ),
    *(
        Row(
            f"that|because|when|if|where|while ?<jmnecHC?-g> ?<jmneHC?-g> <p-nmjv> {does} {what}",
            "0 1 2 3 base4 5",
        )
        for _, does, what in _DO
    ),
    Row(f"^ another|one|a ?such {_MOD} <n-pjzrg> are|were|have", "0 1 2 3 third4"),
    Row(", <C> use|show|achieve|need|require|consist|perform|outperform|rely|learn", "0 third1"),
    *(
        Row(f", {_THE} {_MOD} {SINGULAR} {do} {what}", "0 1 2 third3 4|ofmany0 1 more2 3 4")
        for do, _, what in _DO
    ),
    Row(
        f", {_ALL} {_MOD} {PLURAL} <z-pvn> the|a|an|that|how|to",
        "0 1 2 base3 4|ofone0 1 singular2 3 4",
    ),
    *(
        Row(f", {_ALL} {_MOD} {PLURAL} {does} {what}", "0 1 2 base3 4|ofone0 1 singular2 3 4")
        for _, does, what in _DO
    ),
    Row(
        "shows|show|showed|shown|means|assume|indicates|indicate|because|since|when|if|while|where"
        f" ?that the|this ?<jmngH-pvzr> {SINGULAR} <v-pdejznm>",
        "0 1 2 3 4 third5|0 1 ofmany2 3 more4 5",
    ),
    # Behind a form of "be" or "have", a modal verb, or "to".
    Row(f"{CAN} be <v-nmedjpr>", "0 be participle2"),
    Row(f"{CAN} be <r> <v-nmedjpr>", "0 2 3|0 be 2 participle3"),
    Row(f"!do|does|did {BE} <v-mjderpzg> in|by|from|on|as|with", "0 participle1 2"),
    Row("is|was been", "has been|0"),
    Row(
        f"!there {BE} ?then|also|first|directly {_DONE} to|by|in|into|on|as|for|with|from|using",
        "0 1 participle2 3",
    ),
    Row(f"{BE} increase|decrease|use|update|train|estimate|compute $", "0 participle1"),
    Row(f"{HAVE} show|use|increase|process that|the|a|an|how", "0 participle1 2"),
    Row("~in order to <g-nmj>", "0 to base2"),
    Row("how to <g-nmj>", "0 to base2"),
    Row("~in order to <g> the|a|an|their|its", "0 to base2 3"),
    Row("how to <g> the|a|an|their|its", "0 to base2 3"),
    Row(
        "!is|are|was|were|out by|without|after|before|while|of use|train|test|process|measure"
        "|compute|increase|change the|a|an|our|these|more|only",
        "0 gerund1 2",
    ),
    Row("^ before|after to <v-nm>", "0 gerund2"),
    Row("able of <g>", "able to base2|capable of 2"),
    Row("we|they|who are|were interesting in", "0 1 interested in"),
    Row("has|have|had|needs|need|ought|wants|tries to <de-vn>", "0 to be 2|0 to base2"),
    Row(
        "goal|aim|idea|task|purpose|objective|step|option|way is|was <v-edjpr> a|an|the|that",
        "0 1 to 2 3",
    ),
    Row(f"{_WANTS} to <g-nmj>", "0 to base2"),
    Row(
        "!get|gets|getting|got|become|being used|possible|impossible|necessary|sufficient|able"
        "|trained|designed to <g> the|a|an|their",
        "0 to base2 3",
    ),
    Row(
        "!a|the|in|of|no want|wants|wanted|tries|decide|decided|manage|manages <v-npjdezr>"
        " the|a|an|how|whether",
        "0 to 1 2",
    ),
    Row("be <v-nmedjprH>", "be participle1"),
    Row(f"be {_DONE}|reach|mention|note|call|show|plot|report|study|mark|cause", "be participle1"),
    Row("!human|living|such|a|the being <v-nmedjprg>|train|use|update", "being participle1"),
    Row("has|have|had be|being <e>|<d>|<r>", "0 been 2"),
    Row("has|have|had lead to|the|us", "0 led 2"),
    Row("are|were focus on", "0 focused on|focus on"),
    Row("is|are|was|were happened|occurred|existed|emerged|arisen|disappeared|consisted", "1"),
    Row("would|will like <v-npjdezr>|compute|use|show|test|model|thank", "0 1 to 2"),
    Row(
        f"{CAN} ?also|not|then|only|<r-vj> <de-vnjp> this|that|the|a|an|these|those|how|our",
        "0 1 base2 3",
    ),
    Row(f"{CAN} uses|causes|leads|helps|takes|makes|needs the|a|an|to|us|that", "0 base1 2"),
    Row(
        "as ?already|<r-vj> describe|show|mention|discuss|explain|depict|illustrate|present"
        " above|before|in|by|earlier|previously",
        "as 1 participle2 3",
    ),
    Row("these|those|they|we|which where <e-cn>|able|not|also|then", "0 were 2"),
    Row("<p-nmjvz> where <e-vnj> at|in|by|on|from|using|with|to|for|as", "0 were 2 3"),
    Row(f"there where <N>|{COUNT}|many|some|several|no|a|only|few", "there were 2"),
    Row("can|could|will|would|may|might <z-jnm> in|to|the|a|an|that|from", "0 base1 2"),
    Row("is|was|able|order|how|aims|tries to <z-vnj> the|a|an|its", "0 to base2 3"),
    Row("for to <v-nm>", "to 2|for gerund2"),
    Row("^ lets <v>", "let us 1"),
    Row("is consisting of", "consists of"),
    Row(f"{BE} base on|upon", "0 based 2"),
    Row("^ base on the|a|an|this|these|our|that", "based on 2"),
    # Where German has the verb, and questions within a sentence.
    Row(
        "^ therefore|thus|hence|moreover|furthermore|consequently|additionally|nevertheless"
        " is|are|was|were|has|have|can|could|will the|this|these|it|they|we",
        "0 , 2 … 1",
    ),
    Row(f"{_ASK} how|why does|do|did the|a|an|this|it|they", "0 1 3"),
    Row(
        "explain|explains|understand|know|describe|define|determine|determines|investigate|identify"
        "|examine|discuss what is|are the|a|an",
        "0 1 3 … 2",
    ),
    Row("^ as it can|is be|shown|depicted|described|seen", "as 2 3"),
    Row(f"{COUNT} time <c>|more|less|as|larger", "0 times 2"),
    Row("can|could|cannot|may ?not found", "0 1 be found|0 1 find"),
    Row("^ this|it lead|let|show|cause|help|mean us|the|a|that|how", "0 third1 2"),
    Row("makes|make|made|lets|let us|them to <v>", "0 1 3"),
    Row(f"{_LETS} the|a ?<jnmgeHC?> {_ACTOR} {_LEARN}", "0 1 2 3 to 4"),
    Row(f"{_LETS} us|it|them <v-npjdezr>", "0 1 to 2"),
    Row(f"prevent|prevents|prevented the|a ?<jnmgeHC?> {_ACTOR} to <v>", "0 1 2 3 from gerund5"),
    Row("prevent|prevents|prevented us|it|them to <v>", "0 1 from gerund3"),
    Row("on|in|into <v-npjdezr> the|a|an", "0 gerund1 2"),
    Row(
        "!out|is|are|was|were|still|already on|in|of|for|about train|test|use|measure the|a|an|our",
        "0 gerund1 2",
    ),
    Row("start|starts|begin|begins|continue|continues to <g-nm>", "0 to base2"),
    Row("have|has|had difficulties|difficulty|problems|trouble to <v>", "0 1 gerund3"),
    Row(
        "it is|was necessary|important|possible|essential|crucial <g> the|a|an", "0 1 2 to base3 4"
    ),
    Row("!we|they|you requires|require to <v>|be", "0 gerund2"),
    Row("possibility|ability|potential|opportunity|chance|tendency to <g-nm>|being", "0 to base2"),
    Row(
        "people|users|authors|researchers|students|participants|patients who is|was|has|does",
        "0 who many2",
    ),
    Row("for to <v> the|a|an|our", "for gerund2 3|to 2 3"),
    Row(
        f", {_THE} {_MOD} <n-pjzrg> get|become|seem|remain|appear|tend|do|go|stay",
        "0 1 2 third3|ofmany0 1 more2 3",
    ),
    Row("seems|seem|tends|tend|appears|needs be", "0 to be"),
    Row(f"{HAVE} becoming|showing|proposing|making", "0 participle1"),
    Row(
        "!it|this|that|there|what is|was decreases|increases|becomes|uses|depends",
        "1|0 participle1",
    ),
    Row(f"{BE} <d-evnjr>", "0 participle1|1"),
    Row(", we can|will|must to <v>|be", "0 1 3"),
    Row("how we|it|they|this can|will|must to <v>|be", "how 1 2 4"),
    Row(
        "!best|everything|all|what|whatever|anything|much|as|that|way|things|whenever|where|when"
        "|steps|efforts we can to <v>|be",
        "we can 3",
    ),
    Row("that it|this will|must to <v>|be", "that 1 2 4"),
    Row("which|it can|will|must to <v>|be", "0 1 3"),
    Row("as it can be seen|observed|noticed|inferred in|from|on|by", "as 2 3 4"),
    Row("as it can be seen,|observed,|noticed,", "as 2 3 4"),
    Row(
        ", as it is|was mentioned|stated|explained|described in|above|before|by|earlier|previously",
        "as 3 4",
    ),
    Row(f"<p-nmjv>|<p>|and|data where {_DID} by|with|for|to|as|from|using", "0 were 2"),
    Row(
        f"!the|a|an|our|its|each|this|these|of|in|for|with {_THINGS} who"
        " <zdv>|is|are|was|were|have|has|can|do",
        "0 that 2",
    ),
    Row(
        "^ the ?<jmngH-pvzr> number of ?<jmngH-pvzr> <p> <e-npzv>|used|included|trained"
        " are|were|have",
        "0 1 2 3 4 5 6 third7",
    ),
)
