"""Timing several ways of doing one thing, side by side."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping

Way = Callable[[], object]


def race(ways: Mapping[str, Way], rounds: int, slow: frozenset[str] = frozenset()) -> dict[str, float]:
    """The median time of each way in milliseconds.

    In every round each way runs once, in turn, so that all of them meet the same state of the machine; each
    has run once before. A way in ``slow`` runs in every third round only.
    """
    for way in ways.values():
        way()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            if name in slow and number % 3:
                continue
            gc.collect()
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) * 1000 for name, found in times.items()}
