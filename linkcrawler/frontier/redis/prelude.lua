-- Every script begins with this text. KEYS[1]: prefix of the crawl's round, KEYS[2]: prefix of the cluster.
-- Times are milliseconds on Redis' own clock; no worker's clock is ever asked.
local crawl, cluster = KEYS[1], KEYS[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local META, LEASES, EXPIRY, DEAD = crawl .. 'meta', crawl .. 'leases', crawl .. 'expiry', crawl .. 'dead'
local READY, OPEN, HOSTS = crawl .. 'ready', crawl .. 'open', crawl .. 'hosts'

-- An item is two bytes (fetches begun, worker deaths) and the payload, which no script reads.
local function item_with(item, attempts, deaths)
  return string.char(math.min(attempts, 255), math.min(deaths, 255)) .. string.sub(item, 3)
end

local function tally(field, number)
  if number ~= 0 then redis.call('HINCRBY', META, field, number) end
end

local function queue_of(host) return crawl .. 'q:' .. host end

-- When the host may be asked (0: now), and whether someone is asking it at present.
local function gate_of(host)
  local gate = redis.call('GET', cluster .. 'gate:' .. host)
  if not gate then return 0, false end
  local until_ms, token = string.match(gate, '^(%d+):(.*)$')
  return tonumber(until_ms), token ~= ''
end

local function close_gate(host, wait, token)
  redis.call('SET', cluster .. 'gate:' .. host, string.format('%.0f', now + wait) .. ':' .. token, 'PX', wait)
end

-- The shortest time between the end of a request to the host and the start of the next.
local function pace_of(host, default)
  return math.max(default, tonumber(redis.call('GET', cluster .. 'pace:' .. host) or 0))
end

-- Let a host with queued URLs take part, unless it does.
local function line_up(host)
  if not redis.call('ZSCORE', OPEN, host) then
    redis.call('ZADD', READY, 'NX', math.max(now, (gate_of(host))), host)
  end
end

-- Pages of a host that held a hit, that were read, and how many in a row held none.
local function known_of(host)
  local known = redis.call('HGET', HOSTS, host)
  if not known then return 0, 0, 0 end
  local hits, tries, dry = string.match(known, '^(%d+):(%d+):(%d+)$')
  return tonumber(hits), tonumber(tries), tonumber(dry)
end

local function base_rate()
  local all = redis.call('HMGET', META, 'hits', 'tries')
  return math.min(0.02, (tonumber(all[1] or 0) + 1) / (tonumber(all[2] or 0) + 200))
end

-- Order among the hosts that may be asked now: linkcrawler/focus/levels.py explains it, and has the same numbers.
local function rank_of(host, base)
  local first = redis.call('ZRANGE', queue_of(host), 0, 0, 'WITHSCORES')
  local priority = first[2] and -math.floor(tonumber(first[2]) / 2 ^ 40) or 0
  local hits, tries, dry = known_of(host)
  local level = 2 * math.log((hits + 3 * base) / ((tries + 3) * base)) / math.log(2)
  local rank = priority + math.max(-8, math.min(12, math.floor(level + 0.5)))
  if dry >= 50 then rank = rank - 64 end
  return rank
end

local function queue(host, item, score)
  redis.call('ZADD', queue_of(host), score, item)
  tally('queued', 1)
end

local function bury(host, item, reason)
  redis.call('LPUSH', DEAD, cmsgpack.pack({host, item, reason, now}))
  tally('dead', 1)
end

-- The lease's record {host, score, item}, from now on nobody's; nil if it ran out or was never granted.
local function take_lease(token)
  local record = redis.call('HGET', LEASES, token)
  if not record then return nil end
  redis.call('HDEL', LEASES, token)
  redis.call('ZREM', EXPIRY, token)
  tally('leased', -1)
  return cmsgpack.unpack(record)
end

-- The host rests for `wait`, plus one: the clock is cut to milliseconds, and early is worse than late.
local function end_turn(host, wait, token)
  local gate = redis.call('GET', cluster .. 'gate:' .. host)
  local taken_by = gate and string.match(gate, '^%d+:(.+)$')
  if taken_by and taken_by ~= token then tally('violations', 1) end
  close_gate(host, wait + 1, '')
  if redis.call('EXISTS', queue_of(host)) == 1 then redis.call('ZADD', READY, now + wait + 1, host) end
end

-- Count a failure of the host (or its recovery), and say how long it has to rest beyond its pace.
local function back_off(host, failed, base, longest)
  local key = cluster .. 'fails:' .. host
  if not failed then
    redis.call('DEL', key)
    return 0
  end
  local fails = redis.call('INCR', key)
  local wait = math.min(longest, base * 2 ^ math.min(fails - 1, 20))
  redis.call('PEXPIRE', key, 2 * longest + wait)
  return wait
end
