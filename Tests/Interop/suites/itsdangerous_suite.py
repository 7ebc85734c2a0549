# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""itsdangerous' tests: which of them run on Dewar's tokens, and how they differ."""

from suites.suite import Difference, Suite

SIGNER = "test_itsdangerous/test_signer.py::TestSigner"
TIMED = "test_itsdangerous/test_timed.py::TestTimestampSigner"
SERIALIZER = "test_itsdangerous/test_url_safe.py::TestURLSafeTimedSerializer"

SUITE = Suite(
    project="itsdangerous",
    passes=39,
    shim="itsdangerous_shim",
    files=["test_itsdangerous/test_encoding.py", "test_itsdangerous/test_signer.py",
           "test_itsdangerous/test_timed.py", "test_itsdangerous/test_url_safe.py"],
    other_files={"test_itsdangerous/test_serializer.py": "serializers without base64 and time; Dewar has none"},
    # The classes that these files take from others come again in them: serializers without base64, or without a time.
    selected={
        "test_itsdangerous/test_timed.py": ["TestTimestampSigner::*"],
        "test_itsdangerous/test_url_safe.py": ["TestURLSafeTimedSerializer::*"],
    },
    differences=[
        Difference("A signer derives its key in several ways, with any digest, algorithm and separator.", {
            f"{SIGNER}::test_invalid_separator": "NotInDewar: another separator",
            f"{TIMED}::test_invalid_separator": "NotInDewar: another separator",
            f"{SIGNER}::test_key_derivation[concat]": "NotInDewar: the key derivation concat",
            f"{SIGNER}::test_key_derivation[django-concat]": "NotInDewar: the key derivation django-concat",
            f"{SIGNER}::test_key_derivation[none]": "NotInDewar: the key derivation none",
            f"{TIMED}::test_key_derivation[concat]": "NotInDewar: the key derivation concat",
            f"{TIMED}::test_key_derivation[django-concat]": "NotInDewar: the key derivation django-concat",
            f"{TIMED}::test_key_derivation[none]": "NotInDewar: the key derivation none",
            # A token whose key was derived in the way django-concat.
            f"{TIMED}::test_malformed_future_timestamp": "Signature does not match",
            f"{SIGNER}::test_invalid_key_derivation": "NotInDewar: the key derivation invalid",
            f"{TIMED}::test_invalid_key_derivation": "NotInDewar: the key derivation invalid",
            f"{SIGNER}::test_digest_method": "NotInDewar: the digest md5",
            f"{TIMED}::test_digest_method": "NotInDewar: the digest md5",
            f"{SIGNER}::test_algorithm[None]": "object has no attribute 'algorithm'",
            f"{SIGNER}::test_algorithm[algorithm*": "NotInDewar: an algorithm of one's own",
            f"{TIMED}::test_algorithm[None]": "object has no attribute 'algorithm'",
            f"{TIMED}::test_algorithm[algorithm*": "NotInDewar: an algorithm of one's own",
        }),
        Difference("An error carries the payload that it refuses.", {
            f"{SIGNER}::test_broken_signature": "assert None == b'b'",
            f"{TIMED}::test_broken_signature": "assert None == b'b'",
            f"{TIMED}::test_sig_error_date_signed": "where False = isinstance(None, datetime)",
            f"{SERIALIZER}::test_bad_signature_exception[*": "NotInDewar: reading what is not signed",
            f"{SERIALIZER}::test_bad_payload_exception[*": "assert None is not None",
            f"{SERIALIZER}::test_loads_unsafe[*": "NotInDewar: reading what is not signed",
            f"{SERIALIZER}::test_max_age[*": "NotInDewar: reading what is not signed",
        }),
        Difference("A serializer takes other formats and signers, and files.", {
            f"{SERIALIZER}::test_file[*": "NotInDewar: files",
            f"{SERIALIZER}::test_signer_cls[*": "NotInDewar: a signer of one's own",
            f"{SERIALIZER}::test_signer_kwargs[*": "NotInDewar: a signer of one's own",
            f"{SERIALIZER}::test_serializer_kwargs": "NotInDewar: a serializer of one's own",
            f"{SERIALIZER}::test_fallback_signers[*": "NotInDewar: a signer of one's own",
            f"{SERIALIZER}::test_iter_unsigners": "NotInDewar: a signer of one's own",
        }),
    ],
)
