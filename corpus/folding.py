"""The one folding of letters by which words are found in a source: white space, hyphens, quotation marks, capitals."""

from dataclasses import dataclass

from corpus.model import LINE_BREAK
from corpus.offsets import Span

# Every mark that people type for another: the words decide, not the key that was hit.
SAME = {ord(mark): "'" for mark in '‘’‚‛`´"“”„‟«»'} | {ord(mark): "-" for mark in "–—"}
DROPPED = frozenset(LINE_BREAK) | {"-", "–", "—"}


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text without white space and hyphens, in lower case; `origin[n]` is where letter `n` stood."""

    letters: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where `letters[start:end]` stood."""
        return self.origin[start], self.origin[end - 1] + 1


def squeezed(text: str) -> Squeezed:
    """The inverse map keeps to whole characters: "ﬁ" or "ß" in lower case may be two letters of one place."""
    letters, origin = [], []
    for position, character in enumerate(text):
        if character not in DROPPED:
            low = character.translate(SAME).casefold()
            letters.append(low)
            origin.extend([position] * len(low))
    return Squeezed("".join(letters), tuple(origin))
