"""Help from a model before searching: a question completed from the turns before it, and other words to search for."""

from collections.abc import Sequence

from qa.written.connect import LanguageModel
from qa.written.details import foreign_details
from qa.written.draft import objects, one_line
from qa.written.model import Usage
from qa.written.prompts import fenced, load_prompt
from qa.written.snap import usable
from qa.written.trouble import ModelFailure

LONGEST = 400
# Help with the search may take this part of the time; the rest is for the answer.
SHARE = 0.4
MOST_VARIANTS = 3


def standalone(model: LanguageModel, question: str, earlier: Sequence[str], deadline: float) -> tuple[str, Usage]:
    """The question so that it can be understood alone, or "" where the model gives none that can be trusted.

    A name or number that no turn holds is the model's own, and such a question is not used.
    """
    said = "\n".join((*earlier, question))
    data = fenced(eerdere_vragen=list(earlier), laatste_vraag=question)
    found, usage = _texts(model, "gesprek", data, "vraag", deadline)
    kept = [text for text in found if not foreign_details(text, said) and usable(text)]
    return (kept[0] if kept else ""), usage


def other_words(model: LanguageModel, question: str, deadline: float) -> tuple[list[str], Usage]:
    """By setting: other ways to ask the same, or a paragraph as the answer might stand in a report. Only to search."""
    name, key = {"multi": ("varianten", "vragen"), "hyde": ("hyde", "alinea")}[model.options.expand]
    found, usage = _texts(model, name, fenced(vraag=question), key, deadline)
    return found[:MOST_VARIANTS], usage


def _texts(model: LanguageModel, name: str, data: str, key: str, deadline: float) -> tuple[list[str], Usage]:
    """The text or texts under a key of the reply; none when the call comes to nothing."""
    one = {"type": "string"}
    many = {"type": "array", "items": one, "maxItems": MOST_VARIANTS}
    kind = many if key == "vragen" else one
    schema = {"type": "object", "properties": {key: kind}, "required": [key], "additionalProperties": False}
    try:
        reply, usage = model.say(load_prompt(name).text, data, deadline, schema)
    except ModelFailure:
        return [], Usage(1)
    for item in objects([reply]):
        value = item.get(key)
        texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
        return [one_line(text) for text in texts if one_line(text) and len(text) <= LONGEST], usage
    return [], usage
