// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import Sessions

@Suite struct MemoryEntryTests {
    @Test func anyRecordIsReadAsItWasWritten() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let record = SampleRecords.anything(&generator)
            let entry = MemoryEntry.entry(record, isUsed: false)
            #expect(entry.record == record)
            #expect(entry.end == record.expiresAt)
            #expect(entry.user == record.user.map { Array($0.utf8) })
            #expect(entry.rank == (record.user == nil ? .unused : .signedIn))
        }
    }

    @Test func emptyPartsAreNotAbsentOnes() {
        var record = SampleRecords.record(contents: "", user: "")
        record.secretHash = []
        record.previousSecretHash = []
        record.deviceLabel = ""
        #expect(MemoryEntry.entry(record, isUsed: true).record == record)
        record.previousSecretHash = nil
        record.user = nil
        record.deviceLabel = nil
        #expect(MemoryEntry.entry(record, isUsed: true).record == record)
    }

    @Test func aUsersSessionsAreFoundUntilTheLastIsRemoved() {
        var users = MemoryUsers()
        let keys = (0..<5).map { TwoWords(SampleRecords.id($0).bytes) }
        let (ada, bob) = (Array("ada".utf8), Array("bob".utf8))
        for key in keys { users.insert(key, of: ada) }
        users.insert(keys[0], of: bob)
        users.insert(keys[1], of: ada)
        for (number, key) in keys.enumerated() {
            #expect(Set(users.candidates(ada)) == Set(keys[number...]))
            users.remove(key, of: ada)
            users.remove(key, of: ada)
        }
        #expect(users.candidates(ada).isEmpty)
        #expect(Array(users.candidates(bob)) == [keys[0]])
    }
}
