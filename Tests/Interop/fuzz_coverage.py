#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Reads what libFuzzer prints with -print_coverage=1, and says how much of each source file the inputs reach.

    fuzz_coverage.py LOG

Branches are the edges that the compiler counts in the optimized code. Only those of functions that were reached are
counted: of each file there are many others that the compiler has made, such as those that copy a value.
"""

import re
import sys
from collections import defaultdict

LINE = re.compile(r"^COVERED_FUNC: hits: \d+ edges: (\d+)/(\d+) .*?/(Sources/[^:\s]+)")


def main():
    reached, edges, functions = defaultdict(int), defaultdict(int), defaultdict(int)
    for line in open(sys.argv[1], errors="replace"):
        if match := LINE.search(line):
            reached[match[3]] += int(match[1])
            edges[match[3]] += int(match[2])
            functions[match[3]] += 1
    for file in sorted(reached, key=lambda file: -reached[file]):
        print(f"    {file}: {reached[file]} of {edges[file]} branches of {functions[file]} functions")
    print(f"    in all: {sum(reached.values())} of {sum(edges.values())} branches of {sum(functions.values())} functions")


main()
