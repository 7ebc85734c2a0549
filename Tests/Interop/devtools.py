# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Chromium's DevTools protocol over a pair of pipes: commands, their answers, and events, without threads or a network.

The browser ends when the pipes do, so that a test that dies leaves none behind.
"""

import collections
import fcntl
import json
import os
import select
import subprocess
import time

# How long the browser may take for what is done in milliseconds on an idle machine.
PATIENCE = 60


class Refusal(AssertionError):
    """The browser's words about a command that it did not carry out."""


class DevTools:
    """The browser's process, and what goes to and from it. `sessions` are tabs; nil is the browser itself."""

    def __init__(self, command, log):
        # The browser reads from its descriptor 3 and writes to 4, which the shell puts there.
        to_read, self.to_write = high_pipe()
        self.to_read, to_answer = high_pipe()
        place = f'exec "$@" 3<&{to_read} 4>&{to_answer} {to_read}<&- {to_answer}>&-'
        self.process = subprocess.Popen(
            ["bash", "-c", place, "browser", *command, "--remote-debugging-pipe"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(to_read, to_answer))
        os.close(to_read)
        os.close(to_answer)
        self.number, self.answers, self.unread = 0, {}, b""
        self.listeners = collections.defaultdict(list)

    def send(self, method, session=None, **parameters):
        """One command; its result, or a Refusal."""
        return self.result(self.begin(method, session, **parameters), method)

    def result(self, number, method):
        """The result of a command that has been sent."""
        answer = self.wait(lambda: self.answers.pop(number, None), method)
        if "error" in answer:
            raise Refusal(f"{method}: {answer['error']['message']} {answer['error'].get('data', '')}")
        return answer["result"]

    def begin(self, method, session=None, **parameters):
        """Sends a command without waiting; the number under which its answer comes."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to_write, data):]
        return self.number

    def wait(self, condition, what, patience=PATIENCE):
        """Reads what the browser says until the condition is met, and gives its value."""
        deadline = time.monotonic() + patience
        while not (value := condition()):
            if not self.read(min(0.05, max(deadline - time.monotonic(), 0))) and time.monotonic() > deadline:
                what = what() if callable(what) else what
                raise AssertionError(f"It did not happen in {patience} seconds: {what}")
        return value

    def read(self, seconds):
        """Takes what the browser has said by now, or says within so many seconds; false if that is nothing."""
        if not select.select([self.to_read], [], [], seconds)[0]:
            return False
        part = os.read(self.to_read, 1 << 20)
        if not part:
            raise AssertionError(f"The browser has ended with status {self.process.wait(20)}.")
        *messages, self.unread = (self.unread + part).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                for listener in self.listeners[message.get("sessionId")]:
                    listener(message["method"], message["params"])
        return True

    def end(self):
        """Ends the browser as a person does who closes its last window: what is to be kept is on the disk then."""
        try:
            self.begin("Browser.close")
            self.process.wait(PATIENCE)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait(20)
        os.close(self.to_write)
        os.close(self.to_read)


def high_pipe():
    """A pipe with both ends above the descriptors that the browser wants, where one would close the other."""
    low = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in low]
    for end in low:
        os.close(end)
    return high
