# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Pictures of the examples' pages, on a desktop and on a phone: ./browsers --screenshots FOLDER."""

import sys
from pathlib import Path

from browser import Browser
from programs import example
from tab import DESKTOP, PHONE


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


def accounts(tab, url):
    tab.go(f"{url}/devices")
    tab.fill("[name=user]", "ada")
    tab.fill("[name=password]", "wrong")
    tab.follow("Sign in")
    yield "accounts-sign-in"
    tab.fill("[name=user]", "ada")
    tab.fill("[name=password]", "analytical engine")
    tab.follow("Sign in")
    yield "accounts-devices"
    tab.go(url)
    yield "accounts"
    tab.go(f"{url}/nothing")
    yield "not-found"


def take(folder):
    with Browser() as browser:
        for name, pages in (("Login", login), ("Cart", cart), ("Accounts", accounts)):
            with example(name, "--sessions", "memory") as site:
                tab = browser.window().tab()
                for page in pages(tab, site.url):
                    for size, width in (("desktop", DESKTOP), ("phone", PHONE)):
                        file = Path(folder, f"{page}-{size}.png")
                        tab.screenshot(file, width)
                        print(file)


if __name__ == "__main__":
    take(sys.argv[1])
