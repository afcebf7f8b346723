"""The small Dutch word lists that the support check leans on."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATORS = _words(
    """
    niet geen nooit nergens niemand niets niks noch zonder nauwelijks evenmin amper zelden
    """
)
# Where the reach of a negation ends.
BOUNDARIES = _words(
    """
    maar want terwijl omdat doordat hoewel ofschoon zodat waarbij waardoor waarvan waarin tenzij mits behalve
    doch echter wel
    """
)
# What may not be there unless the source has it: a written sentence with one of these says something exact.
EXACT = _words(
    """
    miljoen miljard biljoen procent procentpunt procentpunten promille helft kwart dubbele driekwart halve
    half januari februari maart april mei juni juli augustus september oktober november december maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag eerste tweede derde vierde vijfde zesde zevende
    achtste negende tiende elfde twaalfde noorden zuiden oosten westen alle iedere ieder elke elk altijd
    nooit enige uitsluitend verplicht verboden
    """
)
SAME_EXACT = {"ieder": "elk", "iedere": "elk", "elke": "elk", "alle": "elk", "halve": "half", "helft": "half"}
# Words of telling: they say who speaks or that something is written, not what.
TELLING = _words(
    """
    volgens rapport rapporten document documenten passage passages tekst onderzoek onderzoekers staat
    vermeldt blijkt meldt noemt genoemd aldus namelijk daarnaast bovendien verder ook vooral daarom hierdoor
    daardoor sprake betreft gaat ging komt kwam kwamen werden heeft hadden worden werd zijn waren dankzij
    echter totaal samen deze dit die welke hiervan daarvan hierbij daarbij waarvan waarbij terwijl tijdens
    per sinds vanaf binnen tussen andere anders onder boven vanwege wegens rond circa ongeveer ruim bijna
    zoals evenals
    """
)
# Where one side stands in the sentence and only the other in its quotes, the meaning is turned round.
OPPOSITES = sorted(
    tuple(pair.split("/"))
    for pair in _words(
        """
        meer/minder meeste/minste hoger/lager hoogste/laagste groter/kleiner stijgt/daalt steeg/daalde
        stegen/daalden stijging/daling stijgen/dalen gestegen/gedaald toenam/afnam toename/afname
        toegenomen/afgenomen groeide/kromp groeit/krimpt groei/krimp gegroeid/gekrompen voor/tegen vóór/na
        voor/na beter/slechter best/slechtst binnen/buiten langer/korter eerder/later goed/slecht veel/weinig
        vaak/zelden altijd/soms open/dicht rijk/arm jong/oud jongeren/ouderen verplicht/vrijwillig
        verplicht/verboden winst/verlies duurder/goedkoper sneller/langzamer publiek/privaat positief/negatief
        gehaald/gemist toegestaan/verboden begin/eind minimaal/maximaal minstens/hoogstens vergroot/verkleint
        tevreden/ontevreden
        """
    )
)
# "Niet alleen" is no "alleen", and "niet altijd" no "altijd".
ONLY = _words("alleen enkel slechts uitsluitend louter")
ALL = _words("altijd overal iedereen alle alles allemaal allen elke elk ieder iedere helemaal volledig geheel")
HEDGES = _words(
    """
    mogelijk misschien wellicht waarschijnlijk vermoedelijk zou zouden
    """
)
# A sentence that speaks to the reader's machine instead of about the subject.
COMMAND = re.compile(
    r"\b(negeer|vergeet|disregard|ignore|forget)\b.{0,60}\b(instructies?|opdracht(en)?|regels?|instructions?|"
    r"prompts?|rules?|voorgaande|bovenstaande|vorige|previous|above|alles)\b"
    r"|\b(system|systeem)[ -]?(prompt|bericht|instructie)"
    r"|\btaalmodel(len)?\b.{0,40}\b(moet|schrijf|zeg|antwoord|geef|meld)"
    r"|\b(als|as) (ai|an ai|taalmodel|chatbot)\b|<\|?(im_start|system|assistant|user)"
    r"|\b(antwoord|reageer|reply|respond|answer)\b.{0,30}\b(altijd|alleen|uitsluitend|only|always)\b"
    r".{0,20}\b(met|with)\b"
    r"|\b(jij|je|u) bent (nu|vanaf nu)\b|\byou are now\b|\[/?(inst|system)\]",
    re.IGNORECASE | re.DOTALL,
)
LOOSE_START = re.compile(
    r"(daar\w*|hier\w*|dit|deze|dat|die|zij|ze|hij|toen|hun|haar|ook|zo|wel|toch|echter|dan)\b", re.IGNORECASE
)
