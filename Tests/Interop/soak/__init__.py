# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""./soak: mixed work for a long time, and whether the server's memory and descriptors stay as they are."""
