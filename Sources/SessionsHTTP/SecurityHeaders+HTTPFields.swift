// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Sessions

extension SecurityHeaders {
    /// Adds the headers to a response, except those that it has already.
    ///
    /// ```swift
    /// SecurityHeaders().add(to: &response.headerFields, isSecure: true, status: response.status)
    /// ```
    ///
    /// - Parameters:
    ///   - fields: The response's headers.
    ///   - isSecure: Whether the request came over HTTPS.
    ///   - status: The response's status.
    public func add(to fields: inout HTTPFields, isSecure: Bool, status: HTTPResponse.Status) {
        Self.add(self.contentTypeOptions, as: .xContentTypeOptions, to: &fields)
        Self.add(self.referrerPolicy, as: Self.referrerPolicyName, to: &fields)
        if isSecure { Self.add(self.strictTransportSecurity, as: .strictTransportSecurity, to: &fields) }
        // A cache puts the fields of a 304 in the place of the stored ones: this one would undo a stored page's policy.
        if let frameAncestors, status != .notModified, !Self.saysWhoMayFrame(fields) {
            fields.append(HTTPField(name: .contentSecurityPolicy, value: "frame-ancestors \(frameAncestors)"))
        }
    }

    private static func add(_ value: String?, as name: HTTPField.Name?, to fields: inout HTTPFields) {
        guard let value, let name, !fields.contains(name) else { return }
        fields.append(HTTPField(name: name, value: value))
    }

    private static let referrerPolicyName = HTTPField.Name("Referrer-Policy")
    private static let frameOptionsName = HTTPField.Name("X-Frame-Options")
    private static let frameAncestorsName = Array("frame-ancestors".utf8)

    /// Browsers ignore `X-Frame-Options` if a policy has `frame-ancestors`, so adding it would undo a handler's `DENY`.
    private static func saysWhoMayFrame(_ fields: HTTPFields) -> Bool {
        if let name = Self.frameOptionsName, fields.contains(name) { return true }
        return fields[values: .contentSecurityPolicy].contains { policy in
            Array(policy.lowercased().utf8).contains(bytes: Self.frameAncestorsName)
        }
    }
}
