-- Admit the links of a page and, in the same step but after them, acknowledge the page's lease.
-- ARGV: batch (msgpack: host, {digest, priority, item, ...}, host, {...}), most queued URLs of a host, first
-- generation's buckets, URLs per bucket, token ('' for none), how it ended (done, skipped, failed), delay, base and
-- longest back-off, time since the request ended (all ms), whether the page held a hit (1, 0, '' if it was not read).
-- Answers {kept, duplicates, over budget, wait of the host in ms; -1 if the lease was lost, -2 if the round is gone}.
local batch, host_cap = cmsgpack.unpack(ARGV[1]), tonumber(ARGV[2])
local first_buckets, per_bucket = tonumber(ARGV[3]), tonumber(ARGV[4])
local meta = redis.call('HMGET', META, 'generation', 'in_generation', 'sequence', 'round')
if not meta[4] then return {0, 0, 0, -2} end
local generation, in_generation = tonumber(meta[1]), tonumber(meta[2] or 0)
local sequence = tonumber(meta[3] or 0)
local kept, duplicates, over, seen = 0, 0, 0, 0

-- Digests lie in buckets small enough for Redis' intset (8 bytes each). A full generation of buckets is followed by
-- one four times as large; a digest is looked for in all of them and added to the newest.
local function bucket(of, digest)
  local buckets = first_buckets * 4 ^ (of - 1)
  return crawl .. 's' .. of .. ':' .. (tonumber(string.sub(digest, -9)) % buckets)
end
local function is_new(digest)
  for older = 1, generation - 1 do
    if redis.call('SISMEMBER', bucket(older, digest), digest) == 1 then return false end
  end
  return redis.call('SADD', bucket(generation, digest), digest) == 1
end

local function priority_of(score) return -math.floor(tonumber(score) / 2 ^ 40) end

for at = 1, #batch, 2 do
  local host, links = batch[at], batch[at + 1]
  local q = queue_of(host)
  local room = host_cap - redis.call('ZCARD', q)
  local worst
  local added, best = {}, nil
  for i = 1, #links, 3 do
    local priority = links[i + 1]
    if room <= 0 and not worst then
      local last = redis.call('ZRANGE', q, -1, -1, 'WITHSCORES')
      worst = last[2] and priority_of(last[2]) or 0
    end
    if room <= 0 and priority <= worst then
      over = over + 1
    elseif is_new(links[i]) then
      sequence = sequence + 1
      room = room - 1
      best = math.max(best or priority, priority)
      -- Priority first, then arrival: below 2^53 both fit into the score exactly.
      added[#added + 1] = sequence - priority * 2 ^ 40
      added[#added + 1] = links[i + 2]
    else
      duplicates = duplicates + 1
    end
  end
  if #added > 0 then
    for from = 1, #added, 2000 do
      redis.call('ZADD', q, unpack(added, from, math.min(from + 1999, #added)))
    end
    seen = seen + #added / 2
    local surplus = room < 0 and redis.call('ZREMRANGEBYRANK', q, room, -1) or 0
    kept, over = kept + #added / 2 - surplus, over + surplus
    local stands = redis.call('ZSCORE', OPEN, host)
    if not stands then
      redis.call('ZADD', READY, 'NX', math.max(now, (gate_of(host))), host)
    elseif best > 0 then
      -- It was ranked by a URL that may come later than this one.
      redis.call('ZADD', OPEN, 'LT', tonumber(stands) % 2 ^ 42 - rank_of(host, base_rate()) * 2 ^ 42, host)
    end
  end
end
if seen > 0 then
  in_generation = in_generation + seen
  if in_generation >= per_bucket * first_buckets * 4 ^ (generation - 1) then
    generation, in_generation = generation + 1, 0
  end
  redis.call('HSET', META, 'generation', generation, 'in_generation', in_generation, 'sequence', sequence)
  tally('queued', kept)
  tally('seen', seen)
end
tally('refused:duplicate', duplicates)
tally('refused:budget', over)

local token, ended = ARGV[5], ARGV[6]
if token == '' then return {kept, duplicates, over, 0} end
local lease = take_lease(token)
if not lease then
  tally('late', 1)
  return {kept, duplicates, over, -1}
end
tally(ended == 'skipped' and 'skipped' or 'done', 1)
if ARGV[11] ~= '' then
  local hit, hits, tries, dry = tonumber(ARGV[11]), known_of(lease[1])
  redis.call('HSET', HOSTS, lease[1], string.format('%d:%d:%d', hits + hit, tries + 1, hit == 1 and 0 or dry + 1))
  tally('hits', hit)
  tally('tries', 1)
end
-- A host that was not asked need not rest.
local wait = 0
if ended ~= 'skipped' then
  wait = math.max(0, pace_of(lease[1], tonumber(ARGV[7])) - tonumber(ARGV[10]))
  wait = math.max(wait, back_off(lease[1], ended == 'failed', tonumber(ARGV[8]), tonumber(ARGV[9])))
end
end_turn(lease[1], wait, token)
return {kept, duplicates, over, wait}
