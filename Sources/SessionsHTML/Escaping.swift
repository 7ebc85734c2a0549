// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// `text` with `&`, `<`, `>`, `"` and `'` as character references, so that a browser shows it as text and does not read
/// it as markup.
///
/// The result is MarkupSafe's to the byte (markupsafe/_native.py:1-8): both quotes are numeric, `&#34;` and `&#39;`.
///
/// ```swift
/// let shown = escape("<script>")  // &lt;script&gt;
/// ```
public func escape(_ text: String) -> HTML {
    guard text.utf8.contains(where: { reference(for: $0) != nil }) else { return HTML(raw: text) }
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.utf8.count + 32)
    for byte in text.utf8 {
        if let reference = reference(for: byte) {
            escaped.append(contentsOf: reference.utf8)
        } else {
            escaped.append(byte)
        }
    }
    return HTML(raw: String(decoding: escaped, as: UTF8.self))
}

/// `html` unchanged: markup is not escaped twice.
public func escape(_ html: HTML) -> HTML {
    html
}

/// The character reference that stands for `byte`; nil when the byte stands for itself.
private func reference(for byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "'"): "&#39;"
    case UInt8(ascii: "\""): "&#34;"
    default: nil
    }
}
