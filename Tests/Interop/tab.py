# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A tab of Chromium: going somewhere, what is there, and doing something."""

import base64
import json
from pathlib import Path

from devtools import Refusal

# Width, height, pixels for each CSS pixel, and whether it is a phone.
DESKTOP = (1280, 800, 1, False)
PHONE = (390, 844, 2, True)


class Tab:
    """A tab. What leads to another page waits until that has been loaded."""

    def __init__(self, window, javascript):
        self.window, self.devtools = window, window.devtools
        target = self.devtools.send("Target.createTarget", url="about:blank", **window.context)["targetId"]
        self.session = self.devtools.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        # What the page complained about; the fields of requests and the answers' statuses, by the request's id.
        self.errors, self.requests, self.statuses = [], {}, {}
        # The document that is shown, and whether it came out of the browser's memory; those that have been loaded; how
        # many were shown.
        self.document, self.url, self.was_restored = None, None, False
        self.loaded, self.shown = set(), 0
        self.devtools.listeners[self.session].append(self.note)
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send("Page.setLifecycleEventsEnabled", enabled=True)
        self.send("Emulation.setScriptExecutionDisabled", value=not javascript)
        self.resize(DESKTOP)

    def send(self, method, **parameters):
        return self.devtools.send(method, self.session, **parameters)

    def note(self, event, told):
        match event:
            case "Page.frameNavigated" if "parentId" not in told["frame"]:
                self.document, self.url = told["frame"]["loaderId"], told["frame"]["url"]
                self.shown += 1
                self.was_restored = told["type"] == "BackForwardCacheRestore"
            case "Page.lifecycleEvent" if told["name"] == "load":
                self.loaded.add(told["loaderId"])
            case "Network.requestWillBeSentExtraInfo":
                self.requests.setdefault(told["requestId"], []).append(told)
            case "Network.responseReceivedExtraInfo":
                self.statuses.setdefault(told["requestId"], []).append(told["statusCode"])
            case "Runtime.exceptionThrown":
                self.errors.append(told["exceptionDetails"]["text"])
            case "Runtime.consoleAPICalled" if told["type"] in ("error", "assert"):
                self.errors.append(" ".join(str(argument.get("value")) for argument in told["args"]))
            case "Log.entryAdded" if told["entry"]["level"] == "error":
                # The browser asks for an icon whether or not the page has one.
                if not (url := told["entry"].get("url", "")).endswith("/favicon.ico"):
                    self.errors.append(f"{told['entry']['text']} {url}".strip())

    # Going somewhere

    def go(self, url):
        """Opens a page, as if its address were typed."""
        self.lead(lambda: self.navigate(url))

    def navigate(self, url):
        error = self.send("Page.navigate", url=url).get("errorText")
        if error:
            raise AssertionError(f"{url}: {error}")

    def reload(self):
        self.lead(lambda: self.send("Page.reload"))

    def back(self, steps=1):
        """The Back button."""
        history = self.send("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - steps]
        self.lead(lambda: self.send("Page.navigateToHistoryEntry", entryId=entry["id"]))

    def follow(self, what):
        """Clicks what leads to another page."""
        self.lead(lambda: self.click(what))

    def lead(self, action):
        before, left = self.shown, self.url
        action()
        self.wait(lambda: self.shown > before and self.document in self.loaded, f"another page than {left}")

    def wait(self, condition, what):
        return self.devtools.wait(condition, lambda: f"{what}; the page is {self.url}: {self.text!r}")

    def wait_for(self, text):
        """Waits for a text on the page, whichever it is then."""

        def is_there():
            try:
                return text in self.text
            except Refusal:
                # The page that was asked has just gone.
                return False

        self.wait(is_there, text)

    # What is there

    @property
    def text(self):
        return self.evaluate("document.body ? document.body.innerText : ''")

    @property
    def fetched_ahead(self):
        """The requests for pages that the visitor had not gone to: their fields, and their answers' statuses."""
        return [
            (request["headers"], status) for number, requests in self.requests.items()
            for request, status in zip(requests, self.statuses.get(number, [])) if "Sec-Purpose" in request["headers"]]

    @property
    def status(self):
        """The status of the page that is shown."""
        return self.wait(lambda: self.statuses.get(self.document), "a status")[-1]

    @property
    def fields(self):
        """The fields of the request for the page that is shown."""
        return self.wait(lambda: self.requests.get(self.document), "a request")[-1]["headers"]

    @property
    def pages_before(self):
        """How often the Back button can be pressed."""
        return self.send("Page.getNavigationHistory")["currentIndex"]

    def evaluate(self, expression):
        """The value of an expression in the page, also of one that is still to come (a promise)."""
        return self.value_of(self.begin(expression))

    def begin(self, expression):
        """Asks for a value without waiting for it: other tabs may do something meanwhile."""
        return self.devtools.begin(
            "Runtime.evaluate", self.session, expression=expression, returnByValue=True, awaitPromise=True,
            userGesture=True)

    def value_of(self, asked):
        told = self.devtools.result(asked, "Runtime.evaluate")
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"])
        return told["result"].get("value")

    def find(self, what):
        """An element, by a CSS selector or by what is written on a link or a button."""
        told = self.send("Runtime.evaluate", expression=f"""(what => {{
            const named = [...document.querySelectorAll("a, button, input[type=submit]")]
                .find(element => (element.matches("input") ? element.value : element.innerText).trim() === what);
            try {{ return named || document.querySelector(what) }} catch {{ return null }}
        }})({json.dumps(what)})""")
        if "objectId" not in told["result"]:
            raise AssertionError(f"There is no {what!r} on {self.url}: {self.text!r}")
        return {"objectId": told["result"]["objectId"]}

    # Doing something

    def click(self, what):
        """Presses and releases the mouse in the middle of an element."""
        self.send("Page.bringToFront")
        element = self.find(what)
        self.send("DOM.scrollIntoViewIfNeeded", **element)
        [corners, *_] = self.send("DOM.getContentQuads", **element)["quads"]
        place = {"x": sum(corners[::2]) / 4, "y": sum(corners[1::2]) / 4, "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, **place)

    def fill(self, what, text):
        """Types a text into a field, in the place of what is there."""
        self.send("Page.bringToFront")
        element = self.find(what)
        self.send("DOM.focus", **element)
        self.send("Runtime.callFunctionOn", functionDeclaration="function() { this.select() }", **element)
        self.send("Input.insertText", text=text)

    def resize(self, size):
        width, height, scale, is_phone = size
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=is_phone)

    def screenshot(self, path, size=DESKTOP):
        """The whole page as a PNG."""
        self.resize(size)
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        Path(path).write_bytes(base64.b64decode(shot["data"]))
