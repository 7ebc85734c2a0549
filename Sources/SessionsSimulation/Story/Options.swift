// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the command line asks for.
struct Options {
    /// For how many seconds of real time to simulate.
    var seconds = 60.0
    /// At most how many seeds; nil for as many as there is time for.
    var count: Int?
    /// The first seed.
    var first: UInt64 = 1
    /// Whether to tell the story of the first seed, whatever it finds.
    var tells = false
    /// Whether to print what was found in one line, and nothing else: for a program that reads it.
    var isBrief = false
    /// Where to save the run of a seed that finds something, made small.
    var savePath: String?
    /// Saved runs to do again, and nothing else.
    var replayed: [String] = []

    init(_ arguments: ArraySlice<String>) {
        var left = arguments
        while let argument = left.popFirst() {
            switch argument {
            case "--seconds": self.seconds = Self.value(&left, of: argument)
            case "--count": self.count = Self.value(&left, of: argument)
            case "--from": self.first = Self.value(&left, of: argument)
            case "--seed":
                self.first = Self.value(&left, of: argument)
                self.count = 1
                self.tells = true
            case "--brief": self.isBrief = true
            case "--save": self.savePath = Self.value(&left, of: argument)
            case "--replay":
                guard !left.isEmpty else { Self.refuse("--replay needs files") }
                self.replayed = Array(left)
                left = []
            default: Self.refuse("\(argument) is no option")
            }
        }
    }

    private static func value<Value: LosslessStringConvertible>(
        _ left: inout ArraySlice<String>, of option: String
    ) -> Value {
        guard let value = left.popFirst().flatMap(Value.init) else { Self.refuse("\(option) needs a value that fits") }
        return value
    }

    private static func refuse(_ reason: String) -> Never {
        Complaint.end(
            "\(reason). Options: --seconds N, --count N, --from SEED, --seed SEED, --save FILE, --brief, --replay FILE…",
            status: 64)
    }
}

/// The order of dictionaries and sets must follow from the seed as well.
enum Determinism {
    private static let variable = "SWIFT_DETERMINISTIC_HASHING"

    /// Starts the program anew with the setting that makes hashes the same in every run, unless it has it.
    static func demand() {
        guard unsafe getenv(Self.variable) == nil else { return }
        // The program has one thread, so that nothing reads the environment meanwhile.
        guard unsafe setenv(Self.variable, "1", 1) == 0 else { return }
        // The arguments are those that the program was started with; they end with nil, as the call wants them.
        unsafe _ = execv("/proc/self/exe", CommandLine.unsafeArgv)
        Complaint.end("the program cannot start itself anew; set \(Self.variable)=1.", status: 70)
    }
}
