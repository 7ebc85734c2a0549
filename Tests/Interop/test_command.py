# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The command `dewar`: sessions in real stores, cookies of real servers, and an audit of a running site.

Bad input is in test_command_input.py.
"""

import codecs
import hashlib
import json
import os
import pty
import re
import select
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
from contextlib import closing
from pathlib import Path

from backends import Backends
from flask_peer import FlaskPeer
from programs import BIN, KEY, ROOT, cookie_of, example
from test_accounts import FIREFOX, SAFARI, Visitor

#: The kinds of store that the command opens.
STORES = ("directory", "sqlite", "redis", "postgres")
PAGE = ROOT / "docs/COMMAND.md"


def run(*arguments, stdin="", env=None, cwd=None):
    return subprocess.run(
        [BIN / "dewar", *arguments], capture_output=True, text=True, timeout=120, input=stdin, cwd=cwd,
        env={**os.environ, **(env or {})})


def ok(*arguments, **options):
    """What a command prints that succeeds."""
    done = run(*arguments, **options)
    assert done.returncode == 0, f"{arguments}: status {done.returncode}, {done.stderr}"
    return done.stdout


def on_terminal(*arguments, answer=None, env=None):
    """All that a command writes to a terminal, and its status. The answer is typed when it asks."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [BIN / "dewar", *arguments], stdin=child, stdout=child, stderr=child, close_fds=True,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **(env or {})})
    os.close(child)
    # A read may end within a character.
    decoder = codecs.getincrementaldecoder("utf-8")()
    shown, deadline = "", time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([parent], [], [], 0.1)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            data = os.read(parent, 4096)
        except OSError:
            break
        if not data:
            break
        shown += decoder.decode(data)
        if answer is not None and "[y/N] " in shown:
            os.write(parent, answer.encode() + b"\n")
            answer = None
    os.close(parent)
    return shown, process.wait(30)


class CommandTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return str(Path(self.folder.name) / name)

    def assertOneLine(self, arguments, status, pattern, **options):
        """The command fails with this status and one line, and prints nothing else."""
        done = run(*arguments, **options)
        self.assertEqual((done.returncode, done.stdout), (status, ""), f"{arguments}: {done.stderr}")
        self.assertRegex(done.stderr, rf"\AError: [^\n]*{pattern}[^\n]*\n\Z", f"{arguments}")


class SessionsTests(CommandTestCase):
    @classmethod
    def setUpClass(cls):
        cls.backends = Backends()
        cls.addClassCleanup(cls.backends.close)

    def sessions(self, place, *options):
        return json.loads(ok("sessions", "list", "--store", place, "--all", "--json", *options))

    def each_store(self):
        for kind in STORES:
            with self.subTest(kind):
                yield self.backends.option(kind)

    def test_a_site_is_seen_and_its_sessions_end(self):
        for place in self.each_store():
            with example("Accounts", "--sessions", place) as site:
                ada, phone, grace, guest = (Visitor(site, agent) for agent in (FIREFOX, SAFARI, FIREFOX, FIREFOX))
                guest.submit("/sign-in", user="ada", password="wrong")
                ada.sign_in()
                phone.sign_in()
                grace.submit("/sign-in", user="grace", password="nanosecond of wire")
                found = self.sessions(place)
                self.assertEqual([entry["user"] for entry in found].count("ada"), 2)
                self.assertEqual({entry["device"] for entry in found if entry["user"]}, {"Firefox on Linux", "Safari on macOS"})
                self.assertEqual({entry["id"] for entry in self.sessions(place, "--user", "ada")},
                                 {entry["id"] for entry in found if entry["user"] == "ada"})
                self.assertEqual(self.sessions(place, "--user", "nobody at all"), [])
                self.assertEqual(self.sessions(place, "--older-than", "1h"), [])
                self.assertEqual(len(self.sessions(place, "--unused-for", "0s")), len(found))
                self.check_show(place, found)
                self.check_secrets(place, [ada, phone, grace])
                mine = next(entry["id"] for entry in found if entry["device"] == "Safari on macOS")
                self.assertEqual(ok("sessions", "revoke", mine, "--store", place, "--yes"), "1 session ended\n")
                self.assertTrue(ada.is_signed_in)
                self.assertFalse(phone.is_signed_in)
                self.assertOneLine(("sessions", "show", mine, "--store", place), 2, f"no session {mine}")
                phone.sign_in()
                self.assertEqual(
                    json.loads(ok("sessions", "revoke", "--user", "ada", "--store", place, "-y", "--json")), {"revoked": 2})
                self.assertFalse(ada.is_signed_in or phone.is_signed_in)
                self.assertIn("Signed in as grace", grace.get("/").text)
                ok("sessions", "revoke", "--everybody", "--store", place, "--yes")
                self.assertEqual(self.sessions(place), [])
                self.assertNotIn("Signed in as", grace.get("/").text)

    def check_show(self, place, found):
        entry = next(entry for entry in found if entry["user"] == "grace")
        shown = json.loads(ok("sessions", "show", entry["id"], "--store", place, "--json"))
        for key in entry:
            self.assertEqual(shown[key], entry[key])
        self.assertEqual((shown["contentsState"], shown["contents"]["_user_id"]), ("plain", "grace"))
        text = ok("sessions", "show", entry["id"], "--store", place)
        self.assertIn('  _user_id: "grace"\n', text)
        self.assertIn("  _csrf: \"(hidden)\"\n", text)

    def check_secrets(self, place, visitors):
        """Nothing that the command prints is a part of a cookie."""
        listed = ok("sessions", "list", "--store", place) + ok("sessions", "list", "--store", place, "--json")
        for visitor in visitors:
            (cookie,) = [cookie.value for cookie in visitor.session.cookies if cookie.name == "session"]
            for part in cookie.split("."):
                self.assertNotIn(part[22:], listed)

    def test_pages_and_statistics(self):
        for place in self.each_store():
            with example("Counter", "--sessions", place) as site:
                for _ in range(130):
                    site.get("/count")
            every = {entry["id"] for entry in self.sessions(place)}
            self.assertEqual(len(every), 130)
            found, cursor = [], []
            while cursor is not None:
                page = run("sessions", "list", "--store", place, "--limit", "50", "--json", *cursor)
                self.assertEqual(page.returncode, 0, page.stderr)
                entries = json.loads(page.stdout)
                self.assertLessEqual(len(entries), 50)
                found += [entry["id"] for entry in entries]
                more = re.search(r"--after '(\S+)'", page.stderr)
                cursor = ["--after", more[1]] if more else None
            self.assertEqual((len(found), set(found)), (130, every))
            self.assertEqual(len(ok("sessions", "list", "--store", place).splitlines()), 51)
            self.assertOneLine(("sessions", "list", "--store", place, "--after", "no-cursor"), 1, "cannot go on")
            stats = json.loads(ok("sessions", "stats", "--store", place, "--json"))
            self.assertEqual((stats["sessions"], stats["signedIn"]), (130, 0))
            self.assertEqual(sum(step["sessions"] for step in stats["ages"]), 130)
            self.assertNotIn("█", ok("sessions", "stats", "--store", place))

    def test_expired_sessions_are_purged(self):
        for place in self.each_store():
            with example("Counter", "--sessions", place, "--idle", "1") as site:
                for _ in range(3):
                    site.get("/count")
                time.sleep(1.2)
                self.assertEqual(self.sessions(place), [])
                # Redis removes them itself, a minute later.
                count = 0 if place.startswith("redis") else 3
                self.assertEqual(ok("sessions", "purge", "--store", place), f"{count} expired sessions removed\n")
                self.assertEqual(json.loads(ok("sessions", "purge", "--store", place, "--json")), {"removed": 0})

    def test_sessions_are_copied_from_store_to_store(self):
        places = [self.backends.option(kind) for kind in (*STORES, "directory")]
        with example("Counter", "--sessions", places[0]) as site:
            cookies = [cookie_of(site.get("/count").headers["Set-Cookie"]) for _ in range(40)]
        time.sleep(0.01)
        for source, target in zip(places, places[1:]):
            copy = ("sessions", "copy", "--store", source, "--to", target, "--yes", "--json")
            self.assertEqual(json.loads(ok(*copy)), {"copied": 40, "present": 0, "newer": 0, "ended": 0})
            self.assertEqual(json.loads(ok(*copy)), {"copied": 0, "present": 40, "newer": 0, "ended": 0})
        with example("Counter", "--sessions", places[-1]) as site:
            for cookie in cookies:
                self.assertEqual(site.get("/count", cookie).text, "2")

    def test_a_copy_that_was_cut_short_goes_on(self):
        """A target that takes no more than 700 sessions; pages have 500."""
        source, target = self.path("source.sqlite"), self.path("target.sqlite")
        for path in (source, target):
            with example("Counter", "--sessions", f"sqlite:{path}") as site:
                site.get("/count")
        with closing(sqlite3.connect(source)) as database:
            self.multiply(database, 1100)
        with closing(sqlite3.connect(target)) as database:
            database.execute("DELETE FROM dewar_sessions")
            database.execute(
                "CREATE TRIGGER full BEFORE INSERT ON dewar_sessions WHEN (SELECT count(*) FROM dewar_sessions) >= 700 "
                "BEGIN SELECT RAISE(ABORT, 'it takes no more'); END")
            database.commit()
        copy = ("sessions", "copy", "--store", f"sqlite:{source}", "--yes", "--json")
        failed = run(*copy, "--to", f"sqlite:{target}")
        self.assertEqual((failed.returncode, failed.stdout), (1, ""), failed.stderr)
        self.assertRegex(failed.stderr, r"\AError: [^\n]*it takes no more[^\n]*\n\Z")
        cursor = re.search(r"To go on from here: --after '(\S+)'\n", failed.stderr)[1]
        with closing(sqlite3.connect(target)) as database:
            arrived = len(self.rows(database))
            database.execute("DROP TRIGGER full")
            database.commit()
        self.assertTrue(500 <= arrived <= 700, arrived)
        other = shutil.copy(target, self.path("other.sqlite"))
        for path, options, present in ((target, (), arrived), (other, ("--after", cursor), arrived - 500)):
            told = json.loads(ok(*copy, "--to", f"sqlite:{path}", *options))
            self.assertEqual(told, {"copied": 1100 - arrived, "present": present, "newer": 0, "ended": 0})
            with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(source)) as all_of_them:
                self.assertEqual(self.rows(one), self.rows(all_of_them))

    @staticmethod
    def multiply(database, count):
        """Makes a table's only session into so many, with ids of their own."""
        columns = [row[1] for row in database.execute("PRAGMA table_info(dewar_sessions)")]
        (row,) = database.execute("SELECT * FROM dewar_sessions").fetchall()
        for _ in range(count - 1):
            identifier = os.urandom(16)
            slot = int.from_bytes(hashlib.sha256(identifier).digest()[:8], signed=True)
            new = {**dict(zip(columns, row)), "id": identifier, "slot": slot}
            database.execute(f"INSERT INTO dewar_sessions VALUES ({', '.join('?' * len(new))})", list(new.values()))
        database.commit()

    @staticmethod
    def rows(database):
        return database.execute("SELECT * FROM dewar_sessions ORDER BY slot").fetchall()

    def test_a_terminal_is_asked_and_gets_bars_and_colours(self):
        place = self.backends.option("sqlite")
        with example("Counter", "--sessions", place) as site:
            for _ in range(5):
                site.get("/count")
        everybody = ("sessions", "revoke", "--everybody", "--store", place)
        self.assertOneLine(everybody, 64, "say --yes")
        shown, status = on_terminal(*everybody, answer="n")
        self.assertEqual(status, 1)
        self.assertIn("Nothing was changed", shown)
        self.assertEqual(len(self.sessions(place)), 5)
        stats, _ = on_terminal("sessions", "stats", "--store", place)
        self.assertIn("█", stats)
        self.assertIn("\x1b[1m", on_terminal("sessions", "list", "--store", place)[0])
        for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn("\x1b[", on_terminal("sessions", "list", "--store", place, env=plain)[0])
        self.assertNotIn("\x1b", ok("sessions", "list", "--store", place))
        target = self.path("copied.sqlite")
        shown, status = on_terminal("sessions", "copy", "--store", place, "--to", f"sqlite:{target}", answer="y")
        self.assertEqual(status, 0)
        # The bar, which is then taken away.
        self.assertRegex(shown, r"\r\x1b\[Kcopying █{30} 5 of 5\r\x1b\[K5 copied")
        (again,) = ok("sessions", "copy", "--store", place, "--to", f"sqlite:{target}", "--yes").splitlines()
        self.assertEqual(again, "0 copied, 5 were there already, 0 are newer there")
        shown, status = on_terminal(*everybody, answer="y")
        self.assertEqual((status, self.sessions(place)), (0, []))

    def test_the_store_may_stand_in_the_environment(self):
        place = self.backends.option("sqlite")
        with example("Counter", "--sessions", place) as site:
            site.get("/count")
        listed = json.loads(ok("sessions", "list", "--json", env={"DEWAR_STORE": place}))
        self.assertEqual(len(listed), 1)
        self.assertOneLine(("sessions", "list"), 64, "DEWAR_STORE takes", env={"DEWAR_STORE": "mysql://u:s3cr3t@h"})

    def test_encrypted_contents_need_their_key(self):
        # The examples encrypt nothing: this is a record that was written with encryptsValues.
        place, key = self.encrypted_store()
        (entry,) = self.sessions(place)
        self.assertIn("encrypted; --key-file shows them", ok("sessions", "show", entry["id"], "--store", place))
        shown = ok("sessions", "show", entry["id"], "--store", place, "--key", key)
        self.assertIn('  name: "value"\n', shown)
        self.assertNotIn(key, shown)
        other = json.loads(ok("sessions", "show", entry["id"], "--store", place, "--key", "x" * 40, "--json"))
        self.assertEqual((other["contentsState"], other["contents"]), ("encrypted", None))

    def encrypted_store(self):
        """An SQLite store with one session whose contents are encrypted as docs/STORES.md says."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        key, path = "a key of the encrypted store, 40 letters long", self.path("encrypted.sqlite")
        with example("Counter", "--sessions", f"sqlite:{path}") as site:
            site.get("/count")
        database = sqlite3.connect(path)
        (identifier,) = database.execute("SELECT id FROM dewar_sessions").fetchone()
        salt, nonce = os.urandom(32), os.urandom(12)
        secret = HKDF(hashes.SHA256(), 32, salt, b"dewar.contents").derive(key.encode())
        contents = b"\2" + salt + nonce + AESGCM(secret).encrypt(nonce, b'{"name":"value"}', identifier)
        database.execute("UPDATE dewar_sessions SET contents = ?", (contents,))
        database.commit()
        database.close()
        return f"sqlite:{path}", key

    def test_a_database_without_the_table_is_told_and_gets_none(self):
        self.assertOneLine(("sessions", "list", "--store", self.backends.postgres.url), 1, "no table")
        tables = self.backends.postgres.ask_sql("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'dewar%'")
        self.assertEqual(tables, "0")


class CookieTests(CommandTestCase):
    def show(self, cookie, *options, status=0):
        done = run("cookie", "show", "--json", *options, stdin=cookie)
        self.assertEqual(done.returncode, status, done.stderr)
        return json.loads(done.stdout)

    def test_cookies_of_running_servers(self):
        for kind in ("flask", "signed", "sealed", "memory"):
            with self.subTest(kind), example("Counter", "--sessions", kind) as site:
                field = site.get("/count").headers["Set-Cookie"]
                shown = self.show(field, "--key", KEY)
                self.assertEqual((shown["format"], shown["verified"]), ("stored" if kind == "memory" else kind, True))
                self.assertEqual(self.show(field, "--key", "x" * 40, status=2)["verified"], False)
                plain = self.show(field)
                self.assertIsNone(plain["verified"])
                readable = kind in ("flask", "signed")
                self.assertEqual(plain["contents"] is not None, readable)
                self.assertEqual(shown["contents"] is not None, kind != "memory")
                value = cookie_of(field).partition("=")[2]
                self.assertEqual(shown["size"], len(value) + len("session"))

    def test_a_cookie_of_real_flask_and_one_for_it(self):
        peer = FlaskPeer(KEY)
        field = peer.cookie({"username": "admin", "cart": [1, ["a"]]})
        self.assertEqual(self.show(field, "--key", KEY)["contents"], {"username": "admin", "cart": [1, ["a"]]})
        made = ok("cookie", "make", "--format", "flask", "--key", KEY, '{"username": "admin"}').strip()
        with example("Login") as login:
            self.assertIn("Logged in as admin", login.get("/", f"session={made}").text)

    def test_made_cookies_open_in_every_format(self):
        for kind in ("flask", "signed", "sealed"):
            with self.subTest(kind), example("Login", "--sessions", kind) as login:
                made = ok("cookie", "make", "--format", kind, "--key", KEY, stdin='{"username": "admin"}').strip()
                self.assertIn("Logged in as admin", login.get("/", f"session={made}").text)
                old = json.loads(ok("cookie", "make", "--format", kind, "--key", KEY, "--age", "40d", "--json", "{}"))
                self.assertEqual(old["name"], "session")
                shown = self.show(f"session={old['value']}", "--key", KEY, status=2)
                self.assertEqual((shown["verified"], shown["expired"]), (True, True))
                other = self.show(made, "--key", KEY, "--name", "other", status=0 if kind == "flask" else 2)
                self.assertEqual(other["verified"], kind == "flask")

    def test_keys_from_a_file(self):
        keys = self.path("keys")
        ok("key", "add", keys)
        made = ok("cookie", "make", "--format", "sealed", "--key-file", keys, '{"n": 1}')
        ok("key", "add", keys)
        ok("key", "sign", keys)
        shown = run("cookie", "show", "--key-file", keys, stdin=made)
        self.assertEqual(shown.returncode, 0)
        self.assertRegex(shown.stdout, r"verified +yes, by the key [0-9a-f]{8}, which is accepted and does not sign\n")
        for line in Path(keys).read_text().splitlines():
            self.assertNotIn(line.split("base64:")[1], shown.stdout + shown.stderr)

    def test_what_is_no_session_cookie_is_shown_as_that(self):
        unknown = run("cookie", "show", stdin="no.such.cookie")
        self.assertEqual((unknown.returncode, unknown.stderr), (2, ""))
        self.assertIn("unknown: no session cookie", unknown.stdout)


class AuditTests(CommandTestCase):
    def findings(self, *arguments):
        done = run("audit", "--json", *arguments)
        self.assertIn(done.returncode, (0, 2), done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(done.returncode, 2 if found else 0)
        ranks = [("critical", "high", "medium", "low").index(entry["severity"]) for entry in found]
        self.assertEqual(ranks, sorted(ranks))
        return {(entry["severity"], entry["requirement"]) for entry in found}

    def test_the_examples(self):
        with example("Counter", "--sessions", "flask") as site:
            # Flask's cookie: no Secure over plain HTTP, no SameSite, no prefix, and nothing that forbids caching.
            self.assertEqual(
                self.findings(site.url + "/count"),
                {("high", "ASVS 3.3.1"), ("medium", "ASVS 3.3.2"), ("low", "ASVS 3.3.3"), ("medium", "OWASP caching")})
            text = run("audit", site.url + "/count")
            self.assertIn("configuration.cookie.sameSite = .lax", text.stdout)
            self.assertTrue(text.stdout.endswith("0 critical, 1 high, 2 medium, 1 low\n"))
            self.assertEqual(len(text.stderr.splitlines()), 3)

    def test_servers_that_misbehave(self):
        for answer, pattern in [
            (None, "did not answer within 1 s"), (b"", "closed the connection without an answer"),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "does not answer in HTTP/1.1"),
        ]:
            with self.subTest(answer), Answering(answer) as url:
                self.assertOneLine(("audit", "--timeout", "1", url), 1, pattern)
        with Answering(b"SSH-2.0-OpenSSH_9.2\r\n") as url:
            self.assertOneLine(("audit", url.replace("http:", "https:")), 1, "cannot agree on TLS")

    def test_what_a_server_sends_moves_no_cursor(self):
        page = b"HTTP/1.1 302 Found\r\nSet-Cookie: se\x1b[2Jsid=%s\r\nLocation: /\x1b[2J\r\nContent-Length: 0\r\n\r\n"
        with Answering(page % (b"x" * 30)) as url:
            done = run("audit", url)
            self.assertNotIn("\x1b", done.stdout + done.stderr)


class Answering:
    """A server that sends each client the same bytes; nothing at all for None."""

    def __init__(self, answer):
        self.answer, self.held = answer, []

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    def __exit__(self, *_):
        self.socket.close()
        for connection in self.held:
            connection.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            if self.answer is None:
                self.held.append(connection)
                continue
            with connection:
                connection.recv(4096)
                connection.sendall(self.answer)


class TranscriptTests(CommandTestCase):
    """docs/COMMAND.md: each command of the transcript prints what stands there."""

    def test_the_transcript(self):
        shop = self.path("sessions.sqlite")
        with example("Accounts", "--sessions", f"sqlite:{shop}") as site:
            for agent in (FIREFOX, SAFARI):
                Visitor(site, agent).sign_in()
            Visitor(site, FIREFOX).submit("/sign-in", user="grace", password="nanosecond of wire")
        with example("Counter", "--sessions", "flask") as site:
            self.replay(shop, site.url)

    def replay(self, shop, url):
        blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(), re.DOTALL)
        self.assertTrue(blocks)
        known = {}
        for command, expected in self.commands("".join(blocks)):
            for name, value in known.items():
                command = command.replace(name, value)
            command = command.replace("http://127.0.0.1:5000", url)
            done = subprocess.run(
                ["bash", "-c", command], capture_output=True, text=True, timeout=60, cwd=self.folder.name,
                env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "DEWAR_STORE": f"sqlite:{shop}"})
            printed = (done.stdout + done.stderr).replace(url, "http://127.0.0.1:5000")
            self.assertEqual(self.general(printed), self.general(expected), command)
            # The ids in the text stand for those that this run has.
            known.update(zip(re.findall(r"\b[0-9a-f]{32}\b", expected), re.findall(r"\b[0-9a-f]{32}\b", printed)))

    @staticmethod
    def commands(text):
        """Each command with what it prints."""
        for part in re.split(r"(?m)^\$ ", text)[1:]:
            command, _, output = part.partition("\n")
            yield command, output

    @staticmethod
    def general(text):
        """The text without what differs from run to run; the order of a list has no meaning."""
        text = re.sub(r"\b[0-9a-f]{32}\b", "ID", text)
        text = re.sub(r"\b[0-9a-f]{8}\b", "KEY", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
        text = re.sub(r"\b\d+[dhms]( \d+[dhms])?\b", "AGE", text)
        text = re.sub(r"\b\d+ B\b", "SIZE", text)
        text = re.sub(r"\b1[789]\d{8}\b", "SECONDS", text)
        return sorted(re.sub(r" +", " ", line) for line in text.splitlines() if line.strip())
