"""A page's drawing instructions to runs of text and rules.

pypdf's own `extract_text` hands out text that is cut where the instructions happen to change; a printed line needs
each letter's place, so the instructions (ISO 32000-1, 8.3-8.4 and 9.3-9.4) are followed here, on pypdf's parser.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, DictionaryObject, NameObject

from corpus.pdf.file import Budget, spend
from corpus.pdf.fonts import Face, make_face
from corpus.pdf.glyphs import SPACE, Drawing, Rule, Run

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# In em. A gap from here on starts a new run, since it may be a tab or a gutter.
BREAK = 0.9
DEEPEST_FORM = 12
MOST_RULES = 1500
INVISIBLE_MODES = (3, 7)
MALFORMED = (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError, ZeroDivisionError)


def product(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that applies `m`, then `n`."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


@dataclass(slots=True)
class _State:
    """The part of the graphics state that q saves and Q restores."""

    ctm: Matrix = IDENTITY
    face: Face | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    colour: tuple[float, ...] = (0.0,)


@dataclass(slots=True)
class _Marked:
    """An open marked-content sequence: its replacement text, and which run was the first in it."""

    actual: str | None
    artifact: bool
    first: int


class Painter:
    """Follows the instructions of one page and of the forms it draws."""

    def __init__(self, pdf: Any, faces: dict[Any, Face], budget: Budget) -> None:
        self.pdf, self.faces, self.budget = pdf, faces, budget
        self.drawing = Drawing()
        self.state, self.stack = _State(), list[_State]()
        self.tm = self.line = IDENTITY
        self.run: Run | None = None
        self.pending_space = False
        self.marked: list[_Marked] = []
        self.path: list[tuple[float, float, float, float]] = []
        self.at = (0.0, 0.0)
        self.resources: Any = {}
        self.forms: frozenset[int] = frozenset()
        self.instructions: dict[bytes, Callable[[list[Any]], None]] = {
            b"q": lambda _: self.stack.append(_copy(self.state)),
            b"Q": self._restore,
            b"cm": lambda v: setattr(self.state, "ctm", product(_matrix(v), self.state.ctm)),
            b"BT": lambda _: self._place(IDENTITY),
            b"Tf": self._font,
            b"Tc": lambda v: setattr(self.state, "letter_space", float(v[0])),
            b"Tw": lambda v: setattr(self.state, "word_space", float(v[0])),
            b"Tz": lambda v: setattr(self.state, "stretch", float(v[0]) / 100),
            b"TL": lambda v: setattr(self.state, "leading", float(v[0])),
            b"Ts": lambda v: setattr(self.state, "rise", float(v[0])),
            b"Tr": lambda v: setattr(self.state, "mode", int(v[0])),
            b"Tm": lambda v: self._place(_matrix(v)),
            b"Td": lambda v: self._move(float(v[0]), float(v[1])),
            b"TD": self._move_and_lead,
            b"T*": lambda _: self._move(0.0, -self.state.leading),
            b"Tj": lambda v: self._show(v[0]),
            b"TJ": self._show_all,
            b"'": self._next_line_show,
            b'"': self._spaced_next_line_show,
            b"Do": self._draw,
            b"INLINE IMAGE": lambda _: self._count_image(),
            b"BMC": lambda v: self._open_marked(v[0], None),
            b"BDC": lambda v: self._open_marked(v[0], v[1]),
            b"EMC": lambda _: self._close_marked(),
            b"m": lambda v: setattr(self, "at", (float(v[0]), float(v[1]))),
            b"l": self._line_to,
            b"re": self._rectangle,
        }
        self.instructions |= dict.fromkeys((b"rg", b"g", b"k", b"sc", b"scn"), self._colour)
        self.instructions |= dict.fromkeys((b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"), self._stroke)
        self.instructions[b"n"] = lambda _: self.path.clear()

    def paint(self, stream: Any, resources: Any, forms: frozenset[int]) -> None:
        """Follow a stream of instructions; one that makes no sense paints nothing."""
        outer = self.resources, self.forms
        self.resources, self.forms = (resources.get_object() if resources is not None else {}), forms
        for count, (operands, operator) in enumerate(ContentStream(stream, self.pdf, "bytes").operations):
            if count % 4096 == 0:
                self.budget.check_time()
            if instruction := self.instructions.get(operator):
                try:
                    instruction(operands)
                except LimitReachedError:
                    raise
                except (*MALFORMED, PyPdfError):
                    continue
        self.resources, self.forms = outer

    def _restore(self, _operands: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def _colour(self, operands: list[Any]) -> None:
        self.state.colour = tuple(round(float(value), 2) for value in operands if isinstance(value, (int, float)))

    def _font(self, operands: list[Any]) -> None:
        self.state.size = float(operands[1])
        reference = self.resources["/Font"].get_object().raw_get(operands[0])
        key = getattr(reference, "idnum", None) or id(reference)
        if key not in self.faces:
            self.budget.check_time()
            self.faces[key] = make_face(reference.get_object())
        self.state.face = self.faces[key]

    def _place(self, matrix: Matrix) -> None:
        self.tm = self.line = matrix

    def _move(self, x: float, y: float) -> None:
        self._place(product((1, 0, 0, 1, x, y), self.line))

    def _move_and_lead(self, operands: list[Any]) -> None:
        self.state.leading = -float(operands[1])
        self._move(float(operands[0]), float(operands[1]))

    def _next_line_show(self, operands: list[Any]) -> None:
        self._move(0.0, -self.state.leading)
        self._show(operands[0])

    def _spaced_next_line_show(self, operands: list[Any]) -> None:
        self.state.word_space, self.state.letter_space = float(operands[0]), float(operands[1])
        self._next_line_show(operands[2:])

    def _show_all(self, operands: list[Any]) -> None:
        for item in operands[0]:
            if isinstance(item, (int, float)):
                self._advance(-float(item) / 1000 * self.state.size * self.state.stretch)
            elif not isinstance(item, NameObject):
                self._show(item)

    def _advance(self, distance: float) -> None:
        a, b, c, d, e, f = self.tm
        self.tm = (a, b, c, d, e + distance * a, f + distance * b)

    def _show(self, data: Any) -> None:
        """Paint a string: each letter goes to the run it continues, or opens a new one."""
        state = self.state
        if state.face is None or not isinstance(data, (bytes, str)):
            return
        data = data if isinstance(data, bytes) else data.encode("latin-1", "replace")
        a, b, c, d, e, f = product((1, 0, 0, 1, 0, state.rise), product(self.tm, state.ctm))
        along, size = math.hypot(a, b), state.size * math.hypot(c, d)
        angle = round(math.degrees(math.atan2(b, a))) % 360 if along else 0
        turn = math.radians(angle)
        x = e * math.cos(turn) + f * math.sin(turn) if angle else e
        y = f * math.cos(turn) - e * math.sin(turn) if angle else f
        total = 0.0
        for letter, width, is_space in state.face.letters(data):
            advance = width / 1000 * state.size + state.letter_space + (state.word_space if is_space else 0.0)
            start, total = x + total * along, total + advance * state.stretch
            if letter == " ":
                self.pending_space = True
                continue
            end = start + width / 1000 * state.size * state.stretch * along
            if letter:
                self._letter(letter, start, end, y, abs(size), angle)
            elif self.run and abs(self.run.x1 - start) < size:  # a glyph that is dropped leaves no gap
                self.run.x1 = end
        self._advance(total)

    def _letter(self, letter: str, x0: float, x1: float, y: float, size: float, angle: int) -> None:
        run, spaced, face = self.run, self.pending_space, self.state.face
        assert face is not None
        self.pending_space = False
        if run and run.size == size and run.angle == angle and run.bold == face.bold and abs(run.y - y) < 0.05 * size:
            gap = (x0 - run.x1) / (size or 1.0)
            hidden = self.state.mode in INVISIBLE_MODES
            if -0.5 < gap < BREAK and run.colour == self.state.colour and run.hidden == hidden:
                run.text += f" {letter}" if spaced or gap > SPACE else letter
                run.x1 = max(run.x1, x1)
                return
        artifact = any(mark.artifact for mark in self.marked)
        order = len(self.drawing.runs)
        style = (face.bold, self.state.colour, order, angle, artifact, spaced, self.state.mode in INVISIBLE_MODES)
        self.run = Run(letter, x0, x1, y, size, *style)
        self.drawing.runs.append(self.run)

    def _open_marked(self, tag: Any, properties: Any) -> None:
        if isinstance(properties, NameObject):
            properties = self.resources["/Properties"][properties].get_object()
        properties = properties if isinstance(properties, DictionaryObject) else {}
        actual = properties.get("/ActualText")
        if isinstance(actual, bytes):
            wide = actual.startswith(b"\xfe\xff")
            actual = actual[2:].decode("utf-16-be", "replace") if wide else actual.decode("latin-1")
        artifact = tag == "/Artifact" and properties.get("/Type") == "/Pagination"
        self.run = None if actual is not None else self.run
        self.marked.append(_Marked(actual, artifact, len(self.drawing.runs)))

    def _close_marked(self) -> None:
        """Put the replacement text, if there is one, where the letters it replaces stand on one line."""
        mark = self.marked.pop()
        replaced = self.drawing.runs[mark.first :]
        if mark.actual is None or not replaced or len({round(run.y) for run in replaced}) > 1:
            return
        first = replaced[0]
        first.text, first.x1 = mark.actual.strip(), max(run.x1 for run in replaced)
        del self.drawing.runs[mark.first + 1 :]
        self.pending_space = mark.actual.endswith(" ")
        self.run = first

    def _draw(self, operands: list[Any]) -> None:
        """Paint a form with its own matrix and resources, or count an image."""
        self.budget.check_time()
        form = self.resources["/XObject"].get_object()[operands[0]].get_object()
        if form.get("/Subtype") != "/Form":
            self._count_image()
            return
        key = id(form)
        if key in self.forms or len(self.forms) >= DEEPEST_FORM:
            return
        kept, placed, depth, open_marks = _copy(self.state), (self.tm, self.line), len(self.stack), len(self.marked)
        if "/Matrix" in form:
            self.state.ctm = product(_matrix(form["/Matrix"]), self.state.ctm)
        spend(form, self.budget)
        self.paint(form, form.get("/Resources", self.resources), self.forms | {key})
        self.state, (self.tm, self.line) = kept, placed
        del self.stack[depth:], self.marked[open_marks:]

    def _count_image(self) -> None:
        self.drawing.images += 1

    def _line_to(self, operands: list[Any]) -> None:
        end = (float(operands[0]), float(operands[1]))
        self.path.append((*self.at, *end))
        self.at = end

    def _rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = (float(value) for value in operands)
        self.path += [(x, y, x + width, y), (x, y + height, x + width, y + height)]
        self.path += [(x, y, x, y + height), (x + width, y, x + width, y + height)]

    def _stroke(self, _operands: list[Any]) -> None:
        for x0, y0, x1, y1 in self.path:
            if len(self.drawing.rules) >= MOST_RULES:
                break
            a, b, c, d, e, f = self.state.ctm
            start, end = (x0 * a + y0 * c + e, x0 * b + y0 * d + f), (x1 * a + y1 * c + e, x1 * b + y1 * d + f)
            (left, low), (right, high) = sorted((start, end))
            if abs(high - low) < 1 <= right - left or abs(right - left) < 1 <= abs(high - low):
                self.drawing.rules.append(Rule(left, min(low, high), right, max(low, high)))
        self.path.clear()


def _copy(state: _State) -> _State:
    return _State(**{name: getattr(state, name) for name in state.__dataclass_fields__})


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in list(operands)[:6])
    return a, b, c, d, e, f
