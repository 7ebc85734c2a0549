# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A shared cache that keeps whatever RFC 9111 lets it keep: the greediest one that an app may stand behind."""

#: RFC 9110, section 15.1: these may be kept without a word about how long.
HEURISTIC = {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}


class SharedCache:
    """A proxy before a running program. It knows no cookies, and serves what it has for as long as it likes."""

    def __init__(self, program):
        self.program = program
        self.kept = {}
        self.hits = 0

    def get(self, path, cookie=None):
        fields = {"cookie": cookie}
        for names, response in self.kept.get(path, []):
            # Section 4.1: what is kept answers a request whose fields named by Vary are the same.
            if all(fields.get(name) == value for name, value in names.items()):
                self.hits += 1
                return response
        response = self.program.get(path, cookie)
        if self.may_keep(response):
            names = {name: fields.get(name) for name in listed(response, "Vary")}
            self.kept.setdefault(path, []).append((names, response))
        return response

    @staticmethod
    def may_keep(response):
        """Section 3. A Set-Cookie does not keep a response from being kept (section 7.3)."""
        directives = {directive.partition("=")[0] for directive in listed(response, "Cache-Control")}
        lasts = directives & {"public", "max-age", "s-maxage"} or "Expires" in response.headers
        return not directives & {"no-store", "private", "no-cache"} and "*" not in listed(response, "Vary") and (
            lasts or response.status_code in HEURISTIC)


def listed(response, name):
    """The members of a list field, in lower case."""
    return {member.strip().lower() for member in response.headers.get(name, "").split(",") if member.strip()}
