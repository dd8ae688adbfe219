"""Finding captions: which label of a sheet is which caption of a form.

Exact spellings first, then doubled letters, then likeness. Assignment is best first and one to one, and
a merely similar label must bear the letters that tell its caption from the others: 年初预算数 and
全年预算数 differ by two letters and are never taken for each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from .grid import Label
from .labels import SIMILAR, distinct, likeness, spelling, unstuttered

EXACT, STUTTERED = 100, 99
JOINT = "·"  # between a caption and the label that it lies under
_FUZZY_LABELS = 2000  # labels of a sheet that are compared by likeness
_KEPT_LABELS = 200  # labels in an assignment that is remembered


@dataclass(frozen=True)
class Concept:
    """One caption of a form with its accepted spellings; ``key`` is its text in the pack."""

    key: str

    @cached_property
    def official(self) -> tuple[str, ...]:
        return tuple(a.strip().rstrip("：:") for a in self.key.split("|"))

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        return tuple(JOINT.join(map(spelling, a.split(JOINT))) for a in self.official)

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        """The labels that a caption lies under: of 预算数·合计 it is 预算数."""
        return tuple(s.rpartition(JOINT)[0] for s in self.spellings if JOINT in s)

    @property
    def name(self) -> str:
        return self.official[0]


@lru_cache(maxsize=1024)
def concept(key: str) -> Concept:
    return Concept(key)


@dataclass(frozen=True, slots=True)
class Match:
    """A caption found on a sheet: ``score`` is 100 for the exact spelling, ``official`` the alternative.

    ``printed`` is the spelling on the sheet.
    """

    row: int
    col: int
    score: int
    official: str
    printed: str

    @property
    def exact(self) -> bool:
        return self.score >= STUTTERED


Prefer = Callable[[Label], tuple[int, ...]]
Allowed = Callable[[Label, Concept], bool]


def top_first(label: Label) -> tuple[int, ...]:
    return (label.row, label.col)


# minus the score, order of the caption, preference of the label, number of the alternative; then the pair
_Pair = tuple[int, int, tuple[int, ...], int, str, Label, str]


def anywhere(_label: Label, _concept: Concept) -> bool:
    return True


def assign(
    labels: Sequence[Label],
    concepts: Iterable[Concept],
    prefer: Prefer = top_first,
    allowed: Allowed = anywhere,
) -> dict[str, Match]:
    """The best one-to-one assignment of labels to captions, by caption key.

    ``prefer`` orders labels of equal score; ``allowed`` rules pairs out.
    """
    keys = tuple(c.key for c in concepts)
    if len(labels) > _KEPT_LABELS:
        return _assigned(tuple(labels), keys, prefer, allowed)
    return dict(_remembered(tuple(labels), keys, prefer, allowed))


def _assigned(
    labels: tuple[Label, ...], keys: tuple[str, ...], prefer: Prefer, allowed: Allowed
) -> dict[str, Match]:
    wanted = [concept(key) for key in keys]
    by_collapsed: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        by_collapsed[label.collapsed].append(label)
    pairs: list[_Pair] = []
    for order, c in enumerate(wanted):
        exact = False
        for number, (official, text) in enumerate(zip(c.official, c.spellings, strict=True)):
            for label in by_collapsed.get(unstuttered(text), ()):
                if allowed(label, c):
                    score = EXACT if label.spelling == text else STUTTERED
                    rank = -score - (JOINT in text)  # a label in its context goes before the bare one
                    pairs.append((rank, order, prefer(label), number, c.key, label, official))
                    exact = True
        if not exact:
            pairs.extend(_similar(by_collapsed, c, order, wanted, prefer, allowed))
    return _best_first(pairs)


# Heads and captions stand at the same places on all sheets of a form: the same labels are assigned again
# and again. The outcome depends on the arguments alone; callers get a copy.
_remembered = lru_cache(maxsize=1024)(_assigned)


def _similar(
    by_collapsed: dict[str, list[Label]],
    c: Concept,
    order: int,
    wanted: Sequence[Concept],
    prefer: Prefer,
    allowed: Allowed,
) -> Iterable[_Pair]:
    rivals = [s for other in wanted if other.key != c.key for s in other.spellings]
    for text in list(by_collapsed)[:_FUZZY_LABELS]:
        score, official = similarity(text, c, rivals)
        if score:
            for label in by_collapsed[text]:
                if allowed(label, c):
                    yield (-score, order, prefer(label), 0, c.key, label, official)


@lru_cache(maxsize=65536)
def candidates(text: str, key: str) -> tuple[tuple[int, int], ...]:
    """The alternatives of a caption that a label resembles: likeness and number, best first."""
    c = concept(key)
    scores = [(min(likeness(text, unstuttered(own)), STUTTERED - 1), -i) for i, own in enumerate(c.spellings)]
    return tuple((score, -i) for score, i in sorted(scores, reverse=True) if score)


def similarity(text: str, c: Concept, rivals: Sequence[str]) -> tuple[int, str]:
    """The likeness of a label to a caption and the alternative it resembles; 0 when it is not the one."""
    for score, number in candidates(text, c.key):
        own = c.spellings[number]
        if all(distinct(text, own, r) for r in rivals if near(own, r)):
            return score, c.official[number]
    return 0, ""


def near(a: str, b: str) -> bool:
    """Whether two captions are close enough to be confused: half of their letters are shared."""
    return 4 * len(set(a) & set(b)) >= len(set(a)) + len(set(b))


def _best_first(pairs: list[_Pair]) -> dict[str, Match]:
    found: dict[str, Match] = {}
    taken: set[tuple[int, int]] = set()
    for negative, _order, _rank, _number, key, label, official in sorted(pairs):
        if key not in found and (label.row, label.col) not in taken:
            found[key] = Match(label.row, label.col, min(EXACT, -negative), official, label.spelling)
            taken.add((label.row, label.col))
    return found


__all__ = ["EXACT", "SIMILAR", "STUTTERED", "Concept", "Match", "assign", "concept"]
