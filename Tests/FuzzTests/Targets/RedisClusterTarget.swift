// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import SessionsRedis

extension FuzzTarget {
    /// The first byte says whether the rest is an error in each line, as the answers to one command, or what
    /// `CLUSTER SLOTS` says.
    static let redisCluster = FuzzTarget("redis-cluster", "errors and redirections of Redis servers, and their slots") {
        input in
        let (way, rest) = input.choice(of: 2)
        if way == 1 { return try Self.checkSlots(rest) }
        let errors = rest.lines(atMost: 16).map { RedisServerError(line: $0.text) }
        for error in errors { try Self.checkError(error) }
        try Self.checkAttempts(errors)
    }

    /// The host of the server that answers.
    private static let asked = "asked"

    private static func checkError(_ error: RedisServerError) throws {
        try require(!error.code.isEmpty && error.code.utf8.allSatisfy { (65...90).contains($0) }, "a code that is none")
        let other = RedisServerError(line: "\(error.code) other words")
        let isHidden = [error.isOutOfMemory, error.isOutOfDisk, error.isReadOnly]
        if isHidden == [other.isOutOfMemory, other.isOutOfDisk, other.isReadOnly] {
            try require(RedisStoreError(error) == RedisStoreError(other), "a message quotes the server")
        }
        let redirection = Redirection(error, from: Self.asked)
        if error.line.utf8.allSatisfy({ $0 < 0x80 }) {
            let other = FuzzRedirection(error.line, from: Self.asked)
            try require((other != nil) == (redirection != nil), "a redirection is taken for none, or none for one")
            if let other, let redirection { try require(other.isSame(as: redirection), "another redirection") }
        }
        guard let redirection else { return }
        try require(SlotMap.range.contains(redirection.slot), "a redirection of no slot")
        let (name, address) = (redirection.isForGood ? "MOVED" : "ASK", redirection.address)
        let line = "\(name) \(redirection.slot) \(address.host):\(address.port)"
        try require(
            Redirection(RedisServerError(line: line), from: Self.asked) == redirection,
            "written again, a redirection is another")
    }

    /// A command is sent again only where nothing was done, and not for ever.
    private static func checkAttempts(_ errors: [RedisServerError]) throws {
        let command = RedisCommand(FuzzRedirection.script, keys: [[1]], [[2]], isRepeatable: true)
        var attempts = Attempts(command, deadline: .now)
        var inARow = 0
        for error in errors {
            let redirection = Redirection(error, from: Self.asked)
            let result = Result { try attempts.take(error, from: Self.asked) }
            try require(
                attempts.command.arguments.dropFirst(2) == command.arguments.dropFirst(2), "the command is another")
            switch result {
            case .success:
                inARow += 1
                try require(inARow <= 4, "servers send a client around for ever")
                try require(redirection != nil || error.code == "NOSCRIPT", "an error is taken for no answer")
                let isForGood = redirection?.isForGood == true
                try require(attempts.moved == (isForGood ? redirection : nil), "a slot moves elsewhere, or not at all")
                let target = redirection.map { isForGood ? Attempts.Target.owner : .asked($0.address) } ?? .owner
                try require(attempts.target == target, "the next attempt goes elsewhere")
            case .failure(let failure):
                guard case RedisFailure.notSent = failure else {
                    try require(failure is RedisStoreError, "another error than the caller expects")
                    let isFinal = redirection == nil && !error.isPassing && !error.isReadOnly
                    return try require(isFinal, "a command is given up that may be sent again")
                }
                inARow = 0
                try require(
                    redirection != nil || error.isPassing || error.isReadOnly, "a refused command is sent again")
                try require(attempts.target == .owner, "after a pause the command goes to no owner")
            }
        }
    }

    private static func checkSlots(_ input: [UInt8]) throws {
        var script = FuzzScript(input)
        var ranges: [FuzzSlotRange] = []
        while !script.isAtEnd, ranges.count < 40 { ranges.append(FuzzSlotRange(&script, from: Self.asked)) }
        let map = SlotMap(.array(ranges.map(\.reply)), from: Self.asked)
        let sorted = ranges.sorted { $0.slots.lowerBound < $1.slots.lowerBound }
        let areApart = zip(sorted, sorted.dropFirst()).allSatisfy { $0.slots.upperBound <= $1.slots.lowerBound }
        let isMap = ranges.allSatisfy(\.isWhole) && areApart
        try require((map != nil) == isMap, "a map is taken for none, or the other way round")
        guard var map else { return }
        let edges = ranges.flatMap { [$0.slots.lowerBound - 1, $0.slots.lowerBound, $0.slots.upperBound] }
        for slot in edges + [0, SlotMap.count - 1] where SlotMap.range.contains(slot) {
            let owner = ranges.last { $0.slots.contains(slot) }?.owner
            try require(map[slot] == owner, "a slot has another owner")
        }
        try require(Set(map.owners) == Set(ranges.map(\.owner)), "a server is missing, or one too many")
        let count = ranges.reduce(0) { $0 + $1.slots.count }
        try require(map.isComplete == (count == SlotMap.count), "a hole in the map is not seen, or one that is none")
        let address = RedisAddress(host: "other", port: 1)
        let slot = input.count % SlotMap.count
        map[slot] = address
        try require(map[slot] == address, "a slot does not move")
    }
}

/// A redirection, read byte by byte from a line of ASCII.
private struct FuzzRedirection {
    static let script = RedisScript("return 1")

    let isForGood: Bool
    let slot: Int
    let host: String
    let port: Int

    init?(_ line: String, from asked: String) {
        let words = line.utf8.split(separator: UInt8(ascii: " ")).map { Array($0) }
        guard line.utf8.first != UInt8(ascii: " "), words.count >= 3, ["MOVED", "ASK"].contains(words[0].text),
            let slot = Self.number(words[1][...]), (0..<16384).contains(slot),
            let colon = words[2].lastIndex(of: UInt8(ascii: ":")), let port = Self.number(words[2][(colon + 1)...])
        else { return nil }
        let host = Array(words[2][..<colon]).text
        self.isForGood = words[0].text == "MOVED"
        self.slot = slot
        self.host = ["", "?"].contains(host) ? asked : host
        self.port = port
    }

    func isSame(as other: Redirection) -> Bool {
        self.isForGood == other.isForGood && self.slot == other.slot
            && other.address == RedisAddress(host: self.host, port: self.port)
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard !digits.isEmpty else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let tens = number.multipliedReportingOverflow(by: 10)
            let sum = tens.partialValue.addingReportingOverflow(Int(digit - 0x30) * (isNegative ? -1 : 1))
            guard !tens.overflow, !sum.overflow else { return nil }
            number = sum.partialValue
        }
        return number
    }
}
