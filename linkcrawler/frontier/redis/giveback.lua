-- Return a leased URL to its host's queue.
-- ARGV: token, reason ('' if it was not tried: its place in the queue and its attempts stay), attempts allowed,
-- 1 if the host is at fault, wait asked for, default delay, base and longest back-off, time since the request ended
-- (all ms).
-- Answers {1 queued, 0 given up, -1 lease lost; wait of the host in ms}.
local token, reason, allowed = ARGV[1], ARGV[2], tonumber(ARGV[3])
local lease = take_lease(token)
if not lease then
  if reason ~= '' then tally('late', 1) end
  return {-1, 0}
end
local host, score, item = lease[1], lease[2], lease[3]
local wait, kept = tonumber(ARGV[5]), 1
if reason == '' then
  queue(host, item, score)
else
  local attempts, deaths = string.byte(item, 1, 2)
  wait = math.max(wait, pace_of(host, tonumber(ARGV[6])) - tonumber(ARGV[9]), 0)
  if ARGV[4] == '1' then wait = math.max(wait, back_off(host, true, tonumber(ARGV[7]), tonumber(ARGV[8]))) end
  if attempts >= allowed then
    kept = 0
    bury(host, item, reason)
  else
    local sequence = redis.call('HINCRBY', META, 'sequence', 1)
    local arrival = math.floor(tonumber(score) / 2 ^ 40) * 2 ^ 40 + sequence
    queue(host, item_with(item, attempts + 1, deaths), arrival)
  end
end
end_turn(host, wait, token)
return {kept, wait}
