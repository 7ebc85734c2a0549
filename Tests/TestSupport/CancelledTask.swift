// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

/// What a task that is cancelled already writes to a store and reads from it.
public func writeAndReadCancelled(
    _ record: SessionRecord, _ store: any SessionStore
) async throws -> (isWritten: Bool, read: SessionRecord?) {
    try await Task {
        withUnsafeCurrentTask { $0?.cancel() }
        let isWritten = try await store.write(record, replacing: nil, at: start)
        return (isWritten: isWritten, read: try await store.read(record.id, at: start))
    }.value
}
