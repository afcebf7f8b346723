"""Gathers what a reader finds in a docx, html or md file, within limits, in the order in which people read it."""

from dataclasses import dataclass, field, replace
from time import monotonic

from corpus.errors import InputError
from corpus.limits import Limits
from corpus.outline import find_title, join_captions, looks_like_header, nest_headings
from corpus.paragraphs import PAGE_BREAK, Paragraph, assemble, cut_breaks, squeeze
from corpus.reading import Mark, Reading

RAISE_IT = "Splits het document of verhoog die grens in de instellingen."


def refuse_large(name: str, data: bytes, limits: Limits) -> None:
    """Raise InputError for a file of more bytes than the limit."""
    if len(data) > limits.file_bytes:
        raise InputError(
            f"{name}: het bestand is {megabytes(len(data))} groot; de grens is {megabytes(limits.file_bytes)} "
            f"(file_bytes). {RAISE_IT}"
        )


def megabytes(count: int) -> str:
    """A number of bytes as people in the Netherlands write it: "1.250,5 MB"."""
    return grouped(round(count / 2**20, 1)) + " MB"


def grouped(number: float) -> str:
    """A number with a full stop between thousands and a decimal comma."""
    return f"{number:,}".replace(",", " ").replace(".", ",").replace(" ", ".")


@dataclass(slots=True)
class Gathering:
    """Takes paragraphs in reading order; a note waits until the paragraph, list or table that refers to it is over.

    The clock of `limits.seconds` runs from its making.
    """

    name: str
    limits: Limits
    found: list[Paragraph] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    characters: int = 0
    groups: int = 0
    breaks: int = 0
    carried: int = 0
    started: float = field(default_factory=monotonic)

    def add(self, raw: str, mark: Mark, tight: bool = False) -> bool:
        """Append a paragraph, unless it is empty; says whether it did. `tight`: it goes on with the list above."""
        return self._append(squeeze(raw), mark, tight)

    def table(self, rows: list[list[str]], header: bool = False) -> None:
        """Append a table's rows, cells parted by tabs; a row that is the header has level 1."""
        self.groups += 1
        squeezed = [[squeeze(cell) for cell in row] for row in rows]
        header = header or looks_like_header(squeezed)
        tight = False
        for cells in squeezed:
            level = 0 if tight or not header else 1
            tight = self._append("\t".join(cells), Mark("row", level, "", self.groups), tight) or tight

    def note(self, number: str, raw: str) -> None:
        """Take a footnote to what is open now or comes next."""
        text = squeeze(raw).replace(PAGE_BREAK, "")
        if text:
            self.notes.append((number, f"{number} {text}".strip()))

    def turn_pages(self, breaks: str) -> None:
        """Start as many pages as there are breaks before what comes next."""
        self.carried += len(breaks)

    def close(self) -> None:
        """Place the notes that wait."""
        waiting, self.notes = self.notes, []
        for number, text in waiting:
            self._keep(Paragraph(text, Mark("footnote", 0, number)))

    def forget_pages(self) -> None:
        """Drop where pages start."""
        self.breaks = self.carried = 0
        self.found = [replace(paragraph, breaks=()) for paragraph in self.found]

    def reading(self, title: str = "", warnings: tuple[str, ...] = ()) -> Reading:
        """The Reading of all paragraphs; `title` counts where they show none. Raises InputError if there are none."""
        self.close()
        if not self.found:
            raise InputError(f"{self.name}: het document bevat geen leesbare tekst. Geef een document met tekst.")
        own, found = find_title(self.found)
        title = own or cut_breaks(squeeze(title))[0]
        return assemble(join_captions(nest_headings(found)), title, warnings)

    def check(self) -> None:
        """Raise InputError when the file asks more characters, pages or seconds than its limits."""
        if self.characters > self.limits.characters:
            bound = f"heeft meer dan {grouped(self.limits.characters)} tekens (grens: characters)"
        elif self.breaks >= self.limits.pages:
            bound = f"heeft meer dan {grouped(self.limits.pages)} pagina's (grens: pages)"
        elif monotonic() - self.started > self.limits.seconds:
            bound = f"vraagt meer dan {grouped(self.limits.seconds)} seconden om te lezen (grens: seconds)"
        else:
            return
        raise InputError(f"{self.name}: het document {bound}. {RAISE_IT}")

    def _append(self, squeezed: str, mark: Mark, tight: bool) -> bool:
        text, breaks = cut_breaks(PAGE_BREAK * self.carried + squeezed)
        self.carried = 0 if text else len(breaks)
        if not text:
            self.check()
            return False
        if not tight:
            self.close()
        self.breaks += len(breaks)
        self._keep(Paragraph(text, mark, tight and bool(self.found), tuple(breaks)))
        return True

    def _keep(self, paragraph: Paragraph) -> None:
        self.characters += len(paragraph.text) + 2
        self.check()
        self.found.append(paragraph)
