"""English idioms as learners write them: prepositions, articles and small words that are wrong."""

from __future__ import annotations

from sphinx_mmbook.core.english.row_words import CAN, Row

#: After a sentence's first word without an article: what shows that a sentence it is.
_IS = "is|was|are|were|has|can|will"
_OUR = "the|this|these|our|all|each"
_ONE = "goal|aim|purpose|idea|task|advantage|disadvantage|drawback|result|output|rest|size|majority"
_ORDER = "first|second|third|last|next|main|final|biggest"
_PIECE = "section|chapter|step|part|layer|iteration|paragraph|epoch"
_AN = "the|a|an|this|these|our|its|their"
#: What can be a verb alone, what a gerund follows, and what stands in pairs.
_DO = "<v-npjdezrm>"
_TO = (
    "contribute|contributes|contributed|contributing|dedicated|devoted|committed|equivalent"
    "|opposed|regard|respect|amounts|corresponds|limited"
)
_KINDS = "<p-v>|<j-vn>"
#: Who sets something up, and what.
_DOES = f"we|they|you|to|{CAN}"
_WHAT = "a|an|the|our|your|their|its|this|these|all|each|multiple|several|new|and"

#: One word for another that looks like it: what stands there, and what is meant.
_ALIKE = """
different|differs|far|independent|obtained|taken|extracted|comes form the|a|an|this|<N> = 0 from 2
go|goes|going|pass|passed|passing|flow|flows|looping though the|a|an = 0 through 2
, tough it|they|we|the|this = though 1
casual effect|effects|inference|relationship|relation|graph|link|chain = causal 1
^ well use|see|show|be|discuss|consider|define|assume = we will 1
^ there <p-nmj> are|were|have = their 1 2|these 1 2
affects of = effects of
not|also effect the|our|this|their|its|how = 0 affect 2
it|this|which effects the|our|their|its = 0 affects 2
because|instead|outside|most|consists|out off the|a|this|these = 0 of 2
principal behind|that = principle 1
compliment the|each|our|of = complement 1
compliments the|each|our = complements 1
complimentary to|information|error|slackness|approach|events = complementary 1
ot|tot|fo|fot|ont the|a|an|this = of 1|to 1|for 1
tot|ont|int he = to the|on the|in the
!and fro the|a|an = for 1|from 1
whit|wit the|a|an|this = with 1
!the|much more|less|larger|smaller|higher|lower|greater|longer that <N>|half|two|one = 0 than 2
your are|can|could|should|must|have = you 1
of|on|in|with|from|for you <nm-vjrgz> = 0 your 2
singe <nm> = single 1
fist step|time|part|layer|row|column|chapter|section|of = first 1
prior|a|common|our|their|general believe|believes $ = 0 belief|0 beliefs
proceeding chapter|section|paragraph|chapters|sections = preceding 1
<e>|see|as bellow = 0 below
bellow the|a|this|<N> = below 1
a|the|our|each|every|of|new costumer|costumers = 0 customer|0 customers
vise versa = vice versa
no|any|large|strong|great affect of = 0 effect of
of|on|with|by|from|for he same|first|last|following|next = 0 the 2
turned|switched of during|after|by|for|when|and|before|if = 0 off 2
a lose coupling|bound|definition|connection|structure|end = a loose 2
monte carlo = Monte Carlo
milky way = Milky Way
world wide web = World Wide Web
!where|and|or|of|for|index|user|item|if i am|went|think|believe|found|hope|thought|would = I 1
the all possible|other|existing|available|relevant|necessary = all the 2|all 2
non longer = no longer
clinical|randomized|randomised trail|trails = 0 trial|0 trials
such us = such as
there are|is|were to many|much|few = 0 1 too 3
a part from = apart from
~there|it|this|they|that|which|<p>|<n> maybe be = may be
cant <v>|be = cannot 1
turn|turned|take|takes|taken|divided|split|converted|dive|insight|insights in to = 0 into
"""

IDIOM_ROWS = (
    Row("on|by|at the first look|sight|glance", "at first 3", guess=True),
    Row(
        "an|no|big|strong|significant|large|little|great|positive|negative|direct|largest|biggest"
        " effect|impact|influence to the|a|our|this|these",
        "0 1 on 3",
    ),
    Row("reason|reasons for this is|are because", "0 for this 3 that"),
    Row("reason is because", "reason is that"),
    Row("greater|smaller|larger|less|lower|higher or equal to|than", "0 than 1 equal to"),
    Row("^ due to the|this <nmp> is|are|was|were|has|have", "because 2 3 4"),
    Row("^ beside that|this $", "besides 1"),
    Row("and|of|with|in|on|for|by|from|is|are it's <p-nmvj>|own", "0 its 2"),
    Row("and|of|with|by|on|all|using|use|uses|for|down there <p-nzv>|own|respective", "0 their 2"),
    Row("is|are|was|were|be comprised by", "0 composed of"),
    Row("based of the|a|this|our|these", "based on 2"),
    Row("in regards|regard of", "with regard to"),
    Row("in compare|compared to|with", "compared 2|in comparison 2"),
    Row("in opposite|opposition to the|other|a", "in contrast to 3"),
    Row(f"^ {_ONE} of ?{_OUR} ?<jmngeHC?-pvzr> <nmp> {_IS}", "the 0 1 2 3 4 5"),
    Row(f"^ {_ORDER} ?important|big|common <n> is|was", "the 0 1 2 3"),
    Row(f"in|on|from last|first|second|third|final {_PIECE} $", "0 the 1 2"),
    Row("in the recent years|decades", "in recent 3"),
    Row("in the same time $", "at the same time", guess=True),
    Row("in|on the end of the|this|each|a", "at the end of 4"),
    Row("^ on|at the figure|picture|diagram", "in the 2"),
    Row(
        "of|during|after|before|for|in training|learning|decoding|encoding|optimization|estimation"
        "|evaluation|validation|learning process|procedure|phase|stage $",
        "0 the 1 2",
        guess=True,
    ),
    Row("same <nm> like", "0 1 as", guess=True),
    Row(
        "most|some|many|none|few of <p-nmjv> are|have|were|can|do", "0 2 3|0 of the 2 3", guess=True
    ),
    Row(
        "some|many|all|both|few|several of the|these|those <n-pmjzr> are|were|have",
        "0 1 2 plural3 4",
    ),
    Row(
        "!the|than|a|that one of the|our|my ?main|key|major|most <jmngeHC?-pvzr> <n-pmjzrg> $",
        "0 1 2 3 4 plural5",
    ),
    Row("several|various|numerous <nv-pmjzrg> $", "0 plural1", guess=True),
    Row("many <n-pjzrgde> for|of|are|were", "0 plural1 2", guess=True),
    Row("every <p-nmjr>", "0 singular1", guess=True),
    Row("a lot <nmp-vjrzdg>", "a lot of 2", guess=True),
    Row("~<c-v> then every|all|before|those|our|expected|usual|its|any|with|for|<g>|<N>", "than 1"),
    Row("!each|the|one|an other then a|an|the|this|<p>|<g>", "0 than 2"),
    Row("in|over|within|during the last years", "0 recent 3", sure=True),
    Row(f"^ number of <p> {_IS}", "the 0 1 2 3"),
    Row(
        f"^ {_ORDER} ?important|big|common <n> of|in|for ?{_OUR} ?<jmngeHC?-pvzr> <nmp> is|was",
        "the 0 1 2 3 4 5 6 7",
    ),
    Row("closer|first|short|brief|detailed look on", "0 look at"),
    Row("superior|inferior|preferable over|than", "0 to"),
    Row("the way how", "the way"),
    Row(
        "unclear|determine|decide|check|clear|decides|determines|know|ask|classify weather",
        "0 whether",
    ),
    # What takes another preposition, or none.
    Row(f"to|can|could|cannot access|approach|reach to {_AN}", "0 1 3"),
    Row("consistent to the|a|this|our|these", "consistent with 2"),
    Row("accordingly|according with", "according to"),
    Row("differs to the|this|these|those|our", "0 from 2"),
    Row("reason|reasons of this|these|that", "0 for 2"),
    Row("insight to the|this|its|their|these", "0 into 2"),
    Row("insight|insights to how", "0 into 2"),
    Row("take|takes|taking|took a ?closer|brief|deeper|short look on|to", "0 1 2 3 at"),
    Row(
        "shown|seen|depicted|illustrated|presented|displayed|visualized on|at the"
        " figure|plot|table|graph|diagram|chart",
        "0 in 2 3",
    ),
    Row("per default", "by default"),
    Row("since long ?time $", "for a long time"),
    Row("since years|decades|months|centuries $", "for 1"),
    Row(f"in order {_DO}|be", "0 1 to 2"),
    Row(f"{_TO} to {_DO}", "0 1 gerund2"),
    Row(f"leads|leading to {_DO}", "0 1 gerund2|0 us 1 2"),
    Row(
        f"tasks|methods|techniques|operations|problems|steps like|as {_DO}",
        "0 1 gerund2",
        guess=True,
    ),
    Row(f"as well {_AN} <nmpjC>", "as well as 2 3", guess=True),
    Row(
        "be|is|are|was seen|regarded|viewed|interpreted|treated|described|defined a|an", "0 1 as 2"
    ),
    Row(
        "is|was|were|are|be|been in included|defined|described|compared|applied|used|performed"
        "|presented|shown|obtained|trained|proposed|made|found|considered",
        "0 2",
    ),
    Row("most of time|people", "most of the 2|most 2"),
    Row("the half of the|these|all|our", "half of 3"),
    Row("as same as", "the same as"),
    Row("an own", "its own|their own"),
    Row(
        "train|trains|trained|build|builds|create|creates|develop|develops|developed|use|uses|using"
        "|has|have|with|by|define|on own <nmp>",
        "0 their own 2|0 our own 2",
        guess=True,
    ),
    # Words that look like others.
    Row("the later is|are|was|were|has|can|one|two|approach|case|method", "the latter 2"),
    Row("is|are|was|were|be than <e-c>", "0 then 2"),
    Row("able|order|be do <v-nm>|use", "0 to 2"),
    Row(f"both {_KINDS} or {_KINDS}", "both 1 and 3", guess=True),
    Row("is|are|be|was|were called|termed as a|an", "0 1 3"),
    Row("^ to be noticed|noted that", "note that"),
    Row("in the other words", "in other words"),
    Row("^ below shows|presents|lists|gives|describes", "the … below 1"),
    Row(f"{CAN} be also <?>|<j-nr>|a|an|the", "0 also be 3"),
    Row(
        "prevent|prevents|prevented|preventing ?the|a|an|our|these|this ?<jegnmHC?>"
        " us|it|them|<nmp> to <v>|be",
        "0 1 2 3 from gerund5",
    ),
    Row("cannot|hardly be understated", "0 be overstated"),
    Row("is|are|was|were|be|become|becomes good|better|best in <g>", "0 1 at 3"),
    Row("due|according|owing their|its|our|his", "0 to 1"),
    Row("go lost", "get lost"),
    Row("dependant on|upon|of", "dependent on"),
    Row("for what concerns", "regarding|as for"),
    Row("!fill|fills|filling|filled|put|add in details $", "in detail"),
    Row("after|for awhile", "0 a while"),
    Row("free reign", "free rein"),
    Row("nation wide", "nationwide"),
    Row("a|the|third|or forth <n>|<m>|one", "0 fourth 2"),
    Row("at|on a large-scale $", "on a large scale"),
    Row("at|on a high-level $", "at a high level"),
    Row("its'|its’ <nmp>", "its 1"),
    Row("its'|its’ <j-nm>", "its 1|it is 1"),
    # What is one word as a noun, and two as a verb.
    Row(f"{_DOES} setup|set-up {_WHAT}", "0 set up 2"),
    Row(f"{_DOES} lookup|look-up {_WHAT}", "0 look up 2"),
    Row(f"{_DOES} speedup|speed-up {_WHAT}", "0 speed up 2"),
    Row("<nmp>|<g>|<z>|<v>|<e> everyday $", "0 every day"),
    Row("a a <n>|<j>|<g>|<e>", "a 2", sure=True),
    Row("<N> millions|billions|thousands", "0 singular1"),
    Row("be|been|is|are|was|were setup by|in|as|with|to|for|using|such|so", "0 set up 2"),
    Row("helps|helped <g-nmj> the|a|an|our|this|these|to|in", "0 base1 2"),
    Row("can|to|will|could|might|would|may|should help <g-nmj>", "0 help base2"),
    Row("^ opposed to", "as opposed to"),
    Row("number of data $", "amount of data"),
    Row("in|at first|second|third|last|final step|iteration|epoch", "0 the 1 2", guess=True),
    Row("^ before to <v>", "before gerund2"),
    Row("without to <v>|be", "without gerund2"),
    Row("look|looks|looking forward to <v-nm>|see|hear", "0 forward to gerund3"),
    Row("mention|mentions|emphasizes|explains about the|a|how|these|some|two|three", "0 2"),
    Row("explain|explains|explained us how|why|that|what|the", "0 to us 2"),
    Row("different of the|a|an|this|that|each", "0 from 2"),
    Row("take|takes|taken|taking in account|consideration", "0 into 2"),
    Row("same than", "0 as"),
    # "Earlier in the same file than", and "if they are the same then" of an "if".
    Row("same <nmp> than", "0 1 as", guess=True),
    Row("the same then", "the same as", guess=True),
    Row("neither ?the|a|an|one <?>|<nmp> or", "0 1 2 nor"),
    Row("either <nmp> nor", "0 1 or"),
    Row("as fast|good|well|much|often|many|high|large|low|long|big|small than", "as 1 as"),
    Row("most <s-n>", "1"),
    Row("must to <v-nm>|be", "must 2"),
    Row("despite it|they|we|there is|are|was|were|has|have|can", "although 1 2"),
    Row("at the time being", "for the time being"),
    Row("^ as a conclusion", "in conclusion"),
    Row("consider|considers|considering|enjoy|enjoys|involve|involves to <v-nm>", "0 gerund2"),
    Row("!only|not need|want|wants <v-npjdezr> the|a|an|this|our", "0 to 1 2"),
    Row("consist|consists|consisted|consisting in <N>|two|three|four|five|ten|several", "0 of 2"),
    Row("~<np?> so to obtain|avoid|build|ensure|reduce|allow|be|get", "so as to 2"),
    Row("resemble|resembles to the|a|an", "0 2"),
    Row("faced|confronted to the|a|an|this", "0 with 2"),
    Row(
        "there are|were many|some|several|other|two|no|also ?<j> <p-v> are|have|can|will|could",
        "0 1 2 3 4 that 5",
    ),
    Row("responsible to <v>", "responsible for gerund2"),
    Row(
        "is|are|be|was|were shown|seen|described|discussed|presented|depicted on|at"
        " table|figure|section|chapter",
        "0 1 in …",
    ),
    Row("because|although|since is|was <j-nvr>|<e-n>", "0 it 1 2"),
    Row("!the most of the times", "most of the time"),
    # Articles.
    Row(f"^ such <n-pmvjzrg> of|is|was|has|{CAN}|<z-pvn>", "such a 1 2"),
    Row(f"^ such <jH-vnr> <n-pmvjzrg> is|was|has|{CAN}|<z-pvn>", "such a 1 2 3"),
    Row(f"that|because|since|if|when such <n-pmvjzrg> is|was|has|{CAN}|<z-pvn>", "0 such a 2 3"),
    Row(f"^ similar <n-pmvjzrg> is|was|has|{CAN}|applies", "a 0 1 2"),
    Row(f"^ same <nmp> is|are|was|were|{CAN}|applies|holds|goes", "the 0 1 2"),
    Row(f"^ first|second|third|next|following|current <n-pmvjzrg> {CAN}|<z-pvn>", "the 0 1 2"),
    Row("in|on left|right|top|bottom|upper|lower panel|corner|half $", "0 the 1 2"),
    Row("in|on x-axis|y-axis $", "on the 1"),
    Row("in|on horizontal|vertical|left|right axis|side $", "on the 1 2"),
    Row("in|as function of", "as a function of"),
    Row(
        "!<?>|a|the|an|this|that|such|one|whole|each|first|last|same|other|parking|<j>|<n> lot of",
        "a lot of|many",
    ),
    Row(
        "^ large|big|great|small|huge|vast|considerable|major"
        " part|number|amount|portion|majority|proportion|fraction|variety of",
        "a 0 1 of",
    ),
    Row(
        "is|denotes|represents"
        " number|length|ratio|height|width|depth|set|probability|value|sum|average of",
        "0 the 1 of",
    ),
    Row(
        "is|was collection|measure|subset|class|result|multiple|member|combination|variant of",
        "0 a 1 of",
    ),
    Row("play|plays|played ?<r> <j-vnr>|big|central|key|large|important role", "0 a 1 2 3"),
    Row(
        "have|has|had|having ?<r> <jH-vnr>|big|great|strong|huge|large|major"
        " impact|effect|influence $",
        "0 a 1 2 3",
        guess=True,
    ),
    *(
        Row(pattern, new)
        for pattern, _, new in (line.partition(" = ") for line in _ALIKE.strip().splitlines())
    ),
)
