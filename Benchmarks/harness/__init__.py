# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What ./bench measures with: servers on one core, load from another, and the page that the numbers go to."""
