// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Logging
import SessionsSupport

/// Reads the files of a certificate, and gives what they have become to the server.
///
/// A renewal writes two files, one after the other and perhaps in pieces. What a look finds counts when the next look
/// finds it too.
struct CertificateWatcher {
    /// The result of one look.
    private enum Finding: Equatable {
        case pair(CertificatePair)
        case problem(String)
    }

    private let files: CertificateFiles
    private let served: ServedCertificate
    private let logger: Logger
    /// A disk that does not answer must not hold a thread that requests need.
    private let pool = BlockingPool(width: 1, label: "dewar.tls")
    private var last: Finding?
    /// The problem that has been logged, and still is one.
    private var told: Finding?

    /// The time between two looks: as for a key file.
    static let interval: Duration = .seconds(2)

    init(files: CertificateFiles, served: ServedCertificate, logger: Logger) {
        self.files = files
        self.served = served
        self.logger = logger
    }

    /// Reads the files. Files that cannot be used leave the certificate as it is, and are logged once.
    mutating func look() async {
        let found = await self.find()
        defer { self.last = found }
        guard found == self.last, found != self.told else { return }
        switch found {
        case .pair(let pair):
            self.told = nil
            self.use(pair)
        case .problem(let problem):
            self.told = found
            self.logger.error(
                "the certificate's files cannot be used, and the certificate stays as it was",
                metadata: ["error": "\(problem)"])
        }
    }

    private func find() async -> Finding {
        let files = self.files
        do {
            return .pair(try await self.pool.run { try files.read() })
        } catch {
            return .problem("\(error)")
        }
    }

    private func use(_ pair: CertificatePair) {
        guard self.served.use(pair) else { return }
        self.logger.notice(
            "the certificate was loaded anew",
            metadata: ["tls.certificate": "\(self.files.certificate)", "tls.until": "\(pair.end)"])
    }
}
