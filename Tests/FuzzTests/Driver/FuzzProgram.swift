// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// What libFuzzer drives: "./fuzz" builds and runs it.
///
/// ```text
/// Fuzz --list
/// Fuzz TARGET --scaling FOLDER
/// Fuzz TARGET [option of libFuzzer, folder or file…]
/// ```
///
/// libFuzzer starts this program again to minimise a corpus, with the same options and without the target, which is in
/// the environment then.
@main
struct FuzzProgram {
    private static let variable = "DEWAR_FUZZ_TARGET"
    nonisolated(unsafe) private static var target: FuzzTarget?

    static func main() {
        var arguments = CommandLine.arguments
        if arguments.dropFirst().first == "--list" {
            for target in FuzzTarget.all { print("\(target.name)\t\(target.maximumLength)\t\(target.subject)") }
            return
        }
        if let name = arguments.dropFirst().first, FuzzTarget.all.contains(where: { $0.name == name }) {
            setenv(Self.variable, name, 1)
            arguments.remove(at: 1)
        }
        let name = ProcessInfo.processInfo.environment[Self.variable]
        guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            let usage = "usage: Fuzz --list, or Fuzz TARGET [--scaling FOLDER | option of libFuzzer…]\n"
            FileHandle.standardError.write(Data(usage.utf8))
            exit(2)
        }
        if arguments.count == 3, arguments[1] == "--scaling" {
            exit(FuzzScaling.check(target, folder: arguments[2]))
        }
        Self.target = target
        FuzzLimits.checkMemoryMeter()
        exit(Self.drive(arguments))
    }

    private static func drive(_ arguments: [String]) -> Int32 {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        return pointers.withUnsafeMutableBufferPointer { buffer in
            var count = Int32(arguments.count)
            var first = buffer.baseAddress
            return runDriver(&count, &first) { data, size in
                let input = Array(UnsafeBufferPointer(start: data, count: size))
                if let target = FuzzProgram.target { FuzzLimits.check(target, input) }
                return 0
            }
        }
    }
}

/// libFuzzer's own `main` as a function (`FuzzerInterface.h`).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
