"""What only frames a question: "Wat zegt het rapport over de huren?" asks for the rents, and not for a report.

Words like "zegt" and "rapport" stand all over a report. Looked for, they find places about the report itself.
"""

import re

from index.sparse import stems

# A document as a whole; an evaluation or a study may also be what is asked about.
DOCUMENT = (
    r"(?:het|dit|dat|de|deze|die|jullie|uw|the|this)\s+(?:\w*rapport|document(?:en)?|verslag|stuk(?:ken)?|report)"
)
WORK = rf"(?:{DOCUMENT}|(?:het|dit)\s+onderzoek|(?:de|deze)\s+(?:evaluatie|tekst))"
SAYS = r"(?:zegt|zeggen|zei|vermeldt|meldt|schrijft|vertelt|beschrijft|concludeert|stelt|leert|weet)"
FILLER = r"(?:\s+(?:er|eigenlijk|precies|allemaal|iets|nog|ook|zoal|dan|nu|eens|wat|meer))*"
KNOWN = r"(?:bekend|gezegd|geschreven|verteld|gemeld|vermeld|te\s+(?:vinden|lezen|zeggen))"
ABOUT = r"\s+(?:over|omtrent|about|on)\s+"
YOU = r"(?:je|jij|u|jullie)"
OPENINGS = (
    rf"wat\s+{SAYS}\s+(?:{WORK}|{YOU}){FILLER}{ABOUT}",
    rf"(?:wat\s+)?(?:staat|stond|lees\s+ik|vind\s+ik|kan\s+ik\s+lezen){FILLER}(?:\s+in\s+{WORK})?{FILLER}{ABOUT}",
    rf"(?:wat\s+)?(?:is|wordt|werd){FILLER}(?:\s+in\s+{WORK})?{FILLER}\s+{KNOWN}(?:\s+in\s+{WORK})?{ABOUT}",
    rf"is\s+er\s+iets{ABOUT}",
    rf"(?:kun|kunt|kan|wil|wilt|zou)\s+{YOU}(?:\s+(?:me|mij|ons))?{FILLER}\s+(?:vertellen|zeggen|uitleggen){ABOUT}",
    rf"(?:vertel|zeg)(?:\s+(?:me|mij|ons))?{FILLER}{ABOUT}",
    rf"ik\s+(?:wil|zou){FILLER}(?:\s+graag)?{FILLER}\s+(?:willen\s+)?weten{ABOUT}",
    rf"(?:(?:ik\s+zoek|geef(?:\s+(?:me|mij))?|heb(?:t)?\s+{YOU}|heeft\s+u){FILLER}\s+)?(?:info|informatie){ABOUT}",
    r"hoe\s+zit\s+het(?:\s+(?:eigenlijk|precies|nu|dan))?\s+met\s+",
    rf"what\s+(?:does|do|did)\s+(?:{DOCUMENT}|you)\s+(?:say|know|tell\s+us){ABOUT}",
    rf"what\s+is\s+(?:said|known|written){ABOUT}",
    rf"(?:(?:can|could)\s+you\s+)?tell\s+(?:me|us)(?:\s+(?:more|something))?{ABOUT}",
)
# What asks for a document as a whole.
GIST = re.compile(
    rf"\W*(?:(?:waar|waarover)\s+gaat\s+(?:{WORK}|dit|het)(?:\s+(?:eigenlijk|precies))?(?:\s+over)?"
    rf"|(?:(?:kun|kunt|kan|wil|wilt|zou)\s+{YOU}\s+|geef\s+|maak\s+|schrijf\s+|toon\s+|wat\s+is\s+|wat\s+staat\s+er\s+in\s+)?"
    rf"(?:(?:me|mij|ons)\s+)?(?:een\s+|de\s+)?(?:korte\s+)?samenvatting(?:\s+(?:geven|maken|schrijven))?"
    rf"(?:\s+(?:van|uit|over)\s+{WORK})?(?:\s+(?:geven|maken|schrijven))?"
    rf"|vat\s+{WORK}(?:\s+(?:eens|even|kort))*\s+samen|(?:kun|kunt|kan|wil)\s+{YOU}\s+{WORK}(?:\s+kort)?\s+samenvatten"
    rf"|wat\s+staat\s+er(?:\s+(?:allemaal|zoal))?\s+in\s+{WORK}|wat\s+zegt\s+{WORK}"
    rf"|what\s+is\s+(?:{DOCUMENT}|this)\s+about"
    rf"|(?:(?:give|write|make)\s+(?:me\s+)?)?(?:an?\s+|the\s+)?(?:short\s+)?summary(?:\s+of\s+{DOCUMENT})?"
    rf"|summari[sz]e\s+{DOCUMENT})\W*",
    re.IGNORECASE,
)
# "Weet u hoeveel dorpen er zijn?": what follows asks by itself.
ASKS = r"(?=(?:wat|wie|welke?|waar\w*|wanneer|waarom|hoe\w*|of|what|who|which|where|when|why|how|if|whether)\b)"
POLITE = (
    r"(?:\s+(?:in\s+het\s+kort|kort|misschien|soms|toevallig|alstublieft|a\.?u\.?b\.?|graag|even|eens|ook|precies))*"
)
REQUESTS = (
    rf"(?:kun|kunt|kan|wil|wilt|zou)\s+{YOU}(?:\s+(?:me|mij|ons))?{POLITE}(?:\s+kunnen)?\s+"
    rf"(?:vertellen|zeggen|uitleggen|aangeven|laten\s+weten)",
    rf"weet\s+{YOU}{POLITE}",
    rf"ik\s+(?:wil|zou){POLITE}(?:\s+willen)?{POLITE}\s+weten",
    rf"ik\s+(?:vraag\s+(?:me|mij){POLITE}\s+af|ben\s+benieuwd)",
    rf"mag\s+ik{POLITE}\s+(?:weten|vragen)",
    r"mijn\s+vraag\s+is",
    rf"(?:vertel|zeg)(?:\s+(?:me|mij|ons))?{POLITE}|leg(?:\s+(?:me|mij|ons))?{POLITE}\s+uit",
    r"(?:(?:can|could)\s+you\s+(?:please\s+)?)?tell\s+(?:me|us)|do\s+you\s+know",
)
OPENING = re.compile(
    rf"(?:^|(?<=[.!?]\s))\W*(?:{'|'.join(OPENINGS)}|(?:{'|'.join(REQUESTS)})[\s,:]+{ASKS})", re.IGNORECASE
)
ASIDE = re.compile(
    rf",?\s*\b(?:(?:volgens|according\s+to)\s+{WORK}\b,?|in\s+{DOCUMENT}(?=\s*(?:[?.!,;:]|$)))", re.IGNORECASE
)


def asks_gist(text: str) -> bool:
    """Whether a question asks what a document as a whole says."""
    return bool(GIST.fullmatch(text))


def is_framed(text: str) -> bool:
    """Whether a question says itself what it is about, after words that only frame it."""
    return bool(OPENING.search(text))


def unframed(text: str) -> str:
    """A question without what frames it; as it is where that leaves nothing to look for."""
    rest = ASIDE.sub("", OPENING.sub("", text)).strip()
    return rest if stems([rest])[0] else text
