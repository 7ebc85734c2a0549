# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What keeps people out of a page: axe-core's rules (WCAG 2.2 among them), and what the rules do not see.

    self.assertEqual(findings(tab), [])

axe-core comes with the Python package axe-core-python; Tests/Interop/requirements.txt has its version.
"""

from importlib.resources import files

AXE = files("axe_core_python").joinpath("axe.min.js").read_text()

# What axe cannot decide is a finding too, such as a text over a picture.
RUN = """axe.run(document).then(told => [...told.violations, ...told.incomplete].map(
    rule => `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.html).join(", ")}`))"""

# A finger needs 44 CSS pixels, of which WCAG 2.2 (2.5.8) makes 24 a rule; a text is as wide as the screen (1.4.10).
MEASURE = """[
    ...[...document.querySelectorAll("button, input:not([type=hidden])")]
        .filter(element => element.getBoundingClientRect().height < 24)
        .map(element => `target-size: ${element.outerHTML}`),
    ...(document.documentElement.scrollWidth > document.documentElement.clientWidth
        ? [`reflow: ${document.documentElement.scrollWidth}`] : []),
]"""

# Focused by the keyboard, an element must look otherwise than without (2.4.7).
FOCUSED = """(element => element === document.body ? null : {
    what: element.name || element.href || element.outerHTML,
    isSeen: element.matches(":focus-visible") && getComputedStyle(element).outlineStyle !== "none"
        && parseFloat(getComputedStyle(element).outlineWidth) >= 1,
})(document.activeElement)"""


def findings(tab):
    """What is wrong with the page that is shown, a line each."""
    tab.evaluate(f"{AXE}; null")
    return tab.evaluate(RUN) + tab.evaluate(MEASURE)


def focused_by_keyboard(tab, limit=50):
    """The elements that the Tab key leads to, in its order: (name, whether the focus is seen)."""
    tab.send("Page.bringToFront")
    order = []
    for _ in range(limit):
        for kind in ("keyDown", "keyUp"):
            tab.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        element = tab.evaluate(FOCUSED)
        if element is None:
            return order
        order.append((element["what"], element["isSeen"]))
    raise AssertionError(f"The Tab key never leaves the page: {order}")


def press(tab, key, code):
    """Presses and releases a key, such as Enter (13)."""
    text = {"text": "\r"} if key == "Enter" else {}
    tab.send("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
    tab.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)


def prefer(tab, scheme):
    """Light or dark, as the visitor's system says."""
    tab.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
