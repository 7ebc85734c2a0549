# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Chromium without a window, as a person uses it: windows with cookies of their own, tabs, clicks, typing, screenshots.

    with Browser() as browser:
        tab = browser.window().tab()
        tab.go(site.url + "/login")
        tab.fill("[name=username]", "ada")
        tab.follow("Login")
        assert "Logged in as ada" in tab.text and not tab.errors
        tab.screenshot("page.png", PHONE)  # from tab.py
"""

import os
import shutil
import tempfile
from pathlib import Path

from devtools import DevTools
from tab import Tab

PLACES = [
    "chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium", "chromium-browser", "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

# The browser asks no other machine: names that end in .test lead to this one, and all others nowhere.
HOSTS = "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"


def browser_program():
    program = next(filter(None, map(shutil.which, PLACES)), None)
    if not program:
        raise AssertionError(
            "Chromium is missing: ./browsers installs it on Debian; on macOS put it into /Applications.")
    return program


class Browser:
    """The browser's process. Started again with the same profile, a folder, it has what it kept on the disk."""

    def __init__(self, profile=None, accepting=None):
        self.folder = tempfile.TemporaryDirectory()
        self.profile = profile or f"{self.folder.name}/profile"
        # The hash of a certificate's key, which is good whoever has signed it.
        self.options = [f"--ignore-certificate-errors-spki-list={accepting}"] if accepting else []

    def __enter__(self):
        command = [
            browser_program(), "--headless", f"--user-data-dir={self.profile}", f"--host-resolver-rules={HOSTS}",
            "--no-proxy-server", "--no-first-run", "--no-default-browser-check", "--password-store=basic",
            "--use-mock-keychain", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            "--hide-scrollbars", *self.options,
        ]
        if os.geteuid() == 0:
            # The sandbox wants another user than root. What is visited here are the tests' own pages.
            command.append("--no-sandbox")
        with Path(self.folder.name, "log").open("wb") as log:
            self.devtools = DevTools(command, log)
        return self

    def __exit__(self, *_):
        self.devtools.end()
        self.folder.cleanup()

    def window(self):
        """A window that shares no cookie with any other, as that of another visitor."""
        return Window(self.devtools, self.devtools.send("Target.createBrowserContext")["browserContextId"])

    @property
    def profile_window(self):
        """The window whose cookies are in the profile."""
        return Window(self.devtools, None)


class Window:
    """Tabs that share their cookies."""

    def __init__(self, devtools, context):
        self.devtools = devtools
        self.context = {"browserContextId": context} if context else {}

    def tab(self, javascript=True):
        return Tab(self, javascript)

    def cookies(self, name=None):
        """The cookies as the browser keeps them.

        Each has name, value, domain, path, expires, httpOnly, secure, session (it ends with the browser) and sameSite.
        """
        kept = self.devtools.send("Storage.getCookies", **self.context)["cookies"]
        return [cookie for cookie in kept if name in (None, cookie["name"])]

    def close(self):
        self.devtools.send("Target.disposeBrowserContext", **self.context)
