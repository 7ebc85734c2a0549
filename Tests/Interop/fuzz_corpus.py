#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The inputs that fuzzing begins with: Tests/Fixtures/fuzz has a file for each target, with one input in base64 a line.

    fuzz_corpus.py seeds FOLDER              writes the seeds of every target, from the vectors, into folders
    fuzz_corpus.py unpack TARGET FOLDER      writes the target's inputs as files
    fuzz_corpus.py pack TARGET FOLDER        writes the files as the target's inputs

libFuzzer wants a file for each input, and names it by its hash; thousands of such files are no part of a repository.
"""

import hashlib
import json
import sys
import zlib
from base64 import b64decode, b64encode, urlsafe_b64encode
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "Fixtures"
PACKED = FIXTURES / "fuzz"

#: FuzzSetting.swift's time and id.
NOW = 1_700_000_000
ID = b"\x5a" * 16


def vectors(file, name, folder="flask"):
    return json.loads((FIXTURES / folder / f"{file}.json").read_text())[name]


def either(case, name):
    """A field, or its `_base64` form, as bytes."""
    return case[name].encode() if name in case else b64decode(case[f"{name}_base64"])


def url_safe(data):
    return urlsafe_b64encode(data).rstrip(b"=")


# What the targets read


def cookie_header():
    for case in vectors("cookie_header", "cases"):
        yield b64decode(case["header_base64"])


def set_cookie():
    for flags in (b"\x00", b"\xff", b"\x0b", b"\x1f"):
        for name, value, domain, path in [
            ("session", "abc", "", "/"), ("__Host-session", "a;b,\u00e9", "example.com", "/a b"),
            ("theme", "", ".b\u00fccher.example:80", "/;"), ("a=b", "\x1a\\\"", "localhost", "x"),
        ]:
            yield flags + f"{name}\n{value}\n{domain}\n{path}".encode()


def base64():
    for text in ["", "YQ", "YWI", "YWJj", "YQ==", "YR", "a-_b", "a+/b", "a b\nc=", "A", "AAAAA"]:
        yield text.encode()


def payloads():
    for case in vectors("signing", "sign"):
        if case["kind"] == "url_safe_timed":
            yield case["payload_segment"].encode()


def flask_token():
    for payload in payloads():
        yield b"\x01" + payload
    for case in vectors("signing", "verify"):
        token = either(case, "token")
        yield b"\x00" + token
        yield b"\x02" + token.rpartition(b".")[0]
    for text in json_texts():
        yield b"\x03" + text
        yield b"\x04" + text


def signed_token():
    for text in json_texts():
        if text.startswith(b"{"):
            yield b"\x01" + url_safe(b"[%d,%s]" % (NOW, text))
            yield b"\x01." + url_safe(zlib.compress(b"[%d,%s]" % (NOW - 60, text)))
            yield b"\x03[%d,%s]" % (NOW, text)
            yield b"\x04[%d,%s]" % (NOW, text)
    yield b"\x02" + url_safe(b"[%d,{}]" % NOW) + b".ZVPxAA"


def json_texts():
    for name in ("round_trip", "decode", "decode_errors"):
        for case in vectors("tagged_json", name):
            yield either(case, "json")


def sealed_payload(text, created=NOW, sealed=NOW, expires=NOW + 3600, made=NOW * 1000):
    times = b"".join(time.to_bytes(5, "big") for time in (created, sealed, expires))
    return times + ID + made.to_bytes(6, "big") + text


def sealed_token():
    for file in ("python", "swift"):
        for case in vectors(file, "open", "sealed"):
            yield b"\x00" + case["token"].encode()
            yield b"\x01\x00" + sealed_payload(case["json"].encode())
    for text in list(json_texts())[:40]:
        yield b"\x01\x00" + sealed_payload(text)
        yield b"\x01\x01" + sealed_payload(zlib.compress(text))
    yield b"\x01\x00" + sealed_payload(b"{}", created=0, sealed=NOW + 60, expires=253402300799, made=253402300799999)


def ticket():
    yield b"\x00" + url_safe(ID + b"\x01" * 32) + b"." + b"A" * 43
    for length in (0, 15, 47, 48, 49):
        yield b"\x01" + url_safe(ID * 4)[:length * 4 // 3]
    yield b"\x01" + url_safe(ID + b"\x01" * 32)


def tagged_json():
    yield from json_texts()
    yield b'{"a":[1,"b",{"c":null,"d":true}],"e":-12,"f":"\\n","_user_id":"u"}'
    yield b"[" * 400 + b"]" * 400
    yield b'{" t":' * 200 + b"[]" + b"}" * 200
    yield b'{" t":[1]}'
    for text in [
        "urn:uuid:{00112233-4455-6677-8899-aabbccddeeff}", "0x112233445566778899aabbccddeeff00",
        "1_2233445566778899aabbccddeeff00", "00112233445566778899AABBCCDDEEFF",
    ]:
        yield b'{" u":"%s"}' % text.encode()
    yield b'{" d":"Fri, 31 Dec 9999 23:59:59 -0100"}'


def inflate():
    for text in json_texts():
        yield zlib.compress(text)
    for data in (b"", bytes(3000), b"ab" * 3000, bytes(range(256)) * 8, bytes(1 << 20), bytes((1 << 20) + 1)):
        for level in (0, 1, 9):
            packed = zlib.compress(data, level)
            if len(packed) <= 4096:
                yield packed


def flask_record():
    for case in vectors("flask_session_redis", "serialization"):
        for form in ("msgpack", "json"):
            if "encoded" in case[form] or "encoded_base64" in case[form]:
                yield either(case[form], "encoded")
    for case in vectors("flask_session_redis", "cases"):
        for _, value in initial(case):
            yield value
    yield b"\x80\x04."


def initial(case):
    for entry in case["initial_store"]:
        if "value_base64" in entry:
            yield entry.get("key"), b64decode(entry["value_base64"])


def key_file():
    key = b64encode(bytes(range(32))).decode()
    other = b64encode(bytes(range(1, 33))).decode()
    for text in [
        f"# made 2026-11-02\naccept base64:{key} until 2027-01-31\nsign   base64:{other}\n",
        f"sign base64:{key}\nnext hex:{'0f' * 32}\naccept text:a text that is a key until 2027-01-31T12:00:00Z\n",
        f"sign base64:{key}", "\n\r\n#\n", "sign text: a\n", "sign base64:!\n", f"sign base64:{key}\nsign base64:{key}\n",
        f"accept base64:{key} until 9999-12-31\nsign base64:{other}\n", "sign text:until until\n", "next hex:0\n",
        f"accept base64:{key} until 0001-01-01\nsign text:x until 2027-01-31\n", "accept text:\u00e9 until  2027-02-30\n",
    ]:
        yield text.encode()


def number(value):
    return value.to_bytes(8, "big", signed=True)


def text(value):
    return number(len(value)) + value


def optional(value):
    return b"\x00" if value is None else b"\x01" + value


def record_fields(
    previous=None, grace=None, version=1, contents=b"\x01{}", authenticated=None, absolute=None, user=None, label=None,
    idle=3_600_000, created=NOW * 1000
):
    return b"".join([
        text(b"\x02" * 32), optional(previous and text(previous)), optional(grace and number(grace)), number(version),
        text(contents), number(created), number(created), optional(authenticated and number(authenticated)),
        number(created), number(idle), optional(absolute and number(absolute)), optional(user and text(user)),
        optional(label and text(label))])


def fields():
    yield record_fields()
    yield record_fields(b"\x03" * 32, NOW * 1000, 7, b"\x02" + bytes(60), NOW * 1000, NOW * 2000, b"admin", b"Firefox")
    yield record_fields(version=2**63 - 1, idle=2**63 - 1, created=2**53 + 1)
    yield record_fields(version=-1, idle=-5, created=-NOW * 1000, user="\u00e9".encode())


def record():
    for value in fields():
        body = b"DWR\x01" + ID + value
        yield b"\x00" + body + hashlib.sha256(body).digest()[:8]
        yield b"\x01" + value


def contents():
    for value in list(json_texts())[:60]:
        yield b"\x00\x01" + value
        yield b"\x01\x00\x07" + value
    yield b"\x00\x02" + bytes(80)


def directory_files():
    for name in ["0000000001", "00000000ff", "ffffffffff", "+000000001", "00" + "5a" * 16, "3f" + "5A" * 16, "5a" * 16]:
        yield b"\x00" + name.encode()
    for value in fields():
        yield b"\x02" + value
        yield b"\x01DWR\x01" + ID + value
    older, newer = record_fields(), record_fields(version=2, contents=b"\x01{1}", user=b"admin")
    # Each number in front, the largest one, another session's records, each damage of either slot, and what is no record.
    for flags in (0, 1, 2, 3, 4, 6, 8, 10, 16, 18):
        yield b"\x03" + bytes([flags, 0, 0, 0, 0, 7, 0xFF, len(older)]) + older + newer
    for damage in range(8):
        for flags in (0, 2, 32, 34):
            yield b"\x03" + bytes([flags, 5, damage, 0, 61, 0, 0, len(older)]) + older + newer
    yield b"\x03" + bytes([0, 0, 0, 0, 0, 0, 0, 3]) + b"abc" + newer


def redis_record():
    for value in fields():
        for way in (b"\x01", b"\x02"):
            yield way + value
        yield b"\x00\x01" + bytes(40) + b"DWR\x01" + ID + value


def redis_replies():
    yield from [
        b"+OK\r\n", b":1\r\n:-12\r\n", b"$-1\r\n$0\r\n\r\n$3\r\na\r\n\r\n", b"*-1\r\n*0\r\n", b"-ERR no\r\n",
        b"-MOVED 3999 127.0.0.1:6381\r\n-ASK 1 ::1:1\r\n", b"*2\r\n*1\r\n:1\r\n$1\r\na\r\n", b"-READONLY x\r\n",
        b"*2\r\n*3\r\n:0\r\n:8191\r\n*2\r\n$9\r\n127.0.0.1\r\n:1\r\n*3\r\n:8192\r\n:16383\r\n*2\r\n$0\r\n\r\n:2\r\n",
        b"*2\r\n$16\r\n" + ID + b"\r\n$13\r\n1700000000000\r\n", b"*1\r\n" * 12 + b":1\r\n", b"*1000000\r\n:1\r\n",
        b"%1\r\n+a\r\n:1\r\n", b"~1\r\n+a\r\n", b",1.5\r\n", b"#t\r\n", b"_\r\n", b"(123\r\n", b"=5\r\ntxt:a\r\n",
        b">1\r\n+a\r\n", b"$1000000000000\r\n", b"*4294967295\r\n",
    ]


def revocations():
    time = (NOW * 1000).to_bytes(6, "big")
    entries = [b"\x01" + ID + time, b"\x02" + ID + ID + time * 2, b"\x03" + ID + ID + time * 2, b"\x04" + ID + time * 2]
    for entry in [*entries, b"".join(entries), b""]:
        for closed in (b"\x00", b"\x01"):
            yield b"\x03\x01" + closed + entry


def forms(kind):
    for case in vectors("http_pieces", "form"):
        if "body_base64" in case and (case["content_type"] or "").startswith(kind):
            yield case


def urlencoded():
    for case in forms("application/x-www-form-urlencoded"):
        yield b64decode(case["body_base64"])
    yield from [b"a=%FF&b=%C3%A9&=&&c", b"%=%2&a=%zz+b", b"\xff", b"a=1;b=2"]


def multipart():
    for case in forms(""):
        yield (case["content_type"] or "").encode() + b"\n" + b64decode(case["body_base64"])
    yield (
        b"multipart/form-data; boundary=b\n--b\r\nContent-Disposition: form-data; name*0=a; name*1*=%C3%A9\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe9\r\n--b\r\nContent-Disposition: form-data; "
        b"name=\"f\";\r\n\tfilename=\"a%22b\"\r\n\r\n--x\n--b--\r\nrest")
    yield b"multipart/form-data; boundary=b\n--b\n\n\n--b\nContent-Disposition: form-data; name=a\n\n1\r\n--b--"


def header_parameters():
    yield from [
        b'form-data; name="a"; filename*=UTF-8\'\'b%20c', b"a; b*0=1; b*1*=%41; c=\"x\\\"y%22\"", b"a;b;c=;d=\"",
        b"a; b*=iso-8859-1'en'%E9; c*1*=%E9", b";a=b", b"a; A=b; a=c", b"a; b*=utf-8''; c=\"'\"",
    ]


def routes():
    for case in vectors("http_pieces", "routing"):
        yield "\n".join([case["path"], *(rule["rule"] for rule in case["rules"])][:6]).encode()
    for path, *rules in [
        ("/x/42", "/x/<int:a>", "/x/<a>", "/x/<path:a>"), ("/12a3", "/<int:x>a<int:y>"), ("/a//b", "/<path:x>/b/"),
        ("/2.50", "/<float(min=1, max=3):x>"), ("/-7", "/<int(signed=True, fixed_digits=2):x>"),
        ("/0F1A2B3C-1111-2222-3333-aaaabbbbcccc", "/<uuid:x>"), ("/b%20c", '/<any(a, "b c"):x>'),
        ("/%C3%A9e", "/<string(length=2):x>"), ("/%FF", "/<x>"), ("/%D9%A3", "/<int:x>"), ("/a%0Ab", "/<path:x>"),
        ("/" + "a-" * 40, "/<a>-<b>-<c>-<d>-<e>"),
    ]:
        yield "\n".join([path, *rules]).encode()


def location():
    for case in vectors("http_pieces", "redirect"):
        yield case["location"].encode()
    yield from [
        b"/a?b#c", b"//host/x", b"/\\host", b"/%2F%2Fx", "https://b\u00fccher.example:080/\u00e9?\u00e9#\u00e9".encode(),
        b"http://u:p@[::1%25a]:80/x", b"javascript:alert(1)", b"http:///x", b"/a//b", b"http://a..b/", b"/\x00",
        "https://b\u00fcch\x12er.example/".encode(),
    ]


def http_date():
    for case in vectors("http_pieces", "http_date"):
        if case.get("text"):
            yield case["text"].encode()
    yield from [
        b"Sunday, 06-Nov-94 08:49:37 GMT", b"Sun Nov  6 08:49:37 1994", b"6 Nov 1994 08:49 EST", b"Nov 6, 1994 8.49.37 -0130",
        b"Fri, 31 Dec 9999 23:59:59 -2359", "1 jan 2000 \u0661:00".encode(), b"1 january 2000 1_0:00:00 +2400",
    ]


def scan_cursor():
    name = ID.hex().encode()
    for text in [b"/0/", b"/17/" + name, b"127.0.0.1:6381/0/", b"//" + name * 2, b"/x/", b"//", b"/1/" + name[1:], b"///"]:
        yield b"\x00" + text
    for cursor in (b"0", b"17", b"", b"-1"):
        for key in (b"a*b:{" + name + b"}", b"a*b:{" + name.upper() + b"}", b"a*b:{", b"other"):
            yield b"\x01*2\r\n$%d\r\n%s\r\n*1\r\n$%d\r\n%s\r\n" % (len(cursor), cursor, len(key), key)
    yield b"\x01*2\r\n$1\r\n0\r\n*0\r\n*1\r\n$1\r\n0\r\n"


def cookie_input():
    for text in [
        b"session=abc", b"Cookie: a=b; session=c.d.e", b"Set-Cookie: __Host-session=x; Path=/; HttpOnly", b"abc; Secure",
        b"session=\"a=b\"\nx", b"session=a b", b"=x", b"cookie:", "s\u00e9=1; session=\u00e9".encode(),
    ]:
        yield b"\x00" + text
        yield b"\x01session\n" + text
    for case in vectors("signing", "verify"):
        yield b"\x00session=" + either(case, "token")


def audit_url():
    for location in [
        b"/login?next=http://a/", b"?y#z", b"../../g", b"./", b"//other.example:81/x#y", b"https://a/b", b"mailto:x", b"", b"g;x=1",
        b"http://[::1]:80?x", b"/..//x", b"javascript:alert(1)", b"\x00", "/\u00e9".encode(),
    ]:
        yield b"https://Shop.example:8443/a/b;p?q\n" + location
        yield location + b"\n/a"


def audit_cookie():
    for text in [
        b"sid=abc; Path=/; Domain=.x.example; Secure; HttpOnly; SameSite=Lax; Max-Age=60", b" a = b ; PATH = /x ; max-age=+5",
        b"__Host-session=x; Max-Age=-99999999999999999999", b"=x", b"x", b"a=b;;=;Domain=", "a=\u00e9;SameSite=\u0130".encode(),
    ]:
        yield b"\x00" + text
    for flags in (b"\x01", b"\x3f", b"\x15"):
        yield flags + b"session\na;b,\"\\\n/a b;"


def frame(kind, payload=b"", flags=0, stream=1):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def http2_frames():
    frames = [
        frame(4, bytes(6), stream=0), frame(4, flags=1, stream=0), frame(1, b"\x82\x87\x84", flags=5),
        frame(1, b"\x83\x87"), frame(9, b"\x84"), frame(9, flags=4), frame(0, b"a=1"), frame(0, flags=1),
        frame(0, b"\x02a\0\0", flags=9, stream=3), frame(8, b"\0\0\1\0"), frame(8, b"\0\0\1\0", stream=0),
        frame(3, bytes(4)), frame(6, bytes(8), stream=0), frame(7, bytes(8), stream=0), frame(0xFA, b"x", stream=2**31 + 5),
    ]
    for cuts in (b"\0\0", b"\1\1", b"\7\3", b"\x20\0", b"\x18\x0c"):
        yield cuts + b"".join(frames)
        yield cuts + b"".join(frames)[:-2]
        yield cuts + frame(1, bytes(300), flags=4) + b"\xff\xff\xff\0"


def forwarded():
    hosts = [b"shop.example", b"Shop.Example:80", b"[::1]:5000", b"a_b.example.", b"user@shop.example", b"127.0.0.1:0", b""]
    fields = [
        b"\x00192.0.2.60, [2001:db8::1]:4711", b"\x00unknown, _gazonk", b"\x01http,https", b"\x01wss", b"\x02www.shop.example:443",
        b"\x03443", b"\x0365536", b"\x04/app/", b"\x04//evil.example", b"\x05for=192.0.2.60;proto=http;by=203.0.113.43",
        b'\x05For="[2001:db8:cafe::17]:4711", for="\\"', b'\x05host="shop.example:8443";proto=https,,', b'\x05for="', b"\x06other",
        b"\x05for=a;for=b", b"\x00::ffff:192.0.2.1", b"\x00 \t,",
    ]
    for settings in range(8):
        for index, host in enumerate(hosts):
            yield bytes([settings]) + b"\n".join([b"/cart?a=1", host, *fields[index::3]])
    for target in [b"http://shop.example/cart", b"HTTPS://a:80?x", b"*", b"http://", b"shop.example:443", b"https:///x"]:
        yield b"\x00" + target + b"\nshop.example\n\x06shop.example"


def conditions():
    for text in [b"bytes=0-99", b"bytes=-5", b"Bytes=5-", b"bytes= 1-2 ,", b"bytes=1-2,4-5", b"items=1-2", b"bytes=9-1",
                 b"bytes=0-99999999999999999999", b"bytes=-0", b"bytes=-\n", "bytes=\u0661-2".encode()]:
        for size in (b"\0\0", b"\0\1", b"\1\0"):
            yield b"\x00" + size + text
    for text in [b'"v1", W/"v1" ,"a b"', b'*', b'"v1', b'""\n"x"', b'W/""', b'"a"b, "c"', '"\u00e9"'.encode()]:
        yield b"\x01" + text
    for text in [b"gzip", b"gzip;q=0", b"*;q=0.5, identity;q=0.75", b"x-gzip ; q=1.000", b"gzip;q=1.001\ngzip;q=0.1", b"gzip;a;q=1"]:
        yield b"\x02" + text
    date = b"Tue, 14 Nov 2023 22:13:20 GMT"
    for lines in [[b'\x00"v1"'], [b'\x01"v1"'], [b"\x01*"], [b"\x02" + date], [b"\x03" + date], [b'\x04"v1"'], [b"\x04" + date],
                  [b'\x00"v2"', b'\x01W/"v1"'], [b'\x01"v2"', b"\x02" + date], [b"\x04" + date] * 2, [b'\x04W/"v1"']]:
        yield b"\x03" + b"\n".join(lines)


def cross_site():
    requests = [
        (b"POST", b"/cart", b"shop.example", b"https://shop.example", b""), (b"POST", b"/cart", b"Shop.example:443", b"https://shop.example", b""),
        (b"POST", b"/cart", b"shop.example", b"null", b""), (b"POST", b"/hooks/pay", b"shop.example", b"https://evil.example", b"cross-site"),
        (b"POST", b"/hooks/../cart", b"shop.example", b"https://evil.example", b""), (b"PUT", b"/ping", b"", b"", b"none"),
        (b"DELETE", b"/a", b"shop.example", b"https://pay.example", b"same-site"), (b"GET", b"/a", b"[::1]:80", b"http://[::1]", b""),
        (b"POST", b"/a", b"shop.example", b"https://shop.example:0443", b"same-origin"), (b"HEAD", b"/", b"", b"ftp://a", b"cross-site"),
        (b"POST", b"/a", b"u@shop.example", b"https://u@shop.example", b""), (b"OPTIONS", b"*", b"a", b"", b""),
        (b"POST", b"/a", b"shop.example", b"", b""), (b"POST", b"/a", b"shop.example", b"HTTPS://PAY.EXAMPLE:443", b""),
    ]
    for settings in range(12):
        for parts in requests:
            yield bytes([settings]) + b"\n".join(parts)
    for settings in range(12, 48):
        for hosts in (b"", b"shop.example", b"shop.example,evil.example"):
            yield bytes([settings]) + b"\n".join([b"POST", b"/a", b"internal", b"https://shop.example", b"", hosts])
        for parts in requests[::5]:
            yield bytes([settings]) + b"\n".join(parts)


def device_label():
    yield from [
        b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", b"curl/8.7.1", b"", b"<b>", b"a" * 600,
        b"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1",
        b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0",
        b"Mozilla/5.0", b" " * 512 + b"Firefox/", b" " * 504 + b"Firefox/", "\u00e9/1".encode(),
    ]


def send(text):
    """Steps that send a text, 255 bytes at most each."""
    return b"".join(b"\x00" + bytes([len(part)]) + part for part in (text[at:at + 255] for at in range(0, len(text), 255)))


def http1_connection():
    get, post = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n", b"POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
    chunked = b"POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n"
    for answer in (b"\x06", b"\x07", b"\x08", b"\x09"):
        yield send(get) + answer + b"\x05\x05" + send(get) + answer + b"\x05\x32"
        yield send(get + post + b"\r\nabc" + get) + answer * 3
        yield send(post + b"\r\na") + answer + send(b"bc" + get) + answer
        yield send(post + b"Expect: 100-continue\r\n\r\n") + b"\x0a" + send(b"abc") + answer
        yield send(chunked + chunked[:70]) + b"\x0f" + answer + b"\x05\x1e\x0f" + answer
        yield send(b"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get) + b"\x0b" + answer * 2 + b"\x05\x63\x0b"
        yield send(get[:9]) + b"\x05\x0b" + send(get[9:]) + answer
        yield send(get + get) + b"\x0c" + answer * 2
        yield send(get) + b"\x0d" + answer + send(get) + b"\x0e\x05\x01"
        yield send(post + b"Content-Length: 4\r\n\r\nabc") + answer
        yield send(b"GET http://b/x HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n" + get) + answer * 2
        yield send(b"GET / HTTP/3.1\r\n\r\n" + b"A: b\r\n" * 400) + answer
        yield send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n") + b"\x05\x15" + answer
        for status in (0x10, 0x20, 0x30):
            other = bytes([answer[0] | status])
            yield send(get + get + b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get) + other * 2 + answer + other
            yield send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" * 2) + other * 2


def http2_connection():
    get, post, answer, large = b"\x01", b"\x02", b"\x08\x00", b"\x09\x00"
    data, end = b"\x04\x00\x01\x02ab", b"\x04\x01\x01\x00"
    yield from [
        get + answer, get * 3 + b"\x08\x02\x08\x00\x08\x01", post + data + end + answer, post + answer + data + end,
        get + large + b"\x06\x00\x7f\x06\x01\x7f", get + large, get + b"\x0c" + large + b"\x07\x51\x0c", get + b"\x0a\x00",
        post + b"\x05\x00\x01" * 4 + b"\x0d\x00" + b"\x05\x00\x01" * 4, post + b"\x07\x15" + answer, get + b"\x0e\x01" + get + answer,
        get + b"\x0e\x00" + answer, b"\x0e\x02\x07\x01", get + b"\x00\x03\x00\x01\x04\x00\x00\x00\x08" + answer, b"\x07\x0b",
        b"\x03\x00\x00" + b"\x07\x0b", b"\x03\x00\x00" + b"\x00\x09\x04\x01\x00" + answer, get + b"\x0f\x03abc" + answer,
        post + b"\x0b\x00" + data + b"\x04\x09\x01\x03\x01a\x00" + answer, b"\x03\x15\x40\x06expect\x0c100-continue\x04" + b"\x0b\x00" + answer,
        b"\x00\x04\x00\x00\x06\x00\x04\x00\x00\x00\x00" + get + large + b"\x00\x04\x00\x00\x06\x00\x04\x00\x00\xff\xff", get * 130,
        b"\x11" + answer + b"\x11\x09\x01\x11\x0a\x02", get * 3 + b"\x18\x00\x29\x01\x3a\x02", post + b"\x1a\x00" + end,
        (get + b"\x00\x03\x00\x01\x04\x00\x00\x00\x08") * 3, b"\x00\x06\x00\x00\x08abcdefgh" * 5, b"\x00\x07\x00\x00\x08" + bytes(8) + get,
    ]


def html():
    for text in ["<b>&'\"", "", "a", "<\u0301\"\u20dd'\ufe0f", "\u0301&amp;", "{{value}}{{{a}}}", "\x01\x02"]:
        yield b"\x00" + text.encode()
    for text in json_texts():
        yield b"\x01" + text
    yield b'\x01{"a":{"b":"<","c":["\'",{"a":"&"}]},"<k>":[1,null,true,1.5],"\\u00e9":1,"e\\u0301":2}'
    yield b'\x01["<",["\\"",{"a":"\'"}],{" m":"<i>"},null,false,{"a":{"a":"<"}}]'
    yield b"\x01" + b'{"a":' * 200 + b'"<"' + b"}" * 200


def filename():
    for name in [
        "My cool movie.mov", "../../../etc/passwd", "i contain cool \xfcml\xe4uts.txt", "", ".", "..", "__a__", "a ( b", "CON",
        "a\x00b", "a\\b", "\uff0e\uff0f\ufb01", "a\tb\x1cc", " .htaccess ", "\u2024\u2025/x", "-._-",
    ]:
        yield name.encode()


def attempts():
    for failures, moment in [(0, 0), (3, 1_700_000_000_000), (1 << 50, 1 << 63), ((1 << 64) - 1, (1 << 64) - 1)]:
        yield b"\x00\x04\x01" + failures.to_bytes(8, "big") + moment.to_bytes(8, "big")
    yield from [b"\x00", b"\x00\x04\x01", b"\x00\x04\x02" + bytes(16), b"\x00\x04\x01" + bytes(17)]
    for address in [
        "127.0.0.1", "::1", "2001:db8:1:2:3:4:5:6", "fe80::1%eth0", "::ffff:192.0.2.1", "::ffff:c000:201", "unknown", "_hidden",
        "192.0.2.1:8080", "[2001:db8::1]:80", "1.2.3", "01.2.3.4", "2001:db8::", "a" * 300, "1.2.3.4%\u0301", "\u00e9",
    ]:
        yield b"\x01" + address.encode()


def revocation_table():
    renewed, moved, ended, all_of_a_user = b"\x01\x00\x05\x10", b"\x02\x0d\x08\x20", b"\x00\x00\x00\x30", b"\x03\x00\x06\x05"
    child, grandchild = b"\x02\x01\x0a\x40", b"\x00\x04\x00\x01"
    yield from [
        b"", renewed, moved, ended, all_of_a_user, renewed + ended, moved + child + grandchild, renewed + moved + b"\x02\x1a\x09\xff",
        ended + renewed + moved + child + all_of_a_user, all_of_a_user + b"\x03\x00\x09\x02" + renewed,
        b"".join(bytes([number % 4, number * 7 % 256, number * 5 % 64, number]) for number in range(60)),
    ]


def redis_channel():
    one, two, pong, drain, broken, hung_up = b"\x04\x00", b"\x04\x01", b"\x03", b"\x09", b"\x0a", b"\x0b"
    second = b"\x07\x32"

    def receive(data):
        return b"\x00" + bytes([len(data)]) + data

    yield from [
        b"", one + pong, two + pong + one + pong * 2, one * 3 + receive(b":1\r\n:2\r\n+a") + receive(b"b\r\n"), pong,
        one + pong * 2, one + receive(b"HTTP/1.1 400\r\n") + one, one + receive(b"$5000\r\nabc"), one + receive(b"+a\r\n" * 50),
        two + pong + drain + one + pong + one, drain + one, one + drain + hung_up, one + broken + one + pong, two + hung_up + one,
        one + second * 4 + pong + second + two + second + pong + second * 2, one + one + second * 5 + one,
        one + pong + one + second * 2 + one, one * 2 + pong + second * 2 + one,
        one + pong + second * 6 + one + second * 3, one + b"\x08\x00" + pong + one + b"\x08\x01" + second * 6,
        one + b"\x08\x00" + hung_up + b"\x08\x00", two + receive(b"*2\r\n$-1\r\n:1\r\n-ERR x\r\n"),
        one + receive(b"%1\r\n+a\r\n:1\r\n"), one + receive(b"$3\r\nab") + hung_up, one * 2 + receive(b"+" + b"a" * 240) * 3,
    ]


def redis_cluster():
    for text in [
        "MOVED 3999 127.0.0.1:6381", "ASK 0 ::1:6379\nMOVED 16383 :7000\nASK 1 ?:1\nMOVED 2 h:2\nMOVED 2 h:2",
        "NOSCRIPT No matching script.\nNOSCRIPT again", "READONLY x\nLOADING y\nTRYAGAIN z\nCLUSTERDOWN", "WRONGPASS secret",
        "ERR Error running script: -OOM command not allowed", "OOM", "MISCONF x", "ERR -MISCONF ", "ERR -READONLY x",
        "MOVED 16384 h:1", "MOVED +5 h:-1", " MOVED 1 h:1", "MOVED  1  h:1 rest", "MOVED 1 \u00e9:1", "ASK 1 h:\u0301 1",
        "MOVED 1 h:9223372036854775808", "MOVED 1 h:-9223372036854775808", "wrong number of arguments", "", "MOVED 1 h:", "ASK x h:1",
    ]:
        yield b"\x00" + text.encode()

    def slots(first, last, host, port=6379, damage=0):
        numbers = first, last - first, port + 8
        return b"".join(number.to_bytes(2, "big") for number in numbers) + bytes([len(host)]) + host + bytes([damage])

    low, high = slots(0, 8191, b"a"), slots(8192, 16383, b"b")
    yield from [
        b"\x01", b"\x01" + slots(0, 16383, b""), b"\x01" + low + high, b"\x01" + high + low, b"\x01" + low + slots(8193, 16383, b"a"),
        b"\x01" + low + slots(0, 8191, b"c", damage=1), b"\x01" + low + high + slots(5, 5, b"c"),
        b"\x01" + slots(1, 2, b"?") + slots(7, 9, b"::1", -8),
    ]
    for damage in range(1, 8):
        yield b"\x01" + low + slots(9000, 9001, b"d", damage=damage)


def sql_row():
    def change(column, value):
        return bytes([column]) + value

    null, text, real = b"\x00", b"\x06\x0217", b"\x07\x03"

    def data(value):
        return b"\x01" + bytes([len(value)]) + value

    def whole(value):
        return b"\x04\x08" + value.to_bytes(8, "big", signed=True)

    full = [
        data(b"\x03" * 32), whole(NOW * 1000), whole(7), data(b"\x02" + bytes(60)), whole(NOW * 1000), whole(NOW * 1000),
        whole(NOW * 1000 + 1), whole(NOW * 1000 + 2), whole(60_000), whole(NOW * 2000), whole(NOW * 1000 + 60_002),
        data(b"admin"), data("Firefox \u00e9".encode())]
    yield b""
    yield b"".join(change(column, value) for column, value in enumerate(full, 2))
    for column in range(15):
        for value in (null, data(b""), data(b"\xff"), data(bytes(8)), text, real):
            yield change(column, value)
        for edge in range(14):
            if column in (3, 4, 6, 7, 8, 9, 10, 11, 12):
                yield change(column, b"\x05" + bytes([edge]))
    for length in (15, 16, 17):
        yield change(0, b"\x03" + bytes([length])) + change(13, data(b"u"))
    yield change(0, data(bytes(16))) + change(13, data(b"u"))
    yield change(13, data("\u00e9\0".encode())) + change(12, whole(-1_000_000_000_000_000))


def template_url():
    for name, tab in [
        ("", ""), ("Ada", "photos"), ("../..", "//evil.example"), ("a/b?c#d", "&tab=x"), ("<b>\"'`\\", "<b>\"'`\\"), ("%41", "+ %2B"),
        ("\u00e9", "e\u0301\U0001f600"), ("{{tab}}", "{{{name}}}"), ("\u0301", "\u0301"), ("\0\r\x7f", "=\t;"),
        ("//a", "javascript:x"),
    ]:
        yield f"{name}\n{tab}".encode()
    yield b"\xff\xfe\n\xc3"


TARGETS = {
    name.replace("_", "-"): function
    for name, function in [
        (function.__name__, function) for function in [
            cookie_header, set_cookie, base64, flask_token, signed_token, sealed_token, ticket, tagged_json, inflate,
            flask_record, key_file, record, contents, directory_files, redis_record, redis_replies, revocations,
            urlencoded, multipart, header_parameters, routes, location, http_date, scan_cursor, cookie_input, audit_url,
            audit_cookie, http2_frames, forwarded, conditions, cross_site, device_label,
            http1_connection, http2_connection, html, filename, attempts, revocation_table, redis_channel, redis_cluster,
            sql_row, template_url]]
}


def write(folder, inputs):
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def unpacked(target):
    path = PACKED / f"{target}.txt"
    return [b64decode(line) if line != "-" else b"" for line in path.read_text().split()] if path.exists() else []


def pack(target, folder):
    """Sorted by length, so that a change of the corpus changes few lines, and the shortest input is seen first."""
    inputs = sorted({path.read_bytes() for path in folder.iterdir()}, key=lambda data: (len(data), data))
    PACKED.mkdir(exist_ok=True)
    lines = [b64encode(data).decode() or "-" for data in inputs]
    (PACKED / f"{target}.txt").write_text("".join(line + "\n" for line in lines))
    print(f"{target}: {len(inputs)} inputs, {sum(map(len, inputs))} bytes")


def main():
    match sys.argv[1:]:
        case ["seeds", folder]:
            for name, seeds in TARGETS.items():
                write(Path(folder) / name, seeds())
        case ["unpack", target, folder] if target in TARGETS:
            write(Path(folder), unpacked(target))
        case ["pack", target, folder] if target in TARGETS:
            pack(target, Path(folder))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
