"""What a document's title and file name say for sure: the year it is about, and the kind of document it is."""

import re
import unicodedata
from collections.abc import Mapping

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# From a word in a title to the kind; of two in one title the first counts, for that is what the title names.
KINDS: Mapping[str, str] = {
    "evaluatie": r"\w*evaluaties?(?:rapport(?:en)?)?",
    "jaarverslag": r"jaarverslag(?:en)?|jaarrapport(?:en)?|jaarrapportages?",
    "voortgangsrapportage": r"voortgangsrapportages?|voortgangsverslag(?:en)?",
    "kamerbrief": r"kamerbrie(?:f|ven)",
    "begroting": r"\w*begroting(?:en)?",
    "handreiking": r"handreiking(?:en)?|handleiding(?:en)?|leidra(?:ad|den)",
    "factsheet": r"factsheets?",
    "monitor": r"\w*monitors?",
    "convenant": r"convenant(?:en)?",
    "verordening": r"\w*verordening(?:en)?",
    "regeling": r"\w*regeling(?:en)?",
    "besluit": r"\w*besluit(?:en)?",
    "advies": r"\w*advie(?:s|zen)",
    "onderzoek": r"\w*onderzoek(?:en)?|\w*onderzoeksrapport(?:en)?",
    "visie": r"(?:\w+s|woon|toekomst)?visies?",
    "nota": r"\w*nota(?:'s|’s)?|\w*notities?",
    "plan": r"\w*plan(?:nen)?",
}
_KIND = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in KINDS.items()), re.IGNORECASE)


def year_of(title: str, name: str) -> int | None:
    """The one year that title and file name name; None when they name none, or more than one."""
    years = set(YEAR.findall(title)) | set(YEAR.findall(name))
    return int(years.pop()) if len(years) == 1 else None


def kind_of(title: str, name: str = "") -> str:
    """The kind of document that the title names, else the file name: a key of KINDS; "" when neither does."""
    for text in (title, name.replace("_", " ").replace("-", " ")):
        if found := _KIND.search(text):
            return str(found.lastgroup)
    return ""


def name_of_collection(folder: str) -> str:
    """A folder's name as people type it in an address: lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode() or folder
    return re.sub(r"[^\w]+", "-", plain.lower()).strip("-_") or "map"
