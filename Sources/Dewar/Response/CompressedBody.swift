// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOPosix
import Sessions
import SessionsSupport
import Synchronization

/// How many responses are being compressed: each takes about 100 KiB until its client has read it.
final class CompressionPlaces: Sendable {
    /// Further responses are sent as they are.
    static let maximum = 256
    private let taken = Atomic(0)

    /// A place, which is given back with its last reference; nil when there is none left.
    func take() -> CompressionPlace? {
        guard self.taken.add(1, ordering: .relaxed).newValue <= Self.maximum, let stream = GzipStream() else {
            self.giveBack()
            return nil
        }
        return CompressionPlace(places: self, stream: stream)
    }

    fileprivate func giveBack() { self.taken.subtract(1, ordering: .relaxed) }
}

/// The state of one response that is compressed.
final class CompressionPlace: Sendable {
    let stream: GzipStream
    private let places: CompressionPlaces

    fileprivate init(places: CompressionPlaces, stream: GzipStream) {
        self.places = places
        self.stream = stream
    }

    deinit { self.places.giveBack() }
}

extension ResponseBody {
    /// The body in gzip, of a length that is known at its end.
    func compressed(at place: CompressionPlace) -> ResponseBody {
        // What a stream has written is sent at once, because the client may wait for it.
        let flush: GzipStream.Flush = self.contentLength == nil ? .sync : .none
        let body = self.ended
        return ResponseBody { writer in
            try await body.write(GzipWriter(writer: writer, place: place, flush: flush))
        }
    }
}

/// Compresses what is written, and hands it on.
private struct GzipWriter: ResponseBodyWriter {
    /// zlib failed; the connection ends without the end of the body, so that the client does not take it for whole.
    struct Failure: Error {}

    var writer: any ResponseBodyWriter
    let place: CompressionPlace
    let flush: GzipStream.Flush

    /// How many bytes are compressed at once.
    private static let chunkSize = 128 * 1024
    /// From this length on, a thread of the pool compresses.
    private static let longWork = 16 * 1024

    mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        while let part = rest.readSlice(length: min(rest.readableBytes, Self.chunkSize)), part.readableBytes > 0 {
            try await self.send(Array(buffer: part), rest.readableBytes == 0 ? self.flush : .none)
        }
    }

    mutating func write(contentsOf buffers: some Sequence<ByteBuffer>) async throws {
        for buffer in buffers { try await self.write(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        var writer = self
        try await writer.send([], .finish)
        try await writer.writer.finish(trailingHeaders)
    }

    private mutating func send(_ bytes: [UInt8], _ flush: GzipStream.Flush) async throws {
        let stream = self.place.stream
        let compressed =
            bytes.count < Self.longWork
            ? stream.compress(bytes, flush)
            : try await NIOThreadPool.singleton.runIfActive { stream.compress(bytes, flush) }
        guard let compressed else { throw Failure() }
        if !compressed.isEmpty { try await self.writer.write(ByteBuffer(bytes: compressed)) }
    }
}
