# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Comparisons of Dewar with Flask, Werkzeug and itsdangerous on random inputs: a module for each part that both have."""
