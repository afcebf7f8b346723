"""Who says what a quote says, where the text tells so: its own words for a person, a region, a ministry, a group."""

import re

from corpus.model import Document, Passage

SAYS = (
    "stelt|stellen|stelde|stelden|vindt|vinden|vond|vonden|zegt|zeggen|zei|zeiden|meent|menen|meende|pleit|pleiten|"
    "pleitte|benadrukt|benadrukken|benadrukte|benadrukten|noemt|noemen|noemde|noemden|signaleert|signaleren|"
    "signaleerde|constateert|constateren|constateerde|ervaart|ervaren|verwacht|verwachten|vraagt zich af|"
    "vragen zich af|wijst erop|wijzen erop|wijst op|wijzen op|merkt op|merken op|merkte op|geeft aan|geven aan|"
    "gaf aan|gaven aan|geeft als|adviseert|adviseren|ziet|zien|mist|missen|waardeert|waarderen|hoopt|hopen|betreurt|"
    "betreuren|ondervindt|ondervinden|denkt|denken|twijfelt|twijfelen|waarschuwt|waarschuwen|concludeert|concluderen"
)
# A noun for somebody who can hold a view; a name in capitals counts as well.
WHO = re.compile(
    r"\b(hoogleraar|hoogleraren|wetenschappers?|professor|deelnemers?|deelnemende|gesprekspartners?|respondenten|"
    r"geïnterviewden|bestuurders?|wethouders?|gedeputeerden?|burgemeesters?|ambtenaren|ministeries?|departementen|"
    r"minister|staatssecretaris|provincies?|gemeenten?|regio[’']?s|krimpregio[’']?s|anticipeerregio[’']?s|"
    r"corporaties|woningcorporaties|schoolbesturen|zorgaanbieders|zorgverzekeraars|ondernemers|werkgevers|inwoners|"
    r"bewoners|jongeren|ouderen|onderzoekers|adviesraad|raad|rijk|kabinet|kamer|partijen|betrokkenen|experts|"
    r"deskundigen|aanwezigen|vertegenwoordigers?|directeur|voorzitter|secretaris)\b",
    re.IGNORECASE,
)
NAMED = re.compile(r"(?<!^)\b[A-Z][a-zé]+(?:[- ][A-Z][a-zé]+)*\b")
ACCORDING = re.compile(
    r"\b(?:volgens|aldus|in de ogen van|naar het oordeel van|naar de mening van)\s+(?P<who>[^,.;:()]{3,70}?)"
    r"(?=[,.;:()]|\s+(?:is|zijn|was|waren|wordt|worden|heeft|hebben|kan|kunnen|moet|moeten|zou|zouden|gaat|gaan|ligt|"
    r"liggen|komt|komen|doet|doen|staat|staan|zit|blijft|speelt|geldt|leidt|biedt|vraagt|had|hadden|werd|werden|in|op|"
    r"mag|mogen|moest|moesten|kon|konden|zal|zullen|wil|willen|krijgt|krijgen|maakt|maken|neemt|nemen|valt|vallen|"
    r"niet|ook|wel|nog|dan|dat|een|het|er|men|te|om|nu|al|zelfs|vooral|juist|echter)\b)",
    re.IGNORECASE,
)
OPENING = re.compile(
    rf"^(?P<who>[^,.;:()]{{3,80}}?)\s+(?:{SAYS})\b(?!\s+(?:men|we|wij|ze|zij|hij|je|u|er)\b)", re.IGNORECASE
)
# A start that runs on past somebody: "De redenen zijn terug te vinden".
RUNS_ON = re.compile(
    r"\b(zijn|is|was|waren|laat|laten|te|wordt|worden|kan|kunnen|iets|term|om|die|dat)\b", re.IGNORECASE
)
LEADING = re.compile(r"^(ook|zo|maar|en|verder|bovendien|daarnaast)\s+", re.IGNORECASE)
ARTICLE = re.compile(r"^(de|het|een|dit|dat|deze|die|alle|elke|veel)\s+", re.IGNORECASE)
POINTS_BACK = re.compile(
    r"^(hij|zij|ze|dit|dat|deze|die|men|er|hen|hem|haar|wij|we|"
    r"aan|als|bij|binnen|door|in|langs|met|na|naast|om|omdat|ondanks|onder|op|over|rond|sinds|te|tegen|tijdens|toen|tot|"
    r"tussen|uit|van|vanuit|vanwege|voor|wanneer|zonder)\b",
    re.IGNORECASE,
)
LONGEST = 9


def speaker_of(document: Document, sentence: Passage) -> str:
    """Who a sentence says it is from, in its own words; "" where it does not say.

    "Volgens ...", or somebody at its start who finds, says, sees. The words are a slice of the sentence.
    """
    text = " ".join(document.text[sentence.start : sentence.end].split())
    for pattern in (ACCORDING, OPENING):
        if (found := pattern.search(text)) and (who := _trimmed(found.group("who"), document.text)):
            return who
    return ""


def inside_sentence(who: str) -> str:
    """The same words behind others: an article at their start has no capital there."""
    return who[0].lower() + who[1:] if ARTICLE.match(who) else who


def _trimmed(who: str, text: str) -> str:
    who = LEADING.sub("", who.strip(" ’‘'\"“”–-"))
    somebody = WHO.search(who) or _has_name(who, text)
    if not somebody or POINTS_BACK.match(who) or RUNS_ON.search(who) or len(who.split()) > LONGEST:
        return ""
    return who


def _has_name(who: str, text: str) -> bool:
    """Whether words name somebody. A first word has a capital anyway: it must have one inside a sentence as well."""
    first, *rest = who.split()
    if NAMED.search(f"x {' '.join(rest)}"):
        return True
    inside = re.search(rf"(?<=[a-z,]\s){re.escape(first)}\b", text) if first[:1].isupper() else None
    return inside is not None and not re.search(rf"\b{re.escape(first.lower())}\b", text)
