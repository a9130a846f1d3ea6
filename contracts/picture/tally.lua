-- Writes tallies of a poll's buckets of voters, and publishes the poll's sums if any of them was newer.
-- A bucket's tally is taken only with more votes received than the one that stands there, and as many of each region: a
-- replay never moves it back, in whatever mixture it reads the regions. One of before there were regions, which names none,
-- gives way to as many votes that name theirs.
-- `buckets` says how many each has received: while an emptied Redis is filled, sums rise of which some bucket is behind.
--
-- KEYS[1]  hash of the poll    KEYS[2]  hash of its buckets    KEYS[3]  channel
-- ARGV[1]  stream id   ARGV[2]  poll id   ARGV[3]  now, ms   ARGV[4]  life of the hashes, s
-- ARGV[5..]  bucket and its tally in turn; a tally is votes received by region, `eu=2,us=1`, then behind a bar numbers
-- between spaces: those of `names`, then each option's votes

local names = { 'received', 'voters', 'replaced', 'withdrawn', 'duplicate', 'late', 'invalid', 'ineligible' }

local function numbers(tally)
    return string.match(tally, '[^|]*$')
end

local function by_region(tally)
    local found, sum = {}, 0
    for region, votes in string.gmatch(string.match(tally, '^[^|]*'), '([^=,]+)=(%d+)') do
        found[region] = tonumber(votes)
        sum = sum + found[region]
    end
    return found, sum > 0 and sum or tonumber(string.match(numbers(tally), '^%d+'))
end

local function follows(tally, standing)
    local now, sum = by_region(tally)
    local before, sum_before = by_region(standing)
    for region, votes in pairs(before) do
        if (now[region] or 0) < votes then
            return false
        end
    end
    return sum > sum_before or (sum == sum_before and not next(before) and next(now) ~= nil)
end

local newer = false
for i = 5, #ARGV, 2 do
    local standing = redis.call('HGET', KEYS[2], ARGV[i])
    if not standing or follows(ARGV[i + 1], standing) then
        redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
        newer = true
    end
end
if not newer then
    return 0
end

local sums, buckets = {}, {}
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
    local place = 0
    for region, votes in pairs((by_region(all[i + 1]))) do
        buckets[region .. ':' .. all[i]] = votes
    end
    for number in string.gmatch(numbers(all[i + 1]), '%d+') do
        place = place + 1
        sums[place] = (sums[place] or 0) + tonumber(number)
    end
end

-- The same text for the same numbers, whatever the order in which they came.
local function text(received)
    local parts = {}
    for bucket, number in pairs(received) do
        parts[#parts + 1] = string.format('"%s":%.0f', bucket, number)
    end
    table.sort(parts)
    return '{' .. table.concat(parts, ',') .. '}'
end

local message = {
    type = 'poll',
    stream_id = ARGV[1],
    poll_id = ARGV[2],
    as_of = tonumber(ARGV[3]),
    version = sums[1],
    buckets = buckets,
    options = {},
}
local fields = { 'as_of', ARGV[3], 'version', string.format('%.0f', sums[1]), 'buckets', text(buckets) }
local function put(name, value)
    fields[#fields + 1] = name
    fields[#fields + 1] = string.format('%.0f', value)
end

for place, name in ipairs(names) do
    message[name] = sums[place]
    put(name, sums[place])
end
for option = 1, #sums - #names do
    local votes = sums[#names + option]
    message.options[option] = { id = tostring(option), votes = votes }
    put('option:' .. option, votes)
end

redis.call('HSET', KEYS[1], unpack(fields))
redis.call('HSETNX', KEYS[1], 'is_final', '0')
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
message.status = redis.call('HGET', KEYS[1], 'status') or 'open'
message.is_final = redis.call('HGET', KEYS[1], 'is_final') == '1'
redis.call('PUBLISH', KEYS[3], cjson.encode(message))
return 1
