"""Questions about everyday life, the same for every index: a question that is more like one of these is about that."""

from importlib.resources import files

EVERYDAY = "everyday.txt"


def everyday_questions() -> list[str]:
    """What people ask by mistake: about home, office, shops, school and the world, and not about reports."""
    return files("index").joinpath("data", EVERYDAY).read_text(encoding="utf-8").splitlines()
