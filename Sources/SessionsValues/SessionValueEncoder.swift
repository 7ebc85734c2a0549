// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A value under construction; containers keep a reference to it and fill it.
final class EncodingNode {
    enum Content {
        case empty
        case value(SessionValue)
        case list([EncodingNode])
        case dictionary([(key: String, node: EncodingNode)])
    }

    var content = Content.empty

    var value: SessionValue {
        switch self.content {
        case .empty: .dictionary([:])
        case .value(let value): value
        case .list(let nodes): .list(nodes.map(\.value))
        case .dictionary(let entries):
            .dictionary(SessionDictionary(entries.map { (key: $0.key, value: $0.node.value) }))
        }
    }

    func set(_ value: some Encodable, codingPath: [any CodingKey]) throws {
        if let direct = SessionValueEncoder.direct(value) {
            self.content = .value(direct)
        } else {
            try value.encode(to: NodeEncoder(node: self, codingPath: codingPath))
        }
    }

    func appendNode() -> EncodingNode {
        let node = EncodingNode()
        var nodes: [EncodingNode] = []
        if case .list(let present) = self.content { nodes = present }
        // The array must have one owner, or each element would copy it.
        self.content = .empty
        nodes.append(node)
        self.content = .list(nodes)
        return node
    }

    func node(for key: String) -> EncodingNode {
        let node = EncodingNode()
        var entries: [(key: String, node: EncodingNode)] = []
        if case .dictionary(let present) = self.content { entries = present }
        self.content = .empty
        entries.append((key, node))
        self.content = .dictionary(entries)
        return node
    }
}

struct NodeEncoder: Encoder {
    let node: EncodingNode
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .empty = self.node.content { self.node.content = .dictionary([]) }
        return KeyedEncodingContainer(KeyedContainer<Key>(node: self.node, codingPath: self.codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .empty = self.node.content { self.node.content = .list([]) }
        return UnkeyedContainer(node: self.node, codingPath: self.codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleContainer(node: self.node, codingPath: self.codingPath)
    }
}

private struct SingleContainer: SingleValueEncodingContainer {
    let node: EncodingNode
    let codingPath: [any CodingKey]

    func encodeNil() { self.node.content = .value(.null) }
    func encode(_ value: Bool) { self.node.content = .value(.bool(value)) }
    func encode(_ value: String) { self.node.content = .value(.string(value)) }
    func encode(_ value: Double) { self.node.content = .value(.double(value)) }
    func encode(_ value: Float) { self.node.content = .value(.double(Double(value))) }
    func encode(_ value: Int) { self.node.content = .value(.int(value)) }
    func encode(_ value: Int8) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: Int16) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: Int32) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: Int64) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: UInt) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: UInt8) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: UInt16) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: UInt32) { self.node.content = .value(SessionValueEncoder.integer(value)) }
    func encode(_ value: UInt64) { self.node.content = .value(SessionValueEncoder.integer(value)) }

    func encode(_ value: some Encodable) throws {
        try self.node.set(value, codingPath: self.codingPath)
    }
}

private struct UnkeyedContainer: UnkeyedEncodingContainer {
    let node: EncodingNode
    let codingPath: [any CodingKey]

    var count: Int {
        if case .list(let nodes) = self.node.content { nodes.count } else { 0 }
    }

    func encodeNil() { self.node.appendNode().content = .value(.null) }

    func encode(_ value: some Encodable) throws {
        try self.node.appendNode().set(value, codingPath: self.codingPath)
    }

    func nestedContainer<Key: CodingKey>(keyedBy keyType: Key.Type) -> KeyedEncodingContainer<Key> {
        NodeEncoder(node: self.node.appendNode(), codingPath: self.codingPath).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        NodeEncoder(node: self.node.appendNode(), codingPath: self.codingPath).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        NodeEncoder(node: self.node.appendNode(), codingPath: self.codingPath)
    }
}

private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: EncodingNode
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { self.node.node(for: key.stringValue).content = .value(.null) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        try self.node.node(for: key.stringValue).set(value, codingPath: self.codingPath + [key])
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        self.encoder(for: key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        self.encoder(for: key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        NodeEncoder(node: self.node.node(for: "super"), codingPath: self.codingPath)
    }

    func superEncoder(forKey key: Key) -> any Encoder { self.encoder(for: key) }

    private func encoder(for key: Key) -> NodeEncoder {
        NodeEncoder(node: self.node.node(for: key.stringValue), codingPath: self.codingPath + [key])
    }
}
