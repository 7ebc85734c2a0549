# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Bad input for every verb of the command `dewar`: a good value and bad ones for each option and argument with a value.

test_command_input.py runs these in a folder of its own making, and fails when an option of the command is not here.
Words that begin with `$` stand for what that folder has: a session's id, a cookie, a port.
"""

from dataclasses import dataclass, field


@dataclass
class Taken:
    """What takes a value: one that is accepted, and some that are not, each with the status and what the line says."""

    good: str | tuple[str, ...]
    bad: list[tuple[str, int, str]]


@dataclass
class Verb:
    takes: dict[str, Taken] = field(default_factory=dict)
    #: What each line has, unless it has another value for it.
    base: dict[str, str | None] = field(default_factory=dict)
    #: What a line has too, unless it has one of those.
    unless: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Two that are refused together, and what the line says. All other pairs are accepted.
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    #: Whole lines, without the verb: the words, the status, what the line says, and standard input.
    also: list[tuple[tuple[str, ...], int, str, str]] = field(default_factory=list)
    #: The statuses of a line that is accepted, and what standard error has.
    ends: tuple[set[int], str] = ({0}, r"\A(?!(.|\n)*Error:)")


#: No program listens there.
DEAD = "127.0.0.1:1"
AGES = [("5", 64, "invalid"), ("1y", 64, "invalid"), ("-1d", 64, "invalid"), ("", 64, "invalid")]
STORE = Taken("sqlite:./sessions.sqlite", [
    ("", 64, "--store takes directory:PATH"), ("mysql://u:s3cr3t@h", 64, "--store takes directory:PATH"),
    ("sqlite:missing", 1, "no file missing"), ("directory:missing", 1, "no sessions in the folder missing"),
    ("sqlite:foreign", 1, "not an SQLite database"), (f"redis://u:s3cr3t@{DEAD}", 1, "cannot be reached"),
    ("redis://h:x", 1, "A Redis URL has"), (f"postgres://u:s3cr3t@{DEAD}/d", 1, "cannot be reached"),
])
TABLE = Taken("dewar_sessions", [("other", 1, "no table"), ("a b", 1, "ASCII letters"), ("", 1, "ASCII letters")])
KEY = Taken("$KEY", [("", 64, "--key is empty"), ("base64:s3cr3t!", 64, "--key is empty")])
KEY_FILE = Taken("keys", [("missing", 1, "missing"), ("broken", 1, "line 1"), ("there", 1, "there")])
ONE_KEY = {("--key", "--key-file"): "not both"}
ID = [("xyz", 64, "no session's id"), ("\x1b[2J", 64, r"\\u\{1b\}"), ("", 64, "no session's id")]
USER = Taken("nobody", [("", 64, "--user takes a name")])


def with_store(takes=None, base=None, also=(), **more):
    """A verb that works on a store."""
    return Verb(
        takes={"--store": STORE, "--table": TABLE, **(takes or {})}, base={"--store": "$STORE", **(base or {})},
        also=[
            (("$REST", "--store", "directory:sessions", "--table", "t"), 64, "a directory store has no table", ""),
            (("$REST",), 64, "Say which store", ""), *also,
        ], **more)


def key_file(*bad, good="keys", **takes):
    """A verb that works on a key file."""
    usual = [("broken", 1, "line 1"), ("open", 1, "others can read or write it"), ("there", 1, "there"), ("", 1, "")]
    return Verb(takes={"<file>": Taken(good, [*usual, *bad]), **takes}, base={"<file>": good})


MISSING = ("missing", 1, "No such file")
VERBS = {
    "new": Verb(
        takes={
            "<name>": Taken("shop", [
                ("", 64, "no name for an app"), ("../x", 64, "no name for an app"),
                ("my-shop", 64, "a letter comes first"), ("\x1b[2J", 64, r"\\u\{1b\}"),
                ("class", 64, "word of the Swift language"), ("swift", 64, "name of a module"),
                ("Dewar", 64, "name of a module"), ("a" * 51, 64, "at most 50"), ("there", 1, "already"),
                ("foreign", 1, "already"), ("link", 1, "already"),
            ]),
            "--in": Taken("there", [
                ("", 64, "--in takes a folder"), ("missing", 64, "no folder missing"),
                ("foreign", 64, "no folder foreign")]),
            "--package": Taken("$ROOT", [
                ("", 64, "--package takes"), ("there", 64, "neither"),
                ('https://h/a"b', 64, "--package takes the URL")]),
        },
        base={"<name>": "shop"}),
    "run": Verb(
        takes={
            "--port": Taken("0", [
                ("65536", 64, "no port 65536"), ("-1", 64, "no port -1"), ("x", 64, "--port"),
                ("$TAKEN", 1, "is in use")]),
            "--host": Taken("localhost", [("", 64, "--host takes"), ("no such host", 1, "is not known")]),
            "--product": Taken("shop", [("", 64, "--product takes")]),
            "--watch": Taken("Sources", [("missing", 64, "--watch takes"), ("", 64, "--watch takes")]),
            "<arguments>": Taken(("--", "x"), [("stray", 64, "Unexpected argument 'stray'")]),
        },
        # The package of the folder has no program, which ends the command.
        base={"--port": "0"}, ends=({64}, r"Error: This package has no program[^\n]*\n\Z")),
    "key make": Verb(),
    "key add": key_file(("missing/keys", 1, "No such file"), good="new-keys"),
    "key sign": key_file(
        MISSING, ("keys", 1, "no key waits to sign"), good="waiting",
        **{"--retire-after": Taken("30", [
            ("0", 64, "--retire-after takes"), ("36501", 64, "--retire-after takes"),
            ("-1", 64, "--retire-after takes"), ("x", 64, "--retire-after"), ("", 64, "--retire-after")])}),
    "key retire": key_file(MISSING, ("keys", 1, "no old key to retire"), good="old"),
    "key list": key_file(MISSING),
    "key check": key_file(MISSING, ("weak", 1, "The key [0-9a-f]{8} in weak")),
    "sessions list": with_store(
        {
            "--user": USER, "--older-than": Taken("1h", AGES), "--unused-for": Taken("0s", AGES),
            "--limit": Taken("5", [("0", 64, "--limit takes"), ("-1", 64, "--limit takes"), ("x", 64, "--limit")]),
            "--after": Taken("$CURSOR", [("b", 1, "cannot go on"), ("", 1, "cannot go on")]),
        },
        refused={("--all", "--limit"): "not both", ("--after", "--user"): "--after is for"}),
    "sessions show": with_store(
        {"<id>": Taken("$ID", [*ID, ("0" * 32, 2, "There is no session")]), "--key": KEY, "--key-file": KEY_FILE},
        {"<id>": "$ID"}, refused=ONE_KEY),
    "sessions revoke": with_store(
        {"<id>": Taken("$ID", ID), "--user": USER}, {"--yes": None},
        unless={"--user": ("<id>", "--everybody")},
        refused={
            ("--user", "<id>"): "Say which sessions", ("--everybody", "<id>"): "Say which sessions",
            ("--everybody", "--user"): "Say which sessions",
        },
        also=[
            (("--store", "$STORE", "--yes"), 64, "Say which sessions", ""),
            (("--store", "$STORE", "--everybody"), 64, "say --yes", ""),
            (("--store", "$STORE", "--user", "nobody"), 64, "say --yes", ""),
            (("--store", "$STORE", "$ID"), 64, "say --yes", ""),
        ]),
    "sessions purge": with_store(),
    "sessions stats": with_store(),
    "sessions copy": with_store(
        {
            "--to": Taken("directory:copied", [
                ("", 64, "--to takes directory:PATH"), ("nowhere", 64, "--to takes directory:PATH"),
                ("sqlite:foreign", 1, "not an SQLite database"), ("sqlite:missing/x", 1, "missing/x"),
                ("directory:foreign", 1, "foreign"), (f"redis://u:s3cr3t@{DEAD}", 1, "cannot be reached"),
                (f"postgres://u:s3cr3t@{DEAD}/d", 1, "cannot be reached")]),
            "--to-table": Taken("other", [("a b", 1, "ASCII letters"), ("", 1, "ASCII letters")]),
            "--after": Taken("$CURSOR", [("b", 1, "cannot go on"), ("", 1, "cannot go on")]),
        },
        {"--to": "sqlite:copied.sqlite", "--yes": None},
        also=[
            (("--store", "$STORE", "--to", "directory:copied", "--to-table", "t", "--yes"), 64, "has no table", ""),
            (("--store", "$STORE", "--to", "directory:copied"), 64, "say --yes", ""),
        ]),
    "cookie show": Verb(
        takes={
            "<cookie>": Taken("session=$COOKIE", [
                ("a b", 1, "no cookie"), ("session=", 1, "no cookie"), ("é", 1, "no cookie")]),
            "--key": KEY, "--key-file": KEY_FILE,
            "--name": Taken("session", [("b", 1, "no cookie named b"), ("", 1, "no cookie named")]),
            "--lifetime": Taken("31d", AGES),
        },
        base={"<cookie>": "session=$COOKIE"}, refused=ONE_KEY,
        also=[((), 1, "no cookie", ""), ((), 1, "no cookie", "a b"), ((), 1, "longer than any cookie", "x" * 70_000)]),
    "cookie make": Verb(
        takes={
            "<json>": Taken('{"n": 2}', [
                ("{", 1, "no JSON object"), ("[]", 1, "no JSON object"), ("", 1, "no JSON object")]),
            "--format": Taken("sealed", [("pickle", 64, "--format"), ("", 64, "--format")]),
            "--key": KEY, "--key-file": KEY_FILE,
            "--name": Taken("shop", [
                ("a b", 64, "--name takes"), ("", 64, "--name takes"), ("é", 64, "--name takes")]),
            "--age": Taken("1d", AGES), "--lifetime": Taken("2d", [*AGES, ("0s", 64, "--lifetime takes")]),
        },
        base={"<json>": '{"n": 1}', "--format": "flask"}, unless={"--key": ("--key-file",)},
        refused=ONE_KEY,
        also=[
            (("--format", "flask", "{}"), 64, "Say which key", ""),
            (("--format", "flask", "--key", "k"), 1, "no JSON object", "[]"),
            (("--format", "signed", "--key", "k"), 1, "4096 bytes", '{"x": "$NOISE"}'),
        ]),
    "audit": Verb(
        takes={
            "<url>": Taken("$SITE", [
                ("shop.example.com", 64, "http:// or https://"), ("ftp://h/", 64, "http:// or https://"),
                ("http://u:s3cr3t@h/", 64, "without a user"), ("http://h/#a", 64, "without #"),
                ("", 64, "http:// or https://"), (f"http://{DEAD}/", 1, "cannot be reached")]),
            "--cookie": Taken("session", [("", 64, "--cookie takes")]),
            "--timeout": Taken("5", [
                ("0", 64, "--timeout takes"), ("301", 64, "--timeout takes"), ("x", 64, "--timeout")]),
        },
        base={"<url>": "$SITE"}, ends=({0, 2}, r"\A(?!(.|\n)*Error:)")),
}
