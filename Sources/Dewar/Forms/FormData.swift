// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a submitted form held: its fields and its files.
///
/// The fields can be asked for directly, so that Flask's `request.form["username"]` is
/// `try await request.form["username"]`. A body that is no form, or is malformed, gives an empty `FormData`.
public struct FormData: Sendable {
    /// The fields in the order of the form.
    public let fields: MultiDictionary

    /// The uploaded files in the order of the form. A file input left empty is here too, with an empty filename.
    public let files: [UploadedFile]

    /// Makes form data of `fields` and `files`.
    public init(fields: MultiDictionary = MultiDictionary(), files: [UploadedFile] = []) {
        self.fields = fields
        self.files = files
    }

    /// The first value of the field `name`.
    ///
    /// - Throws: `MissingFieldError` when there is none. A handler that lets it pass answers with status 400, as in
    ///   Flask.
    public subscript(name: String) -> String {
        get throws(MissingFieldError) { try self.fields[name] }
    }

    /// The first value of the field `name`, or nil when there is none.
    public func get(_ name: String) -> String? {
        self.fields.get(name)
    }

    /// The first value of the field `name`, or `default` when there is none.
    public func get(_ name: String, default: String) -> String {
        self.fields.get(name, default: `default`)
    }

    /// The first value of the field `name` read as a `type`, or nil when there is none or it cannot be read as one.
    public func get<T: LosslessStringConvertible>(_ name: String, as type: T.Type) -> T? {
        self.fields.get(name, as: type)
    }

    /// Every value of the field `name` in order; empty when there is none.
    public func getList(_ name: String) -> [String] {
        self.fields.getList(name)
    }

    /// True when the form has a field `name`, be it an empty one.
    public func contains(_ name: String) -> Bool {
        self.fields.contains(name)
    }

    /// The first file that was sent for the field `name`, or nil when there is none.
    public func file(_ name: String) -> UploadedFile? {
        self.files.first { $0.name.utf8.elementsEqual(name.utf8) }
    }
}
