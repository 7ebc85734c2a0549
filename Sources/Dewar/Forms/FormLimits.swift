// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How large a form may be before it is refused with status 413 (Content Too Large).
///
/// The defaults are Flask's (flask/app.py:199-200). They protect memory: raise them only for forms that need it.
///
/// ```swift
/// let app = App(secretKey: key, limits: FormLimits(maximumBody: 64 * 1024 * 1024))
/// ```
public struct FormLimits: Sendable, Hashable {
    /// The bytes of a whole URL-encoded body, or of one field of a multipart form: Flask's `MAX_FORM_MEMORY_SIZE`.
    ///
    /// As in Flask it holds for each field by itself, and also for a part's headers and for what precedes the first
    /// part or follows the last. It does not hold for files, which only `maximumBody` limits.
    public var maximumMemory: Int

    /// The parts of a multipart form, fields and files together: Flask's `MAX_FORM_PARTS`.
    public var maximumParts: Int

    /// The bytes of the whole body, or nil for no limit: Flask's `MAX_CONTENT_LENGTH`.
    public var maximumBody: Int?

    /// Makes limits; what is left out has Flask's default.
    public init(maximumMemory: Int = 500_000, maximumParts: Int = 1_000, maximumBody: Int? = nil) {
        self.maximumMemory = maximumMemory
        self.maximumParts = maximumParts
        self.maximumBody = maximumBody
    }
}
