// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import DewarTLS

/// Files that cannot be used while the server runs. A renewed certificate is in Tests/Interop/test_tls.py.
@Suite struct CertificateWatcherTests {
    @Test func aProblemCountsAtTheSecondLookAndIsToldOnce() async {
        let files = CertificateFiles(certificate: "/no/such/file.pem", privateKey: "/no/such/key.pem")
        let log = LogRecorder()
        let served = ServedCertificate(files, protocols: ["http/1.1"])
        var watcher = CertificateWatcher(files: files, served: served, logger: log.logger)
        await watcher.look()
        #expect(log.warnings == 0)
        for _ in 0..<5 { await watcher.look() }
        #expect(log.warnings == 1)
        #expect(log.text.contains("The certificate /no/such/file.pem cannot be read"))
    }
}
