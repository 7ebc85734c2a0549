# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""A small disk that can be filled to the last byte."""

import asyncio
import os
import subprocess
import tempfile
from pathlib import Path

#: In MiB; they are files in memory.
SIZES = {"directory": 64, "sqlite": 64, "redis": 192, "postgres": 256}


class Disk:
    """A mounted tmpfs of its own, gone when it is closed."""

    def __init__(self, size):
        self.folder = tempfile.TemporaryDirectory()
        # PostgreSQL's server, which is another user's, goes through it.
        os.chmod(self.folder.name, 0o711)
        self.path = Path(self.folder.name) / "disk"
        self.path.mkdir()
        self.root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        options = f"size={size}m,mode=0755,uid={os.geteuid()}"
        mounted = subprocess.run(
            [*self.root, "mount", "-t", "tmpfs", "-o", options, "faults", self.path], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.folder.cleanup()
            raise SystemExit(f"faults: a small disk cannot be mounted, which needs root: {mounted.stderr.strip()}")

    def close(self):
        subprocess.run([*self.root, "umount", "--lazy", self.path], check=True)
        self.folder.cleanup()

    async def fill(self, seconds):
        """Leaves no byte for so long, also not of what is deleted meanwhile. Says how many bytes it took."""
        filler, taken = self.path / "filler", 0
        end = asyncio.get_running_loop().time() + seconds
        try:
            with filler.open("wb", buffering=0) as file:
                room = os.statvfs(self.path)
                os.posix_fallocate(file.fileno(), 0, max(1, (room.f_bavail - 1) * room.f_frsize))
                file.seek(0, os.SEEK_END)
                while asyncio.get_running_loop().time() < end:
                    try:
                        while True:
                            taken += file.write(bytes(4096))
                    except OSError:
                        await asyncio.sleep(0.01)
        except OSError:
            # The last free block went to another before the filler had it: it is full all the same.
            await asyncio.sleep(max(0, end - asyncio.get_running_loop().time()))
        finally:
            taken += filler.stat().st_size if filler.exists() else 0
            filler.unlink(missing_ok=True)
        return taken
