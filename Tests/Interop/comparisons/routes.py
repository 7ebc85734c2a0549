# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Rules, the paths that they match, and the URLs that they build, as Werkzeug has them."""

import re
from keyword import iskeyword
from urllib.parse import unquote_to_bytes, urlsplit

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule, UUIDConverter

from comparisons.comparison import Comparison, Row
from comparisons.mutation import Seeds, text
from comparisons.values import canonical

RULE_WORDS = [
    b"/", b"<", b">", b"<a>", b"<b>", b"<int:a>", b"<float:b>", b"<path:c>", b"<uuid:d>", b"<any(x, yz):e>", b"<string:f>",
    b"<int(min=1, max=9):a>", b"<int(signed=True):a>", b"<int(fixed_digits=2):a>", b"<string(length=2):f>",
    b"<string(minlength=0):f>",
    b"(", b")", b",", b"=", b":", b"-", b".", b"x", b"\xc3\xa9", b"None", b"True", b'"', b"min", b"1",
]
PATH_WORDS = [
    b"/", b"//", b"x", b"yz", b"1", b"42", b"007", b"-1", b"2.50", b"%2F", b"%C3%A9", b"%FF", b"%0A", b"%D9%A3", b"-", b".", b"%20",
    b"0f1a2b3c-1111-2222-3333-aaaabbbbcccc", b"a", b"%41",
]


UNCHECKED = Row("The arguments of a rule's converter are not checked.")
NEGATIVE = Row("The arguments of a rule's converter cannot be negative.")
NO_TEXT = Row("An argument of `any` cannot be a number, `True`, `False` or `None`.")
LAST_COMMA = Row("A number as the last argument of a rule's converter is none if a comma follows it.")
KEYWORD = Row("A variable of a rule cannot be called as a keyword of Python is.")
LENIENT_URLS = Row("`url_for` does not encode the texts of `any`, and takes any text for a UUID.")

UUID_TEXT = re.compile(UUIDConverter.regex)


class Rules(Comparison):
    kind = "rule"
    share = 5

    def __init__(self):
        self.seeds = Seeds("routes")

    def case(self, rng):
        return [rng.choice(text(self.seeds.mutated(rng, RULE_WORDS)).split("\n")[1:] or ["/"])]

    def flask(self, case):
        return canonical(True) if is_rule(case[0]) else None

    def departure(self, case, flask, dewar):
        rule = case[0]
        if dewar is None:
            return UNCHECKED if "(" in rule or "<any:" in rule else None
        if re.search(r"[(,=]\s*-\d", rule):
            return NEGATIVE
        if re.search(r"\d\s*,\s*\)", rule):
            return LAST_COMMA
        if re.search(r"<any\(.*(\d|True|False|None)", rule, re.DOTALL):
            return NO_TEXT
        return KEYWORD if any(iskeyword(name) for name in names(rule)) else None


def is_rule(rule):
    try:
        Map([Rule(rule, endpoint="page")])
    except Exception:
        return False
    return True


class Routes(Comparison):
    kind = "route"
    share = 10
    paths = 10

    def __init__(self):
        self.seeds = Seeds("routes")

    def weight(self, case):
        return self.paths

    def case(self, rng):
        rules = []
        while len(rules) < rng.choice([1, 1, 2, 4]):
            rule = "".join(rng.choice(SAFE_RULES) for _ in range(rng.randint(1, 4)))
            if is_rule(rule) and len(set(names(rule))) == len(names(rule)) and rule not in rules[0::2]:
                rules += [rule, rng.choice(["GET", "GET", "POST", "GET POST", "OPTIONS", "PUT"])]
                if len(rules) >= 8:
                    break
        case = [str(len(rules) // 2), *rules]
        for _ in range(self.paths):
            path = "/" + "".join(text(rng.choice(PATH_WORDS)) + rng.choice(["/", "/", ""]) for _ in range(rng.randint(0, 4)))
            case += [rng.choice(["GET", "GET", "GET", "POST", "OPTIONS", "HEAD"]), path]
        return case

    def flask(self, case):
        count = int(case[0])
        rules = []
        for index in range(count):
            methods = set(case[2 + 2 * index].split())
            # As Flask's add_url_rule does.
            rule = Rule(case[1 + 2 * index], endpoint=index, methods=methods | {"OPTIONS"})
            rule.provide_automatic_options = "OPTIONS" not in methods
            rules.append(rule)
        adapter = Map(rules).bind("localhost")
        requests = case[1 + 2 * count:]
        return canonical([answer(adapter, method, path) for method, path in zip(requests[::2], requests[1::2])])


def names(rule):
    return [part.partition(">")[0].rpartition(":")[2] for part in rule.split("<")[1:]]


def answer(adapter, method, path):
    # What a WSGI server makes of the path.
    path = unquote_to_bytes(path).decode("utf-8", "replace")
    try:
        rule, values = adapter.match(path, method, return_rule=True)
    except RequestRedirect as redirect:
        return "redirect", urlsplit(redirect.new_url)._replace(scheme="", netloc="").geturl()
    except MethodNotAllowed as error:
        return "not allowed", sorted(error.valid_methods)
    except NotFound:
        return ("not found",)
    if rule.provide_automatic_options and method == "OPTIONS":
        return ("options",)
    return "found", rule.endpoint, [(name, str(value)) for name, value in values.items()]


SAFE_RULES = [
    "/", "/", "/a", "/x", "x", "-", ".", "\u00e9", "/<a>", "/<b>", "<c>", "/<int:d>", "<int:e>", "/<float:f>",
    "/<path:g>", "<path:h>",
    "/<uuid:i>", "/<any(x, yz):j>", "/<string(length=2):k>", "/<string(minlength=0):l>", "/<int(min=1, max=9):m>",
    "/<int(signed=True):n>", "/<int(fixed_digits=2):o>", "/<string(maxlength=2):p>", "/<float(signed=True, max=2.5):q>",
]


class URLs(Comparison):
    kind = "url"
    share = 5
    words = [
        "x", "yz", "42", "-7", "007", "2.50", "1e3", "nan", "\u00e9", "a/b", "a b", "?", "#", "%",
        "0f1a2b3c-1111-2222-3333-aaaabbbbcccc",
        "", "+", "&", "=", "~", "\u0663", " 5 ", "1_0"]

    def case(self, rng):
        while True:
            rule = "".join(rng.choice(SAFE_RULES) for _ in range(rng.randint(1, 4)))
            if is_rule(rule) and len(set(names(rule))) == len(names(rule)):
                break
        given = [name for name in names(rule) if rng.random() < 0.95]
        given += [name for name in ["z", "q\u00e9", "y"] if rng.random() < 0.3]
        case = [rule]
        for name in given:
            case += [name, "".join(rng.choice(self.words) for _ in range(rng.choice([1, 1, 2])))]
        return case

    def flask(self, case):
        adapter = Map([Rule(case[0], endpoint="page", methods=["GET"])]).bind("localhost")
        try:
            return canonical(adapter.build("page", dict(zip(case[1::2], case[2::2]))))
        except Exception:
            return None

    def departure(self, case, flask, dewar):
        given = dict(zip(case[1::2], case[2::2]))
        return LENIENT_URLS if dewar is None and "<uuid:i>" in case[0] and not UUID_TEXT.fullmatch(given["i"]) else None
