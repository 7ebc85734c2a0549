# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""The script that takes the README's pictures takes each of them, and the README shows those that there are."""

import contextlib
import io
import struct
import tempfile
import unittest
from pathlib import Path

from programs import require_programs
from screenshots import PICTURES, readme_pictures, take
from tab import PHONE


def size(picture):
    """Width and height, as a PNG's first chunk says them."""
    data = picture.read_bytes()
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise AssertionError(f"{picture.name} is no PNG")
    return struct.unpack(">II", data[16:24])


class ScreenshotTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require_programs("Login", "Cart", "Accounts")

    def test_the_readme_shows_each_picture_in_the_repository(self):
        self.assertEqual({picture.stem for picture in PICTURES.iterdir()}, readme_pictures())

    def test_the_script_takes_the_pictures_of_the_readme(self):
        wanted = readme_pictures() | {"cart-bought-phone"}
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            take(folder, wanted)
            taken = {picture.stem: size(picture) for picture in Path(folder).iterdir()}
        self.assertEqual(set(taken), wanted)
        width, _, scale, _ = PHONE
        self.assertEqual(taken.pop("cart-bought-phone")[0], width * scale)
        for name, (width, height) in taken.items():
            with self.subTest(name):
                self.assertEqual(width, size(PICTURES / f"{name}.png")[0])
                self.assertGreater(height, 100)
