# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The command `dewar` and bad input: each option and argument of each verb, as the command itself lists them.

Bad input gets one line on standard error and a status that docs/COMMAND.md lists, and changes nothing: no file and no
store. Neither Redis nor a site hears of arguments that are wrong. The values are in command_cases.py.
"""

import copy
import itertools
import json
import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from command_cases import VERBS
from programs import BIN, ROOT, cookie_of, example, require_programs
from test_command import PAGE, Answering, ok, run

PAGE_OF_A_SITE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
DATABASE = "sessions.sqlite"
#: A program in the place of Swift: the package of the folder has no program to run.
SWIFT = '#!/bin/sh\nprintf \'{"targets": []}\'\n'


def setUpModule():
    require_programs("dewar", "Counter")


class Trap:
    """A server that counts who connects."""

    def __init__(self):
        self.count = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.count += 1


def verbs(tree, path=()):
    """Each verb with its options and arguments, as the command lists them. `help` is the parser's own."""
    for command in tree.get("subcommands", []):
        words = (*path, command["commandName"])
        if command.get("subcommands"):
            yield from verbs(command, words)
        elif words != ("help",):
            yield " ".join(words), [
                argument for argument in command.get("arguments", []) if name_of(argument) != "--help"]


def groups(tree, path=()):
    """The commands that have verbs, the command itself among them."""
    yield " ".join(path)
    for command in tree.get("subcommands", []):
        if command.get("subcommands"):
            yield from groups(command, (*path, command["commandName"]))


def name_of(argument):
    if argument["kind"] == "positional":
        return f"<{argument['valueName']}>"
    [name] = [name["name"] for name in argument["names"] if name["kind"] == "long"]
    return f"--{name}"


def lacking(tree, cases):
    """What the command has and the cases have not, and the other way around."""
    listed = dict(verbs(tree))
    for path in cases.keys() - listed.keys():
        yield f"{path} is no verb"
    for path, arguments in listed.items():
        takes = cases[path].takes if path in cases else {}
        names = {name_of(argument) for argument in arguments if argument["kind"] != "flag"}
        for name in sorted(takes.keys() - names):
            yield f"{path} has no {name}"
        for name in sorted(names):
            if name not in takes or not takes[name].bad:
                yield f"{path} {name} has no bad input"
        if path not in cases:
            yield f"{path} has no cases"


def unexplained(tree):
    """The verbs whose help has no example, and the options of examples that their verb has not."""
    for path, arguments in verbs(tree):
        command = tree
        for word in path.split():
            [command] = [other for other in command["subcommands"] if other["commandName"] == word]
        lines = [line.strip() for line in command.get("discussion", "").splitlines()]
        examples = [line for line in lines if re.match(rf"dewar {path}( |$)", line)]
        if not examples:
            yield f"{path} has no example"
        names = {name_of(argument) for argument in arguments}
        for example in examples:
            # What comes after a pipe, and the app's own arguments, are no options of the verb.
            own = re.split(r" \| | -- ", example)[0]
            yield from (f"{path} has no {name}" for name in re.findall(r"(?<!\S)--[a-z-]+", own) if name not in names)


class Folder:
    """What the lines refer to. Each runs in a copy of its own."""

    def __init__(self, place):
        self.path = Path(place) / "folder"
        self.path.mkdir()
        self.words = {"ROOT": str(ROOT), "NOISE": os.urandom(3000).hex()}
        self.fill()
        self.make_keys()
        self.make_stores()

    def file(self, name, text="", mode=0o600):
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.touch(mode)
        path.write_text(text)
        path.chmod(mode)

    def fill(self):
        self.file("foreign", "no database, but a text that is long enough to look at")
        self.file("there/file")
        self.file("Package.swift", "// swift-tools-version: 6.2\n")
        self.file("Sources/main.swift")
        self.file("bin/swift", SWIFT, 0o755)
        (self.path / "link").symlink_to("/nowhere")

    def make_keys(self):
        for name, commands in {
            "keys": ("add",), "waiting": ("add", "add"), "old": ("add", "add", "sign"), "open": ("add",)}.items():
            for command in commands:
                ok("key", command, str(self.path / name))
        (self.path / "open").chmod(0o644)
        self.file("weak", "sign text:s3cr3t\n")
        self.file("broken", "sign base64:s3cr3t!\n")
        self.words["KEY"] = (self.path / "keys").read_text().split("sign ")[-1].strip()
        made = ok("cookie", "make", "--format", "flask", "--key-file", str(self.path / "keys"), '{"n": 1}')
        self.words["COOKIE"] = made.strip()

    def make_stores(self):
        for store in (f"sqlite:{DATABASE}", "directory:sessions"):
            kind, name = store.split(":")
            with example("Counter", "--sessions", f"{kind}:{self.path / name}") as site:
                cookies = [cookie_of(site.get("/count").headers["Set-Cookie"]) for _ in range(3)]
                assert site.get("/count", cookies[0]).text == "2"
                site.stop()
        place = ("--store", f"sqlite:{self.path / DATABASE}", "--json")
        self.words["ID"] = json.loads(ok("sessions", "list", *place))[0]["id"]
        page = run("sessions", "list", *place, "--limit", "1")
        self.words["CURSOR"] = re.search(r"--after '(\S+)'", page.stderr)[1]

    def copy(self, place):
        return Path(shutil.copytree(self.path, Path(place) / "copy", symlinks=True))


def contents(folder):
    """Each file of a folder: its mode, and what is in it.

    Of the database it is the tables and their rows: a program that opens it, also to read, may change counters of
    SQLite's own and the files beside it.
    """
    found = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
            continue
        mode = path.lstat().st_mode
        if name == DATABASE:
            found[name] = (mode, rows(path))
        elif stat.S_ISLNK(mode):
            found[name] = os.readlink(path)
        else:
            found[name] = (mode, path.read_bytes() if path.is_file() else None)
    return found


def rows(path):
    with closing(sqlite3.connect(path)) as database:
        return sorted(database.iterdump())


class HelpTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = json.loads(ok("--experimental-dump-help"))["command"]

    def test_every_verb_explains_itself_with_an_example(self):
        self.assertEqual(list(unexplained(self.tree)), [])
        self.assertIn("\n  dewar key sign /etc/shop/keys --retire-after 30\n", ok("key", "sign", "--help"))

    def test_a_verb_without_an_example_would_be_missed(self):
        tree = copy.deepcopy(self.tree)
        [key] = [command for command in tree["subcommands"] if command["commandName"] == "key"]
        key["subcommands"][0]["discussion"] = "The verb dewar key make."
        key["subcommands"][1]["discussion"] = "dewar key add FILE --no-such-option"
        self.assertEqual(list(unexplained(tree)), ["key make has no example", "key add has no --no-such-option"])

    def test_every_verb_has_json_but_run(self):
        lacking = [path for path, arguments in verbs(self.tree) if "--json" not in map(name_of, arguments)]
        self.assertEqual(lacking, ["run"])


class InputTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = json.loads(ok("--experimental-dump-help"))["command"]
        cls.folder = Folder(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.before = contents(cls.folder.path)
        assert len([row for row in cls.before[DATABASE][1] if row.startswith("INSERT")]) == 3
        cls.trap = Trap()
        cls.addClassCleanup(cls.trap.socket.close)
        cls.site = cls.enterClassContext(Answering(PAGE_OF_A_SITE))
        cls.statuses = {int(code) for code in re.findall(r"(?m)^\| (\d+) \| ", PAGE.read_text())} - {0}

    def words(self, path, given, left_out=()):
        """The words of a line: what every line of the verb has, with some of it replaced."""
        verb = VERBS[path]
        chosen = {**verb.base, **given}
        for name, others in verb.unless.items():
            if not chosen.keys() & {name, *others}:
                chosen[name] = verb.takes[name].good
        options, arguments = [], []
        for name, value in chosen.items():
            if name in left_out:
                continue
            if name.startswith("<"):
                arguments += [value] if isinstance(value, str) else value
            elif value is None:
                options.append(name)
            else:
                # A value that begins with a hyphen has to be joined with the name.
                options += [f"{name}={value}"] if value.startswith("-") else [name, value]
        return (*path.split(), *options, *arguments)

    def run_all(self, lines, check):
        """Runs lines a few at a time, each in a folder of its own, and checks each."""
        with ThreadPoolExecutor(4) as pool:
            for line, result in zip(lines, pool.map(lambda line: self.run_line(*line[:3]), lines)):
                with self.subTest(line=line[0], places=line[2]):
                    check(line, *result)

    def run_line(self, words, stdin, places):
        known = {
            **self.folder.words, "SITE": self.site, "STORE": f"sqlite:{DATABASE}", "TAKEN": str(self.trap.port),
            **places}
        with tempfile.TemporaryDirectory() as place:
            folder = self.folder.copy(place)
            environment = {
                **os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": place, "TMPDIR": str(folder)}
            environment.pop("DEWAR_STORE", None)
            done = subprocess.run(
                [BIN / "dewar", *(self.filled(word, known) for word in words)], input=self.filled(stdin, known),
                capture_output=True, text=True, timeout=120, cwd=folder, env=environment)
            after = contents(folder)
        names = self.before.keys() | after.keys()
        return done, {name for name in names if self.before.get(name) != after.get(name)}

    @staticmethod
    def filled(text, known):
        return re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], text)

    def check_refusal(self, status, says, done, changed):
        self.assertEqual((done.returncode, done.stdout, changed), (status, "", set()), done.stderr)
        self.assertRegex(done.stderr, rf"\AError: [^\n]*{says}[^\n]*\n\Z")
        self.assertNotRegex(done.stderr, r"[\x00-\x09\x0b-\x1f\x7f]|s3cr3t")
        self.assertIn(status, self.statuses)


class BadInputTests(InputTestCase):
    def test_every_option_and_argument_has_bad_input(self):
        self.assertEqual(list(lacking(self.tree, VERBS)), [])
        self.assertEqual(self.statuses, {1, 2, 64})

    def test_a_new_option_or_verb_would_be_missed(self):
        tree = copy.deepcopy(self.tree)
        [audit] = [command for command in tree["subcommands"] if command["commandName"] == "audit"]
        names = [{"kind": "long", "name": "depth"}]
        audit["arguments"].append({"kind": "option", "names": names, "valueName": "count", "isOptional": True})
        audit["arguments"].append({"kind": "positional", "valueName": "second", "isOptional": True})
        tree["subcommands"].append({"commandName": "serve", "arguments": []})
        self.assertEqual(
            list(lacking(tree, VERBS)),
            ["audit --depth has no bad input", "audit <second> has no bad input", "serve has no cases"])
        audit["arguments"] = [argument for argument in audit["arguments"] if name_of(argument) != "--cookie"]
        self.assertIn("audit has no --cookie", list(lacking(tree, VERBS)))

    def test_bad_input_is_one_line_and_changes_nothing(self):
        lines, place = [], f"127.0.0.1:{self.trap.port}"
        for path, arguments in verbs(self.tree):
            for words, status, says, stdin in self.bad_lines(path, arguments):
                lines.append((words, stdin, {}, status, says))
                if status == 64 and {"$STORE", "$SITE"} & set(words):
                    # Once more where a store and a site would hear of it.
                    places = {"STORE": f"redis://{place}", "SITE": f"http://{place}/"}
                    lines.append((words, stdin, places, status, says))
        for group in groups(self.tree):
            words = (*group.split(), "no-such-verb")
            lines.append((words, "", {}, 64, "no-such-verb"))
            lines.append((("help", *words), "", {}, 64, "no command no-such-verb"))
        self.assertGreater(len(lines), 350)
        self.run_all(lines, lambda line, done, changed: self.check_refusal(*line[3:], done, changed))
        self.assertEqual(self.trap.count, 0)

    def test_a_folder_without_a_package_is_told(self):
        with tempfile.TemporaryDirectory() as place:
            done = run("run", "--port", "0", cwd=place)
            self.check_refusal(64, "no Package.swift", done, set(os.listdir(place)))

    def bad_lines(self, path, arguments):
        """The bad values of the table, and what is wrong with any command."""
        verb = VERBS[path]
        for name, taken in verb.takes.items():
            for value, status, says in taken.bad:
                yield self.words(path, {name: value}), status, says, ""
        for words, status, says, stdin in verb.also:
            rest = self.words(path, {}, {"--store"})[len(path.split()):]
            words = [part for word in words for part in (rest if word == "$REST" else (word,))]
            yield (*path.split(), *words), status, says, stdin
        for argument in arguments:
            name = name_of(argument)
            if argument["kind"] == "flag":
                yield (*self.words(path, {}), f"{name}=yes"), 64, name, ""
            elif argument["kind"] == "option":
                yield (*self.words(path, {}, {name}), name), 64, f"Missing value for '{name}", ""
            if not argument["isOptional"]:
                yield self.words(path, {}, {name}), 64, "Missing expected argument", ""
        positional = {name: verb.takes[name].good for name in verb.takes if name.startswith("<")}
        if not any(argument["kind"] == "positional" and argument["isRepeating"] for argument in arguments):
            yield (*self.words(path, positional), "stray"), 64, "Unexpected argument 'stray'", ""
        yield (*self.words(path, {}), "--no-such-option"), 64, "Unknown option '--no-such-option'", ""


class CombinationTests(InputTestCase):
    def test_what_is_refused_together_is_known(self):
        """Options and arguments with good values, each alone and each two: all but what the table has are accepted."""
        lines = []
        for path, arguments in verbs(self.tree):
            verb = VERBS[path]
            good = {name_of(argument): None for argument in arguments if argument["kind"] == "flag"}
            good |= {name: taken.good for name, taken in verb.takes.items()}
            refused = {frozenset(pair): says for pair, says in verb.refused.items()}
            self.assertLessEqual(set().union(*refused), good.keys())
            for number in (1, 2):
                for names in itertools.combinations(good, number):
                    says = refused.get(frozenset(names))
                    # What every line has is tried alone.
                    if number == 1 or says or not verb.base.keys() & set(names):
                        lines.append((self.words(path, {name: good[name] for name in names}), "", {}, verb.ends, says))
        self.assertGreater(len(lines), 150)
        self.run_all(lines, self.check_combination)

    def check_combination(self, line, done, changed):
        ends, says = line[3:]
        if says:
            return self.check_refusal(64, says, done, changed)
        self.assertIn(done.returncode, ends[0], done.stderr)
        self.assertRegex(done.stderr, ends[1])


if __name__ == "__main__":
    unittest.main()
