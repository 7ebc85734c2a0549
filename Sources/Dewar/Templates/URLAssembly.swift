// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Mustache
import Synchronization

/// The URLs that a page is making of values which Mustache looks up.
///
/// Mustache gives a lambda the text of its section, and not the values of the tags in it. So the lambda answers with a
/// template that has the tags alone, in a content type which keeps each value here and writes nothing, and at its end a
/// tag that stands for the URL.
final class URLAssembly: Sendable {
    private struct Work {
        let route: String
        let arguments: URLArguments
        /// The values of the tags that have been looked up.
        var values: [String?] = []
    }

    /// What the tags of such a template begin with. No value of an application is called that.
    static let tag = "dewar-url-assembly"
    /// The name of the content type.
    static let contentType = "DEWAR_URL_VALUE"

    /// That of the page which this task renders.
    @TaskLocal static var current: URLAssembly?

    private let work = Mutex<[Work]>([])

    /// Begins a URL.
    ///
    /// - Returns: The template that looks up its values and ends it.
    func begin(_ route: String, _ arguments: URLArguments) -> String {
        self.work.withLock { $0.append(Work(route: route, arguments: arguments)) }
        let values = arguments.tags.map { "{{\(Self.tag).next}}{{\($0)}}" }.joined()
        return "{{% CONTENT_TYPE:\(Self.contentType)}}\(values){{% CONTENT_TYPE:\(PageText.name)}}{{\(Self.tag).end}}"
    }

    /// The next tag is looked up.
    func next() {
        self.work.withLock { work in
            guard let last = work.indices.last else { return }
            work[last].values.append(nil)
        }
    }

    /// Keeps the value of the tag.
    func keep(_ text: String) {
        self.work.withLock { work in
            guard let last = work.indices.last, let place = work[last].values.indices.last else { return }
            work[last].values[place] = (work[last].values[place] ?? "") + text
        }
    }

    /// The URL; empty if a value is missing or the route does not take it, which makes the response a 500.
    func end(_ urls: RouteURLs) -> String {
        guard let work = self.work.withLock({ $0.popLast() }) else { return "" }
        let tags = work.arguments.tags
        guard work.values.count == tags.count, !work.values.contains(nil) else {
            let missing = zip(tags, work.values).first { $0.1 == nil }?.0 ?? tags.first ?? ""
            urls.refuse(work.route, "The tag {{\(missing)}} has no value.")
            return ""
        }
        var found = work.values.compactMap(\.self)[...]
        let values = work.arguments.values.map { name, pieces in
            let text = pieces.map { piece in
                if case .text(let text) = piece { text } else { found.popFirst() ?? "" }
            }
            return (name, URLValue.string(text.joined()))
        }
        return urls.build(work.route, values)
    }

    /// The content type of the tags in such a template.
    struct Value: MustacheContentType {
        func escapeText(_ text: String) -> String {
            URLAssembly.current?.keep(text)
            return ""
        }
    }
}
