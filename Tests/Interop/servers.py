# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Real Redis and PostgreSQL servers, each on a free port and in a temporary folder, gone when the `with` block ends."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def make_certificate(folder, *names):
    """A certificate for some names that nobody but itself has signed: key.pem and cert.pem in the folder."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", f"/CN={names[0]}", "-addext", "subjectAltName=" + ",".join(kind(name) + name for name in names),
         "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True)


def kind(name):
    return "IP:" if name.replace(".", "").isdigit() else "DNS:"


class Server:
    """A server's process. A subclass says what to run, and when it answers."""

    def __init__(self, place=None):
        self.folder = tempfile.TemporaryDirectory(dir=place)
        self.port = free_port()
        self.process = None

    def __enter__(self):
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        """Starts it, the first time or after `kill`."""
        with (Path(self.folder.name) / "log").open("wb") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder.name)
        deadline = time.monotonic() + 60
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                report = (Path(self.folder.name) / "log").read_text()
                self.process.kill()
                self.process.wait(20)
                raise AssertionError(f"{type(self).__name__} does not start: {report}")
            time.sleep(0.02)

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait(20)

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self.folder.cleanup()

    def prepare(self):
        pass

    def ask(self, question):
        """What the server answers to some bytes; nothing when nobody listens."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(question)
                return connection.recv(100)
        except OSError:
            return b""


class Redis(Server):
    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def command(self):
        program = shutil.which("redis-server")
        if not program:
            raise AssertionError("redis-server is missing: apt-get install redis-server, or brew install redis.")
        return [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder.name, "--save", ""]

    def answers(self):
        return self.ask(b"PING\r\n").startswith(b"+PONG")


class RedisCluster:
    """Three Redis servers with a third of the slots each."""

    def __init__(self):
        self.nodes = [ClusterNode() for _ in range(3)]

    def __enter__(self):
        for node in self.nodes:
            node.__enter__()
        program = shutil.which("redis-cli")
        places = [f"127.0.0.1:{node.port}" for node in self.nodes]
        subprocess.run([program, "--cluster", "create", *places, "--cluster-yes"], check=True, capture_output=True, timeout=60)
        deadline = time.monotonic() + 60
        while not all(b"cluster_state:ok" in node.ask(b"CLUSTER INFO\r\n") for node in self.nodes):
            if time.monotonic() > deadline:
                raise AssertionError("The nodes do not become a cluster.")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        for node in self.nodes:
            node.__exit__()

    @property
    def url(self):
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)


class ClusterNode(Redis):
    def command(self):
        # The port of the nodes among themselves is 10,000 higher unless said otherwise, and may be past the last.
        return [*super().command(), "--cluster-enabled", "yes", "--cluster-port", str(free_port())]


class Postgres(Server):
    @property
    def url(self):
        return f"postgres://dewar@127.0.0.1:{self.port}/postgres"

    def prepare(self):
        # PostgreSQL refuses to run as root.
        self.user = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder.name, user.pw_uid, user.pw_gid)
            self.user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
        self.data = f"{self.folder.name}/data"
        subprocess.run(
            [*self.user, self.program("initdb"), "--pgdata", self.data, "--username=dewar", "--auth=trust", "--no-sync"],
            check=True, capture_output=True, cwd=self.folder.name)

    def command(self):
        return [
            *self.user, self.program("postgres"), "-D", self.data, "-p", str(self.port), "-h", "127.0.0.1",
            "-k", self.folder.name, "-c", "fsync=off",
        ]

    def answers(self):
        # The server says with one letter whether it would speak TLS: an SSLRequest.
        return self.ask(bytes([0, 0, 0, 8, 4, 210, 22, 47])) in (b"S", b"N")

    def ask_sql(self, question):
        """The last statement's row, with bars between its columns."""
        run = subprocess.run(
            [self.program("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", self.url],
            input=question, capture_output=True, text=True, check=True, timeout=600)
        return run.stdout.strip().splitlines()[-1]

    @staticmethod
    def program(name):
        places = ["/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"]
        found = sorted(path for place in places for path in glob.glob(f"{place}/{name}"))
        program = found[-1] if found else shutil.which(name)
        if not program:
            raise AssertionError(f"PostgreSQL's {name} is missing: apt-get install postgresql, or brew install postgresql.")
        return program
