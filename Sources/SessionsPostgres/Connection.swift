// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CPostgres
import Sessions

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// One connection to the server. One thread at a time uses it, and blocks while it waits.
///
/// libpq's blocking calls are not used, because they have no time limit: a server or a network that stalls would hold
/// the thread for hours.
///
/// Safe to use: libpq's connection is freed in `deinit`, and libpq copies its arguments within each call.
@safe final class Connection {
    private let handle: OpaquePointer
    private var prepared: Set<String> = []
    private let keepsState: Bool
    private var isAbandoned = false
    private var isRetired = false

    /// Opens a connection, within the time that the settings allow.
    ///
    /// - Parameter keepsState: Whether prepared statements and settings stay with the connection. They do not behind a
    ///   pooler that lends a server's connection for one transaction; then none are made.
    init(
        _ settings: ConnectionSettings, statementTimeout: Duration, keepsState: Bool = true
    ) throws(ConnectionFailure) {
        self.keepsState = keepsState
        guard let handle = unsafe settings.connect() else { throw .unreachable("out of memory") }
        unsafe self.handle = handle
        guard unsafe PQstatus(handle) == CONNECTION_OK else { throw .unreachable(self.message) }
        // Without this libpq prints the server's notices.
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
        unsafe PQsetnonblocking(handle, 1)
        guard keepsState else { return }
        let limit = "\(max(statementTimeout.milliseconds, 1))"
        _ = try self.run(
            Statement("SELECT set_config('statement_timeout', $1, false)"), [Parameter.text(limit)],
            until: .now + statementTimeout)
    }

    deinit {
        unsafe PQfinish(self.handle)
    }

    /// Whether the connection may be used again: it is not known to be broken, and the server has not hung up.
    var isUsable: Bool {
        guard self.isIntact else { return false }
        // On an idle connection the server sends only notices, or that it closes the connection.
        for _ in 0..<16 {
            guard self.wait(for: Int16(POLLIN), milliseconds: 0) else { return true }
            guard unsafe PQconsumeInput(self.handle) == 1, unsafe PQisBusy(self.handle) == 0 else { return false }
        }
        return false
    }

    /// Whether the connection is not known to be broken. It does not check what the server has sent since.
    var isIntact: Bool {
        guard !self.isAbandoned, !self.isRetired else { return false }
        return unsafe PQstatus(self.handle) == CONNECTION_OK
    }

    /// Takes the connection out of use, although it works.
    func retire() {
        self.isRetired = true
    }

    /// Gives the connection up for good. Bytes that have not reached the server are dropped when it closes, so that
    /// they have no effect later.
    func abandon() {
        guard !self.isAbandoned else { return }
        self.isAbandoned = true
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            PQsocket(self.handle), SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    /// Runs a statement in one round trip. The first run of a named statement takes one more, to prepare it.
    func run(
        _ statement: Statement, _ parameters: [[UInt8]?] = [], until deadline: ContinuousClock.Instant
    ) throws(ConnectionFailure) -> QueryResult {
        guard self.keepsState, !statement.name.isEmpty else {
            try self.send {
                unsafe parameters.withArguments { count, values, lengths, formats in
                    unsafe PQsendQueryParams(self.handle, statement.text, count, nil, values, lengths, formats, 1)
                }
            }
            return try self.result(until: deadline)
        }
        if !self.prepared.contains(statement.name) {
            try self.send { unsafe PQsendPrepare(self.handle, statement.name, statement.text, 0, nil) }
            _ = try self.result(until: deadline)
            self.prepared.insert(statement.name)
        }
        try self.send {
            unsafe parameters.withArguments { count, values, lengths, formats in
                unsafe PQsendQueryPrepared(self.handle, statement.name, count, values, lengths, formats, 1)
            }
        }
        return try self.result(until: deadline)
    }

    private func send(_ call: () -> Int32) throws(ConnectionFailure) {
        guard call() == 1 else { throw self.lost() }
    }

    /// The answer to what was sent. It counts only once the server is ready for the next statement: the commit comes
    /// after the statement's answer and may still fail.
    private func result(until deadline: ContinuousClock.Instant) throws(ConnectionFailure) -> QueryResult {
        var answer: QueryResult?
        var refusal: ConnectionFailure?
        while true {
            try self.waitForResult(until: deadline, after: refusal)
            guard let result = unsafe PQgetResult(self.handle).map(QueryResult.init) else { break }
            if result.isSuccess { answer = result } else { refusal = refusal ?? result.refusal }
        }
        guard unsafe PQstatus(self.handle) == CONNECTION_OK else { throw self.lost(after: refusal) }
        if let refusal { throw refusal }
        guard let answer else { throw self.lost() }
        return answer
    }

    /// Sends and receives until `PQgetResult` does not block.
    private func waitForResult(
        until deadline: ContinuousClock.Instant, after refusal: ConnectionFailure?
    ) throws(ConnectionFailure) {
        while true {
            let unsent = unsafe PQflush(self.handle)
            guard unsent >= 0 else { throw self.lost(after: refusal) }
            if unsent == 0, unsafe PQisBusy(self.handle) == 0 { return }
            let left = ContinuousClock.now.duration(to: deadline).milliseconds
            guard left >= 0 else {
                self.abandon()
                throw .timedOut
            }
            let events = Int16(POLLIN) | (unsent > 0 ? Int16(POLLOUT) : 0)
            guard self.wait(for: events, milliseconds: Int32(clamping: left + 1)) else { continue }
            guard unsafe PQconsumeInput(self.handle) == 1 else { throw self.lost(after: refusal) }
        }
    }

    /// Whether the socket became ready; false when the time was up, or after a signal.
    private func wait(for events: Int16, milliseconds: Int32) -> Bool {
        var descriptor = unsafe pollfd(fd: PQsocket(self.handle), events: events, revents: 0)
        return unsafe poll(&descriptor, 1, milliseconds) > 0
    }

    /// The failure of a broken connection. If the server said why it closed it, that reason replaces "closed
    /// unexpectedly".
    private func lost(after refusal: ConnectionFailure? = nil) -> ConnectionFailure {
        let message = self.message
        self.abandon()
        if case .refused(_, let reason) = refusal { return .lost(reason) }
        return .lost(message)
    }

    /// libpq's last message on one line, but never one that contains the password.
    private var message: String {
        let text = unsafe PQerrorMessage(self.handle).map { unsafe String(cString: $0) } ?? ""
        let password = unsafe PQpass(self.handle).map { unsafe String(cString: $0) } ?? ""
        guard password.isEmpty || !text.utf8.contains(password.utf8) else { return "the reason cannot be shown" }
        return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}

extension [[UInt8]?] {
    /// The parameters in libpq's form, all binary.
    fileprivate func withArguments(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Int32
    ) -> Int32 {
        // The zero at the end gives an empty value an address too; libpq takes a value without one for NULL.
        let bytes = self.compactMap(\.self).joined() + [0]
        // Every address lies within `bytes`: the lengths of all values add up to its length, without the zero.
        return unsafe bytes.withUnsafeBytes { buffer in
            var offset = 0
            let values = unsafe self.map { value -> UnsafePointer<CChar>? in
                guard let value else { return nil }
                defer { offset += value.count }
                return unsafe buffer.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
            }
            let lengths = self.map { Int32(clamping: $0?.count ?? 0) }
            return unsafe body(Int32(clamping: self.count), values, lengths, [Int32](repeating: 1, count: self.count))
        }
    }
}
