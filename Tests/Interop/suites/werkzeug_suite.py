# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Werkzeug's tests: which of them run on Dewar's cookies, dates, forms and URLs, and how they differ."""

from suites.suite import Difference, Suite

QUOTED_SEMICOLON = (
    "A value in quotes may hold a `;`, and names and values are trimmed of all of Unicode's white space.")
COOKIES = "test_http.py::TestHTTPUtility"

SUITE = Suite(
    project="Werkzeug",
    passes=140,
    shim="werkzeug_shim",
    files=[
        "test_formparser.py", "test_http.py", "test_urls.py", "test_utils.py", "middleware/test_proxy_fix.py",
        "sansio/test_request.py", "sansio/test_utils.py"],
    other_files={
        **{f"middleware/test_{name}.py": "middleware for WSGI" for name in [
            "dispatcher", "http_proxy", "lint", "profiler", "shared_data"]},
        "sansio/test_multipart.py": "the steps of a parser that reads a body in pieces; Dewar's reads it whole",
        "test_datastructures.py": "collections for Python",
        "test_debug.py": "the debugger in the browser",
        "test_exceptions.py": "Python's exceptions, with Werkzeug's words",
        "test_internal.py": "Werkzeug's insides",
        "test_local.py": "values that belong to a thread",
        "test_routing.py": "rules as Python objects; Tests/DewarTests/Routing has what Werkzeug answered",
        "test_security.py": "hashes of passwords, and names of files on Windows",
        "test_send_file.py": "files over WSGI; Hummingbird serves Dewar's",
        "test_serving.py": "Werkzeug's development server",
        "test_test.py": "Werkzeug's test client",
        "test_wrappers.py": "Python's request and response objects",
        "test_wsgi.py": "WSGI",
    },
    selected={
        "test_http.py": [
            "TestHTTPUtility::test_*cookie*", "TestHTTPUtility::test_empty_keys_are_ignored",
            "TestHTTPUtility::test_parse_set_cookie_directive", "TestHTTPUtility::test_parse_options_header*",
            "test_parse_date*", "test_http_date*"],
        "test_utils.py": ["test_secure_filename", "test_redirect[*"],
        "sansio/test_request.py": ["test_cookies"],
        "sansio/test_utils.py": ["test_get_host[*", "test_get_host_invalid*"],
    },
    excluded={
        "test_formparser.py::TestFormParser::test_parse_bad_content_type": "a body that is no stream",
        "test_formparser.py::TestFormParser::test_parse_from_environ": "a body that is no stream",
        "sansio/test_utils.py::test_get_host[*-None-server*": "a request without a `Host` field; test_hosts.py has them",
        "test_formparser.py::TestMultiPart::test_failures": "errors that Flask passes over, with silent=True",
        "test_formparser.py::TestMultiPartParser::test_constructor_*": "the parameters of Python's parser",
    },
    differences=[
        Difference("`set_cookie` writes what it is given.", {
            f"{COOKIES}::test_cookie_unicode_keys": "the name must be",
            f"{COOKIES}::test_cookie_partitioned_sets_secure": "Partitioned needs Secure",
            f"{COOKIES}::test_cookie_samesite_attribute[none-*": "SameSite=None needs Secure",
        }),
        Difference("`set_cookie` warns of a cookie over 4093 bytes, attributes included.", {
            f"{COOKIES}::test_cookie_maxsize": "DID NOT WARN",
        }),
        Difference(QUOTED_SEMICOLON, {
            f"{COOKIES}::test_parse_cookie": "!= {'b': '\";'}",
        }),
        Difference("`werkzeug.http.parse_cookie` reads UTF-8, and Flask's `request.cookies` Latin-1.", {
            f"{COOKIES}::test_cookie_unicode_parsing": "BadRequestKeyError",
        }),
    ],
    # The other fixtures are for the development server.
    pytest_options=["--noconftest"],
)
