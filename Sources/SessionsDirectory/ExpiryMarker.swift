// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Leads a purge to a session that has ended: an empty file in a folder that stands for 256 seconds of time.
///
/// The name begins with two digits for the four seconds in which the session ends. So a purge of the current folder
/// need not read the records of sessions that live on. The folders are grouped into folders of three days, because a
/// year has 120,000 of them.
struct ExpiryMarker: Hashable {
    static let top = "expiry"

    private static let secondsPerSlot = 4
    private static let slotsPerFolder = 64
    private static let foldersPerStretch = 1024

    /// The number of the four seconds, counted from 1970.
    let slot: Int
    let id: SessionID

    init(_ record: SessionRecord) {
        self.init(slot: Self.slot(at: record.expiresAt), id: record.id)
    }

    init(slot: Int, id: SessionID) {
        self.slot = slot
        self.id = id
    }

    /// The slot of a time; times before 1970 are in the first slot.
    static func slot(at time: Date) -> Int {
        max(time.milliseconds, 0) / (1000 * Self.secondsPerSlot)
    }

    /// The marker of a name in a folder; nil for a file that is not the store's.
    init?(name: String, folder: Int) {
        guard let slot = Int(name.prefix(2), radix: 16), (0..<Self.slotsPerFolder).contains(slot),
            let id = SessionID(String(name.dropFirst(2)))
        else { return nil }
        self.init(slot: folder * Self.slotsPerFolder + slot, id: id)
        // A number and an id can be spelled in several ways, and the store's files have one.
        guard self.name == name else { return nil }
    }

    private var name: String { "\(Hex.text([UInt8(self.slot % Self.slotsPerFolder)]))\(self.id)" }

    var path: String { "\(Self.path(ofFolder: Self.folder(of: self.slot)))/\(self.name)" }

    static func folder(of slot: Int) -> Int { slot / Self.slotsPerFolder }

    static func stretch(of folder: Int) -> Int { folder / Self.foldersPerStretch }

    static func path(ofStretch stretch: Int) -> String { "\(Self.top)/\(Self.name(stretch))" }

    static func path(ofFolder folder: Int) -> String {
        "\(Self.path(ofStretch: Self.stretch(of: folder)))/\(Self.name(folder))"
    }

    /// The number of a stretch or a folder from its name; nil for any other name, which another program made.
    static func number(_ name: String) -> Int? {
        guard let number = Int(name, radix: 16), (0...Self.lastFolder).contains(number), Self.name(number) == name
        else { return nil }
        return number
    }

    /// The folder of the last millisecond that a ``Date`` tells apart from the one before, 2^53.
    private static let lastFolder = (1 << 53) / (1000 * Self.secondsPerSlot * Self.slotsPerFolder)

    /// Hex digits, always the same number of them, so that names sort by time.
    private static func name(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(10 - digits.utf8.count, 0)) + digits
    }
}
