"""The answerer in use, and its replacement when the index is."""

from qa.answer import Answerer


class Current:
    """Holds one answerer at a time; whoever took it keeps it whole until they are done."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer
