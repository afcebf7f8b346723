"""How many requests one asker may make: a bucket that fills evenly and empties a drop a request."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_ASKERS = 10_000


class Rates:
    """Allows each asker `per_minute` requests a minute, at most that many at once; 0 allows all.

    Remembers the last MOST_ASKERS askers, in memory only.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, asker: str) -> float:
        """Take a drop: 0 when there was one, else the seconds until there is."""
        if not self._per_minute:
            return 0.0
        now = self._clock()
        drops, since = self._buckets.pop(asker, (float(self._per_minute), now))
        drops = min(float(self._per_minute), drops + (now - since) * self._per_minute / 60)
        enough = drops >= 1
        self._buckets[asker] = (drops - enough, now)
        if len(self._buckets) > MOST_ASKERS:
            self._buckets.popitem(last=False)
        return 0.0 if enough else (1 - drops) * 60 / self._per_minute
