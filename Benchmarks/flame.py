#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Draws a flame graph of a profile, as SVG: each box is a function, as wide as its share of the samples.

    perf record -e cpu-clock -F 4000 -g -p PID -- sleep 5
    perf script | swift demangle --compact --simplified | Benchmarks/flame.py "TITLE" > flame.svg

Functions below half a percent are left out. The full name and the share of each box are in its tooltip.
"""

import re
import sys
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WIDTH, HEIGHT, TOP = 1200, 16, 34
SMALLEST = 0.005
LETTER = 6.2
STYLE = """\
text { font: 11px system-ui, sans-serif; fill: #222; }
.title { font-size: 15px; font-weight: 600; }
.dewar { fill: #6aa6e0; } .crypto { fill: #8fc97e; } .kernel { fill: #c9c9c9; } .other { fill: #eec08a; }
@media (prefers-color-scheme: dark) { .title { fill: #ddd; } }
"""
#: Whose a function is, by its name; the first that fits.
OWNERS = [
    ("crypto", re.compile(r"CCrypto|\bHMAC|SHA1|SHA256|AES\.|BoringSSL|OpenSSLDigest|deflate|inflate")),
    ("dewar", re.compile(
        r"\b(Session|LazySession|Cookie(Header|Backend|Name)|Signer|TimedSigner|TaggedJSON|CanonicalJSON|Store(Backend|Access)"
        r"|Base64|WatchedKey|MessageCode|KeyedHash|Seal|TokenPayload|FlaskToken|ContentsCoder|MemoryStore|SentCookie|Zlib)")),
]


@dataclass
class Frame:
    name: str
    samples: int = 0
    children: dict = field(default_factory=dict)

    def add(self, stack):
        self.samples += 1
        if stack:
            self.children.setdefault(stack[0], Frame(stack[0])).add(stack[1:])


def stacks(lines):
    """The stacks of `perf script`, each from its outermost function inwards."""
    stack = []
    for line in [*lines, ""]:
        if line[:1].isspace() and line.strip():
            name = re.sub(r"^\s*[0-9a-f]+ ", "", line.rstrip())
            function, _, origin = name.rpartition(" (")
            stack.append(("[kernel] " if "kernel" in origin else "") + re.sub(r"\+0x[0-9a-f]+$", "", function))
        elif stack:
            yield [name for name in reversed(stack) if "[unknown]" not in name]
            stack = []


def owner(name):
    if name.startswith("[kernel]"):
        return "kernel"
    return next((kind for kind, pattern in OWNERS if pattern.search(name)), "other")


def boxes(frame, left, depth, total):
    for child in sorted(frame.children.values(), key=lambda child: child.name):
        share = child.samples / total
        if share < SMALLEST:
            continue
        width, y = share * WIDTH, TOP + depth * HEIGHT
        letters = int(width / LETTER)
        label = child.name if len(child.name) <= letters else child.name[:letters - 1] + "…" if letters > 3 else ""
        yield depth, (
            f'<g><title>{escape(child.name)}: {share:.1%}</title><rect class="{owner(child.name)}" x="{left:.1f}" y="{y}" '
            f'width="{width:.1f}" height="{HEIGHT - 1}"/><text x="{left + 2:.1f}" y="{y + 11}">{escape(label)}</text></g>')
        yield from boxes(child, left, depth + 1, total)
        left += width


def drawing(samples, title):
    """The picture of stacks, as SVG."""
    root = Frame("all")
    for stack in samples:
        root.add(stack)
    drawn = list(boxes(root, 0, 0, root.samples or 1))
    height = TOP + (max((depth for depth, _ in drawn), default=0) + 1) * HEIGHT + 8
    title = escape(title)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        f'<title>{title}</title><style>\n{STYLE}</style><text class="title" x="4" y="20">{title}</text>',
    ]
    return "\n".join([*head, *(box for _, box in drawn), "</svg>", ""])


def main():
    title = sys.argv[1] if len(sys.argv) > 1 else "Profile"
    print(drawing(stacks(sys.stdin.read().splitlines()), title), end="")


if __name__ == "__main__":
    main()
