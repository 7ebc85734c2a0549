# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""`dewar new` and `dewar run`: a new app as its author meets it, by the commands of the README, in Chromium.

The app is built by SwiftPM in a debug build. Its dependencies are those that the debug build of this repository has
compiled: SWIFTPM_BUILD_DIR names its folder, so that only the app itself is compiled. DEWAR_FRESH_APP=1 leaves that out, and
all is fetched and compiled as for its author: ./browsers --new-app.
"""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from browser import Browser
from programs import BIN, ROOT, Program, plain_session
from test_command import CommandTestCase, ok

#: Other builds on the machine may have to end first.
PATIENCE = 900
IS_FRESH = os.environ.get("DEWAR_FRESH_APP") == "1"
PAGE = {"Accept": "text/html"}


def environment():
    """The environment of a terminal that an author has just opened."""
    own = {}
    if not IS_FRESH:
        own["SWIFTPM_BUILD_DIR"] = str(BIN.resolve().parents[1])
        own["SWIFT_DETERMINISTIC_HASHING"] = "1"
    return {**os.environ, **own}


def readme_commands(title):
    """The commands of a section of the README, block by block."""
    section = re.search(rf"(?ms)^## {title}\n(.*?)(?=^## )", (ROOT / "README.md").read_text())[1]
    for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
        yield [re.sub(r"\s+#.*", "", line).split() for line in block.splitlines() if not line.startswith("#")]


def terminal(commands):
    """The environment of a terminal in which these commands were given, in the clone."""
    script = "\n".join(["exec 3>&1 >&2", *map(" ".join, commands), 'printf %s "$PATH" >&3'])
    if not IS_FRESH:
        # The build whose command is tested, which has every store.
        script = script.replace("release", BIN.name).replace("DEWAR_PARTS= ", "")
    done = subprocess.run(
        ["bash", "-ec", script], cwd=ROOT, env=environment(), check=True, capture_output=True, text=True,
        timeout=PATIENCE)
    return {**environment(), "PATH": done.stdout}


class Running:
    """`dewar run` in a folder, until the `with` block ends."""

    def __init__(self, command, folder, env):
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", "0"], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        self.read = 0

    def __enter__(self):
        try:
            self.url = self.wait(r"Serving on (http://\S+)")[1]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.folder.cleanup()

    def wait(self, pattern):
        """Waits for what has not been waited for before."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            has_ended = self.process.poll() is not None
            text = self.log.read_text()
            if found := re.compile(pattern).search(text, self.read):
                self.read = found.end()
                return found
            if has_ended:
                break
            time.sleep(0.05)
        raise AssertionError(f"Not seen: {pattern} (status {self.process.poll()}): {self.log.read_text()}")

    def get(self, path="/", **options):
        return self.send("GET", path, **options)

    def send(self, method, path, **options):
        with plain_session() as session:
            return session.request(method, self.url + path, allow_redirects=False, timeout=PATIENCE, **options)


class NewTests(CommandTestCase):
    def new(self, *arguments):
        return ok("new", *arguments, "--in", self.folder.name)

    def files(self, name):
        root = Path(self.folder.name) / name
        return {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}

    def test_what_is_written(self):
        printed = self.new("shop", "--sign-in")
        told = json.loads(self.new("plain", "--json"))
        self.assertEqual(told["folder"], self.path("plain"))
        self.assertEqual(set(told["files"]), set(self.files("plain")))
        shop = self.files("shop")
        self.assertIn('Sign in as ada with the password "analytical engine"', printed)
        for name, path in shop.items():
            self.assertIn(f"{self.path('shop')}/{name}\n", printed)
            self.assertNotIn("\x1b", path.read_text())
        for files in (shop, self.files("plain")):
            self.assertEqual(stat.S_IMODE(files["secret-keys"].stat().st_mode), 0o600)
            self.assertEqual(ok("key", "check", str(files["secret-keys"])).count("signs"), 1)
            secret = files["secret-keys"].read_text().split("sign ")[-1].strip()
            self.assertNotIn(secret, printed + json.dumps(told))
        self.assertNotEqual(shop["secret-keys"].read_text(), self.files("plain")["secret-keys"].read_text())

    def test_a_release_build_has_no_users(self):
        """The compiler says so, and the password of the demonstration opens nothing."""
        self.new("shop", "--sign-in")
        users, main = Path(self.path("shop"), "Sources/shop/DemoUsers.swift"), Path(self.path("main.swift"))
        program = self.path("main")
        main.write_text('print(isRight("analytical engine", of: "ada"), isRight("", of: "ada"))\n')
        # SwiftPM defines DEBUG in a debug build, and in no other.
        warning = "DemoUsers.swift has no users in a release build: replace it."
        for options, printed, warnings in ((("-D", "DEBUG"), "true false\n", []), ((), "false false\n", [warning])):
            built = subprocess.run(
                ["swiftc", *options, users, main, "-o", program], capture_output=True, text=True, timeout=120)
            self.assertEqual(built.returncode, 0, built.stderr)
            told = re.findall(r"DemoUsers\.swift:\d+:\d+: warning: (.*)", built.stderr)
            self.assertEqual(told, warnings)
            self.assertEqual(subprocess.run([program], capture_output=True, text=True, timeout=60).stdout, printed)

    @unittest.skipUnless(shutil.which("git"), "git is not there")
    def test_the_key_is_not_committed(self):
        self.new("shop", "--sign-in")
        folder = self.path("shop")
        Path(folder, "sessions").mkdir()
        Path(folder, "sessions", "one").write_text("x")
        git = ["git", "-C", folder]
        subprocess.run([*git, "init", "--quiet"], check=True, timeout=60)
        subprocess.run([*git, "add", "--all"], check=True, timeout=60)
        listed = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True, timeout=60).stdout.split()
        own = {name for name in self.files("shop") if not name.startswith(".git/")}
        self.assertEqual(set(listed), own - {"secret-keys", "sessions/one"})

    @unittest.skipUnless(shutil.which("git") and (ROOT / ".git").exists(), "git is not there, or this is no clone")
    def test_dewar_may_come_from_a_repository(self):
        """SwiftPM finds Dewar at the URL, on the branch main, and in it the products that the app names."""
        repository, build = self.path("dewar.git"), Path(self.path("build"))
        subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, repository], check=True, timeout=120)
        git = ["git", "-C", repository]
        subprocess.run([*git, "update-ref", "refs/heads/main", "HEAD"], check=True, timeout=60)
        head = subprocess.run(
            [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True, timeout=60).stdout
        self.new("shop", "--sign-in", "--package", f"file://{repository}")
        # The other packages are those of this build: they are neither fetched nor copied.
        shutil.copy(ROOT / "Package.resolved", self.path("shop"))
        for kind in ("checkouts", "repositories"):
            (build / kind).mkdir(parents=True)
            for place in (ROOT / ".build" / kind).iterdir():
                (build / kind / place.name).symlink_to(place)
        shutil.copy(ROOT / ".build/workspace-state.json", build)
        shown = subprocess.run(
            ["swift", "package", "--scratch-path", build, "--skip-update", "show-dependencies", "--format", "json"],
            cwd=self.path("shop"), env=environment(), capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        [dewar] = json.loads(shown.stdout)["dependencies"]
        self.assertEqual(dewar["identity"], "dewar")
        pins = json.loads(Path(self.path("shop"), "Package.resolved").read_text())["pins"]
        [state] = [pin["state"] for pin in pins if pin["identity"] == "dewar"]
        self.assertEqual(state, {"branch": "main", "revision": head.strip()})

    def test_the_sources_are_formatted(self):
        for options in ((), ("--sign-in",)):
            self.new(name := f"app{len(options)}", *options)
            done = subprocess.run(
                ["swift", "format", "lint", "--strict", "--recursive", "--configuration", ROOT / ".swift-format",
                 self.path(name)], capture_output=True, text=True, timeout=120)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_no_module_of_the_build_has_the_name(self):
        modules = {path.name.removesuffix(".swiftmodule") for path in (BIN / "Modules").glob("*.swiftmodule")}
        names = {name for name in modules if name[0].isalpha() and not name.endswith("Tests")}
        # The apps that the other tests have built.
        names -= {"shop", "plain"}
        self.assertGreater(len(names), 60)
        for name in sorted(names):
            with self.subTest(name):
                self.assertOneLine(("new", name.lower(), "--in", self.folder.name), 64, "name of a module")
        self.assertEqual(os.listdir(self.folder.name), [])


class PlainAppTests(CommandTestCase):
    """An app without sign-in."""

    def test_it_passes_its_tests_and_runs(self):
        ok("new", "plain", "--in", self.folder.name)
        folder = Path(self.path("plain")).resolve()
        if not IS_FRESH:
            shutil.copy(ROOT / "Package.resolved", folder)
        done = subprocess.run(
            ["swift", "test"], cwd=folder, env=environment(), capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"Test run with 2 tests .*passed")
        self.assertNotRegex(done.stdout + done.stderr, rf"{folder}/\S+: warning: ")
        place = Path(environment().get("SWIFTPM_BUILD_DIR", folder / ".build")) / "debug"
        with Program(place / "plain", cwd=folder, env={"PORT": "0"}) as site, plain_session() as visitor:
            for count in (1, 2):
                page = visitor.get(site.url, timeout=10).text
                self.assertIn(f"<p>You were here {count} times.</p>", page)
            style = re.search(r'<link rel="stylesheet" href="([^"]+)">', page)[1]
            sheet = visitor.get(site.url + style, timeout=10)
            self.assertEqual(sheet.headers["Content-Type"], "text/css; charset=utf-8")
            named = visitor.post(
                f"{site.url}/name", data={"name": "<b>Ada</b>"}, headers={"Origin": site.url}, timeout=10)
            self.assertEqual(named.url, f"{site.url}/")
            self.assertIn("<h1>Welcome, &lt;b&gt;Ada&lt;/b&gt;</h1>", named.text)
            self.assertIn('<p role="status">Hello!</p>', named.text)


class NewAppTests(unittest.TestCase):
    """The README's section "Start an app", and then a day's work on the app."""

    def setUp(self):
        self.place = Path(self.enterContext(tempfile.TemporaryDirectory()))
        browser = self.enterContext(Browser())
        self.visitors = [browser.window().tab() for _ in range(2)]

    def sessions(self):
        listed = ok("sessions", "list", "--store", "directory:sessions", "--json", cwd=self.app)
        return {entry["id"] for entry in json.loads(listed) if entry["user"] == "ada"}

    def sign_in(self, tab, url):
        tab.go(f"{url}/sign-in")
        tab.fill("[name=user]", "ada")
        tab.fill("[name=password]", "analytical engine")
        tab.follow("main button")
        self.assertEqual(tab.url, f"{url}/")
        self.assertIn("Signed in as ada.", tab.text)

    def change(self, file, old, new):
        path = self.app / file
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def test_the_transcript(self):
        building, making, reaching, ending = readme_commands("Start an app")
        new, enter, serve = making
        listing, revoking = ending
        self.assertEqual((new[:2], enter, serve), (["dewar", "new"], ["cd", new[2]], ["dewar", "run"]))
        one, other_terminal = terminal(building), terminal(reaching)
        for place in (one, other_terminal):
            self.assertTrue(Path(shutil.which("dewar", path=place["PATH"])).samefile(BIN / "dewar"))
        subprocess.run(new, cwd=self.place, env=one, check=True, capture_output=True, timeout=60)
        self.app = self.place / enter[1]
        if not IS_FRESH:
            # The versions of the packages that have been compiled.
            shutil.copy(ROOT / "Package.resolved", self.app)
        with Running(serve, self.app, one) as site:
            laptop, phone = self.visitors
            # Before it is built there is a page, which then makes room for the app.
            laptop.go(site.url)
            self.assertIn("The app is being built", laptop.text)
            site.wait("ready on")
            laptop.wait_for("You are not signed in.")
            self.sign_in(laptop, site.url)
            mine = self.sessions()
            self.assertEqual(len(mine), 1)
            self.sign_in(phone, site.url)
            (other,) = self.sessions() - mine
            laptop.follow("Your devices")
            self.assertEqual(laptop.text.count("Last used"), 2)
            self.assertIn("This device", laptop.text)
            # At the command line, with the commands of the README.
            listed = subprocess.run(
                listing, cwd=self.app, env=other_terminal, check=True, capture_output=True, text=True,
                timeout=60).stdout
            self.assertIn(other, listed)
            self.assertEqual(revoking[:3] + revoking[4:], ["dewar", "sessions", "revoke", *listing[3:], "--yes"])
            revoking[3] = other
            ended = subprocess.run(
                revoking, cwd=self.app, env=other_terminal, check=True, capture_output=True, text=True,
                timeout=60).stdout
            self.assertEqual(ended, "1 session ended\n")
            phone.reload()
            self.assertIn("You are not signed in.", phone.text)
            laptop.reload()
            self.assertEqual(laptop.text.count("Last used"), 1)
            self.assertEqual(self.sessions(), mine)
            self.check_a_template(site, laptop)
            self.check_a_mistake(site, laptop)
            self.check_a_crash(site, laptop)
            self.check_the_end(site)
        self.check_its_tests()

    def check_a_template(self, site, tab):
        self.change("templates/index.mustache", "Welcome to shop", "Welcome to the shop")
        site.wait(r"templates/index\.mustache has changed")
        site.wait("ready on")
        tab.go(site.url)
        self.assertIn("Welcome to the shop", tab.text)
        self.assertIn("Signed in as ada.", tab.text)

    def check_a_mistake(self, site, tab):
        self.change("Sources/shop/Pages.swift", '"You were here', '<b>"You were here')
        site.wait("cannot be built")
        tab.reload()
        self.assertEqual(tab.status, 500)
        self.assertIn("The app cannot be built", tab.text)
        self.assertRegex(tab.text, r"Pages\.swift:\d+:\d+: error: ")
        self.assertIn('<b>"You were here', tab.text)
        plain = site.get()
        self.assertEqual((plain.status_code, plain.headers["Content-Type"]), (500, "text/plain; charset=utf-8"))
        # Another site whose name leads here is not told.
        stranger = site.get(headers={"Host": "attacker.example", **PAGE})
        self.assertNotIn("Pages.swift", stranger.text)
        self.change("Sources/shop/Pages.swift", '<b>"You were here', '"You were now here')
        site.wait("Pages.swift has changed")
        site.wait("building")
        # A form that is sent while the app is built waits, and is answered by the app.
        answer = site.send("POST", "/sign-in", data={"user": "x", "password": "y"}, headers={"Origin": site.url})
        self.assertEqual(answer.status_code, 200)
        self.assertIn("There is no such user with that password.", answer.text)
        tab.wait_for("Signed in as ada.")
        tab.go(f"{site.url}/visits")
        self.assertIn("You were now here 1 times.", tab.text)

    def check_a_crash(self, site, tab):
        settings = self.app / "config.json"
        good = settings.read_text()
        settings.write_text("{")
        site.wait("the app has ended")
        tab.go(site.url)
        self.assertIn("The app has ended", tab.text)
        self.assertIn("The configuration file config.json cannot be read", tab.text)
        settings.write_text(good)
        tab.wait_for("Signed in as ada.")
        self.assertEqual([error for error in tab.errors if "500" not in error and "503" not in error], [])

    def check_the_end(self, site):
        ports = re.findall(r"Running on http://127\.0\.0\.1:(\d+)", site.log.read_text())
        site.process.send_signal(signal.SIGINT)
        self.assertEqual(site.process.wait(20), 0)
        for port in (ports[-1], site.url.rpartition(":")[2]):
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", int(port)), 1)

    def check_its_tests(self):
        self.change("Sources/shop/Pages.swift", '"You were now here', '"You were here')
        done = subprocess.run(
            ["swift", "test"], cwd=self.app, env=environment(), capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"Test run with 5 tests .*passed")
