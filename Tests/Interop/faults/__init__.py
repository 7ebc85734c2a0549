# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""./faults: servers that are killed, starved and cut off, and visitors who check what they are answered."""
