"""What is no question, and what asks nothing that can be looked for."""

import re

from index.sparse import stems

HELLO = (
    r"(hallo+|hoi+|hey+|hé|hai|dag|goede?n?\s?(morgen|middag|avond|dag)\w*|goeie?\s?(morgen|middag|avond|dag)\w*|"
    r"hello|hi|good (morning|afternoon|evening))"
)
THANKS = (
    r"(dank(je|u)?( ?(je|u) ?wel)?|dankuwel|dankjewel|bedankt|thanks?|thank you|merci|top|super|prima|mooi|oke?|oké|"
    r"ha(ha)+|tot ziens|doei|fijne (dag|avond|middag|weekend)\w*)"
)
ABOUT_ME = re.compile(
    r"\b(wie|wat) (ben|bent) (jij|je|u)\b|\bben (jij|je) (een |ook een )?(mens|computer|robot|bot|ai|machine|chatbot)|"
    r"\bbent u (een )?(mens|computer|robot|bot|machine)|\bhoe (gaat|is) het( met (u|jou|je))?\s*[?!.]*$|"
    r"\bhoe heet (je|jij|u)\b|\bwat kun(t)? (je|jij|u)( allemaal)?( doen)?\s*\?*$|"
    r"\bwho are you\b|\bare you (a )?(human|robot)",
    re.IGNORECASE,
)
# "Wat een weer vandaag, zeg": no question, though it begins as one.
EXCLAIMS = re.compile(r"^\W*wat (een|'?n)\b[^?]*(\b(he|hè|hé|zeg|joh|man)\W*|!\s*)$", re.IGNORECASE)
GREETING = re.compile(rf"\W*({HELLO}|{THANKS})\b", re.IGNORECASE)
ASKS = re.compile(
    r"\?|\b(wat|wie|welke?|waar\w*|wanneer|waarom|hoe|hoeveel|what|who|which|where|when|why|how)\b", re.IGNORECASE
)
# Words that name nothing.
EMPTY = frozenset(
    stems(
        [
            "iets ding dingen zaken vertel vertellen zeg zeggen weet weten wil willen graag eens even alles informatie "
            "info vraag vragen antwoord help hulp leuk interessant meer iemand niets niks test hallo ok oke haha kunt "
            "kun jij u je mij me something anything things tell"
        ]
    )[0]
)
FEW_WORDS = 8


def is_small_talk(text: str) -> bool:
    """Whether somebody greets, thanks, exclaims or asks after the machine, without a question for the documents."""
    if ABOUT_ME.search(text) and len(text.split()) <= 2 * FEW_WORDS:
        return True
    if EXCLAIMS.match(text) and len(text.split()) <= FEW_WORDS:
        return True
    greeted = GREETING.match(text)
    if not greeted or len(text.split()) > FEW_WORDS:
        return False
    rest = text[greeted.end() :]
    return not ASKS.search(rest)


def says_nothing(text: str) -> bool:
    """Whether no word of a question names a thing that could be looked for."""
    return not set(stems([text])[0]) - EMPTY
