-- Writes absolute counts of one stream and publishes what stands afterwards.
-- A count is written only when it is larger than the one that stands there: a replay never moves a screen back.
--
-- KEYS[1]  hash of totals          KEYS[2]  channel          KEYS[3..]  hashes of windows, newest last
-- ARGV[1]  stream id   ARGV[2]  now, ms   ARGV[3]  start of the newest window, ms
-- ARGV[4]  life of the totals, s   ARGV[5]  life of a window, s
-- ARGV[6..]  for each hash (totals first, then windows): how many emojis follow, then emoji and count in turn

local argument = 6

local function raise(key)
    local pairs_left = tonumber(ARGV[argument])
    argument = argument + 1
    for _ = 1, pairs_left do
        local emoji, count = ARGV[argument], ARGV[argument + 1]
        argument = argument + 2
        local standing = redis.call('HGET', key, emoji)
        if not standing or tonumber(count) > tonumber(standing) then
            redis.call('HSET', key, emoji, count)
        end
    end
end

local function counts(key)
    local all = {}
    local flat = redis.call('HGETALL', key)
    for i = 1, #flat, 2 do
        all[flat[i]] = tonumber(flat[i + 1])
    end
    return all
end

raise(KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
for i = 3, #KEYS do
    raise(KEYS[i])
    redis.call('EXPIRE', KEYS[i], ARGV[5])
end

redis.call('PUBLISH', KEYS[2], cjson.encode({
    type = 'reactions',
    stream_id = ARGV[1],
    as_of = tonumber(ARGV[2]),
    totals = counts(KEYS[1]),
    window = { start = tonumber(ARGV[3]), counts = counts(KEYS[#KEYS]) },
}))
return 1
