-- Writes one poll's tally and publishes it, if it is newer than the one that stands there.
--
-- KEYS[1]  hash of the poll    KEYS[2]  channel
-- ARGV[1]  stream id   ARGV[2]  poll id   ARGV[3]  now, ms   ARGV[4]  version   ARGV[5]  life of the hash, s
-- ARGV[6]  how many options   ARGV[7..]  votes of each option, then voters, received, replaced, duplicate, late, invalid

local standing = redis.call('HGET', KEYS[1], 'version')
if standing and tonumber(standing) >= tonumber(ARGV[4]) then
    return 0
end

local message = {
    type = 'poll',
    stream_id = ARGV[1],
    poll_id = ARGV[2],
    as_of = tonumber(ARGV[3]),
    version = tonumber(ARGV[4]),
    options = {},
}
local fields = { 'version', ARGV[4], 'as_of', ARGV[3] }

local options = tonumber(ARGV[6])
for i = 1, options do
    local votes = ARGV[6 + i]
    message.options[i] = { id = tostring(i), votes = tonumber(votes) }
    fields[#fields + 1] = 'option:' .. i
    fields[#fields + 1] = votes
end
for i, name in ipairs({ 'voters', 'received', 'replaced', 'duplicate', 'late', 'invalid' }) do
    local value = ARGV[6 + options + i]
    message[name] = tonumber(value)
    fields[#fields + 1] = name
    fields[#fields + 1] = value
end

redis.call('HSET', KEYS[1], unpack(fields))
redis.call('HSETNX', KEYS[1], 'is_final', '0')
redis.call('EXPIRE', KEYS[1], ARGV[5])
message.status = redis.call('HGET', KEYS[1], 'status') or 'open'
message.is_final = redis.call('HGET', KEYS[1], 'is_final') == '1'
redis.call('PUBLISH', KEYS[2], cjson.encode(message))
return 1
