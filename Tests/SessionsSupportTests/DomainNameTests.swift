// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@Suite struct DomainNameTests {
    /// Frozen from Python 3.11's codec `idna`.
    @Test(
        arguments: [
            ("example.com", "example.com"),
            ("Example.COM", "Example.COM"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("Straße.DE", "strasse.DE"),
            ("ΣΊΣΥΦΟΣ.gr", "xn--kxa6akbbkh.gr"),
            ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
            ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("ドメイン名例。ｊｐ", "xn--eckwd4c7cu47r2wf.jp"),
            ("\u{645}\u{62B}\u{627}\u{644}.\u{625}\u{62E}\u{62A}\u{628}\u{627}\u{631}", "xn--mgbh0fb.xn--kgbechtv"),
            ("中国.cn", "xn--fiqs8s.cn"),
            ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
            ("bu\u{308}cher.example", "xn--bcher-kva.example"),
            ("e\u{301}a.fr", "xn--a-9fa.fr"),
            (".com", nil),
            ("a..b", nil),
            ("a..", nil),
            (".", nil),
            ("example.com.", "example.com."),
            ("bücher.", "xn--bcher-kva."),
            ("한국.kr", "xn--3e0b707e.kr"),
            ("İstanbul.tr", "xn--istanbul-o0e.tr"),
            ("ısı.tr", "xn--s-ekab.tr"),
            ("ü\u{AD}.de", "xn--tda.de"),
            ("ü\u{E000}.de", nil),
            ("xn--ü.de", nil),
            ("xn--bcher-kva.de", "xn--bcher-kva.de"),
            ("☃.net", "xn--n3h.net"),
            ("😀.example", "xn--e28h.example"),
            ("Bücher.Example.COM", "xn--bcher-kva.Example.COM"),
            ("a。b", "a.b"),
            ("ü。", "xn--tda."),
            ("。ü", nil),
            ("", ""),
        ] as [(String, String?)])
    func namesAreEncodedAsPythonEncodesThem(host: String, ascii: String?) {
        #expect(DomainName.ascii(host) == ascii)
    }

    @Test(arguments: [
        (63, "a", true), (64, "a", false), (57, "\u{FC}", true), (58, "\u{FC}", false), (100_000, "\u{FC}", false),
    ])
    func labelsHaveAtMost63Bytes(count: Int, character: String, isGood: Bool) {
        let label = String(repeating: character, count: count)
        for host in [label, label + ".com", "com." + label, label + "."] {
            #expect((DomainName.ascii(host) != nil) == isGood)
        }
    }

    /// The sample strings of RFC 3492, section 7.1 (A, B, D, E, I, J, N), in lower case.
    @Test(arguments: [
        (
            "\u{644}\u{64A}\u{647}\u{645}\u{627}\u{628}\u{62A}\u{643}\u{644}\u{645}\u{648}\u{634}\u{639}"
                + "\u{631}\u{628}\u{64A}\u{61F}", "xn--egbpdaj6bu4bxfgehfvwxn"
        ),
        ("\u{4ED6}\u{4EEC}\u{4E3A}\u{4EC0}\u{4E48}\u{4E0D}\u{8BF4}\u{4E2D}\u{6587}", "xn--ihqwcrb4cv8a8dqg056pqjye"),
        (
            "Pro\u{10D}prost\u{11B}nemluv\u{ED}\u{10D}esky", "xn--proprostnemluvesky-uyb24dma41a"
        ),
        (
            "\u{43F}\u{43E}\u{447}\u{435}\u{43C}\u{443}\u{436}\u{435}\u{43E}\u{43D}\u{438}\u{43D}\u{435}\u{433}\u{43E}"
                + "\u{432}\u{43E}\u{440}\u{44F}\u{442}\u{43F}\u{43E}\u{440}\u{443}\u{441}\u{441}\u{43A}\u{438}",
            "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"
        ),
        ("Porqu\u{E9}nopuedensimplementehablarenEspa\u{F1}ol", "xn--porqunopuedensimplementehablarenespaol-fmd56a"),
        ("3\u{5E74}B\u{7D44}\u{91D1}\u{516B}\u{5148}\u{751F}", "xn--3b-ww4c5e180e575a65lsy2b"),
    ])
    func punycodeIsThatOfTheRFC(label: String, encoded: String) {
        #expect(DomainName.ascii(label) == encoded)
    }
}
