"""A double question to its parts: "Hoeveel regio's zijn er en wie betaalt dat?" asks two things."""

import re

from index.sparse import stems

ASKING = r"(wie|wat|welke?|waar\w*|wanneer|waarom|hoe|hoeveel|what|who|which|where|when|why|how)\b"
JOINED = re.compile(rf",?\s+(?:en|and)\s+(?:ook\s+)?(?={ASKING})", re.IGNORECASE)
BETWEEN = re.compile(r"(?<=\?)\s+")
STARTS = re.compile(rf"\W*((in|op|van|voor|met|bij|door|sinds|tot|volgens|aan|over|uit) )?{ASKING}", re.IGNORECASE)
POINTS_BACK = re.compile(r"\b(hij|zij|ze|die|dat|deze|dit|daar\w*|er|hun|hen|it|they|that|there)\b", re.IGNORECASE)
MOST = 3
FEWEST_STEMS = 2


def parts_of(question: str) -> list[str]:
    """The questions in a question, at most MOST; one list with the question itself when it asks one thing.

    A part counts when it asks something and says enough to be looked for by itself, without a word that points back.
    """
    pieces = [part for sentence in BETWEEN.split(question) for part in JOINED.split(sentence) if part]
    pieces = [part for part in pieces if not re.fullmatch(ASKING, part, re.IGNORECASE)]
    whole = all(STARTS.match(part) and len(set(stems([part])[0])) >= FEWEST_STEMS for part in pieces)
    alone = not any(POINTS_BACK.search(part) for part in pieces[1:])
    return pieces if 1 < len(pieces) <= MOST and whole and alone else [question]
