"""Answers that are true of the sample document, in other words than its own, and how to make each of them false."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Document
from qa.numerals import as_words


@dataclass(frozen=True)
class Truth:
    """A true sentence and the short pieces of the document that bear it."""

    text: str
    anchors: tuple[str, ...]


TRUTHS = (
    Truth("Sinds 2011 daalt het aantal inwoners van de regio Veenkamp.", ("daalt het aantal inwoners al sinds 2011",)),
    Truth("De vier gemeenten maakten in 2018 samen een regioplan.", ("Daarom maakten zij in 2018 samen",)),
    Truth("In 2022 vervoerde de buurtbus ruim 41.000 reizigers.", ("vervoerde in 2022 ruim 41.000 reizigers",)),
    Truth("Zeven dorpen kregen een voorzieningenhuis.", ("kregen zeven dorpen een voorzieningenhuis",)),
    Truth(
        "Er werden 214 huurwoningen voor ouderen verbouwd, terwijl er 400 gepland waren.",
        ("Er werden 214 huurwoningen verbouwd", "Totaal 400 214"),
    ),
    Truth("Aan de eerste gesprekken deed niemand onder de 25 jaar mee.", ("deed niemand onder de 25 jaar mee",)),
    Truth("Het onderzoek kostte 38.500 euro.", ("kostte 38.500 euro",)),
    Truth("De onderzoekers hebben met 36 mensen gesproken.", ("De onderzoekers spraken met 36 mensen",)),
    Truth("Van de 2.400 huishoudens reageerden er 971.", ("waarvan er 971 reageerden",)),
    Truth(
        "Over afzonderlijke dorpen kunnen geen uitspraken worden gedaan.",
        ("maar niet over afzonderlijke dorpen",),
    ),
    Truth("Jongeren komen in de vragenlijst nauwelijks voor.", ("omdat zij in de vragenlijst nauwelijks voorkomen",)),
    Truth("Voor werk had het plan geen meetbare doelen.", ("Het plan bevatte geen meetbare doelen voor werk",)),
    Truth(
        "Welk deel van de nieuwe banen aan het plan te danken is, kan niet worden vastgesteld.",
        ("Daardoor kan niet worden vastgesteld",),
    ),
    Truth(
        "Vóór 2018 reed in elf van de achttien dorpen geen openbaar vervoer meer.",
        ("reed er in elf van de achttien dorpen",),
    ),
    Truth(
        "De buurtbus had in 2022 in totaal 132 vrijwilligers.", ("rijdt met vrijwilligers: in 2022 waren dat er 132",)
    ),
    Truth("Een rit met de buurtbus kost 1,50 euro, ongeacht de afstand.", ("Een rit kost 1,50 euro",)),
    Truth("De dienst lag elf weken stil vanwege de coronamaatregelen.", ("Toen lag de dienst elf weken stil",)),
    Truth("Het contract met de provincie eindigt op 31 december 2024.", ("Het contract met de provincie loopt af",)),
    Truth(
        "In Nieuw-Dreven ging het voorzieningenhuis niet door, omdat de huisarts in zijn eigen pand bleef.",
        ("in Nieuw-Dreven ging het voorzieningenhuis niet door",),
    ),
    Truth(
        "De melkfabriek werd opgeknapt met steun van 60 bewoners.", ("die met steun van 60 bewoners werd opgeknapt",)
    ),
    Truth("Het aantal basisscholen daalde van 23 naar 17.", ("Het aantal basisscholen daalde van 23 naar 17",)),
    Truth(
        "Zonder de buurtbus hadden veel kinderen de nieuwe school niet bereikt.",
        ("hadden veel kinderen de nieuwe school niet kunnen bereiken",),
    ),
    Truth("Volgens de wethouder zijn er negen bijeenkomsten gehouden.", ("dat er negen bijeenkomsten zijn gehouden",)),
    Truth("De verbouwing van de melkfabriek kostte 1,2 miljoen euro.", ("De verbouwing kostte 1,2 miljoen euro",)),
    Truth("De melkfabriek van Sluitersveen stond vijftien jaar leeg.", ("stond vijftien jaar leeg",)),
    Truth("Sinds 2021 komen er gemiddeld 340 bezoekers per week.", ("komen er gemiddeld 340 bezoekers per week",)),
    Truth("Het dak kan het gewicht van zonnepanelen nog niet dragen.", ("het dak kan het gewicht nog niet dragen",)),
    Truth(
        "Van alle huishoudens in Veenkamp bestaat 41 procent uit mensen van boven de 65 jaar.",
        ("bestaat 41 procent uit mensen boven de 65 jaar",),
    ),
    Truth(
        "Velen wonen in een groot huis met een tuin die zij niet meer kunnen onderhouden.",
        ("die zij niet meer kunnen onderhouden",),
    ),
    Truth("In Nieuw-Dreven gaat het om één op de acht woningen.", ("gaat het om één op de acht woningen",)),
    Truth(
        "De andere drie gemeenten hebben de zelfbewoningsplicht nog niet ingevoerd.",
        ("voerde in 2021 een zelfbewoningsplicht in", "De andere drie gemeenten hebben dat nog niet gedaan"),
    ),
    Truth("Er staan 63 winkels leeg in de dorpskernen.", ("In de dorpskernen staan 63 winkels leeg",)),
    Truth("Door de sluiting van de zuivelfabriek verdwenen 430 banen.", ("Daardoor verdwenen 430 banen",)),
    Truth("Zuivelfabriek Karnstra sloot in september 2020 en verhuisde naar Polen.", ("In september 2020 sloot",)),
    Truth("Acht nieuwe bedrijven zorgden samen voor 95 arbeidsplaatsen.", ("samen goed voor 95 arbeidsplaatsen",)),
    Truth("Een vergunning aanvragen duurde gemiddeld zeven maanden.", ("een aanvraag duurde gemiddeld zeven maanden",)),
    Truth(
        "De campings en pensions telden in 2022 samen 88.000 overnachtingen.",
        ("88.000 overnachtingen, tegen 61.000 in 2018",),
    ),
    Truth("Van de leerlingen kreeg 58 procent een baan bij hun stagebedrijf.", ("Van hen kreeg 58 procent een baan",)),
    Truth("De stuurgroep kwam 22 keer bij elkaar.", ("De stuurgroep kwam 22 keer bijeen",)),
    Truth("In totaal was er 6,4 miljoen euro beschikbaar.", ("Er was in totaal 6,4 miljoen euro beschikbaar",)),
    Truth("Bewoners geven het plan gemiddeld een 6,8.", ("Bewoners geven het plan gemiddeld een 6,8",)),
    Truth(
        "De provincie heeft toegezegd weer mee te betalen, maar noemt nog geen bedrag.",
        ("De provincie heeft toegezegd opnieuw mee te betalen",),
    ),
    Truth("Ondernemers missen één aanspreekpunt.", ("Ook missen zij één aanspreekpunt",)),
    Truth("De gemeente Nieuw-Dreven deed pas vanaf 2019 mee.", ("deed pas vanaf 2019 mee",)),
    Truth(
        "De contracten van de vier medewerkers lopen tot juli 2024.",
        ("heeft vier vaste medewerkers", "Hun contracten lopen"),
    ),
    Truth("Het plan bevatte geen meetbare doelen voor werk.", ("Het plan bevatte geen meetbare doelen",)),
    Truth("Er ontbreken cijfers van vóór 2018 over het gebruik van voorzieningen.", ("Ook ontbreken cijfers",)),
    Truth("Het sloopfonds werd in 2022 voor het eerst gebruikt.", ("is in 2022 voor het eerst gebruikt",)),
)

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORDS = {
    "twee": "drie", "drie": "zes", "vier": "vijf", "zeven": "negen", "acht": "twaalf", "negen": "zeven",
    "elf": "dertien", "achttien": "zestien", "vijftien": "vijftig", "één": "vier",
}  # fmt: skip
SCALES = {"miljoen": "miljard", "procent": "promille", "december": "november", "september": "oktober", "juli": "juni"}
DENIALS = re.compile(r"\b(niet|geen|niemand|nauwelijks|nog niet|zonder)\b ?", re.IGNORECASE)
AFFIRMED = {"niemand": "iemand", "nauwelijks": "vaak", "geen": "", "niet": "", "zonder": "met"}
VERB = re.compile(
    r"\b(daalt|maakten|vervoerde|kregen|werden|kostte|hebben|reageerden|had|kost|lag|eindigt|werd|daalde|zijn|stond|komen|"
    r"bestaat|wonen|gaat|staan|verdwenen|sloot|zorgden|duurde|telden|kreeg|kwam|was|geven|heeft|missen|deed|lopen|ontbreken)\b"
)


def wrong_numbers(text: str, dice: random.Random) -> Iterator[str]:
    """The text with one of its numbers, number words or scales replaced by another."""
    for found in NUMBER.finditer(text):
        digits = found.group()
        for _ in range(3):
            at = dice.choice([n for n, letter in enumerate(digits) if letter.isdigit()])
            other = dice.choice([d for d in "123456789" if d != digits[at]])
            yield text[: found.start()] + digits[:at] + other + digits[at + 1 :] + text[found.end() :]
    for word, other in (WORDS | SCALES).items():
        changed = re.sub(rf"\b{word}\b", other, text, flags=re.IGNORECASE)
        if changed != text:
            yield changed


def flipped(text: str) -> Iterator[str]:
    """The text with its negation taken out, or with one put in."""
    if denial := DENIALS.search(text):
        word = denial.group(1).lower()
        instead = AFFIRMED.get(word, "")
        yield " ".join((text[: denial.start()] + instead + " " + text[denial.end() :]).split())
        return
    if verb := VERB.search(text):
        yield f"{text[: verb.end()]} niet{text[verb.end() :]}"
        yield f"{text.rstrip('.')} niet."
    for number in re.finditer(r"\b(een|\d[\d.]*) (?=[a-z]{4})", text):
        yield text[: number.start()] + "geen " + text[number.end() :]


def mutated(count: int) -> list[tuple[Truth, str]]:
    """`count` false sentences, each with the truth it was made from; the same ones every time."""
    dice = random.Random(11)
    made = [(truth, text) for truth in TRUTHS for text in (*wrong_numbers(truth.text, dice), *flipped(truth.text))]
    different = [(truth, text) for truth, text in dict.fromkeys(made) if as_words(text) != as_words(truth.text)]
    dice.shuffle(different)
    assert len(different) >= count, len(different)
    return different[:count]


def anchored(document: Document, anchor: str) -> tuple[int, int]:
    """Where an anchor stands in the document's text."""
    start = document.text.index(anchor)
    return start, start + len(anchor)
