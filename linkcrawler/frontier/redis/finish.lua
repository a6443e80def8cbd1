-- Note the end of a round if it has come: nothing leased, and nothing queued or the page budget spent.
-- KEYS[1]: the round's prefix, KEYS[3]: the crawl's prefix. ARGV: round, page budget. Answers the crawl's state.
local head = KEYS[3] .. 'crawl'
local counts = redis.call('HMGET', META, 'queued', 'leased', 'done')
local queued, leased, done = tonumber(counts[1] or 0), tonumber(counts[2] or 0), tonumber(counts[3] or 0)
local budget = tonumber(ARGV[2])
local spent = budget > 0 and done >= budget
local over = leased == 0 and (queued == 0 or spent)
if over and redis.call('HGET', head, 'round') == ARGV[1] and redis.call('HGET', head, 'state') == 'running' then
  redis.call('HSET', head, 'state', queued > 0 and 'budget' or 'finished', 'ended', now)
end
return redis.call('HGET', head, 'state') or ''
