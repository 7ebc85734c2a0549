// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The scripts, each of which the server runs as one atomic step. A script's first key is a session's, or a user's
/// list.
///
/// Numbers in them are Lua's, exact up to 2^53 as ``Date/milliseconds`` is. Versions are compared for equality by their
/// eight bytes, and for order by their numbers.
enum SessionScripts {
    /// Compare-and-set. The answers: 1, done (or this same write was done before); 0, the key has another write of this
    /// version, or an older version; -1, nothing is there; -2, the key has a later version, or something else.
    static let write = RedisScript(
        """
        local value, expected, now, ttl, check = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
        local old = redis.call('GET', KEYS[1])
        local version = ''
        if old then
            if #old <= 41 then return -2 end
            if string.sub(old, 18, 25) == string.sub(value, 18, 25) then return 1 end
            if struct.unpack('>i8', old, 10) > now then version = string.sub(old, 2, 9) end
        end
        if version ~= expected or check == '1' then
            if version == '' then return -1 end
            if struct.unpack('>i8', version) > struct.unpack('>i8', value, 2) then return -2 end
            return 0
        end
        redis.call('SET', KEYS[1], value, 'PX', ttl)
        if KEYS[2] then
        \(Self.list(key: "KEYS[2]", arguments: 6))
        end
        return 1
        """)

    /// Adds a session to a user's list, in a cluster: the list may be on another server.
    static let list = RedisScript(
        """
        local ttl = tonumber(ARGV[1])
        \(Self.list(key: "KEYS[1]", arguments: 2))
        return 1
        """)

    /// Removes a version. The answers: 1, nothing is left; 0, another version is there.
    static let remove = RedisScript(
        """
        local old = redis.call('GET', KEYS[1])
        if not old then return 1 end
        if string.sub(old, 2, 9) ~= ARGV[1] then return 0 end
        redis.call('DEL', KEYS[1])
        return 1
        """)

    /// One page of a user's list: id, score, id, score and so on. It begins after a given score and id, and ends at
    /// another score. Among entries of the same score a binary search finds the id's place. Ids are compared byte by
    /// byte, because Lua compares strings by the server's locale.
    static let page = RedisScript(
        """
        local key, score, id, last, count = KEYS[1], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
        local function isBehind(other)
            for i = 1, math.min(#other, #id) do
                local a, b = string.byte(other, i), string.byte(id, i)
                if a ~= b then return a > b end
            end
            return #other > #id
        end
        local low = redis.call('ZCOUNT', key, '-inf', '(' .. score)
        local high = redis.call('ZCOUNT', key, '-inf', score)
        while low < high do
            local middle = math.floor((low + high) / 2)
            if isBehind(redis.call('ZRANGE', key, middle, middle)[1]) then high = middle else low = middle + 1 end
        end
        local limit = math.min(low + count, redis.call('ZCOUNT', key, '-inf', last))
        if limit <= low then return {} end
        return redis.call('ZRANGE', key, low, limit - 1, 'WITHSCORES')
        """, isWriting: false)

    /// Changes scores in a user's list, where the old one is unchanged: id, old, new, and so on. An empty new score
    /// removes the id.
    static let heal = RedisScript(
        """
        for i = 1, #ARGV, 3 do
            local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
            if score and tonumber(score) == tonumber(ARGV[i + 1]) then
                if ARGV[i + 2] == '' then
                    redis.call('ZREM', KEYS[1], ARGV[i])
                else
                    redis.call('ZADD', KEYS[1], ARGV[i + 2], ARGV[i])
                end
            end
        end
        return 1
        """)

    /// Arguments: the id, its score (when the session expires), and the score up to which entries are removed as
    /// expired. A list lives as long as the last of its sessions. A later score stays, because in a cluster two writes
    /// may arrive out of order.
    ///
    /// Nothing is removed that has not expired by the server's own clock too: a process whose clock is ahead would take
    /// the live sessions of all others out of the list. Only the process's clock counts for a user that may not run
    /// `TIME`.
    private static func list(key: String, arguments: Int) -> String {
        """
            local id, score = ARGV[\(arguments)], tonumber(ARGV[\(arguments + 1)])
            local past, time = tonumber(ARGV[\(arguments + 2)]), redis.pcall('TIME')
            if not time.err then past = math.min(past, time[1] * 1000 - \(RecordWrite.slack.milliseconds)) end
            redis.call('ZREMRANGEBYSCORE', \(key), '(0', past)
            local there = redis.call('ZSCORE', \(key), id)
            if not there or tonumber(there) < score then redis.call('ZADD', \(key), score, id) end
            if redis.call('PTTL', \(key)) < ttl then redis.call('PEXPIRE', \(key), ttl) end
        """
    }
}
