# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Query strings, forms, and fields with parameters, as Werkzeug reads them."""

from io import BytesIO
from urllib.parse import parse_qsl

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from comparisons.comparison import Comparison, Row
from comparisons.mutation import Seeds, latin1, text
from comparisons.values import canonical

NAMELESS = Row("A part of a form without a name is under the name None.")


class Queries(Comparison):
    kind = "query"
    share = 10
    words = [b"&", b"=", b"%", b"+", b"%41", b"%C3%A9", b"%ff", b"%E2%82", b"%zz", b";", b"\xc3\xa9", b"\xff", b"\x00"]

    def __init__(self):
        self.seeds = Seeds("urlencoded")

    def case(self, rng):
        return [latin1(self.seeds.mutated(rng, self.words))]

    def flask(self, case):
        try:
            query = case[0].encode("latin-1").decode()
        except UnicodeDecodeError:
            return None
        return canonical(parse_qsl(query, keep_blank_values=True, errors="werkzeug.url_quote"))


class Forms(Comparison):
    kind = "form"
    share = 10
    words = [
        b"\r\n", b"\n", b"\r", b"--b", b"--", b"\r\n--b\r\n", b"\r\n--b--", b":", b";", b"\"", b" ", b"\t",
        b"Content-Disposition: form-data; name=", b"filename=", b"*=utf-8''", b"*0=", b"*1*=", b"%C3%A9", b"\xc3\xa9", b"\xe9",
        b"Content-Type: text/plain; charset=", b"iso-8859-1", b"us-ascii", b"multipart/form-data; boundary=b\n", b"\x0b", b"\x1c"]

    def __init__(self):
        self.seeds = Seeds("multipart")

    def case(self, rng):
        kind, _, body = self.seeds.mutated(rng, self.words).partition(b"\n")
        if rng.random() < 0.5:
            kind = rng.choice([b"multipart/form-data; boundary=b", b"application/x-www-form-urlencoded"])
        return [text(kind), latin1(body)]

    def flask(self, case):
        form = self.form(case)
        return form and canonical(form)

    @staticmethod
    def form(case):
        """Fields and files; None for a form that is too large."""
        body = case[1].encode("latin-1")
        kind, options = parse_options_header(case[0])
        parser = FormDataParser(max_form_memory_size=500_000, max_form_parts=10, cls=list)
        try:
            # As the request's `mimetype` does.
            _, fields, files = parser.parse(BytesIO(body), kind.lower(), len(body), options)
        except RequestEntityTooLarge:
            return None
        return fields, [(name, file.filename, file.read(), list(file.headers)) for name, file in files]

    def departure(self, case, flask, dewar):
        if flask is None:
            return None
        named = tuple([part for part in parts if part[0] is not None] for parts in self.form(case))
        return NAMELESS if canonical(named) == dewar else None


class Parameters(Comparison):
    kind = "header-parameters"
    share = 5
    words = [
        b";", b"=", b'"', b"\\", b"*", b"*0", b"*1*", b"'", b"''", b"utf-8''", b"%41", b"%22", b"%", b" ", b"\t", b"\xc3\xa9", b"a=", b"A"]

    def __init__(self):
        self.seeds = Seeds("header-parameters")

    def case(self, rng):
        return [text(self.seeds.mutated(rng, self.words))]

    def flask(self, case):
        value, options = parse_options_header(case[0])
        return canonical((value, sorted(options.items())))
