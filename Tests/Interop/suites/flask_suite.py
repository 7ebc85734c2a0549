# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Flask's tests: which of them run on Dewar's sessions, and how they differ."""

from suites.suite import Difference, Suite

NO_KEY = "Without a secret key a change raises at once."

SUITE = Suite(
    project="Flask",
    passes=31,
    shim="flask_shim",
    files=["test_basic.py", "test_helpers.py", "test_json_tag.py", "test_reqctx.py", "test_signals.py",
           "test_templating.py", "test_testing.py"],
    other_files={
        "test_appctx.py": "contexts of Python's",
        "test_async.py": "views that are coroutines",
        "test_blueprints.py": "blueprints",
        "test_cli.py": "the command `flask`",
        "test_config.py": "Python's configuration files",
        "test_converters.py": "converters written in Python",
        "test_instance_config.py": "folders of Python packages",
        "test_json.py": "Python's JSON providers",
        "test_logging.py": "Python's loggers",
        "test_regression.py": "exceptions in Python's debug mode",
        "test_request.py": "limits and hosts of WSGI requests",
        "test_session_interface.py": "a session interface of the test's own, so that nothing of Dewar is asked",
        "test_subclassing.py": "subclasses of Python's application",
        "test_user_error_handler.py": "classes of Python's exceptions",
        "test_views.py": "views that are classes",
    },
    selected={
        "test_basic.py": ["test_session_*", "test_missing_session", "test_flashes", "test_extended_flashing"],
        "test_helpers.py": ["TestStreaming::test_stream_keeps_session"],
        "test_json_tag.py": ["test_dump_load_unchanged*"],
        "test_reqctx.py": ["test_session_dynamic_cookie_name"],
        "test_signals.py": ["test_flash_signal"],
        "test_templating.py": ["test_standard_context"],
        "test_testing.py": ["test_redirect_session", "test_session_transaction*"],
    },
    differences=[
        Difference(NO_KEY, {
            "test_basic.py::test_missing_session": "DID NOT RAISE",
            "test_testing.py::test_session_transactions_no_null_sessions": "DID NOT RAISE",
        }),
    ],
)
