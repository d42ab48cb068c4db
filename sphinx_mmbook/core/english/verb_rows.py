"""English verbs that do not go with their subject, or stand in the wrong form or place."""

from __future__ import annotations

from sphinx_mmbook.core.english.row_words import BE, CAN, COUNT, HAVE, Row

#: What wants "to" and the verb's plain form.
_WANTS = (
    "want|wants|wanted|try|tries|tried|decide|decides|decided|aim|aims|seek|seeks|attempt|attempts"
    "|help|helps|helped|manage|manages|need|needs|hope|hopes|plan|plans"
)
_NAMED = "figure|table|equation|section|chapter"
_LETS = "allow|allows|allowed|enable|enables|enabled|cause|causes|force|forces"
_ASK = (
    "show|shows|explain|explains|see|understand|know|describe|describes|discuss|clear|examine"
    "|determine|determines|investigate|investigates|identify|illustrate|illustrates|track|about|learn"
)

VERB_ROWS = (
    # A subject and its verb, with what stands between them.
    Row("^ it|he|she are|have|were|do", "0 third1"),
    Row("~that|which|because|since|when|if|as it are|have", "0 third1"),
    Row("^ this have|do", "0 third1"),
    Row(
        f"^ {_NAMED} <?N> show|illustrate|describe|depict|present|give|list|compare|contain",
        "0 1 third2",
    ),
    Row("^ the number of ?the|these|our <p> are|have|were", "0 1 2 3 4 third5"),
    # After a form of "be" or "have", a modal verb, or "to".
    Row(f"{CAN} be <v-nmedjpr>", "0 be participle2|0 2"),
    Row(f"{CAN} be <r> <v-nmedjpr>", "0 2 3|0 be 2 participle3", guess=True),
    Row(f"!do|does|did {BE} <v-mjderpzg> in|by|from|on|as|with", "0 participle1 2"),
    Row("is|was been", "has been|0"),
    Row("does|did <z-pvnj>|<d-venj>", "0 base1"),
    Row(f"{CAN} ?even|also|not|only|<r-vj> <d-evnjp>", "0 1 base2"),
    Row(f"{BE} increase|decrease|use|update|train|estimate|compute $", "0 participle1"),
    Row(f"{HAVE} ?already|<r-vj> show|use|increase|process that|the|a|an|how", "0 1 participle2 3"),
    Row(
        "^ this|each <n-pmjzr> present|use|affect|aim|lead|focus|show|help|need the|a|an|us|to|on",
        "0 1 third2 3",
    ),
    Row("~in order to <g-nmj>", "0 to base2"),
    Row("how to <g> the|a|an|their|its", "0 to base2 3"),
    Row(
        "!is|are|was|were|out by|without|after|before|while use|train|test|process|measure"
        "|compute|increase|change the|a|an|our|these|more|only",
        "0 gerund1 2",
    ),
    Row("able of <g>", "able to base2|capable of 2"),
    Row("we|they|who are|were interesting in", "0 1 interested in"),
    Row("has|have|had|needs|need|ought|wants|tries to <e-vn>", "0 to be 2|0 to base2"),
    Row("has|have|had|needs|need|ought|wants|tries to <d-evn>", "0 to base2"),
    Row(
        "goal|aim|idea|task|purpose|objective|step|option|way is|was <v-edjpr> a|an|the|that",
        "0 1 to 2 3",
    ),
    Row(f"how|{_WANTS} to <g-nmj>", "0 to base2"),
    Row("be <v-nmedjprH>", "be participle1", guess=True),
    Row("be reach|mention|note|call|show|plot|study", "be participle1"),
    Row("has|have|had be|being <e>|<d>|<r>", "0 been 2"),
    Row("has|have|had lead to|the|us", "0 led 2"),
    Row("are|were focus on", "0 focused on|focus on"),
    Row("is|are|was|were happened|occurred|existed|emerged|arisen|disappeared|consisted", "1"),
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
    Row("these|those|they|we|which where <e-cn>|able|not|also|then", "0 were 2", guess=True),
    Row("<p-nmjvz> where <e-vnj> at|in|by|on|from|using|with|to|for|as", "0 were 2 3"),
    Row(f"there where <N>|{COUNT}|many|some|several|no|a|only|few", "there were 2"),
    Row(
        "is|was|able|order|how|aims|tries|learns|plan|useful|possible|necessary|required|need"
        " to <z-vnj> the|a|an|its",
        "0 to base2 3",
    ),
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
    Row(
        "^ this|it lead|let|show|cause|help|mean|allow|imply|simplify|provide|enable|ensure|require"
        "|indicate|suggest us|the|a|an|that|how",
        "0 third1 2",
    ),
    Row(f"{BE} ran|showed", "0 participle1"),
    Row("makes|make|made|lets|let us|them to <v>", "0 1 3"),
    Row(f"{_LETS} us|it|them <v-npjdezr>", "0 1 to 2"),
    Row("on|in|into <v-nmpjdezr> the|a|an", "0 gerund1 2", guess=True),
    Row("in spite the|a|an|this|these|its|their", "0 1 of 2"),
    Row("we|they|i|you are|were|am agree|disagree|depend|exist", "0 2"),
    Row("can|could|will|would|should|may|might able to", "0 be 1 2"),
    Row("did|does|do not broke|began|chose|wrote|rose|gave|took|saw|went|fell|grew", "0 1 base2"),
    Row("start|starts|begin|begins|continue|continues to <g-nm>", "0 to base2"),
    Row("have|has|had difficulties|difficulty|problems|trouble to <v>", "0 1 gerund3"),
    Row("!we|they|you requires|require to <v>|be", "0 gerund2"),
    Row("possibility|ability|potential|opportunity|chance|tendency to <g-nm>|being", "0 to base2"),
    Row(
        "people|users|authors|researchers|students|participants|patients"
        " who is|was|has|does|<z-pn>",
        "0 who many2",
    ),
    Row("seems|seem|tends|tend|appears|needs be", "0 to be"),
    Row(f"{HAVE} becoming|showing|proposing|making", "0 participle1"),
    Row(f"{BE} <d-evnjr>", "0 participle1|1"),
    Row(
        "!best|everything|all|what|whatever|anything|much|as|that|way|things|whenever|where|when"
        "|steps|efforts we can to <v>|be",
        "we can 3",
    ),
    Row("which|it can|will|must to <v>|be", "0 1 3"),
    Row("as it can be seen|observed|noticed|inferred in|from|on|by", "as 2 3 4"),
    Row(
        ", as it is|was mentioned|stated|explained|described in|above|before|by|earlier|previously",
        "as 3 4",
    ),
)
