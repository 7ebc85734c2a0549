# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Pictures of the examples' pages, on a desktop and on a phone: ./browsers --screenshots [FOLDER]."""

import re
import sys
from pathlib import Path

from accessibility import prefer
from browser import Browser, Window
from programs import example
from tab import DESKTOP, PHONE

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs/pictures"


def readme_pictures():
    """The names of the pictures that the README shows."""
    return set(re.findall(r"docs/pictures/([\w-]+)\.png", (ROOT / "README.md").read_text()))


def login(tab, url):
    tab.go(url)
    yield "login-logged-out"
    tab.follow("click here to log in")
    tab.fill("[name=username]", "ada")
    yield "login-form"
    tab.follow("Login")
    yield "login-logged-in"


def cart(tab, url):
    tab.go(url)
    for product in ("apple", "apple", "cheese"):
        tab.follow(f"[value={product}]")
    yield "cart"
    tab.follow("Buy")
    yield "cart-bought"


PHONE_BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1")
OTHER_BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


PASSWORDS = {"ada": "analytical engine", "grace": "nanosecond of wire"}


def sign_in_elsewhere(tab, url, agent, user="ada"):
    """Signs in with another browser, so that the lists have more than one session."""
    window = Window(tab.devtools, tab.devtools.send("Target.createBrowserContext")["browserContextId"])
    other = window.tab()
    other.send("Network.setUserAgentOverride", userAgent=agent)
    other.go(f"{url}/sign-in")
    other.fill("[name=user]", user)
    other.fill("[name=password]", PASSWORDS[user])
    other.follow("Sign in")
    window.close()


def accounts(tab, url):
    for agent in (PHONE_BROWSER, OTHER_BROWSER):
        sign_in_elsewhere(tab, url, agent)
    tab.go(f"{url}/devices")
    tab.fill("[name=user]", "ada")
    tab.fill("[name=password]", "wrong")
    tab.follow("Sign in")
    yield "accounts-sign-in"
    tab.fill("[name=user]", "ada")
    tab.fill("[name=password]", "analytical engine")
    tab.follow("Sign in")
    yield "accounts-devices"
    prefer(tab, "dark")
    yield "accounts-devices-dark"
    prefer(tab, "")
    for agent in (PHONE_BROWSER, OTHER_BROWSER, OTHER_BROWSER):
        sign_in_elsewhere(tab, url, agent, "grace")
    tab.go(f"{url}/admin/sessions")
    tab.follow("[name=session]")
    yield "accounts-sessions"
    prefer(tab, "dark")
    yield "accounts-sessions-dark"
    prefer(tab, "")
    tab.go(f"{url}/admin/sessions?user=grace")
    yield "accounts-sessions-of-user"
    tab.follow("End all sessions of grace")
    yield "accounts-sessions-question"
    tab.go(url)
    yield "accounts"
    tab.go(f"{url}/nothing")
    yield "not-found"


def take(folder, wanted=None):
    """Takes the pictures that `wanted` names, or all."""
    with Browser() as browser:
        for name, pages in (("Login", login), ("Cart", cart), ("Accounts", accounts)):
            with example(name, "--sessions", "memory") as site:
                tab = browser.window().tab()
                for page in pages(tab, site.url):
                    for size, width in (("desktop", DESKTOP), ("phone", PHONE)):
                        if wanted is None or f"{page}-{size}" in wanted:
                            file = Path(folder, f"{page}-{size}.png")
                            tab.screenshot(file, width)
                            print(file)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(sys.argv[1])
    else:
        take(PICTURES, readme_pictures())
