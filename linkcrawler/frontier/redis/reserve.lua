-- Take back what dead workers held, then grant leases on hosts that may be asked now.
-- ARGV: nonce of this call, leases wanted, lease length, page budget, deaths allowed, default delay (ms).
-- Answers {next host ready in ms (-1: none waits), queued, leased, done, skipped, dead, ready hosts, token, item, token, item ...},
-- or {-2} if the round is gone.
local nonce, want, length = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local budget, deaths_allowed, delay = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
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

local granted = {}
-- A worker that lost the answer asks again with the same nonce and gets the same leases.
local again = redis.call('HGET', LEASES, nonce .. ':1')
while again do
  granted[#granted + 1] = nonce .. ':' .. (#granted / 2 + 1)
  granted[#granted + 1] = cmsgpack.unpack(again)[3]
  again = redis.call('HGET', LEASES, nonce .. ':' .. (#granted / 2 + 1))
end

local counts = redis.call('HMGET', META, 'done', 'leased')
if budget > 0 then want = math.min(want, budget - tonumber(counts[1] or 0) - tonumber(counts[2] or 0)) end
local looks = #granted > 0 and 0 or 8 * want + 64
while #granted < 2 * want and looks > 0 do
  local hosts = redis.call('ZRANGEBYSCORE', READY, '-inf', now, 'LIMIT', 0, math.min(want - #granted / 2, looks))
  if #hosts == 0 then break end
  looks = looks - #hosts
  for _, host in ipairs(hosts) do
    local until_ms, taken = gate_of(host)
    if until_ms > now then
      -- Another crawl is asking this host: it may end long before its lease does, so look again soon.
      redis.call('ZADD', READY, taken and math.min(until_ms, now + 200) or until_ms, host)
    else
      local head = redis.call('ZPOPMIN', queue_of(host))
      redis.call('ZREM', READY, host)
      if head[1] then
        local token = nonce .. ':' .. (#granted / 2 + 1)
        redis.call('HSET', LEASES, token, cmsgpack.pack({host, head[2], head[1], now}))
        redis.call('ZADD', EXPIRY, now + length, token)
        close_gate(host, length, token)
        tally('queued', -1)
        tally('leased', 1)
        granted[#granted + 1] = token
        granted[#granted + 1] = head[1]
      end
    end
  end
end

local first = redis.call('ZRANGE', READY, 0, 0, 'WITHSCORES')
local ready_in = first[2] and math.max(0, tonumber(first[2]) - now) or -1
local state = redis.call('HMGET', META, 'queued', 'leased', 'done', 'skipped', 'dead')
local answer = {ready_in}
for i = 1, 5 do answer[i + 1] = tonumber(state[i] or 0) end
answer[7] = redis.call('ZCOUNT', READY, '-inf', now)
for i = 1, #granted do answer[i + 7] = granted[i] end
return answer
