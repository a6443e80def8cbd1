-- Go on with an unfinished round of the crawl, or begin a new one. KEYS[1] is the crawl's prefix without a round.
-- ARGV: restart (0, 1), age of the calling process in ms, page budget, text that describes the crawl, crawl key.
-- Answers {round, 1 if it goes on, 1 if this call began it}.
local restart, age, budget = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3])
local head = crawl .. 'crawl'
local known = redis.call('HMGET', head, 'round', 'state', 'began', 'ended')
local round, state, began, ended = tonumber(known[1] or 0), known[2], tonumber(known[3] or 0), tonumber(known[4] or 0)

-- What began or ended while the calling process was already running is that process's own round: of several
-- workers that start together, the first begins it and the others join, even if it has come to its end by then.
local mine = (began > now - age) or (state ~= 'running' and ended > now - age)
local goes_on = false
if state == 'running' then
  goes_on = not restart
elseif state == 'budget' then
  local done = tonumber(redis.call('HGET', crawl .. round .. ':meta', 'done') or 0)
  goes_on = not restart and (budget == 0 or done < budget)
end
redis.call('SADD', cluster .. 'crawls', ARGV[5])
if state and (goes_on or mine) then
  if goes_on then redis.call('HSET', head, 'state', 'running') end
  return {round, 1, 0}
end
round = round + 1
redis.call('HSET', head, 'round', round, 'state', 'running', 'began', now, 'about', ARGV[4])
redis.call('HSET', crawl .. round .. ':meta', 'round', round, 'generation', 1)
return {round, 0, 1}
