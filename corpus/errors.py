"""The one exception a user may see: what was wrong, where, what was expected, what to do. Messages are Dutch."""


class BronvastError(Exception):
    """A broken world (missing file, stale index, full disk), told in plain Dutch with its cure.

    `exit_code` is what the command line returns: 2 for wrong input, 3 for an index that cannot be used,
    4 for a model that cannot be used, 1 for the rest.
    """

    exit_code = 1


class InputError(BronvastError):
    """The user gave something that cannot be read or understood."""

    exit_code = 2


class IndexUnusableError(BronvastError):
    """The index is missing, stale, damaged, or made by another model."""

    exit_code = 3


class ModelUnusableError(BronvastError):
    """The embedding model is missing, damaged, or cannot be reached."""

    exit_code = 4
