# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""pgbench in the place of a server: it sends the same two statements as a request that changes its session.

Its table is a copy of the one that the server has filled, with ids that pgbench can compute. Each of its clients has rows
of its own, as the visitors of the servers do not meet themselves.
"""

import re
import subprocess

from .load import CONNECTIONS, Load, Slice
from .processes import SERVER_CORE, on_cores
from .servers import VISITORS, Postgres

PGBENCH = ("pgbench", "select and update")
#: Long enough for what pgbench and the server do once at the start to be nothing.
SECONDS = 1

#: SessionSchema.columns, which these statements must follow: name, and the type where it may be NULL.
COLUMNS = {
    "id": None, "secret_hash": None, "previous_secret_hash": "bytea", "grace_end": "bigint", "version": None,
    "contents": None, "created_at": None, "renewed_at": None, "authenticated_at": "bigint", "last_used_at": None,
    "idle_timeout": None, "absolute_end": "bigint", "expires_at": None, "user": "bytea", "device_label": "bytea",
}
ID = "decode(lpad(to_hex({}::bigint), 32, '0'), 'hex')"


def script():
    """The select, whose row becomes pgbench's variables, and the compare-and-set that writes it back."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    values = ", ".join(f'"{name}" = {value(name, kind)}' for name, kind in COLUMNS.items() if name != "id")
    return f"""\
\\set n :client_id * {VISITORS // CONNECTIONS} + random(0, {VISITORS // CONNECTIONS - 1})
\\set write random(1, 1000000000)
SELECT {names} FROM pgbench_sessions WHERE id = {ID.format(":n")} AND expires_at > 1 \\gset
UPDATE pgbench_sessions SET {values}, "write_id" = :write WHERE id = :id AND version = :version AND expires_at > 1
"""


def value(name, kind):
    if name == "version":
        return ":version::bigint + 1"
    # A NULL becomes an empty text in pgbench.
    return f"NULLIF(:{name}::text, '')::{kind}" if kind else f":{name}"


class Pgbench:
    """pgbench against the database in which the server on Hummingbird keeps its sessions."""

    def __init__(self, engines):
        self.url = f"{engines.postgres.url.removesuffix('/postgres')}/hummingbird_sessions"
        self.script = engines.new_folder() / "script.sql"
        self.script.write_text(script())
        self.psql(f"""
            CREATE TABLE pgbench_sessions (LIKE dewar_sessions INCLUDING ALL) WITH (fillfactor = 90);
            INSERT INTO pgbench_sessions SELECT * FROM dewar_sessions LIMIT {VISITORS};
            UPDATE pgbench_sessions SET id = {ID.format("n")} FROM (
                SELECT id AS old, row_number() OVER () - 1 AS n FROM pgbench_sessions) AS numbered WHERE id = old;
            ANALYZE pgbench_sessions;""")

    def psql(self, statements):
        subprocess.run(
            [Postgres.program("psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", self.url],
            input=statements, text=True, check=True, capture_output=True)

    def pair(self, server, page):
        """pgbench's slice between two halves of the server's: a program that is started cannot take shorter turns."""
        with Load(server, page, server.cookies) as load:
            load.run(0)
            load.forget()
            load.run(SECONDS / 2)
            slice = self.slice()
            load.run(SECONDS / 2)
            return slice, load.slice()

    def slice(self):
        run = subprocess.run(
            [Postgres.program("pgbench"), "--no-vacuum", "--protocol", "prepared", "--client", str(CONNECTIONS),
             "--jobs", "1", "--time", str(SECONDS), "--file", self.script, self.url],
            capture_output=True, text=True, preexec_fn=on_cores(SERVER_CORE))
        count = re.search(r"transactions actually processed: (\d+)", run.stdout)
        rate = re.search(r"tps = ([\d.]+) \(without", run.stdout)
        if run.returncode or not (count and rate):
            raise RuntimeError(f"pgbench: {run.stdout} {run.stderr}")
        return Slice(int(count[1]), int(count[1]) / float(rate[1]))
