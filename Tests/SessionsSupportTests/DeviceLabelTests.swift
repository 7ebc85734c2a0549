// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport
import Testing

/// What a list of devices calls a browser.
@Suite struct DeviceLabelTests {
    @Test(
        arguments: [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
                    + "Safari/537.36",
                "Chrome on Windows"
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
                    + "Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows"
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
                    + "Safari/605.1.15",
                "Safari on macOS"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                    + "Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone"
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                    + "CriOS/142.0.0.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPad"
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
                    + "Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android"
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
                    + "Safari/537.36 OPR/124.0.0.0",
                "Opera on ChromeOS"
            ),
            ("curl/8.14.1", "curl"), ("Dalvik/2.1.0 (Linux; U; Android 15; Pixel 9)", "Dalvik on Android"),
            ("Mozilla/5.0 (Linux; unknown)", "Linux"), ("Mozilla/5.0 (compatible; Googlebot/2.1)", "Mozilla"),
            ("python-requests/2.32.5", "python-requests"), ("", nil), (" ", nil), ("(curl)", nil), ("\u{1B}[31mx", nil),
            ("évil/1", nil), ("x\r\nSet-Cookie: a=b", "x"), ("a<b>", "a"),
        ] as [(String, String?)])
    func aUserAgentHasALabel(userAgent: String, label: String?) {
        #expect(DeviceLabel.text(for: userAgent) == label)
    }

    @Test func noLabelIsLongOrHoldsAnythingButVisibleASCII() {
        var generator = SystemRandomNumberGenerator()
        let words = [
            "Firefox/", "Chrome/", "Android", "Windows", "Mozilla/5.0 ", "x", "\r\n", "\0", "é", "<", "\u{7F}",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...40, using: &generator))
                .map { _ in words.randomElement(using: &generator) ?? "" }.joined()
            let label = Array((DeviceLabel.text(for: text) ?? "").utf8)
            #expect(label.count <= 64 && label.allSatisfy { (0x20...0x7E).contains($0) }, "\(text.debugDescription)")
        }
        let long = DeviceLabel.text(for: String(repeating: "a", count: 100_000) + " Firefox/1")
        #expect(long == String(repeating: "a", count: 48))
    }
}
