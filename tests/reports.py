"""Three short made-up reports in two folders, and an index of them by the deterministic encoder."""

from dataclasses import replace
from pathlib import Path

from corpus.find import find_documents
from corpus.load import load_documents
from fakes import FakeEncoder, build
from index.store import Index

EARLY = """\
Evaluatie fietsplan Zuiderwold 2018

1 Het fietspad

Het fietspad langs de Wold is elf kilometer lang. De aanleg kostte 4 miljoen euro. Langs het fietspad staan
geen lantaarns.

2 De bewoners

De fietsersbond vond het fietspad te smal. Bewoners vroegen om een oversteek bij de school.
"""
LATE = """\
Evaluatie fietsplan Zuiderwold 2022

1 Het fietspad

Het fietspad langs de Wold is zeventien kilometer lang. De verbreding kostte 6 miljoen euro. Sinds 2021 staan er
lantaarns langs het fietspad.

2 De bewoners

De fietsersbond vond het fietspad te smal. De oversteek bij de school is er gekomen.
"""
LEAVE = """\
Handreiking verlof voor medewerkers

1 Het verlof

Een medewerker krijgt acht uur verlof voor een verhuizing. Het verlof wordt aangevraagd bij de leidinggevende.

2 De fiets

De werkgever betaalt 300 euro mee aan een fiets van de medewerker.
"""
WRITTEN = {
    "verkeer/evaluatie-fietsplan-2018.txt": EARLY,
    "verkeer/oud/evaluatie-fietsplan-2022.txt": LATE,
    "HR & Organisatie/handreiking-verlof.txt": LEAVE,
}


def write_reports(folder: Path) -> Path:
    """The reports as files; returns the folder."""
    for name, text in WRITTEN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def build_reports(folder: Path, only: str = "") -> Index:
    """An index of the reports, or of those whose name begins with `only`."""
    found = find_documents([write_reports(folder / "stukken")], [], folder)
    files = [replace(file, collection=found.collections[file.path]) for file in load_documents(found.paths)]
    return build(folder / "index", [file for file in files if file.document.id.startswith(only)], FakeEncoder())
