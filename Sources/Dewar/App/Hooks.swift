// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The hooks and error handlers of an application, or of one of its blueprints.
struct Hooks: Sendable {
    typealias StatusHandler = @Sendable (Request, any Error) async throws -> Response
    /// Returns the code to run for an error, or nil for an error of another type.
    typealias ErrorHandler = @Sendable (any Error) -> (@Sendable (Request) async throws -> Response)?

    private(set) var before: [Action<App.BeforeHook>] = []
    private(set) var after: [Action<App.AfterHook>] = []
    private(set) var statusHandlers: [Int: StatusHandler] = [:]
    private(set) var errorHandlers: [ErrorHandler] = []

    mutating func add(_ hook: HookAddition) {
        switch hook {
        case .beforeRequest(let action): self.before.append(action)
        case .afterRequest(let action): self.after.append(action)
        case .statusHandler(let status, let handler): self.statusHandlers[status] = handler
        case .errorHandler(let handler): self.errorHandlers.append(handler)
        }
    }

    /// The code to run for an error, by its type.
    func handler(for error: any Error) -> (@Sendable (Request) async throws -> Response)? {
        for handler in self.errorHandlers {
            if let answer = handler(error) { return answer }
        }
        return nil
    }
}
