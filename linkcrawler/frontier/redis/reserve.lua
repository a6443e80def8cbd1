-- Take back what dead workers held, then grant leases on hosts that may be asked now.
-- ARGV: nonce of this call, leases wanted, lease length, page budget, deaths allowed, default delay (ms), 1 for hosts
-- by rank, every how many turns one is drawn by lot.
-- Answers {next host ready in ms (-1: none waits), queued, leased, done, skipped, dead, ready hosts, and for each lease
-- token, item, hits, pages read of the host}, or {-2} if the round is gone.
local nonce, want, length = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local budget, deaths_allowed, delay = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local ranked, explored = ARGV[7] == '1', tonumber(ARGV[8])
if redis.call('HEXISTS', META, 'round') == 0 then return {-2} end

for _, token in ipairs(redis.call('ZRANGEBYSCORE', EXPIRY, '-inf', now, 'LIMIT', 0, 100)) do
  local lease = take_lease(token)
  if lease then
    local host, score, item = lease[1], lease[2], lease[3]
    local attempts, deaths = string.byte(item, 1, 2)
    tally('expired', 1)
    if deaths + 1 >= deaths_allowed then
      bury(host, item, 'lease ran out ' .. (deaths + 1) .. ' times: the worker died or hung')
    else
      queue(host, item_with(item, attempts, deaths + 1), score)
    end
    end_turn(host, pace_of(host, delay), token)
  end
end

local granted, number = {}, 0
local function give(token, host, item)
  local hits, tries = known_of(host)
  number = number + 1
  for _, part in ipairs({token, item, hits, tries}) do granted[#granted + 1] = part end
end

-- A worker that lost the answer asks again with the same nonce and gets the same leases.
local again = redis.call('HGET', LEASES, nonce .. ':1')
while again do
  local lease = cmsgpack.unpack(again)
  give(nonce .. ':' .. (number + 1), lease[1], lease[3])
  again = redis.call('HGET', LEASES, nonce .. ':' .. (number + 1))
end

local counts = redis.call('HMGET', META, 'done', 'leased', 'turns')
if budget > 0 then want = math.min(want, budget - tonumber(counts[1] or 0) - tonumber(counts[2] or 0)) end
if number > 0 then want = 0 end
if want > 0 then
  -- 2^42 ms are longer than the time since 1970: rank first, then how long a host has been ready.
  local base, due = base_rate(), redis.call('ZRANGEBYSCORE', READY, '-inf', now, 'WITHSCORES', 'LIMIT', 0, 500)
  for i = 1, #due, 2 do
    local rank = ranked and rank_of(due[i], base) or 0
    redis.call('ZREM', READY, due[i])
    redis.call('ZADD', OPEN, due[i + 1] - rank * 2 ^ 42, due[i])
  end
end
local turns, looks = tonumber(counts[3] or 0), 8 * want + 64
while number < want and looks > 0 do
  looks = looks - 1
  local by_lot = ranked and (turns + number + 1) % explored == 0
  local host = by_lot and redis.call('ZRANDMEMBER', OPEN) or redis.call('ZRANGE', OPEN, 0, 0)[1]
  if not host then break end
  redis.call('ZREM', OPEN, host)
  redis.call('ZREM', READY, host)
  local until_ms, taken = gate_of(host)
  if until_ms > now then
    -- Another crawl is asking this host: it may end long before its lease does, so look again soon.
    redis.call('ZADD', READY, taken and math.min(until_ms, now + 200) or until_ms, host)
  else
    local head = redis.call('ZPOPMIN', queue_of(host))
    if head[1] then
      local token = nonce .. ':' .. (number + 1)
      redis.call('HSET', LEASES, token, cmsgpack.pack({host, head[2], head[1], now}))
      redis.call('ZADD', EXPIRY, now + length, token)
      close_gate(host, length, token)
      give(token, host, head[1])
    end
  end
end
if want > 0 then
  tally('queued', -number)
  tally('leased', number)
  tally('turns', number)
end

local first = redis.call('ZRANGE', READY, 0, 0, 'WITHSCORES')
local open = redis.call('ZCARD', OPEN)
local ready_in = open > 0 and 0 or first[2] and math.max(0, tonumber(first[2]) - now) or -1
local state = redis.call('HMGET', META, 'queued', 'leased', 'done', 'skipped', 'dead')
local answer = {ready_in}
for i = 1, 5 do answer[i + 1] = tonumber(state[i] or 0) end
answer[7] = open + redis.call('ZCOUNT', READY, '-inf', now)
for i = 1, #granted do answer[i + 7] = granted[i] end
return answer
