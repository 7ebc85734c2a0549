// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct SecureFilenameTests {
    /// Each as Werkzeug 3.1.8's `secure_filename` makes it on Linux.
    @Test(arguments: [
        ("My cool movie.mov", "My_cool_movie.mov"),
        ("../../../etc/passwd", "etc_passwd"),
        ("i contain cool \u{FC}ml\u{E4}uts.txt", "i_contain_cool_umlauts.txt"),
        ("", ""),
        ("...", ""),
        ("_", ""),
        ("a ( b", "a__b"),
        ("a/b\\c", "a_bc"),
        ("..\\..\\x", "x"),
        ("C:\\a\\b.txt", "Cab.txt"),
        ("\u{2460} \u{FB01}le\u{2026}.txt", "1_file....txt"),
        ("\u{BD}.txt", "12.txt"),
        ("e\u{301}.txt", "e.txt"),
        ("\u{2100}", "a_c"),
        ("\u{30D5}\u{30A1}.txt", "txt"),
        (".bashrc", "bashrc"),
        ("a\u{0}b", "ab"),
        ("a\r\nb", "a_b"),
        ("a\u{A0}b\u{1F}c", "a_b_c"),
        ("x.tar.gz", "x.tar.gz"),
        ("-rf", "-rf"),
        ("CON.txt", "CON.txt"),
        ("\u{1E9E}\u{DF}", ""),
        ("\u{1D400}\u{1D7CE}\u{FF21}", "A0A"),
        ("a__b  c", "a__b_c"),
    ])
    func makesWhatWerkzeugMakes(filename: String, secure: String) {
        #expect(Array(SecureFilename.make(filename).utf8) == Array(secure.utf8))
    }

    @Test func everyCharacterLeavesOnlySafeOnes() {
        let safe = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-".utf8)
        let unsafe = (UInt32(0)..<0x2_0000).compactMap(Unicode.Scalar.init).filter { scalar in
            !SecureFilename.make("x\(scalar)y").utf8.allSatisfy(safe.contains)
        }
        #expect(unsafe.isEmpty)
    }
}
