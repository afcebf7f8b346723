"""What stands on a PDF page: runs of text with their place, size and style, and the rules drawn between them."""

from dataclasses import dataclass, field

SPACE = 0.13
"""In em. A gap from here on is a space between words: fonts have 0.2 to 0.28, justified lines go down to 0.15."""


@dataclass(slots=True)
class Run:
    """Text in one style on one baseline from `x0` to `x1`, in points from the page's lower left corner.

    `order` counts runs as they are painted. `angle` is the direction of reading in degrees; places are turned back
    by it, so that `y` falls from line to line whatever the angle. `artifact` says that the file calls it furniture,
    `hidden` that it is there to be found but not seen, as the letters under a scan are.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    colour: tuple[float, ...]
    order: int
    angle: int = 0
    artifact: bool = False
    spaced: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line on the page, horizontal (`y0 == y1`) or vertical (`x0 == x1`)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Drawing:
    """What stands on one page."""

    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    images: int = 0
    width: float = 0.0
    height: float = 0.0
