"""How two texts differ, word by word. Bounded: what has little in common differs as a whole."""

import re
from difflib import SequenceMatcher
from typing import Final, Literal

Sign = Literal["=", "-", "+"]
Part = tuple[Sign, str]

# Words on both sides, multiplied, that are compared at most: some twenty milliseconds.
MOST_PAIRS: Final = 160_000
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")


def difference(before: str, after: str) -> list[Part]:
    """Return the parts that were kept, taken out and put in: `after` is all but those taken out."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    end, stop = len(old) - tail, len(new) - tail
    middle = _compare(old[head:end], new[head:stop])
    return _joined([("=", "".join(old[:head])), *middle, ("=", "".join(old[end:]))])


def _alike(old: list[str], new: list[str]) -> int:
    """Count the words that both begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _compare(old: list[str], new: list[str]) -> list[Part]:
    if len(old) * len(new) > MOST_PAIRS:
        return [("-", "".join(old)), ("+", "".join(new))]
    parts: list[Part] = []
    gone = come = ""
    for verb, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        kept = "".join(old[start:end])
        # Words that have only the blanks between them in common are read as one change.
        if verb == "equal" and not kept.isspace():
            parts += [("-", gone), ("+", come), ("=", kept)]
            gone = come = ""
        else:
            gone += kept
            come += "".join(new[first:last])
    return [*parts, ("-", gone), ("+", come)]


def _joined(parts: list[Part]) -> list[Part]:
    """Leave out what is empty, and put together what follows its own kind."""
    joined: list[Part] = []
    for sign, text in parts:
        if joined and joined[-1][0] == sign:
            joined[-1] = (sign, joined[-1][1] + text)
        elif text:
            joined.append((sign, text))
    return joined
