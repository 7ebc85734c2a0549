# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Flask-Login's tests, on Dewar's sessions."""

from suites.suite import Suite

SUITE = Suite(
    project="Flask-Login",
    passes=98,
    shim="flask_shim",
    files=["test_login.py"],
    other_files={},
    excluded={
        "test_login.py::AboutTestCase::*": "Flask-Login's version",
        "test_login.py::SecretKeyTestCase::*": "Flask-Login's own cookie",
        "test_login.py::CookieEncodingTestCase::*": "Flask-Login's own cookie",
    },
)
