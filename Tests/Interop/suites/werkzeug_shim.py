# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Werkzeug with Dewar's cookies, dates, header parameters and forms."""

import io
import json
import sys
from calendar import timegm
from datetime import date, datetime, timedelta, timezone

import werkzeug.formparser
import werkzeug.http
import werkzeug.middleware.proxy_fix
import werkzeug.sansio.request
import werkzeug.sansio.utils
import werkzeug.urls
import werkzeug.utils
from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from suites.peer import PEER, NotInDewar, Refused, optional


def install():
    replace(werkzeug.http.parse_cookie, parse_cookie)
    replace(werkzeug.http.dump_cookie, dump_cookie)
    replace(werkzeug.http.http_date, http_date)
    replace(werkzeug.http.parse_date, parse_date)
    replace(werkzeug.http.parse_options_header, parse_options_header)
    replace(werkzeug.urls.iri_to_uri, lambda text: PEER.call("header.location", value=text))
    replace(werkzeug.utils.secure_filename, lambda name: PEER.call("form.secure_filename", value=name))
    replace(werkzeug.sansio.utils.get_host, get_host)
    werkzeug.middleware.proxy_fix.ProxyFix.__call__ = fix_proxy
    werkzeug.sansio.request.Request.cookies = property(cookies_of)
    werkzeug.formparser.FormDataParser.parse = parse_form
    werkzeug.formparser.MultiPartParser.parse = parse_multipart


def replace(function, ours):
    """Puts ours in the function's place in every module of Werkzeug, as many have taken its name already."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "werkzeug":
            for attribute in [key for key, value in vars(module).items() if value is function]:
                setattr(module, attribute, ours)


def parse_cookie(header, cls=None):
    """A header from a WSGI environment, or text."""
    if isinstance(header, dict):
        header = header.get("HTTP_COOKIE")
    wire = (header or "").encode("latin-1")
    return (cls or MultiDict)(PEER.call("header.cookies", value=wire))


def cookies_of(request):
    return parse_cookie(";".join(request.headers.getlist("Cookie")))


def dump_cookie(
    key, value="", max_age=None, expires=None, path="/", domain=None, secure=False, httponly=False, sync_expires=True,
    max_size=4093, samesite=None, partitioned=False
):
    if isinstance(max_age, timedelta):
        max_age = int(max_age.total_seconds())
    try:
        return PEER.call(
            "header.set_cookie", name=key, value=value, max_age=max_age, expires=seconds_of(expires), path=path,
            domain=domain, secure=secure, httponly=httponly, samesite=samesite, partitioned=partitioned)
    except Refused as refused:
        raise ValueError(str(refused)) from None


def seconds_of(moment):
    match moment:
        case datetime():
            return timegm(moment.utctimetuple())
        case date():
            return timegm(moment.timetuple())
    return moment


def http_date(moment=None):
    return PEER.call("header.format_date", seconds=seconds_of(moment))


def parse_date(text):
    seconds = optional(PEER.call("header.parse_date", value=text))
    # Counted from 1970, because Python's own `fromtimestamp` fails before that on some systems.
    return None if seconds is None else datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)


def parse_options_header(header):
    return PEER.call("header.parameters", value=header or "")


def parse_form(parser, stream, mimetype, content_length, options=None):
    """In the place of `FormDataParser.parse`: a whole body, and the header as it was."""
    parameters = "".join(f'; {name}="{value}"' for name, value in (options or {}).items())
    fields, files = ask_for_form(
        stream.read(), mimetype + parameters, parser.max_form_memory_size, parser.max_content_length,
        parser.max_form_parts)
    return io.BytesIO(), fields, files


def parse_multipart(parser, stream, boundary, content_length):
    """In the place of `MultiPartParser.parse`."""
    content_type = f'multipart/form-data; boundary="{boundary.decode()}"'
    return ask_for_form(stream.read(), content_type, parser.max_form_memory_size, None, parser.max_form_parts)


def ask_for_form(body, content_type, memory, length, parts):
    try:
        fields, files = PEER.call(
            "form.parse", body=body, content_type=content_type, maximum_memory=memory, maximum_body=length,
            maximum_parts=parts)
    except Refused:
        raise RequestEntityTooLarge() from None
    return MultiDict(fields), MultiDict((name, upload(name, *rest)) for name, *rest in files)


def upload(name, filename, headers, content):
    return FileStorage(io.BytesIO(content), filename, name, headers=Headers(headers))


def see(headers, x_for=0, x_proto=0, x_host=0, x_port=0, x_prefix=0):
    """Scheme, host, root path and address of a request; the address is empty when it is the connection's own."""
    scheme, host, root, address = json.loads(PEER.call(
        "site.see", headers=headers, x_for=x_for, x_proto=x_proto, x_host=x_host, x_port=x_port, x_prefix=x_prefix))
    return scheme, host, root, "" if address == "127.0.0.1" else address


def fix_proxy(middleware, environ, start_response):
    """In the place of `ProxyFix.__call__`."""
    headers = {
        f"X-Forwarded-{name}": environ[f"HTTP_X_FORWARDED_{name.upper()}"]
        for name in ["For", "Proto", "Host", "Port", "Prefix"] if f"HTTP_X_FORWARDED_{name.upper()}" in environ}
    headers["Host"] = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    scheme, host, root, address = see(
        headers, middleware.x_for, middleware.x_proto, middleware.x_host, middleware.x_port, middleware.x_prefix)
    environ.update({"wsgi.url_scheme": scheme, "HTTP_HOST": host, "SCRIPT_NAME": root})
    environ["REMOTE_ADDR"] = address or environ["REMOTE_ADDR"]
    return middleware.app(environ, start_response)


def get_host(scheme, host_header, server=None, trusted_hosts=None):
    if host_header is None and server:
        # Werkzeug's test client asks so when it keeps cookies; a server of Dewar's adds the field itself.
        host_header = f"{server[0]}:{server[1]}"
    if host_header is None or trusted_hosts:
        raise NotInDewar("a host that is no header's")
    try:
        return see({"Host": host_header, "X-Forwarded-Proto": scheme}, x_proto=1)[1]
    except Refused:
        return ""
